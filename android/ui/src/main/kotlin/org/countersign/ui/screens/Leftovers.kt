package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.PageWidth
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

/** How it ended what was interrupted. It stays until it is read: nobody waited for it. */
@Composable
internal fun Leftovers(leftovers: List<Leftover>, onEvent: (AppEvent) -> Unit) {
    if (leftovers.isEmpty()) return
    Column(
        Modifier.widthIn(max = PageWidth).fillMaxWidth().padding(horizontal = 16.dp, vertical = 8.dp),
        // At the end the button to add may lie over it.
        Arrangement.spacedBy(8.dp), Alignment.Start,
    ) {
        for (leftover in leftovers) Told(leftover)
        QuietButton(words("common.close"), { onEvent(AccountsEvent.LeftoversRead) })
    }
}

@Composable
private fun Told(leftover: Leftover) {
    val words = LocalWords.current
    when (leftover) {
        is Leftover.SetUp ->
            Done(words("leftover.set_up", "name" to words.listed(listOf(leftover.issuer, leftover.name))))
        Leftover.Answered -> Done(words("leftover.answered"))
        Leftover.KeyRenewed -> Done(words("leftover.key_renewed"))
        Leftover.LockedOut -> Done(words("leftover.locked_out"))
        is Leftover.Stopped ->
            Refusal(words("leftover.stopped", "what" to words.what(leftover.reason)), words.next(leftover.reason))
    }
}

@Composable
private fun Done(text: String) = Hint(text, Modifier.spoken(), Icons.CheckCircle)
