package org.countersign.app

import android.app.KeyguardManager
import android.content.Context
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyInfo
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import java.security.GeneralSecurityException
import java.security.KeyFactory
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.ProviderException
import java.security.PublicKey
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.security.spec.RSAKeyGenParameterSpec
import org.countersign.core.Event
import org.countersign.core.KeyAlgorithm
import org.countersign.core.KeyFailure
import org.countersign.core.KeyProtection
import org.countersign.core.KeyRequest
import org.countersign.core.SignRequest
import org.countersign.ui.logic.Keys
import org.countersign.ui.screens.KeyPlace

/**
 * Device keys in the Keystore, in the secure element where there is one. No use of a key asks for the person: the same
 * key signs each poll. That the person is there is asked before an approval.
 */
internal class KeystoreKeys(context: Context) : Keys {
    private val keyguard = context.service<KeyguardManager>()
    private val store = keystore()

    /** A key that is there already, from before a crash, is the one that is wanted. */
    override fun create(request: KeyRequest) = guarded {
        val public = store.getCertificate(alias(request.keyId))?.publicKey ?: made(request)
        Event.KeyCreated(public.encoded)
    }

    override fun sign(request: SignRequest) = guarded {
        val key = store.getKey(alias(request.keyId), null) as? PrivateKey
            ?: return@guarded Event.KeyRefused(KeyFailure.GONE)
        val signer = Signature.getInstance("SHA256with${if (key.algorithm == "EC") "ECDSA" else "RSA"}")
        signer.initSign(key)
        signer.update(request.bytes)
        Event.Signed(signer.sign())
    }

    override fun delete(ids: List<String>) = ids.forEach { store.deleteEntry(alias(it)) }

    override fun place(id: String): KeyPlace = try {
        val key = store.getKey(alias(id), null)
        val info = KeyFactory.getInstance(key.algorithm, KEYSTORE).getKeySpec(key, KeyInfo::class.java)
        when (info.securityLevel) {
            KeyProperties.SECURITY_LEVEL_STRONGBOX -> KeyPlace.SecureElement
            KeyProperties.SECURITY_LEVEL_TRUSTED_ENVIRONMENT -> KeyPlace.Hardware
            KeyProperties.SECURITY_LEVEL_SOFTWARE -> KeyPlace.Software
            else -> KeyPlace.Unknown
        }
    } catch (_: GeneralSecurityException) {
        KeyPlace.Unknown
    }

    private fun made(request: KeyRequest): PublicKey = strongest { inSecureElement ->
        val spec = KeyGenParameterSpec.Builder(alias(request.keyId), KeyProperties.PURPOSE_SIGN)
            .setDigests(KeyProperties.DIGEST_SHA256)
            .setUnlockedDeviceRequired(request.protection == KeyProtection.DEVICE_UNLOCKED)
            .setIsStrongBoxBacked(inSecureElement)
        val family = when (val algorithm = request.algorithm) {
            is KeyAlgorithm.Es256 -> "EC".also { spec.setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1")) }
            is KeyAlgorithm.Rs256 -> "RSA".also {
                val size = RSAKeyGenParameterSpec(algorithm.bits.toInt(), RSAKeyGenParameterSpec.F4)
                spec.setAlgorithmParameterSpec(size)
                    .setSignaturePaddings(KeyProperties.SIGNATURE_PADDING_RSA_PKCS1)
            }
        }
        KeyPairGenerator.getInstance(family, KEYSTORE).apply { initialize(spec.build()) }.generateKeyPair().public
    }

    private inline fun guarded(use: () -> Event): Event = try {
        use()
    } catch (_: GeneralSecurityException) {
        refused()
    } catch (_: ProviderException) {
        refused()
    }

    private fun refused() = Event.KeyRefused(if (keyguard.isDeviceLocked) KeyFailure.LOCKED else KeyFailure.FAILED)

    private fun alias(id: String) = "device-$id"
}

internal const val KEYSTORE = "AndroidKeyStore"

internal fun keystore(): KeyStore = KeyStore.getInstance(KEYSTORE).apply { load(null) }

/**
 * In the secure element, or, where there is none or it can't do that, in the trusted part of the processor. Android
 * throws its [StrongBoxUnavailableException] only where there is none: RSA of more than 2048 bits, which a StrongBox
 * need not do, ends in a plain [ProviderException].
 */
internal inline fun <T> strongest(make: (inSecureElement: Boolean) -> T): T = try {
    make(true)
} catch (_: ProviderException) {
    make(false)
}
