package org.countersign.app

import android.app.Notification
import android.app.NotificationManager
import android.app.job.JobScheduler
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.countersign.core.Background
import org.countersign.core.Holder
import org.countersign.core.PracticeSite
import org.countersign.core.SeenRequest
import org.countersign.ui.logic.Choices
import org.countersign.ui.logic.Sender
import org.countersign.ui.logic.lent
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.RequestEnd
import org.countersign.ui.screens.RequestEvent
import org.countersign.ui.screens.RequestPhase
import org.countersign.ui.screens.RequestsState
import org.countersign.ui.screens.SettingsEvent
import org.countersign.ui.screens.SettingsState
import org.countersign.ui.screens.Typed
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController

/** Background checks with the real core: against the practice site, with a vault that the app made. */
@RunWith(RobolectricTestRunner::class)
class CheckJobTest {
    @get:Rule val keystore = PlayedKeystore()
    private val context = RuntimeEnvironment.getApplication()
    private val notifications = context.service<NotificationManager>()
    private val scheduled get() = context.service<JobScheduler>().getPendingJob(PhoneBackground.JOB)

    private fun look() = look(PhoneBackground.JOB)

    /** What opens the vault as background checks do. */
    private fun background(): () -> Background {
        val seal = KeystoreSeal(WATCH, PhonePreferences(context), forPerson = false)
        val key = assertNotNull(seal.toOpen()?.let(seal::open))
        return { lent(key) { Background.open(context.vault().path, it) } }
    }

    private fun shown(): Notification? = notifications.activeNotifications.singleOrNull()?.notification

    private fun ActivityController<MainActivity>.setBackground(on: Boolean) {
        does(AccountsEvent.OpenSettings)
        sees<SettingsState>()
        does(SettingsEvent.SetBackground(on))
        sees<SettingsState> { it.background.on == on }
    }

    @Test
    fun `a sign-in that waits is found in the background and answered in the app`() = PracticeSite().use { site ->
        Choices(PhonePreferences(context)).language = Language.English
        val phone = launched().apply { firstRun() }
        val browser = phone.setUpAt(site)
        phone.setBackground(true)
        phone.pause().stop()

        look()
        val shown = assertNotNull(shown())
        assertEquals("1 sign-in is waiting", shown.extras.getString(Notification.EXTRA_TITLE))
        assertFalse(browser.number() in shown.extras.getString(Notification.EXTRA_TEXT).orEmpty())

        phone.newIntent(shadowOf(shown.contentIntent).savedIntent)
        phone.restart().start().resume()
        assertNull(shown())
        phone.sees<RequestsState> { it.open?.phase is RequestPhase.Asking }
        phone.does(RequestEvent.Yes(Typed(browser.number())))
        val ended = phone.sees<RequestsState> { it.open?.phase is RequestPhase.Ended }.open?.phase
        assertEquals(RequestEnd.Approved, assertIs<RequestPhase.Ended>(ended).end)

        phone.pause().stop()
        look()
        assertNull(shown())
    }

    @Test
    fun `a server that is silent keeps no sign-in at another waiting`() = PracticeSite().use { silent ->
        PracticeSite().use { site ->
            val phone = launched().apply { firstRun() }
            for (one in listOf(silent, site)) phone.setUpAt(one)
            phone.setBackground(true)
            phone.pause().stop()

            val http = context.sender()
            val enough = CountDownLatch(1)
            val sender = Sender {
                if (it.url.startsWith(silent.base)) enough.await(30, TimeUnit.SECONDS)
                http.send(it)
            }
            val look = BackgroundLook(background(), PhoneClocks, sender, KeystoreKeys(context))
            val found = runBlocking {
                withTimeout(20_000) {
                    val first = CompletableDeferred<List<SeenRequest>>()
                    launch(Dispatchers.IO) { look.atAll { first.complete(it) } }
                    first.await().also { enough.countDown() }
                }
            }
            assertEquals(1, found.size)
        }
    }

    @Test
    fun `what is found while another process writes is told and recorded`() = PracticeSite().use { site ->
        val phone = launched().apply { firstRun() }
        phone.setUpAt(site)
        phone.setBackground(true)
        phone.pause().stop()

        val http = context.sender()
        var writing: Thread? = null
        val sender = Sender { request ->
            http.send(request).also {
                if (writing == null) {
                    val other = Holder.of(context.vault().path)
                    writing = thread {
                        // Longer than the core waits twice, which is 5 s each time.
                        Thread.sleep(12_000)
                        other.destroyForcibly().waitFor()
                    }
                }
            }
        }
        val open = background()
        var told = emptyList<SeenRequest>()
        runBlocking { BackgroundLook(open, PhoneClocks, sender, KeystoreKeys(context)).atAll { told = it } }
        assertNotNull(writing).join()
        val found = told.single()
        assertEquals(listOf(found.request), open().use { it.lastSeen(found.account) })
    }

    @Test
    fun `scheduled once, on a network, also after a restart, until it is switched off`() {
        val phone = launched().apply { firstRun() }
        assertNull(scheduled)
        phone.setBackground(true)
        val job = assertNotNull(scheduled)
        assertTrue(job.isPeriodic && job.isPersisted)
        assertEquals(15 * 60_000L, job.intervalMillis)
        assertNotNull(job.requiredNetwork)
        assertEquals(CheckJob::class.java.name, job.service.className)
        val key = PlayedKeystore.wishes.last()
        assertEquals("watch" to false, key.keystoreAlias to key.isUserAuthenticationRequired)

        phone.does(SettingsEvent.SetBackground(false))
        phone.sees<SettingsState> { !it.background.on }
        assertNull(scheduled)
        assertFalse("watch" in PlayedKeystore.keys)
    }

    @Test
    fun `without a vault, a key or a readable vault it ends and says nothing`() {
        look()
        val phone = launched().apply { firstRun() }
        look()
        phone.setBackground(true)
        phone.destroy()
        context.vault().writeBytes(ByteArray(5_000) { 7 })
        look()
        assertNull(shown())
    }
}
