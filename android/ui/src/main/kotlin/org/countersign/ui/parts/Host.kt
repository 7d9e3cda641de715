package org.countersign.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.ImageBitmap

/** What the screens get from the system they run on. */
interface Host {
    /** What the camera sees; it hands frames to the presenter by itself. */
    @Composable
    fun CameraView(modifier: Modifier)

    /** A PNG picture that the core made; null if it can't be read. */
    fun picture(png: ByteArray): ImageBitmap?
}

val LocalHost = staticCompositionLocalOf<Host> { error("no host: wrap the screen in CountersignApp") }
