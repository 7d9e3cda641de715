package org.countersign.ui

import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertHasNoClickAction
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.assertTextContains
import androidx.compose.ui.test.assertTextEquals
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import kotlin.test.Test
import kotlin.test.assertEquals
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.LockOut
import org.countersign.ui.screens.Look
import org.countersign.ui.screens.OpenRequest
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RequestEnd
import org.countersign.ui.screens.RequestEvent
import org.countersign.ui.screens.RequestPhase
import org.countersign.ui.screens.RequestsState
import org.countersign.ui.screens.ScreenState
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.Wanted
import org.countersign.ui.words.Words

@OptIn(ExperimentalTestApi::class)
class RequestScreenTest {
    private fun phase(phase: RequestPhase): ScreenState = RequestsState(emptyList(), OpenRequest(Samples.signIn, phase))

    @Test
    fun `the number is typed and goes with yes`() = onScreen(Samples.asking) {
        onNodeWithText(word("request.yes")).assertIsNotEnabled()
        type("4x7")
        onNodeWithText(word("request.yes")).assertIsEnabled()
        tap("request.yes")
        assertEquals(listOf(RequestEvent.Yes(Typed("47"))), all<RequestEvent.Yes>())
    }

    @Test
    fun `a wrong number twice ends declined`() {
        var tries = 0
        onScreen(
            Samples.asking,
            {
                when {
                    it !is RequestEvent.Yes -> null
                    ++tries == 1 -> phase(RequestPhase.Asking(triesLeft = 1, missed = true))
                    else -> phase(RequestPhase.Ended(RequestEnd.WrongAnswer, ReasonName("wrong_number")))
                }
            },
        ) {
            type("11")
            tap("request.yes")
            reads(word("request.missed"))
            reads(word("request.missed.last"))
            // What was wrong is gone: nobody sends it again by a second tap.
            onNodeWithText(word("request.yes")).assertIsNotEnabled()
            type("12")
            tap("request.yes")
            reads(word("request.wrong"))
            reads("change your password now")
        }
    }

    @Test
    fun `a wrong PIN is not looked for on a page`() {
        val signIn = Samples.signIn.copy(wants = Wanted.Pin(4))
        for (left in 1..2) {
            onScreen(RequestsState(emptyList(), OpenRequest(signIn, RequestPhase.Asking(left, missed = true)))) {
                reads(word("request.missed_pin"))
                reads(word(if (left == 1) "request.missed.last" else "request.missed_pin.next"))
                onNodeWithText(word("request.missed")).assertDoesNotExist()
            }
        }
    }

    @Test
    fun `not me comes with what to do now`() =
        onScreen(Samples.asking, { if (it == RequestEvent.NotMe) Samples.ended(RequestEnd.NotMe) else null }) {
            tap("request.not_me")
            reads(word("advice.title"))
            reads(word("advice.password"))
            tap("common.done")
            assertEquals(1, all<RequestEvent.Close>().size)
        }

    @Test
    fun `what to do now is said to who said it's not me, however that ended`() {
        for (end in RequestEnd.entries - RequestEnd.NotMe) for (notMe in listOf(false, true)) {
            onLongScreen(phase(RequestPhase.Ended(end, notMe = notMe))) {
                if (notMe) reads(word("advice.password"))
                else onNodeWithText(word("advice.password")).assertDoesNotExist()
            }
        }
    }

    @Test
    fun `while the account is being locked nobody leaves`() {
        val ended = RequestPhase.Ended(RequestEnd.NotSent, notMe = true, lockOut = LockOut.Working)
        onLongScreen(phase(ended)) {
            for (button in listOf("common.try_again", "common.close")) onNodeWithText(word(button)).assertIsNotEnabled()
        }
        onLongScreen(phase(ended.copy(end = RequestEnd.NotMe))) { onNodeWithText(word("common.done")).assertIsNotEnabled() }
        onLongScreen(Samples.besideOthers(ended.copy(end = RequestEnd.NotMe))) {
            onNodeWithText(word("request.next.many", "count" to 2)).assertIsNotEnabled()
            onNode(hasText("VPN")).assertHasNoClickAction()
        }
    }

