package org.countersign.ui.screens

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.BasicText
import androidx.compose.foundation.text.TextAutoSize
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
import androidx.compose.ui.unit.sp
import org.countersign.ui.parts.ENDING
import org.countersign.ui.parts.LocalNow
import org.countersign.ui.parts.Ring
import org.countersign.ui.parts.grouped
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

private val SMALLEST = 20.sp

@Composable
private fun Timed(code: TimedCode) {
    val now = LocalNow.current
    val left by remember(now, code) { derivedStateOf { now.secondsTo(code.validUntil) } }
    Line(grouped(code.shown(left)), strong = true)
}

/** The seconds left, and near the end the next code, in a place that is kept for it: nothing moves when it comes. */
@Composable
internal fun TimeLeft(code: TimedCode) {
    val now = LocalNow.current
    val ending by remember(now, code) { derivedStateOf { now.secondsTo(code.validUntil) in 1..ENDING } }
    Column(horizontalAlignment = Alignment.CenterHorizontally) {
        Ring(code.validFrom, code.validUntil)
        val next = grouped(code.next.text)
        Text(
            next, Modifier.alpha(if (ending) 1f else 0f).clearAndSetSemantics {},
            MaterialTheme.colorScheme.onSurfaceVariant, maxLines = 1, style = MaterialTheme.typography.labelMedium,
        )
    }
}

/** When the period is over, the next code is right, before anybody has asked for a new one. */
private fun TimedCode.shown(left: Int): String = if (left == 0) next.text else current.text

/** A code stays on one line: on a narrow screen with large text it is no larger than fits. */
@Composable
private fun Line(text: String, strong: Boolean) {
    val colours = MaterialTheme.colorScheme
    val style = MaterialTheme.typography.code.copy(if (strong) colours.onSurface else colours.onSurfaceVariant)
    BasicText(
        text, Modifier.padding(top = 2.dp).clearAndSetSemantics {}, style, maxLines = 1,
        autoSize = TextAutoSize.StepBased(SMALLEST, style.fontSize, 1.sp),
    )
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
