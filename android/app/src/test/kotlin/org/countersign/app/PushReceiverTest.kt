package org.countersign.app

import android.app.Notification
import android.app.NotificationManager
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ApplicationInfo
import android.content.pm.PackageInfo
import android.os.Looper
import java.net.URI
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.countersign.core.Browser
import org.countersign.core.PracticeSite
import org.countersign.ui.logic.PushRecord
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.Distributor
import org.countersign.ui.screens.PushEvent
import org.countersign.ui.screens.PushStanding
import org.countersign.ui.screens.PushTold
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.SettingsPage
import org.countersign.ui.screens.SettingsState
import org.junit.After
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowBroadcastPendingResult
import org.robolectric.shadows.ShadowBroadcastReceiver

/** Pushes by the connector of UnifiedPush as it is, without the library that it would decrypt them with. */
@RunWith(RobolectricTestRunner::class)
class PushReceiverTest {
    @get:Rule val keystore = PlayedKeystore()

    @get:Rule val folder = TemporaryFolder()
    private val context = RuntimeEnvironment.getApplication()
    private val record = PushRecord(PhonePreferences(context))
    private val scheduled get() = context.service<JobScheduler>().getPendingJob(PushReceiver.JOB)

    /** What the notification says. */
    private fun told() = context.service<NotificationManager>().activeNotifications.singleOrNull()
        ?.notification?.extras?.getString(Notification.EXTRA_TITLE)

    /** An app that receives pushes for others. */
    private fun install() {
        val packages = shadowOf(context.packageManager)
        packages.installPackage(
            PackageInfo().apply {
                packageName = BRINGER
                applicationInfo = ApplicationInfo().apply { packageName = BRINGER; nonLocalizedLabel = "Bringer" }
            },
        )
        val receiver = ComponentName(BRINGER, "$BRINGER.Register")
        packages.addReceiverIfNotPresent(receiver).exported = true
        packages.addIntentFilterForReceiver(receiver, IntentFilter(SENT + "REGISTER"))
    }

    private fun sent(action: String) = shadowOf(context).broadcastIntents.filter { it.action == SENT + action }

    private fun token() = sent("REGISTER").last().getStringExtra("token")

    private fun receives(action: String, vararg extras: Pair<String, String>, token: String? = token()) {
        val intent = Intent("org.unifiedpush.android.connector.$action").putExtra("token", token)
        extras.forEach { (name, text) -> intent.putExtra(name, text) }
        receive(intent)
    }

    private fun pushed(content: ByteArray = byteArrayOf(), token: String? = token()) = receive(
        Intent("org.unifiedpush.android.connector.MESSAGE").putExtra("token", token).putExtra("bytesMessage", content),
    )

    /** What has received it, once its `onReceive` has returned. */
    private fun receive(intent: Intent): ShadowBroadcastReceiver {
        val receiver = PushReceiver()
        context.registerReceiver(receiver, IntentFilter(intent.action), Context.RECEIVER_EXPORTED)
        context.sendBroadcast(intent)
        shadowOf(Looper.getMainLooper()).idle()
        context.unregisterReceiver(receiver)
        return shadowOf(receiver)
    }

    /** Whether the system was told that all is done, where it was asked to wait for that. */
    private val ShadowBroadcastReceiver.isSettled
        get() = Shadow.extract<ShadowBroadcastPendingResult>(originalPendingResult).future.isDone

    /** Past the first run, with an account at each of [sites], whose sign-in waits; an app is asked to bring pushes. */
    private fun pushing(vararg sites: PracticeSite): ActivityController<MainActivity> {
        install()
        val phone = launched().apply { firstRun() }
        for (site in sites) phone.setUpAt(site)
        phone.does(AccountsEvent.OpenSettings, SettingsEvent.OpenPage(SettingsPage.Pushes))
        phone.sees<SettingsState> { it.page == SettingsPage.Pushes }
        phone.does(PushEvent.Choose(BRINGER))
        phone.sees<SettingsState> { it.pushes.standing == PushStanding.Asked }
        return phone
    }

    /** The app gives an address, which all servers are told. */
    private fun ActivityController<MainActivity>.works() {
        receives("NEW_ENDPOINT", "endpoint" to "https://push.example/up")
        sees<SettingsState> { state -> state.pushes.accounts.all { it.told == PushTold.Yes } }
    }

    @After
    fun nobody() {
        PushReceiver.open = null
    }

