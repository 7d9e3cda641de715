package org.countersign.ui.logic

import java.io.IOException
import kotlin.io.path.deleteExisting
import kotlin.io.path.readText
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.Carried
import org.countersign.ui.screens.ExportEvent
import org.countersign.ui.screens.ExportFormat
import org.countersign.ui.screens.ExportPage
import org.countersign.ui.screens.ExportState
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Typed

class ExportingTest : PhoneTest() {
    private inline fun <reified P : ExportPage> Phone.page(): P = assertIs<P>(screen<ExportState>().page)

    private fun Phone.made() = documents.made.values.single().readText()

    @Test
    fun `what a format can't carry is known before, and is not chosen`() = ready {
        val (alice, seven) = add("alice") to add("seven", "&digits=7")
        on(AccountsEvent.OpenExport, ExportEvent.Choose(ExportFormat.Google))
        val accounts = page<ExportPage.Accounts>()
        assertEquals(listOf(Carried.Whole, Carried.LeftOut(Carried.Why.Digits)), accounts.rows.map { it.carried })
        assertEquals(setOf(alice), accounts.chosen)
        on(ExportEvent.Toggle(seven), ExportEvent.ChooseAll)
        assertEquals(setOf(alice), page<ExportPage.Accounts>().chosen)
        on(ExportEvent.ChooseNone, ExportEvent.Next)
        assertEquals(emptySet(), page<ExportPage.Accounts>().chosen)
    }

    @Test
    fun `a plain file after a warning, for a person who is there`() = ready {
        add("alice")
        val bob = add("bob")
        deviceLock.offered = true
        deviceLock.there = false
        on(AccountsEvent.OpenExport, ExportEvent.Choose(ExportFormat.Otpauth), ExportEvent.Toggle(bob))
        on(ExportEvent.Next, ExportEvent.Write)
        assertEquals(ReasonName("presence_refused"), page<ExportPage.Plain>().refusal)
        assertEquals(emptyMap(), documents.made)
        deviceLock.there = true
        documents.left = true
        on(ExportEvent.Write)
        assertFalse(page<ExportPage.Plain>().busy)
        documents.left = false
        on(ExportEvent.Write)
        assertEquals(ExportPage.Done(ExportFormat.Otpauth, 1), page())
        assertTrue("alice" in made() && SECRET in made() && "bob" !in made(), made())
        on(ExportEvent.Done)
        screen<AccountsState>()
    }

    @Test
    fun `a file under a password`() = ready {
        add("alice")
        on(AccountsEvent.OpenExport)
        for (format in listOf(ExportFormat.Aegis, ExportFormat.TwoFas)) {
            on(ExportEvent.Choose(format), ExportEvent.Next)
            assertEquals(ExportPage.Protect(format), page())
            val password = Typed("of the file")
            on(ExportEvent.WithPassword, ExportEvent.PasswordChosen(password))
            assertTrue(password.chars.all { it == '\u0000' })
            assertEquals(ExportPage.Done(format, 1), page())
            on(AppEvent.Back)
        }
        assertEquals(setOf("countersign-aegis.json", "countersign.2fas"), documents.made.keys)
        assertTrue(documents.made.values.none { SECRET in it.readText() })
    }

