package org.countersign.core

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach

/** A whole set-up, sign-ins and all else that is done with a server, by the host loop against the practice site. */
abstract class AtThePracticeSite(private vararg val options: String) : NewVaultTest() {
    lateinit var site: PracticeSite
    lateinit var browser: Browser
    lateinit var link: String
    lateinit var host: Host
    lateinit var account: String

    @BeforeEach
    fun start() {
        site = PracticeSite(*options)
        browser = Browser(site.base).signIn("alice")
        link = browser.setUp()
        host = Host(core)
    }

    @AfterEach
    fun stop() = site.close()

    /** Sets up the account; the page shows the first number. */
    fun setUp(): Outcome.Enrolled {
        val (outcome, run) = host.run(enrol(recognise(direct(link))))
        account = checkNotNull(core.finished(run)?.added) { "$outcome" }
        browser.tryOut()
        return assertIs(outcome)
    }

    fun check(): List<Request> = assertIs<Outcome.Checked>(host.run(Job.Check(account)).first).requests

    fun approve(vararg typed: String): Outcome {
        host.typed = typed.toList()
        return host.run(Job.Approve(account, check().single().id)).first
    }

    fun assertAnswered(result: AnswerResult, outcome: Outcome) =
        assertEquals(result, assertIs<Outcome.Answered>(outcome).answered.result)

    fun assertEnd(reason: Reason, outcome: Outcome) = assertEquals(reason, assertIs<Outcome.Refused>(outcome).reason)

    /** Numbers that no page shows and no server offers: they have two digits. */
    val wrongNumbers = listOf("100", "101")
}

class NumberTest : AtThePracticeSite() {
    @Test
    fun `a set-up and a sign-in by number`() {
        val outcome = setUp()
        val trust = assertIs<Question.Trust>(host.asked.first())
        assertEquals(Origin("${site.base}/realms/practice", "127.0.0.1", trust.origin.port, true), trust.origin)
        assertEquals("Keycloak (Push MFA)", trust.system)
        val summary = core.summary(account, now())
        assertEquals(outcome.account to true, summary.name to summary.approvals)
        val approvals = checkNotNull(core.details(account, now()).approvals)
        assertEquals(trust.origin to trust.system, approvals.run { origin to system })
        assertEquals(ApprovalAbilities(look = true, rotateKey = true, lockOut = true, unifiedPush = true), approvals.can)
        val key = checkNotNull(approvals.key)
        assertIs<KeyAlgorithm.Es256>(key.algorithm)
        assertTrue(key.id in host.keys)

        val request = check().single()
        assertIs<AnswerKind.Number>(request.answer)
        assertTrue(request.expiresAt > now().wall)
        assertEquals(listOf(SeenRequest(account, request)), core.lastSeen(now()))
        assertTrue(core.clockOffset(now()) in -2L..2L)

        assertAnswered(AnswerResult.APPROVED, approve(browser.number()))
        assertEquals("Authenticator added", browser.get("/setup/try").title())
        val (question, presence) = host.asked.takeLast(2)
        assertEquals(2u to false, assertIs<Question.Answer>(question).let { it.triesLeft to it.missed })
        assertIs<Question.Presence>(presence)
        assertEquals(emptyList(), check())
    }

    @Test
    fun `a wrong number may be corrected once`() {
        setUp()
        assertAnswered(AnswerResult.APPROVED, approve(wrongNumbers.first(), browser.number()))
        assertEquals(listOf(false, true), host.asked.filterIsInstance<Question.Answer>().map { it.missed })
    }

    @Test
    fun `two wrong numbers end the request`() {
        setUp()
        assertAnswered(AnswerResult.WRONG_ANSWER, approve(*wrongNumbers.toTypedArray()))
        assertNotEquals("Authenticator added", browser.get("/setup/try").title())
    }

