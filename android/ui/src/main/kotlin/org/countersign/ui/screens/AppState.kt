package org.countersign.ui.screens

/** All that is shown: one screen, in one language. */
data class AppState(val screen: ScreenState, val language: Language = Language.System) {
    /** Whether no screenshot may be taken now, whatever the settings say. */
    val isCovered: Boolean
        get() = when (val page = (screen as? ExportState)?.page) {
            is ExportPage.Codes -> true
            // So that it is covered before there is something to see.
            is ExportPage.Plain -> page.format == ExportFormat.Google
            else -> false
        }
}

/** The state of one screen. */
sealed interface ScreenState

/** Something that a person did on a screen. */
sealed interface AppEvent {
    /** The arrow at the top or the system's gesture. From the first screen it leaves the app. */
    data object Back : AppEvent

    /** Any touch: the grace time of the lock starts anew. */
    data object Touched : AppEvent
}

/** The language of the words: the system's, or a chosen one. */
enum class Language(val tag: String?) { System(null), English("en"), Japanese("ja") }
