package org.countersign.ui.screens

import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.FilterChip
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.snapshotFlow
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.graphicsLayer
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import androidx.compose.ui.zIndex
import kotlinx.coroutines.flow.distinctUntilChanged
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Headline
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.PageWidth
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.words

private enum class ListPart { Head, Account }

@Composable
internal fun AccountList(state: AccountsState, onEvent: (AppEvent) -> Unit) {
    val list = rememberLazyListState()
    val reordering = remember(list) { Reordering(list) }
    TellVisible(list, onEvent)
    val rows = reordering.order ?: state.rows
    // Where a search or a tag leaves rows out, "before that one" would not be what is seen.
    val movable = state.query.isNullOrBlank() && state.tag == null
    LazyColumn(
        Modifier.fillMaxSize(), list,
        // The last row can be scrolled clear of the add button.
        PaddingValues(bottom = 96.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        item("waiting", ListPart.Head) { WaitingCard(state.waiting, onEvent) }
        item("look", ListPart.Head) { LookLine(state.look, onEvent) }
        items(state.floods, { "flood ${it.account}" }, { ListPart.Head }) {
            FloodCard(it, onEvent, Modifier.widthIn(max = PageWidth).padding(horizontal = 16.dp, vertical = 8.dp))
        }
        item("backup", ListPart.Head) { BackupCard(state.backup, onEvent) }
        item("leftovers", ListPart.Head) { Leftovers(state.leftovers, onEvent) }
        item("tags", ListPart.Head) { TagChips(state, onEvent) }
        itemsIndexed(rows, { _, row -> row.id }, { _, _ -> ListPart.Account }) { at, row ->
            val dragged = reordering.dragged == row.id
            val moves = if (movable) Moves(row, rows, at, onEvent) else null
            val place = Modifier.widthIn(max = PageWidth).zIndex(if (dragged) 1f else 0f)
                .graphicsLayer { translationY = if (dragged) reordering.offset else 0f }
            AccountRowView(
                row, state, moves, onEvent, if (dragged) place else place.animateItem(),
                handle = Modifier.dragHandle(reordering, row, state.rows, onEvent).takeIf { movable },
            )
        }
        if (rows.isEmpty()) item("nothing", ListPart.Head) { NothingFound(state) }
    }
}

/** Codes are made for these only. */
@Composable
private fun TellVisible(list: LazyListState, onEvent: (AppEvent) -> Unit) {
    val tell by rememberUpdatedState(onEvent)
    LaunchedEffect(list) {
        snapshotFlow {
            list.layoutInfo.visibleItemsInfo.filter { it.contentType == ListPart.Account }.map { it.key as String }
        }.distinctUntilChanged().collect { tell(AccountsEvent.Visible(it)) }
    }
}

@Composable
private fun TagChips(state: AccountsState, onEvent: (AppEvent) -> Unit) {
    if (state.tags.isEmpty()) return
    Row(
        Modifier.fillMaxWidth().horizontalScroll(rememberScrollState()).padding(horizontal = 16.dp),
        Arrangement.spacedBy(8.dp),
    ) {
        for (tag in state.tags) {
            val chosen = state.tag == tag
            FilterChip(chosen, { onEvent(AccountsEvent.ChooseTag(tag.takeUnless { chosen })) }, { Text(tag) })
        }
    }
}

@Composable
private fun NothingFound(state: AccountsState) {
    val text = if (state.query.isNullOrBlank()) words("accounts.none_of_tag") else words("accounts.nothing_found")
    Body(text, Modifier.padding(32.dp).spoken())
}

/** How to begin. */
@Composable
internal fun NoAccounts(state: AccountsState, onEvent: (AppEvent) -> Unit) {
    Column(
        Modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(28.dp),
        Arrangement.spacedBy(16.dp, Alignment.CenterVertically), Alignment.CenterHorizontally,
    ) {
        Leftovers(state.leftovers, onEvent)
        Icon(Icons.Qr, contentDescription = null, Modifier.size(72.dp), MaterialTheme.colorScheme.primary)
        Headline(words("accounts.empty.title"))
        Text(
            words("accounts.empty.body"), Modifier.widthIn(max = PageWidth),
            MaterialTheme.colorScheme.onSurfaceVariant, textAlign = TextAlign.Center,
            style = MaterialTheme.typography.bodyLarge,
        )
        Box(Modifier.widthIn(max = 360.dp).padding(top = 8.dp)) {
            MainButton(words("accounts.add"), { onEvent(AccountsEvent.Add) })
        }
        QuietButton(words("first_run.ready.import"), { onEvent(AccountsEvent.OpenImport) })
        QuietButton(words("first_run.ready.restore"), { onEvent(AccountsEvent.OpenRestore) })
        if (state.trashed > 0) Body(words("accounts.empty.trash"))
    }
}
