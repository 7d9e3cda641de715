package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Scaffold
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Asking
import org.countersign.ui.parts.Bar
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.IconTap
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.PageWidth
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.day
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.words

@Composable
internal fun TrashScreen(state: TrashState, onEvent: (AppEvent) -> Unit) {
    Scaffold(topBar = { Bar(words("trash.title"), { onEvent(AppEvent.Back) }) }) { inner ->
        LazyColumn(Modifier.fillMaxSize().padding(inner), horizontalAlignment = Alignment.CenterHorizontally) {
            item {
                val text = words(if (state.rows.isEmpty()) "trash.empty" else "trash.body")
                Body(text, Modifier.widthIn(max = PageWidth).fillMaxWidth().padding(20.dp))
                if (state.refusal != null) Refusal(state.refusal, Modifier.padding(horizontal = 20.dp))
            }
            items(state.rows, TrashRow::id) { TrashRowView(it, onEvent) }
        }
    }
    if (state.purging != null) {
        Asking(
            words("trash.purge.title"), words("trash.purge.do"),
            onYes = { onEvent(TrashEvent.PurgeConfirmed) },
            onNo = { onEvent(TrashEvent.PurgeCancelled) },
            danger = true,
        ) { Text(words("trash.purge.body", "account" to state.purging.shownName)) }
    }
}

@Composable
private fun TrashRowView(row: TrashRow, onEvent: (AppEvent) -> Unit) {
    val colours = MaterialTheme.colorScheme
    Row(
        Modifier.widthIn(max = PageWidth).fillMaxWidth().heightIn(min = 72.dp).padding(start = 20.dp, end = 8.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f).semantics(mergeDescendants = true) {}, Arrangement.spacedBy(2.dp)) {
            Text(row.shownName, style = MaterialTheme.typography.titleMedium)
            val since = words("trash.since", "day" to LocalWords.current.day(row.trashedAt))
            Text(since, color = colours.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
        }
        val name = "account" to row.shownName
        IconTap(Icons.Restore, words("trash.restore", name), { onEvent(TrashEvent.Restore(row.id)) })
        IconTap(Icons.Trash, words("trash.purge", name), { onEvent(TrashEvent.Purge(row.id)) })
    }
}

private val TrashRow.shownName: String
    get() = inOneLine(issuer, name)
