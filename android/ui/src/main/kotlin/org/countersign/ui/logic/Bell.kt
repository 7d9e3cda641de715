package org.countersign.ui.logic

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.delay

/**
 * Of pushes that come together, each is followed by a look that begins after it; a flood of them costs one look every
 * [GAP_MS]. It may be rung from any thread.
 */
class Bell {
    private var underWay = false
    private var again = false

    /** Whether somebody has to begin to [answer]. */
    @Synchronized
    fun ring(): Boolean {
        again = underWay
        underWay = true
        return !again
    }

    /** Looks until no push has come after the last look began; where it is cancelled, the next push begins anew. */
    suspend fun answer(look: suspend () -> Unit) {
        try {
            do {
                listen()
                look()
                delay(GAP_MS)
            } while (goesOn())
        } catch (ended: CancellationException) {
            goesOn(false)
            throw ended
        }
    }

    /** What rang before this is what the look that begins is for. */
    @Synchronized
    private fun listen() {
        underWay = true
        again = false
    }

    @Synchronized
    private fun goesOn(wanted: Boolean = again): Boolean {
        underWay = wanted
        return wanted
    }

    companion object {
        const val GAP_MS = 5_000L
    }
}
