package org.countersign.core

import kotlin.test.Test
import kotlin.test.assertEquals

class TickTest : NewVaultTest() {
    @Test
    fun `what one tick of 1,000 accounts costs`() {
        val ids = List(1_000) { add("account-$it") }
        val wall = 1_000_000_020L
        fun tick(wall: Long): Double {
            val start = System.nanoTime()
            assertEquals(1_000, core.codes(ids, now(wall)).size)
            return (System.nanoTime() - start) / 1e6
        }
        val same = List(200) { tick(wall + it % 10) }.drop(50).sorted()
        val new = List(20) { tick(wall + 30 * (it + 1)) }.drop(5).sorted()
        val text = "counted: Kotlin: a tick of 1,000 accounts %.2f ms, at the start of a period %.2f ms (median, %s build)"
        println(text.format(same[same.size / 2], new[new.size / 2], System.getProperty("jna.library.path").substringAfterLast('/')))
    }
}
