package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest

@OptIn(ExperimentalCoroutinesApi::class)
class BellTest {
    private val bell = Bell()

    @Test
    fun `a flood of pushes costs one look every few seconds, and each has one after it`() = runTest {
        val looks = mutableListOf<Long>()
        assertTrue(bell.ring())
        repeat(10) { assertFalse(bell.ring()) }
        val answering = launch {
            bell.answer {
                looks += currentTime
                delay(1_000)
            }
        }
        runCurrent()
        assertEquals(listOf(0L), looks)
        repeat(30) {
            assertFalse(bell.ring())
            advanceTimeBy(500)
        }
        answering.join()
        assertEquals(listOf(0L, 6_000L, 12_000L, 18_000L), looks)
        assertTrue(bell.ring())
    }

    @Test
    fun `after a look that was cancelled the next push begins anew`() = runTest {
        bell.ring()
        val answering = launch { bell.answer { delay(1_000) } }
        runCurrent()
        assertFalse(bell.ring())
        answering.cancel()
        answering.join()
        assertTrue(bell.ring())
    }
}
