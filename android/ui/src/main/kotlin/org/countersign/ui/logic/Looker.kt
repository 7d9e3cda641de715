package org.countersign.ui.logic

import kotlinx.coroutines.Job as Running
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import org.countersign.core.CountersignException
import org.countersign.core.DeclineReason
import org.countersign.core.Job
import org.countersign.core.Looks
import org.countersign.core.Outcome
import org.countersign.core.Reason
import org.countersign.core.Scanned
import org.countersign.core.SeenRequest
import org.countersign.ui.screens.Look

/**
 * Looks for sign-ins that wait, for every screen that shows them. When it is time for a look at which account is the
 * core's to say; each look is for itself, so that a server that is slow keeps no other sign-in waiting.
 */
class Looker(private val session: Session) {
    private val looks = MutableStateFlow(Look.None as Look)
    private val found = MutableStateFlow(emptyList<SeenRequest>())

    /** Of requests that were scanned, by their keys. */
    private val codes = mutableMapOf<String, Scanned>()

    /** Asks the core again and again; it goes on while somebody is there, or waits for a sign-in. */
    private var rounds: Running? = null
    private var isSeen = false
    private val underWay = mutableSetOf<String>()

    /** By account, why not all that waits could be seen of it when a person asked, until a later look succeeds. */
    private val failures = mutableMapOf<String, Reason>()
    private val ended = Channel<Unit>(Channel.CONFLATED)
    val floods = Floods(session)

    /** Until the look begins that a push has asked for; and after it, until the next such look may. */
    private var answering: Running? = null
    private var pause: Running? = null

    /** What to do once there is what a person waits for. */
    private var whenFound: () -> Unit = {}

    val look: StateFlow<Look> get() = looks

    init {
        session.scope.launch { found.collectLatest(::dropOver) }
    }

    /** The newest first. */
    val waiting: StateFlow<List<SeenRequest>> get() = found

    /** Those that were scanned, and those that were seen last and may still wait, in the core's order. */
    fun remember() {
        val now = session.now()
        val known = found.value.filter { it.key in codes } + session.core.lastSeen(now)
        found.value = known.filter { it.request.expiresAt > now.wall }
        floods.count()
    }

    /** The app is seen: from now on it looks. */
    fun seen() {
        isSeen = true
        go()
    }

    fun unseen() {
        isSeen = false
        answering?.cancel()
    }

    /** Looks once at every account; [found] as soon as anything waits. */
    fun lookNow(found: () -> Unit = {}) = ask(Look.Now, found) { session.core.lookNow() }

    /**
     * A push came: looks at every account, and once for all that come together. Nobody has asked: nothing is said. Where
     * the app is left or locked before that look begins, it is [elsewhere] that looks.
     */
    fun pushed(elsewhere: () -> Unit) {
        if (answering?.isActive == true) return
        var begun = false
        answering = session.scope.launch {
            pause?.join()
            guarded {
                session.core.lookNow()
                begin()
                go()
                begun = true
            }
            pause = session.scope.launch { delay(Bell.GAP_MS) }
        }.also { it.invokeOnCompletion { if (!begun) elsewhere() } }
    }

    /** "Expecting a sign-in?": looks again and again, until one comes or the time is over. */
    fun expect(found: () -> Unit) {
        session.core.expectSignIn(session.now())
        val left = session.core.expectingMs(session.now()) ?: return
        ask(Look.Expecting((session.platform.clocks.wallMs() + left.toLong()) / 1_000), found) { }
    }

    fun stop() {
        session.core.stopExpecting(session.now())
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
        codes[request.key]?.let { Job.DeclineScanned(request.account, it, reason) }
            ?: Job.Decline(request.account, request.request.id, reason)

    /** What has ended waits no longer, whatever the last look saw. */
    fun ended(key: String) {
        codes.remove(key)
        found.value = found.value.filter { it.key != key }
    }

    /** What is over waits no longer, also between two looks; the clock may be set right meanwhile. */
    private suspend fun dropOver(requests: List<SeenRequest>) {
        val first = requests.minOfOrNull { it.request.expiresAt } ?: return
        while (session.now().wall < first) delay(TICK_MS)
        found.value = found.value.filter { it.request.expiresAt > session.now().wall }
    }

    private fun ask(look: Look, found: () -> Unit, begin: () -> Unit) {
        failures.clear()
        whenFound = found
        looks.value = look
        begin()
        go()
    }

    private fun go() {
        rounds?.cancel()
        rounds = session.scope.launch {
            guarded { while (isSeen || looks.value.goesOn) round() }
        }
    }

    /** Begins what is due, and waits until there may be more. */
    private suspend fun round() {
        val next = begin()
        settle()
        val expecting = session.core.expectingMs(session.now()) ?: next.waitMs
        withTimeoutOrNull(minOf(next.waitMs, expecting).toLong()) { ended.receive() }
    }

    private fun begin(): Looks {
        val next = session.core.nextLooks(session.now())
        for (account in next.due - underWay) {
            underWay += account
            session.scope.launch { guarded { look(account) } }
        }
        return next
    }

    private suspend fun look(account: String) {
        try {
            val reason = lookAt(account)
            if (reason != null) {
                if (looks.value.goesOn) failures[account] = reason
            } else if (failures.remove(account) != null && failures.isEmpty() && looks.value is Look.Failed) {
                looks.value = Look.None
            }
        } finally {
            underWay -= account
            ended.trySend(Unit)
        }
    }

    /**
     * What a look that a person asked for has come to so far. It is over once nothing is due or under way: what was
     * under way may have been answered before they asked, and another look follows it.
     */
    private fun settle() {
        val look = looks.value
        val isWaiting = waiting.value.isNotEmpty()
        val goesOn = when (look) {
            Look.Now -> underWay.isNotEmpty()
            is Look.Expecting ->
                session.core.expectingMs(session.now()) != null || (!isWaiting && underWay.isNotEmpty())
            else -> return
        }
        if (isWaiting && (look == Look.Now || !goesOn)) tell()
        if (goesOn) return
        looks.value = when {
            failures.isNotEmpty() -> Look.Failed(failures.values.first().named())
            isWaiting -> Look.None
            else -> Look.NothingWaits
        }
    }

    /** Once. */
    private fun tell() {
        val tell = whenFound
        whenFound = {}
        tell()
    }

    private suspend fun guarded(work: suspend () -> Unit) {
        try {
            work()
        } catch (error: CountersignException) {
            if (looks.value.goesOn) looks.value = Look.Failed(error.named())
        }
    }

    /** Why not all that waits at an account could be seen; null where it was. */
    private suspend fun lookAt(account: String): Reason? {
        val outcome = session.run(Job.Check(account))?.outcome
        remember()
        return when (outcome) {
            is Outcome.Refused -> outcome.reason
            is Outcome.Unknown -> outcome.reason
            is Outcome.Checked -> outcome.hidden
            else -> null
        }
    }

    private companion object {
        const val TICK_MS = 1_000L
    }
}
