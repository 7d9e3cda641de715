package org.countersign.app

import android.app.Notification
import android.app.NotificationManager
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import org.countersign.core.AnswerKind
import org.countersign.core.Request
import org.countersign.core.SeenRequest
import org.countersign.ui.logic.Choices
import org.countersign.ui.screens.Language
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

@RunWith(RobolectricTestRunner::class)
class SignInNotificationsTest {
    private val context = RuntimeEnvironment.getApplication()
    private val manager = context.service<NotificationManager>()
    private val choices = Choices(PhonePreferences(context)).apply { language = Language.English }
    private val notifications = SignInNotifications(context)

    private fun waiting(id: String): SeenRequest {
        val end = PhoneClocks.now().wall + 60
        return SeenRequest(
            "account", Request(id, "Intranet", "alice", "Sign in?", null, null, end, AnswerKind.Number, false, "Kyoto"),
        )
    }

    private fun show(vararg ids: String): Notification {
        notifications.show(ids.map(::waiting)) { "Work" }
        return assertNotNull(manager.activeNotifications.single().notification)
    }

    private fun Notification.texts() = extras.keySet().mapNotNull { extras.getCharSequence(it)?.toString() }

    @Test
    fun `says that a sign-in waits, and nothing of it`() {
        val shown = show("one")
        assertEquals("1 sign-in is waiting", shown.extras.getString(Notification.EXTRA_TITLE))
        for (secret in listOf("Work", "Intranet", "alice", "Kyoto")) {
            assertFalse(shown.texts().any { secret in it }, secret)
        }
        val channel = manager.getNotificationChannel(shown.channelId)
        assertEquals("Sign-ins", channel.name)
        assertEquals(NotificationManager.IMPORTANCE_HIGH, channel.importance)
        assertTrue(shown.timeoutAfter in 1..60_000)
    }

    @Test
    fun `the name that the person gave, on the unlocked phone, where they wanted it`() {
        choices.namesInNotifications = true
        val shown = show("one")
        assertEquals("Work", shown.extras.getString(Notification.EXTRA_TEXT))
        assertEquals(Notification.VISIBILITY_PRIVATE, shown.visibility)
        assertFalse(shown.publicVersion.texts().any { "Work" in it })
    }

    @Test
    fun `it and its action lead to the app, which looks`() {
        val shown = show("one", "two")
        assertEquals("2 sign-ins are waiting", shown.extras.getString(Notification.EXTRA_TITLE))
        val action = shown.actions.single()
        assertEquals("Open" to true, action.title to action.isAuthenticationRequired)
        for (way in listOf(shown.contentIntent, action.actionIntent)) {
            assertTrue(way.isImmutable && way.isActivity)
            val intent = shadowOf(way).savedIntent
            assertEquals(MainActivity::class.java.name, intent.component?.className)
            assertEquals(Wish.Look, Wish.of(intent))
        }
    }

    @Test
    fun `what was told already makes no noise`() {
        fun Notification.isQuiet() = flags and Notification.FLAG_ONLY_ALERT_ONCE != 0
        assertFalse(show("one").isQuiet())
        assertTrue(show("one").isQuiet())
        assertFalse(show("one", "two").isQuiet())
        assertTrue(show("two").isQuiet())
        assertTrue(show("two", "one").isQuiet())
    }

    @Test
    fun `it goes when nothing waits`() {
        show("one")
        notifications.show(emptyList()) { null }
        assertEquals(0, manager.activeNotifications.size)
    }
}