    @Test
    fun `an app of the person's choice is asked for an address, which the server is told`() = PracticeSite().use { site ->
        val phone = pushing(site)
        val asked = sent("REGISTER").single()
        assertEquals(BRINGER, asked.`package`)
        receives("NEW_ENDPOINT", "endpoint" to "https://push.example/up", token = "of another")
        assertNull(record.endpoint)
        receives("NEW_ENDPOINT", "endpoint" to "https://push.example/up")
        val on = phone.sees<SettingsState> { it.pushes.accounts.single().told == PushTold.Yes }.pushes
        assertEquals(PushStanding.Works to listOf(Distributor(BRINGER, "Bringer")), on.standing to on.distributors)

        for ((reason, standing) in mapOf(
            "NETWORK" to PushStanding.NoNetwork, "ACTION_REQUIRED" to PushStanding.ActionRequired,
            "VAPID_REQUIRED" to PushStanding.KeyRequired, "INTERNAL_ERROR" to PushStanding.Failed,
            "made up" to PushStanding.Failed,
        )) {
            receives("REGISTRATION_FAILED", "reason" to reason)
            phone.sees<SettingsState> { it.pushes.standing == standing }
        }
        receives("TEMP_UNAVAILABLE")
        phone.sees<SettingsState> { it.pushes.standing == PushStanding.Unavailable }

        phone.does(PushEvent.Choose(null))
        waitFor("the end of it") { sent("UNREGISTER").isNotEmpty() }
        assertEquals(token(), sent("UNREGISTER").single().getStringExtra("token"))
        pushed()
        assertNull(scheduled)
        phone.destroy()
        Unit
    }

    @Test
    fun `a push leads to one look, whatever is in it`() = PracticeSite().use { site ->
        val phone = pushing(site).apply { works() }
        phone.pause().stop()

        val kept = PhonePreferences(context).kept.all
        pushed("look".encodeToByteArray(), token = "of another")
        assertNull(scheduled)
        val contents = listOf("", """{"approve":"all"}""", "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ", "x".repeat(5_000))
        for (content in contents) pushed(content.encodeToByteArray())
        waitFor("a look that is scheduled") { scheduled != null }
        val job = assertNotNull(scheduled)
        assertTrue(job.isExpedited && job.extras.isEmpty && job.transientExtras.isEmpty)
        assertEquals(kept, PhonePreferences(context).kept.all)

        look(PushReceiver.JOB)
        assertEquals("1 sign-in is waiting", told())
    }

    @Test
    fun `every account is looked at, also where one fails and one is left alone for a while`() {
        val database = folder.newFile().path
        val (gone, away) = PracticeSite() to PracticeSite("--database", database)
        pushing(gone, away).apply { works() }.pause().stop()
        gone.close()
        away.close()
        look(PhoneBackground.JOB)
        PracticeSite("--database", database, "--port", "${URI(away.base).port}").use { back ->
            Browser(back.base).signIn("alice")
            look(PhoneBackground.JOB)
            assertNull(told())
            pushed()
            waitFor("a look that is scheduled") { scheduled != null }
            look(PushReceiver.JOB)
            assertEquals("1 sign-in is waiting", told())
        }
    }

    @Test
    fun `until a push is settled the system lets this process be`() {
        val phone = pushing()
        val seen = settledByApp(phone)
        assertNull(scheduled)
        phone.pause().stop()
        val unseen = settledByApp(phone)
        assertNotNull(scheduled)
        assertTrue(seen.wentAsync() && unseen.wentAsync())
    }

    /** A push that comes while the app's thread is held: nothing is settled before that goes on. */
    private fun settledByApp(phone: ActivityController<MainActivity>): ShadowBroadcastReceiver {
        val (holds, goesOn) = CountDownLatch(1) to CountDownLatch(1)
        val here = Thread.currentThread()
        // What is settled before this call returns is so on this thread, which is not the one to hold.
        do phone.app.pushed({}, { if (Thread.currentThread() != here) { holds.countDown(); goesOn.await() } })
        while (!holds.await(100, TimeUnit.MILLISECONDS))
        val push = pushed()
        try {
            assertFalse(push.isSettled)
        } finally {
            goesOn.countDown()
        }
        waitFor("the end of it") { push.isSettled }
        return push
    }

    private companion object {
        const val BRINGER = "org.example.bringer"
        const val SENT = "org.unifiedpush.android.distributor."
    }
}
