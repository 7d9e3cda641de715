package org.countersign.ui.logic

import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import org.countersign.core.Authenticator
import org.countersign.core.CountersignException
import org.countersign.core.Head
import org.countersign.core.Job
import org.countersign.core.Outcome
import org.countersign.core.Reason
import org.countersign.core.RunId
import org.countersign.core.Turn

/** An open vault, for all screens behind the lock. */
class Session(
    val core: Authenticator,
    val platform: Platform,
    /** Ends when the vault is locked. */
    val scope: CoroutineScope,
    val blocking: CoroutineContext,
) {
    val keys = platform.keys(core)
    private val runner = Runner(core, platform.clocks, platform.sender, keys, blocking)

    fun now() = platform.clocks.now()

    /** Begins a job and carries it out; null where the person left it at a question. */
    suspend fun run(job: Job, asker: Asker = Asker.Nobody): Ended? {
        val run = core.begin(job, now())
        return finish(run, core.current(run, now()), asker)
    }

    /** Brings to an end what an app that was killed, or a lock, left unfinished; whether there was anything. */
    suspend fun goOn(): Boolean {
        val left = core.unfinished(now())
        for ((run) in left) {
            try {
                finish(run, core.resume(run, now()), Asker.Nobody)
            } catch (error: CountersignException.Refused) {
                // Another run does it, or has done it.
                if (error.reason != Reason.ACCOUNT_BUSY && error.reason != Reason.NO_SUCH_RUN) throw error
            }
        }
        return left.isNotEmpty()
    }

    private suspend fun finish(run: RunId, turn: Turn, asker: Asker): Ended? {
        val outcome = runner.finish(run, turn, asker)
        val finished = if (outcome == null) core.abandon(run, now()) else core.finished(run)
        finished?.unusedKeys?.takeIf { it.isNotEmpty() }?.let(keys::delete)
        return outcome?.let { Ended(it, finished?.added) }
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
