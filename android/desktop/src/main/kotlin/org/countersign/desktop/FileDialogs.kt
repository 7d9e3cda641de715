package org.countersign.desktop

import java.awt.FileDialog
import java.awt.Frame
import java.nio.file.Path
import javax.swing.JFileChooser
import kotlin.io.path.createFile
import kotlin.io.path.deleteExisting
import kotlin.io.path.fileSize
import kotlin.io.path.inputStream
import kotlin.io.path.isRegularFile
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.moveTo
import kotlin.io.path.name
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.countersign.ui.logic.Document
import org.countersign.ui.logic.Documents
import org.countersign.ui.logic.Folder

/** The dialogs of this machine's desktop. */
internal object FileDialogs : Documents {
    override suspend fun open(): List<Document> =
        shown(FileDialog.LOAD) { isMultipleMode = true }.map { DesktopFile(it) }

    override suspend fun create(name: String, type: String): Document? =
        shown(FileDialog.SAVE) { file = name }.firstOrNull()?.let { DesktopFile(it) }

    private suspend fun shown(mode: Int, prepare: FileDialog.() -> Unit): List<Path> = withContext(Dispatchers.IO) {
        val dialog = FileDialog(null as Frame?, "", mode).apply(prepare).apply { isVisible = true }
        dialog.files.map { it.toPath() }
    }

    override suspend fun chooseFolder(): String? = withContext(Dispatchers.IO) {
        val chooser = JFileChooser().apply { fileSelectionMode = JFileChooser.DIRECTORIES_ONLY }
        val isChosen = chooser.showOpenDialog(null) == JFileChooser.APPROVE_OPTION
        if (isChosen) chooser.selectedFile.path else null
    }

    override fun folder(kept: String): Folder = DesktopFolder(Path.of(kept))

    /** The sheet can be saved and printed from a browser. */
    override val canPrint = false

    override suspend fun print(name: String, page: ByteArray) = false
}

private class DesktopFile(private val path: Path) : Document {
    override val name get() = path.name

    override fun read(most: Int) = if (path.fileSize() > most) null else path.readBytes()

    override fun write(content: ByteArray) = path.writeBytes(content)

    override fun delete() = path.deleteExisting()
}

private class DesktopFolder(private val path: Path) : Folder {
    override val name get() = path.name

    override fun files() = path.listDirectoryEntries().filter { it.isRegularFile() }.map { it.name }

    override fun create(name: String): Document = DesktopFile(path.resolve(name).createFile())

    override fun file(name: String): Document = DesktopFile(path.resolve(name))

    override fun start(name: String, count: Int): ByteArray =
        path.resolve(name).inputStream().use { it.readNBytes(count) }

    override fun rename(name: String, new: String): Document =
        DesktopFile(path.resolve(name).moveTo(path.resolve(new)))
}
