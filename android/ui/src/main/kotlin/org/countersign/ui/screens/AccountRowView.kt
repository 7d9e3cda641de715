package org.countersign.ui.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.combinedClickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.CustomAccessibilityAction
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.customActions
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.IconTap
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.LocalNow
import org.countersign.ui.parts.largeText
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.Words
import org.countersign.ui.words.words

/** One account: who, its code, the seconds left. A tap copies the code, a long one selects. */
@Composable
internal fun AccountRowView(
    row: AccountRow,
    state: AccountsState,
    moves: Moves?,
    onEvent: (AppEvent) -> Unit,
    modifier: Modifier = Modifier,
    handle: Modifier? = null,
) {
    val selecting = state.selected.isNotEmpty()
    val selected = row.id in state.selected
    val code = state.codes[row.id]
    val hidden = state.hideCodes && row.id !in state.revealed
    val colours = MaterialTheme.colorScheme
    Row(
        modifier.fillMaxWidth().background(if (selected) colours.primaryContainer else colours.surface),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Row(
            Modifier.weight(1f).heightIn(min = 72.dp)
                .tappable(row, hidden, selecting, onEvent)
                .described(row, code, hidden, selected.takeIf { selecting }, moves, onEvent)
                .padding(start = 16.dp, top = 12.dp, bottom = 12.dp),
            Arrangement.spacedBy(16.dp), Alignment.CenterVertically,
        ) {
            if (!largeText() || selected) Badge(row, selected)
            WithTimeLeft((code as? RowCode.Timed)?.code.takeUnless { hidden }) {
                Names(row)
                if (row.codes != CodesOf.Nothing) Code(code, hidden)
            }
        }
        End(row, selecting, handle, onEvent)
    }
}

@Composable
private fun Badge(row: AccountRow, selected: Boolean) {
    val colours = MaterialTheme.colorScheme
    Box(
        Modifier.size(44.dp).clip(CircleShape).background(if (selected) colours.primary else colours.primaryContainer),
        Alignment.Center,
    ) {
        if (selected) {
            Icon(Icons.Check, contentDescription = null, tint = colours.onPrimary)
        } else {
            Text(initial(row), color = colours.onPrimaryContainer, style = MaterialTheme.typography.titleMedium)
        }
    }
}

/** The first letter of the name, a surrogate pair kept whole. */
private fun initial(row: AccountRow): String {
    val name = row.issuer.ifBlank { row.name }.ifBlank { "?" }
    return String(Character.toChars(name.codePointAt(0))).uppercase()
}

/** Large text gets the room to be read; else rows are of one height. */
@Composable
private fun nameLines(): Int = if (largeText()) 3 else 1

@Composable
private fun Names(row: AccountRow) {
    val colours = MaterialTheme.colorScheme
    Row(Modifier.clearAndSetSemantics {}, Arrangement.spacedBy(6.dp), Alignment.CenterVertically) {
        Text(
            row.issuer.ifBlank { row.name }, Modifier.weight(1f, fill = false), colours.onSurface,
            maxLines = nameLines(), overflow = TextOverflow.Ellipsis, style = MaterialTheme.typography.titleMedium,
        )
        if (row.favourite) Icon(Icons.StarFilled, contentDescription = null, Modifier.size(16.dp), colours.primary)
        if (row.approvals) Icon(Icons.Bell, contentDescription = null, Modifier.size(16.dp), colours.onSurfaceVariant)
    }
    if (row.issuer.isNotBlank() && row.name.isNotBlank()) {
        Text(
            row.name, Modifier.clearAndSetSemantics {}, colours.onSurfaceVariant,
            maxLines = nameLines(), overflow = TextOverflow.Ellipsis, style = MaterialTheme.typography.bodyMedium,
        )
    }
}

@Composable
private fun End(row: AccountRow, selecting: Boolean, handle: Modifier?, onEvent: (AppEvent) -> Unit) {
    val name = row.issuer.ifBlank { row.name }
    when {
        !selecting && row.codes == CodesOf.Counter ->
            IconTap(
                Icons.Refresh, words("accounts.next_code", "account" to name),
                { onEvent(AccountsEvent.UseCounter(row.id)) },
            )
        selecting && handle != null ->
            // Moving by hand only: for all others there are actions on the row.
            Box(handle.size(48.dp).clearAndSetSemantics {}, Alignment.Center) {
                Icon(Icons.Drag, contentDescription = null, tint = MaterialTheme.colorScheme.onSurfaceVariant)
            }
    }
    if (!selecting) {
        IconTap(Icons.More, words("accounts.details", "account" to name), { onEvent(AccountsEvent.Open(row.id)) })
    }
}

@Composable
private fun Modifier.tappable(
    row: AccountRow,
    hidden: Boolean,
    selecting: Boolean,
    onEvent: (AppEvent) -> Unit,
): Modifier {
    val label = when {
        selecting -> words("accounts.do.select")
        row.codes == CodesOf.Nothing -> words("accounts.do.open")
        hidden -> words("accounts.do.show")
        else -> words("accounts.do.copy")
    }
    val toggle = { onEvent(AccountsEvent.ToggleSelected(row.id)) }
    return combinedClickable(
        onClickLabel = label,
        onLongClickLabel = words("accounts.do.select"),
        onLongClick = toggle,
    ) {
        when {
            selecting -> toggle()
            row.codes == CodesOf.Nothing -> onEvent(AccountsEvent.Open(row.id))
            else -> onEvent(AccountsEvent.TapCode(row.id))
        }
    }
}

/** What is spoken of a row, and what can be done with it without sight or drag. The seconds are read when asked. */
@Composable
private fun Modifier.described(
    row: AccountRow,
    code: RowCode?,
    hidden: Boolean,
    selected: Boolean?,
    moves: Moves?,
    onEvent: (AppEvent) -> Unit,
): Modifier {
    val words = LocalWords.current
    val now = LocalNow.current
    val actions = actions(words, row, moves, onEvent)
    return semantics(mergeDescendants = true) {
        contentDescription = words.listed(
            listOfNotNull(
                row.issuer, row.name,
                words("accounts.is_favourite").takeIf { row.favourite },
                words("accounts.approves").takeIf { row.approvals },
                spokenCode(words, row, code, hidden, now),
            ),
        )
        if (selected != null) this.selected = selected
        customActions = actions
    }
}

private fun actions(words: Words, row: AccountRow, moves: Moves?, onEvent: (AppEvent) -> Unit) = buildList {
    fun offer(key: String, act: () -> Unit) = add(CustomAccessibilityAction(words(key)) { act(); true })
    offer(if (row.favourite) "accounts.do.unfavourite" else "accounts.do.favourite") {
        onEvent(AccountsEvent.SetFavourite(row.id, !row.favourite))
    }
    moves?.up?.let { offer("accounts.do.up", it) }
    moves?.down?.let { offer("accounts.do.down", it) }
}
