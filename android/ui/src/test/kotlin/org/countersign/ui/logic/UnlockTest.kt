package org.countersign.ui.logic

import kotlin.io.path.deleteIfExists
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlin.io.path.writeText
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.Grace
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RecoveryMistake
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.SettingsState
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.UnlockEvent
import org.countersign.ui.screens.UnlockState
import org.countersign.ui.screens.UnusableEvent
import org.countersign.ui.screens.UnusableState
import org.countersign.ui.screens.Way

class UnlockTest : PhoneTest() {
    @Test
    fun `a wrong password, then the right one`() = ready {
        add("alice")
        on(AccountsEvent.Lock)
        assertEquals(UnlockState(listOf(Way.Password, Way.RecoveryCode), Way.Password), screen<UnlockState>())
        on(UnlockEvent.Password(Typed("wrong")))
        assertEquals(ReasonName("wrong_password") to 1, screen<UnlockState>().let { it.refusal to it.tries })
        on(UnlockEvent.Password(Typed(PASSWORD)))
        assertEquals("alice", screen<AccountsState>().rows.single().name)
    }

    @Test
    fun `a mistyped recovery code says where`() = ready {
        on(AccountsEvent.Lock, UnlockEvent.Choose(Way.RecoveryCode), UnlockEvent.RecoveryCode(Typed("abc")))
        assertEquals(RecoveryMistake.Length(3), screen<UnlockState>().mistake)
        on(UnlockEvent.Choose(Way.Password))
        assertNull(screen<UnlockState>().mistake)
    }

    @Test
    fun `the lock of the device opens, and when its key is gone another way is shown`() = ready {
        deviceLock.offered = true
        on(AccountsEvent.OpenSettings, SettingsEvent.SetDeviceLock(true))
        assertTrue(Way.DeviceLock in screen<SettingsState>().ways)
        perform { left() }
        pass(Grace.HalfMinute.ms!! + 1)
        // It has asked by itself.
        screen<AccountsState>()
        deviceLock.there = false
        on(AccountsEvent.Lock)
        assertEquals(ReasonName("presence_refused"), screen<UnlockState>().refusal)
        deviceLock.there = true
        deviceLock.kept = null
        on(UnlockEvent.UseDeviceLock)
        assertEquals(ReasonName("platform_key_gone") to Way.Password, screen<UnlockState>().let { it.refusal to it.way })
    }

    @Test
    fun `away for less than the grace time nothing is asked`() = ready {
        perform { left() }
        pass(29_000)
        perform { returned() }
        pass(600_000)
        screen<AccountsState>()
        perform { left() }
        pass(30_001)
        perform { returned() }
        screen<UnlockState>()
    }

    @Test
    fun `an older copy of the file is opened only by choice`() = ready {
        on(AccountsEvent.Lock)
        val old = vault.readBytes()
        on(UnlockEvent.Password(Typed(PASSWORD)))
        add("alice")
        on(AccountsEvent.Lock)
        // Other files, as a restored copy is; nothing of the new ones is left beside it.
        for (name in listOf("vault.db", "vault.db-wal", "vault.db-shm")) folder.resolve(name).deleteIfExists()
        vault.writeBytes(old)
        killed()
        on(UnlockEvent.Password(Typed(PASSWORD)))
        assertTrue(screen<UnlockState>().rolledBack)
        on(UnlockEvent.OpenOlder)
        assertFalse(screen<AccountsState>().any)
    }

    @Test
    fun `a file that is no vault is left as it is`() = phone {
        vault.writeText("hello".repeat(1_000))
        killed()
        assertEquals(ReasonName("not_a_vault"), screen<UnusableState>().reason)
        on(UnusableEvent.CopyReport)
        assertTrue("not_a_vault" in clipboard.text.orEmpty())
        on(UnusableEvent.TryAgain)
        screen<UnusableState>()
        assertEquals(5_000, vault.readBytes().size)
    }
}
