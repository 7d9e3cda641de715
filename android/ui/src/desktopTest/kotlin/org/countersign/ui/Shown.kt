package org.countersign.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LongState
import androidx.compose.runtime.mutableLongStateOf
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import androidx.compose.ui.text.ExperimentalTextApi
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.platform.SystemFont
import org.countersign.ui.parts.Host
import org.countersign.ui.parts.LocalNow
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.AppState
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.ScreenState
import org.jetbrains.skia.FontMgr
import org.jetbrains.skia.Image

/** 2026-11-24 09:30:12 UTC: each test begins at this moment. */
const val MORNING = 1_795_512_612L

/** A screen as the app shows it, at a moment that stands still until the test moves [nowMs]. */
@Composable
fun Shown(
    screen: ScreenState,
    language: Language = Language.English,
    dark: Boolean = false,
    nowMs: LongState = mutableLongStateOf(MORNING * 1000),
    onEvent: (AppEvent) -> Unit = {},
) {
    CompositionLocalProvider(LocalNow provides nowMs) {
        CountersignApp(AppState(screen, language), DesktopHost, onEvent, dark, DeviceFont)
    }
}

/** A grey field stands for what the camera sees. */
object DesktopHost : Host {
    @Composable
    override fun CameraView(modifier: Modifier) = Box(modifier.background(Color(0xFF33404A)))

    override fun picture(png: ByteArray): ImageBitmap? = Image.makeFromEncoded(png).toComposeImageBitmap()
}

/** Roboto as on a phone, where this machine has it. */
@OptIn(ExperimentalTextApi::class)
val DeviceFont: FontFamily =
    if (FontMgr.default.matchFamily("Roboto").count() > 0) FontFamily(SystemFont("Roboto")) else FontFamily.Default
