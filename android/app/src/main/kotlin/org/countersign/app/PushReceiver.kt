package org.countersign.app

import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.Context
import org.countersign.ui.logic.App
import org.countersign.ui.logic.Bell
import org.countersign.ui.logic.PushRecord
import org.countersign.ui.screens.PushStanding
import org.unifiedpush.android.connector.FailedReason
import org.unifiedpush.android.connector.MessagingReceiver
import org.unifiedpush.android.connector.data.PushEndpoint
import org.unifiedpush.android.connector.data.PushMessage
import org.unifiedpush.android.connector.keys.KeyManager

/**
 * What the app that brings pushes says; the connector drops what does not know the registration's token. A push may come
 * from anybody who knows the address, so that it says "look now" and no more: what is in it is not read.
 */
class PushReceiver : MessagingReceiver() {
    override fun getKeyManager(context: Context): KeyManager = NoKeys

    override fun onNewEndpoint(context: Context, endpoint: PushEndpoint, instance: String) =
        changed(context) { arrived(endpoint.url) }

    override fun onMessage(context: Context, message: PushMessage, instance: String) = pushed(context)

    override fun onRegistrationFailed(context: Context, reason: FailedReason, instance: String) = changed(context) {
        failed(
            when (reason) {
                FailedReason.NETWORK -> PushStanding.NoNetwork
                FailedReason.ACTION_REQUIRED -> PushStanding.ActionRequired
                FailedReason.VAPID_REQUIRED -> PushStanding.KeyRequired
                FailedReason.INTERNAL_ERROR -> PushStanding.Failed
            },
        )
    }

    override fun onUnregistered(context: Context, instance: String) =
        changed(context) { failed(PushStanding.Unregistered) }

    override fun onTempUnavailable(context: Context, instance: String) =
        changed(context) { failed(PushStanding.Unavailable) }

    /** Recorded before this returns: what the app that is open does not come to any more, it does at its next start. */
    private fun changed(context: Context, change: PushRecord.() -> Unit) {
        PushRecord(PhonePreferences(context)).change()
        open?.pushesChanged()
    }

    private fun pushed(context: Context) {
        if (PushRecord(PhonePreferences(context)).distributor == null) return
        val app = open ?: return lookInBackground(context)
        // The app settles it on a thread of its own: until then the system is to let this process be.
        val result = goAsync()
        val lasting = context.applicationContext
        app.pushed(elsewhere = { lookInBackground(lasting) }, settled = result::finish)
    }

    internal companion object {
        const val JOB = 2

        /** The app, while there is its activity. */
        @Volatile
        var open: App? = null

        /** Of this process. */
        val bell = Bell()

        /** At once, where the system lets an app do that: after many it waits a while. */
        private fun lookInBackground(context: Context) {
            val jobs = context.service<JobScheduler>()
            if (!bell.ring() && jobs.getPendingJob(JOB) != null) return
            if (jobs.schedule(job(context, isUrgent = true)) == JobScheduler.RESULT_SUCCESS) return
            jobs.schedule(job(context, isUrgent = false))
        }

        private fun job(context: Context, isUrgent: Boolean) =
            JobInfo.Builder(JOB, ComponentName(context, CheckJob::class.java))
                .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
                .setExpedited(isUrgent)
                .build()
    }
}
