package org.countersign.ui.screens

import androidx.compose.runtime.Composable
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Group
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.SwitchRow
import org.countersign.ui.parts.dayAndTime
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.Words
import org.countersign.ui.words.words

/** Each server's clock, and whether codes are made by it. */
@Composable
internal fun ClocksPage(clocks: List<AccountClock>, onEvent: (AppEvent) -> Unit) {
    Page(words("clock.title"), { onEvent(AppEvent.Back) }) {
        Body(words(if (clocks.isEmpty()) "clock.none" else "clock.body"))
        for (clock in clocks) ClockGroup(clock, onEvent)
    }
}

@Composable
private fun ClockGroup(clock: AccountClock, onEvent: (AppEvent) -> Unit) {
    val words = LocalWords.current
    Group(inOneLine(clock.issuer, clock.name)) {
        val measured = words("clock.measured", "time" to words.dayAndTime(clock.measuredAt))
        LinkRow(words.stands(clock.secondsAhead), "${clock.server}\n$measured", Icons.Clock)
        // On, it can be put off, also where a renamed account has no codes any more.
        if (clock.hasCodes || clock.used) {
            Line()
            SwitchRow(
                words("clock.use"), words("clock.use.detail"), clock.used,
                { onEvent(SettingsEvent.UseForCodes(clock.account, it)) }, Icons.Key,
            )
        }
    }
}

/** How this phone's clock stands to one server's. Servers tell whole seconds. */
internal fun Words.stands(secondsAhead: Long): String = when {
    secondsAhead > 1 -> this("clock.ahead", "seconds" to secondsAhead)
    secondsAhead < -1 -> this("clock.behind", "seconds" to -secondsAhead)
    else -> this("clock.same")
}
