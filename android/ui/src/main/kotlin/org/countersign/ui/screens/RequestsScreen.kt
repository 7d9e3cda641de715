package org.countersign.ui.screens

import androidx.compose.runtime.Composable
import androidx.compose.runtime.key
import androidx.compose.ui.Modifier
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.words

@Composable
internal fun RequestsScreen(state: RequestsState, onEvent: (AppEvent) -> Unit) {
    val open = state.open
    when {
        open == null -> Waiting(state, onEvent)
        open.phase is RequestPhase.Ended -> EndedPage(open.signIn, open.phase, state, onEvent)
        // What was typed for one sign-in is gone when the next is opened, or when this one wants something else.
        else -> key(open.signIn.key, open.signIn.wants) { AskingPage(open, state, onEvent) }
    }
}

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
        Floods(state, onEvent)
        if (state.look is Look.Failed) Refusal(state.look.reason)
        if (state.waiting.isEmpty()) Nothing(state.look)
        if (state.samePhone) Hint(words("requests.same_phone"), icon = Icons.Device)
        if (state.waiting.size > 1) Body(words("requests.several"))
        if (state.waiting.isNotEmpty()) {
            WaitingRows(state.waiting, onOpen = { onEvent(RequestEvent.Open(it)) })
        }
    }
}

/** The accounts that too many sign-ins are asked of, and why the last thing was not done. */
@Composable
internal fun Floods(state: RequestsState, onEvent: (AppEvent) -> Unit) {
    for (flooded in state.floods) FloodCard(flooded, onEvent)
    if (state.refusal != null) Refusal(state.refusal)
}

/** Whether there is none is known only after a look. */
@Composable
private fun Nothing(look: Look) = when {
    look.goesOn -> Body(words("look.now"), Modifier.spoken())
    look is Look.Failed -> Unit
    else -> Body(words("requests.none"), Modifier.spoken())
}
