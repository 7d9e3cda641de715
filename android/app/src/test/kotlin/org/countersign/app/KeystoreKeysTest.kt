package org.countersign.app

import android.app.KeyguardManager
import android.security.keystore.KeyProperties
import java.security.KeyFactory
import java.security.Signature
import java.security.interfaces.RSAPublicKey
import java.security.spec.ECGenParameterSpec
import java.security.spec.X509EncodedKeySpec
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue
import org.countersign.core.Event
import org.countersign.core.KeyAlgorithm
import org.countersign.core.KeyFailure
import org.countersign.core.KeyProtection
import org.countersign.core.KeyRequest
import org.countersign.core.SignRequest
import org.countersign.core.Why
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

@RunWith(RobolectricTestRunner::class)
class KeystoreKeysTest {
    @get:Rule val keystore = PlayedKeystore()
    private val context = RuntimeEnvironment.getApplication()
    private val keys by lazy { KeystoreKeys(context) }

    private fun create(
        protection: KeyProtection = KeyProtection.BACKGROUND,
        algorithm: KeyAlgorithm = KeyAlgorithm.Es256,
    ) = assertIs<Event.KeyCreated>(keys.create(KeyRequest("k-1", algorithm, protection))).publicKey

    private fun sign() = keys.sign(SignRequest("k-1", KeyAlgorithm.Es256, "signed".toByteArray(), Why.CALL))

    @Test
    fun `a P-256 key of the secure element signs by SHA-256 and asks for nobody`() {
        val public = create()
        val wish = PlayedKeystore.wishes.single()
        assertEquals("device-k-1", wish.keystoreAlias)
        assertEquals(KeyProperties.PURPOSE_SIGN, wish.purposes)
        assertEquals("secp256r1", (wish.algorithmParameterSpec as ECGenParameterSpec).name)
        assertContentEquals(arrayOf(KeyProperties.DIGEST_SHA256), wish.digests)
        assertTrue(wish.isStrongBoxBacked)
        assertFalse(wish.isUserAuthenticationRequired || wish.isUserPresenceRequired || wish.isUnlockedDeviceRequired)

        val check = Signature.getInstance("SHA256withECDSA")
        check.initVerify(KeyFactory.getInstance("EC").generatePublic(X509EncodedKeySpec(public)))
        check.update("signed".toByteArray())
        assertTrue(check.verify(assertIs<Event.Signed>(sign()).signature))
    }

    @Test
    fun `without a secure element it is the processor's trusted part`() {
        PlayedKeystore.hasSecureElement = false
        create()
        assertEquals(listOf(true, false), PlayedKeystore.wishes.map { it.isStrongBoxBacked })
    }

    @Test
    fun `a key for the unlocked device, and one of RSA`() {
        create(KeyProtection.DEVICE_UNLOCKED, KeyAlgorithm.Rs256(2_048u))
        val wish = PlayedKeystore.wishes.single()
        assertTrue(wish.isUnlockedDeviceRequired)
        assertContentEquals(arrayOf(KeyProperties.SIGNATURE_PADDING_RSA_PKCS1), wish.signaturePaddings)
    }

    @Test
    fun `an RSA key too large for the secure element is in the processor's trusted part`() {
        val public = create(algorithm = KeyAlgorithm.Rs256(3_072u))
        assertEquals(listOf(true, false), PlayedKeystore.wishes.map { it.isStrongBoxBacked })
        val key = KeyFactory.getInstance("RSA").generatePublic(X509EncodedKeySpec(public)) as RSAPublicKey
        assertEquals(3_072, key.modulus.bitLength())
    }

    @Test
    fun `a key that is there is not made again`() {
        assertContentEquals(create(), create())
        assertEquals(1, PlayedKeystore.wishes.size)
    }

    @Test
    fun `a key that is gone, or can't be used now`() {
        create()
        keys.delete(listOf("k-1", "never-made"))
        assertEquals(Event.KeyRefused(KeyFailure.GONE), sign())
        PlayedKeystore.keys["device-k-1"] = Unusable to null
        assertEquals(Event.KeyRefused(KeyFailure.FAILED), sign())
        shadowOf(context.service<KeyguardManager>()).setIsDeviceLocked(true)
        assertEquals(Event.KeyRefused(KeyFailure.LOCKED), sign())
    }

    private object Unusable : java.security.PrivateKey {
        override fun getAlgorithm() = "EC"

        override fun getFormat() = null

        override fun getEncoded() = null
    }
}
