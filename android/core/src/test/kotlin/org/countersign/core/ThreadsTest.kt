package org.countersign.core

import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

class ThreadsTest : NewVaultTest() {
    @Test
    fun `eight threads at once on one object`() {
        val pool = Executors.newFixedThreadPool(8)
        pool.invokeAll(List(8) { thread -> Callable { work(thread) } }).forEach { it.get() }
        pool.shutdown()
        reopened().use { assertEquals(80, it.accounts(Shelf.IN_USE, now()).map(Summary::name).toSet().size) }
    }

    private fun work(thread: Int) {
        repeat(10) { turn ->
            val account = add("$thread-$turn")
            assertEquals(6, core.codes(listOf(account), now()).single()?.current?.length)
            core.rename(account, "Example", "renamed $thread-$turn", now())
            core.search("renamed", Shelf.IN_USE, now())
            recognise(direct("otpauth://totp/a")).close()
        }
        if (thread == 3) core.unlock(core.openByPlatform(direct(NewVaultTest.KEY)), null, now())
    }

    @Test
    fun `a closed object says so, and closing twice does nothing`() {
        val other = reopened()
        other.close()
        other.close()
        assertFailsWith<IllegalStateException> { other.accounts(Shelf.IN_USE, now()) }
        val scanned = totp("alice")
        scanned.close()
        assertFailsWith<IllegalStateException> { scanned.describe() }
    }

    @Test
    fun `a password is derived without holding the vault`() {
        core.setPassword(direct(PASSWORD), now())
        val slow = Thread { core.openByPassword(direct(PASSWORD)).close() }
        slow.start()
        var calls = 0
        while (slow.isAlive) {
            core.isLocked(now())
            calls++
        }
        // If the object were held, one call at most would go through, the first.
        assertTrue(calls > 5, "$calls calls")
    }
}
