package org.countersign.core

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Backups: made, confirmed by what was read, opened again. */
class BackupTest : NewVaultTest() {
    @Test
    fun `it counts once it was read`() {
        add("alice")
        assertRefused(Reason.NO_BACKUP_PASSWORD) { core.backup(now()) }
        assertEquals(BackupState(null, 1u, null, emptyList(), null, BackupWarning.NoneYet), core.backupState(now()))
        core.setBackupPassword(direct(PASSWORD), now())
        val backup = core.backup(now())
        assertEquals(1uL to 0uL, backup.accounts() to backup.damaged())
        val cut = backup.bytes().dropLast(1).toByteArray()
        for (read in listOf(ByteArray(0), cut, cut + 'x'.code.toByte())) {
            assertRefused(Reason.BACKUP_UNVERIFIED) { backup.check(direct(read)) }
            assertRefused(Reason.BACKUP_UNVERIFIED) { core.confirmBackup(backup, direct(read), now()) }
        }
        assertTrue(core.isBackupDue(now()))
        backup.check(direct(backup.bytes()))
        val last = core.confirmBackup(backup, direct(backup.bytes()), now())
        assertEquals(LastBackup(backup.madeAt(), 1u, 0u), last)
        assertEquals(BackupState(last, 0u, null, listOf(Way.PASSWORD), null, null), core.backupState(now()))
        assertFalse(core.isBackupDue(now()))
        val late = core.backupState(now(wall = last.at + 91 * 86_400))
        assertEquals(91uL to BackupWarning.Old(91u), late.oldForDays to late.warning)
        add("bob")
        assertTrue(core.isBackupDue(now()))
        assertEquals(1uL to BackupWarning.Missing(1u), core.backupState(now()).let { it.missing to it.warning })
    }

    @Test
    fun `everything comes back by password and by code`() {
        val (kept, trashed) = add("alice") to add("bob")
        core.setTags(kept, listOf("work"), now())
        core.remove(trashed, now())
        core.setBackupPassword(direct(PASSWORD), now())
        val code = core.newBackupCode(now())
        val file = core.backup(now()).bytes()
        assertTrue(isBackup(direct(file)) && !isBackup(direct("{}")))

        createWithPlatform(folder.resolve("other.db").toString(), direct(KEY), now()).use { created ->
            val other = created.authenticator
            val locked = assertIs<OpenedImport.NeedsPassword>(openImport(direct(file))).file
            assertEquals("Countersign" to true, locked.kind().app to locked.takesCode())
            assertRefused(Reason.RECOVERY_CODE_MISTYPED) { locked.unlockWithCode(direct("0")) }
            val batch = opened(locked.unlockWithCode(direct(code.text())))
            assertNotNull(batch.madeAt())
            val rows = other.previewImport(opened(locked.unlock(direct(PASSWORD), 0u)), now())
            val notes = listOf("alice" to emptyList(), "bob" to listOf(ImportNote.BACK_TO_TRASH))
            assertEquals(notes, rows.map { it.name to it.notes })
            other.importEntries(batch, rows.filter { it.chosen }.map { it.entry }, now())
            val summary = other.accounts(Shelf.IN_USE, now()).single()
            assertEquals("alice" to listOf("work"), summary.name to summary.tags)
            assertEquals(listOf("bob"), other.accounts(Shelf.TRASH, now()).map { it.name })
        }
    }

    @Test
    fun `where they go and which are old`() {
        val place = BackupPlace("content://backups", 2u, true)
        core.setBackupPlace(place, now())
        assertEquals(place, core.backupState(now()).place)
        assertEquals(10u, backupsKept())
        assertRefused(Reason.VALUE_TOO_LARGE) { core.setBackupPlace(BackupPlace("x".repeat(4_097), 2u, true), now()) }
        core.setBackupPlace(null, now())
        assertNull(core.backupState(now()).place)
        val names = (0L..2L).map { core.backupName(1_800_000_000 + it, 1u) }
        val start = "countersign-${core.vaultId().take(8)}-"
        assertEquals("${start}20270115T080000Z.backup", names[0])
        assertEquals("${start}20270115T080000Z-2.backup", core.backupName(1_800_000_000, 2u))
        assertEquals(names.take(1), core.supersededBackups(names + "letter.txt", names[2], 2u))
    }

    @Test
    fun `a locked vault gives none`() {
        core.setBackupPassword(direct(PASSWORD), now())
        core.lock()
        assertFailsWith<CountersignException.Locked> { core.backup(now()) }
    }
}
