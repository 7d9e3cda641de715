package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.Distributor
import org.countersign.ui.screens.Look
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.PushEvent
import org.countersign.ui.screens.PushStanding
import org.countersign.ui.screens.PushTold
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RequestEvent
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.SettingsPage
import org.countersign.ui.screens.SettingsState
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.UnlockEvent

/** Requests that arrive by themselves, with the real practice site; the app that brings pushes is played. */
class PushesTest : SiteTest() {
    private val ntfy = Distributor("io.heckel.ntfy", "ntfy")
    private fun Phone.pushes() = screen<SettingsState>().pushes
    private fun Phone.record() = PushRecord(PreferencesIn(preferences))
    private fun address(endpoint: String) =
        """{"pushProviderId":"$endpoint","pushProviderType":"unifiedpush"}"""
    private val none = """{"pushProviderId":"disabled","pushProviderType":"none"}"""

    /** What the app that brings pushes gives, also while this one is not open. */
    private fun Phone.arrives(endpoint: String) {
        record().arrived(endpoint)
        perform { pushesChanged() }
    }

    private fun Phone.toPushes() = on(AccountsEvent.OpenSettings, SettingsEvent.OpenPage(SettingsPage.Pushes))

    /** An account of the practice site, and pushes that are on, without an address so far. */
    private fun pushing(test: Phone.() -> Unit) = ready {
        pushes.installed = listOf(ntfy)
        setUp()
        on(AddEvent.Done)
        toPushes()
        on(PushEvent.Choose(ntfy.id))
        test()
    }

    @Test
    fun `off until an app is chosen, and nothing is told before`() = ready {
        setUp()
        on(AddEvent.Done)
        toPushes()
        assertEquals(emptyList<Distributor>() to null, pushes().let { it.distributors to it.standing })
        pushes.installed = listOf(ntfy)
        on(AppEvent.Back, SettingsEvent.OpenPage(SettingsPage.Pushes))
        perform { returned() }
        assertEquals(listOf(ntfy) to null, pushes().let { it.distributors to it.chosen })
        assertEquals(PushTold.Yes, pushes().accounts.single().told)
        assertEquals(emptyList<String>() to emptyList<String?>(), pushAddresses to pushes.asked)
        assertNull(background.key)
    }

    @Test
    fun `an address is told once, also a new one that came while the vault was closed`() = pushing {
        assertEquals(PushStanding.Asked to PushTold.NotYet, pushes().let { it.standing to it.accounts.single().told })
        // Looks that a push asks for need the key of looks; regular ones were not wanted.
        assertEquals(false, background.regularly.also { assertNotNull(background.key) })
        arrives("https://push.example/one")
        assertEquals(PushStanding.Works to PushTold.Yes, pushes().let { it.standing to it.accounts.single().told })
        perform { pushesChanged() }
        perform { returned() }
        assertEquals(listOf(address("https://push.example/one")), pushAddresses)

        on(AppEvent.Back, AppEvent.Back, AccountsEvent.Lock)
        arrives("https://push.example/two")
        assertEquals(1, pushAddresses.size)
        on(UnlockEvent.Password(Typed(PASSWORD)))
        assertEquals(listOf(address("https://push.example/two")), pushAddresses.drop(1))
        // The app that brings them is asked at each start, and answers with the same.
        assertEquals(listOf<String?>(ntfy.id, ntfy.id), pushes.asked)
        arrives("https://push.example/two")
        assertEquals(2, pushAddresses.size)
    }

    @Test
    fun `an account that is added later is told by itself`() = ready {
        pushes.installed = listOf(ntfy)
        toPushes()
        on(PushEvent.Choose(ntfy.id), AppEvent.Back, AppEvent.Back)
        arrives("https://push.example/one")
        assertEquals(emptyList(), pushAddresses)
        setUp()
        assertEquals(listOf(address("https://push.example/one")), pushAddresses)
    }

    @Test
    fun `what could not be told is named, and told later by itself`() = pushing {
        online = false
        arrives("https://push.example/one")
        assertEquals(PushTold.Failed(ReasonName("no_network")), pushes().accounts.single().told)
        online = true
        pass(59_000)
        assertEquals(emptyList(), pushAddresses)
        pass(2_000)
        assertEquals(listOf(address("https://push.example/one")), pushAddresses)
        assertEquals(PushTold.Yes, pushes().accounts.single().told)
    }

    @Test
    fun `switched off, each server is told before the app that brought them`() = pushing {
        arrives("https://push.example/one")
        online = false
        pushes.asked.clear()
        on(PushEvent.Choose(null))
        assertEquals(null to PushTold.Failed(ReasonName("no_network")), pushes().let { it.standing to it.accounts.single().told })
        assertEquals(listOf<String?>(null), pushes.asked)
        assertNull(background.key)
        online = true
        on(PushEvent.Again)
        assertEquals(none, pushAddresses.last())
        assertEquals(PushTold.Yes, pushes().accounts.single().told)
        // What comes late of it changes nothing.
        arrives("https://push.example/late")
        assertEquals(2 to null, pushAddresses.size to pushes().standing)
    }

