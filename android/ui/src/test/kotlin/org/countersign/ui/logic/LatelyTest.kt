package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import org.countersign.core.Event
import org.countersign.core.HttpHeader
import org.countersign.core.HttpMethod
import org.countersign.core.HttpReply
import org.countersign.core.HttpRequest
import org.countersign.core.NetworkFailure
import org.countersign.ui.screens.ReasonName

class LatelyTest {
    private val request = HttpRequest(HttpMethod.GET, "https://login.example/", emptyList(), null, 1_000u, 1_000u)

    /** It is [now] when the request goes out, and [took] later when the reply is there. */
    private fun offset(now: Long, took: Long, event: Event): Long? {
        var wall = now
        val clocks = object : Clocks {
            override fun wallMs() = wall

            override fun steadyMs() = 0L
        }
        val lately = Lately(clocks)
        lately.timing { event.also { wall += took } }.send(request)
        return lately.offsetSeconds
    }

    private fun dated(text: String) = Event.Reply(HttpReply(200u, listOf(HttpHeader("dAtE", text)), ByteArray(0)))

    @Test
    fun `the clock is off only where no moment of the exchange fits the server's second`() {
        // 2026-11-24 09:30:12 UTC
        val reply = dated("Tue, 24 Nov 2026 09:30:12 GMT")
        val second = 1_795_512_612_000L
        assertEquals(0, offset(second, 0, reply))
        assertEquals(0, offset(second + 999, 5_000, reply))
        assertEquals(0, offset(second - 5_000, 5_000, reply))
        assertEquals(74, offset(second + 74_000, 20, reply))
        assertEquals(-74, offset(second - 74_500, 500, reply))
    }

    @Test
    fun `what tells no time changes nothing`() {
        val none = Event.Reply(HttpReply(200u, emptyList(), ByteArray(0)))
        val untold = listOf(none, dated("yesterday"), Event.NoReply(NetworkFailure.CUT))
        for (event in untold) assertNull(offset(0, 0, event))
    }

    @Test
    fun `the last failures, the newest first`() {
        val lately = Lately(PlayedClocks())
        for (at in 1..6) lately.failed(ReasonName("r$at"))
        assertEquals(listOf("r6", "r5", "r4", "r3", "r2"), lately.failures().map { it.reason.name })
    }
}
