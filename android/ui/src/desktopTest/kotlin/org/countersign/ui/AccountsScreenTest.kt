package org.countersign.ui

import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.down
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.longClick
import androidx.compose.ui.test.moveBy
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.test.swipeDown
import androidx.compose.ui.test.up

import androidx.compose.ui.unit.dp
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import org.countersign.ui.screens.AccountRow
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsMessage
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.CodesOf
import org.countersign.ui.screens.FloodEvent

@OptIn(ExperimentalTestApi::class)
class AccountsScreenTest {
    private fun ScreenTest.row(issuer: String) = onNode(
        hasContentDescription(issuer, substring = true) and SemanticsMatcher.keyIsDefined(SemanticsActions.CustomActions),
    )

    private fun ScreenTest.spoken(issuer: String): String =
        row(issuer).fetchSemanticsNode().config[SemanticsProperties.ContentDescription].single()

    @Test
    fun `a tap copies and it is said that the clipboard will be cleared`() =
        onScreen(Samples.accounts, { if (it is AccountsEvent.TapCode) Samples.accounts.copy(message = AccountsMessage.Copied(30)) else null }) {
            row("GitHub").performClick()
            assertEquals(listOf(AccountsEvent.TapCode("id2")), all<AccountsEvent.TapCode>())
            reads(word("accounts.copied.many", "count" to 30))
            mainClock.advanceTimeBy(5_000)
            assertEquals(1, all<AccountsEvent.MessageGone>().size)
        }

    @Test
    fun `digits are spoken one by one with the seconds left, and go on by themselves`() = onScreen(Samples.accounts) {
        assertEquals("GitHub, alice, Code 4 9 6 5 4 0, 18 seconds left", spoken("GitHub"))
        pass(17)
        assertTrue(spoken("GitHub").endsWith("1 second left"))
        pass(1)
        // The period is over: the next code is right, before anybody has computed a new one.
        assertTrue("Code 3 7 4 9 9 0" in spoken("GitHub"), spoken("GitHub"))
    }

    @Test
    fun `no digit of a hidden code is on screen or spoken`() =
        onScreen(Samples.accounts.copy(hideCodes = true, revealed = setOf("id1"))) {
            assertTrue(word("accounts.code.hidden") in spoken("GitHub"))
            onNodeWithText("496 540").assertDoesNotExist()
            assertTrue("3 9 1 8 1 1" in spoken("Nagoya"))
            assertEquals("Show code", row("GitHub").fetchSemanticsNode().config[SemanticsActions.OnClick].label)
        }

    @Test
    fun `a long tap selects, and what is selected goes to the trash and back`() = onScreen(
        Samples.accounts,
        {
            when (it) {
                is AccountsEvent.ToggleSelected -> Samples.accounts.copy(selected = setOf(it.id))
                AccountsEvent.TrashSelected -> Samples.trashed
                else -> null
            }
        },
    ) {
        row("GitHub").performTouchInput { longClick() }
        row("GitHub").assertIsSelected()
        onNodeWithContentDescription(word("accounts.remove")).performClick()
        onNodeWithText(word("common.undo")).performClick()
        assertEquals(1, all<AccountsEvent.UndoTrash>().size)
    }

    @Test
    fun `search and tags are asked for`() = onScreen(Samples.searching) {
        onNode(hasSetTextAction()).performTextInput("t")
        assertEquals("t", all<AccountsEvent.Search>().last().text.filterNot { it in "con" })
        onNodeWithText("school").performClick()
        assertEquals(listOf(AccountsEvent.ChooseTag("school")), all<AccountsEvent.ChooseTag>())
    }

    @Test
    fun `a row is dragged to another place by its handle, but not over the favourites`() = onScreen(Samples.selecting) {
        fun drag(issuer: String, rows: Float) {
            val bounds = row(issuer).fetchSemanticsNode().boundsInRoot
            onRoot().performTouchInput {
                down(Offset(bounds.right + 24.dp.toPx(), bounds.center.y))
                repeat(10) { moveBy(Offset(0f, bounds.height * rows / 10)) }
                up()
            }
        }
        drag("GitHub", 1f)
        assertEquals(listOf(AccountsEvent.Move("id2", "id4")), all<AccountsEvent.Move>())
        drag("GitHub", -1f)
        assertEquals(1, all<AccountsEvent.Move>().size)
    }

