package org.countersign.ui

import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.unit.Density
import androidx.compose.ui.use
import java.io.File
import kotlin.test.Test
import kotlin.test.assertTrue
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.ScreenState
import org.jetbrains.skia.EncodedImageFormat

/** Pictures of every screen for a person to look at, in `target/screenshots`. */
class ScreenshotTest {
    private val folder = File("target/screenshots").apply { mkdirs() }

    private class Look(val name: String, val width: Int, val dark: Boolean, val language: Language, val fontScale: Float)

    private val looks = listOf(
        Look("light", 411, dark = false, Language.English, 1f),
        Look("dark", 411, dark = true, Language.English, 1f),
        Look("ja", 411, dark = false, Language.Japanese, 1f),
        Look("text-200", 411, dark = false, Language.English, 2f),
        Look("narrow", 360, dark = false, Language.English, 1f),
    )

    @Test
    fun `every screen in light, dark, Japanese, large text and narrow`() {
        for ((name, state) in Samples.all) {
            for (look in looks) {
                val png = picture(state, look)
                File(folder, "$name-${look.name}.png").writeBytes(png)
                assertTrue(png.size > 4_000, "$name in ${look.name} is next to empty")
            }
        }
    }

    private fun picture(state: ScreenState, look: Look): ByteArray {
        val density = Density(SCALE, look.fontScale)
        val width = (look.width * SCALE).toInt()
        return ImageComposeScene(width, (HEIGHT * SCALE).toInt(), density) {
            Shown(state, look.language, look.dark)
        }.use { scene ->
            // Frames half a second apart, so that entries have ended: a dialog, a ripple, a cursor.
            for (frame in 0..4) scene.render(frame * 500_000_000L)
            checkNotNull(scene.render(2_500_000_000L).encodeToData(EncodedImageFormat.PNG)).bytes
        }
    }

    private companion object {
        const val SCALE = 1.5f
        const val HEIGHT = 820
    }
}
