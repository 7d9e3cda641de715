package org.countersign.ui.logic

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.flatMapLatest
import org.countersign.ui.screens.ScreenState

/** The screens that are open, one above the other; the one on top is seen. */
internal class ScreenStack {
    private val open = MutableStateFlow(emptyList<Presenter<*>>())

    /** The state of the one that is seen. */
    @OptIn(ExperimentalCoroutinesApi::class)
    val state: Flow<ScreenState> = open.flatMapLatest { it.lastOrNull()?.state ?: emptyFlow() }

    val top get() = open.value.last()

    fun push(presenter: Presenter<*>) = become(open.value + presenter)

    /** Back to the screen below; false where there is none. */
    fun pop(): Boolean {
        if (open.value.size < 2) return false
        become(open.value.dropLast(1))
        return true
    }

    /** Down to the lowest screen, and [above] it. */
    fun home(above: Presenter<*>?) = become(listOfNotNull(open.value.first(), above))

    /** Another lowest screen, and nothing above it. */
    fun restart(lowest: Presenter<*>) = become(listOf(lowest))

    /** Ends them all; what they hold is let go. */
    fun close() = open.value.forEach { it.close() }

    /** Each presenter is told whether it is seen, covered or gone. */
    private fun become(new: List<Presenter<*>>) {
        val old = open.value
        val seenBefore = old.lastOrNull()
        if (seenBefore !== new.last()) seenBefore?.covered()
        open.value = new
        old.filterNot { it in new }.forEach { it.close() }
        if (seenBefore !== new.last()) new.last().entered()
    }
}
