package org.countersign.ui.logic

import kotlin.concurrent.thread
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.countersign.core.Authenticator
import org.countersign.core.Browser
import org.countersign.core.DeclineReason
import org.countersign.core.Event
import org.countersign.core.Holder
import org.countersign.core.HttpReply
import org.countersign.core.Shelf
import org.countersign.ui.screens.AccountEvent
import org.countersign.ui.screens.AccountMessage
import org.countersign.ui.screens.AccountState
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.CheckOf
import org.countersign.ui.screens.FloodEvent
import org.countersign.ui.screens.KeyPlace
import org.countersign.ui.screens.LockOut
import org.countersign.ui.screens.Look
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RequestEnd
import org.countersign.ui.screens.RequestEvent
import org.countersign.ui.screens.RequestPhase
import org.countersign.ui.screens.RequestsState
import org.countersign.ui.screens.SelfTest
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.SettingsPage
import org.countersign.ui.screens.SettingsState
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.UnlockEvent
import org.countersign.ui.screens.UnlockState

/** The whole job, with the real core, real HTTP and the real practice site. */
class SignInTest : SiteTest() {
    @Test
    fun `set up and approved by number`() = ready {
        perform { opened(Typed(browser.setUp())) }
        val trust = screen<AddState.Trust>()
        assertEquals("${site.base}/realms/practice" to "127.0.0.1", trust.server.let { it.text to it.host })
        on(AddEvent.TrustAnswered(true))
        val added = screen<AddState.Added>()
        browser.tryOut()
        deviceLock.offered = true
        open()
        on(yes(browser.number()))
        assertEquals(RequestEnd.Approved, end().end)
        assertEquals(1, deviceLock.asked)
        assertEquals("Authenticator added", browser.get("/setup/try").title())
        on(RequestEvent.Close)
        val list = screen<AccountsState>()
        assertEquals(Triple(added.id, 0, true), Triple(list.rows.single().id, list.waiting, list.canLook))
    }

    @Test
    fun `no trust, no account`() = ready {
        perform { opened(Typed(browser.setUp())) }
        on(AddEvent.TrustAnswered(false))
        assertEquals(AddState.Failed(ReasonName("trust_refused")), screen<AddState.Failed>())
        on(AddEvent.Done)
        assertTrue(!screen<AccountsState>().any)
    }

    @Test
    fun `a wrong number is corrected`() = ready {
        setUp()
        open()
        on(yes(wrong[0]))
        assertEquals(RequestPhase.Asking(triesLeft = 1, missed = true), phase())
        on(yes(browser.number()))
        assertEquals(RequestEnd.Approved, end().end)
    }

    @Test
    fun `two wrong numbers end it`() = ready {
        setUp()
        open()
        on(yes(wrong[0]), yes(wrong[1]))
        assertEquals(RequestEnd.WrongAnswer, end().end)
        assertNotEquals("Authenticator added", browser.get("/setup/try").title())
        on(RequestEvent.Close)
        screen<AccountsState>()
    }

    @Test
    fun `not me, also after a wrong number`() = ready {
        setUp()
        open()
        on(RequestEvent.NotMe)
        assertEquals(RequestEnd.NotMe, end().end)
        on(RequestEvent.Close)
        browser.tryAgain()
        on(AccountsEvent.LookNow, yes(wrong[0]), RequestEvent.NotMe)
        assertEquals(RequestEnd.NotMe, end().end)
    }

    @Test
    fun `a no that can't be sent is one all the same`() = ready {
        setUp()
        open()
        online = false
        on(RequestEvent.NotMe)
        assertEquals(Triple(RequestEnd.NotSent, true, LockOut.Offered), end().run { Triple(end, notMe, lockOut) })
        on(RequestEvent.TryAgain, yes(browser.number()))
        assertEquals(RequestEnd.NotSent to false, end().run { end to notMe })
        // Another process has removed the account: no more is even tried.
        goBeside { core ->
            val id = core.accounts(Shelf.IN_USE, clocks.now()).single().id
            core.remove(id, clocks.now())
            core.purge(id, clocks.now())
        }
        on(RequestEvent.TryAgain, RequestEvent.NotMe)
        assertEquals(RequestPhase.Ended(RequestEnd.NotSent, ReasonName("no_such_account"), notMe = true), end())
    }

