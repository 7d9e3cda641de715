package org.countersign.ui.screens

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.FloatingActionButton
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Scaffold
import androidx.compose.material3.pulltorefresh.PullToRefreshBox
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Message
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

@Composable
internal fun AccountsScreen(state: AccountsState, onEvent: (AppEvent) -> Unit) {
    Scaffold(
        topBar = {
            when {
                state.selected.isNotEmpty() -> SelectionBar(state, onEvent)
                state.query != null -> SearchBar(state.query, onEvent)
                else -> AccountsBar(state, onEvent)
            }
        },
        floatingActionButton = { if (state.any && state.selected.isEmpty()) AddButton(onEvent) },
        snackbarHost = { if (state.message != null) Said(state.message, onEvent) },
    ) { inner ->
        Box(Modifier.fillMaxSize().padding(inner)) {
            when {
                !state.any -> NoAccounts(state, onEvent)
                state.canLook -> Pulled(state.look, onEvent) { AccountList(state, onEvent) }
                else -> AccountList(state, onEvent)
            }
        }
    }
}

@OptIn(ExperimentalMaterial3Api::class)
@Composable
private fun Pulled(look: Look, onEvent: (AppEvent) -> Unit, content: @Composable () -> Unit) {
    PullToRefreshBox(look == Look.Now, { onEvent(AccountsEvent.LookNow) }) { content() }
}

@Composable
private fun AddButton(onEvent: (AppEvent) -> Unit) {
    val colours = MaterialTheme.colorScheme
    FloatingActionButton(
        { onEvent(AccountsEvent.Add) }, containerColor = colours.primary, contentColor = colours.onPrimary,
    ) { Icon(Icons.Add, words("accounts.add")) }
}

@Composable
private fun Said(message: AccountsMessage, onEvent: (AppEvent) -> Unit) {
    val words = LocalWords.current
    val gone = { onEvent(AccountsEvent.MessageGone) }
    when (message) {
        is AccountsMessage.Copied -> Message(message, words.counted("accounts.copied", message.clearedAfter), gone)
        is AccountsMessage.Trashed -> Message(
            message, words.counted("accounts.trashed", message.ids.size), gone,
            words("common.undo"), { onEvent(AccountsEvent.UndoTrash) },
        )
        is AccountsMessage.Refused ->
            Message(message, "${words.what(message.reason)} ${words.next(message.reason)}", gone)
    }
}
