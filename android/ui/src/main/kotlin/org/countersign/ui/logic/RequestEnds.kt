package org.countersign.ui.logic

import org.countersign.core.AnswerResult
import org.countersign.core.Answered
import org.countersign.core.Outcome
import org.countersign.core.Reason
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.Hidden
import org.countersign.ui.screens.LockOut
import org.countersign.ui.screens.RequestEnd
import org.countersign.ui.screens.RequestEvent
import org.countersign.ui.screens.RequestPhase.Ended

// What became of a request, as its screen shows it.

/** The end of an answer: [approving], or "No, it's not me". */
internal fun Outcome.ended(approving: Boolean): Ended = end(approving).copy(notMe = !approving)

private fun Outcome.end(approving: Boolean): Ended = when (this) {
    is Outcome.Answered -> answered.ended(approving)
    is Outcome.Unknown -> Ended(RequestEnd.Unknown, reason.named())
    is Outcome.Refused -> when (reason) {
        Reason.REQUEST_EXPIRED -> expired()
        Reason.ANSWERED_ELSEWHERE -> Ended(RequestEnd.AnsweredElsewhere, reason.named())
        else -> Ended(RequestEnd.NotSent, reason.named())
    }
    else -> error("$this is no end of an answer")
}

/** The end of locking the account. */
internal fun Outcome.lockedOut(): LockOut = when (this) {
    is Outcome.LockedOut -> LockOut.Locked
    is Outcome.Unknown -> LockOut.Failed(reason.named())
    is Outcome.Refused -> LockOut.Failed(reason.named())
    else -> error("$this is no end of a lock-out")
}

/** Where it stands after what the person did; null where that is nothing to do now. */
internal fun LockOut.after(event: AppEvent): LockOut? = when (event) {
    RequestEvent.LockAccount -> LockOut.Asking.takeIf { this == LockOut.Offered || this is LockOut.Failed }
    RequestEvent.LockOutConfirmed -> LockOut.Working.takeIf { this == LockOut.Asking }
    RequestEvent.LockOutCancelled -> LockOut.Offered.takeIf { this == LockOut.Asking }
    else -> null
}

internal fun expired() = Ended(RequestEnd.Expired, Reason.REQUEST_EXPIRED.named())

/** Whether nothing more can be done about it here; else the person may try again. */
internal fun Ended.isFinal() = end != RequestEnd.NotSent && end != RequestEnd.Unknown

private fun Answered.ended(approving: Boolean): Ended {
    val end = when (result) {
        AnswerResult.APPROVED -> RequestEnd.Approved
        AnswerResult.DECLINED -> if (approving) RequestEnd.Declined else RequestEnd.NotMe
        AnswerResult.EXPIRED -> RequestEnd.Expired
        AnswerResult.ANSWERED_ELSEWHERE -> RequestEnd.AnsweredElsewhere
        AnswerResult.WRONG_ANSWER -> RequestEnd.WrongAnswer
        AnswerResult.UNKNOWN -> RequestEnd.Unknown
    }
    // Of one that is blocked already the reason tells.
    val tries = beforeBlock?.toInt()?.takeIf { it > 0 }
    return Ended(end, reason?.named(), displayCode?.let(::Hidden), beforeBlock = tries)
}
