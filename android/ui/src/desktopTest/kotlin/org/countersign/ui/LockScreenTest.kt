package org.countersign.ui

import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.FirstRunEvent
import org.countersign.ui.screens.FirstRunState
import org.countersign.ui.screens.Hidden
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RecoveryMistake
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.UnlockEvent
import org.countersign.ui.screens.UnlockState
import org.countersign.ui.screens.Way

@OptIn(ExperimentalTestApi::class)
class LockScreenTest {
    private val locked = UnlockState(listOf(Way.Password, Way.RecoveryCode), Way.Password)

    @Test
    fun `locked by a tap, opened by the password at the second try`() = onScreen(
        Samples.accounts,
        {
            when {
                it == AccountsEvent.Lock -> locked
                it !is UnlockEvent.Password -> null
                it.typed == Typed("right") -> Samples.accounts
                else -> locked.copy(refusal = ReasonName("wrong_password"), tries = 1)
            }
        },
    ) {
        onNodeWithContentDescription(word("accounts.lock")).performClick()
        onNodeWithContentDescription("Contoso", substring = true).assertDoesNotExist()
        type("wrong")
        val shown = onNode(hasSetTextAction()).fetchSemanticsNode().config
        assertTrue(SemanticsProperties.Password in shown)
        tap("unlock.open")
        reads("does not open this vault")
        // The field is empty again.
        onNodeWithText(word("unlock.open")).assertIsNotEnabled()
        type("right")
        tap("unlock.open")
        reads(word("app.name"))
    }

    @Test
    fun `the recovery code's mistake is shown, and another way can be taken`() =
        onScreen(locked.copy(way = Way.RecoveryCode, mistake = RecoveryMistake.Length(31))) {
            reads("31 were typed")
            tap("unlock.with_password")
            assertEquals(listOf(UnlockEvent.Choose(Way.Password)), all<UnlockEvent.Choose>())
        }

    @Test
    fun `an older copy of the vault is opened only by a choice of its own`() =
        onScreen(locked.copy(rolledBack = true, refusal = ReasonName("rolled_back"))) {
            tap("unlock.open_older")
            assertEquals(listOf(UnlockEvent.OpenOlder), all<UnlockEvent.OpenOlder>())
        }

    @Test
    fun `a vault is made with a password that is typed twice and a code that is written down`() = onScreen(
        FirstRunState.Welcome,
        {
            when (it) {
                FirstRunEvent.Begin -> FirstRunState.ChooseLock(deviceLock = false)
                FirstRunEvent.UsePassword -> FirstRunState.NewPassword()
                is FirstRunEvent.PasswordChosen -> FirstRunState.WriteDown(Samples.recovery)
                FirstRunEvent.WrittenDown -> FirstRunState.CheckGroup(2)
                is FirstRunEvent.GroupTyped ->
                    if (it.text == Typed("2XWD")) FirstRunState.Ready() else FirstRunState.CheckGroup(2, wrong = true)
                else -> null
            }
        },
    ) {
        tap("first_run.begin")
        reads(word("first_run.lock.device.none"))
        tap("first_run.lock.password")
        type("four plain words", "password.new")
        type("four plain wards", "password.again")
        reads(word("password.differs"))
        onNodeWithText(word("password.use")).assertIsNotEnabled()
        type(" more", "password.new")
        screen = FirstRunState.NewPassword(busy = true)
        onNodeWithContentDescription(word("common.working")).assertExists()
        screen = FirstRunState.WriteDown(Samples.recovery)
        onNodeWithContentDescription("Group 2: 2 X W D").assertExists()
        tap("recovery.written")
        type("2XWB")
        tap("recovery.check.do")
        reads(word("recovery.check.wrong"))
        screen = FirstRunState.Ready()
        tap("first_run.ready.add")
        assertEquals(1, all<FirstRunEvent.AddFirst>().size)
    }

    @Test
    fun `nothing secret is in the text of a state or an event`() {
        val said = listOf(
            Typed("hush"), UnlockEvent.Password(Typed("hush")), FirstRunState.WriteDown(listOf(Hidden("hush"))),
            Samples.accounts, Samples.asking,
        ).joinToString()
        assertFalse("hush" in said)
        assertFalse("287082" in said)
        val typed = Typed("hush").apply { wipe() }
        assertTrue(typed.chars.all { it == '\u0000' })
    }
}
