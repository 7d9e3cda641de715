package org.countersign.app

import android.Manifest.permission.CAMERA
import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Intent
import android.content.pm.PackageManager.FEATURE_CAMERA_ANY
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.net.Uri
import android.provider.Settings
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.countersign.ui.logic.Pictures

/** Pictures by the system's chooser, which needs no permission, and the camera. */
internal class PhonePictures(private val activity: Activity) : Pictures {
    @Volatile private var choice: CompletableDeferred<Uri?>? = null

    @Volatile private var permission: CompletableDeferred<Unit>? = null

    /** Whether another app, in which a person chooses, covers this one. */
    val isChoosing: Boolean get() = choice != null

    override suspend fun choose(): ByteArray? {
        val chosen = CompletableDeferred<Uri?>().also { choice = it }
        val chooser = Intent(Intent.ACTION_GET_CONTENT).setType("image/*").addCategory(Intent.CATEGORY_OPENABLE)
        activity.runOnUiThread {
            try {
                @Suppress("DEPRECATION") // Its successor is a part of androidx.
                activity.startActivityForResult(chooser, REQUEST)
            } catch (_: ActivityNotFoundException) {
                chosen(null)
            }
        }
        return chosen.await()?.let { withContext(Dispatchers.IO) { read(it) } }
    }

    /** The chooser is closed; null where nothing was chosen. */
    fun chosen(picture: Uri?) {
        choice?.complete(picture)
        choice = null
    }

    override fun hasCamera() = activity.packageManager.hasSystemFeature(FEATURE_CAMERA_ANY)

    override suspend fun camera(): Pictures.Camera {
        if (isGranted()) return Pictures.Camera.Granted
        val answered = CompletableDeferred<Unit>().also { permission = it }
        activity.runOnUiThread { activity.requestPermissions(arrayOf(CAMERA), REQUEST) }
        answered.await()
        return when {
            isGranted() -> Pictures.Camera.Granted
            activity.shouldShowRequestPermissionRationale(CAMERA) -> Pictures.Camera.Refused
            else -> Pictures.Camera.RefusedForGood
        }
    }

    /** The question for the camera was answered. */
    fun answered() {
        permission?.complete(Unit)
    }

    override fun openSystemSettings() = activity.startActivity(
        Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", activity.packageName, null)),
    )

    private fun isGranted() = activity.checkSelfPermission(CAMERA) == PERMISSION_GRANTED

    /** The app that keeps the picture may be of any kind: what it gives is capped, and its mistakes are no crash. */
    private fun read(picture: Uri): ByteArray? = try {
        activity.contentResolver.openInputStream(picture)?.use { it.upTo(LARGEST) }
    } catch (_: IOException) {
        null
    } catch (_: SecurityException) {
        null
    }

    /** All of it; null where it is longer. */
    private fun InputStream.upTo(most: Int): ByteArray? {
        val read = ByteArrayOutputStream()
        val buffer = ByteArray(65_536)
        while (true) {
            val count = read(buffer)
            if (count < 0) return read.toByteArray()
            read.write(buffer, 0, count)
            if (read.size() > most) return null
        }
    }

    private companion object {
        const val REQUEST = 1

        /** No photograph is larger. */
        const val LARGEST = 64 * 1_024 * 1_024
    }
}
