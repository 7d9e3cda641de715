package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.Headline
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.oneByOne
import org.countersign.ui.parts.spoken
import org.countersign.ui.theme.number
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

/** What became of a sign-in, and what to do now. */
@Composable
internal fun EndedPage(
    signIn: SignIn,
    ended: RequestPhase.Ended,
    state: RequestsState,
    onEvent: (AppEvent) -> Unit,
) {
    val others = state.others
    // How locking the account ends is told here: until then nobody leaves.
    val isFree = ended.lockOut != LockOut.Working
    Page(
        title = null,
        foot = {
            if (ended.end == RequestEnd.NotSent) {
                MainButton(words("common.try_again"), { onEvent(RequestEvent.TryAgain) }, isFree)
            }
            val close = { onEvent(RequestEvent.Close) }
            when {
                others.isNotEmpty() -> MainButton(LocalWords.current.counted("request.next", others.size), close, isFree)
                ended.end == RequestEnd.NotSent -> OtherButton(words("common.close"), close, isFree)
                else -> MainButton(words("common.done"), close, isFree)
            }
        },
    ) {
        val looks = looksOf(ended.end, signIn)
        Icon(
            looks.icon, contentDescription = null, Modifier.padding(top = 32.dp).size(56.dp),
            if (looks.good) MaterialTheme.colorScheme.primary else MaterialTheme.colorScheme.error,
        )
        Headline(words(looks.title), Modifier.spoken())
        if (looks.body != null && ended.reason == null) Body(words(looks.body))
        if (ended.reason != null) Refusal(ended.reason)
        if (ended.beforeBlock != null) {
            Text(
                LocalWords.current.counted("request.before_block", ended.beforeBlock),
                color = MaterialTheme.colorScheme.error, style = MaterialTheme.typography.bodyLarge,
            )
        }
        if (ended.displayCode != null) DisplayCode(ended.displayCode)
        if (ended.notMe) Advice()
        if (ended.lockOut != null) LockOutCard(ended.lockOut, onEvent)
        if (ended.notMe) Floods(state, onEvent)
        val onOpen = { key: String -> onEvent(RequestEvent.Open(key)) }
        OtherRequests(others, onOpen = onOpen.takeIf { isFree })
    }
}

private class Looks(val icon: ImageVector, val good: Boolean, val title: String, val body: String?)

private fun looksOf(end: RequestEnd, signIn: SignIn): Looks = when (end) {
    RequestEnd.Approved -> Looks(Icons.CheckCircle, good = true, "request.approved", "request.approved.body")
    RequestEnd.NotMe -> Looks(
        Icons.Shield, good = true, "request.declined",
        if (signIn.takesReason) "request.not_me.body" else "request.not_me.untold",
    )
    RequestEnd.Declined -> Looks(Icons.Shield, good = true, "request.declined", "request.declined.body")
    RequestEnd.Expired -> Looks(Icons.Clock, good = false, "request.expired", "request.expired.body")
    RequestEnd.AnsweredElsewhere -> Looks(Icons.Device, good = false, "request.elsewhere", "request.elsewhere.body")
    RequestEnd.WrongAnswer -> Looks(Icons.Close, good = false, "request.wrong", "request.wrong.body")
    RequestEnd.Unknown -> Looks(Icons.Warning, good = false, "request.unknown", "request.unknown.body")
    RequestEnd.NotSent -> Looks(Icons.Warning, good = false, "request.not_sent", null)
}

/** Some servers want a code typed at the other screen after the approval. */
@Composable
private fun DisplayCode(code: Hidden) {
    Body(words("request.type_there"))
    val spoken = oneByOne(code.text)
    Text(code.text, Modifier.semantics { contentDescription = spoken }, style = MaterialTheme.typography.number)
}

/** What to do now: somebody else has the password. */
@Composable
private fun Advice() {
    Card {
        Column(Modifier.padding(16.dp), Arrangement.spacedBy(12.dp)) {
            Text(words("advice.title"), style = MaterialTheme.typography.titleMedium)
            Advised(1, words("advice.password"))
            Advised(2, words("advice.help_desk"))
            Advised(3, words("advice.again"))
        }
    }
}

@Composable
private fun Advised(number: Int, text: String) {
    Row(Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}, Arrangement.spacedBy(12.dp), Alignment.Top) {
        Text("$number", color = MaterialTheme.colorScheme.primary, style = MaterialTheme.typography.titleMedium)
        Text(text, Modifier.weight(1f), style = MaterialTheme.typography.bodyMedium)
    }
}
