package org.countersign.ui.logic

import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import org.countersign.core.Browser
import org.countersign.core.PracticeSite
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.RequestEvent
import org.countersign.ui.screens.RequestPhase
import org.countersign.ui.screens.RequestsState
import org.countersign.ui.screens.Typed
import org.junit.jupiter.api.AfterEach

/** A practice site of its own for each test, and a browser that is signed in there. */
abstract class SiteTest : PhoneTest() {
    /** Numbers that no page shows and no server offers: they have two digits. */
    protected val wrong = listOf("100", "101")

    override val timeGoes = true
    protected var site = PracticeSite()
    protected var browser = Browser(site.base).signIn("alice")

    @AfterEach
    fun stop() = site.close()

    protected fun restart(vararg options: String) {
        site.close()
        site = PracticeSite(*options)
        browser = Browser(site.base).signIn("alice")
    }

    protected fun Phone.setUp() {
        val link = browser.setUp()
        perform { opened(Typed(link)) }
        on(AddEvent.TrustAnswered(true))
        assertTrue(screen<AddState.Added>().approvals)
        browser.tryOut()
    }

    /** To the request that waits, by the button of the set-up. */
    protected fun Phone.open() {
        on(AddEvent.TryRequest)
        assertEquals(RequestPhase.Asking(), phase())
    }

    protected fun Phone.phase() = screen<RequestsState>().open?.phase

    protected fun Phone.end() = assertIs<RequestPhase.Ended>(phase())

    protected fun Phone.lockOut() = end().lockOut

    protected fun yes(number: String) = RequestEvent.Yes(Typed(number))
}
