package org.countersign.ui.parts

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.addPathNodes
import androidx.compose.ui.unit.dp

/** Our own icons: lines of one width on a grid of 24. */
internal object Icons {
    val Add = lines("M12 5v14M5 12h14")
    val Back = lines("M19.5 12H5M11 5.5 4.5 12l6.5 6.5")
    val Bell = lines("M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5a2.2 2.2 0 0 0 4 0")
    val Briefcase = lines("M4 8.5h16v11H4zM9 8.5v-3h6v3M4 13.5h16")
    val Camera = lines("M4 7.5h3.5l1.5-2.5h6l1.5 2.5H20v11.5H4zM12 16.3a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6z")
    val Check = lines("M5 12.5 10 17.5 19.5 7")
    val CheckCircle = lines("M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8 12.3l2.8 2.8 5.2-5.8")
    val Clock = lines("M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3.2 2")
    val Close = lines("M6 6l12 12M18 6 6 18")
    val Copy = lines("M9 9h10.5v10.5H9zM6 15H4.5V4.5H15V6")
    val Device = lines("M7.5 3.5h9v17h-9zM11 17.5h2")
    val Drag = lines("M5 9h14M5 15h14")
    val Edit = lines("M5 19l.8-3.7L16.2 4.9l2.9 2.9L8.7 18.2z")
    val Eye = lines(
        "M2.8 12C5 8 8.3 6 12 6s7 2 9.2 6C19 16 15.7 18 12 18s-7-2-9.2-6z" +
            "M12 14.7a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4z",
    )
    val EyeOff = lines(
        "M4 4l16 16M9.5 6.4C10.3 6.1 11.1 6 12 6c3.7 0 7 2 9.2 6-.8 1.5-1.8 2.7-2.9 3.6" +
            "M6.4 7.8C5 8.8 3.7 10.2 2.8 12c2.2 4 5.5 6 9.2 6 1.5 0 2.9-.3 4.2-1",
    )
    val Globe = lines(
        "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c2.4 2.3 3.5 5.2 3.5 8.5s-1.1 6.2-3.5 8.5" +
            "M12 3.5C9.6 5.8 8.5 8.7 8.5 12s1.1 6.2 3.5 8.5",
    )
    val Export = lines("M12 15V4.5M8 8.3l4-3.8 4 3.8M5 13.5v6h14v-6")
    val Folder = lines("M3.5 6h6l2 2.5h9v10.5h-17z")
    val Import = lines("M12 4.5V15M8 11.2l4 3.8 4-3.8M5 13.5v6h14v-6")
    val Key = lines("M8 19.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM10.9 12.7 19 4.5M15.5 8l2.5 2.5")
    val Keyboard = lines("M3 7h18v10.5H3zM7 10.5h.01M10.5 10.5h.01M14 10.5h.01M17.3 10.5h.01M8.5 14.2h7")
    val Lock = lines("M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3")
    val More = dots("M12 5.5h.01M12 12h.01M12 18.5h.01")
    val Note = lines("M5.5 4.5h13v15h-13zM9 9h6M9 12.5h6M9 16h3.5")
    val Paste = lines("M9 5.5H6v14h12v-14h-3M9 4h6v3H9z")
    val Person = lines("M12 11.5a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4zM5 20c.5-3.5 3.3-5.5 7-5.5s6.5 2 7 5.5")
    val Picture = lines("M4 5h16v14H4zM4 16l4.5-4.5 4 4 3-3L20 17M15.5 9h.01")
    val Pin = lines(
        "M12 21c4.5-4.8 6.5-8 6.5-11a6.5 6.5 0 0 0-13 0c0 3 2 6.2 6.5 11z" +
            "M12 12.2a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z",
    )
    val Print = lines("M7 9V4.5h10V9M7 16H4.5V9h15v7H17M7 13.5h10v6H7z")
    val Qr = lines("M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5M20 14v2M14 20h2.5M20 19.5v.5h-.5")
    val Refresh = lines("M19.5 12a7.5 7.5 0 1 1-2.4-5.5L19.5 8.7M19.5 4v4.7h-4.7")
    val Restore = lines("M4.5 12a7.5 7.5 0 1 0 2.4-5.5L4.5 8.7M4.5 4v4.7h4.7")
    val Search = lines("M11 17a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM15.5 15.5 20 20")
    val Server = lines("M4.5 5h15v5.5h-15zM4.5 13.5h15V19h-15zM8 7.8h.01M8 16.3h.01")
    val Settings = lines(
        "M4 7h9M17 7h3M15 9.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z" +
            "M4 17h3M11 17h9M9 19.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
    )
    val Save = lines("M5 4.5h11l3 3v12H5zM8.5 4.5v4.5h6V4.5M8.5 19.5v-6h7v6")
    val Shield = lines("M12 3.5 19 6v5.5c0 4.3-2.8 7.5-7 9-4.2-1.5-7-4.7-7-9V6z")
    val Star = lines(STAR)
    val StarFilled = lines(STAR, filled = true)
    val Tag = lines("M4 4.5h7.5l8.5 8.5-7 7-9-8.5zM8 8.5h.01")
    val Trash = lines("M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5")
    val Warning = lines("M12 4.5 21 19.5H3zM12 10.5v4M12 17h.01")
}

private const val STAR = "M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z"

private fun lines(path: String, filled: Boolean = false) = vector(path, 1.75f, filled)

private fun dots(path: String) = vector(path, 2.6f, filled = false)

private fun vector(path: String, width: Float, filled: Boolean): ImageVector {
    val ink = SolidColor(Color.Black)
    return ImageVector.Builder(defaultWidth = 24.dp, defaultHeight = 24.dp, viewportWidth = 24f, viewportHeight = 24f)
        .addPath(
            addPathNodes(path),
            fill = ink.takeIf { filled },
            stroke = ink,
            strokeLineWidth = width,
            strokeLineCap = StrokeCap.Round,
            strokeLineJoin = StrokeJoin.Round,
        )
        .build()
}
