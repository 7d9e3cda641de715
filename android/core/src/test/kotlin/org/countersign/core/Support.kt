package org.countersign.core

import java.nio.ByteBuffer
import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.io.TempDir

/** The repository. */
val ROOT: Path = Path.of(System.getProperty("rust.root")).toRealPath()
val PASSWORD = "correct horse battery staple".toByteArray()
const val SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

/** The two clocks, or others. */
fun now(wall: Long = System.currentTimeMillis() / 1000, steadyMs: ULong = steady()) = Now(wall, steadyMs)

fun steady() = (System.nanoTime() / 1_000_000).toULong()

/** Byte slices cross as direct buffers only. */
fun direct(bytes: ByteArray): ByteBuffer = ByteBuffer.allocateDirect(bytes.size).put(bytes).flip()

fun direct(text: String) = direct(text.toByteArray())

fun totp(name: String, parameters: String = "") =
    recognise(direct("otpauth://totp/Example:$name?secret=$SECRET&issuer=Example$parameters"))

/** A file of test vectors, the same that Rust reads. */
fun vectors(name: String): JsonObject = Json.parseToJsonElement(ROOT.resolve("tests/vectors/$name").readText()).jsonObject

fun JsonObject.text(name: String) = getValue(name).jsonPrimitive.content

/** `NotASetupCode` as Kotlin spells constants: `NOT_A_SETUP_CODE`. */
fun constantName(name: String) = name.replace(Regex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"), "_").uppercase()

/** The call is refused for exactly this reason. */
fun assertRefused(reason: Reason, call: () -> Unit) =
    assertEquals(reason, assertFailsWith<CountersignException.Refused> { call() }.reason)

/** The entries of a file whose key is derived to its end. */
fun opened(unlocking: ImportUnlocking): ImportBatch {
    while (true) {
        when (val progress = unlocking.step()) {
            is UnlockProgress.Working -> assertTrue(progress.done <= progress.of)
            is UnlockProgress.Done -> return progress.batch
        }
    }
}

/** Each test has a folder of its own, and [core]: a new vault with the platform's way in, unlocked. */
abstract class NewVaultTest {
    @TempDir lateinit var folder: Path
    lateinit var created: Created
    val core get() = created.authenticator
    val path get() = folder.resolve("vault.db").toString()

    @BeforeEach
    fun create() {
        created = createWithPlatform(path, direct(KEY), now())
    }

    @AfterEach
    fun close() = created.destroy()

    fun add(name: String = "alice", parameters: String = "") = core.add(totp(name, parameters), now()).id

    /** The same vault as another process sees it, unlocked. */
    fun reopened() = Authenticator.open(path).also { it.unlock(it.openByPlatform(direct(KEY)), null, now()) }

    companion object {
        val KEY = ByteArray(32) { it.toByte() }
    }
}
