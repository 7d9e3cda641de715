package org.countersign.ui

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableLongStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.v2.runComposeUiTest
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.ScreenState
import org.countersign.ui.words.Words

/** One screen with somebody in front of it. [answer] stands for the presenter: what an event makes of the state. */
@OptIn(ExperimentalTestApi::class)
class ScreenTest(
    private val ui: ComposeUiTest,
    first: ScreenState,
    private val language: Language,
    private val answer: (AppEvent) -> ScreenState?,
) : ComposeUiTest by ui {
    private val words = Words.of(language)
    private val now = mutableLongStateOf(MORNING * 1000)
    var screen by mutableStateOf(first)
    val events = mutableListOf<AppEvent>()

    /** What was asked for, without the touches and the rows on screen. */
    inline fun <reified E : AppEvent> all(): List<E> = events.filterIsInstance<E>()

    fun word(key: String, vararg places: Pair<String, Any>) = words(key, *places)

    fun tap(key: String) {
        onNode(hasText(word(key)) and hasClickAction()).performScrollTo().performClick()
    }

    fun type(text: String, label: String? = null) {
        val field = if (label == null) hasSetTextAction() else hasSetTextAction() and hasText(word(label))
        onNode(field).performTextInput(text)
    }

    fun reads(text: String) = onNode(hasText(text, substring = true)).assertExists()

    fun pass(seconds: Long) = runOnIdle { now.longValue += seconds * 1000 }

    internal fun show() = setContent {
        Shown(screen, language, nowMs = now) { event ->
            events += event
            answer(event)?.let { screen = it }
        }
    }
}

@OptIn(ExperimentalTestApi::class)
fun onScreen(first: ScreenState, answer: (AppEvent) -> ScreenState? = { null }, test: ScreenTest.() -> Unit) =
    runComposeUiTest { showing(first, Language.English, answer, test) }

/** As wide as a phone, and so high that nothing has to be scrolled. */
@OptIn(ExperimentalTestApi::class)
fun onLongScreen(first: ScreenState, language: Language = Language.English, test: ScreenTest.() -> Unit) =
    runDesktopComposeUiTest(width = 411, height = 3_000) { showing(first, language, { null }, test) }

@OptIn(ExperimentalTestApi::class)
private fun ComposeUiTest.showing(
    first: ScreenState,
    language: Language,
    answer: (AppEvent) -> ScreenState?,
    test: ScreenTest.() -> Unit,
) = ScreenTest(this, first, language, answer).run {
    show()
    test()
}