    @Test
    fun `not me`() {
        setUp()
        val request = check().single().id
        assertAnswered(AnswerResult.DECLINED, host.run(Job.Decline(account, request, DeclineReason.NOT_ME)).first)
        assertEnd(Reason.REQUEST_ENDED, host.run(Job.Approve(account, request)).first)
        val past = core.history(now()).single()
        assertEquals(request to DeclineReason.NOT_ME, past.request to past.decline)
        assertEquals(PastStanding.Answered(AnswerResult.DECLINED), past.standing)
        assertTrue(checkNotNull(past.answeredAt) >= past.seenAt)
        assertEquals(1uL, core.clearHistory(now()))
    }

    @Test
    fun `not there at the end`() {
        setUp()
        host.presence = false
        assertEnd(Reason.PRESENCE_REFUSED, approve(browser.number()))
        assertEquals(1, check().size)
    }

    @Test
    fun `no trust, no byte`() {
        host.trust = false
        val (outcome, run) = host.run(enrol(recognise(direct(link))))
        assertEnd(Reason.TRUST_REFUSED, outcome)
        assertTrue(host.keys.isEmpty())
        assertNull(core.finished(run)?.added)
    }

    @Test
    fun `all else that is done with a server`() {
        setUp()
        val oldKey = core.details(account, now()).approvals?.key?.id
        val (outcome, run) = host.run(Job.RotateKey(account))
        assertIs<Outcome.Rotated>(outcome)
        assertEquals(listOfNotNull(oldKey), core.finished(run)?.unusedKeys)
        val push = listOf(
            PushAddress.Fcm("token"), PushAddress.UnifiedPush("https://push.example/x"), PushAddress.NoPush,
        )
        for (address in push) assertIs<Outcome.PushAddressSet>(host.run(Job.SetPushAddress(account, address)).first)
        val facts = HostFacts(online = true, notifications = false, background = true)
        val checks = assertIs<Outcome.Tested>(host.run(Job.SelfTest(account, facts)).first).checks
        val working = listOf(
            CheckKind.KEY, CheckKind.NETWORK, CheckKind.SERVER, CheckKind.CLOCK, CheckKind.CLIENT,
            CheckKind.REGISTRATION, CheckKind.BACKGROUND,
        )
        assertTrue(checks.filter { it.works == true }.map { it.kind }.containsAll(working), "$checks")
        assertEquals(Reason.NOTIFICATIONS_OFF, checks.single { it.kind == CheckKind.NOTIFICATIONS }.reason)
        assertIs<Outcome.LockedOut>(host.run(Job.LockOut(account)).first)
        assertIs<Question.LockOut>(host.asked.last())
    }

    @Test
    fun `a look in the background`() {
        setUp()
        val background = Background.open(path, direct(core.watchKey(now())))
        assertEquals(listOf(account), background.accounts())
        assertEquals(listOf(account), background.due(now()))
        assertNull(background.label(account))
        core.setLabel(account, "Work", now())
        assertEquals("Work", background.label(account))
        assertRefused(Reason.NO_SUCH_RUN) { background.next(1u, Event.Woke, now()) }
        assertRefused(Reason.NO_APPROVALS) { background.begin("nobody", now()) }
        var turn = background.begin(account, now())
        while (true) {
            val event = when (val step = turn.step) {
                is Step.Sign -> host.sign(step.request)
                is Step.Send -> send(step.request)
                else -> break
            }
            turn = background.next(turn.number, event, now())
        }
        val request = assertIs<Outcome.Checked>(assertIs<Step.Done>(turn.step).outcome).requests.single()
        assertEquals(listOf(request), background.lastSeen(account))
        assertEquals(request.id, core.lastSeen(now()).single().request.id)
        core.remove(account, now())
        assertEquals(emptyList(), background.accounts())
        assertEquals(host.keys.keys.toList(), core.purge(account, now()))
        background.close()
    }

