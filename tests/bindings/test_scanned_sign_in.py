"""A sign-in whose code is scanned, against a small tiqr server."""

import countersign_ffi as library
import tiqr
from countersign_ffi import AnswerKind, AnswerResult, Job, Outcome, Reason
from host import Host, enrol
from support import VaultTest, now


class ScannedSignInTest(VaultTest):
    def setUp(self):
        super().setUp()
        self.server = tiqr.Server()
        self.addCleanup(self.server.stop)
        self.host = Host(self.core)
        outcome, run = self.host.run(enrol(library.recognise(self.server.set_up_code())))
        self.assertIsInstance(outcome, Outcome.ENROLLED)
        self.account = self.core.finished(run).added
        self.scanned = library.recognise(tiqr.SIGN_IN)

    def test_a_set_up_has_no_device_key(self):
        self.assertEqual(self.host.asked[0].system, "tiqr")
        approvals = self.core.details(self.account, now()).approvals
        self.assertEqual((approvals.system, approvals.key, self.host.keys), ("tiqr", None, {}))
        self.assertFalse(approvals.can.look)
        self.assertEqual(len(self.server.secret), 32)

    def test_approved(self):
        about = self.scanned.describe()
        self.assertEqual((about.kind, about.issuer, about.account), ("tiqr_sign_in", "tiqr.example", "alice"))
        (seen,) = self.core.scanned_requests(self.scanned, now())
        self.assertEqual((seen.account, seen.request.id), (self.account, tiqr.SESSION))
        self.assertEqual((seen.request.application, seen.request.account), ("Example tiqr", "Alice"))
        self.assertIsInstance(seen.request.answer, AnswerKind.CONFIRMATION)
        outcome, _ = self.host.run(Job.APPROVE_SCANNED(self.account, self.scanned))
        self.assertEqual(outcome.answered.result, AnswerResult.APPROVED)
        self.assertEqual(self.server.answers, [tiqr.ocra(self.server.secret)])

    def test_another_secret_at_the_server(self):
        self.server.secret = bytes(32)
        outcome, _ = self.host.run(Job.APPROVE_SCANNED(self.account, self.scanned))
        answered = outcome.answered
        self.assertEqual((answered.result, answered.reason), (AnswerResult.WRONG_ANSWER, Reason.RESPONSE_REFUSED))
        self.assertEqual((answered.before_block, answered.tries_left), (2, None))

    def test_declined_without_telling_anybody(self):
        outcome, _ = self.host.run(Job.DECLINE_SCANNED(self.account, self.scanned))
        answered = outcome.answered
        self.assertEqual((answered.result, answered.reason), (AnswerResult.DECLINED, Reason.NO_DECLINE))
        (past,) = self.core.history(now())
        self.assertEqual((past.application, past.standing.result), ("Example tiqr", AnswerResult.DECLINED))
        outcome, _ = self.host.run(Job.APPROVE_SCANNED(self.account, self.scanned))
        self.assertEqual((outcome.reason, self.server.answers), (Reason.REQUEST_ENDED, []))

    def test_nothing_to_look_for(self):
        outcome, _ = self.host.run(Job.CHECK(self.account))
        self.assertEqual(outcome.reason, Reason.SCAN_TO_ANSWER)

    def test_a_sign_in_of_nobody_here(self):
        stranger = library.recognise(b"tiqrauth://bob@tiqr.example/0a/0b")
        with self.assertRaises(library.CountersignError.Refused) as refused:
            self.core.scanned_requests(stranger, now())
        self.assertEqual(refused.exception.reason, Reason.SIGN_IN_ACCOUNT_UNKNOWN)
