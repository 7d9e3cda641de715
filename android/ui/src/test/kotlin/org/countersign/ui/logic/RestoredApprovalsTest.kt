package org.countersign.ui.logic

import kotlin.io.path.readBytes
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.BackupEvent
import org.countersign.ui.screens.ImportEvent
import org.countersign.ui.screens.ImportPage
import org.countersign.ui.screens.ImportState
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Standing
import org.countersign.ui.screens.TrashEvent
import org.countersign.ui.screens.Typed

/** What becomes of accounts that approve sign-ins: their keys never leave the phone. */
class RestoredApprovalsTest : SiteTest() {
    private val password = "of the backups"

    private fun Phone.restored(): ImportPage.Preview {
        documents.chosen = documents.made.values.map { FileIn("mine.backup", it.readBytes()) }
        on(AccountsEvent.OpenRestore, ImportEvent.ChooseFiles, ImportEvent.PasswordTyped(Typed(password)))
        return assertIs<ImportPage.Preview>(screen<ImportState>().page)
    }

    @Test
    fun `they are listed, with who to ask for a new set-up`() = ready {
        setUp()
        on(AddEvent.Done, AccountsEvent.OpenBackup, BackupEvent.Make, BackupEvent.PasswordChosen(Typed(password)))
        on(AppEvent.Back)
        val here = restored()
        assertEquals(Standing.Same to emptyList(), here.rows.single().standing to here.setUps)

        on(ImportEvent.Done, AppEvent.Back, AppEvent.Back)
        val id = screen<AccountsState>().rows.single().id
        on(AccountsEvent.ToggleSelected(id), AccountsEvent.TrashSelected, AccountsEvent.OpenTrash)
        on(TrashEvent.Purge(id), TrashEvent.PurgeConfirmed, AppEvent.Back)
        val gone = restored()
        assertEquals(Standing.Refused(ReasonName("needs_new_set_up")), gone.rows.single().standing)
        assertEquals(listOf("${site.base}/realms/practice"), gone.setUps.map { it.origin })
    }
}
