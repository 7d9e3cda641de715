package org.countersign.ui

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import kotlin.test.Test
import kotlin.test.assertEquals
import org.countersign.ui.screens.AccountEvent
import org.countersign.ui.screens.CheckLine
import org.countersign.ui.screens.CheckOf
import org.countersign.ui.screens.DeviceNeed
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.SelfTest
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.SettingsPage

/** Clocks and self-tests: figures in words, and the next tap. */
@OptIn(ExperimentalTestApi::class)
class ClocksScreenTest {
    @Test
    fun `the settings lead to the clock of each server, where codes can be made by it`() {
        onLongScreen(Samples.settings) {
            tap("settings.clock")
            assertEquals(1, all<SettingsEvent.OpenClocks>().size)
        }
        onLongScreen(Samples.settings.copy(page = Samples.clocks)) {
            reads(word("clock.ahead", "seconds" to 74))
            reads(word("clock.same"))
            // Only the first has codes.
            tap("clock.use")
            assertEquals(listOf(SettingsEvent.UseForCodes("id0", false)), all<SettingsEvent.UseForCodes>())
        }
        // A clock that is used can be left, also after a new name, by which the account has no codes.
        val renamed = SettingsPage.Clocks(listOf(Samples.clocks.clocks.last().copy(used = true)))
        onLongScreen(Samples.settings.copy(page = renamed)) {
            tap("clock.use")
            assertEquals(listOf(SettingsEvent.UseForCodes("id4", false)), all<SettingsEvent.UseForCodes>())
        }
        onLongScreen(Samples.settings.copy(page = SettingsPage.Clocks(emptyList()))) { reads(word("clock.none")) }
    }

    @Test
    fun `what fails is said with its next tap, and what nobody can tell as that`() {
        onLongScreen(Samples.tested) {
            onNodeWithContentDescription("Clock, 74 s ahead of the server's").assertExists()
            onNodeWithContentDescription("Notifications, Not in order").assertExists()
            onNodeWithText(word("add.camera.settings")).performClick()
            assertEquals(listOf(AccountEvent.FixNeed(DeviceNeed.Notifications)), all<AccountEvent.FixNeed>())
        }
        onLongScreen(Samples.nothingFound) {
            onNodeWithContentDescription("Another phone, Not known").assertExists()
            onNodeWithContentDescription("Sign-ins that wait, No sign-in is waiting.").assertExists()
            onNodeWithContentDescription("Clock, The same as the server's").assertExists()
        }
        val network = CheckLine(CheckOf.Network, ReasonName("no_network"))
        onLongScreen(Samples.account.copy(test = SelfTest.Done(listOf(network)))) {
            onNodeWithText(word("add.camera.settings")).performClick()
            assertEquals(listOf(AccountEvent.FixNeed(DeviceNeed.Network)), all<AccountEvent.FixNeed>())
        }
    }
}
