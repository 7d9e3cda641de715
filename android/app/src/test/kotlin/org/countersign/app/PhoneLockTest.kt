package org.countersign.app

import android.app.KeyguardManager
import android.security.keystore.KeyProperties
import javax.crypto.Cipher
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.countersign.ui.logic.DeviceLock.Opened
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

@RunWith(RobolectricTestRunner::class)
class PhoneLockTest {
    @get:Rule val keystore = PlayedKeystore()
    private val context = RuntimeEnvironment.getApplication()
    private val preferences = PhonePreferences(context)
    private val asked = mutableListOf<Cipher?>()
    private var there = true
    private val lock by lazy { PhoneLock(context, preferences, prompt = { cipher -> there.also { asked += cipher } }) }
    private val key = ByteArray(32) { it.toByte() }

    @Test
    fun `what is kept is had back, for the person only`() = runBlocking<Unit> {
        assertTrue(lock.keep(key))
        assertContentEquals(key, assertIs<Opened.Key>(lock.open()).bytes)
        asked.forEach(::assertNotNull)
        val wish = PlayedKeystore.wishes.single()
        assertTrue(wish.isUserAuthenticationRequired && wish.isUnlockedDeviceRequired && wish.isStrongBoxBacked)
        assertEquals(0, wish.userAuthenticationValidityDurationSeconds.coerceAtLeast(0))
        assertEquals(
            KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL, wish.userAuthenticationType,
        )
        assertEquals(256, wish.keySize)

        there = false
        assertEquals(Opened.NotConfirmed, lock.open())
    }

    @Test
    fun `nobody there, nothing kept`() = runBlocking {
        there = false
        assertFalse(lock.keep(key))
        assertNull(preferences.get("vault"))
        assertEquals(Opened.Gone, lock.open())
    }

    @Test
    fun `a key that is gone or another one opens nothing`() = runBlocking {
        assertTrue(lock.keep(key))
        val (ours) = PlayedKeystore.keys.getValue("vault")
        PlayedKeystore.keys.clear()
        assertEquals(Opened.Gone, lock.open())
        KeystoreSeal("vault", PreferencesInMemory(), forPerson = true).toSeal()
        assertEquals(Opened.NotConfirmed, lock.open())
        PlayedKeystore.keys["vault"] = ours to null
        assertIs<Opened.Key>(lock.open())
        lock.forget()
        assertEquals(Opened.Gone, lock.open())
    }

    @Test
    fun `an approval asks for the person without a key`() = runBlocking {
        assertTrue(lock.confirm())
        assertEquals(listOf<Cipher?>(null), asked)
    }

    @Test
    fun `offered where the phone has a lock`() {
        assertFalse(lock.offered())
        shadowOf(context.service<KeyguardManager>()).setIsDeviceSecure(true)
        assertTrue(lock.offered())
    }

    private class PreferencesInMemory : org.countersign.ui.logic.Preferences {
        override fun get(name: String): String? = null

        override fun put(name: String, value: String?) = Unit
    }
}
