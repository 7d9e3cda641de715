package org.countersign.ui.logic

import java.io.IOException
import org.countersign.core.Reason
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Typed

/**
 * Files outside of the app, by the system's own dialogs. The calls that are `suspend` wait for the person; what is done
 * with a file takes long, and fails with an [IOException].
 */
interface Documents {
    /** The files that the person chose, several at once; none where the dialog was left. */
    suspend fun open(): List<Document>

    /** Where the person wants a new file; null where the dialog was left. */
    suspend fun create(name: String, type: String): Document?

    /**
     * A folder that may be written to from now on, by a name to keep for [folder]; null where the dialog was left.
     * Fails with an [IOException] where the app that keeps it does not allow that.
     */
    suspend fun chooseFolder(): String?

    /** What is kept is believed only when something is done with it. */
    fun folder(kept: String): Folder

    /** Whether [print] does anything. */
    val canPrint: Boolean

    /** Hands a page of HTML to the system's printing; false where the person left it. Fails with an [IOException]. */
    suspend fun print(name: String, page: ByteArray): Boolean
}

/** A file that a person chose. */
interface Document {
    /** As a person knows it. */
    val name: String

    /** All of it; null where it is longer than [most] bytes. */
    fun read(most: Int): ByteArray?

    /** Puts [content] in place of what is there. */
    fun write(content: ByteArray)

    fun delete()
}

/** A text that came as a link, as a file: it can be read once, and is wiped then. */
internal class TextFile(text: Typed) : Document {
    /** UTF-8. */
    val content = spent(text) { bytes -> ByteArray(bytes.remaining()).also(bytes::get) }

    override val name = "otpauth-migration"

    override fun read(most: Int) = content.copyOf().also { content.fill(0) }.takeIf { it.size <= most }

    override fun write(content: ByteArray) = throw IOException("a link can't be written")

    override fun delete() = throw IOException("a link can't be deleted")
}

/** A folder for backups. */
interface Folder {
    /** As a person knows it. */
    val name: String

    /** The names of the files in it. */
    fun files(): List<String>

    /** A new, empty file; fails where there is one of that name. */
    fun create(name: String): Document

    fun file(name: String): Document

    /** Its first [count] bytes, or all of it where it is shorter. */
    fun start(name: String, count: Int): ByteArray

    /** Gives a file a name that none has; fails, and changes nothing, where the app that keeps the folder can't. */
    fun rename(name: String, new: String): Document
}

/** A file that can't be used, under a name by which the words of that are found. */
class FileRefused(val reason: ReasonName) : Exception(reason.name) {
    companion object {
        val UNREADABLE = ReasonName("file.unreadable")
        val UNWRITABLE = ReasonName("file.unwritable")
        val FOLDER_GONE = ReasonName("file.folder_gone")
        val UNPRINTABLE = ReasonName("file.unprintable")
        val TOO_LARGE = Reason.IMPORT_TOO_LARGE.named()
    }
}

/** Does [work] with a file; where that fails, it is refused for [reason]. */
internal inline fun <T> withFile(reason: ReasonName, work: () -> T): T = try {
    work()
} catch (_: IOException) {
    throw FileRefused(reason)
}

/** Puts [content] into a new file. */
internal fun Document.save(content: ByteArray) = orDeleted { withFile(FileRefused.UNWRITABLE) { write(content) } }

/** A file that is not whole must not be taken for one: where [work] fails, it does not stay. */
internal inline fun <T> Document.orDeleted(work: () -> T): T = try {
    work()
} catch (error: Exception) {
    runCatching { delete() }
    throw error
}

/** No export and no backup is larger. */
internal const val LARGEST_FILE = 64 * 1_024 * 1_024
