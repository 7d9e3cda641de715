package org.countersign.app

import android.app.KeyguardManager
import android.content.Context
import java.security.GeneralSecurityException
import java.security.ProviderException
import javax.crypto.Cipher
import org.countersign.ui.logic.DeviceLock
import org.countersign.ui.logic.DeviceLock.Opened
import org.countersign.ui.logic.Preferences

/** Asks the system whether the person is there. */
internal fun interface PresencePrompt {
    /** Whether they are; [cipher] is of a key that needs it, and works once then. */
    suspend fun ask(cipher: Cipher?): Boolean
}

/** The phone's own lock. The bytes that open the vault can be had only through [prompt], by the Keystore's word. */
internal class PhoneLock(context: Context, preferences: Preferences, private val prompt: PresencePrompt) : DeviceLock {
    private val keyguard = context.service<KeyguardManager>()
    private val seal = KeystoreSeal("vault", preferences, forPerson = true)

    override fun offered() = keyguard.isDeviceSecure

    override suspend fun confirm() = prompt.ask(null)

    override suspend fun keep(key: ByteArray): Boolean = guarded(false) {
        val cipher = seal.toSeal()
        prompt.ask(cipher).also { if (it) seal.seal(cipher, key) }
    }

    override suspend fun open(): Opened = guarded(Opened.NotConfirmed) {
        val cipher = seal.toOpen() ?: return Opened.Gone
        if (!prompt.ask(cipher)) return Opened.NotConfirmed
        seal.open(cipher)?.let(Opened::Key) ?: Opened.Gone
    }

    override fun forget() = seal.forget()

    /** What the Keystore refuses may be well at the next try: nothing is given up for it. */
    private inline fun <T> guarded(refused: T, use: () -> T): T = try {
        use()
    } catch (_: GeneralSecurityException) {
        refused
    } catch (_: ProviderException) {
        refused
    }
}
