package org.countersign.ui.logic

import java.nio.file.Path
import java.security.KeyFactory
import java.security.Signature
import java.security.spec.X509EncodedKeySpec
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import org.countersign.core.Authenticator
import org.countersign.core.Event
import org.countersign.core.KeyAlgorithm
import org.countersign.core.KeyFailure
import org.countersign.core.KeyProtection
import org.countersign.core.KeyRequest
import org.countersign.core.SignRequest
import org.countersign.core.Why
import org.countersign.core.createWithPlatform
import org.junit.jupiter.api.io.TempDir

class SoftwareKeysTest {
    @TempDir lateinit var folder: Path
    private val clocks = PlayedClocks()
    private val core: Authenticator by lazy {
        lent(ByteArray(KEY_BYTES)) { createWithPlatform(folder.resolve("vault.db").toString(), it, clocks.now()) }.authenticator
    }
    private val keys by lazy { SoftwareKeys(core, clocks) }

    private fun create(algorithm: KeyAlgorithm) =
        assertIs<Event.KeyCreated>(keys.create(KeyRequest("key", algorithm, KeyProtection.BACKGROUND))).publicKey

    private fun sign(algorithm: KeyAlgorithm) = keys.sign(SignRequest("key", algorithm, "text".toByteArray(), Why.CALL))

    @Test
    fun `signatures are those of the key that was made`() {
        for ((algorithm, names) in listOf(
            KeyAlgorithm.Es256 to ("EC" to "SHA256withECDSA"),
            KeyAlgorithm.Rs256(2_048u) to ("RSA" to "SHA256withRSA"),
        )) {
            val public = create(algorithm)
            assertContentEquals(public, create(algorithm))
            val verifier = Signature.getInstance(names.second)
            verifier.initVerify(KeyFactory.getInstance(names.first).generatePublic(X509EncodedKeySpec(public)))
            verifier.update("text".toByteArray())
            assertTrue(verifier.verify(assertIs<Event.Signed>(sign(algorithm)).signature))
            keys.delete(listOf("key"))
            assertEquals(Event.KeyRefused(KeyFailure.GONE), sign(algorithm))
        }
    }

    @Test
    fun `behind the lock nothing is signed, and a damaged key is a failure`() {
        create(KeyAlgorithm.Es256)
        lent(byteArrayOf(0, 0, 0, 2, 1, 1, 1, 1)) { core.putHostRow("key", it, clocks.now()) }
        assertEquals(Event.KeyRefused(KeyFailure.FAILED), sign(KeyAlgorithm.Es256))
        core.lock()
        assertEquals(Event.KeyRefused(KeyFailure.LOCKED), sign(KeyAlgorithm.Es256))
    }
}
