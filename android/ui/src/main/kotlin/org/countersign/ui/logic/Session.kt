package org.countersign.ui.logic

import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.countersign.core.Authenticator
import org.countersign.core.Background
import org.countersign.core.CountersignException
import org.countersign.core.Disposable
import org.countersign.core.Finished
import org.countersign.core.Head
import org.countersign.core.Job
import org.countersign.core.Outcome
import org.countersign.core.Reason
import org.countersign.core.RunId
import org.countersign.core.Summary
import org.countersign.core.Turn

/** An open vault, for all screens behind the lock. */
class Session(
    val core: Authenticator,
    val platform: Platform,
    /** Ends when the vault is locked, and not before: what fails in it fails alone. */
    val scope: CoroutineScope,
    /** Ends with the app: for what must be done although the vault was locked meanwhile. */
    val outliving: CoroutineScope,
    val blocking: CoroutineContext,
    val copied: CopiedCode,
) {
    val keys = platform.keys(core)
    val lately = Lately(platform.clocks)
    private val choices = Choices(platform.preferences)
    private val runner = Runner(core, platform.clocks, platform.sender, keys, blocking)

    fun now() = platform.clocks.now()

    /** Locks; what goes on is left, and taken up after the next unlocking. */
    fun close() {
        core.lock()
        scope.cancel()
        core.close()
    }

    /**
     * Is the person there? Without a lock of the device the vault's own password has to do, which was asked for when
     * the app was opened.
     */
    suspend fun confirmPresence() = !platform.deviceLock.offered() || platform.deviceLock.confirm()

    /** As [confirmPresence]; where nobody is there, it goes no further. */
    suspend fun needPresence() {
        if (!confirmPresence()) throw CountersignException.Refused(Reason.PRESENCE_REFUSED)
    }

    /**
     * Does what takes long on a thread that may be left: the work goes on to its end also when nobody waits for that
     * any more.
     */
    suspend fun <T> leavable(work: suspend () -> T): T =
        outliving.async(blocking) { runCatching { work() } }.await().getOrThrow()

    /** As [leavable], for what holds secrets until it is destroyed: where nobody waits for it, it is let go. */
    suspend fun <T : Disposable> held(work: () -> T): T {
        val made = outliving.async(blocking) { runCatching(work) }
        try {
            return made.await().getOrThrow()
        } catch (left: CancellationException) {
            outliving.launch { made.await().onSuccess { it.destroy() } }
            throw left
        }
    }

    /** Null for an account that can't be read, as a damaged one: it is not to hide what is told of others. */
    fun readable(account: String): Summary? = try {
        core.summary(account, now())
    } catch (locked: CountersignException.Locked) {
        throw locked
    } catch (_: CountersignException) {
        null
    }

    /** What a notification calls an account; only what background checks may read knows that. */
    fun label(account: String): String? = lent(core.watchKey(now())) { key ->
        Background.open(platform.vault, key).use { it.label(account) }
    }

    /** Whether the app was ended before the recovery code was known to be written down. */
    fun isRecoveryUnchecked() = core.hostRow(RecoveryCheck.UNCHECKED, now()) != null

    /** Looks in the background begin, change or end, as the person has chosen. */
    fun setBackground() {
        if (choices.looksInBackground) startBackground() else platform.background.stop()
    }

    /** After a change of the ways in there is a new watch key, with which looks in the background go on. */
    fun renewedKeys() {
        if (choices.looksInBackground) startBackground()
    }

    private fun startBackground() {
        val key = core.watchKey(now())
        platform.background.start(key, regularly = choices.background)
        key.fill(0)
    }

    /**
     * Begins a job and carries it out; null where the person left it at a question. It goes on to its end also when
     * nobody waits for that any more.
     */
    suspend fun run(job: Job, asker: Asker = Asker.Nobody): Ended? = scope.async {
        val run = core.begin(job, now())
        finish(run, core.current(run, now()), asker)
    }.await()

    /** Goes on with a run that was left: nothing is sent twice, it looks what became of it. */
    suspend fun resume(run: RunId): Outcome? = try {
        finish(run, core.resume(run, now()), Asker.Nobody)?.outcome
    } catch (error: CountersignException.Refused) {
        if (error.reason != Reason.FLOW_OUTDATED) throw error
        // Of another version of this app: nothing can be done with it.
        core.abandon(run, now()).deleteUnused()
        Outcome.Refused(error.reason)
    }

    private suspend fun finish(run: RunId, turn: Turn, asker: Asker): Ended? {
        val outcome = runner.finish(run, turn, asker)
        val finished = if (outcome == null) core.abandon(run, now()) else core.finished(run)
        finished?.deleteUnused()
        outcome?.reason()?.let { lately.failed(it.named()) }
        return outcome?.let { Ended(it, finished?.added) }
    }

    /** Why it is not what was asked for. */
    private fun Outcome.reason(): Reason? = when (this) {
        is Outcome.Refused -> reason
        is Outcome.Unknown -> reason
        is Outcome.Answered -> answered.reason
        else -> null
    }

    private fun Finished.deleteUnused() {
        if (unusedKeys.isNotEmpty()) keys.delete(unusedKeys)
    }
}

/** The end of a run, and the account that it added. */
data class Ended(val outcome: Outcome, val added: String?)

/** The last head of the vault is kept outside of it: an older copy of the file is noticed by it. */
object Heads {
    fun known(preferences: Preferences): Head? {
        val (generation, tag) = KEPT.matchEntire(preferences.get(NAME).orEmpty())?.destructured ?: return null
        return Head(generation.toULong(), tag.hexToByteArray())
    }

    fun keep(core: Authenticator, preferences: Preferences) {
        val head = core.head()
        val text = "${head.generation}:${head.tag.toHexString()}"
        if (text != preferences.get(NAME)) preferences.put(NAME, text)
    }

    fun forget(preferences: Preferences) = preferences.put(NAME, null)

    private const val NAME = "head"
    private val KEPT = Regex("(\\d{1,18}):([0-9a-f]{32})")
}
