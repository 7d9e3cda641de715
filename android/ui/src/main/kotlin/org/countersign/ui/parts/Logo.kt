package org.countersign.ui.parts

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.draw.scale
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.addPathNodes
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp

/**
 * The app's sign: the seal of the one who asks, left open, and the tick of the one who countersigns, which closes it.
 * On a grid of 108 as adaptive icons have it; all of it lies within the middle 66.
 */
object Logo {
    val Ground = Color(0xFF0B5C8A)

    /** What Android puts over [Ground], and in one colour as the themed icon. */
    val Foreground: ImageVector = ImageVector.Builder("Logo", 108.dp, 108.dp, 108f, 108f)
        .stroke("M74.7 57.6A21 21 0 1 1 61.2 34.3", Color.White, alpha = 0.6f)
        .stroke("M44 53.5 53 62.5 76 38", Color.White)
        .build()
}

private fun ImageVector.Builder.stroke(path: String, colour: Color, alpha: Float = 1f) = addPath(
    addPathNodes(path),
    stroke = SolidColor(colour),
    strokeAlpha = alpha,
    strokeLineWidth = 7f,
    strokeLineCap = StrokeCap.Round,
    strokeLineJoin = StrokeJoin.Round,
)

/** The sign on its ground. */
@Composable
internal fun LogoTile(size: Dp, modifier: Modifier = Modifier) {
    Box(modifier.size(size).clip(RoundedCornerShape(size * 0.24f)).background(Logo.Ground)) {
        // The middle 72 of 108 is what a launcher shows.
        Image(Logo.Foreground, contentDescription = null, Modifier.size(size).scale(1.5f))
    }
}
