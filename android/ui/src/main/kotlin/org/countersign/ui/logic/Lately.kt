package org.countersign.ui.logic

import org.countersign.ui.screens.ReasonName

/** What failed since the vault was opened. */
class Lately(private val clocks: Clocks) {
    private val failures = ArrayDeque<Failure>()

    /** At a moment in seconds since 1970 UTC. */
    class Failure(val reason: ReasonName, val at: Long)

    /** The last of them, the newest first. */
    fun failures(): List<Failure> = failures

    fun failed(reason: ReasonName) {
        failures.addFirst(Failure(reason, clocks.now().wall))
        if (failures.size > FAILURES) failures.removeLast()
    }

    private companion object {
        const val FAILURES = 5
    }
}
