package org.countersign.core

import kotlin.io.path.readBytes
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Accounts of other apps: opened, previewed, imported, undone. */
class ImportTest : NewVaultTest() {
    @Test
    fun `chosen entries come in and go again`() {
        val lines = "otpauth://totp/A:a?secret=$SECRET\notpauth://totp/B:b?secret=1\notpauth://totp/A:a?secret=$SECRET\n"
        val batch = entries(lines.toByteArray())
        assertEquals("otpauth", batch.kind().app)
        val rows = core.previewImport(batch, now())
        assertEquals(listOf(true, false, false), rows.map { it.chosen })
        assertIs<Standing.New>(rows[0].standing)
        assertEquals(Standing.Refused(Reason.SECRET_NOT_BASE32), rows[1].standing)
        assertEquals(Standing.Repeated(0u), rows[2].standing)
        assertRefused(Reason.SECRET_NOT_BASE32) { core.importEntries(batch, listOf(0u, 1u), now()) }
        assertRefused(Reason.NO_SUCH_ENTRY) { core.importEntries(batch, listOf(ULong.MAX_VALUE), now()) }
        assertEquals(emptyList(), core.accounts(Shelf.IN_USE, now()))

        val imported = core.importEntries(batch, listOf(0u), now())
        assertEquals(Standing.Same(imported.accounts.single()), core.previewImport(batch, now())[0].standing)
        val renamed = entries("otpauth://totp/Z:z?secret=$SECRET".toByteArray())
        val differs = assertIs<Standing.Differs>(core.previewImport(renamed, now()).single().standing)
        assertEquals(listOf(Differs.NAMES), differs.what)
        val past = core.pastImports(now()).single()
        assertEquals(imported.id to 1uL, past.id to past.accounts)
        assertEquals(1uL, core.undoImport(past.id, now()))
        assertEquals(emptyList(), core.accounts(Shelf.IN_USE, now()))
        assertIs<Standing.InTrash>(core.previewImport(batch, now())[0].standing)
        assertRefused(Reason.NO_SUCH_IMPORT) { core.undoImport(past.id, now()) }
    }

    @Test
    fun `a password and what it costs`() {
        val locked = assertIs<OpenedImport.NeedsPassword>(openImport(direct(file("ente/encrypted.txt")))).file
        assertEquals(ImportKind("Ente Auth", "ente_encrypted"), locked.kind())
        assertEquals(listOf(DerivationCost(1024u, 2u, false)), locked.costs())
        assertEquals(0uL, locked.trial())
        assertNull(locked.overLimit(0u))
        assertEquals(OverLimit(1024u, 1000u, "KiB"), locked.overLimit(1000u))
        assertRefused(Reason.DERIVATION_TOO_COSTLY) { locked.unlock(direct(PASSWORD), 1000u) }
        assertRefused(Reason.IMPORT_WRONG_PASSWORD) { locked.unlock(direct("no"), 0u).step() }
        assertTrue(core.previewImport(opened(locked.unlock(direct(PASSWORD), 0u)), now()).isNotEmpty())
    }

    @Test
    fun `parts in any order`() {
        val (last, first, middle) = file("google/version2.txt").decodeToString().split('\n').take(3).map { entries(it.toByteArray()) }
        val two = last.joined(first)
        assertEquals(listOf(2u) to 3u, two.missingParts() to two.partCount())
        assertEquals(3, core.previewImport(two.joined(first).joined(middle), now()).size)
    }

    @Test
    fun `what is no export`() {
        assertRefused(Reason.NOT_AN_IMPORT) { openImport(direct(ByteArray(0))) }
        assertRefused(Reason.IMPORT_DAMAGED) { openImport(direct("{\"a\":".repeat(100_000))) }
    }

    private fun entries(file: ByteArray) = assertIs<OpenedImport.Entries>(openImport(direct(file))).batch

    private fun file(name: String) = ROOT.resolve("tests/fixtures/import").resolve(name).readBytes()

    private companion object {
        const val PASSWORD = "correct horse ü"
    }
}
