package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import org.countersign.core.AnswerKind
import org.countersign.core.Authenticator
import org.countersign.core.CountersignException
import org.countersign.core.Holder
import org.countersign.core.Job
import org.countersign.core.Now
import org.countersign.core.Reason
import org.countersign.core.RunId
import org.countersign.core.SeenRequest
import org.countersign.core.UniffiWithHandle
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.FloodEvent
import org.countersign.ui.screens.LockOut
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RequestEnd
import org.countersign.ui.screens.RequestEvent
import org.countersign.ui.screens.RequestPhase
import org.countersign.ui.screens.RequestsState

/** What the page of one sign-in shows while other things happen. */
class OpenRequestTest : SiteTest() {
    /** The page by itself, at a core that tells what the test wants. */
    private fun beside(test: Phone.(core: Told, looker: Looker, page: RequestsPresenter) -> Unit) = ready {
        setUp()
        on(AddEvent.Done, AccountsEvent.LookNow)
        goBeside { core ->
            val told = Told(core, core.lastSeen(clocks.now()))
            val session = session(told)
            val looker = Looker(session).also { it.remember() }
            val page = RequestsPresenter(session, looker, nowhere, Place.Requests())
            pass(0)
            test(told, looker, page)
        }
    }

    @Test
    fun `an end that moves with a look is the new one`() = beside { core, looker, page ->
        fun open() = page.state.value.open!!
        // As a look sees it: from now so many seconds.
        fun look(left: Long): Long {
            val end = clocks.wallMs() / 1_000 + left
            core.seen = core.seen.map { it.copy(request = it.request.copy(expiresAt = end)) }
            looker.remember()
            pass(0)
            return end
        }
        look(60)
        assertIs<RequestPhase.Asking>(open().phase)
        pass(30_000)
        assertEquals(look(90), open().signIn.expiresAt)
        pass(60_000)
        assertIs<RequestPhase.Asking>(open().phase)
        assertEquals(look(10), open().signIn.expiresAt)
        pass(12_000)
        assertEquals(RequestEnd.Expired, assertIs<RequestPhase.Ended>(open().phase).end)
    }

    @Test
    fun `one whose time was over is asked again where a look finds it listed still, and no other end moves`() =
        beside { core, looker, page ->
            fun open() = page.state.value.open!!
            fun look(left: Long) {
                val end = clocks.wallMs() / 1_000 + left
                core.seen = core.seen.map { it.copy(request = it.request.copy(expiresAt = end)) }
                looker.remember()
                pass(0)
            }
            look(10)
            pass(12_000)
            assertEquals(RequestEnd.Expired, assertIs<RequestPhase.Ended>(open().phase).end)
            look(60)
            assertEquals(RequestPhase.Asking(), open().phase)
            assertEquals(core.seen.single().request.expiresAt, open().signIn.expiresAt)
            page.on(RequestEvent.NotMe)
            pass(0)
            look(90)
            assertEquals(RequestEnd.NotMe, assertIs<RequestPhase.Ended>(open().phase).end)
        }

    @Test
    fun `one that wants something else with a look is as sudden as at first`() = beside { core, looker, page ->
        fun look(answer: AnswerKind) {
            core.seen = core.seen.map { it.copy(request = it.request.copy(answer = answer)) }
            looker.remember()
            pass(0)
        }
        fun phase() = page.state.value.open?.phase
        assertEquals(RequestPhase.Asking(), phase())
        look(AnswerKind.Confirmation)
        assertEquals(RequestPhase.Asking(sudden = true), phase())
        page.on(RequestEvent.Yes(null))
        assertEquals(RequestPhase.Asking(sudden = true), phase())
        pass(500)
        // The same once more changes nothing.
        look(AnswerKind.Confirmation)
        assertEquals(RequestPhase.Asking(), phase())
        look(AnswerKind.Number)
        page.on(yes(wrong[0]))
        pass(0)
        assertEquals(RequestPhase.Asking(triesLeft = 1, missed = true), phase())
        // What was asked for before is asked no longer.
        look(AnswerKind.Confirmation)
        assertEquals(RequestPhase.Asking(sudden = true), phase())
    }

    @Test
    fun `its time is over also where it was tried again`() = ready {
        setUp()
        open()
        val left = screen<RequestsState>().open!!.signIn.expiresAt * 1_000 - clocks.wallMs()
        online = false
        on(yes(browser.number()))
        assertEquals(RequestEnd.NotSent, end().end)
        on(RequestEvent.TryAgain)
        pass(left + 1_000)
        assertEquals(RequestEnd.Expired, end().end)
    }

    @Test
    fun `an end stays what it is where something else is refused`() = ready {
        setUp()
        val id = screen<AddState.Added>().id
        open()
        on(RequestEvent.NotMe)
        assertEquals(RequestEnd.NotMe to LockOut.Offered, end().run { end to lockOut })
        val declined = end()
        val other = Holder.of(vault.toString())
        on(FloodEvent.BeQuiet(id))
        assertEquals(declined, end())
        other.destroyForcibly().waitFor()
        on(RequestEvent.LockAccount, RequestEvent.LockOutConfirmed)
        assertEquals(LockOut.Locked, lockOut())
    }

    @Test
    fun `a lock-out is under way until its own end, and what is refused meanwhile is told beside it`() =
        beside { core, _, page ->
            fun lockOut() = assertIs<RequestPhase.Ended>(page.state.value.open?.phase).lockOut
            core.refuses = true
            page.on(RequestEvent.NotMe)
            pass(0)
            fun confirm() {
                page.on(RequestEvent.LockAccount)
                page.on(RequestEvent.LockOutConfirmed)
                pass(0)
            }
            confirm()
            assertEquals(LockOut.Failed(ReasonName("account_busy")), lockOut())
            core.refuses = false
            var meanwhile: Pair<LockOut?, ReasonName?>? = null
            replied = {
                replied = {}
                page.on(FloodEvent.BeQuiet(core.seen.single().account))
                meanwhile = lockOut() to page.state.value.refusal
            }
            confirm()
            assertEquals(LockOut.Working to ReasonName("in_use"), meanwhile)
            assertEquals(LockOut.Locked, lockOut())
            page.on(FloodEvent.EndQuiet(core.seen.single().account))
            assertNull(page.state.value.refusal)
        }

    @Test
    fun `a notification leaves the page of an answer that is on its way`() = ready {
        setUp()
        open()
        replied = {
            replied = {}
            app.openedRequests()
        }
        on(yes(browser.number()))
        assertEquals(RequestEnd.Approved, end().end)
    }

    @Test
    fun `a no that was taken is one, also where the account can't be read then`() = beside { core, _, page ->
        core.hides = true
        page.on(RequestEvent.NotMe)
        pass(0)
        assertEquals(RequestPhase.Ended(RequestEnd.NotMe), page.state.value.open?.phase)
    }
}

/**
 * The same core, which tells of these requests and makes no account quiet; where it [hides], of no account what it can
 * do; where it [refuses], it locks none at its server.
 */
private class Told(core: Authenticator, var seen: List<SeenRequest>) :
    Authenticator(UniffiWithHandle, core.uniffiCloneHandle()) {
    var hides = false
    var refuses = false

    override fun lastSeen(now: Now) = seen

    override fun details(id: String, now: Now) = if (hides) throw CountersignException.InUse() else super.details(id, now)

    override fun beQuiet(account: String, now: Now) = throw CountersignException.InUse()

    override fun begin(job: Job, now: Now): RunId {
        if (refuses && job is Job.LockOut) throw CountersignException.Refused(Reason.ACCOUNT_BUSY)
        return super.begin(job, now)
    }
}
