package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.Detail
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.spoken
import org.countersign.ui.parts.timeOfDay
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

/** That more sign-ins are asked of an account than one person begins, and how to hear nothing of them for a while. */
@Composable
internal fun FloodCard(flooded: Flooded, onEvent: (AppEvent) -> Unit, modifier: Modifier = Modifier) {
    val name = inOneLine(flooded.issuer, flooded.name)
    val count = words("flood.count", "count" to flooded.requests, "minutes" to flooded.minutes, "account" to name)
    Column(modifier) {
        if (flooded.quietUntil == null) {
            Refusal(count, words("flood.next"))
            QuietButton(words("flood.be_quiet"), { onEvent(FloodEvent.BeQuiet(flooded.account)) })
        } else {
            Card {
                Column(Modifier.padding(16.dp).spoken(), Arrangement.spacedBy(4.dp)) {
                    val time = LocalWords.current.timeOfDay(flooded.quietUntil)
                    Text(
                        words("flood.quiet", "time" to time, "account" to name),
                        style = MaterialTheme.typography.titleSmall,
                    )
                    Detail(count)
                    Detail(words("flood.quiet.detail"))
                }
            }
            QuietButton(words("flood.quiet.end"), { onEvent(FloodEvent.EndQuiet(flooded.account)) })
        }
    }
}
