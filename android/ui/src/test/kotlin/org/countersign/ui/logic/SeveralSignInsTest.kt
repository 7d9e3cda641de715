package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue
import org.countersign.core.Authenticator
import org.countersign.core.Browser
import org.countersign.core.CountersignException
import org.countersign.core.Flood
import org.countersign.core.Now
import org.countersign.core.PracticeSite
import org.countersign.core.UniffiWithHandle
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.LockOut
import org.countersign.ui.screens.RequestEnd
import org.countersign.ui.screens.RequestEvent
import org.countersign.ui.screens.RequestPhase
import org.countersign.ui.screens.RequestsState
import org.countersign.ui.screens.SignIn

/** Sign-ins that wait beside each other, with the real core, real HTTP and the real practice site. */
class SeveralSignInsTest : SiteTest() {
    /** Two sign-ins wait, each at a site of its own and so long after the other; none is open. */
    private fun two(apartMs: Long = 1_000, test: Phone.(newer: SignIn, older: SignIn) -> Unit) = ready {
        setUp()
        on(AddEvent.Done)
        // Servers count whole seconds.
        Thread.sleep(apartMs)
        PracticeSite().use { second ->
            browser = Browser(second.base).signIn("alice")
            setUp()
            on(AddEvent.Done, AccountsEvent.LookNow)
            val waiting = screen<RequestsState>().waiting
            assertEquals(2, waiting.size)
            test(waiting.first(), waiting.last())
        }
    }

    @Test
    fun `of several, the newest comes first, and each says which account is meant`() = two { newer, older ->
        assertTrue(newer.askedAt!! > older.askedAt!!, "$newer, $older")
        assertEquals(List(2) { "Practice · alice" to null }, listOf(newer, older).map { it.account to it.seenAt })
    }

    @Test
    fun `beside the open one another is opened, also after a wrong answer`() = two { newer, older ->
        on(RequestEvent.Open(older.key), yes(wrong[0]))
        assertEquals(listOf(newer), screen<RequestsState>().others)
        on(RequestEvent.Open(newer.key))
        assertEquals(RequestPhase.Asking() to listOf(older), phase() to screen<RequestsState>().others)
        on(yes(browser.number()))
        assertEquals(RequestEnd.Approved, end().end)
    }

    @Test
    fun `of several, one whose time is over waits no longer, also before another look`() = two(apartMs = 4_000) { newer, older ->
        fun left() = older.expiresAt * 1_000 - clocks.wallMs()
        online = false
        pass(left() - 2_000)
        on(RequestEvent.LookAgain)
        val looked = sent.size
        while (screen<RequestsState>().waiting.size == 2 && left() > -1_500) pass(100)
        assertEquals(listOf(newer) to looked, screen<RequestsState>().waiting to sent.size)
        // One that waits alone needs no choice.
        assertEquals(newer, screen<RequestsState>().open?.signIn)
    }

    @Test
    fun `while the account is locked at its server nothing else is opened, and the end is told there`() =
        two { newer, older ->
            on(RequestEvent.Open(newer.key), RequestEvent.NotMe, RequestEvent.LockAccount)
            replied = {
                replied = {}
                listOf(RequestEvent.TryAgain, RequestEvent.Close, RequestEvent.Open(older.key), AppEvent.Back).forEach(app::on)
                app.openedRequests()
            }
            on(RequestEvent.LockOutConfirmed)
            assertEquals(newer.key to LockOut.Locked, screen<RequestsState>().open?.signIn?.key to lockOut())
            on(RequestEvent.Close)
            assertEquals(older, screen<RequestsState>().open?.signIn)
        }

    @Test
    fun `an account that can't be read hides no other request`() = two { _, older ->
        goBeside { core ->
            val (good, damaged) = core.lastSeen(clocks.now()).map { it.account }
            val session = session(Damaged(core, damaged))
            val looker = Looker(session).also { it.remember() }
            val presenter = RequestsPresenter(session, looker, nowhere, Place.Requests(open = older.key))
            pass(0)
            val state = presenter.state.value
            assertEquals(listOf("Practice · alice", "alice"), state.waiting.map { it.account })
            assertEquals(older.key to emptyList(), state.open?.signIn?.key to state.floods)
            core.lock()
            assertFailsWith<CountersignException.Locked> { session.readable(good) }
        }
    }

    @Test
    fun `a tap approves nothing whose buttons have just moved`() = ready {
        fun isSudden() = assertIs<RequestPhase.Asking>(phase()).sudden
        setUp()
        open()
        on(yes(browser.number()), RequestEvent.Close)
        PracticeSite("--verification", "none").use { second ->
            browser = Browser(second.base).signIn("alice")
            setUp()
            on(AddEvent.TryRequest)
            pass(500)
            assertFalse(isSudden())
            Browser(site.base).signIn("alice")
            on(RequestEvent.LookAgain, RequestEvent.Yes(null))
            assertEquals(2 to true, screen<RequestsState>().waiting.size to isSudden())
            pass(500)
            // The same once more moves nothing.
            on(RequestEvent.LookAgain)
            assertFalse(isSudden())
            on(RequestEvent.Yes(null))
            assertEquals(RequestEnd.Approved, end().end)
        }
    }
}

/** The same core where the row of [account] is damaged, of which more sign-ins were seen than one person begins. */
private class Damaged(core: Authenticator, private val account: String) :
    Authenticator(UniffiWithHandle, core.uniffiCloneHandle()) {
    override fun summary(id: String, now: Now) =
        if (id == account) throw CountersignException.NoSuchAccount() else super.summary(id, now)

    override fun floods(now: Now) = listOf(Flood(account, 7u, 10u, null))
}
