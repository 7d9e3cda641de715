package org.countersign.ui.screens

import androidx.compose.foundation.gestures.detectDragGestures
import androidx.compose.foundation.lazy.LazyListItemInfo
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Stable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableFloatStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.pointer.pointerInput

/** A row on its way to another place. Favourites stay before all others: a row moves among its like. */
@Stable
internal class Reordering(private val list: LazyListState) {
    /** The rows as they would be if it were let go now; null while nothing is dragged. */
    var order: List<AccountRow>? by mutableStateOf(null)
        private set
    var dragged: String? by mutableStateOf(null)
        private set

    /** How far the dragged row is off its place, in pixels. */
    var offset by mutableFloatStateOf(0f)
        private set

    fun start(id: String, rows: List<AccountRow>) {
        dragged = id
        order = rows
        offset = 0f
    }

    fun drag(by: Float) {
        val rows = order ?: return
        val from = rows.indexOfFirst { it.id == dragged }
        val here = shown(dragged) ?: return
        offset += by
        scrollAtEdge(here)
        val middle = here.offset + offset + here.size / 2
        val visible = list.layoutInfo.visibleItemsInfo
        val there = visible.find { middle.toInt() in it.offset..<it.offset + it.size } ?: return
        val to = rows.indexOfFirst { it.id == there.key }
        if (to < 0 || to == from || rows[to].favourite != rows[from].favourite) return
        order = rows.toMutableList().apply { add(to, removeAt(from)) }
        offset += here.offset - there.offset
    }

    /** Lets go; the move to make, or null where the row is back at its place. */
    fun drop(rows: List<AccountRow>): AccountsEvent.Move? {
        val moved = dragged
        val now = order
        stop()
        if (moved == null || now == null || now == rows) return null
        return AccountsEvent.Move(moved, now.getOrNull(now.indexOfFirst { it.id == moved } + 1)?.id)
    }

    fun stop() {
        dragged = null
        order = null
        offset = 0f
    }

    private fun shown(id: String?): LazyListItemInfo? = list.layoutInfo.visibleItemsInfo.find { it.key == id }

    private fun scrollAtEdge(row: LazyListItemInfo) {
        val above = row.offset + offset - list.layoutInfo.viewportStartOffset
        val below = row.offset + offset + row.size - list.layoutInfo.viewportEndOffset
        val beyond = if (above < 0) above else below.coerceAtLeast(0f)
        if (beyond != 0f) offset += list.dispatchRawDelta(beyond.coerceIn(-MAX_SCROLL, MAX_SCROLL))
    }
}

/** Pixels that the list scrolls at most for one movement of the finger. */
private const val MAX_SCROLL = 40f

/** What a finger on the handle of [row] does. */
@Composable
internal fun Modifier.dragHandle(
    reordering: Reordering,
    row: AccountRow,
    rows: List<AccountRow>,
    onEvent: (AppEvent) -> Unit,
): Modifier {
    val latestRows by rememberUpdatedState(rows)
    val latestEvent by rememberUpdatedState(onEvent)
    return pointerInput(reordering, row.id) {
        detectDragGestures(
            onDragStart = { reordering.start(row.id, latestRows) },
            onDragEnd = { reordering.drop(latestRows)?.let(latestEvent) },
            onDragCancel = reordering::stop,
        ) { change, by ->
            change.consume()
            reordering.drag(by.y)
        }
    }
}

/** Moving a row without dragging, for screen readers and switches; null where it is the first or last of its like. */
internal class Moves(
    private val row: AccountRow,
    rows: List<AccountRow>,
    at: Int,
    private val onEvent: (AppEvent) -> Unit,
) {
    private val above = rows.getOrNull(at - 1)?.takeIf { it.favourite == row.favourite }
    private val below = rows.getOrNull(at + 1)?.takeIf { it.favourite == row.favourite }
    private val afterBelow = rows.getOrNull(at + 2)

    val up: (() -> Unit)? = above?.let { { onEvent(AccountsEvent.Move(row.id, it.id)) } }
    val down: (() -> Unit)? = below?.let { { onEvent(AccountsEvent.Move(row.id, afterBelow?.id)) } }
}
