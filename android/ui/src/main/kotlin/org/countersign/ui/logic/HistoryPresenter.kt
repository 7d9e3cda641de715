package org.countersign.ui.logic

import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import org.countersign.core.AnswerResult
import org.countersign.core.DeclineReason
import org.countersign.core.PastRequest
import org.countersign.core.PastStanding
import org.countersign.core.Reason
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.HistoryEvent
import org.countersign.ui.screens.HistoryState
import org.countersign.ui.screens.PastEnd
import org.countersign.ui.screens.PastSignIn
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.fileOf
import org.countersign.ui.screens.inOneLine
import org.countersign.ui.words.Words

/** What became of the sign-ins of the past: of all accounts, or of [account]. */
class HistoryPresenter(private val session: Session, private val account: String?, navigator: Navigator) :
    Presenter<HistoryState>(read(session, account), navigator, session.scope) {
    private var following: Job? = null

    override fun handle(event: AppEvent) {
        when (event) {
            HistoryEvent.Clear -> shown = shown.copy(clearing = shown.rows.isNotEmpty(), refusal = null)
            HistoryEvent.ClearConfirmed -> if (shown.clearing) {
                session.core.clearHistory(session.now())
                shown = read(session, account)
            }
            HistoryEvent.ClearCancelled -> shown = shown.copy(clearing = false)
            HistoryEvent.Save -> if (shown.rows.isNotEmpty()) launch { save() }
            else -> Unit
        }
    }

    override fun entered() {
        following?.cancel()
        following = launch { follow() }
    }

    override fun covered() {
        following?.cancel()
    }

    override fun back(): Boolean {
        if (!shown.clearing) return false
        shown = shown.copy(clearing = false)
        return true
    }

    override fun refused(reason: ReasonName) {
        shown = shown.copy(clearing = false, refusal = reason)
    }

    /** What is on the screen when the button is tapped is what is in the file. */
    private suspend fun save() {
        shown = shown.copy(refusal = null)
        val content = Words.of(navigator.language).fileOf(shown.rows)
        val file = session.platform.documents.create(FILE_NAME, "text/plain") ?: return
        session.leavable { file.save(content) }
    }

    /** What waits ends by its time alone, or by a look: it is read again while there is one. */
    private suspend fun follow() {
        while (true) {
            shown = shown.copy(rows = read(session, account).rows)
            if (shown.rows.none { it.end == PastEnd.Waiting }) return
            delay(AGAIN_MS)
        }
    }

    private companion object {
        const val AGAIN_MS = 1_000L
        const val FILE_NAME = "countersign-history.txt"

        fun read(session: Session, account: String?): HistoryState {
            val past = session.core.history(session.now()).filter { account == null || it.account == account }
            val of = account?.let { session.core.summary(it, session.now()) }
            return HistoryState(past.map { it.shown() }, of?.let { inOneLine(it.issuer, it.name) })
        }
    }
}

/** How a request of the past stands on the screen. */
internal fun PastRequest.shown() = PastSignIn(
    "$account/$request/$seenAt", application, inOneLine(issuer, name), cameFrom, seenAt, end(), reason?.named(),
    answeredAt, entraReason, decline == DeclineReason.NOT_ME && end() != PastEnd.NotMe,
)

private fun PastRequest.end(): PastEnd = when (val standing = standing) {
    is PastStanding.Waiting -> PastEnd.Waiting
    is PastStanding.Unanswered -> PastEnd.Unanswered
    is PastStanding.LockedOut -> PastEnd.LockedOut
    is PastStanding.Answered -> standing.result.end(decline, reason)
}

private fun AnswerResult.end(decline: DeclineReason?, reason: Reason?): PastEnd = when (this) {
    AnswerResult.APPROVED -> PastEnd.Approved
    AnswerResult.DECLINED -> when (decline) {
        DeclineReason.NOT_ME -> PastEnd.NotMe
        DeclineReason.CANCELLED -> PastEnd.Cancelled
        null -> PastEnd.Declined
    }
    AnswerResult.EXPIRED -> PastEnd.Expired
    AnswerResult.ANSWERED_ELSEWHERE -> PastEnd.AnsweredElsewhere
    AnswerResult.WRONG_ANSWER -> when (reason) {
        Reason.RESPONSE_REFUSED -> PastEnd.AnswerRefused
        Reason.ACCOUNT_BLOCKED -> PastEnd.AccountBlocked
        else -> PastEnd.WrongAnswer
    }
    AnswerResult.UNKNOWN -> PastEnd.Unknown
}
