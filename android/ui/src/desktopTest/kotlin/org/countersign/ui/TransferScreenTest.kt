package org.countersign.ui

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.assertIsOff
import androidx.compose.ui.test.assertIsOn
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isToggleable
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.BackupEvent
import org.countersign.ui.screens.BackupFolder
import org.countersign.ui.screens.BackupPage
import org.countersign.ui.screens.BackupWarning
import org.countersign.ui.screens.ExportEvent
import org.countersign.ui.screens.ExportFormat
import org.countersign.ui.screens.ExportPage
import org.countersign.ui.screens.ExportState
import org.countersign.ui.screens.FirstRunEvent
import org.countersign.ui.screens.FirstRunState
import org.countersign.ui.screens.ImportEvent
import org.countersign.ui.screens.ImportPage
import org.countersign.ui.screens.ImportState
import org.countersign.ui.screens.LastBackup
import org.countersign.ui.screens.PastImport
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Typed

@OptIn(ExperimentalTestApi::class)
class TransferScreenTest {
    private fun import(page: ImportPage) = ImportState(restoring = false, page)

    private fun row(text: String): SemanticsMatcher = isToggleable() and hasText(text, substring = true)

    @Test
    fun `files are chosen, unlocked, looked at and brought in`() = onScreen(
        import(ImportPage.Start()),
        {
            when (it) {
                ImportEvent.ChooseFiles -> import(TransferSamples.locked)
                is ImportEvent.PasswordTyped -> import(TransferSamples.preview)
                ImportEvent.Import -> import(ImportPage.Done("p", 3, emptyList()))
                else -> null
            }
        },
    ) {
        reads("Sign in again")
        tap("import.choose")
        reads("export.json is from Bitwarden")
        reads("about 14 seconds")
        onNodeWithText(word("import.open")).assertIsNotEnabled()
        type("hush")
        tap("import.open")
        assertEquals(listOf(ImportEvent.PasswordTyped(Typed("hush"))), all<ImportEvent.PasswordTyped>())
        onNode(row("Fabrikam")).assertIsOn().performClick()
        onNode(row("GitHub")).assertIsOff()
        assertEquals(listOf(ImportEvent.Toggle(2)), all<ImportEvent.Toggle>())
        onNodeWithText("Import 3 accounts").performClick()
        reads("3 accounts have come in")
        tap("import.undo.do")
        assertEquals(listOf(ImportEvent.UndoThis), all<ImportEvent.UndoThis>())
    }

    @Test
    fun `each row says how it stands, and what can't be taken can't be chosen`() =
        onLongScreen(import(TransferSamples.preview)) {
            for (text in listOf(
                "An account of these names has another key", "New, with a note", "shorter than the standard",
                "the same as number 1", "It lies in the other app's trash", "Sign in again: on your organisation",
            )) reads(text)
            onNode(row("Woodgrove")).assertDoesNotExist()
        }

    @Test
    fun `files that could not be read are beside the others, each with its reason`() =
        onScreen(import(TransferSamples.preview.copy(unread = listOf(TransferSamples.unread)))) {
            for (text in listOf("File: vault.kdbx", "at most: 100000000 rounds", "From")) reads(text)
        }

    @Test
    fun `nothing chosen, nothing to import`() = onScreen(import(TransferSamples.preview.copy(chosen = emptySet()))) {
        onNodeWithText("Import 0 accounts").assertIsNotEnabled()
        tap("import.select_all")
        assertEquals(1, all<ImportEvent.ChooseAll>().size)
    }

    @Test
    fun `a missing part is named and can be added`() =
        onScreen(import(TransferSamples.preview.copy(missingParts = listOf(1), partCount = 3))) {
            reads("2 of 3 parts; part 1 is missing")
            tap("import.add")
            assertEquals(1, all<ImportEvent.ChooseFiles>().size)
        }

    @Test
    fun `an import is undone after a question`() {
        val past = PastImport("p", "Aegis", MORNING, 2)
        onScreen(
            import(ImportPage.Start(listOf(past))),
            { if (it is ImportEvent.Undo) import(ImportPage.Start(listOf(past), undoing = past)) else null },
        ) {
            onNodeWithContentDescription("Undo the import from Aegis").performClick()
            reads("Its accounts go to the trash")
            onNodeWithText(word("import.undo.do")).performClick()
            assertEquals(listOf(ImportEvent.UndoConfirmed), all<ImportEvent.UndoConfirmed>())
        }
    }

    @Test
    fun `a key that is made slowly can be left`() = onScreen(import(ImportPage.Deriving("Bitwarden", 42))) {
        reads("42 %")
        tap("common.cancel")
        assertEquals(listOf<AppEvent>(AppEvent.Back), all<AppEvent.Back>())
    }