    @Test
    fun `a row is moved without dragging`() = onScreen(Samples.accounts) {
        fun act(issuer: String, key: String) = runOnIdle {
            val actions = row(issuer).fetchSemanticsNode().config[SemanticsActions.CustomActions]
            actions.single { it.label == word(key) }.action()
        }
        act("Fabrikam", "accounts.do.up")
        act("Fabrikam", "accounts.do.down")
        assertEquals(
            listOf(AccountsEvent.Move("id3", "id2"), AccountsEvent.Move("id3", "id5")), all<AccountsEvent.Move>(),
        )
        val first = row("GitHub").fetchSemanticsNode().config[SemanticsActions.CustomActions].map { it.label }
        assertFalse(word("accounts.do.up") in first, "over the favourites")
    }

    @Test
    fun `pulling down looks for sign-ins, the card opens them`() = onScreen(Samples.waiting) {
        onRoot().performTouchInput { swipeDown(startY = 300f, endY = 1_200f) }
        waitForIdle()
        assertEquals(1, all<AccountsEvent.LookNow>().size)
        onNodeWithText(word("accounts.waiting.one")).performClick()
        assertEquals(1, all<AccountsEvent.OpenRequests>().size)
    }

    @Test
    fun `an empty list says how to begin`() = onScreen(AccountsState(emptyList())) {
        reads(word("accounts.empty.body"))
        tap("accounts.add")
        assertEquals(1, all<AccountsEvent.Add>().size)
    }

    @Test
    fun `too many sign-ins are counted, and the account can be silenced for a while and heard again`() {
        onScreen(Samples.flooding) {
            reads("7 sign-ins in 10 minutes: Contoso · alice@contoso.example")
            reads(word("flood.next"))
            tap("flood.be_quiet")
            assertEquals(listOf(FloodEvent.BeQuiet("id0")), all<FloodEvent.BeQuiet>())
            screen = Samples.flooding.copy(floods = listOf(Samples.quiet))
            reads(word("flood.quiet.detail"))
            onNodeWithText(word("flood.next")).assertDoesNotExist()
            tap("flood.quiet.end")
            assertEquals(listOf(FloodEvent.EndQuiet("id0")), all<FloodEvent.EndQuiet>())
        }
    }

    @Test
    fun `of a thousand accounts only those on screen are composed and get codes`() {
        val rows = List(1_000) { AccountRow("id$it", "Issuer $it", "name", CodesOf.Time, approvals = false, favourite = false) }
        onScreen(AccountsState(rows)) {
            fun composed() = onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsActions.CustomActions)).fetchSemanticsNodes().size
            assertTrue(composed() in 5..30, "${composed()} rows")
            assertTrue(all<AccountsEvent.Visible>().last().ids.size in 5..30)
            onNode(SemanticsMatcher.keyIsDefined(SemanticsActions.ScrollToIndex)).performScrollToIndex(700)
            waitForIdle()
            assertTrue(composed() in 5..40, "${composed()} rows after scrolling")
            val seen = all<AccountsEvent.Visible>().last().ids
            assertTrue("id700" in seen && seen.size < 30, "$seen")
        }
    }

    @Test
    fun `what was interrupted is told until it was read, also where there is no account`() {
        for (screen in listOf(Samples.interrupted, Samples.empty.copy(leftovers = Samples.interrupted.leftovers))) {
            onScreen(screen) {
                reads("A set-up that was interrupted has been finished: Contoso, alice@contoso.example")
                reads("Contoso · alice: An answer that was interrupted: Whether the answer arrived is not known.")
                reads("Look at the sign-in page")
                reads("Fabrikam · alice: A lock-out that was interrupted has been finished")
                reads("Something that was interrupted could not be finished: ")
                mainClock.advanceTimeBy(60_000)
                assertEquals(0, all<AccountsEvent.LeftoversRead>().size)
                tap("common.close")
                assertEquals(1, all<AccountsEvent.LeftoversRead>().size)
            }
        }
    }
}
