package org.countersign.ui.logic

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job as Running
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.combine
import org.countersign.core.CountersignException
import org.countersign.core.DeclineReason
import org.countersign.core.Job
import org.countersign.core.Outcome
import org.countersign.core.Question
import org.countersign.core.Reason
import org.countersign.core.SeenRequest
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.LockOut
import org.countersign.ui.screens.OpenRequest
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RequestEnd
import org.countersign.ui.screens.RequestEvent
import org.countersign.ui.screens.RequestPhase
import org.countersign.ui.screens.RequestPhase.Answering
import org.countersign.ui.screens.RequestPhase.Asking
import org.countersign.ui.screens.RequestPhase.Ended
import org.countersign.ui.screens.RequestsState
import org.countersign.ui.screens.SignIn
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.Wanted

/** Sign-ins that wait, and the answer to one of them. */
class RequestsPresenter(
    private val session: Session,
    private val looker: Looker,
    navigator: Navigator,
    place: Place.Requests,
) : Presenter<RequestsState>(RequestsState(emptyList(), samePhone = place.samePhone), navigator, session.scope) {
    private var open: SeenRequest? = null

    /** The one that was closed last: it is not opened again by itself. */
    private var closed: String? = null

    /** Where a run waits for another answer, after one that was not right. */
    private var another: CompletableDeferred<Answer>? = null
    private var expiring: Running? = null
    private var settling: Running? = null

    init {
        looker.waiting.value.find { it.key == place.open }?.let(::open)
        launch {
            combine(looker.waiting, looker.look, looker.floods.now, ::Triple).collect { (waiting, look, floods) ->
                val others = shown.others.map { it.key }
                shown = shown.copy(waiting = waiting.map(::facts), look = look, floods = floods)
                waiting.find { it.key == open?.key }?.let(::seenAgain)
                // A row that comes or goes moves the buttons above it.
                if (shown.others.map { it.key } != others) (shown.open?.phase as? Asking)?.let { ask(it) }
                // One that waits alone needs no choice.
                if (open == null) waiting.singleOrNull()?.takeIf { it.key != closed }?.let(::open)
            }
        }
    }

    override fun handle(event: AppEvent) {
        shown = shown.copy(refusal = null)
        when (event) {
            is RequestEvent.Open -> looker.waiting.value.find { it.key == event.key }?.let(::open)
            is RequestEvent.Yes -> yes(event.answer)
            RequestEvent.NotMe -> notMe()
            RequestEvent.TryAgain -> if (shown.open?.phase is Ended && !isBusy()) ask(Asking())
            RequestEvent.LookAgain -> looker.lookNow()
            RequestEvent.LockAccount, RequestEvent.LockOutConfirmed, RequestEvent.LockOutCancelled -> lockOut(event)
            RequestEvent.Close -> next()
            else -> looker.floods.handle(event)
        }
    }

    /** Seen again, as after a switch of apps: as sudden as the first time. */
    override fun entered() {
        (shown.open?.phase as? Asking)?.let { ask(it) }
    }

    override fun back(): Boolean {
        if (isBusy()) return true
        val phase = shown.open?.phase
        if (phase is Ended && phase.lockOut == LockOut.Asking) {
            lockOut(RequestEvent.LockOutCancelled)
            return true
        }
        val several = looker.waiting.value.size > 1
        if (open == null || !several) return false
        closed = open?.key
        leave()
        return true
    }

    override fun close() {
        another?.complete(Answer.Leave)
        super.close()
    }

    override fun refused(reason: ReasonName) {
        val phase = shown.open?.phase
        if (phase is Answering) show(Ended(RequestEnd.NotSent, reason, notMe = !phase.yes))
        // What became of a sign-in stays, whatever else is refused beside it.
        else shown = shown.copy(refusal = reason)
    }

    /** Something is on its way to the server, whose end is to be told here: nothing else is opened, and none left. */
    fun isBusy(): Boolean {
        val phase = shown.open?.phase
        return phase is Answering || (phase is Ended && phase.lockOut == LockOut.Working)
    }

    private fun open(request: SeenRequest) {
        if (isBusy()) return
        leave()
        open = request
        ask(Asking(), facts(request))
    }

    /** The open one as the last look saw it: its end may have moved, or it wants something else. */
    private fun seenAgain(request: SeenRequest) {
        // Nothing that was typed or tapped was for this.
        if (shown.open?.phase is Asking && request.request.answer != open?.request?.answer) return open(request)
        val hasMoved = request.request.expiresAt != open?.request?.expiresAt
        open = request
        shown = shown.copy(open = shown.open?.copy(signIn = facts(request)))
        // Over by this phone's clock alone, and listed still.
        if (shown.open?.phase == expired() && request.request.expiresAt > session.now().wall) return ask(Asking())
        if (hasMoved) expire()
    }

    /** Until the end of the open one, as far as it is known. */
    private fun expire() {
        expiring?.cancel()
        val end = open?.request?.expiresAt ?: return
        expiring = launch {
            delay((end * 1_000 - session.platform.clocks.wallMs()).coerceAtLeast(0))
            if (shown.open?.phase is Asking) {
                another?.complete(Answer.Leave)
                end(expired())
            }
        }
    }

    /** Away from the open one; a run that waits for another answer is left. */
    private fun leave() {
        expiring?.cancel()
        settling?.cancel()
        another?.complete(Answer.Leave)
        another = null
        open = null
        shown = shown.copy(open = null)
    }

    private fun next() {
        if (isBusy()) return
        closed = open?.key
        leave()
        val next = looker.waiting.value.firstOrNull { it.key != closed } ?: return navigator.back()
        open(next)
    }

    /** Without anything to type a single tap approves: for a moment it takes none, see [Asking.sudden]. */
    private fun ask(asking: Asking, about: SignIn? = shown.open?.signIn) {
        settling?.cancel()
        val signIn = about ?: return
        val sudden = signIn.wants == Wanted.Confirmation
        shown = shown.copy(open = OpenRequest(signIn, asking.copy(sudden = sudden)))
        expire()
        if (!sudden) return
        settling = launch {
            delay(SUDDEN_MS)
            (shown.open?.phase as? Asking)?.let { show(it.copy(sudden = false)) }
        }
    }

    private fun yes(typed: Typed?) {
        val request = open ?: return
        val asking = shown.open?.phase as? Asking ?: return
        if (asking.sudden) return
        show(Answering(yes = true))
        val answer = typed?.let { Answer.Text(it) } ?: Answer.None
        if (another?.complete(answer) == true) return
        launch {
            var first: Answer? = answer
            val ended = session.run(looker.approval(request)) { question ->
                when (question) {
                    is Question.Answer -> first?.also { first = null } ?: askAgain(question)
                    is Question.Presence -> Answer.Confirmed(session.confirmPresence())
                    else -> Answer.None
                }
            }
            ended?.let { end(it.outcome.phase()) }
        }
    }

    private suspend fun askAgain(question: Question.Answer): Answer {
        val wait = CompletableDeferred<Answer>()
        another = wait
        ask(Asking(question.triesLeft.toInt(), missed = question.missed))
        return wait.await().also { another = null }
    }

    private fun notMe() {
        val request = open ?: return
        if (shown.open?.phase !is Asking) return
        another?.complete(Answer.Leave)
        show(Answering(yes = false))
        launch {
            // A server that takes no reason gets none; the history keeps it.
            val outcome = session.run(looker.decline(request, DeclineReason.NOT_ME))?.outcome ?: return@launch
            val ended = outcome.ended(approving = false)
            end(ended)
            show(ended.copy(lockOut = offered(request.account)))
        }
    }

    private fun facts(request: SeenRequest) = request.shown(session.readable(request.account))

    /** Of an account that can't be read nothing is offered. */
    private fun offered(account: String): LockOut? = try {
        LockOut.Offered.takeIf { session.core.details(account, session.now()).approvals?.can?.lockOut == true }
    } catch (locked: CountersignException.Locked) {
        throw locked
    } catch (_: CountersignException) {
        null
    }

    private fun lockOut(event: AppEvent) {
        val request = open ?: return
        val ended = shown.open?.phase as? Ended ?: return
        val next = ended.lockOut?.after(event) ?: return
        show(ended.copy(lockOut = next))
        if (next != LockOut.Working) return
        launch { lockedOut(request.account)?.let { show(ended.copy(lockOut = it)) } }
    }

    private suspend fun lockedOut(account: String): LockOut? = try {
        session.run(Job.LockOut(account), Asker.LockingOut)?.outcome?.lockedOut()
    } catch (locked: CountersignException.Locked) {
        throw locked
    } catch (error: CountersignException) {
        navigator.failed(error.named())
        LockOut.Failed(error.named())
    }

    private fun end(phase: RequestPhase) {
        val request = open
        if (phase is Asking) return ask(phase)
        expiring?.cancel()
        show(phase)
        if (phase is Ended && phase.isFinal() && request != null) looker.ended(request.key)
    }

    private fun show(phase: RequestPhase) {
        shown = shown.copy(open = shown.open?.copy(phase = phase))
    }

    /** An approval that nobody stood by is asked for once more; everything else is an end. */
    private fun Outcome.phase(): RequestPhase {
        val nobody = this is Outcome.Refused && reason == Reason.PRESENCE_REFUSED
        return if (nobody) Asking(refusal = Reason.PRESENCE_REFUSED.named()) else ended(approving = true)
    }

    private companion object {
        /** Longer than a finger needs that had begun to move before. */
        const val SUDDEN_MS = 500L
    }
}
