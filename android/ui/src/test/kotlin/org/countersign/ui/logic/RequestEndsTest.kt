package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import org.countersign.core.AnswerResult
import org.countersign.core.Answered
import org.countersign.core.Outcome
import org.countersign.core.Reason
import org.countersign.ui.screens.Leftover
import org.countersign.ui.screens.RequestEnd
import org.countersign.ui.screens.RequestPhase

class RequestEndsTest {
    private fun answered(result: AnswerResult, reason: Reason? = null, beforeBlock: UInt? = null) = Outcome.Answered(
        Answered("r1", result, reason, triesLeft = null, beforeBlock, displayCode = null),
    )

    @Test
    fun `each end of an answer is shown as what it is`() {
        val ends = mapOf(
            answered(AnswerResult.APPROVED) to RequestEnd.Approved,
            answered(AnswerResult.DECLINED) to RequestEnd.Declined,
            answered(AnswerResult.EXPIRED) to RequestEnd.Expired,
            answered(AnswerResult.ANSWERED_ELSEWHERE) to RequestEnd.AnsweredElsewhere,
            answered(AnswerResult.WRONG_ANSWER) to RequestEnd.WrongAnswer,
            answered(AnswerResult.UNKNOWN) to RequestEnd.Unknown,
            // The answer may have arrived: "not answered" would be a guess.
            Outcome.Unknown(Reason.RESULT_UNKNOWN) to RequestEnd.Unknown,
            Outcome.Refused(Reason.REQUEST_EXPIRED) to RequestEnd.Expired,
            Outcome.Refused(Reason.ANSWERED_ELSEWHERE) to RequestEnd.AnsweredElsewhere,
            Outcome.Refused(Reason.NO_NETWORK) to RequestEnd.NotSent,
        )
        assertEquals(ends.values.toList(), ends.keys.map { it.ended(approving = true).end })
        assertEquals(RequestEnd.NotMe, answered(AnswerResult.DECLINED).ended(approving = false).end)
        // It is at its end here, although nobody could be told.
        val untold = answered(AnswerResult.DECLINED, Reason.NO_DECLINE).ended(approving = false)
        assertEquals(RequestPhase.Ended(RequestEnd.NotMe, Reason.NO_DECLINE.named()), untold)
    }

    @Test
    fun `how many answers are left before the server blocks the account is told while there are any`() {
        fun tries(reason: Reason, beforeBlock: UInt?) =
            answered(AnswerResult.WRONG_ANSWER, reason, beforeBlock).ended(approving = true).beforeBlock
        assertEquals(2, tries(Reason.RESPONSE_REFUSED, 2u))
        assertEquals(null, tries(Reason.RESPONSE_REFUSED, null))
        assertEquals(null, tries(Reason.ACCOUNT_BLOCKED, 0u))
    }

    @Test
    fun `what a decline was left at is done, also where no server is told`() {
        assertEquals(Leftover.End.Answered, answered(AnswerResult.DECLINED, Reason.NO_DECLINE).leftover())
        val stopped = answered(AnswerResult.DECLINED, Reason.RESULT_UNKNOWN).leftover()
        assertEquals(Leftover.End.AnswerStopped(Reason.RESULT_UNKNOWN.named()), stopped)
    }

    @Test
    fun `only what may not have arrived can be tried again`() {
        val again = RequestEnd.entries.filterNot { RequestPhase.Ended(it).isFinal() }
        assertEquals(setOf(RequestEnd.NotSent, RequestEnd.Unknown), again.toSet())
    }
}
