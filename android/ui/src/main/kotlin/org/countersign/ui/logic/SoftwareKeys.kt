package org.countersign.ui.logic

import java.nio.ByteBuffer
import java.security.GeneralSecurityException
import java.security.KeyFactory
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.security.spec.PKCS8EncodedKeySpec
import org.countersign.core.Authenticator
import org.countersign.core.CountersignException
import org.countersign.core.Event
import org.countersign.core.KeyAlgorithm
import org.countersign.core.KeyFailure
import org.countersign.core.KeyRequest
import org.countersign.core.SignRequest
import org.countersign.ui.screens.KeyPlace

/** Keys in software for a device without a key store, sealed as rows of the vault: usable only while it is unlocked. */
class SoftwareKeys(private val core: Authenticator, private val clocks: Clocks) : Keys {
    override fun create(request: KeyRequest) = guarded {
        val kept = core.hostRow(request.keyId, clocks.now()) ?: made(request)
        val (public, _) = split(kept)
        Event.KeyCreated(public)
    }

    override fun sign(request: SignRequest) = guarded {
        val kept = core.hostRow(request.keyId, clocks.now()) ?: return@guarded Event.KeyRefused(KeyFailure.GONE)
        val (_, private) = split(kept)
        val key = KeyFactory.getInstance(request.algorithm.family()).generatePrivate(PKCS8EncodedKeySpec(private))
        kept.fill(0)
        private.fill(0)
        val signer = Signature.getInstance("SHA256with${if (key.algorithm == "EC") "ECDSA" else "RSA"}")
        signer.initSign(key)
        signer.update(request.bytes)
        Event.Signed(signer.sign())
    }

    override fun delete(ids: List<String>) = core.removeHostRows(ids, clocks.now())

    override fun place(id: String) = KeyPlace.Software

    private fun made(request: KeyRequest): ByteArray {
        val generator = KeyPairGenerator.getInstance(request.algorithm.family())
        when (val algorithm = request.algorithm) {
            is KeyAlgorithm.Es256 -> generator.initialize(ECGenParameterSpec("secp256r1"))
            is KeyAlgorithm.Rs256 -> generator.initialize(algorithm.bits.toInt())
        }
        val pair = generator.generateKeyPair()
        val public = pair.public.encoded
        val row = ByteBuffer.allocate(Int.SIZE_BYTES + public.size + pair.private.encoded.size)
            .putInt(public.size).put(public).put(pair.private.encoded).array()
        lent(row) { core.putHostRow(request.keyId, it, clocks.now()) }
        return row
    }

    /** A row is the length of the public key, the public key (SPKI), and the private one (PKCS #8). */
    private fun split(row: ByteArray): Pair<ByteArray, ByteArray> {
        val end = Int.SIZE_BYTES + ByteBuffer.wrap(row).int
        return row.copyOfRange(Int.SIZE_BYTES, end) to row.copyOfRange(end, row.size)
    }

    private fun KeyAlgorithm.family() = when (this) {
        is KeyAlgorithm.Es256 -> "EC"
        is KeyAlgorithm.Rs256 -> "RSA"
    }

    private inline fun guarded(use: () -> Event): Event = try {
        use()
    } catch (_: CountersignException.Locked) {
        Event.KeyRefused(KeyFailure.LOCKED)
    } catch (_: CountersignException) {
        Event.KeyRefused(KeyFailure.FAILED)
    } catch (_: GeneralSecurityException) {
        Event.KeyRefused(KeyFailure.FAILED)
    }
}
