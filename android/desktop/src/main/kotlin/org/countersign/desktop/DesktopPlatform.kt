package org.countersign.desktop

import java.awt.FileDialog
import java.awt.Frame
import java.awt.Toolkit
import java.awt.datatransfer.DataFlavor
import java.awt.datatransfer.StringSelection
import java.awt.datatransfer.UnsupportedFlavorException
import java.io.IOException
import java.nio.file.Path
import java.util.Properties
import java.util.concurrent.TimeUnit
import kotlin.io.path.exists
import kotlin.io.path.fileSize
import kotlin.io.path.inputStream
import kotlin.io.path.outputStream
import kotlin.io.path.readBytes
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.countersign.ui.logic.BackgroundChecks
import org.countersign.ui.logic.Clipboard
import org.countersign.ui.logic.Clocks
import org.countersign.ui.logic.Device
import org.countersign.ui.logic.HttpSender
import org.countersign.ui.logic.Pictures
import org.countersign.ui.logic.Platform
import org.countersign.ui.logic.Preferences
import org.countersign.ui.logic.Pushes
import org.countersign.ui.logic.SoftwareKeys
import org.countersign.ui.screens.DeviceFinding
import org.countersign.ui.screens.DeviceNeed
import org.countersign.ui.screens.Distributor

/** This machine in place of a phone; what is kept is kept in [folder]. */
internal fun desktop(folder: Path, lock: StandInLock, leave: () -> Unit) = Platform(
    vault = folder.resolve("vault.db").toString(),
    device = Device("Desktop run", "android", "desktop", System.getProperty("os.name"), allowPlainHttp = true),
    clocks = MachineClocks,
    sender = HttpSender(),
    keys = { SoftwareKeys(it, MachineClocks) },
    deviceLock = lock,
    clipboard = AwtClipboard,
    pictures = PictureFiles,
    documents = FileDialogs,
    preferences = PreferencesFile(folder.resolve("preferences.properties")),
    background = NoBackgroundChecks,
    pushes = NoPushes,
    leave = leave,
)

private object MachineClocks : Clocks {
    override fun wallMs() = System.currentTimeMillis()

    override fun steadyMs() = TimeUnit.NANOSECONDS.toMillis(System.nanoTime())
}

private object AwtClipboard : Clipboard {
    private val clipboard get() = Toolkit.getDefaultToolkit().systemClipboard

    override fun put(text: String) = clipboard.setContents(StringSelection(text), null)

    override fun clear(text: String) {
        if (text() == text) put("")
    }

    override fun text(): String? = try {
        clipboard.getData(DataFlavor.stringFlavor) as String
    } catch (_: UnsupportedFlavorException) {
        null
    } catch (_: IOException) {
        null
    }
}

private object PictureFiles : Pictures {
    /** No photograph is larger. */
    private const val LARGEST = 64L * 1_024 * 1_024

    override suspend fun choose(): ByteArray? = withContext(Dispatchers.IO) {
        val dialog = FileDialog(null as Frame?, "", FileDialog.LOAD).apply { isVisible = true }
        val file = dialog.files.singleOrNull()?.toPath()
        file?.takeIf { it.fileSize() <= LARGEST }?.readBytes()
    }

    override fun hasCamera() = false

    override suspend fun camera() = Pictures.Camera.RefusedForGood

    override fun openSystemSettings() = Unit
}

private class PreferencesFile(private val file: Path) : Preferences {
    private val kept = Properties().apply { if (file.exists()) file.inputStream().use(::load) }

    override fun get(name: String): String? = kept.getProperty(name)

    override fun put(name: String, value: String?) {
        if (value == null) kept.remove(name) else kept.setProperty(name, value)
        file.outputStream().use { kept.store(it, null) }
    }
}

/** The app is open or it is not. */
private object NoBackgroundChecks : BackgroundChecks {
    override fun start(watchKey: ByteArray, regularly: Boolean) = Unit

    override fun stop() = Unit

    override fun findings() = emptyList<DeviceFinding>()

    override fun fix(need: DeviceNeed) = Unit
}

/** No app of a desktop receives pushes for others. */
private object NoPushes : Pushes {
    override fun distributors() = emptyList<Distributor>()

    override fun register(distributor: String) = Unit

    override fun unregister() = Unit
}
