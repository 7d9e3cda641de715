package org.countersign.app

import android.Manifest.permission.CAMERA
import android.app.Activity
import android.content.Intent
import android.content.pm.PackageManager.FEATURE_CAMERA_ANY
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.net.Uri
import android.provider.Settings
import java.io.IOException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.countersign.ui.logic.Pictures

/** Pictures by the system's chooser, which needs no permission, and the camera. */
internal class PhonePictures(private val activity: Activity, private val dialogs: SystemDialogs) : Pictures {
    @Volatile private var permission: CompletableDeferred<Unit>? = null

    override suspend fun choose(): ByteArray? {
        val chooser = Intent(Intent.ACTION_GET_CONTENT).setType("image/*").addCategory(Intent.CATEGORY_OPENABLE)
        return dialogs.ask(chooser)?.data?.let { withContext(Dispatchers.IO) { read(it) } }
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

    private fun read(picture: Uri): ByteArray? = try {
        PhoneDocument(activity.contentResolver, picture).read(LARGEST)
    } catch (_: IOException) {
        null
    }

    private companion object {
        const val REQUEST = 1

        /** No photograph is larger. */
        const val LARGEST = 64 * 1_024 * 1_024
    }
}
