package org.countersign.desktop

import java.nio.ByteBuffer
import java.nio.file.Path
import kotlin.io.path.writeBytes
import kotlin.test.Test
import kotlin.test.assertTrue
import org.countersign.core.Now
import org.countersign.core.createWithPlatform
import org.countersign.core.recognise
import org.junit.jupiter.api.io.TempDir

/** How long a person waits for the first codes. */
class FirstCodesTest {
    @TempDir lateinit var folder: Path

    @Test
    fun `first codes of 1,000 accounts after unlocking`() {
        makeAccounts(1_000)
        val lock = StandInLock(folder)
        val took = mutableListOf<Long>()
        inTheWindow(appIn(folder, lock, leave = {}), lock) {
            took += firstCodes()
            // Other work of the machine may keep it up once; what is slow by itself is slow each time.
            while (took.size < 3 && took.min() >= LONGEST_MS) {
                pressesIcon("accounts.lock")
                took += firstCodes()
            }
        }
        val build = Path.of(System.getProperty("jna.library.path")).fileName
        println("counted: Kotlin: first codes of 1,000 accounts on screen ${took.first()} ms after unlocking ($build build)")
        assertTrue(took.min() < LONGEST_MS, "$took ms")
    }

    /** Milliseconds from the person's confirmation to the codes. */
    private fun Person.firstCodes(): Long {
        reads("It's me")
        val start = System.nanoTime()
        confirms()
        hears(word("accounts.code.spoken", "code" to ""))
        return (System.nanoTime() - start) / 1_000_000
    }

    private fun makeAccounts(count: Int) {
        val key = ByteArray(32) { 1 }
        folder.resolve("device-lock").writeBytes(key)
        val now = Now(System.currentTimeMillis() / 1_000, (System.nanoTime() / 1_000_000).toULong())
        val created = createWithPlatform(folder.resolve("vault.db").toString(), direct(key), now)
        repeat(count) { at ->
            val text = "otpauth://totp/Service%20$at:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Service%20$at"
            recognise(direct(text.toByteArray())).use { created.authenticator.add(it, now) }
        }
        created.destroy()
    }

    private fun direct(bytes: ByteArray): ByteBuffer = ByteBuffer.allocateDirect(bytes.size).put(bytes).flip()

    private companion object {
        const val LONGEST_MS = 1_000L
    }
}
