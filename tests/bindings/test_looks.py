"""When accounts are looked at, and requests that come one after the other, against the practice site."""

import countersign_ffi as library
from countersign_ffi import Event, Job, NetworkFailure, Reason, Step
from support import now
from test_sign_in import SignInTest


class ScheduleTest(SignInTest):
    def looks(self, ahead_ms=0):
        self.host.ahead_ms = ahead_ms
        return self.core.next_looks(self.host.now())

    def test_a_host_begins_what_is_due_and_waits(self):
        self.assertEqual(self.looks().due, [])
        self.assertEqual(self.looks().wait_ms, 60_000)
        self.set_up()
        self.assertEqual(self.looks().due, [self.account])
        run = self.core.begin(Job.CHECK(self.account), self.host.now())
        self.assertEqual(self.looks().due, [])
        self.host.finish(run, self.core.current(run, self.host.now()))
        looks = self.looks()
        self.assertEqual(looks.due, [])
        self.assertIn(looks.wait_ms, range(10_000, 18_001))
        self.assertEqual(self.looks(ahead_ms=18_000).due, [self.account])

    def test_expecting_looks_every_two_seconds_until_a_request_comes(self):
        self.set_up()
        self.check()
        self.assertIsNone(self.core.expecting_ms(now()))
        clocks = now()
        self.core.expect_sign_in(clocks)
        self.assertEqual(self.core.expecting_ms(clocks), 120_000)
        self.assertLessEqual(self.looks().wait_ms, 2_400)
        self.core.stop_expecting(clocks)
        self.assertIsNone(self.core.expecting_ms(clocks))
        self.core.look_now()
        self.assertEqual(self.looks().due, [self.account])

    def test_a_dead_server_is_asked_less_and_less(self):
        self.set_up()
        for pause in 30_000, 60_000:
            self.look_in_vain()
            ended = self.host.ahead_ms
            self.assertEqual(self.looks(ended + pause - 1_000).due, [])
            self.assertEqual(self.looks(ended + pause * 6 // 5).due, [self.account])

    def look_in_vain(self):
        run = self.core.begin(Job.CHECK(self.account), self.host.now())
        turn = self.core.current(run, self.host.now())
        while not isinstance(turn.step, Step.DONE):
            if isinstance(turn.step, Step.SEND):
                turn = self.core.next(run, turn.number, Event.NO_REPLY(NetworkFailure.NOT_CONNECTED), self.host.now())
            elif isinstance(turn.step, Step.WAIT):
                turn = self.core.next(run, turn.number, Event.WOKE(), self.host.now())
            else:
                turn = self.host.step(run, turn)
        self.assertEqual(turn.step.outcome.reason, Reason.SERVER_UNREACHABLE)


class QuietTest(SignInTest):
    def test_an_account_is_quiet_for_an_hour(self):
        self.set_up()
        background = library.Background.open(self.path, self.core.watch_key(now()))
        self.assertEqual(background.due(now()), [self.account])
        self.assertEqual((self.core.floods(now()), background.is_quiet(self.account, now())), ([], False))
        clocks = now()
        self.core.be_quiet(self.account, clocks)
        (flood,) = self.core.floods(clocks)
        self.assertEqual((flood.account, flood.requests, flood.minutes), (self.account, 0, 10))
        self.assertEqual(flood.quiet_until, clocks.wall + 3600)
        self.assertTrue(background.is_quiet(self.account, clocks))
        self.assertEqual(len(self.check()), 1)
        self.core.end_quiet(self.account, now())
        self.assertEqual((self.core.floods(now()), background.is_quiet(self.account, now())), ([], False))
        self.refused(Reason.NO_APPROVALS, self.core.be_quiet, self.add(), now())
