package org.countersign.ui.screens

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.DropdownMenu
import androidx.compose.material3.DropdownMenuItem
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextField
import androidx.compose.material3.TextFieldDefaults
import androidx.compose.material3.TopAppBar
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import org.countersign.ui.parts.Asking
import org.countersign.ui.parts.BarOf
import org.countersign.ui.parts.BarWord
import org.countersign.ui.parts.IconTap
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.LineField
import org.countersign.ui.words.words
import org.countersign.ui.words.LocalWords

@OptIn(ExperimentalMaterial3Api::class)
@Composable
internal fun AccountsBar(state: AccountsState, onEvent: (AppEvent) -> Unit) {
    TopAppBar(
        title = { BarWord(words("app.name")) },
        actions = {
            if (state.any) IconTap(Icons.Search, words("accounts.search"), { onEvent(AccountsEvent.OpenSearch) })
            IconTap(Icons.Lock, words("accounts.lock"), { onEvent(AccountsEvent.Lock) })
            Menu(state, onEvent)
        },
    )
}

@Composable
private fun Menu(state: AccountsState, onEvent: (AppEvent) -> Unit) {
    var open by remember { mutableStateOf(false) }
    val choose = { event: AccountsEvent ->
        open = false
        onEvent(event)
    }
    IconTap(Icons.More, words("common.more"), { open = true })
    DropdownMenu(open, { open = false }) {
        if (state.canLook) {
            Item(Icons.Refresh, words("accounts.look")) { choose(AccountsEvent.LookNow) }
            Item(Icons.Clock, words("accounts.expect")) { choose(AccountsEvent.ExpectSignIn) }
        }
        if (state.trashed > 0) {
            Item(Icons.Trash, words("accounts.trash", "count" to state.trashed)) { choose(AccountsEvent.OpenTrash) }
        }
        Item(Icons.Import, words("import.title")) { choose(AccountsEvent.OpenImport) }
        if (state.any) Item(Icons.Export, words("export.title")) { choose(AccountsEvent.OpenExport) }
        Item(Icons.Shield, words("backup.title")) { choose(AccountsEvent.OpenBackup) }
        Item(Icons.Settings, words("settings.title")) { choose(AccountsEvent.OpenSettings) }
    }
}

@Composable
private fun Item(icon: ImageVector, text: String, onTap: () -> Unit) {
    DropdownMenuItem({ Text(text) }, onTap, leadingIcon = { Icon(icon, contentDescription = null) })
}

@OptIn(ExperimentalMaterial3Api::class)
@Composable
internal fun SearchBar(query: String, onEvent: (AppEvent) -> Unit) {
    val focus = remember { FocusRequester() }
    // The field does not wait for the list: what is typed quickly would be lost.
    var typed by remember { mutableStateOf(query) }
    LaunchedEffect(Unit) { focus.requestFocus() }
    TopAppBar(
        title = {
            TextField(
                typed,
                {
                    typed = it
                    onEvent(AccountsEvent.Search(it))
                },
                Modifier.fillMaxWidth().focusRequester(focus),
                placeholder = { Text(words("accounts.search")) },
                singleLine = true,
                textStyle = MaterialTheme.typography.bodyLarge,
                colors = TextFieldDefaults.colors(
                    focusedContainerColor = Color.Transparent, unfocusedContainerColor = Color.Transparent,
                    focusedIndicatorColor = Color.Transparent, unfocusedIndicatorColor = Color.Transparent,
                ),
            )
        },
        navigationIcon = {
            IconTap(Icons.Back, words("accounts.search.close"), { onEvent(AccountsEvent.CloseSearch) })
        },
    )
}

@Composable
internal fun SelectionBar(state: AccountsState, onEvent: (AppEvent) -> Unit) {
    var tagging by remember { mutableStateOf(false) }
    BarOf(
        LocalWords.current.counted("accounts.selected", state.selected.size),
        start = { IconTap(Icons.Close, words("accounts.select_none"), { onEvent(AccountsEvent.SelectNone) }) },
    ) {
        IconTap(Icons.Star, words("accounts.favourite"), { onEvent(AccountsEvent.FavouriteSelected) })
        IconTap(Icons.Tag, words("accounts.tag"), { tagging = true })
        IconTap(Icons.Trash, words("accounts.remove"), { onEvent(AccountsEvent.TrashSelected) })
    }
    if (tagging) {
        TagDialog(onNo = { tagging = false }) {
            tagging = false
            onEvent(AccountsEvent.TagSelected(it))
        }
    }
}

@Composable
private fun TagDialog(onNo: () -> Unit, onTag: (String) -> Unit) {
    var tag by remember { mutableStateOf("") }
    Asking(words("accounts.tag"), words("common.save"), { if (tag.isNotBlank()) onTag(tag.trim()) }, onNo) {
        LineField(tag, { tag = it }, words("accounts.tag.name"))
    }
}