    @Test
    fun `events out of order`() {
        setUp()
        host.typed = listOf(browser.number())
        val run = core.begin(Job.Approve(account, check().single().id), now())
        val first = core.current(run, now())
        for (call in listOf<() -> Unit>(
            { core.next(run, first.number, Event.Confirmed(true), now()) },
            { core.next(run, first.number + 1u, Event.Woke, now()) },
            { core.next(run, first.number, Event.Signed(ByteArray(5_000)), now()) },
            { core.answerTyped(run, first.number, direct("42"), now()) },
            { core.answerClient(run, ClientAnswer(first.number, "x"), direct("y"), now()) },
        )) assertFailsWith<CountersignException.WrongEvent> { call() }
        assertEquals(first.number, core.current(run, now()).number)

        val asking = host.to<Step.Ask>(run)
        assertFailsWith<CountersignException.WrongEvent> {
            core.answerTyped(run, asking.number, direct("4".repeat(2_000)), now())
        }
        // A late event changes nothing: the current turn comes back.
        assertEquals(asking, core.next(run, first.number, Event.Woke, now()))
        val outcome = host.finish(run, asking)
        assertAnswered(AnswerResult.APPROVED, outcome)
        assertEquals(Step.Done(outcome), core.next(run, 1u, Event.Woke, now()).step)
    }

    @Test
    fun `a killed app goes on`() {
        val run = core.begin(enrol(recognise(direct(link))), now())
        host.to<Step.CreateKey>(run)
        // Another process opens the vault, after the time in which this one counts as alive.
        reopened().use { other ->
            host = Host(other, aheadMs = 121_000u)
            assertEquals(listOf(Unfinished(run, null)), other.unfinished(host.now()))
            assertIs<Outcome.Enrolled>(host.finish(run, other.resume(run, host.now())))
            assertEquals(emptyList(), other.unfinished(host.now()))
        }
    }

    @Test
    fun `a run that is left`() {
        val run = core.begin(enrol(recognise(direct(link))), now())
        assertEquals(Finished(null, emptyList()), core.abandon(run, now()))
        assertRefused(Reason.NO_SUCH_RUN) { core.current(run, now()) }
        assertRefused(Reason.NO_SUCH_RUN) { core.next(run, 1u, Event.Woke, now()) }
        assertRefused(Reason.NO_SUCH_RUN) { core.resume(run, now()) }
        assertNull(core.finished(run))
    }

    @Test
    fun `what is asked of the key store`() {
        val run = core.begin(enrol(recognise(direct(link))), now())
        val request = assertIs<Step.CreateKey>(host.to<Step.CreateKey>(run).step).request
        assertEquals(KeyProtection.BACKGROUND to KeyAlgorithm.Es256, request.protection to request.algorithm)
        val sign = assertIs<Step.Sign>(host.to<Step.Sign>(run).step).request
        assertEquals(request.keyId to Why.CALL, sign.keyId to sign.why)
    }
}

class PinTest : AtThePracticeSite("--verification", "pin", "--token-in-code") {
    @Test
    fun `a sign-in by PIN`() {
        setUp()
        assertIs<AnswerKind.Pin>(check().single().answer)
        assertAnswered(AnswerResult.APPROVED, approve(browser.number()))
    }
}

class ConfirmationTest : AtThePracticeSite("--verification", "none") {
    @Test
    fun `a sign-in by yes`() {
        setUp()
        assertIs<AnswerKind.Confirmation>(check().single().answer)
        assertAnswered(AnswerResult.APPROVED, approve())
    }

    @Test
    fun `client credentials are asked for`() {
        val (address, query) = link.split('?', limit = 2)
        val parameters = query.split('&').associate { it.substringBefore('=') to it.substringAfter('=') }
        host.client = parameters.getValue("client_id") to parameters.getValue("client_secret")
        link = address + "?" + (parameters - "client_id" - "client_secret").map { "${it.key}=${it.value}" }.joinToString("&")
        setUp()
        assertTrue(host.asked.any { it is Question.Client })
    }
}
