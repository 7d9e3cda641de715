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

    override fun read(most: Int): ByteArray? =
        asking { resolver.openInputStream(uri) ?: throw IOException("no content") }.use { it.upTo(most) }

    override fun write(content: ByteArray) =
        asking { resolver.openOutputStream(uri, "wt") ?: throw IOException("no content") }.use { it.write(content) }

    override fun delete() {
        if (!asking { DocumentsContract.deleteDocument(resolver, uri) }) throw IOException("it stays")
    }
}

/** A folder that the person gave for good. */
internal class PhoneFolder(private val resolver: ContentResolver, private val tree: Uri) : Folder {
    private val id = DocumentsContract.getTreeDocumentId(tree)

    /** Providers make their ids of paths; none tells the name of a folder that is not there any more. */
    override val name = id.substringAfterLast('/').substringAfterLast(':').ifEmpty { id }

    override fun files() = listed().keys.toList()

    override fun create(name: String): Document {
        val folder = DocumentsContract.buildDocumentUriUsingTree(tree, id)
        val file = asking { DocumentsContract.createDocument(resolver, folder, BACKUP_TYPE, name) }
        return PhoneDocument(resolver, file ?: throw IOException("not made"))
    }

    override fun file(name: String): Document {
        val file = listed()[name] ?: throw IOException("there is no $name")
        return PhoneDocument(resolver, DocumentsContract.buildDocumentUriUsingTree(tree, file))
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
private inline fun <T> asking(work: () -> T): T = try {
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
