package org.countersign.app

import android.graphics.BitmapFactory
import android.os.Bundle
import android.view.View
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.asImageBitmap
import androidx.compose.ui.platform.ComposeView
import androidx.compose.ui.viewinterop.AndroidView
import androidx.lifecycle.setViewTreeLifecycleOwner
import androidx.savedstate.setViewTreeSavedStateRegistryOwner
import org.countersign.ui.CountersignApp
import org.countersign.ui.logic.App
import org.countersign.ui.parts.Host
import org.countersign.ui.parts.Ticking

/** The activity with the screens of `ui`. */
class MainActivity : PhoneActivity() {
    private val owner = ScreenOwner()

    override fun screens(app: App): View = ComposeView(this).apply {
        setViewTreeLifecycleOwner(owner)
        setViewTreeSavedStateRegistryOwner(owner)
        val host = PhoneHost(app::frame)
        setContent {
            val state by app.state.collectAsState()
            state?.let { shown ->
                Ticking(System::currentTimeMillis) { CountersignApp(shown, host, app::on) }
            }
        }
    }

    override fun onCreate(saved: Bundle?) {
        owner.created()
        super.onCreate(saved)
    }

    override fun onStart() {
        super.onStart()
        owner.seen()
    }

    override fun onStop() {
        owner.unseen()
        super.onStop()
    }

    override fun onDestroy() {
        owner.destroyed()
        super.onDestroy()
    }
}

private class PhoneHost(private val frames: Frames) : Host {
    @Composable
    override fun CameraView(modifier: Modifier) = AndroidView({ CameraPreview(it, frames) }, modifier)

    override fun picture(png: ByteArray): ImageBitmap? = BitmapFactory.decodeByteArray(png, 0, png.size)?.asImageBitmap()
}
