package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.countersign.ui.Samples
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.FirstRunEvent
import org.countersign.ui.screens.Grace
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RecoveryMistake
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.SettingsMessage
import org.countersign.ui.screens.SettingsPage
import org.countersign.ui.screens.SettingsState
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.UnlockEvent
import org.countersign.ui.screens.UnlockState
import org.countersign.ui.screens.Way

class SettingsTest : PhoneTest() {
    private fun Phone.settings() = screen<SettingsState>()

    @Test
    fun `what is chosen is kept`() = ready {
        on(AccountsEvent.OpenSettings)
        assertEquals(Grace.HalfMinute to true, settings().let { it.grace to it.blockScreenshots })
        on(SettingsEvent.SetGrace(Grace.Never), SettingsEvent.SetBlockScreenshots(false))
        on(SettingsEvent.SetNamesInNotifications(true), SettingsEvent.SetLanguage(Language.Japanese))
        assertEquals(Language.Japanese, app.state.value?.language)
        killed()
        assertEquals(Language.Japanese, app.state.value?.language)
        on(UnlockEvent.Password(Typed(PASSWORD)), AccountsEvent.OpenSettings)
        assertEquals(
            Triple(Grace.Never, false, true),
            settings().let { Triple(it.grace, it.blockScreenshots, it.namesInNotifications) },
        )
    }

    @Test
    fun `another password`() = ready {
        on(AccountsEvent.OpenSettings, SettingsEvent.OpenPage(SettingsPage.Password()))
        on(SettingsEvent.PasswordChosen(Typed("x".repeat(2_000))))
        assertEquals(SettingsPage.Password(refusal = ReasonName("value_too_large")), settings().page)
        on(SettingsEvent.PasswordChosen(Typed("another")))
        assertEquals(SettingsPage.Overview to SettingsMessage.PasswordSet, settings().let { it.page to it.message })
        on(AppEvent.Back, AccountsEvent.Lock, UnlockEvent.Password(Typed(PASSWORD)))
        assertEquals(ReasonName("wrong_password"), screen<UnlockState>().refusal)
        on(UnlockEvent.Password(Typed("another")))
        screen<AccountsState>()
    }

    @Test
    fun `another recovery code, checked and tried`() = ready {
        on(AccountsEvent.OpenSettings, SettingsEvent.NewRecoveryCode)
        val groups = assertIs<SettingsPage.WriteDown>(settings().page).groups
        on(SettingsEvent.WrittenDown, SettingsEvent.GroupTyped(Typed("wrong")))
        val asked = assertIs<SettingsPage.CheckGroup>(settings().page)
        assertTrue(asked.wrong)
        on(SettingsEvent.GroupTyped(Typed(groups[asked.group - 1].text)))
        assertEquals(SettingsMessage.RecoveryCodeMade, settings().message)

        on(SettingsEvent.OpenPage(SettingsPage.TryCode()), SettingsEvent.TryRecoveryCode(Typed("abc")))
        assertEquals(SettingsPage.TryCode(RecoveryMistake.Length(3), tries = 1), settings().page)
        on(SettingsEvent.TryRecoveryCode(Typed(groups.joinToString("-") { it.text })))
        assertEquals(SettingsMessage.RecoveryCodeRight, settings().message)
        on(AppEvent.Back, AccountsEvent.Lock, UnlockEvent.Choose(Way.RecoveryCode))
        on(UnlockEvent.RecoveryCode(Typed(groups.joinToString(" ") { it.text.lowercase() })))
        screen<AccountsState>()
    }

    @Test
    fun `the lock of the device, on and off`() = ready {
        deviceLock.offered = true
        on(AccountsEvent.OpenSettings, SettingsEvent.SetDeviceLock(true))
        assertTrue(Way.DeviceLock in settings().ways && deviceLock.kept != null)
        on(SettingsEvent.SetDeviceLock(false))
        assertTrue(Way.DeviceLock !in settings().ways)
        assertNull(deviceLock.kept)
        assertEquals(1, deviceLock.asked)
    }

    @Test
    fun `no way in changes while nobody is there`() = ready {
        deviceLock.offered = true
        on(AccountsEvent.OpenSettings, SettingsEvent.SetDeviceLock(true))
        deviceLock.there = false
        val nobody = ReasonName("presence_refused")
        val password = Typed("another")
        on(SettingsEvent.OpenPage(SettingsPage.Password()), SettingsEvent.PasswordChosen(password))
        assertEquals(SettingsPage.Password(refusal = nobody), settings().page)
        assertTrue(password.chars.all { it == '\u0000' })
        on(AppEvent.Back, SettingsEvent.OpenPage(SettingsPage.RecoveryCode), SettingsEvent.NewRecoveryCode)
        assertEquals(SettingsPage.RecoveryCode, settings().page)
        assertEquals(SettingsMessage.Refused(nobody), settings().message)
        on(AppEvent.Back, SettingsEvent.SetDeviceLock(false))
        assertTrue(Way.DeviceLock in settings().ways && deviceLock.kept != null)
        assertEquals(3, deviceLock.asked)
        deviceLock.there = true
        on(AppEvent.Back, AccountsEvent.Lock, UnlockEvent.Choose(Way.Password), UnlockEvent.Password(Typed(PASSWORD)))
        screen<AccountsState>()
    }

    @Test
    fun `the lock of the device goes only where a password is left`() = phone {
        deviceLock.offered = true
        firstRunBy(FirstRunEvent.UseDeviceLock)
        on(AccountsEvent.OpenSettings, SettingsEvent.SetDeviceLock(false))
        assertEquals(SettingsPage.Password(insteadOfLock = true), settings().page)
        on(AppEvent.Back)
        assertEquals(setOf(Way.DeviceLock, Way.RecoveryCode), settings().ways)
        on(SettingsEvent.SetDeviceLock(false), SettingsEvent.PasswordChosen(Typed("x".repeat(2_000))))
        assertEquals(
            SettingsPage.Password(refusal = ReasonName("value_too_large"), insteadOfLock = true), settings().page,
        )
        assertTrue(deviceLock.kept != null)
        on(SettingsEvent.PasswordChosen(Typed(PASSWORD)))
        assertEquals(setOf(Way.Password, Way.RecoveryCode), settings().ways)
        assertNull(deviceLock.kept)
        on(AppEvent.Back, AccountsEvent.Lock, UnlockEvent.Password(Typed(PASSWORD)))
        screen<AccountsState>()
    }

    @Test
    fun `a report without secrets and names`() = ready {
        add("alice@example.com")
        on(AccountsEvent.OpenSettings, SettingsEvent.PasswordChosen(Typed("x".repeat(2_000))), AppEvent.Back)
        on(SettingsEvent.OpenReport, SettingsEvent.CopyReport)
        val report = clipboard.text.orEmpty()
        assertTrue("accounts: 1" in report && "damaged: 0" in report && "last backup: none, not in it: 1" in report, report)
        assertTrue("last failures: value_too_large 0 s ago" in report, report)
        // The pictures show no line that there is not.
        assertEquals(lines(Samples.report), lines(report))
        for (hidden in listOf("alice", "Example", SECRET, vault.toString())) assertFalse(hidden in report, report)
    }

    private fun lines(report: String) = report.lines().drop(2).map { it.substringBefore(':') }
}
