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
    fun told(key: String, vararg values: Pair<String, String>) =
        listOfNotNull(leftover.account, words(key, *values)).joinToString(": ")
    when (val end = leftover.end) {
        is Leftover.End.SetUp ->
            Done(told("leftover.set_up", "name" to words.listed(listOf(end.issuer, end.name))))
        Leftover.End.Answered -> Done(told("leftover.answered"))
        is Leftover.End.AnswerStopped ->
            Refusal(told("leftover.answer_stopped", "what" to words.what(end.reason)), words.next(end.reason))
        Leftover.End.KeyRenewed -> Done(told("leftover.key_renewed"))
        Leftover.End.LockedOut -> Done(told("leftover.locked_out"))
        is Leftover.End.Stopped ->
            Refusal(told("leftover.stopped", "what" to words.what(end.reason)), words.next(end.reason))
    }
}

@Composable
private fun Done(text: String) = Hint(text, Modifier.spoken(), Icons.CheckCircle)
