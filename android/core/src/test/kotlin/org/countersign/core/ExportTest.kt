package org.countersign.core

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.junit.jupiter.api.BeforeEach

/** Accounts for other apps and for paper: foretold, written, read again. */
class ExportTest : NewVaultTest() {
    private lateinit var alice: String
    private lateinit var seven: String

    @BeforeEach
    fun accounts() {
        alice = add("alice")
        seven = add("seven", "&digits=7")
        core.setNote(alice, "a note", now())
    }

    @Test
    fun `what a format carries is known before`() {
        val rows = core.previewExport(ExportFormat.GOOGLE, null, now())
        assertEquals(listOf(alice, seven), rows.map { it.id })
        assertEquals(listOf(Carried.Without(listOf(Lost.NOTE)), Carried.LeftOut(LeftOut.DIGITS)), rows.map { it.carried })
        assertEquals(rows, export(ExportTarget.Google).rows())
        val whole = core.previewExport(ExportFormat.AEGIS, listOf(alice), now()).single()
        assertEquals(ExportRow(alice, "Example", "alice", Carried.Whole), whole)
        assertFailsWith<CountersignException.NoSuchAccount> {
            core.previewExport(ExportFormat.CXF, listOf("nobody"), now())
        }
    }

    @Test
    fun `files are read again`() {
        val both = listOf("alice" to 6L, "seven" to 7L)
        for (target in listOf(ExportTarget.Otpauth, ExportTarget.Aegis(null), ExportTarget.Cxf)) {
            val export = export(target)
            assertEquals(both to 0u, entries(file(export)) to export.codeCount(), "$target")
        }
        assertEquals(both.take(1), entries(file(export(ExportTarget.TwoFas(null), alice))))
        val page = file(export(ExportTarget.Sheet(WORDS))).decodeToString()
        for (word in listOf("<html", "print it", "keep it", "title", "made")) assertTrue(word in page, word)
        core.rename(alice, "Example", "alice@example.com", now())
        assertTrue(",$SECRET," in file(export(ExportTarget.Entra)).decodeToString())
    }

    @Test
    fun `under a password`() {
        val takes = ExportFormat.entries.filter(::exportTakesPassword)
        assertEquals(listOf(ExportFormat.AEGIS, ExportFormat.TWO_FAS), takes)
        assertEquals("countersign-aegis.json" to null, exportFileName(ExportFormat.AEGIS) to exportFileName(ExportFormat.GOOGLE))
        val targets = listOf(
            ExportTarget.Aegis(AegisKey.derive(direct(PASSWORD))),
            ExportTarget.TwoFas(TwoFasKey.derive(direct(PASSWORD))),
        )
        for (target in targets) {
            val file = file(export(target, alice))
            assertTrue(SECRET !in file.decodeToString())
            val locked = assertIs<OpenedImport.NeedsPassword>(openImport(direct(file))).file
            val row = core.previewImport(opened(locked.unlock(direct(PASSWORD), 0u)), now()).single()
            assertEquals(Standing.Same(alice), row.standing)
        }
    }

    @Test
    fun `codes to scan`() {
        repeat(12) { add("account$it") }
        val export = export(ExportTarget.Google)
        assertNull(export.file())
        assertTrue(export.codeCount() > 1u)
        val batches = (0u until export.codeCount()).map { batch(export.codePng(it, 4u)) }
        assertTrue(batches[1].missingParts().isNotEmpty())
        val whole = batches.reduce { first, second -> first.joined(second) }
        assertEquals(emptyList<UInt>() to 13, whole.missingParts() to core.previewImport(whole, now()).size)
        assertRefused(Reason.NO_SUCH_ENTRY) { export.codePng(export.codeCount(), 4u) }
    }

    private fun export(target: ExportTarget, vararg accounts: String) =
        core.export(target, accounts.toList().ifEmpty { null }, now())

    private fun file(export: Export) = checkNotNull(export.file())

    /** What our own import reads of it: each is there already. */
    private fun entries(file: ByteArray) = core.previewImport(batch(file), now()).map {
        assertIs<Standing.Same>(it.standing)
        it.name to (it.digits ?: 6)
    }

    private fun batch(file: ByteArray) = assertIs<OpenedImport.Entries>(openImport(direct(file))).batch

    private companion object {
        /** Each its own name. */
        val WORDS = SheetWords(
            "language", "title", "made", listOf("print it", "keep it"), "secret", "pin", "digits", "period", "counter",
            "algorithm", "tags", "note", "favourite", "no_code",
        )
    }
}
