package org.countersign.core

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach

/** Sign-ins whose code is scanned, by the host loop against a small tiqr server. */
class ScannedSignInTest : NewVaultTest() {
    private lateinit var server: TiqrServer
    private lateinit var host: Host
    private lateinit var account: String
    private lateinit var scanned: Scanned

    @BeforeEach
    fun start() {
        server = TiqrServer()
        host = Host(core)
        scanned = recognise(direct(server.signIn))
        val (outcome, run) = host.run(enrol(recognise(direct(server.setUp))))
        account = checkNotNull(core.finished(run)?.added) { "$outcome" }
    }

    @AfterEach
    fun stop() = server.close()

    @Test
    fun `approved with a secret that is no device key`() {
        val approvals = checkNotNull(core.details(account, now()).approvals)
        val nothing = ApprovalAbilities(look = false, rotateKey = false, lockOut = false, unifiedPush = false)
        assertEquals("tiqr" to nothing, approvals.system to approvals.can)
        assertNull(approvals.key)
        assertTrue(host.keys.isEmpty())
        val seen = core.scannedRequests(scanned, now()).single()
        assertEquals(account, seen.account)
        assertIs<AnswerKind.Confirmation>(seen.request.answer)
        val outcome = host.run(Job.ApproveScanned(account, scanned)).first
        assertEquals(AnswerResult.APPROVED, assertIs<Outcome.Answered>(outcome).answered.result)
        assertIs<Question.Presence>(host.asked.last())
    }

    @Test
    fun `declined here alone, and for good`() {
        val decline = Job.DeclineScanned(account, scanned, DeclineReason.NOT_ME)
        val declined = assertIs<Outcome.Answered>(host.run(decline).first).answered
        assertEquals(AnswerResult.DECLINED to Reason.NO_DECLINE, declined.result to declined.reason)
        assertEnd(Reason.REQUEST_ENDED, Job.ApproveScanned(account, scanned))
        assertEquals(DeclineReason.NOT_ME, core.history(now()).single().decline)
    }

    @Test
    fun `nothing to look for, and nobody else's to answer`() {
        assertEnd(Reason.SCAN_TO_ANSWER, Job.Check(account))
        val stranger = recognise(direct("tiqrauth://bob@tiqr.example/0a/0b"))
        val refused = assertFailsWith<CountersignException.Refused> { core.scannedRequests(stranger, now()) }
        assertEquals(Reason.SIGN_IN_ACCOUNT_UNKNOWN, refused.reason)
    }

    private fun assertEnd(reason: Reason, job: Job) =
        assertEquals(reason, assertIs<Outcome.Refused>(host.run(job).first).reason)
}
