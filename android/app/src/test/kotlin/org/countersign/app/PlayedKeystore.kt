package org.countersign.app

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.StrongBoxUnavailableException
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.KeyPairGeneratorSpi
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.ProviderException
import java.security.PublicKey
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.security.spec.RSAKeyGenParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec
import org.junit.rules.ExternalResource

/** In place of the Keystore, which Robolectric does not have: keys in memory, and how they were asked for. */
class PlayedKeystore : ExternalResource() {
    override fun before() {
        keys.clear()
        wishes.clear()
        hasSecureElement = true
        Security.addProvider(PlayedProvider())
    }

    override fun after() = Security.removeProvider(KEYSTORE)

    companion object {
        val keys: MutableMap<String, Pair<Key, PublicKey?>> = ConcurrentHashMap()
        val wishes: MutableList<KeyGenParameterSpec> = CopyOnWriteArrayList()
        @Volatile var hasSecureElement = true

        fun make(wish: KeyGenParameterSpec, key: () -> Pair<Key, PublicKey?>): Pair<Key, PublicKey?> {
            wishes += wish
            if (wish.isStrongBoxBacked && !hasSecureElement) throw StrongBoxUnavailableException()
            val rsa = wish.algorithmParameterSpec as? RSAKeyGenParameterSpec
            if (wish.isStrongBoxBacked && rsa != null && rsa.keysize > 2_048) throw ProviderException("key size")
            return key().also { keys[wish.keystoreAlias] = it }
        }
    }
}

class PlayedProvider : Provider(KEYSTORE, "1", "keys in memory") {
    init {
        put("KeyStore.$KEYSTORE", Store::class.java.name)
        put("KeyPairGenerator.EC", Pairs.Ec::class.java.name)
        put("KeyPairGenerator.RSA", Pairs.Rsa::class.java.name)
        put("KeyGenerator.AES", Aes::class.java.name)
    }

    sealed class Pairs(private val family: String) : KeyPairGeneratorSpi() {
        private lateinit var wish: KeyGenParameterSpec

        override fun initialize(size: Int, random: SecureRandom?) = error("only with a specification")

        override fun initialize(parameters: AlgorithmParameterSpec, random: SecureRandom?) {
            wish = parameters as KeyGenParameterSpec
        }

        override fun generateKeyPair(): KeyPair {
            val (private, public) = PlayedKeystore.make(wish) {
                val generator = KeyPairGenerator.getInstance(family)
                generator.initialize(wish.algorithmParameterSpec)
                generator.generateKeyPair().let { it.private to it.public }
            }
            return KeyPair(public, private as java.security.PrivateKey)
        }

        class Ec : Pairs("EC")

        class Rsa : Pairs("RSA")
    }

    class Aes : KeyGeneratorSpi() {
        private lateinit var wish: KeyGenParameterSpec

        override fun engineInit(random: SecureRandom?) = error("only with a specification")

        override fun engineInit(size: Int, random: SecureRandom?) = error("only with a specification")

        override fun engineInit(parameters: AlgorithmParameterSpec, random: SecureRandom?) {
            wish = parameters as KeyGenParameterSpec
        }

        override fun engineGenerateKey() = PlayedKeystore.make(wish) {
            SecretKeySpec(ByteArray(wish.keySize / 8).also(SecureRandom()::nextBytes), "AES") to null
        }.first as SecretKey
    }

    class Store : KeyStoreSpi() {
        private val keys get() = PlayedKeystore.keys

        override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit

        override fun engineGetKey(alias: String, password: CharArray?) = keys[alias]?.first

        override fun engineGetCertificate(alias: String) = keys[alias]?.second?.let(::Bare)

        override fun engineDeleteEntry(alias: String) {
            keys.remove(alias)
        }

        override fun engineAliases(): Enumeration<String> = Collections.enumeration(keys.keys)

        override fun engineContainsAlias(alias: String) = alias in keys

        override fun engineSize() = keys.size

        override fun engineIsKeyEntry(alias: String) = alias in keys

        override fun engineIsCertificateEntry(alias: String) = false

        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

        override fun engineGetCertificateAlias(certificate: Certificate?): String? = null

        override fun engineGetCreationDate(alias: String): Date? = null

        override fun engineStore(stream: OutputStream?, password: CharArray?) = unsupported()

        override fun engineSetCertificateEntry(alias: String, certificate: Certificate?) = unsupported()

        override fun engineSetKeyEntry(alias: String, key: ByteArray?, chain: Array<out Certificate>?) = unsupported()

        override fun engineSetKeyEntry(alias: String, key: Key?, password: CharArray?, chain: Array<out Certificate>?) =
            unsupported()

        private fun unsupported(): Nothing = throw UnsupportedOperationException()
    }

    /** Only its key is looked at. */
    class Bare(private val key: PublicKey) : Certificate("bare") {
        override fun getPublicKey() = key

        override fun getEncoded(): ByteArray = key.encoded

        override fun verify(key: PublicKey?) = Unit

        override fun verify(key: PublicKey?, provider: String?) = Unit

        override fun toString() = "bare"
    }
}
