package org.countersign.ui.parts

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp

/** From this many seconds on, a code is about to end: the ring turns red and the next code is shown. */
internal const val ENDING = 8

/**
 * The seconds from [from] to [until] that are left, as a number in a ring. It moves once a second, without animation;
 * the seconds are spoken by what it belongs to.
 */
@Composable
internal fun Ring(from: Long, until: Long, modifier: Modifier = Modifier) {
    val now = LocalNow.current
    val left by remember(now, until) { derivedStateOf { now.secondsTo(until) } }
    val whole = (until - from).coerceAtLeast(1)
    val colours = MaterialTheme.colorScheme
    val ink = if (left <= ENDING) colours.error else colours.primary
    Box(modifier.size(scaled(36.dp)).clearAndSetSemantics {}, Alignment.Center) {
        Canvas(Modifier.matchParentSize()) {
            arc(360f, colours.surfaceVariant)
            arc(360f * left.coerceAtMost(whole.toInt()) / whole, ink)
        }
        Text("$left", color = ink, style = MaterialTheme.typography.labelMedium, maxLines = 1)
    }
}

/** Whether the system's text is so large that what only adorns gives way to it. */
@Composable
internal fun largeText(): Boolean = LocalDensity.current.fontScale >= 1.5f

/** Grows with the system's text size, as what is in it does. */
@Composable
private fun scaled(size: Dp): Dp = size * LocalDensity.current.fontScale.coerceAtLeast(1f)

private fun DrawScope.arc(degrees: Float, colour: Color) {
    val width = 2.5.dp.toPx()
    val inner = Size(size.width - width, size.height - width)
    val stroke = Stroke(width, cap = StrokeCap.Round)
    drawArc(colour, startAngle = -90f, degrees, useCenter = false, Offset(width / 2, width / 2), inner, style = stroke)
}
