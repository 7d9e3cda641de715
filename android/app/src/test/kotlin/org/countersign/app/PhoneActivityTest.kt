package org.countersign.app

import android.view.WindowManager.LayoutParams.FLAG_SECURE
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import org.countersign.ui.logic.Choices
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.FirstRunEvent
import org.countersign.ui.screens.FirstRunState
import org.countersign.ui.screens.Grace
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.SettingsState
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.UnlockEvent
import org.countersign.ui.screens.UnlockState
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.android.controller.ActivityController

@RunWith(RobolectricTestRunner::class)
class PhoneActivityTest {
    @get:Rule val keystore = PlayedKeystore()

    private fun ActivityController<MainActivity>.isCovered() = get().window.attributes.flags and FLAG_SECURE != 0

    private fun choose(grace: Grace) {
        Choices(PhonePreferences(RuntimeEnvironment.getApplication())).grace = grace
    }

    @Test
    fun `begins with the first run, makes a vault where no backup takes it, and opens it again`() {
        val phone = launched()
        phone.firstRun()
        val context = phone.get()
        assertTrue(context.vault().isFile)
        assertEquals(context.noBackupFilesDir, context.vault().parentFile)
        phone.pause().stop().destroy()

        val again = launched()
        again.sees<UnlockState>()
        again.does(UnlockEvent.Password(Typed(PASSWORD)))
        again.sees<AccountsState>()
    }

    @Test
    fun `locks when it is left`() {
        val phone = launched().apply { firstRun() }
        choose(Grace.AtOnce)
        phone.pause().stop()
        phone.sees<UnlockState>()
        phone.restart().start().resume()
        phone.does(UnlockEvent.Password(Typed(PASSWORD)))
        phone.sees<AccountsState>()
    }

    @Test
    fun `stays open for the grace time`() {
        val phone = launched().apply { firstRun() }
        choose(Grace.TenMinutes)
        phone.pause().stop().restart().start().resume()
        phone.sees<AccountsState>()
    }

    @Test
    fun `no screenshot unless the person allows it`() {
        val phone = launched()
        assertTrue(phone.isCovered())
        phone.firstRun()
        phone.does(AccountsEvent.OpenSettings)
        phone.sees<SettingsState>()
        phone.does(SettingsEvent.SetBlockScreenshots(false))
        waitFor("an open screen") { !phone.isCovered() }
        phone.does(SettingsEvent.SetBlockScreenshots(true))
        waitFor("a covered screen") { phone.isCovered() }
    }

    @Test
    @Suppress("DEPRECATION")
    fun `Back goes one page back, and from the first leaves the app as it is`() {
        val phone = launched()
        phone.sees<FirstRunState.Welcome>()
        phone.does(FirstRunEvent.Begin)
        phone.sees<FirstRunState.ChooseLock>()
        phone.get().onBackPressed()
        phone.sees<FirstRunState.Welcome>()
        phone.get().onBackPressed()
        phone.sees<FirstRunState.Welcome>()
        assertFalse(phone.get().isFinishing)
    }
}
