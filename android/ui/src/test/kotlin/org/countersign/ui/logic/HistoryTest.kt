package org.countersign.ui.logic

import java.io.IOException
import kotlin.io.path.deleteExisting
import kotlin.io.path.readText
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import org.countersign.core.AnswerResult
import org.countersign.core.Browser
import org.countersign.core.DeclineReason
import org.countersign.core.PastRequest
import org.countersign.core.PastStanding
import org.countersign.core.Reason
import org.countersign.ui.screens.AccountEvent
import org.countersign.ui.screens.AccountState
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.HistoryEvent
import org.countersign.ui.screens.HistoryState
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.PastEnd
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RequestEvent
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.SettingsState
import org.countersign.ui.screens.UnlockState
import org.countersign.ui.words.Words

/** What the room of past sign-ins shows, of sign-ins at the real practice site. */
class HistoryTest : SiteTest() {
    private fun Phone.history() = screen<HistoryState>()

    private fun Phone.ends() = history().rows.map { it.end }

    /** Another sign-in, at a fresh browser, which is looked for. */
    private fun Phone.signInAgain() {
        pass(1_000)
        browser = Browser(site.base).signIn("alice")
        on(AccountsEvent.LookNow)
    }

    @Test
    fun `what became of each, the newest first`() = ready {
        setUp()
        val before = clocks.wallMs() / 1_000
        open()
        val after = clocks.wallMs() / 1_000
        on(yes(browser.number()), RequestEvent.Close)
        signInAgain()
        on(RequestEvent.NotMe, RequestEvent.Close)
        signInAgain()
        on(yes("100"), yes("101"), RequestEvent.Close)
        signInAgain()
        on(AppEvent.Back, AccountsEvent.OpenSettings, SettingsEvent.OpenHistory)
        assertEquals(listOf(PastEnd.Waiting, PastEnd.WrongAnswer, PastEnd.NotMe, PastEnd.Approved), ends())
        assertEquals(listOf(null, ReasonName("wrong_number"), null, null), history().rows.map { it.reason })
        val first = history().rows.last()
        assertEquals("Practice site" to "Practice · alice", first.application to first.account)
        assertTrue(first.seenAt in before..after)

        // The one that waits ends while it is looked at.
        pass(300_000)
        assertEquals(PastEnd.Unanswered, ends().first())
        on(AppEvent.Back)
        screen<SettingsState>()
    }

    @Test
    fun `an account has its own`() = ready {
        setUp()
        val id = screen<AddState.Added>().id
        on(AddEvent.Done)
        val other = add("bob")
        on(AccountsEvent.LookNow, RequestEvent.NotMe, RequestEvent.Close)
        on(AccountsEvent.Open(id), AccountEvent.OpenHistory)
        assertEquals(listOf(PastEnd.NotMe), ends())
        assertEquals(history().rows.single().account, history().of)
        on(AppEvent.Back)
        screen<AccountState>()
        on(AppEvent.Back, AccountsEvent.Open(other), AccountEvent.OpenHistory)
        assertEquals(HistoryState(emptyList(), of = "Example · bob"), history())
    }

    @Test
    fun `that the account was locked is in it, each time`() = ready {
        setUp()
        open()
        on(RequestEvent.NotMe)
        on(RequestEvent.LockAccount, RequestEvent.LockOutConfirmed, RequestEvent.Close)
        pass(1_000)
        on(AccountsEvent.Open(screen<AccountsState>().rows.single().id), AccountEvent.LockOutConfirmed)
        on(AccountEvent.OpenHistory)
        assertEquals(listOf(PastEnd.LockedOut, PastEnd.LockedOut, PastEnd.NotMe), ends())
        assertEquals(3, history().rows.distinctBy { it.key }.size)
    }

    @Test
    fun `that it was not me stands also where it ended otherwise`() {
        fun past(result: AnswerResult, decline: DeclineReason?) = PastRequest(
            "1", "Contoso", "alice", "7", "Mail", null, 1_795_512_612, 1_795_512_660,
            PastStanding.Answered(result), null, decline, null,
        ).shown()
        for ((result, decline, said) in listOf(
            Triple(AnswerResult.ANSWERED_ELSEWHERE, DeclineReason.NOT_ME, true),
            Triple(AnswerResult.EXPIRED, DeclineReason.NOT_ME, true),
            Triple(AnswerResult.DECLINED, DeclineReason.NOT_ME, false),
            Triple(AnswerResult.EXPIRED, DeclineReason.CANCELLED, false),
            Triple(AnswerResult.APPROVED, null, false),
        )) {
            assertEquals(said, past(result, decline).saidNotMe, "$result $decline")
        }
    }

    @Test
    fun `where nobody typed anything no answer was wrong`() {
        fun end(reason: Reason?) = PastRequest(
            "1", "Contoso", "alice", "7", "Mail", null, 1_795_512_612, 1_795_512_660,
            PastStanding.Answered(AnswerResult.WRONG_ANSWER), reason, null, null,
        ).shown().end
        assertEquals(PastEnd.AnswerRefused, end(Reason.RESPONSE_REFUSED))
        assertEquals(PastEnd.AccountBlocked, end(Reason.ACCOUNT_BLOCKED))
        assertEquals(PastEnd.WrongAnswer, end(Reason.WRONG_NUMBER))
        assertEquals(PastEnd.WrongAnswer, end(null))
    }

