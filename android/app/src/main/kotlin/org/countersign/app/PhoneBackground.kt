package org.countersign.app

import android.app.ActivityManager
import android.app.NotificationManager
import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.net.ConnectivityManager
import android.net.Uri
import android.provider.Settings
import java.security.GeneralSecurityException
import java.security.ProviderException
import org.countersign.ui.logic.BackgroundChecks
import org.countersign.ui.logic.Preferences
import org.countersign.ui.screens.DeviceFinding
import org.countersign.ui.screens.DeviceNeed

/** Looks about every 15 minutes, which is as often as the system lets an app, while there is a network. */
internal class PhoneBackground(private val context: Context, preferences: Preferences) : BackgroundChecks {
    private val jobs = context.service<JobScheduler>()
    private val seal = KeystoreSeal(WATCH, preferences, forPerson = false)

    override fun start(watchKey: ByteArray, regularly: Boolean) {
        try {
            seal.seal(seal.toSeal(), watchKey)
        } catch (_: GeneralSecurityException) {
            return
        } catch (_: ProviderException) {
            return
        }
        // One that is scheduled already keeps its time.
        if (!regularly) jobs.cancel(JOB) else if (jobs.getPendingJob(JOB) == null) jobs.schedule(job())
    }

    override fun stop() {
        jobs.cancel(JOB)
        jobs.cancel(PushReceiver.JOB)
        seal.forget()
    }

    override fun findings() = DeviceNeed.entries.map { DeviceFinding(it, isMet(it)) }

    override fun fix(need: DeviceNeed) {
        val own = Uri.fromParts("package", context.packageName, null)
        val settings = when (need) {
            DeviceNeed.Notifications -> Intent(Settings.ACTION_APP_NOTIFICATION_SETTINGS)
                .putExtra(Settings.EXTRA_APP_PACKAGE, context.packageName)
            DeviceNeed.Battery -> Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, own)
            DeviceNeed.BackgroundData -> Intent(Settings.ACTION_IGNORE_BACKGROUND_DATA_RESTRICTIONS_SETTINGS, own)
            DeviceNeed.Network -> Intent(Settings.ACTION_WIRELESS_SETTINGS)
        }
        context.startActivity(settings.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
    }

    private fun isMet(need: DeviceNeed) = when (need) {
        DeviceNeed.Notifications -> context.service<NotificationManager>().areNotificationsEnabled()
        DeviceNeed.Battery -> !context.service<ActivityManager>().isBackgroundRestricted
        DeviceNeed.BackgroundData ->
            network.restrictBackgroundStatus != ConnectivityManager.RESTRICT_BACKGROUND_STATUS_ENABLED
        DeviceNeed.Network -> network.activeNetwork != null
    }

    private val network get() = context.service<ConnectivityManager>()

    private fun job() = JobInfo.Builder(JOB, ComponentName(context, CheckJob::class.java))
        .setPeriodic(PERIOD_MS)
        .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
        .setPersisted(true)
        .build()

    companion object {
        const val JOB = 1
        private const val PERIOD_MS = 15 * 60_000L
    }
}

/** The name under which the watch key is kept. */
internal const val WATCH = "watch"
