package org.countersign.ui

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import kotlin.test.Test
import kotlin.test.assertEquals
import org.countersign.ui.screens.PushEvent
import org.countersign.ui.screens.PushFacts
import org.countersign.ui.screens.PushStanding
import org.countersign.ui.screens.PushTold
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.SettingsPage

/** Requests that arrive by themselves: by which app, for which accounts, and what is amiss. */
@OptIn(ExperimentalTestApi::class)
class PushScreenTest {
    @Test
    fun `the settings lead there, and an app is chosen there or none`() {
        onLongScreen(Samples.settings) {
            tap("push.title")
            assertEquals(SettingsPage.Pushes, all<SettingsEvent.OpenPage>().single().page)
        }
        onLongScreen(Samples.pushing(Samples.noPushes)) {
            onNodeWithText(word("common.off")).assertIsSelected()
            onNodeWithText("ntfy").performClick()
            assertEquals(listOf(PushEvent.Choose("io.heckel.ntfy")), all<PushEvent.Choose>())
        }
        onLongScreen(Samples.pushing(Samples.pushes)) {
            onNodeWithText("ntfy").assertIsSelected()
            tap("common.off")
            assertEquals(listOf(PushEvent.Choose(null)), all<PushEvent.Choose>())
        }
    }

    @Test
    fun `without an app that can do it, it is said what to do`() = onLongScreen(Samples.pushing(PushFacts(emptyList()))) {
        reads(word("push.no_app"))
        onNodeWithText(word("common.off")).assertDoesNotExist()
        reads(word("push.no_account"))
    }

    @Test
    fun `accounts that can't use it lead to what they can, and those that failed are told again by a tap`() =
        onLongScreen(Samples.pushing(Samples.pushes)) {
            reads(word("push.told"))
            reads(word("push.scanned"))
            onNode(hasText(word("push.unable", "system" to "privacyIDEA")) and hasClickAction()).performClick()
            assertEquals(SettingsPage.Background, all<SettingsEvent.OpenPage>().single().page)
            onNode(hasText(word("push.tell_again"), substring = true) and hasClickAction()).performClick()
            assertEquals(1, all<PushEvent.Again>().size)
            onNode(hasText(word("push.told")) and hasClickAction()).assertDoesNotExist()
            reads(word("accounts.expect"))
        }

    @Test
    fun `what is amiss is named, in the settings too, and asked again by a tap where that can help`() {
        val keys = mapOf(
            PushStanding.Asked to "asked", PushStanding.Works to "works", PushStanding.Gone to "gone",
            PushStanding.Unregistered to "unregistered", PushStanding.NoNetwork to "no_network",
            PushStanding.ActionRequired to "action_required", PushStanding.KeyRequired to "key_required",
            PushStanding.Failed to "failed", PushStanding.Unavailable to "unavailable",
        )
        assertEquals(PushStanding.entries.toSet(), keys.keys)
        val elsewhere = setOf(PushStanding.Works, PushStanding.Gone, PushStanding.KeyRequired)
        for ((standing, key) in keys) onLongScreen(Samples.pushing(Samples.pushes.copy(standing = standing))) {
            val row = hasText(word("push.$key"))
            onNode(row).assertExists()
            if (standing in elsewhere) onNode(row and hasClickAction()).assertDoesNotExist()
            else onNode(row and hasClickAction()).performClick()
            assertEquals(if (standing in elsewhere) 0 else 1, all<PushEvent.Again>().size)
            screen = Samples.settings.copy(pushes = Samples.pushes.copy(standing = standing))
            onNodeWithText(word("push.title")).assertExists()
            val short = when (standing) {
                PushStanding.Works -> "common.on"
                PushStanding.Asked -> "push.asked"
                else -> "check.failed"
            }
            onNode(hasText(word("push.title")) and hasText(word(short))).assertExists()
        }
    }

    @Test
    fun `switched off, it is said which server does not know it yet`() {
        val off = Samples.noPushes.copy(accounts = listOf(Samples.noPushes.accounts.single().copy(told = PushTold.NotYet)))
        onLongScreen(Samples.pushing(off)) { reads(word("push.not_untold")) }
        onLongScreen(Samples.pushing(Samples.noPushes)) { reads(word("push.able")) }
    }
}
