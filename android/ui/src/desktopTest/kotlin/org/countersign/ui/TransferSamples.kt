package org.countersign.ui

import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import javax.imageio.ImageIO
import kotlin.random.Random
import org.countersign.ui.screens.*

/** States of the rooms for imports, exports and backups. */
object TransferSamples {
    private val past = listOf(
        PastImport("p1", "Aegis", MORNING - 86_400, 12), PastImport("p2", "otpauth", MORNING - 9 * 86_400, 1),
    )
    private val entries = listOf(
        ImportEntry(0, "Contoso", "alice@contoso.example", Standing.New),
        ImportEntry(1, "GitHub", "alice", Standing.Same),
        ImportEntry(2, "Fabrikam Mail", "alice", Standing.Differs(listOf(Difference.Key))),
        ImportEntry(3, "Old forum", "al", Standing.New, listOf("secret_short"), isOdd = true),
        ImportEntry(4, "Northwind Bank", "a.w", Standing.New, notes = listOf(ImportNote.InTrash)),
        ImportEntry(5, "Contoso", "alice@contoso.example", Standing.Repeated(0)),
        ImportEntry(6, "Woodgrove", "aw-2041", Standing.Refused(ReasonName("account_not_portable"))),
    )
    private val setUps = listOf(
        NewSetUp("Practice site", "alice", "https://login.practice.example"),
        NewSetUp("Nagoya University", "alice@nagoya.example", "https://idp.nagoya.example"),
    )
    val preview = ImportPage.Preview(listOf("Aegis"), null, entries, setOf(0, 2, 3))
    private val parts = preview.copy(
        apps = listOf("Google Authenticator"), rows = entries.take(2), chosen = setOf(0), missingParts = listOf(1, 3), partCount = 3,
    )
    private val backedUp = listOf(
        ImportEntry(0, "Contoso", "alice@contoso.example", Standing.Same),
        ImportEntry(1, "GitHub", "alice", Standing.New),
        ImportEntry(2, "Practice site", "alice", Standing.Refused(ReasonName("needs_new_set_up"))),
    )
    private val restored =
        ImportPage.Preview(listOf("Countersign"), MORNING - 3 * 86_400, backedUp, setOf(1), setUps = setUps.take(1))
    val unread =
        UnreadFile("vault.kdbx", ReasonName("derivation_too_costly"), OverLimit(4_000_000_000, 100_000_000, "rounds"))
    val locked = ImportPage.Locked("export.json", "Bitwarden", seconds = 14)

    val exportRows = listOf(
        ExportRow("id0", "Contoso", "alice@contoso.example", Carried.Without(listOf(Lost.Approvals, Lost.Note))),
        ExportRow("id1", "Nagoya University", "alice@nagoya.example", Carried.Whole),
        ExportRow("id2", "GitHub", "alice", Carried.Whole),
        ExportRow("id3", "Fabrikam Mail", "alice@fabrikam.example", Carried.LeftOut(Carried.Why.Digits)),
        ExportRow("id4", "Practice site", "alice", Carried.LeftOut(Carried.Why.NoCodes)),
    )
    val exported = ExportPage.Accounts(ExportFormat.Google, exportRows, setOf("id0", "id1", "id2"))

    private val last = LastBackup(MORNING - 7_200, 8)
    val facts = BackupFacts(
        last, null, hasPassword = true, BackupCode.There, BackupFolder("Backups", keep = 10, automatic = true),
    )
    val backup = BackupState(facts)
    val noBackup =
        BackupState(BackupFacts(null, BackupWarning.None, hasPassword = false, BackupCode.None, folder = null))

    /** Looks like a code, and says nothing. */
    val png = Png(
        ByteArrayOutputStream().also { out ->
            val (size, scale) = 49 to 6
            val random = Random(7)
            val dark = List(size) { y -> List(size) { x -> finder(x, y, size) ?: random.nextBoolean() } }
            val picture = BufferedImage(size * scale, size * scale, BufferedImage.TYPE_BYTE_BINARY)
            for (y in 0 until size * scale) for (x in 0 until size * scale) {
                picture.setRGB(x, y, if (dark[y / scale][x / scale]) 0 else 0xFFFFFF)
            }
            ImageIO.write(picture, "png", out)
        }.toByteArray(),
    )

