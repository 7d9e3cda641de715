package org.countersign.app

import android.app.Activity
import android.content.Intent
import android.content.Intent.FLAG_GRANT_READ_URI_PERMISSION
import android.content.Intent.FLAG_GRANT_WRITE_URI_PERMISSION
import android.net.Uri
import org.countersign.ui.logic.Document
import org.countersign.ui.logic.Documents
import org.countersign.ui.logic.Folder

/** Files by the system's own choosers, which need no permission. */
internal class PhoneDocuments(private val activity: Activity, private val dialogs: SystemDialogs) : Documents {
    private val resolver get() = activity.contentResolver

    override suspend fun open(): List<Document> {
        val dialog = opening(Intent.ACTION_OPEN_DOCUMENT).setType("*/*").putExtra(Intent.EXTRA_ALLOW_MULTIPLE, true)
        return dialogs.ask(dialog)?.files().orEmpty().map { PhoneDocument(resolver, it) }
    }

    override suspend fun create(name: String, type: String): Document? {
        val dialog = opening(Intent.ACTION_CREATE_DOCUMENT).setType(type).putExtra(Intent.EXTRA_TITLE, name)
        return dialogs.ask(dialog)?.data?.let { PhoneDocument(resolver, it) }
    }

    override suspend fun chooseFolder(): String? {
        val folder = dialogs.ask(Intent(Intent.ACTION_OPEN_DOCUMENT_TREE))?.data ?: return null
        val forGood = FLAG_GRANT_READ_URI_PERMISSION or FLAG_GRANT_WRITE_URI_PERMISSION
        asking { resolver.takePersistableUriPermission(folder, forGood) }
        return folder.toString()
    }

    override fun folder(kept: String): Folder = PhoneFolder(resolver, Uri.parse(kept))

    override val canPrint = true

    override suspend fun print(name: String, page: ByteArray) = Printing(activity).print(name, page)

    private fun opening(action: String) = Intent(action).addCategory(Intent.CATEGORY_OPENABLE)

    /** Several are in the clip, one may be in either. */
    private fun Intent.files(): List<Uri> =
        clipData?.let { clip -> List(clip.itemCount) { clip.getItemAt(it).uri } } ?: listOfNotNull(data)
}
