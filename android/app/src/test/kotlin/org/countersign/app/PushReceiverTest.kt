package org.countersign.app

import android.app.NotificationManager
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ApplicationInfo
import android.content.pm.PackageInfo
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.countersign.core.Browser
import org.countersign.core.PracticeSite
import org.countersign.ui.logic.PushRecord
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AccountsState
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
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController

/** Pushes by the connector of UnifiedPush as it is, without the library that it would decrypt them with. */
@RunWith(RobolectricTestRunner::class)
class PushReceiverTest {
    @get:Rule val keystore = PlayedKeystore()
    private val context = RuntimeEnvironment.getApplication()
    private val record = PushRecord(PhonePreferences(context))
    private val scheduled get() = context.service<JobScheduler>().getPendingJob(PushReceiver.JOB)

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
        PushReceiver().onReceive(context, intent)
    }

    private fun pushed(content: ByteArray, token: String? = token()) = PushReceiver().onReceive(
        context,
        Intent("org.unifiedpush.android.connector.MESSAGE").putExtra("token", token).putExtra("bytesMessage", content),
    )

    private fun ActivityController<MainActivity>.switchOn() {
        does(AccountsEvent.OpenSettings, SettingsEvent.OpenPage(SettingsPage.Pushes))
        sees<SettingsState> { it.page == SettingsPage.Pushes }
        does(PushEvent.Choose(BRINGER))
        sees<SettingsState> { it.pushes.standing == PushStanding.Asked }
    }

    @After
    fun nobody() {
        PushReceiver.open = null
    }

    @Test
    fun `an app of the person's choice is asked for an address, which the server is told`() = PracticeSite().use { site ->
        install()
        val phone = launched().apply { firstRun() }
        phone.setUp(Browser(site.base).signIn("alice"))
        phone.does(AddEvent.Done)
        phone.sees<AccountsState>()
        phone.switchOn()
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
        pushed(byteArrayOf())
        assertNull(scheduled)
        phone.destroy()
        Unit
    }

    @Test
    fun `a push leads to one look at every account, whatever is in it`() = PracticeSite().use { site ->
        install()
        val phone = launched().apply { firstRun() }
        phone.setUp(Browser(site.base).signIn("alice"))
        phone.does(AddEvent.Done)
        phone.sees<AccountsState>()
        phone.switchOn()
        receives("NEW_ENDPOINT", "endpoint" to "https://push.example/up")
        phone.sees<SettingsState> { it.pushes.accounts.single().told == PushTold.Yes }
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
        assertEquals(1, context.service<NotificationManager>().activeNotifications.size)
    }

    private companion object {
        const val BRINGER = "org.example.bringer"
        const val SENT = "org.unifiedpush.android.distributor."
    }
}