    @Test
    fun `a backup opens by its recovery code as well`() {
        val locked = ImportPage.Locked("mine.backup", "Countersign", takesCode = true)
        onScreen(
            ImportState(restoring = true, locked),
            { if (it is ImportEvent.UseCode) ImportState(restoring = true, locked.copy(byCode = it.on)) else null },
        ) {
            tap("unlock.with_recovery")
            type("K7QM-2XWD")
            tap("import.open")
            assertEquals(listOf(ImportEvent.CodeTyped(Typed("K7QM-2XWD"))), all<ImportEvent.CodeTyped>())
        }
    }

    @Test
    fun `a format, its accounts, a password or a warning`() = onScreen(
        ExportState(ExportPage.Formats(any = true)),
        {
            when (it) {
                is ExportEvent.Choose -> ExportState(TransferSamples.exported.copy(format = it.format))
                ExportEvent.Next -> ExportState(ExportPage.Protect(ExportFormat.Aegis))
                ExportEvent.WithoutPassword -> ExportState(ExportPage.Plain(ExportFormat.Aegis))
                else -> null
            }
        },
    ) {
        tap("export.aegis")
        reads("2 accounts can't go this way")
        reads("Without sign-in approvals, which can't leave this phone, the note")
        onNode(row("Practice site")).assertDoesNotExist()
        onNodeWithText(word("common.next")).performClick()
        tap("export.protect.plain")
        reads("Whoever gets this file")
        tap("export.save")
        assertEquals(1, all<ExportEvent.Write>().size)
    }

    @Test
    fun `codes go forth and back, and no state tells them`() {
        val codes = ExportState(ExportPage.Codes(1, 3, TransferSamples.png))
        assertFalse(TransferSamples.png.bytes.contentToString() in "$codes")
        onScreen(codes) {
            onNodeWithContentDescription("QR code 2 of 3").assertExists()
            tap("export.code.next")
            tap("export.code.previous")
            assertEquals(1 to 1, all<ExportEvent.NextCode>().size to all<ExportEvent.PreviousCode>().size)
        }
    }

    @Test
    fun `a sheet is printed`() = onScreen(ExportState(ExportPage.Plain(ExportFormat.Sheet, canPrint = true))) {
        reads("where you keep your passport")
        tap("export.print")
        assertEquals(1, all<ExportEvent.Print>().size)
    }

    @Test
    fun `backups say how they stand`() = onLongScreen(TransferSamples.noBackup) {
        reads(word("backup.none.next"))
        tap("backup.folder.none")
        tap("backup.make")
        screen = TransferSamples.backup
        reads("8 accounts\nEvery account is in it")
        screen = TransferSamples.backup.copy(facts = TransferSamples.facts.copy(last = LastBackup(MORNING, 8, damaged = 1)))
        reads("Of 1 account it has the name only")
        onNodeWithText("Every account is in it", substring = true).assertDoesNotExist()
        screen = TransferSamples.backup
        tap("backup.automatic")
        assertEquals(listOf(BackupEvent.SetAutomatic(false)), all<BackupEvent.SetAutomatic>())
        tap("backup.keep")
        screen = TransferSamples.backup.copy(page = BackupPage.Keep)
        onNodeWithText("The latest 30").assertIsEnabled().performClick()
        assertEquals(listOf(BackupEvent.SetKeep(30)), all<BackupEvent.SetKeep>())
        for (kept in listOf(3, 5, 10, 100)) onNodeWithText("The latest $kept").assertExists()
        screen = TransferSamples.backup.copy(
            facts = TransferSamples.facts.copy(folder = BackupFolder("Cloud", 7, true)), page = BackupPage.Keep,
        )
        onNodeWithText("The latest 7").assertIsSelected()
        val facts = TransferSamples.facts.copy(
            warning = BackupWarning.Unwritten(ReasonName("file.folder_gone")), folder = BackupFolder("Cloud", 3, true),
        )
        screen = TransferSamples.backup.copy(facts = facts)
        reads(word("file.folder_gone"))
        tap("restore.title")
        assertEquals(1 to 1, all<BackupEvent.ChooseFolder>().size to all<BackupEvent.Restore>().size)
    }

    @Test
    fun `the list of accounts warns, and leads to the backups`() =
        onScreen(Samples.accounts.copy(tags = emptyList(), backup = BackupWarning.Missing(2))) {
            reads("2 accounts are in no backup")
            tap("backup.renew")
            assertEquals(1, all<AccountsEvent.OpenBackup>().size)
        }

    @Test
    fun `the first run asks for a folder and offers what to bring`() = onScreen(
        FirstRunState.AskBackup(),
        { if (it == FirstRunEvent.ChooseBackupFolder) FirstRunState.Ready("Cloud") else null },
    ) {
        tap("backup.folder.choose")
        reads("Backups go to Cloud.")
        tap("first_run.ready.import")
        tap("first_run.ready.restore")
        assertEquals(1 to 1, all<FirstRunEvent.ImportFirst>().size to all<FirstRunEvent.RestoreFirst>().size)
    }
}
