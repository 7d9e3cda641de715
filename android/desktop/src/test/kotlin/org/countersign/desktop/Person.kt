package org.countersign.desktop

import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.v2.runComposeUiTest
import kotlin.time.Duration.Companion.minutes
import org.countersign.ui.logic.App
import org.countersign.ui.screens.Language
import org.countersign.ui.words.Words

/** Somebody in front of the window: reads words, presses, types. Nothing is reached but by what is on screen. */
@OptIn(ExperimentalTestApi::class)
class Person(private val ui: ComposeUiTest) {
    private val words = Words.of(Language.English)

    fun word(key: String, vararg places: Pair<String, Any>) = words(key, *places)

    /** Waits for a text to appear. */
    fun reads(text: String): SemanticsNodeInteraction = found(hasText(text, substring = true))

    fun sees(key: String) = reads(word(key))

    fun hears(start: String) = found(hasContentDescription(start, substring = true))

    fun presses(key: String) {
        found(hasText(word(key)) and hasClickAction() and isEnabled()).performClick()
    }

    fun pressesIcon(key: String) {
        found(hasContentDescription(word(key)) and hasClickAction()).performClick()
    }

    fun confirms(button: String = "It's me") {
        found(hasText(button) and hasClickAction()).performClick()
    }

    fun types(text: String, label: String? = null) {
        val field = if (label == null) hasSetTextAction() else hasSetTextAction() and hasText(label)
        found(field).performTextInput(text)
    }

    private fun found(what: SemanticsMatcher): SemanticsNodeInteraction {
        ui.waitUntil(what.description, LONGEST_MS) { ui.onAllNodes(what).fetchSemanticsNodes().isNotEmpty() }
        return ui.onNode(what)
    }

    private companion object {
        /** Nobody would wait so long; a machine with other work may need a part of it. */
        const val LONGEST_MS = 120_000L
    }
}

/** The app as the window shows it. */
@OptIn(ExperimentalTestApi::class)
fun inTheWindow(app: App, lock: StandInLock, test: Person.() -> Unit) = runComposeUiTest(testTimeout = 10.minutes) {
    setContent {
        val state by app.state.collectAsState()
        state?.let { DesktopApp(it, app::on) }
        LockDialog(lock)
    }
    Person(this).test()
    app.close()
}
