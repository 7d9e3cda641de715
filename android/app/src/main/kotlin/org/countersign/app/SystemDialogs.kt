package org.countersign.app

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Intent
import kotlinx.coroutines.CompletableDeferred

/** Dialogs of the system, in which a person chooses a picture, a file or a folder. One is open at a time. */
internal class SystemDialogs(private val activity: Activity) {
    @Volatile private var choice: CompletableDeferred<Intent?>? = null

    /** Whether another app, in which a person chooses, covers this one. */
    val isOpen: Boolean get() = choice != null

    /** What was chosen; null where the dialog was left, or there is none. */
    suspend fun ask(dialog: Intent): Intent? {
        choice?.complete(null)
        val chosen = CompletableDeferred<Intent?>().also { choice = it }
        activity.runOnUiThread {
            try {
                @Suppress("DEPRECATION") // Its successor is a part of androidx.
                activity.startActivityForResult(dialog, REQUEST)
            } catch (_: ActivityNotFoundException) {
                answered(Activity.RESULT_CANCELED, null)
            }
        }
        return chosen.await()
    }

    /** The dialog is closed. */
    fun answered(result: Int, data: Intent?) {
        choice?.complete(data.takeIf { result == Activity.RESULT_OK })
        choice = null
    }

    private companion object {
        const val REQUEST = 1
    }
}
