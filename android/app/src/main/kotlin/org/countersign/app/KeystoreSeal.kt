package org.countersign.app

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import java.security.UnrecoverableKeyException
import java.util.Base64
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec
import org.countersign.ui.logic.Preferences

/**
 * Keeps a few bytes under a key of the Keystore (AES-256-GCM); what lies in the preferences is worth nothing without it.
 * [forPerson]: the key works once for each time that the person is seen to be there, on the unlocked device.
 */
internal class KeystoreSeal(
    private val name: String,
    private val preferences: Preferences,
    private val forPerson: Boolean,
) {
    private val store = keystore()

    /** A cipher of a new key; what was kept before is gone. */
    fun toSeal(): Cipher {
        preferences.put(name, null)
        val key = strongest { inSecureElement ->
            KeyGenerator.getInstance("AES", KEYSTORE).apply { init(spec(inSecureElement)) }.generateKey()
        }
        return Cipher.getInstance(ALGORITHM).apply { init(Cipher.ENCRYPT_MODE, key) }
    }

    fun seal(cipher: Cipher, bytes: ByteArray) {
        val sealed = cipher.doFinal(bytes)
        preferences.put(name, Base64.getEncoder().encodeToString(cipher.iv + sealed))
    }

    /** Null where nothing is kept, or its key is gone. */
    fun toOpen(): Cipher? = try {
        val key = store.getKey(name, null) as? SecretKey
        val kept = kept()
        if (key == null || kept == null) null
        else Cipher.getInstance(ALGORITHM).apply {
            init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, kept, 0, IV_BYTES))
        }
    } catch (_: KeyPermanentlyInvalidatedException) {
        null
    } catch (_: UnrecoverableKeyException) {
        null
    }

    fun open(cipher: Cipher): ByteArray? = kept()?.let { cipher.doFinal(it, IV_BYTES, it.size - IV_BYTES) }

    fun forget() {
        preferences.put(name, null)
        store.deleteEntry(name)
    }

    private fun kept(): ByteArray? = preferences.get(name)?.let(Base64.getDecoder()::decode)?.takeIf { it.size > IV_BYTES }

    private fun spec(inSecureElement: Boolean) =
        KeyGenParameterSpec.Builder(name, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
            .setKeySize(256)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setIsStrongBoxBacked(inSecureElement)
            .apply {
                if (forPerson) {
                    setUnlockedDeviceRequired(true)
                    setUserAuthenticationRequired(true)
                    setUserAuthenticationParameters(
                        0, KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL,
                    )
                }
            }
            .build()

    private companion object {
        const val ALGORITHM = "AES/GCM/NoPadding"
        const val IV_BYTES = 12
        const val TAG_BITS = 128
    }
}