    /** The squares in three of the corners. */
    private fun finder(x: Int, y: Int, size: Int): Boolean? {
        val (right, bottom) = (x > size / 2) to (y > size / 2)
        val (column, row) = (if (right) size - 1 - x else x) to (if (bottom) size - 1 - y else y)
        if (right && bottom || column > 7 || row > 7) return null
        val ring = maxOf(kotlin.math.abs(column - 3), kotlin.math.abs(row - 3))
        return ring != 2 && ring != 4
    }

    private fun import(page: ImportPage) = ImportState(restoring = false, page)

    private fun restore(page: ImportPage) = ImportState(restoring = true, page)

    val all: Map<String, ScreenState> = mapOf(
        "import-start" to import(ImportPage.Start(past)),
        "import-undo" to import(ImportPage.Start(past, undoing = past[0])),
        "import-reading" to import(ImportPage.Reading("aegis-export.json")),
        "import-locked" to import(locked),
        "import-locked-wrong" to import(locked.copy(seconds = null, refusal = ReasonName("import_wrong_password"), tries = 1)),
        "import-memory" to import(ImportPage.Memory("ente-auth.txt", "Ente Auth", 1_024)),
        "import-deriving" to import(ImportPage.Deriving("Bitwarden", 42)),
        "import-preview" to import(preview),
        "import-parts" to import(parts),
        "import-unread" to import(preview.copy(unread = listOf(unread))),
        "import-done" to import(ImportPage.Done("p3", 3, emptyList())),
        "import-failed" to import(
            ImportPage.Failed(listOf(unread)),
        ),
        "restore-start" to restore(ImportPage.Start()),
        "restore-code" to restore(ImportPage.Locked("countersign.backup", "Countersign", takesCode = true, byCode = true)),
        "restore-preview" to restore(restored),
        "restore-done" to restore(ImportPage.Done("p4", 7, setUps)),
        "export-formats" to ExportState(ExportPage.Formats(any = true)),
        "export-none" to ExportState(ExportPage.Formats(any = false)),
        "export-accounts" to ExportState(exported),
        "export-protect" to ExportState(ExportPage.Protect(ExportFormat.Aegis)),
        "export-password" to ExportState(ExportPage.Password(ExportFormat.Aegis)),
        "export-plain" to ExportState(ExportPage.Plain(ExportFormat.Otpauth, refusal = ReasonName("file.unwritable"))),
        "export-sheet" to ExportState(ExportPage.Plain(ExportFormat.Sheet, canPrint = true)),
        "export-screen" to ExportState(ExportPage.Plain(ExportFormat.Google)),
        "export-writing" to ExportState(ExportPage.Plain(ExportFormat.Otpauth, busy = true)),
        "export-codes" to ExportState(ExportPage.Codes(1, 3, png)),
        "export-done" to ExportState(ExportPage.Done(ExportFormat.Entra, 2)),
        "backup" to backup,
        "backup-none" to noBackup,
        "backup-old" to backup.copy(facts = facts.copy(last = last.copy(at = MORNING - 92 * 86_400), warning = BackupWarning.Old(92), folder = null)),
        "backup-unwritten" to backup.copy(
            facts = facts.copy(last = last.copy(damaged = 1), warning = BackupWarning.Unwritten(ReasonName("file.folder_gone")), code = BackupCode.Unchecked),
        ),
        "backup-making" to backup.copy(busy = true),
        "backup-password" to backup.copy(page = BackupPage.Password()),
        "backup-code" to backup.copy(page = BackupPage.Code),
        "backup-recovery" to backup.copy(page = BackupPage.WriteDown(Samples.recovery)),
        "backup-check" to backup.copy(page = BackupPage.CheckGroup(5)),
        "backup-keep" to backup.copy(page = BackupPage.Keep),
    )
}