    @Test
    fun `after not me the account is locked at its server, if it is meant`() = ready {
        setUp()
        open()
        on(RequestEvent.NotMe)
        assertEquals(LockOut.Offered, lockOut())
        on(RequestEvent.LockOutConfirmed)
        assertEquals(LockOut.Offered, lockOut())
        on(RequestEvent.LockAccount, RequestEvent.LockOutCancelled)
        assertEquals(LockOut.Offered, lockOut())
        on(RequestEvent.LockAccount, AppEvent.Back)
        assertEquals(LockOut.Offered, lockOut())
        online = false
        on(RequestEvent.LockAccount, RequestEvent.LockOutConfirmed)
        assertEquals(LockOut.Failed(ReasonName("no_network")), lockOut())
        assertEquals(RequestEnd.NotMe, end().end)
        online = true
        sent.clear()
        on(RequestEvent.LockAccount, RequestEvent.LockOutConfirmed)
        assertEquals(LockOut.Locked, lockOut())
        assertEquals(1, sent.count { it.endsWith("/login/lockout") })
        on(RequestEvent.LockAccount)
        assertEquals(LockOut.Locked, lockOut())
        on(RequestEvent.Close)
        screen<AccountsState>()
    }

    @Test
    fun `what was sent while another process writes is recorded after it`() = ready {
        setUp()
        open()
        var writing: Thread? = null
        replied = {
            if (writing == null) {
                val other = Holder.of(vault.toString())
                writing = thread {
                    // Longer than the core waits, which is 5 s.
                    Thread.sleep(7_000)
                    other.destroyForcibly().waitFor()
                }
            }
        }
        on(RequestEvent.NotMe)
        assertNotNull(writing).join()
        assertEquals(RequestEnd.NotMe, end().end)
        goBeside { core -> assertEquals(DeclineReason.NOT_ME, core.history(clocks.now()).first().decline) }
    }

    @Test
    fun `nobody there at the end may try again`() = ready {
        setUp()
        deviceLock.offered = true
        deviceLock.there = false
        open()
        on(yes(browser.number()))
        assertEquals(RequestPhase.Asking(refusal = ReasonName("presence_refused")), phase())
        deviceLock.there = true
        on(yes(browser.number()))
        assertEquals(RequestEnd.Approved, end().end)
    }

    @Test
    fun `the time is over`() = ready {
        setUp()
        open()
        val left = screen<RequestsState>().open!!.signIn.expiresAt * 1_000 - clocks.wallMs()
        // The site's time does not pass, so that it would list the request still.
        online = false
        pass(left - 1_000)
        assertIs<RequestPhase.Asking>(phase())
        // What the machine took since it was opened is not played.
        pass(30_000)
        assertEquals(RequestEnd.Expired, end().end)
    }

    @Test
    fun `offline, then again`() = ready {
        setUp()
        open()
        online = false
        on(yes(browser.number()))
        assertEquals(RequestPhase.Ended(RequestEnd.NotSent, ReasonName("no_network")), phase())
        online = true
        on(RequestEvent.TryAgain, yes(browser.number()))
        assertEquals(RequestEnd.Approved, end().end)
        online = false
        on(RequestEvent.Close, AccountsEvent.LookNow)
        assertEquals(Look.Failed(ReasonName("no_network")), screen<AccountsState>().look)
    }

    @Test
    fun `expecting a sign-in looks until one comes`() = ready {
        setUp()
        open()
        on(yes(browser.number()), RequestEvent.Close, AccountsEvent.ExpectSignIn)
        assertIs<Look.Expecting>(screen<AccountsState>().look)
        pass(10_000)
        assertIs<Look.Expecting>(screen<AccountsState>().look)
        browser = Browser(site.base).signIn("alice")
        // To the pause comes up to a fifth by chance.
        pass(2_500)
        assertEquals(1, screen<RequestsState>().waiting.size)
        on(yes(browser.number()))
        assertEquals(RequestEnd.Approved, end().end)
        on(RequestEvent.Close, AccountsEvent.ExpectSignIn)
        pass(121_000)
        assertEquals(Look.NothingWaits, screen<AccountsState>().look)
    }

    @Test
    fun `while it is seen the app looks by itself, and else not`() = ready {
        setUp()
        open()
        on(yes(browser.number()), RequestEvent.Close)
        browser = Browser(site.base).signIn("alice")
        perform { left() }
        val before = sent.size
        pass(20_000)
        assertEquals(before to 0, sent.size to screen<AccountsState>().waiting)
        perform { returned() }
        pass(18_000)
        assertEquals(1, screen<AccountsState>().waiting)
    }

    @Test
    fun `what waits stays where the next look fails, which is told`() = ready {
        setUp()
        open()
        online = false
        on(RequestEvent.LookAgain)
        val failed = Look.Failed(ReasonName("no_network"))
        assertEquals(1 to failed, screen<RequestsState>().let { it.waiting.size to it.look })
    }

