package org.countersign.ui.logic

import kotlinx.coroutines.Job as Running
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import org.countersign.core.CountersignException
import org.countersign.core.Job
import org.countersign.core.Outcome
import org.countersign.core.Reason
import org.countersign.core.SeenRequest
import org.countersign.core.Shelf
import org.countersign.ui.screens.Look

/** Looks for sign-ins that wait, for every screen that shows them. */
class Looker(private val session: Session) {
    private val looks = MutableStateFlow(Look.None as Look)
    private val found = MutableStateFlow(emptyList<SeenRequest>())
    private var running: Running? = null

    val look: StateFlow<Look> get() = looks

    /** The newest first. */
    val waiting: StateFlow<List<SeenRequest>> get() = found

    /** Those that were seen last and may still wait. */
    fun remember() {
        found.value = session.core.lastSeen(session.now()).stillWaiting()
    }

    /** Looks once; [then] with whether anything waits. */
    fun lookNow(then: (Boolean) -> Unit = {}) = start {
        looks.value = Look.Now
        looks.value = lookAtAll()
        then(found.value.isNotEmpty())
    }

    /** "Expecting a sign-in?": looks again and again, until something waits or the time is over. */
    fun expect(then: () -> Unit) = start {
        val until = session.now().wall + EXPECTING_SECONDS
        looks.value = Look.Expecting(until)
        while (session.now().wall < until) {
            val end = lookAtAll()
            if (found.value.isNotEmpty()) {
                looks.value = Look.None
                then()
                return@start
            }
            // Without a network there is nothing to wait for; a server may come back.
            if (end is Look.Failed && end.reason == Reason.NO_NETWORK.named()) {
                looks.value = end
                return@start
            }
            delay(EXPECTING_PAUSE_MS)
        }
        looks.value = Look.NothingWaits
    }

    fun stop() {
        running?.cancel()
        looks.value = Look.None
    }

    /** What has ended waits no longer, whatever the last look saw. */
    fun ended(key: String) {
        found.value = found.value.filter { it.key != key }
    }

    private fun start(work: suspend () -> Unit) {
        running?.cancel()
        running = session.scope.launch {
            try {
                work()
            } catch (error: CountersignException) {
                looks.value = Look.Failed(error.named())
            }
        }
    }

    /** One look at each account; what failed counts only where nothing was found. */
    private suspend fun lookAtAll(): Look {
        val seen = mutableListOf<SeenRequest>()
        var failure: Reason? = null
        for (account in session.core.accounts(Shelf.IN_USE, session.now()).filter { it.approvals }) {
            when (val outcome = session.run(Job.Check(account.id))?.outcome) {
                is Outcome.Checked -> seen += outcome.requests.map { SeenRequest(account.id, it) }
                is Outcome.Refused -> failure = outcome.reason
                is Outcome.Unknown -> failure = outcome.reason
                else -> Unit
            }
        }
        found.value = seen.stillWaiting()
        return when {
            found.value.isNotEmpty() -> Look.None
            failure != null -> Look.Failed(failure.named())
            else -> Look.NothingWaits
        }
    }

    private fun List<SeenRequest>.stillWaiting(): List<SeenRequest> {
        val now = session.now().wall
        return filter { it.request.expiresAt > now }.sortedByDescending { it.request.askedAt ?: 0 }
    }

    private companion object {
        const val EXPECTING_SECONDS = 120L
        const val EXPECTING_PAUSE_MS = 2_000L
    }
}
