package org.countersign.ui.logic

import java.io.IOException
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.countersign.core.ImportBatch
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.Difference
import org.countersign.ui.screens.ImportEvent
import org.countersign.ui.screens.ImportMessage
import org.countersign.ui.screens.ImportPage
import org.countersign.ui.screens.ImportState
import org.countersign.ui.screens.OverLimit
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Standing
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.UnreadFile
import org.countersign.ui.screens.UnlockEvent
import org.countersign.ui.screens.UnlockState

private const val FILE_PASSWORD = "correct horse ü"

private val LETTER = UnreadFile("letter.txt", ReasonName("not_an_import"))

class ImportingTest : PhoneTest() {
    private inline fun <reified P : ImportPage> Phone.page(): P = assertIs<P>(screen<ImportState>().page)

    private fun Phone.choose(vararg files: Document) {
        documents.chosen = files.toList()
        on(ImportEvent.ChooseFiles)
    }

    @Test
    fun `chosen accounts of another app come in, and go again`() = ready {
        on(AccountsEvent.Add, AddEvent.FromAnotherApp)
        choose(fixture("aegis/plain.json"))
        val preview = page<ImportPage.Preview>()
        assertEquals(listOf("Aegis") to setOf(0, 1, 2, 3), preview.apps to preview.chosen)
        assertTrue(preview.rows.all { it.standing == Standing.New })
        on(ImportEvent.Toggle(3), ImportEvent.Import)
        val done = page<ImportPage.Done>()
        assertEquals(3 to emptyList(), done.count to done.setUps)
        on(ImportEvent.Done)
        assertEquals(3, screen<AccountsState>().rows.size)

        on(AccountsEvent.OpenImport)
        val past = page<ImportPage.Start>().past.single()
        assertEquals("Aegis" to 3, past.app to past.accounts)
        on(ImportEvent.Undo(past.id))
        assertEquals(past, page<ImportPage.Start>().undoing)
        on(ImportEvent.UndoCancelled, ImportEvent.Undo(past.id), ImportEvent.UndoConfirmed)
        val undone = page<ImportPage.Start>()
        assertTrue(undone.past.isEmpty() && undone.message == ImportMessage.Undone(3))
        on(AppEvent.Back)
        assertEquals(0 to 3, screen<AccountsState>().let { it.rows.size to it.trashed })
    }

    @Test
    fun `how each stands to what is here, and what can't be taken`() = ready {
        perform { opened(Typed("otpauth://totp/Example:alice@example.com?secret=$SECRET&issuer=Example")) }
        on(AddEvent.AddFound, AddEvent.Done, AccountsEvent.OpenImport)
        val renamed = "otpauth://totp/Other:al?secret=$SECRET&issuer=Other"
        val same = "otpauth://totp/Example:alice@example.com?secret=$SECRET&issuer=Example"
        choose(FileIn("list.txt", "$same\n$renamed\n$renamed\notpauth://totp/B:b?secret=1\n".toByteArray()))
        val preview = page<ImportPage.Preview>()
        assertEquals(
            listOf(
                Standing.Same, Standing.Differs(listOf(Difference.Names)), Standing.Repeated(1),
                Standing.Refused(ReasonName("secret_not_base32")),
            ),
            preview.rows.map { it.standing },
        )
        on(ImportEvent.ChooseAll)
        assertEquals(setOf(0, 1, 2), page<ImportPage.Preview>().chosen)
        on(ImportEvent.Toggle(3), ImportEvent.ChooseNone, ImportEvent.Import)
        assertEquals(emptySet(), page<ImportPage.Preview>().chosen)

        on(AppEvent.Back)
        choose(fixture("microsoft/PhoneFactor"))
        val work = page<ImportPage.Preview>().rows.first()
        assertEquals(Standing.Refused(ReasonName("account_not_portable")), work.standing)
    }

