package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import org.countersign.core.TiqrServer
import org.countersign.ui.screens.AccountState
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AddKind
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.HistoryState
import org.countersign.ui.screens.Look
import org.countersign.ui.screens.PastEnd
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RequestEnd
import org.countersign.ui.screens.RequestEvent
import org.countersign.ui.screens.RequestPhase
import org.countersign.ui.screens.RequestsState
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.Wanted
import org.junit.jupiter.api.AfterEach

/** Sign-ins whose code is scanned, with the real core and a small tiqr server. */
class ScannedSignInTest : PhoneTest() {
    override val timeGoes = true
    private val server = TiqrServer()

    @AfterEach
    fun stop() = server.close()

    private fun Phone.setUp(): AddState.Added {
        perform { opened(Typed(server.setUp)) }
        on(AddEvent.TrustAnswered(true))
        return screen<AddState.Added>().also { on(AddEvent.Done) }
    }

    private fun Phone.scan(code: String) = on(
        AccountsEvent.Add, AddEvent.KindChosen(AddKind.WorkOrSchool), AddEvent.PasteLink, AddEvent.Pasted(Typed(code)),
    )

    private fun Phone.open() = checkNotNull(screen<RequestsState>().open)

    private fun Phone.yes() {
        // For a moment a single tap approves nothing.
        pass(500)
        on(RequestEvent.Yes(null))
    }

    @Test
    fun `scanned and approved`() = ready {
        val added = setUp()
        assertTrue(added.approvals && added.scanned)
        scan(server.signIn)
        assertEquals(Wanted.Confirmation to "Example tiqr", open().signIn.let { it.wants to it.application })
        deviceLock.offered = true
        yes()
        assertEquals(RequestPhase.Ended(RequestEnd.Approved) to 1, open().phase to deviceLock.asked)
        on(RequestEvent.Close)
        assertEquals(0, screen<AccountsState>().waiting)
    }

    @Test
    fun `from outside, and a look in between takes nothing away`() = ready {
        setUp()
        perform { opened(Typed(server.signIn)) }
        on(RequestEvent.LookAgain)
        assertEquals(1 to Look.None, screen<RequestsState>().let { it.waiting.size to it.look })
        yes()
        assertEquals(RequestEnd.Approved, (open().phase as RequestPhase.Ended).end)
    }

    @Test
    fun `not me ends it here, and says that the server is not told`() = ready {
        setUp()
        scan(server.signIn)
        on(RequestEvent.NotMe)
        assertEquals(RequestPhase.Ended(RequestEnd.NotMe, ReasonName("no_decline")), open().phase)
        on(RequestEvent.Close)
        scan(server.signIn)
        yes()
        assertEquals(RequestPhase.Ended(RequestEnd.NotSent, ReasonName("request_ended")), open().phase)
        on(RequestEvent.Close, AccountsEvent.OpenSettings, SettingsEvent.OpenHistory)
        assertEquals(PastEnd.NotMe, screen<HistoryState>().rows.single().end)
    }

    @Test
    fun `a sign-in of nobody here`() = ready {
        val unknown = AddState.CantAdd(ReasonName("sign_in_account_unknown"))
        scan(server.signIn)
        assertEquals(unknown, screen<AddState.CantAdd>())
        on(AddEvent.Done)
        perform { opened(Typed(server.signIn)) }
        assertEquals(unknown, screen<AddState.CantAdd>())
    }

    @Test
    fun `its account has no device key, no name in notifications, and nothing to look for`() = ready {
        val id = setUp().id
        assertFalse(screen<AccountsState>().canLook)
        on(AccountsEvent.LookNow)
        assertEquals(Look.NothingWaits, screen<AccountsState>().look)
        on(AccountsEvent.Open(id))
        val account = screen<AccountState>()
        assertEquals(true to null, account.approvals?.can?.look?.not() to account.label)
    }
}
