package org.countersign.ui.logic

import java.io.IOException
import kotlin.io.path.readBytes
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.countersign.core.Authenticator
import org.countersign.ui.screens.AccountEvent
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.BackupCode
import org.countersign.ui.screens.BackupEvent
import org.countersign.ui.screens.BackupFolder
import org.countersign.ui.screens.BackupMessage
import org.countersign.ui.screens.BackupPage
import org.countersign.ui.screens.BackupState
import org.countersign.ui.screens.BackupWarning
import org.countersign.ui.screens.FirstRunEvent
import org.countersign.ui.screens.FirstRunState
import org.countersign.ui.screens.Hidden
import org.countersign.ui.screens.ImportEvent
import org.countersign.ui.screens.ImportPage
import org.countersign.ui.screens.ImportState
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Standing
import org.countersign.ui.screens.Typed

private const val BACKUP_PASSWORD = "of the backups"

class BackingUpTest : PhoneTest() {
    private val Phone.backup get() = screen<BackupState>()

    private val Phone.warning get() = screen<AccountsState>().backup

    /** After a change the phone waits a little before it writes. */
    private fun Phone.settle() = pass(3_000)

    private fun Phone.withFolder() {
        on(AccountsEvent.OpenBackup, BackupEvent.ChooseFolder)
        on(BackupEvent.PasswordChosen(Typed(BACKUP_PASSWORD)))
    }

    @Test
    fun `one now, to a file, after its password was chosen`() = ready {
        assertNull(warning)
        add("alice")
        assertEquals(BackupWarning.None, warning)
        on(AccountsEvent.OpenBackup)
        assertNull(backup.facts.last)
        val password = Typed(BACKUP_PASSWORD)
        on(BackupEvent.Make)
        assertEquals(BackupPage.Password(), backup.page)
        deviceLock.offered = true
        deviceLock.there = false
        on(BackupEvent.PasswordChosen(Typed(BACKUP_PASSWORD)))
        assertEquals(BackupPage.Password(refusal = ReasonName("presence_refused")), backup.page)
        deviceLock.there = true
        on(BackupEvent.PasswordChosen(password))
        assertTrue(password.chars.all { it == '\u0000' })
        assertEquals(BackupMessage.Made, backup.message)
        assertEquals(1, documents.backups.size)
        assertEquals(1 to null, backup.facts.let { it.last?.accounts to it.warning })
        on(AppEvent.Back)
        assertNull(warning)
        add("bob")
        assertEquals(BackupWarning.Missing(1), warning)
    }

    @Test
    fun `one that is not what was written does not count, and does not stay`() = ready {
        add("alice")
        documents.written = { it.copyOf(it.size - 1) }
        on(AccountsEvent.OpenBackup, BackupEvent.Make, BackupEvent.PasswordChosen(Typed(BACKUP_PASSWORD)))
        assertEquals(BackupMessage.Refused(ReasonName("backup_unverified")), backup.message)
        assertEquals(emptyMap(), documents.made)
        assertNull(backup.facts.last)
        documents.left = true
        on(BackupEvent.Make)
        assertEquals(emptyMap(), documents.made)
    }

    @Test
    fun `a folder keeps so many, and gets one after each change`() = ready {
        withFolder()
        assertEquals(BackupFolder("documents", 10, automatic = true), backup.facts.folder)
        assertEquals(1, documents.backups.size)
        on(BackupEvent.SetKeep(3))
        assertEquals(BackupPage.Overview, backup.page)
        on(AppEvent.Back)
        for (name in listOf("alice", "bob", "carol", "dave")) {
            clocks.aheadMs += 1_000
            add(name)
            assertNull(warning)
            settle()
        }
        assertEquals(3, documents.backups.size)
        val before = documents.backups
        settle()
        on(AccountsEvent.OpenSettings, AppEvent.Back)
        settle()
        assertEquals(before, documents.backups)

        on(AccountsEvent.OpenBackup, BackupEvent.SetAutomatic(false), AppEvent.Back)
        add("erin")
        settle()
        assertEquals(before to BackupWarning.Missing(1), documents.backups to warning)
        on(AccountsEvent.OpenBackup, BackupEvent.ForgetFolder)
        assertNull(backup.facts.folder)
    }

    @Test
    fun `one that can't be written is said, and undoes no change`() = ready {
        withFolder()
        on(AppEvent.Back)
        documents.written = { throw IOException("full") }
        add("alice")
        settle()
        assertEquals(BackupWarning.Unwritten(FileRefused.UNWRITABLE), warning)
        var tried = 0
        documents.written = { throw IOException("full, at try ${++tried}") }
        on(AccountsEvent.OpenSearch, AccountsEvent.CloseSearch)
        settle()
        assertEquals(0, tried)
        assertEquals(listOf("alice"), screen<AccountsState>().rows.map { it.name })
        documents.written = { it }
        add("bob")
        settle()
        assertNull(warning)
    }

