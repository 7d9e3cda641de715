package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.LocalNow
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.secondsTo
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

@Composable
internal fun RequestsScreen(state: RequestsState, onEvent: (AppEvent) -> Unit) {
    val open = state.open
    when {
        open == null -> Waiting(state, onEvent)
        open.phase is RequestPhase.Ended ->
            EndedPage(open.signIn, open.phase, state.floods, others(state, open), onEvent)
        // What was typed for one sign-in is gone when the next is opened.
        else -> key(open.signIn.key) { AskingPage(open, state.samePhone, others(state, open), onEvent) }
    }
}

private fun others(state: RequestsState, open: OpenRequest): Int = state.waiting.count { it.key != open.signIn.key }

/** All that wait, the newest first. */
@Composable
private fun Waiting(state: RequestsState, onEvent: (AppEvent) -> Unit) {
    val back = { onEvent(AppEvent.Back) }
    Page(
        words("requests.title"), back,
        foot = {
            OtherButton(words("requests.look"), { onEvent(RequestEvent.LookAgain) }, enabled = !state.look.goesOn)
        },
    ) {
        for (flooded in state.floods) FloodCard(flooded, onEvent)
        if (state.look is Look.Failed) Refusal(state.look.reason)
        if (state.waiting.isEmpty()) Nothing(state.look)
        if (state.samePhone) Hint(words("requests.same_phone"), icon = Icons.Device)
        if (state.waiting.size > 1) Body(words("requests.several"))
        if (state.waiting.isNotEmpty()) {
            Card {
                Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(0.dp)) {
                    state.waiting.forEachIndexed { at, signIn ->
                        if (at > 0) Line()
                        WaitingRow(signIn, onEvent)
                    }
                }
            }
        }
    }
}

/** Whether there is none is known only after a look. */
@Composable
private fun Nothing(look: Look) = when {
    look.goesOn -> Body(words("look.now"), Modifier.spoken())
    look is Look.Failed -> Unit
    else -> Body(words("requests.none"), Modifier.spoken())
}

@Composable
private fun WaitingRow(signIn: SignIn, onEvent: (AppEvent) -> Unit) {
    val now = LocalNow.current
    val left by remember(now, signIn) { derivedStateOf { now.secondsTo(signIn.expiresAt) } }
    val detail = listOfNotNull(
        signIn.account, signIn.place, LocalWords.current.counted("seconds.left", left),
    ).filter(String::isNotBlank).joinToString("\n")
    LinkRow(signIn.application, detail, Icons.Bell, onTap = { onEvent(RequestEvent.Open(signIn.key)) })
}
