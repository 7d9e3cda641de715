package org.countersign.app

import android.content.ClipData
import android.content.ClipDescription
import android.content.ClipboardManager
import android.content.Context
import android.os.PersistableBundle
import org.countersign.ui.logic.Clipboard

internal class PhoneClipboard(context: Context) : Clipboard {
    private val clipboard = context.service<ClipboardManager>()

    override fun put(text: String) {
        val clip = ClipData.newPlainText(null, text)
        clip.description.extras = PersistableBundle().apply { putBoolean(ClipDescription.EXTRA_IS_SENSITIVE, true) }
        clipboard.setPrimaryClip(clip)
    }

    /** An app that is not in front can't see what is there: then it is taken away in any case. */
    override fun clear(text: String) {
        if (clipboard.hasPrimaryClip() && text() != text) return
        clipboard.clearPrimaryClip()
    }

    override fun text(): String? = clipboard.primaryClip?.takeIf { it.itemCount > 0 }?.getItemAt(0)?.text?.toString()
}