    @Test
    fun `an answer that nobody took is told, while it waits and after that`() = ready {
        setUp()
        open()
        online = false
        on(RequestEvent.NotMe, RequestEvent.Close, AppEvent.Back, AccountsEvent.OpenSettings, SettingsEvent.OpenHistory)
        fun row() = history().rows.single().run { Triple(end, reason, saidNotMe) }
        assertEquals(Triple(PastEnd.Waiting, ReasonName("no_network"), true), row())
        pass(300_000)
        assertEquals(Triple(PastEnd.AnsweredElsewhere, ReasonName("no_network"), true), row())
    }

    @Test
    fun `it is forgotten after a question`() = ready {
        setUp()
        open()
        on(RequestEvent.NotMe, RequestEvent.Close, AccountsEvent.OpenSettings, SettingsEvent.OpenHistory)
        on(HistoryEvent.ClearConfirmed)
        assertEquals(1, history().rows.size)
        on(HistoryEvent.Clear, HistoryEvent.ClearCancelled, HistoryEvent.Clear, AppEvent.Back)
        assertEquals(1 to false, history().let { it.rows.size to it.clearing })
        on(HistoryEvent.Clear, HistoryEvent.ClearConfirmed)
        assertEquals(HistoryState(emptyList()), history())
        // There is nothing to ask about any more.
        on(HistoryEvent.Clear)
        assertEquals(HistoryState(emptyList()), history())
        goBeside { core -> assertEquals(emptyList(), core.history(clocks.now())) }
    }

    private fun Phone.saved(language: Language): String {
        on(SettingsEvent.SetLanguage(language), SettingsEvent.OpenHistory, HistoryEvent.Save, AppEvent.Back)
        val file = documents.made.getValue("countersign-history.txt")
        return file.readText().also { file.deleteExisting() }
    }

    @Test
    fun `the file says in the chosen language what became of each, and what Entra calls it`() = ready {
        setUp()
        open()
        on(yes(browser.number()), RequestEvent.Close)
        signInAgain()
        on(yes("100"), yes("101"), RequestEvent.Close)
        signInAgain()
        on(RequestEvent.NotMe)
        pass(1_000)
        on(RequestEvent.LockAccount, RequestEvent.LockOutConfirmed, RequestEvent.Close)
        on(AccountsEvent.OpenSettings)

        val account = "Practice · alice"
        val english = saved(Language.English)
        val lock = listOf("You locked this account at its server", account)
        assertEquals(lock, english.paragraphs()[0].drop(1))
        val declined = english.paragraphs()[1]
        assertEquals(listOf("Practice site", "Declined: not me", account), declined.slice(1..3))
        assertTrue(declined[declined.lastIndex - 1].startsWith("Answered: "))
        assertEquals("In Microsoft Entra's words: user declined the authentication", declined.last())
        val wrong = english.paragraphs()[2]
        assertEquals("In Microsoft Entra's words: entered incorrect code too many times", wrong.last())
        assertEquals(Words.of(Language.English).what(ReasonName("wrong_number")), wrong[3])
        // Entra has no reason for what went well.
        assertTrue(english.paragraphs()[3].last().startsWith("Answered: "))
        assertEquals(4, english.paragraphs().size)

        val japanese = saved(Language.Japanese).paragraphs()
        assertEquals(listOf("このアカウントをサーバーでロックしました", account), japanese[0].drop(1))
        assertEquals("拒否: 自分ではない", japanese[1][2])
        assertEquals("Microsoft Entra の表現: user declined the authentication", japanese[1].last())
    }

    private fun String.paragraphs() = removeSuffix("\n").split("\n\n").map(String::lines)

    @Test
    fun `a file that was not wanted or can't be written is not there`() = ready {
        setUp()
        open()
        on(RequestEvent.NotMe, RequestEvent.Close, AccountsEvent.OpenSettings, SettingsEvent.OpenHistory)
        documents.left = true
        on(HistoryEvent.Save)
        assertEquals(emptySet<String>() to null, documents.made.keys to history().refusal)
        documents.left = false
        documents.written = { throw IOException("full") }
        on(HistoryEvent.Save)
        assertEquals(emptySet<String>() to FileRefused.UNWRITABLE, documents.made.keys to history().refusal)
        documents.written = { it }
        on(HistoryEvent.Save)
        assertEquals(setOf("countersign-history.txt") to null, documents.made.keys to history().refusal)
    }

    @Test
    fun `it is shown under the vault's key only`() = ready {
        setUp()
        on(AddEvent.Done, AccountsEvent.LookNow, AppEvent.Back, AccountsEvent.OpenSettings, SettingsEvent.OpenHistory)
        assertEquals(listOf(PastEnd.Waiting), ends())
        perform { left() }
        pass(31_000)
        assertIs<UnlockState>(app.state.value?.screen)
    }
}
