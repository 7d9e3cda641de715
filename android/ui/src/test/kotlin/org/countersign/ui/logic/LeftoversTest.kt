package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.countersign.core.Authenticator
import org.countersign.core.Browser
import org.countersign.core.CountersignException
import org.countersign.core.Now
import org.countersign.core.PracticeSite
import org.countersign.core.Reason
import org.countersign.core.RunId
import org.countersign.core.UniffiWithHandle
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.Leftover
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RequestEnd
import org.countersign.ui.screens.RequestEvent
import org.countersign.ui.screens.RequestPhase
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.UnlockEvent

/** What an app that was killed had begun comes to its end in the next one, which tells so. */
class LeftoversTest : SiteTest() {
    private fun Phone.told() = screen<AccountsState>().leftovers

    @Test
    fun `killed while the set-up was sent, it goes on after unlocking`() = ready {
        perform { opened(Typed(browser.setUp())) }
        lastBreath = { it.url.endsWith("/enroll/complete") }
        on(AddEvent.TrustAnswered(true))
        screen<AddState.Working>()
        killed()
        on(UnlockEvent.Password(Typed(PASSWORD)))
        assertTrue(screen<AccountsState>().canLook)
        assertEquals(listOf(Leftover(Leftover.End.SetUp("Practice", "alice"))), told())
        on(AccountsEvent.LeftoversRead)
        assertEquals(emptyList(), told())
        assertEquals(1, sent.count { it.endsWith("/enroll/complete") })
        browser.tryOut()
        on(AccountsEvent.LookNow, yes(browser.number()))
        assertEquals(RequestEnd.Approved, end().end)
    }

    @Test
    fun `killed while the answer was sent, it is not sent again`() = ready {
        setUp()
        open()
        lastBreath = { it.url.endsWith("/respond") }
        on(yes(browser.number()))
        assertEquals(RequestPhase.Answering(yes = true), phase())
        assertEquals("Authenticator added", browser.get("/setup/try").title())
        killed()
        on(UnlockEvent.Password(Typed(PASSWORD)))
        assertEquals(0, screen<AccountsState>().waiting)
        assertEquals(listOf(Leftover(Leftover.End.AnswerStopped(ReasonName("result_unknown")), ALICE)), told())
        assertEquals(1, sent.count { it.endsWith("/respond") })
    }

    @Test
    fun `killed before the decline was sent, it is sent after unlocking`() = ready {
        setUp()
        open()
        lastBreath = { it.url.endsWith("/respond") }
        lastArrives = false
        on(RequestEvent.NotMe)
        killed()
        on(UnlockEvent.Password(Typed(PASSWORD)))
        assertEquals(listOf(Leftover(Leftover.End.Answered, ALICE)), told())
        assertEquals(1, sent.count { it.endsWith("/respond") })
    }

    @Test
    fun `killed before the approval was sent, nobody approves instead of the person`() = ready {
        setUp()
        open()
        lastBreath = { it.url.endsWith("/respond") }
        lastArrives = false
        on(yes(browser.number()))
        killed()
        on(UnlockEvent.Password(Typed(PASSWORD)))
        assertEquals(listOf(Leftover(Leftover.End.Stopped(ReasonName("presence_refused")), ALICE)), told())
        assertNotEquals("Authenticator added", browser.get("/setup/try").title())
    }

    @Test
    fun `what another version began is cleared away, and keeps nothing else from its end`() = ready {
        setUp()
        open()
        lastArrives = false
        lastBreath = { it.url.endsWith("/respond") || it.url.endsWith("/enroll/complete") }
        on(RequestEvent.NotMe)
        PracticeSite().use { other ->
            perform { opened(Typed(Browser(other.base).signIn("alice").setUp())) }
            on(AddEvent.TrustAnswered(true))
        }
        killed()
        val core = Authenticator.open(vault.toString())
        val opened = lent(PASSWORD.toByteArray(), core::openByPassword)
        core.unlock(opened, null, clocks.now())
        val left = core.unfinished(clocks.now())
        val setUp = left.single { it.account == null }.run
        val (told, deleted) = goOn(Updated(core, setUp))
        assertEquals(2, left.size)
        assertEquals(
            setOf<Leftover?>(
                Leftover(Leftover.End.Answered, ALICE), Leftover(Leftover.End.Stopped(ReasonName("flow_outdated"))),
            ) to 2,
            told.toSet() to told.size,
        )
        assertEquals(emptyList(), core.unfinished(clocks.now()))
        assertNull(core.hostRow(deleted.single(), clocks.now()))
    }

    private companion object {
        const val ALICE = "Practice · alice"
    }
}

/** The same core as an update of the app sees it, which can't read what the version before has begun. */
private class Updated(core: Authenticator, private val old: RunId) :
    Authenticator(UniffiWithHandle, core.uniffiCloneHandle()) {
    override fun resume(run: RunId, now: Now) =
        if (run == old) throw CountersignException.Refused(Reason.FLOW_OUTDATED) else super.resume(run, now)
}