    @Test
    fun `why a look failed is told until a later one of that account succeeds`() = ready {
        setUp()
        on(AddEvent.Done)
        online = false
        on(AccountsEvent.LookNow)
        val failed = Look.Failed(ReasonName("no_network"))
        assertEquals(failed, screen<AccountsState>().look)
        // After a failure the pause is 30 seconds and up to a fifth by chance.
        pass(37_000)
        assertEquals(0 to failed, screen<AccountsState>().let { it.waiting to it.look })
        online = true
        pass(73_000)
        assertEquals(1 to Look.None, screen<AccountsState>().let { it.waiting to it.look })
    }

    @Test
    fun `why more waits than can be told is told beside what waits, and where that has ended`() = ready {
        setUp()
        on(AddEvent.Done)
        var listed: HttpReply? = null
        changed = { request, event ->
            if (event is Event.Reply && "/login/pending" in request.url) {
                val list = listed ?: event.reply.withUnreadable().also { listed = it }
                Event.Reply(list)
            } else {
                event
            }
        }
        val failed = Look.Failed(ReasonName("reply_unreadable"))
        on(AccountsEvent.LookNow)
        assertEquals(1 to failed, screen<RequestsState>().let { it.waiting.size to it.look })
        on(RequestEvent.NotMe, RequestEvent.Close, AccountsEvent.LookNow)
        assertEquals(0 to failed, screen<AccountsState>().let { it.waiting to it.look })
    }

    /** With an entry beside the others that nobody understands. */
    private fun HttpReply.withUnreadable(): HttpReply {
        val list = body.decodeToString().replace("\"challenges\":[", "\"challenges\":[{},")
        return copy(body = list.toByteArray())
    }

    @Test
    fun `without a network, expecting a sign-in ends with that`() = ready {
        setUp()
        open()
        on(RequestEvent.NotMe, RequestEvent.Close)
        online = false
        on(AccountsEvent.ExpectSignIn)
        pass(121_000)
        assertEquals(Look.Failed(ReasonName("no_network")), screen<AccountsState>().look)
    }

    @Test
    fun `a look that was asked for is not over with one that was answered before`() = ready {
        setUp()
        open()
        on(yes(browser.number()), RequestEvent.Close)
        val seen = watched()
        // The app looks by itself; meanwhile a sign-in begins and the person asks.
        replied = {
            replied = {}
            browser = Browser(site.base).signIn("alice")
            app.on(AccountsEvent.LookNow)
        }
        pass(18_000)
        assertEquals(1, screen<RequestsState>().waiting.size)
        assertTrue(seen.none { (it as? AccountsState)?.look == Look.NothingWaits })
    }

    @Test
    fun `a silenced account is told as such, until that ends`() = ready {
        setUp()
        val id = screen<AddState.Added>().id
        on(AddEvent.Done, FloodEvent.BeQuiet(id))
        val quiet = screen<AccountsState>().floods.single()
        assertEquals(id, quiet.account)
        assertTrue(quiet.quietUntil!! > clocks.wallMs() / 1_000)
        on(FloodEvent.EndQuiet(id))
        assertNull(screen<AccountsState>().floods.singleOrNull()?.quietUntil)
    }

    @Test
    fun `each server's clock, and whose codes are made by it`() = ready {
        fun clocks() = assertIs<SettingsPage.Clocks>(screen<SettingsState>().page).clocks
        on(AccountsEvent.OpenSettings, SettingsEvent.OpenClocks)
        assertEquals(emptyList(), clocks())
        setUp()
        open()
        on(RequestEvent.NotMe, RequestEvent.Close, AccountsEvent.OpenSettings, SettingsEvent.OpenClocks)
        val clock = clocks().single()
        assertEquals("${site.base}/realms/practice", clock.server)
        assertTrue(clock.secondsAhead in -2L..2L && !clock.used, "$clock")
        on(SettingsEvent.UseForCodes(clock.account, true))
        assertTrue(clocks().single().used)
    }

    @Test
    fun `a request waits behind the lock`() = ready {
        setUp()
        on(AddEvent.Done, AccountsEvent.Lock)
        perform { openedRequests() }
        assertTrue(screen<UnlockState>().requestWaits)
        on(UnlockEvent.Password(Typed(PASSWORD)))
        assertEquals(RequestPhase.Asking(), phase())
    }

    @Test
    fun `a link on the same phone only looks`() = ready {
        setUp()
        perform { opened(Typed("${site.base.replace("http", "https")}/realms/practice?number=99")) }
        on(AppEvent.Back, AddEvent.Done)
        screen<AccountsState>()
    }

