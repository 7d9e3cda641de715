package org.countersign.ui.logic

import java.io.IOException
import kotlin.io.path.readBytes
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.CompletableDeferred
import org.countersign.core.isBackup
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
import org.countersign.ui.screens.UnlockEvent
import org.countersign.ui.screens.UnlockState

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
        assertEquals(emptySet<String>() to false, documents.made.keys to backup.busy)
    }

    @Test
    fun `a locked vault asks for no file, and leaves no empty one`() = ready {
        add("alice")
        withFolder()
        val before = documents.made.keys
        documents.thinks = CompletableDeferred()
        clocks.aheadMs += 1_000
        on(BackupEvent.MakeFile)
        perform { left() }
        pass(31_000)
        screen<UnlockState>()
        documents.thinks?.complete(Unit)
        pass(1)
        val file = documents.made.getValue((documents.made.keys - before).single()).readBytes()
        assertTrue(lent(file, ::isBackup))

        on(UnlockEvent.Password(Typed(PASSWORD)), AccountsEvent.OpenBackup)
        val after = documents.made.keys
        documents.thinks = null
        perform { left() }
        clocks.aheadMs += 31_000
        on(BackupEvent.MakeFile)
        screen<UnlockState>()
        assertEquals(after, documents.made.keys)
    }

    @Test
    fun `a file of the folder has its name when it is whole, also where none can be renamed`() = ready {
        withFolder()
        on(AppEvent.Back)
        for (renames in listOf(true, false)) {
            documents.renames = renames
            val before = documents.backups
            val meanwhile = mutableListOf<Set<String>>()
            documents.written = { bytes -> bytes.also { meanwhile += documents.made.keys } }
            clocks.aheadMs += 1_000
            add("alice$renames")
            settle()
            assertEquals(before, meanwhile.first().filter { it.endsWith(".backup") }.sorted())
            // Where it is written once more, the first is whole and still there.
            if (!renames) assertTrue(meanwhile.last().any { it.endsWith(".part") })
            assertEquals(before.size + 1, documents.backups.size)
            assertEquals(documents.backups.toSet(), documents.made.keys)
        }
    }

    @Test
    fun `what a kill left in the middle goes with the next, and takes no place`() = ready {
        withFolder()
        on(BackupEvent.SetKeep(3), AppEvent.Back)
        val first = documents.backups.single()
        val whole = documents.made.getValue(first).readBytes()
        fun name(day: Int) = first.replace(Regex("-\\d{8}T"), "-2020010${day}T")
        fun put(name: String, bytes: ByteArray) = documents.put(name, bytes)
        val cut = whole.copyOf(whole.size / 2)
        put(name(1) + ".part", cut)
        put(name(2) + ".part", whole)
        put(name(2), cut)
        put(name(3) + ".part", whole)
        put(name(3), whole)
        put("letter.part", cut)
        // Newer by their names, but no backups.
        val others = listOf("29990101", "29990102").map { first.replace(Regex("-\\d{8}T"), "-${it}T") }
        others.forEach { put(it, ByteArray(0)) }
        clocks.aheadMs += 1_000
        add("alice")
        settle()
        assertEquals(setOf(first, name(3), "letter.part") + others, documents.made.keys - documents.last)
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
        assertEquals(ReasonName("not_a_backup"), assertIs<ImportPage.Failed>(screen<ImportState>().page).unread.single().reason)
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
    fun `a folder that is not given for good is said`() = ready {
        withFolder()
        documents.refuses = true
        on(BackupEvent.ChooseFolder)
        assertEquals(BackupMessage.Refused(FileRefused.FOLDER_GONE), backup.message)
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
        documents.refuses = true
        on(FirstRunEvent.ChooseBackupFolder)
        assertEquals(FileRefused.FOLDER_GONE, screen<FirstRunState.AskBackup>().refusal)
        documents.refuses = false
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
