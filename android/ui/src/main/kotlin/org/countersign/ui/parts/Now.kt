package org.countersign.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.LongState
import androidx.compose.runtime.mutableLongStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.staticCompositionLocalOf
import kotlinx.coroutines.delay

/**
 * The time in milliseconds since 1970 UTC, once a second. Whoever reads it is drawn anew each second, so it is read as
 * far down as possible: by the rings and the seconds left, not by screens.
 */
val LocalNow = staticCompositionLocalOf<LongState> { error("no time: wrap the screen in Ticking") }

/** Keeps [LocalNow] going by [wallMs], right after each full second. */
@Composable
fun Ticking(wallMs: () -> Long, content: @Composable () -> Unit) {
    val now = remember { mutableLongStateOf(wallMs()) }
    LaunchedEffect(wallMs) {
        while (true) {
            now.longValue = wallMs()
            delay(1_000 - now.longValue.mod(1_000L))
        }
    }
    CompositionLocalProvider(LocalNow provides now, content = content)
}

/** Whole seconds since [moment] (seconds since 1970 UTC), never less than 0. */
internal fun LongState.secondsSince(moment: Long): Int =
    (longValue / 1_000 - moment).coerceIn(0, Int.MAX_VALUE.toLong()).toInt()

/** Whole seconds from this moment to [moment] (seconds since 1970 UTC), never less than 0. */
internal fun LongState.secondsTo(moment: Long): Int =
    ((moment * 1_000 - longValue + 999) / 1_000).coerceIn(0, Int.MAX_VALUE.toLong()).toInt()
