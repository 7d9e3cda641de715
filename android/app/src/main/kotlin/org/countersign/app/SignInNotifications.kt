package org.countersign.app

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.graphics.drawable.Icon
import android.os.Bundle
import org.countersign.core.SeenRequest
import org.countersign.ui.logic.Choices
import org.countersign.ui.words.Words

/**
 * Says that sign-ins wait, and no more: no number, no place, and a name only where the person wanted that. It leads to
 * the app, where the vault is unlocked; nothing is approved or declined from here.
 */
internal class SignInNotifications(private val context: Context) {
    private val manager = context.service<NotificationManager>()
    private val choices = Choices(PhonePreferences(context))
    private val words get() = Words.of(choices.language)

    /** Also those that a look has not found again yet: it shows what it has found so far. */
    private val told = idsShown().toMutableSet()

    /** Shows what waits instead of what was shown before; [label] is what an account may be called. */
    fun show(requests: List<SeenRequest>, label: (account: String) -> String?) {
        if (requests.isEmpty()) return clear()
        val ids = requests.map { "${it.account} ${it.request.id}" }
        val named = requests.takeIf { choices.namesInNotifications }.orEmpty()
        val names = named.mapNotNull { label(it.account) }.distinct()
        manager.createNotificationChannel(channel())
        manager.notify(ID, builder(requests.size, words.listed(names))
            .setPublicVersion(builder(requests.size, "").build())
            .setOnlyAlertOnce(told.containsAll(ids))
            .setTimeoutAfter(requests.maxOf { it.request.expiresAt } * 1_000 - PhoneClocks.wallMs())
            .addAction(open())
            .addExtras(Bundle().apply { putStringArray(REQUESTS, ids.toTypedArray()) })
            .build())
        told += ids
    }

    fun clear() = manager.cancel(ID)

    private fun builder(count: Int, names: String) = Notification.Builder(context, CHANNEL)
        .setSmallIcon(R.drawable.notification)
        .setColor(context.getColor(R.color.accent))
        .setCategory(Notification.CATEGORY_MESSAGE)
        .setVisibility(Notification.VISIBILITY_PRIVATE)
        .setContentTitle(words.counted("accounts.waiting", count))
        .setContentText(names.ifEmpty { words("unlock.request_waits") })
        .setContentIntent(look())
        .setAutoCancel(true)

    private fun open() = Notification.Action.Builder(null as Icon?, words("accounts.waiting.open"), look())
        .setAuthenticationRequired(true).build()

    /** The app by its name, so that no other can take it; fixed, so that no other can change it. */
    private fun look(): PendingIntent {
        val intent = Intent(Wish.LOOK).setClassName(context, "org.countersign.app.MainActivity")
            .addFlags(Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_SINGLE_TOP)
        val fixed = PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT
        return PendingIntent.getActivity(context, 0, intent, fixed)
    }

    private fun idsShown() = manager.activeNotifications.firstOrNull { it.id == ID }
        ?.notification?.extras?.getStringArray(REQUESTS).orEmpty().toSet()

    private fun channel() =
        NotificationChannel(CHANNEL, words("settings.sign_ins"), NotificationManager.IMPORTANCE_HIGH)
            .apply { lockscreenVisibility = Notification.VISIBILITY_PRIVATE }

    companion object {
        const val ID = 1
        private const val CHANNEL = "sign-ins"
        private const val REQUESTS = "org.countersign.app.requests"
    }
}