    @Test
    fun `what an account can do`() = ready {
        setUp()
        val id = screen<AddState.Added>().id
        on(AddEvent.Done, AccountsEvent.Open(id))
        assertEquals(KeyPlace.Software to "ES256", screen<AccountState>().approvals?.let { it.key to it.keyAlgorithm })
        on(AccountEvent.RunTest)
        val checks = assertIs<SelfTest.Done>(screen<AccountState>().test).checks
        val working = listOf(CheckOf.Key, CheckOf.Server, CheckOf.Clock, CheckOf.Client, CheckOf.Registration)
        assertTrue(checks.filter { it.works == true }.map { it.what }.containsAll(working), "$checks")
        assertTrue(checks.none { it.works == false }, "$checks")
        on(AccountEvent.RenewKey)
        assertEquals(AccountMessage.KeyRenewed, screen<AccountState>().message)
        on(AccountEvent.LabelChanged("Work"), AccountEvent.NoteChanged("a note"), AccountEvent.Renamed("Office", "me"))
        assertEquals(
            listOf("Work", "a note", "Office", "me"),
            screen<AccountState>().let { listOf(it.label, it.note, it.issuer, it.name) },
        )
        on(AccountEvent.LabelChanged(null))
        assertNull(screen<AccountState>().label)
        on(AccountEvent.LockOutConfirmed)
        assertEquals(AccountMessage.LockedOut, screen<AccountState>().message)
        on(AccountEvent.RemoveConfirmed)
        assertEquals(1, screen<AccountsState>().trashed)
    }

    @Test
    fun `the clock and the last failures are told`() = ready {
        fun clock() = screen<SettingsState>().clock.offsetSeconds
        fun settings() = on(AppEvent.Back, AccountsEvent.OpenSettings)
        settings()
        assertNull(clock())
        setUp()
        val id = screen<AddState.Added>().id
        open()
        on(yes(wrong[0]), yes(wrong[1]), RequestEvent.Close)
        settings()
        // A second or two is the way that a reply takes.
        assertTrue(clock() in -2L..2L, "${clock()}")
        clocks.aheadMs += 90_000
        // Keycloak tells the time with an access token alone, and a self-test takes a fresh one.
        on(AppEvent.Back, AccountsEvent.Open(id), AccountEvent.RunTest)
        settings()
        assertTrue(clock() in 88L..92L, "${clock()}")
        online = false
        on(AppEvent.Back, AccountsEvent.LookNow)
        settings()
        on(SettingsEvent.OpenReport, SettingsEvent.CopyReport)
        val report = clipboard.text.orEmpty()
        assertTrue("clock: unknown how it is set, ${clock()} s ahead of the servers" in report, report)
        assertTrue(Regex("last failures: no_network \\d s ago,.* wrong_number ").containsMatchIn(report), report)
    }

    @Test
    fun `a PIN`() = ready {
        restart("--verification", "pin")
        setUp()
        open()
        on(yes(browser.number()))
        assertEquals(RequestEnd.Approved, end().end)
    }

    @Test
    fun `a plain yes, while another server is gone`() = ready {
        setUp()
        on(AddEvent.Done)
        restart("--verification", "none")
        setUp()
        on(AddEvent.TryRequest)
        pass(500)
        on(RequestEvent.Yes(null))
        assertEquals(RequestEnd.Approved, end().end)
    }

    @Test
    fun `a tap for something else does not approve what has just come`() = ready {
        restart("--verification", "none")
        setUp()
        deviceLock.offered = true
        deviceLock.there = false
        on(AddEvent.TryRequest)
        repeat(2) {
            on(RequestEvent.Yes(null))
            assertTrue(assertIs<RequestPhase.Asking>(phase()).sudden)
            pass(499)
            on(RequestEvent.Yes(null))
            assertTrue(assertIs<RequestPhase.Asking>(phase()).sudden)
            pass(1)
            assertEquals(it, deviceLock.asked)
            // Nobody is there: it is shown anew, where the finger still is.
            on(RequestEvent.Yes(null))
        }
        perform { left() }
        pass(10_000)
        perform { returned() }
        assertTrue(assertIs<RequestPhase.Asking>(phase()).sudden)
        on(RequestEvent.NotMe)
        assertEquals(RequestEnd.NotMe, end().end)
    }

    @Test
    fun `background checks have the key of today`() = ready {
        setUp()
        on(AddEvent.Done, AccountsEvent.OpenSettings, SettingsEvent.SetBackground(true))
        val first = background.key
        on(SettingsEvent.PasswordChosen(Typed("another")))
        assertTrue(first != null && background.key != null && !first.contentEquals(background.key))
        on(SettingsEvent.SetBackground(false))
        assertNull(background.key)
    }
}