    @Test
    fun `after not me the account is locked by a second tap, and it is said who opens it again`() = onScreen(
        Samples.notMe(LockOut.Offered),
        {
            when (it) {
                RequestEvent.LockAccount -> Samples.notMe(LockOut.Asking)
                RequestEvent.LockOutCancelled -> Samples.notMe(LockOut.Failed(ReasonName("no_network")))
                RequestEvent.LockOutConfirmed -> Samples.notMe(LockOut.Locked)
                else -> null
            }
        },
    ) {
        reads(word("advice.password"))
        tap("account.lock_out")
        reads(word("account.lock_out.body"))
        onNodeWithText(word("common.cancel")).performClick()
        reads(Words.of(Language.English).what(ReasonName("no_network")))
        tap("account.lock_out")
        onNodeWithText(word("account.lock_out.do")).performClick()
        reads(word("account.locked_out"))
        reads(word("account.locked_out.next"))
        reads(word("advice.password"))
        onNodeWithText(word("account.lock_out")).assertDoesNotExist()
    }

    @Test
    fun `that it was somebody else is said to be known only where the server is told`() {
        onScreen(Samples.ended(RequestEnd.NotMe)) { reads(word("request.not_me.body")) }
        for (sample in listOf("request-not-me-untold", "request-no-decline")) onScreen(Samples.all.getValue(sample)) {
            onNodeWithText(word("request.not_me.body")).assertDoesNotExist()
            reads(word("advice.password"))
        }
        onScreen(Samples.all.getValue("request-not-me-untold")) { reads(word("request.not_me.untold")) }
    }

    @Test
    fun `that nothing waits is said after a look, not before`() {
        for (look in listOf(Look.Now, Look.Expecting(MORNING + 60), Look.Failed(ReasonName("no_network")))) {
            onScreen(RequestsState(emptyList(), look = look)) {
                onNodeWithText(word("requests.none")).assertDoesNotExist()
                if (look !is Look.Failed) reads(word("look.now"))
            }
        }
        onScreen(RequestsState(emptyList(), look = Look.NothingWaits)) { reads(word("requests.none")) }
    }

    @Test
    fun `while the answer is on its way nothing can be answered twice`() =
        onScreen(phase(RequestPhase.Answering(yes = true))) {
            onNodeWithText(word("request.not_me")).assertIsNotEnabled()
            onNodeWithContentDescription(word("common.working")).assertExists()
            onNode(hasSetTextAction()).assertDoesNotExist()
        }

    @Test
    fun `letters and words are taken as the server wants them`() {
        onScreen(Samples.wanting(Wanted.Letters)) {
            type("aB")
            tap("request.yes")
            assertEquals(listOf(RequestEvent.Yes(Typed("aB"))), all<RequestEvent.Yes>())
        }
        onScreen(Samples.wanting(Wanted.Word(listOf("apple", "river")))) {
            onNodeWithText("river").performClick()
            tap("request.yes")
            assertEquals(listOf(RequestEvent.Yes(Typed("river"))), all<RequestEvent.Yes>())
        }
        onScreen(
            Samples.wanting(Wanted.Confirmation).let { state ->
                state.copy(open = state.open?.copy(phase = RequestPhase.Asking(sudden = true)))
            },
        ) {
            onNodeWithText(word("request.yes")).assertIsNotEnabled()
            onNodeWithText(word("request.not_me")).assertIsEnabled()
        }
        onScreen(Samples.wanting(Wanted.Confirmation)) {
            tap("request.yes")
            assertEquals(listOf(RequestEvent.Yes(null)), all<RequestEvent.Yes>())
        }
    }

    @Test
    fun `who, where, when and the seconds left are told and spoken`() = onScreen(Samples.asking) {
        fun time(age: String) = onNode(
            hasContentDescription("Time, Nov 24, 2026", substring = true) and hasContentDescription(age, substring = true),
        ).assertExists()
        onNodeWithContentDescription("Account, Contoso · alice@contoso.example").assertExists()
        onNodeWithContentDescription("Place, Nagoya, Japan").assertExists()
        time(", 22 s ago")
        onNodeWithContentDescription("98 seconds left").assertExists()
        pass(37)
        time(", 59 s ago")
        pass(60)
        time(", 1 min ago")
        onNodeWithContentDescription("1 second left").assertExists()
    }

    @Test
    fun `where the server tells no time, it is said when this phone saw it and that the end is a guess`() {
        onScreen(Samples.asked(Samples.seen)) {
            onNodeWithContentDescription("Time, seen 1 min ago, about 45 seconds left").assertExists()
            onNodeWithContentDescription("45 seconds left").assertDoesNotExist()
            pass(44)
            onNodeWithContentDescription("Time, seen 1 min ago, about 1 second left").assertExists()
        }
        val new = Samples.seen.copy(seenAt = MORNING - 5, expiresAt = MORNING + 115)
        onLongScreen(Samples.asked(new), Language.Japanese) {
            onNodeWithContentDescription("時刻、5 秒前に確認、残り約 115 秒").assertExists()
        }
    }

