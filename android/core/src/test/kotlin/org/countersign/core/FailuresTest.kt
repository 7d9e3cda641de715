package org.countersign.core

import kotlin.test.Test
import kotlin.test.fail

/** Every way in which a call to a server ends badly has its reason. */
class FailuresTest : AtThePracticeSite() {
    @Test
    fun `every failure of network and keys ends with a reason`() {
        setUp()
        for ((event, reason) in listOf(
            Event.NoReply(NetworkFailure.OFFLINE) to Reason.NO_NETWORK,
            Event.NoReply(NetworkFailure.NAME_UNKNOWN) to Reason.SERVER_NOT_FOUND,
            Event.NoReply(NetworkFailure.NOT_CONNECTED) to Reason.SERVER_UNREACHABLE,
            Event.NoReply(NetworkFailure.TLS_FAILED) to Reason.TLS_FAILED,
            Event.NoReply(NetworkFailure.TIMED_OUT) to Reason.SERVER_SILENT,
            Event.NoReply(NetworkFailure.CUT) to Reason.CONNECTION_LOST,
            Event.NoReply(NetworkFailure.INTERRUPTED) to Reason.CONNECTION_LOST,
            Event.NoReply(NetworkFailure.TOO_LARGE) to Reason.REPLY_TOO_LARGE,
            reply(200u, byteArrayOf(-1)) to Reason.REPLY_UNREADABLE,
            reply(200u, "[".repeat(10_000).toByteArray()) to Reason.REPLY_UNREADABLE,
            reply(302u) to Reason.REDIRECT_REFUSED,
            reply(503u) to Reason.SERVER_BUSY,
            reply(500u) to Reason.SERVER_FAILED,
            reply(70_000u) to Reason.REPLY_UNREADABLE,
        )) assertEnd(reason, endOfCheck<Step.Send>(event))
        for ((event, reason) in listOf(
            Event.KeyRefused(KeyFailure.GONE) to Reason.DEVICE_KEY_GONE,
            Event.KeyRefused(KeyFailure.LOCKED) to Reason.DEVICE_KEY_LOCKED,
            Event.KeyRefused(KeyFailure.CANCELLED) to Reason.DEVICE_KEY_NOT_ALLOWED,
            Event.KeyRefused(KeyFailure.FAILED) to Reason.DEVICE_KEY_FAILED,
            Event.Signed("not a signature".toByteArray()) to Reason.DEVICE_KEY_UNUSABLE,
        )) assertEnd(reason, endOfCheck<Step.Sign>(event))
    }

    private fun reply(status: UInt, body: ByteArray = ByteArray(0)) = Event.Reply(HttpReply(status, emptyList(), body))

    /** The end of a look in which each step of the kind [T] comes to [event]. */
    private inline fun <reified T : Step> endOfCheck(event: Event): Outcome {
        val run = core.begin(Job.Check(account), now())
        var turn = core.current(run, now())
        repeat(50) {
            val step = turn.step
            turn = when (step) {
                is Step.Done -> return step.outcome
                is T -> core.next(run, turn.number, event, now())
                is Step.Wait -> core.next(run, turn.number, Event.Woke, now())
                else -> host.step(run, turn)
            }
        }
        fail("a look without an end")
    }
}
