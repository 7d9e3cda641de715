package org.countersign.ui.logic

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import org.countersign.core.CountersignException
import org.countersign.core.Job
import org.countersign.core.Outcome
import org.countersign.core.PushAddress
import org.countersign.core.Reason
import org.countersign.core.Shelf
import org.countersign.ui.screens.PushAccount
import org.countersign.ui.screens.PushFacts
import org.countersign.ui.screens.PushStanding
import org.countersign.ui.screens.PushTold

/**
 * Pushes while the vault is open: tells each server where to push to, or that it no longer shall. What a server could
 * not be told is tried again; nothing waits for it.
 */
class PushAddresses(private val session: Session) {
    private val pushes get() = session.platform.pushes
    private val record = PushRecord(session.platform.preferences)
    private val wishes = Channel<Unit>(Channel.CONFLATED)

    /** By account, why its server could not be told. */
    private val failures = mutableMapOf<String, Reason>()
    private val changed = MutableStateFlow(0)

    /** The generation of the vault that was looked at last, and the accounts in it that can be pushed to. */
    private var generation: ULong? = null
    private var seen = emptySet<String>()

    /** Counts what has changed, for the screen that shows [facts]. */
    val changes: StateFlow<Int> get() = changed

    init {
        session.scope.launch { keepOn() }
    }

    /** By this app from now on, or not at all: then it is told so once the servers were. */
    fun choose(distributor: String?) {
        if (distributor == record.distributor) return
        if (distributor == null) record.off() else ask(distributor)
        session.setBackground()
        settle()
    }

    /** A distributor is to be asked at each start: it may have been removed, and answers with the same address. */
    fun again() {
        record.distributor?.let(::ask)
        settle()
    }

    /** Something may have changed: accounts came or went. */
    fun changed() {
        try {
            val now = session.core.head().generation
            if (now == generation) return
            generation = now
            val able = able()
            if (able == seen) return
            seen = able
            settle()
        } catch (_: CountersignException) {
            // The vault is locked: all is looked at after the next unlocking.
            return
        }
    }

    /** Servers are told what they do not know yet. */
    fun settle() {
        changed.value++
        wishes.trySend(Unit)
    }

    fun facts(): PushFacts {
        val told = record.told
        val accounts = approving().map { PushAccount(it.id, it.issuer, it.name, standing(it.id, told[it.id])) }
        return PushFacts(pushes.distributors(), record.distributor, record.standing, accounts)
    }

    private fun standing(account: String, told: String?): PushTold {
        val approvals = try {
            session.core.details(account, session.now()).approvals
        } catch (error: CountersignException.Unreadable) {
            return PushTold.Failed(error.named())
        }
        return when {
            approvals == null || !approvals.can.look -> PushTold.Scanned
            !approvals.can.unifiedPush -> PushTold.Unable(approvals.system)
            account in failures -> PushTold.Failed(failures.getValue(account).named())
            told == record.endpoint && record.standing != PushStanding.Asked -> PushTold.Yes
            else -> PushTold.NotYet
        }
    }

    private fun ask(distributor: String) {
        record.asked(distributor)
        if (pushes.distributors().any { it.id == distributor }) pushes.register(distributor)
        else record.failed(PushStanding.Gone)
    }

    /** What could not be told is told again later and later, and at once when the person wishes it. */
    private suspend fun keepOn() {
        var pause = AGAIN_MS
        var isLeft = false
        while (true) {
            val wished = if (isLeft) withTimeoutOrNull(pause) { wishes.receive() } else wishes.receive()
            pause = if (wished != null) AGAIN_MS else minOf(2 * pause, LONGEST_MS)
            isLeft = try {
                tellAll()
                failures.isNotEmpty()
            } catch (_: CountersignException.Locked) {
                // What is not told yet is told after the next unlocking.
                return
            } catch (_: CountersignException) {
                true
            }
        }
    }

    private suspend fun tellAll() {
        val (endpoint, isLeaving) = record.endpoint to record.isLeaving
        val able = able()
        record.keepOnly(able + session.core.accounts(Shelf.TRASH, session.now()).map { it.id })
        failures.keys.retainAll(able)
        // Until there is an address of the app that was asked, there is nothing to tell.
        if (record.standing != PushStanding.Asked) {
            val told = record.told
            coroutineScope {
                for (account in able.filter { told[it] != endpoint }) launch { tell(account, endpoint) }
            }
        }
        // Servers take their time: meanwhile an app may have been chosen again, and that registration is to stay.
        if (isLeaving && record.isLeaving) {
            pushes.unregister()
            record.left()
        }
        changed.value++
    }

    /** Until the answer is there, it is not known what the server knows. */
    private suspend fun tell(account: String, endpoint: String?) {
        record.told(account, PushRecord.UNSURE)
        val address = endpoint?.let(PushAddress::UnifiedPush) ?: PushAddress.NoPush
        val reason = try {
            session.run(Job.SetPushAddress(account, address))?.outcome?.failure()
        } catch (locked: CountersignException.Locked) {
            throw locked
        } catch (error: CountersignException) {
            error.reason()
        }
        if (reason == null) {
            record.told(account, endpoint)
            failures -= account
        } else {
            failures[account] = reason
        }
    }

    private fun Outcome.failure(): Reason? = when (this) {
        is Outcome.Refused -> reason
        is Outcome.Unknown -> reason
        else -> null
    }

    private fun approving() = session.core.accounts(Shelf.IN_USE, session.now()).filter { it.approvals }

    private fun able(): Set<String> = approving().map { it.id }.filter { account ->
        try {
            session.core.details(account, session.now()).approvals?.can?.unifiedPush == true
        } catch (_: CountersignException.Unreadable) {
            // A look at it says so.
            false
        }
    }.toSet()

    private companion object {
        const val AGAIN_MS = 60_000L
        const val LONGEST_MS = 60 * 60_000L
    }
}
