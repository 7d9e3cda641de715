package org.countersign.ui

import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import kotlin.test.Test
import kotlin.test.assertEquals
import org.countersign.ui.parts.dayAndTime
import org.countersign.ui.screens.AccountEvent
import org.countersign.ui.screens.HistoryEvent
import org.countersign.ui.screens.HistoryState
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.PastEnd
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.words.Words

@OptIn(ExperimentalTestApi::class)
class HistoryScreenTest {
    private val languages = listOf(Language.English, Language.Japanese)

    @Test
    fun `each row says what, what became of it, which account, from where and when, as one`() {
        for (language in languages) onLongScreen(Samples.history, language) {
            for (row in Samples.history.rows) {
                val time = Words.of(language).dayAndTime(row.seenAt)
                val node = onNode(hasText(time, substring = true)).fetchSemanticsNode()
                val said = node.config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
                val expected = listOfNotNull(
                    row.application.ifEmpty { word("history.unnamed") }.takeIf { row.end != PastEnd.LockedOut },
                    word("history.${endKey.getValue(row.end.name)}"),
                    row.reason?.let(Words.of(language)::what),
                    word("history.said_not_me").takeIf { row.saidNotMe },
                    row.account,
                    listOfNotNull(row.place, time).joinToString(" · "),
                )
                assertEquals(expected, said)
            }
        }
    }

    private val endKey = mapOf(
        "Waiting" to "waiting", "Unanswered" to "unanswered", "Approved" to "approved", "Declined" to "declined",
        "NotMe" to "not_me", "Cancelled" to "cancelled", "Expired" to "expired", "AnsweredElsewhere" to "elsewhere",
        "WrongAnswer" to "wrong", "AnswerRefused" to "refused", "AccountBlocked" to "blocked", "Unknown" to "unknown",
        "LockedOut" to "locked_out",
    )

    @Test
    fun `it is cleared after a question`() {
        val asking = Samples.history.copy(clearing = true)
        onScreen(
            Samples.history,
            {
                when (it) {
                    HistoryEvent.Clear -> asking
                    HistoryEvent.ClearCancelled -> Samples.history
                    HistoryEvent.ClearConfirmed -> HistoryState(emptyList())
                    else -> null
                }
            },
        ) {
            onNodeWithText(word("history.clear.body")).assertDoesNotExist()
            onNodeWithText(word("history.clear")).performClick()
            reads(word("history.clear.body"))
            onNodeWithText(word("common.cancel")).performClick()
            reads(word("history.body"))
            screen = asking
            onNodeWithText(word("history.clear.do")).performClick()
            reads(word("history.empty"))
            onNodeWithText(word("history.clear")).assertDoesNotExist()
        }
    }

    @Test
    fun `an empty list says so, and what is of one account can't be cleared alone`() {
        for (language in languages) {
            val none = HistoryState(emptyList())
            val ofOne = Samples.history.copy(of = "Contoso · alice")
            onLongScreen(none, language) {
                reads(word("history.empty"))
                onNodeWithText(word("history.clear")).assertDoesNotExist()
            }
            onLongScreen(ofOne, language) {
                reads(word("history.of", "account" to "Contoso · alice"))
                onNodeWithText(word("history.clear")).assertDoesNotExist()
            }
        }
    }

    @Test
    fun `a button saves it, and says that the file is not encrypted`() {
        for (language in languages) {
            for (history in listOf(Samples.history, Samples.history.copy(of = "Contoso · alice"))) {
                onLongScreen(history, language) {
                    reads(word("history.save.detail"))
                    tap("history.save")
                    assertEquals(1, all<HistoryEvent.Save>().size)
                }
            }
            onLongScreen(HistoryState(emptyList()), language) {
                onNodeWithText(word("history.save")).assertDoesNotExist()
                onNodeWithText(word("history.save.detail")).assertDoesNotExist()
            }
        }
    }

    @Test
    fun `settings and an account that approves lead to it`() {
        onLongScreen(Samples.settings) {
            tap("history.title")
            assertEquals(1, all<SettingsEvent.OpenHistory>().size)
        }
        onLongScreen(Samples.account) {
            tap("history.title")
            assertEquals(1, all<AccountEvent.OpenHistory>().size)
        }
        onLongScreen(Samples.account.copy(approvals = null)) {
            onNodeWithText(word("history.title")).assertDoesNotExist()
        }
    }
}
