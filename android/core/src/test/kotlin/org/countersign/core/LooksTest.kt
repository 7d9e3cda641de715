package org.countersign.core

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** When it is time to look, of whom nothing is to be heard for a while, and how clocks stand. */
class LooksTest : AtThePracticeSite() {
    private fun due() = core.nextLooks(now())

    @Test
    fun `looks are due at once, then after a pause, and oftener while a sign-in is expected`() {
        setUp()
        assertEquals(listOf(account), due().due)
        assertEquals(1, check().size)
        assertEquals(emptyList(), due().due)
        assertTrue(due().waitMs in 10_000uL..18_000uL, "${due()}")
        assertNull(core.expectingMs(now()))
        core.expectSignIn(now())
        assertTrue(core.expectingMs(now())!! in 110_000uL..120_000uL)
        assertTrue(due().waitMs <= 2_400uL, "${due()}")
        core.stopExpecting(now())
        assertNull(core.expectingMs(now()))
        core.lookNow()
        assertEquals(listOf(account), due().due)
    }

    @Test
    fun `an account that is silenced is quiet in the background until that ends`() {
        setUp()
        check()
        assertEquals(emptyList(), core.floods(now()))
        val key = core.watchKey(now())
        Background.open(path, direct(key)).use { background ->
            assertFalse(background.isQuiet(account, now()))
            core.beQuiet(account, now())
            assertTrue(background.isQuiet(account, now()))
            val flood = core.floods(now()).single()
            assertEquals(account, flood.account)
            assertTrue(checkNotNull(flood.quietUntil) - now().wall in 3_500..3_600, "$flood")
            core.endQuiet(account, now())
            assertFalse(background.isQuiet(account, now()))
        }
    }

    @Test
    fun `a server's clock is measured, and codes are made by it where that is wanted`() {
        setUp()
        assertEquals(emptyList(), check().filter { it.expiresAt < now().wall })
        val clock = core.clocks(now()).single()
        assertEquals("${site.base}/realms/practice" to account, clock.origin to clock.account)
        assertTrue(clock.offset in -2..2 && !clock.usedForCodes && clock.codes.isEmpty(), "$clock")
        assertTrue(now().wall - clock.measuredAt in -3_600..3_600, "$clock")
        core.useForCodes(account, true, now())
        assertTrue(core.clocks(now()).single().usedForCodes)
    }
}
