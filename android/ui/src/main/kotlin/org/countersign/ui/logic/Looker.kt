package org.countersign.ui.logic

import kotlinx.coroutines.Job as Running
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import org.countersign.core.CountersignException
import org.countersign.core.DeclineReason
import org.countersign.core.Job
import org.countersign.core.Outcome
import org.countersign.core.Reason
import org.countersign.core.Scanned
import org.countersign.core.SeenRequest
import org.countersign.core.Shelf
import org.countersign.ui.screens.Look

/** Looks for sign-ins that wait, for every screen that shows them. */
class Looker(private val session: Session) {
    private val looks = MutableStateFlow(Look.None as Look)
    private val found = MutableStateFlow(emptyList<SeenRequest>())

    /** Of requests that were scanned, by their keys. */
    private val codes = mutableMapOf<String, Scanned>()
    private var running: Running? = null

    val look: StateFlow<Look> get() = looks

    /** The newest first. */
    val waiting: StateFlow<List<SeenRequest>> get() = found

    /** Those that were seen last and may still wait. */
    fun remember() {
        found.value = session.core.lastSeen(session.now()).stillWaiting()
    }

    /** Looks once; [found] as soon as anything waits. */
    fun lookNow(found: () -> Unit = {}) = start {
        looks.value = Look.Now
        looks.value = lookAtAll(found)
    }

    /** "Expecting a sign-in?": looks again and again, until something waits or the time is over. */
    fun expect(found: () -> Unit) = start {
        val until = session.now().wall + EXPECTING_SECONDS
        looks.value = Look.Expecting(until)
        looks.value = expectAtAll(until, found)
    }

    fun stop() {
        running?.cancel()
        looks.value = Look.None
    }

    /** The requests of a sign-in whose code was scanned, one for each account that it asks; their keys. */
    fun scanned(code: Scanned): List<String> {
        val asked = session.core.scannedRequests(code, session.now())
        asked.forEach { codes[it.key] = code }
        found.value = (asked + found.value).distinctBy { it.key }
        return asked.map { it.key }
    }

    fun approval(request: SeenRequest) = codes[request.key]?.let { Job.ApproveScanned(request.account, it) }
        ?: Job.Approve(request.account, request.request.id)

    fun decline(request: SeenRequest, reason: DeclineReason?) =
        codes[request.key]?.let { Job.DeclineScanned(request.account, it) }
            ?: Job.Decline(request.account, request.request.id, reason)

    /** What has ended waits no longer, whatever the last look saw. */
    fun ended(key: String) {
        codes.remove(key)
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

    /** One look at each account, at all of them at once: a server that is slow keeps no other sign-in waiting. */
    private suspend fun lookAtAll(found: () -> Unit): Look {
        val failures = mutableListOf<Reason>()
        var told = false
        coroutineScope {
            for (account in approving()) launch {
                lookAt(account.id)?.let(failures::add)
                if (waiting.value.isNotEmpty() && !told) {
                    told = true
                    found()
                }
            }
        }
        return when {
            waiting.value.isNotEmpty() -> Look.None
            failures.isNotEmpty() -> Look.Failed(failures.first().named())
            else -> Look.NothingWaits
        }
    }

    /** Looks at each account again and again, at its own pace: a server that is slow keeps no other waiting. */
    private suspend fun expectAtAll(until: Long, found: () -> Unit): Look {
        var end: Look = Look.NothingWaits
        coroutineScope {
            val all = coroutineContext
            for (account in approving()) launch {
                while (session.now().wall < until) {
                    val failure = lookAt(account.id)
                    if (waiting.value.isNotEmpty()) {
                        end = Look.None
                        all.cancelChildren()
                        found()
                    } else if (failure == Reason.NO_NETWORK) {
                        // Without a network there is nothing to wait for; a server may come back.
                        end = Look.Failed(failure.named())
                        all.cancelChildren()
                    }
                    delay(EXPECTING_PAUSE_MS)
                }
            }
        }
        return end
    }

    private fun approving() = session.core.accounts(Shelf.IN_USE, session.now()).filter { it.approvals }

    /** Why nothing could be seen of an account; null where its requests were. */
    private suspend fun lookAt(account: String): Reason? {
        val outcome = session.run(Job.Check(account))?.outcome
        // Its requests are scanned: there is nothing to see, and those that were scanned stay.
        if ((outcome as? Outcome.Refused)?.reason == Reason.SCAN_TO_ANSWER) return null
        val seen = (outcome as? Outcome.Checked)?.requests.orEmpty().map { SeenRequest(account, it) }
        found.value = (found.value.filter { it.account != account } + seen).stillWaiting()
        return when (outcome) {
            is Outcome.Refused -> outcome.reason
            is Outcome.Unknown -> outcome.reason
            else -> null
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