    @Test
    fun `of a scanned one only the time that is left is told`() {
        onScreen(Samples.asked(Samples.signIn.copy(askedAt = null))) {
            onNode(hasContentDescription("Time", substring = true)).assertDoesNotExist()
            onNodeWithContentDescription("98 seconds left").assertExists()
        }
    }

    @Test
    fun `of several each can be opened, and the warning says which to answer`() = onScreen(Samples.several) {
        reads(word("requests.several"))
        onNode(hasText("VPN")).performClick()
        assertEquals(listOf(RequestEvent.Open("r2")), all<RequestEvent.Open>())
    }

    @Test
    fun `the others are told with account, place and age beside the open one and after it, and can be opened`() {
        for (phase in listOf(RequestPhase.Asking(), RequestPhase.Ended(RequestEnd.Approved))) {
            onLongScreen(Samples.besideOthers(phase)) { theOthers() }
        }
    }

    private fun ScreenTest.theOthers() {
        reads(word("request.others.many", "count" to 2))
        val rows = onAllNodes(hasClickAction() and hasText("left", substring = true))
        rows.assertCountEquals(2)
        rows[0].assertTextEquals("VPN", "Contoso · alice@contoso.example\nPlace not known\n1 min ago, 60 seconds left")
        val library = "Nagoya University · alice\nNagoya, Japan\nseen 1 min ago, about"
        rows[1].assertTextEquals("Library", "$library 45 seconds left")
        pass(5)
        rows[1].assertTextEquals("Library", "$library 40 seconds left").performClick()
        assertEquals(listOf(RequestEvent.Open(Samples.seen.key)), all<RequestEvent.Open>())
    }

    @Test
    fun `while an answer is on its way the others are told, and not opened`() =
        onLongScreen(Samples.besideOthers(RequestPhase.Answering(yes = true))) {
            onNode(hasText("VPN")).assertHasNoClickAction()
        }

    @Test
    fun `an answer that the server refused says how many more it takes before it blocks the account`() {
        onScreen(Samples.beforeBlock) { reads("After 1 more wrong answer the server blocks the account.") }
        onLongScreen(Samples.beforeBlock, Language.Japanese) { reads(word("request.before_block.one", "count" to 1)) }
    }

    @Test
    fun `what can't be asked for can only be declined`() =
        onScreen(Samples.wanting(Wanted.Unsupported(ReasonName("answer_kind_unsupported")))) {
            onNodeWithText(word("request.unsupported")).assertExists()
            onNodeWithText(word("request.yes")).assertDoesNotExist()
            onNodeWithText(word("request.not_me")).assertIsEnabled()
        }

    @Test
    fun `why an account was not made quiet is read beside what floods it`() {
        for (state in listOf(Samples.several, Samples.ended(RequestEnd.NotMe))) {
            onLongScreen(state.copy(floods = listOf(Samples.flooded), refusal = ReasonName("in_use"))) {
                tap("flood.be_quiet")
                reads("Another program is writing to this vault.")
            }
        }
    }

    @Test
    fun `what was typed for one sign-in is not there for the next`() = onScreen(Samples.wanting(Wanted.Number)) {
        type("47")
        screen = RequestsState(emptyList(), OpenRequest(Samples.second, RequestPhase.Asking()))
        onNode(hasSetTextAction()).assertTextContains("", substring = false)
        onNodeWithText(word("request.yes")).assertIsNotEnabled()
    }

    @Test
    fun `what was typed for a number is not there for letters`() = onScreen(Samples.wanting(Wanted.Number)) {
        type("47")
        screen = Samples.wanting(Wanted.Letters)
        onNode(hasSetTextAction()).assertTextContains("", substring = false)
        onNodeWithText(word("request.yes")).assertIsNotEnabled()
    }

    @Test
    fun `each end says what it is and refusals are read out`() {
        val ends = mapOf(
            RequestEnd.Approved to "request.approved", RequestEnd.Expired to "request.expired",
            RequestEnd.AnsweredElsewhere to "request.elsewhere", RequestEnd.Declined to "request.declined",
        )
        for ((end, key) in ends) onScreen(Samples.ended(end)) { reads(word("$key.body")) }
        onScreen(Samples.ended(RequestEnd.NotSent, ReasonName("no_network"))) {
            val live = SemanticsMatcher.keyIsDefined(SemanticsProperties.LiveRegion)
            onNode(live and hasText("no network", substring = true)).assertExists()
            tap("common.try_again")
            assertEquals(1, all<RequestEvent.TryAgain>().size)
        }
        onScreen(Samples.ended(RequestEnd.Unknown, ReasonName("result_unknown"))) { reads("Whether the answer arrived") }
    }
}
