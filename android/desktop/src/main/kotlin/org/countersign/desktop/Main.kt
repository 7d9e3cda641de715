package org.countersign.desktop

import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.KeyEventType
import androidx.compose.ui.input.key.key
import androidx.compose.ui.input.key.type
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Window
import androidx.compose.ui.window.WindowPosition
import androidx.compose.ui.window.application
import androidx.compose.ui.window.rememberWindowState
import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import org.countersign.ui.logic.App
import org.countersign.ui.screens.AppEvent

/** The app in a window of the size of a phone; what it keeps is in the folder that the argument names. */
fun main(arguments: Array<String>) {
    val folder = Path.of(arguments.single()).createDirectories()
    application {
        val lock = remember { StandInLock(folder) }
        val app = remember { appIn(folder, lock, ::exitApplication) }
        val quit = {
            app.close()
            exitApplication()
        }
        val place = rememberWindowState(position = WindowPosition.PlatformDefault, width = 412.dp, height = 860.dp)
        Window(quit, place, title = "Countersign", onPreviewKeyEvent = { key ->
            (key.key == Key.Escape && key.type == KeyEventType.KeyDown).also { if (it) app.on(AppEvent.Back) }
        }) {
            val state by app.state.collectAsState()
            state?.let { DesktopApp(it, app::on) }
            LockDialog(lock)
        }
    }
}

/** The app with this machine as its platform. Everything in it happens on one thread at a time, which draws nothing. */
internal fun appIn(folder: Path, lock: StandInLock, leave: () -> Unit): App {
    val serial = Dispatchers.Default.limitedParallelism(1)
    return App(desktop(folder, lock, leave), CoroutineScope(SupervisorJob() + serial), Dispatchers.IO)
}
