package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LongState
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.alpha
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.ENDING
import org.countersign.ui.parts.LocalNow
import org.countersign.ui.parts.OneLine
import org.countersign.ui.parts.Ring
import org.countersign.ui.parts.grouped
import org.countersign.ui.parts.largeText
import org.countersign.ui.parts.oneByOne
import org.countersign.ui.parts.secondsTo
import org.countersign.ui.theme.code
import org.countersign.ui.words.Words

/** The code of a row; what is spoken for it is [spokenCode]. */
@Composable
internal fun Code(code: RowCode?, hidden: Boolean) {
    when {
        hidden -> Line(HIDDEN, strong = false)
        code is RowCode.Timed -> Timed(code.code)
        code is RowCode.Counted -> Line(grouped(code.code.text), strong = true)
        // Its place is kept, so that nothing jumps when the code comes.
        else -> Line(" ", strong = false)
    }
}

private const val HIDDEN = "••• •••"

@Composable
private fun Timed(code: TimedCode) {
    val now = LocalNow.current
    val left by remember(now, code) { derivedStateOf { now.secondsTo(code.validUntil) } }
    Line(grouped(code.shown(left)), strong = true)
}

/** The seconds left, and near the end the next code, in a place that is kept for it: nothing moves when it comes. */
@Composable
private fun TimeLeft(code: TimedCode) {
    val now = LocalNow.current
    val ending by remember(now, code) { derivedStateOf { now.secondsTo(code.validUntil) in 1..ENDING } }
    val next = @Composable {
        Text(
            grouped(code.next.text), Modifier.alpha(if (ending) 1f else 0f).clearAndSetSemantics {},
            MaterialTheme.colorScheme.onSurfaceVariant, softWrap = false, style = MaterialTheme.typography.labelMedium,
        )
    }
    if (largeText()) {
        Row(Modifier.padding(top = 4.dp), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
            Ring(code.validFrom, code.validUntil)
            next()
        }
    } else {
        Column(horizontalAlignment = Alignment.CenterHorizontally) {
            Ring(code.validFrom, code.validUntil)
            next()
        }
    }
}

/** [timed] has its time left beside it, or, where the text is large, below: the code has the width to itself. */
@Composable
internal fun WithTimeLeft(timed: TimedCode?, content: @Composable ColumnScope.() -> Unit) {
    Row(horizontalArrangement = Arrangement.spacedBy(16.dp), verticalAlignment = Alignment.CenterVertically) {
        Column(Modifier.weight(1f)) {
            content()
            if (timed != null && largeText()) TimeLeft(timed)
        }
        if (timed != null && !largeText()) TimeLeft(timed)
    }
}

/** When the period is over, the next code is right, before anybody has asked for a new one. */
private fun TimedCode.shown(left: Int): String = if (left == 0) next.text else current.text

@Composable
private fun Line(text: String, strong: Boolean) {
    val colours = MaterialTheme.colorScheme
    val style = MaterialTheme.typography.code.copy(if (strong) colours.onSurface else colours.onSurfaceVariant)
    OneLine(text, style, Modifier.padding(top = 2.dp).clearAndSetSemantics {})
}

/** Digit by digit, with the seconds left; no digit of a code that is not shown. */
internal fun spokenCode(
    words: Words,
    row: AccountRow,
    code: RowCode?,
    hidden: Boolean,
    now: LongState,
): String? = when {
    row.codes == CodesOf.Nothing -> null
    hidden -> words("accounts.code.hidden")
    code is RowCode.Timed -> words.spoken(code.code, now)
    code is RowCode.Counted -> words("accounts.code.spoken", "code" to oneByOne(code.code.text))
    else -> null
}

internal fun Words.spoken(code: TimedCode, now: LongState): String {
    val left = now.secondsTo(code.validUntil)
    val digits = this("accounts.code.spoken", "code" to oneByOne(code.shown(left)))
    return listed(listOf(digits, counted("seconds.left", left)))
}