    @Test
    fun `a password, typed wrong and right, with its progress`() = ready {
        on(AccountsEvent.OpenImport)
        choose(fixture("bitwarden/pbkdf2.json"))
        assertEquals("Bitwarden" to "pbkdf2.json", page<ImportPage.Locked>().let { it.app to it.file })
        val wrong = Typed("wrong")
        on(ImportEvent.PasswordTyped(wrong))
        assertTrue(wrong.chars.all { it == '\u0000' })
        val refused = page<ImportPage.Locked>()
        assertEquals(ReasonName("import_wrong_password") to 1, refused.refusal to refused.tries)
        val seen = watched()
        on(ImportEvent.PasswordTyped(Typed(FILE_PASSWORD)))
        assertEquals(4, page<ImportPage.Preview>().rows.size)
        assertTrue(seen.any { (it as? ImportState)?.page == ImportPage.Deriving("Bitwarden", 0) }, "$seen")
    }

    @Test
    fun `opening is left at any time, and nothing has changed`() = ready {
        val costly = fixture("ente/encrypted.txt") {
            it.replace("1048576", "268435456").replace("\"opsLimit\": 2", "\"opsLimit\": 30")
        }
        on(AccountsEvent.OpenImport)
        choose(costly)
        assertEquals(null, page<ImportPage.Locked>().seconds)
        on(AppEvent.Back)
        clocks.lookMs = 100
        choose(costly)
        // 30 passes over 256 MiB are 1,920 times the 4 MiB that are tried.
        assertEquals(192, page<ImportPage.Locked>().seconds)
        clocks.lookMs = 0
        perform {
            on(ImportEvent.PasswordTyped(Typed(FILE_PASSWORD)))
            on(AppEvent.Back)
        }
        page<ImportPage.Start>()
        choose(fixture("ente/encrypted.txt"))
        on(AppEvent.Back)
        page<ImportPage.Start>()
        val late = Typed("late")
        on(ImportEvent.PasswordTyped(late))
        assertTrue(late.chars.all { it == '\u0000' })
    }

    @Test
    fun `more memory than usual is given by the person only, more work by nobody`() = ready {
        on(AccountsEvent.OpenImport)
        choose(fixture("ente/encrypted.txt") { it.replace("1048576", "1073741824") })
        assertEquals(1_024 to "Ente Auth", page<ImportPage.Memory>().let { it.mib to it.app })
        on(ImportEvent.OpenAllTheSame)
        page<ImportPage.Locked>()
        on(AppEvent.Back)
        choose(fixture("bitwarden/pbkdf2.json") { it.replace("5000", "4000000000") })
        val failed = page<ImportPage.Failed>().unread.single()
        assertEquals(ReasonName("derivation_too_costly"), failed.reason)
        assertEquals(4_000_000_000 to "rounds", assertIs<OverLimit>(failed.over).let { it.wanted to it.unit })
    }

    @Test
    fun `several files at once, and a part that is missing`() = ready {
        on(AccountsEvent.OpenImport)
        val parts = fixture("google/version2.txt").read(100_000)!!.decodeToString().lines()
            .filter(String::isNotBlank).map { FileIn("part", it.toByteArray()) }
        choose(parts[0], parts[1])
        assertEquals(listOf(2), page<ImportPage.Preview>().missingParts)
        choose(parts[2])
        assertEquals(emptyList<Int>() to 3, page<ImportPage.Preview>().let { it.missingParts to it.rows.size })
        choose(FileIn("letter.txt", "Dear Sir".toByteArray()))
        assertEquals(listOf(LETTER), page<ImportPage.Preview>().unread)
        assertEquals(3, page<ImportPage.Preview>().rows.size)
        on(ImportEvent.Import)
        assertEquals(3, page<ImportPage.Done>().count)
        on(ImportEvent.UndoThis)
        assertEquals(ImportMessage.Undone(3), page<ImportPage.Start>().message)
    }

