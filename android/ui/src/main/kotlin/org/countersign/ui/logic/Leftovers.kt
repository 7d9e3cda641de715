package org.countersign.ui.logic

import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import org.countersign.core.AnswerResult
import org.countersign.core.Answered
import org.countersign.core.CountersignException
import org.countersign.core.Outcome
import org.countersign.core.Reason
import org.countersign.core.RunId
import org.countersign.ui.screens.Leftover
import org.countersign.ui.screens.inOneLine

/**
 * Brings to an end what an app that was killed, or a lock, left unfinished: all of it at once, so that none that fails
 * and no server that is slow keeps the rest. Each one that has ended is [told]; null has nothing to tell.
 */
internal suspend fun Session.goOn(told: (Leftover?) -> Unit) = coroutineScope {
    for ((run, account) in core.unfinished(now())) {
        // With its end it may be gone.
        val name = account?.let(::readable)?.let { inOneLine(it.issuer, it.name) }
        launch { told(endOf(run)?.let { Leftover(it, name) }) }
    }
}

private suspend fun Session.endOf(run: RunId): Leftover.End? = try {
    resume(run)?.leftover()
} catch (locked: CountersignException.Locked) {
    throw locked
} catch (error: CountersignException) {
    // Another process does it or has done it; or it only looked, and is begun anew.
    val reason = error.reason().takeIf { it != Reason.NO_SUCH_RUN }
    reason?.let { Leftover.End.Stopped(it.named()) }
}

/** What changes nothing for a person has nothing to tell. */
internal fun Outcome.leftover(): Leftover.End? = when (this) {
    is Outcome.Enrolled -> Leftover.End.SetUp(issuer, account)
    is Outcome.Answered -> answered.failure()?.let { Leftover.End.AnswerStopped(it.named()) } ?: Leftover.End.Answered
    is Outcome.Rotated -> Leftover.End.KeyRenewed
    is Outcome.LockedOut -> Leftover.End.LockedOut
    is Outcome.Refused -> when (reason) {
        // Another run has done it meanwhile, or its account is gone.
        Reason.REQUEST_BUSY, Reason.NO_SUCH_ACCOUNT -> null
        else -> Leftover.End.Stopped(reason.named())
    }
    is Outcome.Unknown -> Leftover.End.Stopped(reason.named())
    is Outcome.Checked, is Outcome.Tested, is Outcome.PushAddressSet -> null
}

/** Why an answer did not become what was asked for; null where it did. */
private fun Answered.failure(): Reason? = when (result) {
    AnswerResult.APPROVED -> null
    // Of a scanned one no server is told: it is declined all the same.
    AnswerResult.DECLINED -> reason.takeUnless { it == Reason.NO_DECLINE }
    AnswerResult.EXPIRED -> reason ?: Reason.REQUEST_EXPIRED
    AnswerResult.ANSWERED_ELSEWHERE -> reason ?: Reason.ANSWERED_ELSEWHERE
    AnswerResult.WRONG_ANSWER -> reason ?: Reason.WRONG_NUMBER
    AnswerResult.UNKNOWN -> reason ?: Reason.RESULT_UNKNOWN
}
