package org.countersign.ui.logic

import java.time.DateTimeException
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import org.countersign.core.Event
import org.countersign.core.HttpReply
import org.countersign.ui.screens.ReasonName

/** What has shown itself since the vault was opened: how this clock stands to those of the servers, and what failed. */
class Lately(private val clocks: Clocks) {
    private val failures = ArrayDeque<Failure>()

    /** At a moment in seconds since 1970 UTC. */
    class Failure(val reason: ReasonName, val at: Long)

    /** How far this device is ahead, by the last reply that told the time; null before the first. */
    @Volatile
    var offsetSeconds: Long? = null
        private set

    /** The last of them, the newest first. */
    fun failures(): List<Failure> = failures

    fun failed(reason: ReasonName) {
        failures.addFirst(Failure(reason, clocks.now().wall))
        if (failures.size > FAILURES) failures.removeLast()
    }

    /** [sender], and each reply is asked for its time. */
    fun timing(sender: Sender) = Sender { request ->
        val sent = clocks.wallMs()
        sender.send(request).also { if (it is Event.Reply) it.reply.timed(sent, clocks.wallMs()) }
    }

    /** A server tells whole seconds, some time between [sentMs] and [receivedMs]: only what is beyond is an offset. */
    private fun HttpReply.timed(sentMs: Long, receivedMs: Long) {
        val second = date() ?: return
        val ahead = sentMs.floorDiv(1_000L) - second
        val behind = second - receivedMs.floorDiv(1_000L)
        offsetSeconds = when {
            ahead > 0 -> ahead
            behind > 0 -> -behind
            else -> 0
        }
    }

    /** RFC 9110, 6.6.1. */
    private fun HttpReply.date(): Long? = try {
        headers.find { it.name.equals("date", ignoreCase = true) }
            ?.let { ZonedDateTime.parse(it.value, DateTimeFormatter.RFC_1123_DATE_TIME).toEpochSecond() }
    } catch (_: DateTimeException) {
        null
    }

    private companion object {
        const val FAILURES = 5
    }
}
