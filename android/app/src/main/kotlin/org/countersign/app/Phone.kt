package org.countersign.app

import android.app.Activity
import android.content.Context
import android.content.pm.ApplicationInfo.FLAG_DEBUGGABLE
import android.net.ConnectivityManager
import android.os.Build
import android.os.SystemClock
import android.provider.Settings
import java.io.File
import org.countersign.ui.logic.Choices
import org.countersign.ui.logic.Clocks
import org.countersign.ui.logic.Device
import org.countersign.ui.logic.HttpSender
import org.countersign.ui.logic.Platform
import org.countersign.ui.words.Words

/** This phone, seen from [activity]. */
internal fun phone(
    activity: Activity,
    preferences: PhonePreferences,
    pictures: PhonePictures,
    documents: PhoneDocuments,
): Platform {
    val prompt = SystemPrompt(activity) { Words.of(Choices(preferences).language) }
    val keys = KeystoreKeys(activity)
    return Platform(
        vault = activity.vault().path,
        device = activity.device(),
        clocks = PhoneClocks,
        sender = activity.sender(),
        keys = { keys },
        deviceLock = PhoneLock(activity, preferences, prompt),
        clipboard = PhoneClipboard(activity),
        pictures = pictures,
        documents = documents,
        preferences = preferences,
        background = PhoneBackground(activity, preferences),
        pushes = PhonePushes(activity.applicationContext),
        leave = { activity.runOnUiThread { activity.moveTaskToBack(true) } },
    )
}

/** In the folder that no backup of the system takes. */
internal fun Context.vault() = File(noBackupFilesDir, "vault.db")

internal fun Context.sender() = HttpSender { service<ConnectivityManager>().activeNetwork != null }

internal inline fun <reified T : Any> Context.service(): T = requireNotNull(getSystemService(T::class.java))

internal object PhoneClocks : Clocks {
    override fun wallMs() = System.currentTimeMillis()

    override fun steadyMs() = SystemClock.elapsedRealtime()
}

private fun Context.device() = Device(
    label = Settings.Global.getString(contentResolver, Settings.Global.DEVICE_NAME) ?: Build.MODEL,
    kind = "android",
    app = packageManager.getPackageInfo(packageName, 0).versionName.orEmpty(),
    system = "Android ${Build.VERSION.RELEASE} (API ${Build.VERSION.SDK_INT}), ${Build.MANUFACTURER} ${Build.MODEL}",
    allowPlainHttp = applicationInfo.flags and FLAG_DEBUGGABLE != 0,
    automaticClock = { Settings.Global.getInt(contentResolver, Settings.Global.AUTO_TIME, 0) == 1 },
)
