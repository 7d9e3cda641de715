package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.FirstRunEvent
import org.countersign.ui.screens.FirstRunState
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.SettingsPage
import org.countersign.ui.screens.SettingsState
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.UnlockEvent
import org.countersign.ui.screens.UnlockState

class FirstRunTest : PhoneTest() {
    @Test
    fun `a vault with a password, and a recovery code that was written down`() = phone {
        screen<FirstRunState.Welcome>()
        on(FirstRunEvent.Begin)
        assertFalse(screen<FirstRunState.ChooseLock>().deviceLock)
        val password = Typed(PASSWORD)
        on(FirstRunEvent.UsePassword, FirstRunEvent.PasswordChosen(password))
        assertTrue(password.chars.all { it == '\u0000' })
        val groups = screen<FirstRunState.WriteDown>().groups
        assertEquals(8, groups.size)
        assertFalse(groups.first().text in app.state.value.toString())

        on(FirstRunEvent.WrittenDown, FirstRunEvent.GroupTyped(Typed("wrong")))
        assertTrue(screen<FirstRunState.CheckGroup>().wrong)
        on(FirstRunEvent.ShowAgain)
        assertEquals(groups, screen<FirstRunState.WriteDown>().groups)
        on(FirstRunEvent.WrittenDown)
        val asked = screen<FirstRunState.CheckGroup>().group
        on(FirstRunEvent.GroupTyped(Typed(groups[asked - 1].text.lowercase())))
        screen<FirstRunState.AskBackup>()
        on(FirstRunEvent.NoBackupNow)
        assertNull(screen<FirstRunState.Ready>().folder)
        on(FirstRunEvent.AddFirst)
        screen<AddState.ChooseKind>()
        on(AppEvent.Back)
        assertFalse(screen<AccountsState>().any)
    }

    @Test
    fun `a vault with the lock of the device`() = phone {
        deviceLock.offered = true
        deviceLock.there = false
        on(FirstRunEvent.Begin, FirstRunEvent.UseDeviceLock)
        assertEquals(ReasonName("presence_refused"), screen<FirstRunState.ChooseLock>().refusal)
        deviceLock.there = true
        on(FirstRunEvent.UseDeviceLock)
        screen<FirstRunState.WriteDown>()
        assertEquals(32, deviceLock.kept?.size)
    }

    @Test
    fun `back goes page by page and then leaves`() = phone {
        on(FirstRunEvent.Begin, FirstRunEvent.UsePassword, AppEvent.Back)
        screen<FirstRunState.ChooseLock>()
        on(AppEvent.Back)
        screen<FirstRunState.Welcome>()
        assertFalse(left)
        on(AppEvent.Back)
        assertTrue(left)
    }

    @Test
    fun `pressed twice, one vault is made`() = phone {
        on(FirstRunEvent.Begin, FirstRunEvent.UsePassword)
        perform {
            on(FirstRunEvent.PasswordChosen(Typed(PASSWORD)))
            on(FirstRunEvent.PasswordChosen(Typed(PASSWORD)))
        }
        screen<FirstRunState.WriteDown>()
    }

    @Test
    fun `a recovery code that was never checked is made anew`() = phone {
        on(FirstRunEvent.Begin, FirstRunEvent.UsePassword, FirstRunEvent.PasswordChosen(Typed(PASSWORD)))
        killed()
        screen<UnlockState>()
        on(UnlockEvent.Password(Typed(PASSWORD)))
        assertEquals(SettingsPage.RecoveryCode, screen<SettingsState>().page)
    }
}