    @Test
    fun `codes to scan, one after the other, and no screenshots meanwhile`() = ready {
        repeat(12) { add("account$it") }
        on(AccountsEvent.OpenExport, ExportEvent.Choose(ExportFormat.Google))
        assertFalse(app.state.value!!.isCovered)
        on(ExportEvent.Next)
        assertTrue(app.state.value!!.isCovered)
        on(ExportEvent.Write)
        val first = page<ExportPage.Codes>()
        assertTrue(app.state.value!!.isCovered && first.count > 1 && first.place == 0)
        on(ExportEvent.PreviousCode)
        assertEquals(0, page<ExportPage.Codes>().place)
        on(ExportEvent.NextCode)
        assertEquals(1, page<ExportPage.Codes>().place)
        on(ExportEvent.PreviousCode)
        assertContentEquals(first.png.bytes, page<ExportPage.Codes>().png.bytes)
        val codes = assertNotNull(assertIs<ExportPresenter>(app.screens.top).codes)
        on(AppEvent.Back)
        assertFailsWith<IllegalStateException> { codes.codeCount() }
        on(ExportEvent.Next, ExportEvent.Write)
        val again = assertNotNull(assertIs<ExportPresenter>(app.screens.top).codes)
        repeat(first.count) { on(ExportEvent.NextCode) }
        assertFailsWith<IllegalStateException> { again.codeCount() }
        assertEquals(ExportPage.Done(ExportFormat.Google, 12), page())
        assertEquals(emptyMap(), documents.made)
    }

    @Test
    fun `a sheet is printed or saved`() = ready {
        add("alice")
        on(AccountsEvent.OpenExport, ExportEvent.Choose(ExportFormat.Sheet), ExportEvent.Next)
        assertTrue(page<ExportPage.Plain>().canPrint)
        documents.left = true
        on(ExportEvent.Print)
        assertFalse(page<ExportPage.Plain>().busy)
        documents.left = false
        on(ExportEvent.Print)
        assertEquals(ExportPage.Done(ExportFormat.Sheet, 1), page())
        val printed = documents.printed.orEmpty()
        for (part in listOf("<html", "alice", "Accounts of Countersign", "Made on ", "Whoever sees", "When it is printed", "type its key")) assertTrue(part in printed, part)
        assertEquals(emptyMap(), documents.made)
    }

    @Test
    fun `one that can't be printed is said`() = ready {
        add("alice")
        documents.refuses = true
        on(AccountsEvent.OpenExport, ExportEvent.Choose(ExportFormat.Sheet), ExportEvent.Next, ExportEvent.Print)
        assertEquals(ExportPage.Plain(ExportFormat.Sheet, canPrint = true, refusal = FileRefused.UNPRINTABLE), page())
    }

    @Test
    fun `accounts keep the order of the list, and those that were written are counted`() = ready {
        val (alice, bob) = add("alice@example.com") to add("bob@example.com")
        on(AccountsEvent.OpenExport, ExportEvent.Choose(ExportFormat.Entra))
        on(ExportEvent.Toggle(alice), ExportEvent.Toggle(alice), ExportEvent.Next, ExportEvent.Write)
        assertEquals(ExportPage.Done(ExportFormat.Entra, 2), page())
        assertTrue(made().indexOf("alice") in 0..<made().indexOf("bob"), made())
        on(AppEvent.Back, ExportEvent.Choose(ExportFormat.Entra), ExportEvent.Next)
        goBeside { it.rename(bob, "Example", "bob", clocks.now()) }
        documents.made.values.single().deleteExisting()
        on(ExportEvent.Write)
        assertEquals(ExportPage.Done(ExportFormat.Entra, 1), page())
    }

    @Test
    fun `a file that can't be written is said, and does not stay`() = ready {
        add("alice")
        documents.written = { throw IOException("full") }
        on(AccountsEvent.OpenExport, ExportEvent.Choose(ExportFormat.Cxf), ExportEvent.Next, ExportEvent.Write)
        assertEquals(FileRefused.UNWRITABLE, page<ExportPage.Plain>().refusal)
        assertEquals(emptyMap(), documents.made)
    }

    @Test
    fun `back goes page by page`() = ready {
        add("alice")
        on(AccountsEvent.OpenExport, ExportEvent.Choose(ExportFormat.Aegis), ExportEvent.Next)
        on(ExportEvent.WithoutPassword, AppEvent.Back)
        page<ExportPage.Protect>()
        on(AppEvent.Back)
        page<ExportPage.Accounts>()
        on(AppEvent.Back)
        assertTrue(page<ExportPage.Formats>().any)
        on(AppEvent.Back)
        screen<AccountsState>()
    }
}