    @Test
    fun `files after a bad one, or one that is left, are read, and the bad one is told`() = ready {
        on(AccountsEvent.OpenImport)
        val letter = FileIn(LETTER.name, "Dear Sir".toByteArray())
        choose(fixture("aegis/plain.json"), letter, fixture("2fas/plain.2fas"))
        val both = page<ImportPage.Preview>()
        assertEquals(listOf("Aegis", "2FAS") to listOf(LETTER), both.apps to both.unread)
        on(AppEvent.Back)
        choose(fixture("aegis/plain.json"), fixture("bitwarden/pbkdf2.json"), letter, fixture("2fas/plain.2fas"))
        page<ImportPage.Locked>()
        on(AppEvent.Back)
        val left = page<ImportPage.Preview>()
        assertEquals(listOf("Aegis", "2FAS") to listOf(LETTER), left.apps to left.unread)
        on(AppEvent.Back)
        choose(letter, letter)
        assertEquals(ImportPage.Failed(listOf(LETTER, LETTER)), page())
        on(AppEvent.Back)
        page<ImportPage.Start>()
    }

    @Test
    fun `what was chosen stays when another file comes`() = ready {
        on(AccountsEvent.OpenImport)
        choose(fixture("aegis/plain.json"))
        on(ImportEvent.Toggle(1), ImportEvent.Toggle(3))
        choose(FileIn("one.txt", "otpauth://totp/One:one?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJA".toByteArray()))
        assertEquals(setOf(0, 2, 4), page<ImportPage.Preview>().chosen)
    }

    @Test
    fun `seeds are let go when they are of no use`() = ready {
        fun batch() = assertNotNull(assertIs<ImportPresenter>(app.screens.top).batch)
        fun assertGone(batch: ImportBatch) = assertFailsWith<IllegalStateException> { batch.kind() }
        on(AccountsEvent.OpenImport)
        choose(fixture("aegis/plain.json"))
        val first = batch()
        choose(fixture("2fas/plain.2fas"))
        assertGone(first)
        val joined = batch()
        on(AppEvent.Back)
        assertGone(joined)
        choose(fixture("aegis/plain.json"))
        val imported = batch()
        on(ImportEvent.Import)
        page<ImportPage.Done>()
        assertGone(imported)
        on(ImportEvent.Done, AccountsEvent.OpenImport)
        choose(fixture("aegis/plain.json"))
        val locked = batch()
        perform { left() }
        pass(31_000)
        screen<UnlockState>()
        assertGone(locked)
        on(UnlockEvent.Password(Typed(PASSWORD)), AccountsEvent.OpenImport)
        choose(fixture("aegis/plain.json"))
        val closed = batch()
        app.close()
        assertGone(closed)
    }

    @Test
    fun `files that can't be read`() = ready {
        on(AccountsEvent.OpenImport)
        on(ImportEvent.ChooseFiles)
        assertNull(page<ImportPage.Start>().message)
        choose(object : Document by FileIn("gone", ByteArray(0)) {
            override fun read(most: Int) = throw IOException("gone")
        })
        assertEquals(FileRefused.UNREADABLE, page<ImportPage.Failed>().unread.single().reason)
        choose(object : Document by FileIn("film", ByteArray(0)) {
            override fun read(most: Int) = null
        })
        assertEquals(ReasonName("import_too_large"), page<ImportPage.Failed>().unread.single().reason)
    }

    @Test
    fun `a link of an export is imported, not added`() = ready {
        val link = Typed(fixture("google/version1.txt").read(100_000)!!.decodeToString().lines().first())
        perform { opened(link) }
        assertTrue(link.chars.all { it == '\u0000' })
        assertEquals(1 to 2, page<ImportPage.Preview>().let { it.rows.size to it.missingParts.size })
    }

    @Test
    fun `a file that another app shared waits for the lock`() = ready {
        on(AccountsEvent.Lock)
        screen<UnlockState>()
        perform { opened(listOf(fixture("2fas/plain.2fas"))) }
        on(UnlockEvent.Password(Typed(PASSWORD)))
        assertEquals(listOf("2FAS"), page<ImportPage.Preview>().apps)
    }
}
