package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsMessage
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.CodesOf
import org.countersign.ui.screens.RowCode
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.TrashEvent
import org.countersign.ui.screens.TrashState
import org.countersign.ui.screens.Typed

class AccountsTest : PhoneTest() {
    private val Phone.names get() = screen<AccountsState>().rows.map { it.name }

    private fun Phone.code(id: String) = assertIs<RowCode.Timed>(screen<AccountsState>().codes[id]).code

    @Test
    fun `codes of the rows on screen, computed when a period begins`() = ready {
        val (alice, bob) = add("alice") to add("bob", "&digits=8")
        assertEquals(emptyMap(), screen<AccountsState>().codes)
        on(AccountsEvent.Visible(listOf(alice)))
        val first = code(alice)
        assertEquals(setOf(alice), screen<AccountsState>().codes.keys)
        assertFalse(first.current.text in app.state.value.toString())
        pass((first.validUntil * 1_000 - clocks.wallMs()) - 1_000)
        assertEquals(first, code(alice))
        pass(2_000)
        assertEquals(first.next to first.validUntil, code(alice).let { it.current to it.validFrom })
        on(AccountsEvent.Visible(listOf(bob)))
        assertEquals(8, code(bob).current.text.length)
    }

    @Test
    fun `no codes are made while the list is not seen`() = ready {
        val alice = add("alice")
        val list = app.screens.top as AccountsPresenter
        fun shown() = (list.state.value.codes[alice] as RowCode.Timed).code
        on(AccountsEvent.Visible(listOf(alice)))
        // Another screen is above it, then another app.
        on(AccountsEvent.OpenSettings)
        var last = shown()
        pass(61_000)
        assertEquals(last, shown())
        on(AppEvent.Back)
        assertNotEquals(last, shown())
        perform { left() }
        last = shown()
        pass(29_000)
        assertEquals(last, shown())
        perform { returned() }
        assertNotEquals(last, shown())
    }

    @Test
    fun `a copied code is cleared, unless something else was copied since`() = ready {
        val alice = add("alice")
        on(AccountsEvent.Visible(listOf(alice)), AccountsEvent.TapCode(alice))
        assertEquals(code(alice).current.text, clipboard.text)
        assertEquals(AccountsMessage.Copied(30), screen<AccountsState>().message)
        pass(29_000)
        on(AccountsEvent.Lock)
        assertTrue(clipboard.text != null)
        pass(1_001)
        assertNull(clipboard.text)
    }

    @Test
    fun `a copied code ends with the app, and with the one copied after it`() = ready {
        val alice = add("alice")
        on(AccountsEvent.Visible(listOf(alice)), AccountsEvent.TapCode(alice))
        pass(20_000)
        on(AccountsEvent.TapCode(alice))
        val second = code(alice).current.text
        pass(29_000)
        assertEquals(second, clipboard.text)
        app.close()
        assertNull(clipboard.text)
    }

    @Test
    fun `what else was copied stays when the app ends`() = ready {
        val alice = add("alice")
        on(AccountsEvent.Visible(listOf(alice)), AccountsEvent.TapCode(alice))
        clipboard.text = "a shopping list"
        app.close()
        assertEquals("a shopping list", clipboard.text)
    }

    @Test
    fun `hidden codes are shown by a tap, copied by the next, and hidden again`() = ready {
        val alice = add("alice")
        on(AccountsEvent.OpenSettings, SettingsEvent.SetHideCodes(true), AppEvent.Back)
        on(AccountsEvent.Visible(listOf(alice)), AccountsEvent.TapCode(alice))
        assertTrue(screen<AccountsState>().hideCodes)
        assertEquals(setOf(alice), screen<AccountsState>().revealed)
        assertNull(clipboard.text)
        on(AccountsEvent.TapCode(alice))
        assertEquals(code(alice).current.text, clipboard.text)
        pass(30_001)
        assertEquals(emptySet(), screen<AccountsState>().revealed)
    }

    @Test
    fun `search, favourites, order and tags`() = ready {
        val (alice, bob, carol) = listOf("alice", "bob", "carol").map { add(it) }
        on(AccountsEvent.OpenSearch, AccountsEvent.Search("example BO"))
        assertEquals(listOf("bob"), names)
        on(AccountsEvent.Search("nobody"))
        assertTrue(names.isEmpty() && screen<AccountsState>().any)
        on(AppEvent.Back)
        assertNull(screen<AccountsState>().query)
        on(AccountsEvent.SetFavourite(carol, true))
        assertEquals("carol", names.first())
        on(AccountsEvent.SetFavourite(carol, false), AccountsEvent.Move(carol, alice))
        assertEquals(listOf("carol", "alice", "bob"), names)
        on(AccountsEvent.Move(carol, null))
        assertEquals(listOf("alice", "bob", "carol"), names)
        on(AccountsEvent.ToggleSelected(alice), AccountsEvent.ToggleSelected(bob), AccountsEvent.TagSelected("work"))
        assertEquals(listOf("work") to emptySet<String>(), screen<AccountsState>().let { it.tags to it.selected })
        on(AccountsEvent.ChooseTag("work"))
        assertEquals(listOf("alice", "bob"), names)
        on(AccountsEvent.ChooseTag(null))
        assertEquals(3, names.size)
    }

    @Test
    fun `trash and undo`() = ready {
        val (alice, bob) = add("alice") to add("bob")
        on(AccountsEvent.ToggleSelected(alice), AccountsEvent.TrashSelected)
        assertEquals(
            AccountsMessage.Trashed(listOf(alice)) to 1, screen<AccountsState>().let { it.message to it.trashed },
        )
        on(AccountsEvent.UndoTrash)
        assertEquals(listOf("alice", "bob"), names)
        on(AccountsEvent.ToggleSelected(bob), AccountsEvent.TrashSelected, AccountsEvent.OpenTrash)
        on(TrashEvent.Restore(bob), AppEvent.Back)
        assertEquals(2, names.size)
        on(
            AccountsEvent.ToggleSelected(bob), AccountsEvent.TrashSelected, AccountsEvent.OpenTrash,
            TrashEvent.Purge(bob),
        )
        assertEquals("bob", screen<TrashState>().purging?.name)
        on(TrashEvent.PurgeConfirmed)
        assertEquals(TrashState(emptyList()), screen<TrashState>())
    }

    @Test
    fun `codes by use`() = ready {
        perform { opened(Typed("otpauth://hotp/Example:counter?secret=$SECRET&counter=0")) }
        on(AddEvent.AddFound, AddEvent.Done)
        val row = screen<AccountsState>().rows.single()
        assertEquals(CodesOf.Counter, row.codes)
        on(AccountsEvent.Visible(listOf(row.id)), AccountsEvent.UseCounter(row.id))
        val first = screen<AccountsState>().codes[row.id]
        on(AccountsEvent.UseCounter(row.id))
        assertNotEquals(first, screen<AccountsState>().codes[row.id])
        on(AccountsEvent.TapCode(row.id))
        assertEquals("287082", clipboard.text)
    }
}
