package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Scaffold
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Asking
import org.countersign.ui.parts.Bar
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Detail
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.PageWidth
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.dayAndTime
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

@Composable
internal fun HistoryScreen(state: HistoryState, onEvent: (AppEvent) -> Unit) {
    // All are forgotten at once: there is no button for it where only those of one account are seen.
    val clears = state.of == null && state.rows.isNotEmpty()
    val bar = @Composable {
        Bar(words("history.title"), { onEvent(AppEvent.Back) }) {
            if (clears) QuietButton(words("history.clear"), { onEvent(HistoryEvent.Clear) }, danger = true)
        }
    }
    Scaffold(topBar = bar) { inner ->
        LazyColumn(Modifier.fillMaxSize().padding(inner), horizontalAlignment = Alignment.CenterHorizontally) {
            item {
                Column(Modifier.widthIn(max = PageWidth).padding(20.dp), Arrangement.spacedBy(16.dp)) {
                    Body(about(state), Modifier.fillMaxWidth())
                    if (state.rows.isNotEmpty()) {
                        OtherButton(words("history.save"), { onEvent(HistoryEvent.Save) })
                        Detail(words("history.save.detail"))
                    }
                    if (state.refusal != null) Refusal(state.refusal)
                }
            }
            items(state.rows, PastSignIn::key) { PastRow(it) }
        }
    }
    if (state.clearing) {
        Asking(
            words("history.clear.title"), words("history.clear.do"),
            onYes = { onEvent(HistoryEvent.ClearConfirmed) },
            onNo = { onEvent(HistoryEvent.ClearCancelled) },
            danger = true,
        ) { Text(words("history.clear.body")) }
    }
}

@Composable
private fun about(state: HistoryState): String = when {
    state.rows.isEmpty() -> words("history.empty")
    state.of == null -> words("history.body")
    else -> words("history.of", "account" to state.of)
}

/** One sign-in, read out as a whole: what, what became of it, which account, from where, when. */
@Composable
private fun PastRow(row: PastSignIn) {
    val colours = MaterialTheme.colorScheme
    val words = LocalWords.current
    val looks = looksOf(row.end)
    val ink = if (looks.bad) colours.error else colours.primary
    Column(Modifier.widthIn(max = PageWidth).fillMaxWidth()) {
        Row(
            Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}.padding(horizontal = 20.dp, vertical = 12.dp),
            Arrangement.spacedBy(16.dp),
        ) {
            Icon(looks.icon, contentDescription = null, Modifier.size(24.dp), ink)
            Column(Modifier.weight(1f), Arrangement.spacedBy(2.dp)) {
                words.titleOf(row)?.let { Text(it, style = MaterialTheme.typography.titleMedium) }
                Text(words(row.end.key), color = ink, style = MaterialTheme.typography.bodyMedium)
                if (row.reason != null) Detail(words.what(row.reason))
                if (row.saidNotMe) Detail(words("history.said_not_me"))
                if (row.account.isNotBlank()) Detail(row.account)
                Detail(inOneLine(row.place.orEmpty(), words.dayAndTime(row.seenAt)))
            }
        }
        Line()
    }
}

/** [bad]: somebody may have the password, or nobody knows what became of it. */
private class PastLooks(val icon: ImageVector, val bad: Boolean = false)

private fun looksOf(end: PastEnd): PastLooks = when (end) {
    PastEnd.Waiting -> PastLooks(Icons.Bell)
    PastEnd.Unanswered -> PastLooks(Icons.Clock)
    PastEnd.Approved -> PastLooks(Icons.CheckCircle)
    PastEnd.Declined -> PastLooks(Icons.Close)
    PastEnd.NotMe -> PastLooks(Icons.Shield, bad = true)
    PastEnd.Cancelled -> PastLooks(Icons.Close)
    PastEnd.Expired -> PastLooks(Icons.Clock)
    PastEnd.AnsweredElsewhere -> PastLooks(Icons.Device)
    PastEnd.WrongAnswer, PastEnd.AnswerRefused, PastEnd.AccountBlocked -> PastLooks(Icons.Close, bad = true)
    PastEnd.Unknown -> PastLooks(Icons.Warning, bad = true)
    PastEnd.LockedOut -> PastLooks(Icons.Lock, bad = true)
}