    @Test
    fun `switched on again while a server is told, the new registration stays`() = pushing {
        arrives("https://push.example/one")
        pushes.asked.clear()
        replied = {
            replied = {}
            app.on(PushEvent.Choose(ntfy.id))
        }
        on(PushEvent.Choose(null))
        assertEquals(listOf<String?>(ntfy.id), pushes.asked)
        assertEquals(PushStanding.Asked, pushes().standing)
        arrives("https://push.example/two")
        assertEquals(address("https://push.example/two") to PushTold.Yes, pushAddresses.last() to pushes().accounts.single().told)
    }

    @Test
    fun `killed while it told a server, it tells it again`() = pushing {
        lastBreath = { it.url.endsWith("/device/push-provider") }
        arrives("https://push.example/one")
        killed()
        on(UnlockEvent.Password(Typed(PASSWORD)))
        toPushes()
        assertEquals(PushTold.Yes, pushes().accounts.single().told)
        assertEquals(setOf(address("https://push.example/one")), pushAddresses.toSet())
    }

    @Test
    fun `killed while it told a server, it takes that back when it is switched off`() = pushing {
        lastBreath = { it.url.endsWith("/device/push-provider") }
        arrives("https://push.example/one")
        killed()
        online = false
        on(UnlockEvent.Password(Typed(PASSWORD)))
        toPushes()
        on(PushEvent.Choose(null))
        online = true
        on(PushEvent.Again)
        assertEquals(none to PushTold.Yes, pushAddresses.last() to pushes().accounts.single().told)
    }

    @Test
    fun `what the app that brings them says is shown, and a dead address is taken back`() = pushing {
        arrives("https://push.example/one")
        record().failed(PushStanding.Unavailable)
        perform { pushesChanged() }
        assertEquals(PushStanding.Unavailable to PushTold.Yes, pushes().let { it.standing to it.accounts.single().told })
        record().failed(PushStanding.Unregistered)
        perform { pushesChanged() }
        assertEquals(PushStanding.Unregistered to none, pushes().standing to pushAddresses.last())
        for (unusable in listOf("http://push.example/", "https://push.example/a b", "https://" + "x".repeat(2_050))) {
            on(PushEvent.Again)
            assertEquals(PushStanding.Asked, pushes().standing)
            arrives(unusable)
            assertEquals(PushStanding.Failed, pushes().standing)
        }
        pushes.installed = emptyList()
        on(PushEvent.Again)
        assertEquals(PushStanding.Gone, pushes().standing)
        assertEquals(2, pushAddresses.size)
    }

    @Test
    fun `a push makes the app that is open look once, and is no business of it else`() = pushing {
        on(AppEvent.Back, AppEvent.Back)
        var inBackground = 0
        fun comes() = perform { pushed({ inBackground++ }, {}) }
        fun looks() = sent.count { "/login/pending" in it }
        comes()
        assertEquals(1, inBackground)
        perform { returned() }
        pass(1)
        val before = looks()
        repeat(20) { comes() }
        assertEquals(before + 1 to 1, looks() to inBackground)
        assertEquals(Look.None, screen<AccountsState>().look)
        // Those that came after it began are worth one more, a little later.
        pass(4_000)
        assertEquals(before + 1, looks())
        pass(2_000)
        assertEquals(before + 2, looks())
        on(AccountsEvent.Lock)
        comes()
        assertEquals(2, inBackground)
    }

    @Test
    fun `a push that comes while the app ends is looked for in the background`() = phone {
        val told = mutableListOf<String>()
        fun App.comes() = pushed({ told += "elsewhere" }, { told += "settled" })
        app.comes()
        assertEquals(emptyList(), told)
        app.close()
        perform { comes() }
        assertEquals(listOf("elsewhere", "settled", "elsewhere", "settled"), told)
    }

    @Test
    fun `a push whose look has not begun when the app is left or locked is looked for in the background`() = pushing {
        on(AppEvent.Back, AppEvent.Back)
        var inBackground = 0
        fun twoCome() = repeat(2) { perform { pushed({ inBackground++ }, {}) } }
        fun looks() = sent.count { "/login/pending" in it }
        perform { returned() }
        pass(1)
        twoCome()
        val before = looks()
        assertEquals(0, inBackground)
        perform { left() }
        assertEquals(1, inBackground)
        pass(6_000)
        assertEquals(before to 1, looks() to inBackground)
        perform { returned() }
        twoCome()
        assertEquals(1, inBackground)
        on(AccountsEvent.Lock)
        assertEquals(2, inBackground)
    }
}
