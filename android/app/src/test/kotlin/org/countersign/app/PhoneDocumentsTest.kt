package org.countersign.app

import android.Manifest.permission.MANAGE_DOCUMENTS
import android.app.Activity
import android.content.ClipData
import android.content.ContentResolver
import android.content.Intent
import android.content.pm.ProviderInfo
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.CancellationSignal
import android.os.ParcelFileDescriptor
import android.provider.DocumentsContract
import android.provider.DocumentsProvider
import java.io.File
import java.io.IOException
import kotlin.concurrent.thread
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowContentResolver

/** The choosers of the system, and a folder in an app that keeps files. */
@RunWith(RobolectricTestRunner::class)
class PhoneDocumentsTest {
    private val activity = Robolectric.buildActivity(Activity::class.java).setup().get()
    private val dialogs = SystemDialogs(activity)
    private val documents = PhoneDocuments(activity, dialogs)
    private val tree = DocumentsContract.buildTreeDocumentUri(AUTHORITY, "primary:Cloud/Backups")

    @Before
    fun provider() {
        val info = ProviderInfo().apply {
            authority = AUTHORITY
            exported = true
            grantUriPermissions = true
            readPermission = MANAGE_DOCUMENTS
            writePermission = MANAGE_DOCUMENTS
        }
        Robolectric.buildContentProvider(PlayedFiles::class.java).create(info)
    }

    /** Opens a chooser, sees what it was asked, and answers. */
    private fun <T> chooses(answer: Intent?, open: suspend () -> T): Pair<Intent, T> {
        var chosen: Result<T>? = null
        thread { chosen = runCatching { runBlocking { open() } } }
        var asked: Intent? = null
        waitFor("a dialog") { shadowOf(activity).nextStartedActivity.also { asked = asked ?: it } != null || asked != null }
        assertTrue(dialogs.isOpen)
        dialogs.answered(if (answer == null) Activity.RESULT_CANCELED else Activity.RESULT_OK, answer)
        waitFor("an answer") { chosen != null }
        return checkNotNull(asked) to chosen!!.getOrThrow()
    }

    @Test
    fun `one file, several, or none`() {
        val (one, two) = Uri.parse("content://a/1") to Uri.parse("content://a/2")
        val (asked, files) = chooses(Intent().setData(one), documents::open)
        assertEquals(Intent.ACTION_OPEN_DOCUMENT to 1, asked.action to files.size)
        assertTrue(asked.getBooleanExtra(Intent.EXTRA_ALLOW_MULTIPLE, false))
        val clip = ClipData.newRawUri("", one).apply { addItem(ClipData.Item(two)) }
        assertEquals(2, chooses(Intent().apply { clipData = clip }, documents::open).second.size)
        assertEquals(0, chooses(null, documents::open).second.size)
    }

    @Test
    fun `a new file by its name and type, and a folder for good`() {
        val (asked, file) = chooses(null) { documents.create("countersign.2fas", "application/octet-stream") }
        assertNull(file)
        assertEquals(
            Triple(Intent.ACTION_CREATE_DOCUMENT, "countersign.2fas", "application/octet-stream"),
            Triple(asked.action, asked.getStringExtra(Intent.EXTRA_TITLE), asked.type),
        )
        val (tree, kept) = chooses(Intent().setData(tree), documents::chooseFolder)
        assertEquals(Intent.ACTION_OPEN_DOCUMENT_TREE to this.tree.toString(), tree.action to kept)
        val permission = activity.contentResolver.persistedUriPermissions.single()
        assertTrue(permission.isReadPermission && permission.isWritePermission)
    }

    @Test
    @Config(shadows = [NotForGood::class])
    fun `a folder that is not given for good can't be used`() {
        assertFailsWith<IOException> { chooses(Intent().setData(tree), documents::chooseFolder) }
    }

    /** As where the other app takes its offer back. */
    @Implements(ContentResolver::class)
    class NotForGood : ShadowContentResolver() {
        @Implementation
        override fun takePersistableUriPermission(uri: Uri, flags: Int): Unit = throw SecurityException("not persistable")
    }

