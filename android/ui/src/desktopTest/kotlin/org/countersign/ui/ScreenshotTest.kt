package org.countersign.ui

import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getAllSemanticsNodes
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.unit.Density
import androidx.compose.ui.use
import java.io.File
import kotlin.math.roundToInt
import kotlin.test.Test
import kotlin.test.assertTrue
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.ScreenState
import org.jetbrains.skia.EncodedImageFormat

/**
 * Pictures of every screen for a person to look at, in `target/screenshots`; where a screen is not all of it, there is
 * one of the `-whole` too. With `-Dpictures` those of the gallery are
 * made anew in `docs/pictures`.
 */
class ScreenshotTest {
    private val folder = File("target/screenshots").apply { mkdirs() }

    private class Look(
        val name: String,
        val width: Int,
        val dark: Boolean,
        val language: Language,
        val fontScale: Float,
    )

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
                val first = picture(state, look, HEIGHT)
                File(folder, "$name-${look.name}.png").writeBytes(first.png)
                assertTrue(first.png.size > 4_000, "$name in ${look.name} is next to empty")
                if (first.below > 0) {
                    File(folder, "$name-${look.name}-whole.png").writeBytes(whole(state, look, first).png)
                }
            }
        }
        if (System.getProperty("pictures") != null) renewGallery()
    }

    @Test
    fun `every picture of the gallery is of a screen that there is`() {
        val screens = Samples.all.flatMap { (name) -> looks.map { "$name-${it.name}.png" } }.toSet()
        val shown = gallery.listFiles { file -> file.name.startsWith(OURS) }.orEmpty()
        assertTrue(shown.size in 8..18, "${shown.size} pictures")
        for (file in shown) {
            assertTrue(file.name.removePrefix(OURS) in screens, file.name)
            assertTrue("pictures/${file.name}" in File(gallery.parentFile, "gallery.md").readText(), file.name)
        }
    }

    private val gallery = File("../../docs/pictures")

    private fun renewGallery() = gallery.listFiles { file -> file.name.startsWith(OURS) }.orEmpty().forEach { file ->
        File(folder, file.name.removePrefix(OURS)).copyTo(file, overwrite = true)
    }

    /** [below]: how much more there is to scroll to, in dp. */
    private class Picture(val png: ByteArray, val height: Int, val below: Int)

    /** As high as it takes to see all of it; of a long list it is not known before how much that is. */
    private fun whole(state: ScreenState, look: Look, first: Picture): Picture {
        var picture = first
        while (picture.below > 0) {
            assertTrue(picture.height < HIGHEST, "$state has no end in ${look.name}")
            picture = picture(state, look, picture.height + picture.below.coerceAtLeast(HEIGHT / 2))
        }
        return picture
    }

    private fun picture(state: ScreenState, look: Look, height: Int): Picture {
        val density = Density(SCALE, look.fontScale)
        val width = (look.width * SCALE).toInt()
        return ImageComposeScene(width, (height * SCALE).toInt(), density) {
            Shown(state, look.language, look.dark)
        }.use { scene ->
            // Frames half a second apart, so that entries have ended: a dialog, a ripple, a cursor.
            for (frame in 0..4) scene.render(frame * 500_000_000L)
            val image = scene.render(2_500_000_000L)
            val below = (scene.below() / SCALE).roundToInt()
            Picture(checkNotNull(image.encodeToData(EncodedImageFormat.PNG)).bytes, height, below)
        }
    }

    private fun ImageComposeScene.below(): Float = semanticsOwners
        .flatMap { it.getAllSemanticsNodes(mergingEnabled = false) }
        .mapNotNull { it.config.getOrNull(SemanticsProperties.VerticalScrollAxisRange) }
        .maxOfOrNull { it.maxValue() - it.value() } ?: 0f

    private companion object {
        const val OURS = "android-"
        const val SCALE = 1.5f
        const val HEIGHT = 820
        const val HIGHEST = 10_000
    }
}
