package org.countersign.ui.logic

import java.io.IOException
import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.createFile
import kotlin.io.path.deleteExisting
import kotlin.io.path.fileSize
import kotlin.io.path.getLastModifiedTime
import kotlin.io.path.inputStream
import kotlin.io.path.isDirectory
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.moveTo
import kotlin.io.path.name
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlinx.coroutines.CompletableDeferred

/** Files of this machine; the person in front of the dialogs is played. */
class PlayedDocuments(private val folder: Path) : Documents {
    /** What is chosen when the dialog opens next. */
    var chosen = emptyList<Document>()

    /** Whether the dialogs are left without an answer. */
    var left = false

    /** What arrives on the disk of what is written. */
    var written: (ByteArray) -> ByteArray = { it }

    /** Whether files of a folder can have another name. */
    var renames = true

    /** Whether no folder is given for good, and nothing can be printed. */
    var refuses = false

    /** The person has not answered yet. */
    var thinks: CompletableDeferred<Unit>? = null

    /** What was printed last. */
    var printed: String? = null

    /** Every file that was made, by its name. */
    val made get() = if (folder.isDirectory()) folder.listDirectoryEntries().associateBy { it.name } else emptyMap()

    /** Names of the backups, the latest last. */
    val backups get() = made.keys.filter { it.endsWith(".backup") }.sorted()

    /** The backup that was written last. */
    val last get() = made.maxBy { it.value.getLastModifiedTime() }.key

    fun put(name: String, bytes: ByteArray) = folder.resolve(name).writeBytes(bytes)

    override suspend fun open() = chosen

    override suspend fun create(name: String, type: String): Document? {
        thinks?.await()
        return if (left) null else FileOf(folder.createDirectories().resolve(name).createFile(), written)
    }

    override suspend fun chooseFolder(): String? {
        if (refuses) throw IOException("not for good")
        return if (left) null else folder.createDirectories().toString()
    }

    override fun folder(kept: String) = FolderOf(Path.of(kept), renames, written)

    override val canPrint = true

    override suspend fun print(name: String, page: ByteArray): Boolean {
        if (refuses) throw IOException("no printer")
        return !left.also { printed = page.decodeToString() }
    }
}

/** A file that another app wrote, from the fixtures of the repository. */
fun fixture(name: String, changed: (String) -> String = { it }): Document {
    val root = generateSequence(Path.of("").toAbsolutePath(), Path::getParent).first { it.resolve("words").isDirectory() }
    val content = root.resolve("tests/fixtures/import").resolve(name).readBytes()
    val text = content.decodeToString()
    return FileIn(name.substringAfterLast('/'), if (changed(text) == text) content else changed(text).toByteArray())
}

/** A file that can only be read. */
class FileIn(override val name: String, private val content: ByteArray) : Document {
    override fun read(most: Int) = content.copyOf().takeIf { it.size <= most }

    override fun write(content: ByteArray) = throw IOException("it can only be read")

    override fun delete() = throw IOException("it can only be read")
}

/** A file; [written] is what arrives on the disk. */
class FileOf(private val path: Path, private val written: (ByteArray) -> ByteArray = { it }) : Document {
    override val name get() = path.name

    override fun read(most: Int) = if (path.fileSize() > most) null else path.readBytes()

    override fun write(content: ByteArray) = path.writeBytes(written(content))

    override fun delete() = path.deleteExisting()
}

class FolderOf(private val path: Path, private val renames: Boolean, private val written: (ByteArray) -> ByteArray) :
    Folder {
    override val name get() = path.name

    override fun files() = path.listDirectoryEntries().map { it.name }

    override fun create(name: String) = FileOf(path.resolve(name).createFile(), written)

    override fun file(name: String) = FileOf(path.resolve(name), written)

    override fun start(name: String, count: Int): ByteArray = path.resolve(name).inputStream().use { it.readNBytes(count) }

    override fun rename(name: String, new: String): Document {
        if (!renames) throw IOException("no")
        return FileOf(path.resolve(name).moveTo(path.resolve(new)), written)
    }
}
