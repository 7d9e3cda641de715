"""A whole set-up, sign-ins and all else that is done with a server, by the host loop against the practice site."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import countersign_ffi as library
from countersign_ffi import (
    AnswerKind, AnswerResult, ApprovalAbilities, CheckKind, ClientAnswer, DeclineReason, Event, HostFacts, HttpReply,
    Job, KeyAlgorithm, KeyFailure, KeyProtection, NetworkFailure, Outcome, PushAddress, Reason, Step,
)
from host import Host, enrol, send
from practice import Browser, Site
from support import SECRET, VaultTest, now


class SignInTest(VaultTest):
    """Each test has a site of its own and is signed in there up to the set-up."""

    OPTIONS = ()

    def setUp(self):
        super().setUp()
        self.site = Site(*self.OPTIONS)
        self.addCleanup(self.site.stop)
        self.browser = Browser(self.site.base).sign_in("alice")
        self.link = self.browser.set_up()
        self.host = Host(self.core)

    def set_up(self):
        """Sets up the account; the page shows the first number."""
        outcome, run = self.host.run(enrol(library.recognise(self.link.encode())))
        self.assertIsInstance(outcome, Outcome.ENROLLED)
        self.account = self.core.finished(run).added
        self.browser.get("/setup/scan").post("/setup/next")
        return outcome

    def check(self):
        outcome, _ = self.host.run(Job.CHECK(self.account))
        self.assertIsInstance(outcome, Outcome.CHECKED)
        return outcome.requests

    def approve(self, *typed):
        self.host.typed = [text.encode() for text in typed]
        (request,) = self.check()
        outcome, _ = self.host.run(Job.APPROVE(self.account, request.id))
        return outcome

    def decline(self, reason):
        (request,) = self.check()
        outcome, _ = self.host.run(Job.DECLINE(self.account, request.id, reason))
        return outcome

    def to_step(self, run, kind):
        """Carries out a run up to a step of this kind."""
        turn = self.core.current(run, now())
        while not isinstance(turn.step, kind):
            turn = self.host.step(run, turn)
        return turn


class NumberTest(SignInTest):
    def test_a_set_up_and_a_sign_in_by_number(self):
        outcome = self.set_up()
        trust = self.host.asked[0]
        self.assertEqual(trust.origin.text, self.site.base + "/realms/practice")
        self.assertEqual((trust.origin.host, trust.origin.plain_http), ("127.0.0.1", True))
        self.assertEqual(trust.system, "Keycloak (Push MFA)")
        summary = self.core.summary(self.account, now())
        self.assertEqual((summary.name, summary.approvals), (outcome.account, True))
        approvals = self.core.details(self.account, now()).approvals
        self.assertEqual(approvals.origin.text, trust.origin.text)
        self.assertEqual(approvals.can, ApprovalAbilities(look=True, rotate_key=True, lock_out=True, unified_push=True))
        self.assertIsInstance(approvals.key.algorithm, KeyAlgorithm.ES256)
        self.assertIn(approvals.key.id, self.host.keys)

        (request,) = self.check()
        self.assertIsInstance(request.answer, AnswerKind.NUMBER)
        self.assertGreater(request.expires_at, now().wall)
        (seen,) = self.core.last_seen(now())
        self.assertEqual((seen.account, seen.request), (self.account, request))
        self.assertIn(self.core.clock_offset(now()), range(-2, 3))

        outcome = self.approve(self.browser.number())
        self.assertEqual(outcome.answered.result, AnswerResult.APPROVED)
        self.assertEqual(self.browser.get("/setup/try").title(), "Authenticator added")
        question, presence = self.host.asked[-2:]
        self.assertEqual((question.tries_left, question.missed), (2, False))
        self.assertTrue(presence.is_PRESENCE())
        self.assertEqual(self.check(), [])

    def test_a_backup_says_that_it_needs_a_new_set_up(self):
        self.set_up()
        self.core.set_backup_password(b"password", now())
        backup = self.core.backup(now())
        unlocking = library.open_import(backup.bytes()).file.unlock(b"password", 0)
        while not (progress := unlocking.step()).is_DONE():
            pass
        (here,) = self.core.preview_import(progress.batch, now())
        self.assertIsNone(here.needs_set_up)
        other = library.create_with_platform(str(self.folder / "other.db"), self.KEY, now()).authenticator
        (left,) = other.preview_import(progress.batch, now())
        origin = f"{self.site.base}/realms/practice"
        self.assertEqual((left.needs_set_up.system, left.needs_set_up.origin), ("keycloak_push", origin))

    def test_a_wrong_number_may_be_corrected_once(self):
        self.set_up()
        wrong = "100"
        outcome = self.approve(wrong, self.browser.number())
        self.assertEqual(outcome.answered.result, AnswerResult.APPROVED)
        self.assertEqual([q.missed for q in self.host.asked if q.is_ANSWER()], [False, True])

    def test_two_wrong_numbers_end_the_request(self):
        self.set_up()
        wrong = ["100", "101"]
        outcome = self.approve(*wrong[:2])
        self.assertEqual(outcome.answered.result, AnswerResult.WRONG_ANSWER)
        self.assertNotEqual(self.browser.get("/setup/try").title(), "Authenticator added")

    def test_not_me(self):
        self.set_up()
        outcome = self.decline(DeclineReason.NOT_ME)
        self.assertEqual(outcome.answered.result, AnswerResult.DECLINED)
        again, _ = self.host.run(Job.APPROVE(self.account, outcome.answered.request))
        self.assertEqual(again.reason, Reason.REQUEST_ENDED)
        (past,) = self.core.history(now())
        self.assertEqual((past.request, past.account, past.name), (outcome.answered.request, self.account, "alice"))
        self.assertEqual((past.standing.result, past.decline), (AnswerResult.DECLINED, DeclineReason.NOT_ME))
        self.assertEqual(past.entra_reason, "user declined the authentication")
        self.assertTrue(past.application and past.answered_at >= past.seen_at)
        self.assertEqual(self.core.clear_history(now()), 1)

    def test_a_lock_out_stands_in_the_history(self):
        self.set_up()
        (waiting,) = self.check()
        outcome, _ = self.host.run(Job.LOCK_OUT(self.account))
        self.assertTrue(outcome.is_LOCKED_OUT())
        locked, ended = self.core.history(now())
        self.assertTrue(locked.standing.is_LOCKED_OUT())
        self.assertEqual((locked.request, locked.account, locked.entra_reason), ("", self.account, None))
        self.assertEqual((ended.request, ended.standing.is_UNANSWERED()), (waiting.id, True))

    def test_not_there_at_the_end(self):
        self.set_up()
        self.host.presence = False
        outcome = self.approve(self.browser.number())
        self.assertEqual(outcome.reason, Reason.PRESENCE_REFUSED)
        self.assertEqual(len(self.check()), 1)

    def test_no_trust_no_byte(self):
        self.host.trust = False
        outcome, run = self.host.run(enrol(library.recognise(self.link.encode())))
        self.assertEqual((outcome.reason, self.host.keys), (Reason.TRUST_REFUSED, {}))
        self.assertIsNone(self.core.finished(run).added)

    def test_all_else_that_is_done_with_a_server(self):
        self.set_up()
        old_key = self.core.details(self.account, now()).approvals.key.id
        outcome, run = self.host.run(Job.ROTATE_KEY(self.account))
        self.assertIsInstance(outcome, Outcome.ROTATED)
        self.assertEqual(self.core.finished(run).unused_keys, [old_key])
        self.assertNotEqual(self.core.details(self.account, now()).approvals.key.id, old_key)
        addresses = PushAddress.FCM("token"), PushAddress.UNIFIED_PUSH("https://push.example/x"), PushAddress.NO_PUSH()
        for address in addresses:
            outcome, _ = self.host.run(Job.SET_PUSH_ADDRESS(self.account, address))
            self.assertIsInstance(outcome, Outcome.PUSH_ADDRESS_SET)
        outcome, _ = self.host.run(Job.LOCK_OUT(self.account))
        self.assertIsInstance(outcome, Outcome.LOCKED_OUT)
        self.assertTrue(self.host.asked[-1].is_LOCK_OUT())

    def test_why_a_request_may_be_missing(self):
        self.set_up()
        host = HostFacts(online=True, notifications=True, background=False)
        checks = self.self_test(host)
        self.assertEqual(set(checks), set(CheckKind) - {CheckKind.OTHER_PHONE})
        waiting, background = checks.pop(CheckKind.REQUESTS), checks.pop(CheckKind.BACKGROUND)
        self.assertEqual((waiting.works, waiting.reason, waiting.figure), (True, None, 1))
        self.assertEqual((background.works, background.reason), (False, Reason.BACKGROUND_LIMITED))
        self.assertIn(checks[CheckKind.CLOCK].figure, range(-2, 3))
        self.assertEqual({(check.works, check.reason) for check in checks.values()}, {(True, None)})

        self.decline(None)
        checks = self.self_test(HostFacts(notifications=False))
        waiting, other = checks[CheckKind.REQUESTS], checks[CheckKind.OTHER_PHONE]
        self.assertEqual((waiting.works, waiting.reason, waiting.figure), (True, Reason.NOTHING_WAITS, 0))
        self.assertEqual((other.works, other.reason), (None, Reason.MAYBE_ON_OTHER_PHONE))
        self.assertEqual(checks[CheckKind.NOTIFICATIONS].reason, Reason.NOTIFICATIONS_OFF)
        self.assertNotIn(CheckKind.BACKGROUND, checks)

        self.host.keys.clear()
        (key,) = self.self_test(HostFacts()).values()
        self.assertEqual((key.kind, key.works, key.reason), (CheckKind.KEY, False, Reason.DEVICE_KEY_GONE))

    def self_test(self, host):
        """The checks by their kind."""
        outcome, _ = self.host.run(Job.SELF_TEST(self.account, host))
        self.assertIsInstance(outcome, Outcome.TESTED)
        return {check.kind: check for check in outcome.checks}

    def test_the_clock_of_the_server_and_the_codes_of_its_names(self):
        """The app is told a time of day that is wrong: the server is ahead of it, and its codes are."""
        self.host.wall_ahead = -95
        self.set_up()
        issuer = self.core.summary(self.account, now()).issuer
        text = f"otpauth://totp/alice?secret={SECRET}&issuer={issuer}"
        codes = self.core.add(library.recognise(text.encode()), now()).id
        (clock,) = self.core.clocks(now())
        self.assertEqual((clock.account, clock.codes, clock.used_for_codes), (self.account, [codes], False))
        self.assertEqual(clock.origin, f"{self.site.base}/realms/practice")
        self.assertIn(clock.offset, range(93, 98))
        self.assertIn(now().wall - clock.measured_at, range(93, 120))
        self.assertEqual(self.core.clock_offset(now()), clock.offset)

        wrong = now(wall=2_000_000_000)
        (device,) = self.core.codes([codes], wrong)
        (at_server,) = self.core.codes([codes], now(wall=wrong.wall + clock.offset))
        self.core.use_for_codes(self.account, True, wrong)
        (used,) = self.core.codes([codes], wrong)
        self.assertEqual((used.current, used.next), (at_server.current, at_server.next))
        self.assertEqual(used.valid_until, at_server.valid_until - clock.offset)
        self.assertNotEqual(used.current, device.current)
        self.assertTrue(self.core.clocks(wrong)[0].used_for_codes)
        self.core.use_for_codes(self.account, False, wrong)
        self.assertEqual(self.core.codes([codes], wrong), [device])
        self.refused(Reason.NO_APPROVALS, self.core.use_for_codes, codes, True, wrong)

    def test_a_look_in_the_background(self):
        self.set_up()
        background = library.Background.open(self.path, self.core.watch_key(now()))
        self.assertEqual(background.accounts(), [self.account])
        self.assertIsNone(background.label(self.account))
        self.core.set_label(self.account, "Work", now())
        self.assertEqual(background.label(self.account), "Work")
        self.refused(Reason.NO_SUCH_RUN, background.next, 1, Event.WOKE(), now())
        self.refused(Reason.NO_APPROVALS, background.begin, "nobody", now())
        turn = background.begin(self.account, now())
        while not isinstance(turn.step, Step.DONE):
            if isinstance(turn.step, Step.SIGN):
                event = Event.SIGNED(self.host.keys[turn.step.request.key_id].sign(turn.step.request.bytes))
            else:
                event = send(turn.step.request)
            turn = background.next(turn.number, event, now())
        (request,) = turn.step.outcome.requests
        self.assertEqual(background.last_seen(self.account), [request])
        (seen,) = self.core.last_seen(now())
        self.assertEqual(seen.request.id, request.id)
        self.core.remove(self.account, now())
        self.assertEqual(background.accounts(), [])
        self.assertEqual(self.core.purge(self.account, now()), list(self.host.keys))

    def test_events_out_of_order(self):
        self.set_up()
        self.host.typed = [self.browser.number().encode()]
        (request,) = self.check()
        run = self.core.begin(Job.APPROVE(self.account, request.id), now())
        first = self.core.current(run, now())
        wrong = library.CountersignError.WrongEvent
        with self.assertRaises(wrong):
            self.core.next(run, first.number, Event.CONFIRMED(True), now())
        with self.assertRaises(wrong):
            self.core.next(run, first.number + 1, Event.WOKE(), now())
        with self.assertRaises(wrong):
            self.core.answer_typed(run, first.number, b"42", now())
        with self.assertRaises(wrong):
            self.core.answer_client(run, ClientAnswer(turn=first.number, id="x"), b"y", now())
        with self.assertRaises(wrong):
            self.core.next(run, first.number, Event.SIGNED(b"x" * 5000), now())
        self.assertEqual(self.core.current(run, now()), first)

        asking = self.to_step(run, Step.ASK)
        with self.assertRaises(wrong):
            self.core.answer_typed(run, asking.number, b"4" * 2000, now())
        late = self.core.next(run, first.number, Event.WOKE(), now())
        self.assertEqual(late, asking)
        outcome = self.host.finish(run, asking)
        self.assertEqual(outcome.answered.result, AnswerResult.APPROVED)
        self.assertEqual(self.core.next(run, 1, Event.WOKE(), now()).step.outcome, outcome)

    def test_a_killed_app_goes_on(self):
        job = enrol(library.recognise(self.link.encode()))
        run = self.core.begin(job, now())
        self.to_step(run, Step.CREATE_KEY)
        # Another process opens the vault, after the time in which this one counts as alive.
        self.host = Host(self.reopened(), ahead_ms=121_000)
        self.core, later = self.host.core, self.host.now()
        self.assertEqual([run_.run for run_ in self.core.unfinished(later)], [run])
        outcome = self.host.finish(run, self.core.resume(run, later))
        self.assertIsInstance(outcome, Outcome.ENROLLED)
        self.assertEqual(self.core.unfinished(self.host.now()), [])

    def test_a_run_that_is_left(self):
        run = self.core.begin(enrol(library.recognise(self.link.encode())), now())
        self.core.abandon(run, now())
        self.refused(Reason.NO_SUCH_RUN, self.core.current, run, now())
        self.refused(Reason.NO_SUCH_RUN, self.core.next, run, 1, Event.WOKE(), now())
        self.refused(Reason.NO_SUCH_RUN, self.core.resume, run, now())
        self.assertIsNone(self.core.finished(run))

    def test_what_is_asked_of_the_key_store(self):
        run = self.core.begin(enrol(library.recognise(self.link.encode())), now())
        request = self.to_step(run, Step.CREATE_KEY).step.request
        self.assertEqual(request.protection, KeyProtection.BACKGROUND)
        self.assertIsInstance(request.algorithm, KeyAlgorithm.ES256)
        turn = self.to_step(run, Step.SIGN)
        self.assertEqual(turn.step.request.key_id, request.key_id)
        self.assertIn(turn.step.request.why, set(library.Why))

    def test_every_failure_of_network_and_keys_ends_with_a_reason(self):
        self.set_up()
        def reply(status, body):
            return Event.REPLY(HttpReply(status=status, headers=[], body=body))

        sent, asked = Step.SEND, Step.SIGN
        for kind, event, reason in (
            (sent, Event.NO_REPLY(NetworkFailure.OFFLINE), Reason.NO_NETWORK),
            (sent, Event.NO_REPLY(NetworkFailure.NAME_UNKNOWN), Reason.SERVER_NOT_FOUND),
            (sent, Event.NO_REPLY(NetworkFailure.NOT_CONNECTED), Reason.SERVER_UNREACHABLE),
            (sent, Event.NO_REPLY(NetworkFailure.TLS_FAILED), Reason.TLS_FAILED),
            (sent, Event.NO_REPLY(NetworkFailure.TIMED_OUT), Reason.SERVER_SILENT),
            (sent, Event.NO_REPLY(NetworkFailure.CUT), Reason.CONNECTION_LOST),
            (sent, Event.NO_REPLY(NetworkFailure.INTERRUPTED), Reason.CONNECTION_LOST),
            (sent, Event.NO_REPLY(NetworkFailure.TOO_LARGE), Reason.REPLY_TOO_LARGE),
            (sent, reply(200, b"\xff{"), Reason.REPLY_UNREADABLE),
            (sent, reply(200, b"[" * 10_000), Reason.REPLY_UNREADABLE),
            (sent, reply(302, b""), Reason.REDIRECT_REFUSED),
            (sent, reply(503, b""), Reason.SERVER_BUSY),
            (sent, reply(500, b""), Reason.SERVER_FAILED),
            (sent, reply(70_000, b""), Reason.REPLY_UNREADABLE),
            (asked, Event.KEY_REFUSED(KeyFailure.GONE), Reason.DEVICE_KEY_GONE),
            (asked, Event.KEY_REFUSED(KeyFailure.LOCKED), Reason.DEVICE_KEY_LOCKED),
            (asked, Event.KEY_REFUSED(KeyFailure.CANCELLED), Reason.DEVICE_KEY_NOT_ALLOWED),
            (asked, Event.KEY_REFUSED(KeyFailure.FAILED), Reason.DEVICE_KEY_FAILED),
            (asked, Event.SIGNED(b"not a signature"), Reason.DEVICE_KEY_UNUSABLE),
        ):
            with self.subTest(event=event):
                self.assertEqual(self.end_of_check(kind, event).reason, reason)

    def end_of_check(self, kind, event):
        """The end of a look in which each step of this kind comes to `event`."""
        run = self.core.begin(Job.CHECK(self.account), now())
        turn = self.core.current(run, now())
        for _ in range(50):
            if isinstance(turn.step, Step.DONE):
                return turn.step.outcome
            if isinstance(turn.step, kind):
                turn = self.core.next(run, turn.number, event, now())
            elif isinstance(turn.step, Step.WAIT):
                turn = self.core.next(run, turn.number, Event.WOKE(), now())
            else:
                turn = self.host.step(run, turn)
        self.fail("a look without an end")


class PinTest(SignInTest):
    OPTIONS = ("--verification", "pin", "--token-in-code")

    def test_a_sign_in_by_pin(self):
        self.set_up()
        (request,) = self.check()
        self.assertIsInstance(request.answer, AnswerKind.PIN)
        outcome = self.approve(self.browser.number())
        self.assertEqual(outcome.answered.result, AnswerResult.APPROVED)


class ConfirmationTest(SignInTest):
    OPTIONS = ("--verification", "none")

    def test_a_sign_in_by_yes(self):
        self.set_up()
        (request,) = self.check()
        self.assertIsInstance(request.answer, AnswerKind.CONFIRMATION)
        outcome = self.approve()
        self.assertEqual(outcome.answered.result, AnswerResult.APPROVED)

    def test_client_credentials_are_asked_for(self):
        link = urlsplit(self.link)
        parameters = dict(parse_qsl(link.query))
        self.host.client = parameters.pop("client_id"), parameters.pop("client_secret").encode()
        bare = link._replace(query=urlencode(parameters)).geturl()
        outcome, _ = self.host.run(enrol(library.recognise(bare.encode())))
        self.assertIsInstance(outcome, Outcome.ENROLLED)
        self.assertTrue(any(question.is_CLIENT() for question in self.host.asked))
