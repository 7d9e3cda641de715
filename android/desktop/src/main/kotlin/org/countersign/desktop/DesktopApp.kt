package org.countersign.desktop

import androidx.compose.foundation.layout.Box
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import org.countersign.ui.CountersignApp
import org.countersign.ui.parts.Host
import org.countersign.ui.parts.Ticking
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.AppState
import org.jetbrains.skia.Image

@Composable
internal fun DesktopApp(state: AppState, onEvent: (AppEvent) -> Unit) {
    Ticking(System::currentTimeMillis) { CountersignApp(state, DesktopHost, onEvent) }
}

private object DesktopHost : Host {
    /** There is no camera: the way to it is not shown. */
    @Composable
    override fun CameraView(modifier: Modifier) = Box(modifier)

    override fun picture(png: ByteArray): ImageBitmap? =
        runCatching { Image.makeFromEncoded(png).toComposeImageBitmap() }.getOrNull()
}

/** Stands for what a phone shows when it asks for a fingerprint. */
@Composable
internal fun LockDialog(lock: StandInLock) {
    val asking by lock.asking.collectAsState()
    val question = asking ?: return
    AlertDialog(
        onDismissRequest = { question.complete(false) },
        title = { Text("The lock of the phone") },
        text = { Text("A phone would ask for a fingerprint, a face or a number now.") },
        confirmButton = { TextButton({ question.complete(true) }) { Text("It's me") } },
        dismissButton = { TextButton({ question.complete(false) }) { Text("Cancel") } },
    )
}