    @Test
    fun `a folder's files are made, read back and removed`() {
        val folder = documents.folder(tree.toString())
        assertEquals("Backups", folder.name)
        assertEquals(emptyList(), folder.files())
        folder.create("one.backup").write(byteArrayOf(1, 2, 3))
        assertEquals(listOf("one.backup"), folder.files())
        val file = folder.file("one.backup")
        assertEquals("one.backup", file.name)
        assertContentEquals(byteArrayOf(1, 2, 3), file.read(3))
        assertNull(file.read(2))
        file.write(byteArrayOf(4))
        assertContentEquals(byteArrayOf(4), file.read(100))
        file.write(byteArrayOf(5, 6, 7))
        assertContentEquals(byteArrayOf(5, 6), folder.start("one.backup", 2))
        assertContentEquals(byteArrayOf(5, 6, 7), folder.start("one.backup", 64))
        assertContentEquals(byteArrayOf(5, 6, 7), folder.rename("one.backup", "two.backup").read(3))
        assertEquals(listOf("two.backup"), folder.files())
        // A provider that can't rename says so in its own way.
        assertFailsWith<IOException> { folder.rename("two.backup", "refused") }
        assertEquals(listOf("two.backup"), folder.files())
        folder.file("two.backup").delete()
        assertEquals(emptyList(), folder.files())
        assertFailsWith<IOException> { folder.file("one.backup") }
    }

    @Test
    fun `whatever the other app does wrong is a file that can't be used`() {
        val gone = documents.folder(DocumentsContract.buildTreeDocumentUri(AUTHORITY, "refuses").toString())
        assertFailsWith<IOException> { gone.files() }
        assertFailsWith<IOException> { gone.create("a") }
        val noTree = documents.folder("content://$AUTHORITY/document/x")
        assertEquals("x", noTree.name)
        assertFailsWith<IOException> { noTree.files() }
        assertFailsWith<IOException> { noTree.create("a") }
        val nobody = documents.folder(DocumentsContract.buildTreeDocumentUri("nobody", "x").toString())
        assertFailsWith<IOException> { nobody.files() }
    }

    private companion object {
        const val AUTHORITY = "org.example.files"
    }
}

/** An app that keeps files, in memory of the test; `refuses` is a folder that was taken away. */
class PlayedFiles : DocumentsProvider() {
    private val folder = File.createTempFile("files", "").apply { delete(); mkdirs(); deleteOnExit() }

    override fun onCreate() = true

    override fun queryRoots(projection: Array<String>?): Cursor = MatrixCursor(projection ?: emptyArray())

    override fun queryDocument(id: String, projection: Array<String>?): Cursor = cursor(projection, listOf(id))

    override fun queryChildDocuments(parent: String, projection: Array<String>?, order: String?): Cursor {
        if (parent == "refuses") throw SecurityException("no longer yours")
        return cursor(projection, folder.list().orEmpty().toList())
    }

    private fun cursor(projection: Array<String>?, ids: List<String>) = MatrixCursor(projection ?: emptyArray()).apply {
        for (id in ids) addRow(columnNames.map { id }.toTypedArray())
    }

    override fun isChildDocument(parent: String, id: String) = true

    override fun createDocument(parent: String, type: String, name: String): String {
        if (parent == "refuses") throw IllegalStateException("no longer yours")
        File(folder, name).createNewFile()
        return name
    }

    override fun renameDocument(id: String, name: String): String {
        if (name == "refused") throw UnsupportedOperationException("Rename not supported")
        File(folder, id).renameTo(File(folder, name))
        return name
    }

    override fun deleteDocument(id: String) {
        File(folder, id).delete()
    }

    override fun openDocument(id: String, mode: String, cancel: CancellationSignal?): ParcelFileDescriptor =
        ParcelFileDescriptor.open(File(folder, id), ParcelFileDescriptor.parseMode(mode))
}
