package org.countersign.app

import android.content.ContentResolver
import android.net.Uri
import android.provider.DocumentsContract
import android.provider.DocumentsContract.Document.COLUMN_DISPLAY_NAME
import android.provider.DocumentsContract.Document.COLUMN_DOCUMENT_ID
import android.provider.OpenableColumns
import java.io.IOException
import java.io.InputStream
import org.countersign.ui.logic.Document
import org.countersign.ui.logic.Folder

/** A file in an app that keeps files. */
internal class PhoneDocument(private val resolver: ContentResolver, private val uri: Uri) : Document {
    override val name: String by lazy {
        runCatching { asked() }.getOrNull() ?: uri.lastPathSegment.orEmpty().substringAfterLast('/')
    }

    private fun asked(): String? =
        resolver.query(uri, arrayOf(OpenableColumns.DISPLAY_NAME), null, null)?.use { found ->
            if (found.moveToFirst()) found.getString(0) else null
        }

    override fun read(most: Int): ByteArray? = content().use { it.upTo(most) }

    /** Its first [count] bytes, or all of it where it is shorter. */
    fun start(count: Int): ByteArray = content().use { stream ->
        val held = ByteArray(count)
        var size = 0
        while (size < count) {
            val more = stream.read(held, size, count - size)
            if (more < 0) break
            size += more
        }
        held.copyOf(size)
    }

    private fun content() = asking { resolver.openInputStream(uri) ?: throw IOException("no content") }

    override fun write(content: ByteArray) =
        asking { resolver.openOutputStream(uri, "wt") ?: throw IOException("no content") }.use { it.write(content) }

    override fun delete() {
        if (!asking { DocumentsContract.deleteDocument(resolver, uri) }) throw IOException("it stays")
    }
}

/** A folder that the person gave for good. */
internal class PhoneFolder(private val resolver: ContentResolver, private val tree: Uri) : Folder {
    /** Fails where what was kept is no folder's. */
    private val id by lazy { asking { DocumentsContract.getTreeDocumentId(tree) } }

    /** Providers make their ids of paths; none tells the name of a folder that is not there any more. */
    override val name by lazy {
        val known = runCatching { id }.getOrDefault("$tree")
        known.substringAfterLast('/').substringAfterLast(':').ifEmpty { known }
    }

    override fun files() = listed().keys.toList()

    override fun create(name: String): Document {
        val folder = DocumentsContract.buildDocumentUriUsingTree(tree, id)
        val file = asking { DocumentsContract.createDocument(resolver, folder, BACKUP_TYPE, name) }
        return PhoneDocument(resolver, file ?: throw IOException("not made"))
    }

    override fun file(name: String): Document = PhoneDocument(resolver, uri(name))

    override fun start(name: String, count: Int) = PhoneDocument(resolver, uri(name)).start(count)

    override fun rename(name: String, new: String): Document {
        val file = uri(name)
        val renamed = asking { DocumentsContract.renameDocument(resolver, file, new) }
        return PhoneDocument(resolver, renamed ?: throw IOException("not renamed"))
    }

    private fun uri(name: String): Uri {
        val file = listed()[name] ?: throw IOException("there is no $name")
        return DocumentsContract.buildDocumentUriUsingTree(tree, file)
    }

    /** Names and ids of the files. */
    private fun listed(): Map<String, String> = asking {
        val children = DocumentsContract.buildChildDocumentsUriUsingTree(tree, id)
        val found = resolver.query(children, COLUMNS, null, null) ?: throw IOException("no folder")
        found.use { generateSequence { if (it.moveToNext()) it.getString(0) to it.getString(1) else null }.toMap() }
    }

    private companion object {
        const val BACKUP_TYPE = "application/octet-stream"
        val COLUMNS = arrayOf(COLUMN_DISPLAY_NAME, COLUMN_DOCUMENT_ID)
    }
}

/** The app that keeps a file may be of any kind: its mistakes are no crash. */
internal inline fun <T> asking(work: () -> T): T = try {
    work()
} catch (error: RuntimeException) {
    throw IOException(error)
}

/** All of it; null where it is longer. It may be secrets: what was read on the way is wiped. */
internal fun InputStream.upTo(most: Int): ByteArray? {
    var held = ByteArray(65_536)
    var size = 0
    while (true) {
        val count = read(held, size, held.size - size)
        if (count < 0) return held.copyOf(size).also { held.fill(0) }
        size += count
        if (size > most) return null.also { held.fill(0) }
        if (size == held.size) held = held.copyOf(2 * size).also { held.fill(0) }
    }
}