    @Test
    fun `what is changed while one is written is in the next`() = ready {
        val alice = add("alice")
        withFolder()
        on(AppEvent.Back)
        var written = 0
        // Another hand changes the vault in the middle of it, and no screen shows that.
        documents.written = { bytes -> bytes.also { if (++written == 1) goBeside { it.setNote(alice, "late", clocks.now()) } } }
        clocks.aheadMs += 1_000
        add("bob")
        settle()
        on(AccountsEvent.OpenSettings, AppEvent.Back)
        settle()
        assertEquals(2, written)
    }

    /** What another process does with the same vault. */
    private fun Phone.goBeside(change: (Authenticator) -> Unit) = Authenticator.open(vault.toString()).use { core ->
        core.unlock(lent(PASSWORD.toByteArray(), core::openByPassword), null, clocks.now())
        change(core)
    }

    @Test
    fun `what was changed is written when the app is left`() = ready {
        withFolder()
        on(AppEvent.Back)
        clocks.aheadMs += 1_000
        add("alice")
        assertEquals(1, documents.backups.size)
        perform { left() }
        assertEquals(2, documents.backups.size)
    }

    @Test
    fun `everything comes back on another phone, by the recovery code too`() = ready {
        val alice = add("alice")
        on(AccountsEvent.Open(alice), AccountEvent.TagsChanged(listOf("work")), AppEvent.Back)
        withFolder()
        val groups = newCode()
        clocks.aheadMs += 1_000
        on(BackupEvent.MakeFile, AppEvent.Back)
        val file = FileIn("mine.backup", documents.made.getValue(documents.backups.last()).readBytes())

        on(AccountsEvent.ToggleSelected(alice), AccountsEvent.TrashSelected, AccountsEvent.OpenRestore)
        documents.chosen = listOf(fixture("aegis/plain.json"))
        on(ImportEvent.ChooseFiles)
        assertEquals(ReasonName("not_a_backup"), assertIs<ImportPage.Failed>(screen<ImportState>().page).reason)
        documents.chosen = listOf(file)
        on(ImportEvent.ChooseFiles)
        assertTrue(assertIs<ImportPage.Locked>(screen<ImportState>().page).takesCode)
        on(ImportEvent.UseCode(true), ImportEvent.CodeTyped(Typed("abc")))
        val mistyped = assertIs<ImportPage.Locked>(screen<ImportState>().page)
        assertEquals(true to ReasonName("recovery_code_mistyped"), mistyped.byCode to mistyped.refusal)
        on(ImportEvent.CodeTyped(Typed(groups.joinToString("-") { it.text })))
        val preview = assertIs<ImportPage.Preview>(screen<ImportState>().page)
        assertNotNull(preview.madeAt)
        assertEquals(Standing.InTrash, preview.rows.single().standing)
        on(ImportEvent.Import, ImportEvent.Done)
        assertEquals(listOf("work"), screen<AccountsState>().rows.single().tags)
    }

    private fun Phone.newCode(): List<Hidden> {
        on(BackupEvent.NewCode)
        val groups = assertIs<BackupPage.WriteDown>(backup.page).groups
        assertEquals(BackupCode.Unchecked, backup.facts.code)
        on(BackupEvent.WrittenDown, BackupEvent.GroupTyped(Typed("wrong")))
        val asked = assertIs<BackupPage.CheckGroup>(backup.page)
        assertTrue(asked.wrong)
        on(BackupEvent.GroupTyped(Typed(groups[asked.group - 1].text)))
        assertEquals(BackupCode.There to BackupMessage.CodeMade, backup.facts.code to backup.message)
        return groups
    }

    @Test
    fun `the first run asks where backups live`() = phone {
        on(FirstRunEvent.Begin, FirstRunEvent.UsePassword, FirstRunEvent.PasswordChosen(Typed(PASSWORD)))
        val groups = screen<FirstRunState.WriteDown>().groups
        on(FirstRunEvent.WrittenDown)
        on(FirstRunEvent.GroupTyped(Typed(groups[screen<FirstRunState.CheckGroup>().group - 1].text)))
        documents.left = true
        on(FirstRunEvent.ChooseBackupFolder)
        screen<FirstRunState.AskBackup>()
        documents.left = false
        on(FirstRunEvent.ChooseBackupFolder)
        assertEquals("documents", screen<FirstRunState.BackupPassword>().folder)
        on(FirstRunEvent.BackupPasswordChosen(Typed("x".repeat(2_000))))
        assertEquals(ReasonName("value_too_large"), screen<FirstRunState.BackupPassword>().refusal)
        on(FirstRunEvent.BackupPasswordChosen(Typed(BACKUP_PASSWORD)))
        assertEquals("documents", screen<FirstRunState.Ready>().folder)
        on(FirstRunEvent.RestoreFirst)
        assertTrue(screen<ImportState>().restoring)
        settle()
        assertEquals(1, documents.backups.size)
    }
}
