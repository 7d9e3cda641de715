package org.countersign.ui.words

import androidx.compose.runtime.Composable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.staticCompositionLocalOf

val LocalWords = staticCompositionLocalOf<Words> { error("no words: wrap the screen in CountersignTheme") }

/** The text of a key in the language of the screen. */
@Composable
@ReadOnlyComposable
internal fun words(key: String, vararg places: Pair<String, Any>): String = LocalWords.current(key, *places)
