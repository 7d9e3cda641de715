"""What holds for privacyIDEA and for eduMFA, its fork. A module of tests says which, and which kind of token."""

import collections
import os
import pathlib
import random
import tempfile
import time
import unittest
from collections.abc import Callable

import phone
import server
from phone import Phone
from privacyidea import PIN, PrivacyIdea, picture
from proxy import Proxy

# A program that runs another one with another time of day, for programs that ask the C library.
FAKETIME = "faketime"


def start(case: type["Case"], make: type[PrivacyIdea]) -> PrivacyIdea:
    """A server for all tests of a module, with a user `alice`."""
    server.end_on_term()
    temporary = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(temporary.cleanup)
    case.root = pathlib.Path(temporary.name)
    case.site = make(case.root / "server")
    unittest.addModuleCleanup(case.site.close)
    case.site.add_user("alice", case.root)
    return case.site


class Case(unittest.TestCase):
    """A phone of its own for each test."""

    kind: str
    issuer: str
    root: pathlib.Path
    site: PrivacyIdea

    def setUp(self):
        self.folder = self.root / self.id()
        self.phone = Phone(self.folder)

    def scanned(self, link: dict, device: Phone | None = None, *options: str) -> dict:
        """What the phone says after looking at the picture of the set-up page."""
        device = device or self.phone
        return device.do("add", picture(link["img"], device.vault.with_name("code.png")), *options)

    def set_up(self, device: Phone | None = None, port: int | None = None, **more: object) -> tuple[str, str]:
        """A push token that is enrolled: the server's serial and the phone's account."""
        token = self.site.new_token(self.kind, **more)
        added = self.scanned(token["pushurl"], device, "--trust-host", f"127.0.0.1:{port or self.site.port}")
        return token["serial"], added["id"]

    def gateway(self, seed: int) -> Proxy:
        """What phones reach the server through from now on."""
        gateway = Proxy(self.site.port, seed)
        self.addCleanup(gateway.close)
        self.site.reached_at(self.kind, gateway.port)
        self.addCleanup(self.site.reached_at, self.kind, self.site.port)
        return gateway

    def waiting(self, serial: str) -> tuple[dict, str]:
        """A sign-in that waits for the phone: the server's challenge and the phone's request."""
        challenge = self.site.sign_in(serial)
        return challenge, self.phone.only_request()["request"]

    def refused(self, *command: object, exit_code: int = phone.REFUSED) -> dict:
        with self.assertRaises(phone.Refused) as caught:
            self.phone.do(*command)
        self.assertEqual(caught.exception.exit_code, exit_code, caught.exception)
        for field in ("reason", "text", "next"):
            self.assertTrue(caught.exception.answer.get(field), caught.exception)
        return caught.exception.answer

    def assert_signed_in(self, serial: str, challenge: dict) -> None:
        self.assertEqual(self.site.status(challenge), "accept")
        self.assertTrue(self.site.finish(serial, challenge))
        self.assertFalse(self.site.finish(serial, challenge), "one approval signs in once")


class SettingUp:
    def test_from_the_picture_of_the_page(self):
        token = self.site.new_token(self.kind)
        added = self.scanned(token["pushurl"], None, "--trust-host", f"127.0.0.1:{self.site.port}")
        self.assertEqual(
            (added["added"], added["issuer"], added["account"], added["can"]),
            (True, self.issuer, token["serial"], ["approval"]),
        )
        stored = self.site.stored_token(token["serial"])
        self.assertEqual((stored["rollout_state"], stored["active"]), ("enrolled", True))
        self.assertEqual(self.phone.requests(), [])

    def test_nothing_is_sent_before_the_server_is_trusted(self):
        token = self.site.new_token(self.kind)
        image = picture(token["pushurl"]["img"], self.folder / "code.png")
        refusal = self.refused("add", image)
        self.assertEqual(refusal["reason"], "TrustNeeded")
        self.assertTrue(refusal["origin"].startswith(self.site.base), refusal)
        self.refused("add", image, "--trust-host", "login.example")
        self.refused("add", image, "--trust-host", "127.0.0.1:1")
        self.assertEqual(self.site.stored_token(token["serial"])["rollout_state"], "clientwait")
        self.assertEqual(self.phone.do("list")["accounts"], [])

    def test_a_code_that_turns_the_check_of_certificates_off_is_refused(self):
        self.site.policy("no-tls-check", "enrollment", f"{self.kind}_ssl_verify=0")
        self.addCleanup(self.site.without_policy, "no-tls-check")
        token = self.site.new_token(self.kind)
        image = picture(token["pushurl"]["img"], self.folder / "code.png")
        refusal = self.refused("add", image, "--trust-host", f"127.0.0.1:{self.site.port}")
        self.assertEqual(refusal["reason"], "TlsCheckOff")
        self.assertEqual(self.site.stored_token(token["serial"])["rollout_state"], "clientwait")

    def test_a_code_works_once(self):
        token = self.site.new_token(self.kind)
        trust = ("--trust-host", f"127.0.0.1:{self.site.port}")
        self.scanned(token["pushurl"], None, *trust)
        other = Phone(self.folder / "other")
        with self.assertRaises(phone.Refused) as caught:
            self.scanned(token["pushurl"], other, *trust)
        self.assertEqual(caught.exception.exit_code, phone.REFUSED, caught.exception)
        self.assertEqual(other.do("list")["accounts"], [])


class Answering:
    def test_approve(self):
        serial, account = self.set_up()
        challenge = self.site.sign_in(serial)
        request = self.phone.only_request()
        self.assertEqual((request["account"], request["answer"]), (account, "none"))
        self.assertFalse(self.site.finish(serial, challenge), "nobody has approved yet")
        self.assertEqual(self.phone.do("approve", request["request"])["result"], "approved")
        self.assert_signed_in(serial, challenge)
        self.assertEqual(self.phone.requests(), [])

    def test_decline(self):
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        self.assertEqual(self.phone.do("decline", request)["result"], "declined")
        self.assertEqual(self.site.status(challenge), "declined")
        self.assertFalse(self.site.finish(serial, challenge))
        self.refused("approve", request)
        self.assertEqual(self.site.status(challenge), "declined")


class Trouble:
    def test_too_late(self):
        # The second is named after the kind of token.
        for name in ("DefaultChallengeValidityTime", f"{self.kind.capitalize()}ChallengeValidityTime"):
            self.site.admin("POST", "/system/setConfig", {name: 3})
            self.addCleanup(self.site.admin, "DELETE", f"/system/{name}")
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        time.sleep(4)
        self.assertEqual(self.phone.requests(), [])
        self.assertEqual(self.refused("approve", request)["reason"], "RequestNotFound")
        (past,) = self.phone.do("history")["requests"]
        self.assertNotEqual(past["result"], "waiting")
        self.assertFalse(self.site.finish(serial, challenge))
        self.assertNotEqual(self.site.status(challenge), "accept")

    def test_what_the_server_lists_waits(self):
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        # As if it were seen five minutes ago: the phone's clock runs on, and the server's tells it nothing else.
        self.phone.clock = [FAKETIME, "-f", "+300s"]
        (seen,) = self.phone.requests()
        self.assertEqual(seen["request"], request)
        self.assertEqual(self.phone.do("approve", request)["result"], "approved")
        self.assert_signed_in(serial, challenge)

    def test_the_phones_clock_is_wrong(self):
        serial, _ = self.set_up()
        for off in ("+2h", "-2h"):
            with self.subTest(off):
                self.phone.clock = [FAKETIME, "-f", off]
                challenge, request = self.waiting(serial)
                self.assertEqual(self.phone.do("approve", request)["result"], "approved")
                self.assert_signed_in(serial, challenge)

    def test_the_account_is_gone_on_the_server(self):
        serial, account = self.set_up()
        self.site.delete_token(serial)
        failed = self.refused("pending")["failed"]
        self.assertEqual(failed, [{"account": account, "reason": "DeviceNotRegistered"}])

    def test_two_phones_of_one_person(self):
        first, second = self.phone, Phone(self.folder / "second")
        self.set_up(first, user="alice", realm="test")
        serial, _ = self.set_up(second, user="alice", realm="test")
        challenge = self.site.sign_in_user("alice")
        first.do("decline", first.only_request()["request"])
        self.assertEqual(self.site.status(challenge), "declined")
        second.do("approve", second.only_request()["request"])
        self.assert_signed_in(serial, challenge)

    def test_what_one_phone_has_approved_the_other_can_not_undo(self):
        # The servers ask each phone for itself, and one that approves is enough.
        first, second = self.phone, Phone(self.folder / "second")
        self.set_up(first, user="alice", realm="test")
        serial, _ = self.set_up(second, user="alice", realm="test")
        for command, result in (("decline", "declined"), ("approve", "approved")):
            with self.subTest(command):
                challenge = self.site.sign_in_user("alice")
                second.do("approve", second.only_request()["request"])
                self.assertEqual(first.do(command, first.only_request()["request"])["result"], result)
                self.assert_signed_in(serial, challenge)
                self.assertEqual((first.requests(), second.requests()), ([], []))

    def test_the_server_restarts_while_a_request_waits(self):
        serial, account = self.set_up()
        challenge, request = self.waiting(serial)
        self.site.server.stop()
        try:
            failed = self.refused("pending", exit_code=phone.NETWORK)["failed"]
            self.assertEqual([failure["account"] for failure in failed], [account])
            self.refused("approve", request, exit_code=phone.NETWORK)
        finally:
            self.site.server.start()
        self.assertEqual(self.site.status(challenge), "pending")
        self.phone.do("approve", request)
        self.assert_signed_in(serial, challenge)

    def test_the_server_restarts_in_the_middle_of_an_answer(self):
        gateway = self.gateway(seed=0)
        serial, _ = self.set_up(port=gateway.port)

        # Before it has the answer: the phone sends it again.
        challenge, request = self.waiting(serial)
        gateway.before_sending = self.site.restart
        self.assertEqual(self.phone.do("approve", request)["result"], "approved")
        self.assert_signed_in(serial, challenge)

        # After that: it is taken, which the phone can't know.
        challenge, request = self.waiting(serial)
        gateway.before_replying = self.site.restart
        answer = self.refused("approve", request, exit_code=phone.NETWORK)
        self.assertEqual((answer["result"], answer["reason"]), ("unknown", "ResultUnknown"))
        self.assert_signed_in(serial, challenge)
        self.assertEqual(self.phone.requests(), [])


class Adversary:
    """A faulty proxy before the server: whatever it does, only what the person wants is approved, and that once."""

    # What a person does about a sign-in; where no number is shown none can be wrong.
    intents = ("approves", "approves", "declines", "nothing")

    def test_no_answer_but_the_persons_own_whatever_the_network_does(self):
        seed, runs = os.environ.get("SEED"), int(os.environ.get("ADVERSARY_SERVERS") or 10)
        seeds = [int(seed)] if seed else range(runs)
        tally = collections.Counter()
        for number in seeds:
            with self.subTest(seed=number):
                self.life(number, tally)
        print(f"counted: {len(seeds)} runs with an adversary before {self.issuer} ({self.kind}); ends:", flush=True)
        for what, times in sorted(tally.items()):
            print(f"  {times:>6} {what}", flush=True)

    def life(self, seed: int, tally: collections.Counter) -> None:
        """Sets up an account and answers a sign-in, in a bad network and once more in a good one."""
        dice, gateway = random.Random(seed), self.gateway(seed)
        intent = dice.choice(self.intents)
        device = Phone(self.folder / f"{seed}")
        serial, account = self.set_up_at_last(device, gateway, tally)

        challenge, asked = self.site.sign_in(serial), time.monotonic()
        for _ in range(dice.randint(1, 3)):
            gateway.faults = 50
            self.act(device, account, challenge, intent, tally)
        gateway.faults = 0
        gateway.all_arrived()
        if self.site.status(challenge) == "pending" and intent in ("approves", "declines"):
            self.assertLess(time.monotonic() - asked, 90, "too slow to tell whether a request is lost")
            self.assertTrue(self.act(device, account, challenge, intent, tally), "a request is lost")
            tally["sign-in: found while it was valid"] += 1

        status = self.site.status(challenge)
        expected = {"approves": ["accept"], "declines": ["declined"], "mistakes": ["declined", "pending"]}
        self.assertIn(status, expected.get(intent, ["pending"]), intent)
        signs_in = [self.site.finish(serial, challenge) for _ in range(2)]
        self.assertEqual(signs_in, [intent == "approves", False], "one approval signs in once, and nothing else does")
        tally[f"sign-in: {status}"] += 1
        tally["faults met"] += gateway.met

    def set_up_at_last(self, device: Phone, gateway: Proxy, tally: collections.Counter) -> tuple[str, str]:
        """Sets up an account: with a new code each time, until it works."""
        for faults in (50, 50, 50, 0):
            gateway.faults = faults
            token = self.site.new_token(self.kind)
            trust = ("--trust-host", f"127.0.0.1:{gateway.port}")
            added = self.told(tally, "set-up", lambda: self.scanned(token["pushurl"], device, *trust))
            gateway.all_arrived()
            if added:
                self.assertEqual(self.site.stored_token(token["serial"])["rollout_state"], "enrolled")
                return token["serial"], added["id"]
        raise AssertionError("no set-up without faults")

    def act(self, device: Phone, account: str, challenge: dict, intent: str, tally: collections.Counter) -> bool:
        """Looks, and answers what was found as the person means to. Whether a request was found."""
        seen = self.told(tally, "look", lambda: device.do("pending", account))
        if not seen or not seen["requests"]:
            return False
        (request,) = (request["request"] for request in seen["requests"])
        shown = challenge.get("presence_answer")
        wrong = [number for number in seen["requests"][0]["choices"] or ["100"] if number != shown]
        command = {
            "approves": ["approve", request, *(["--number", shown] if shown else [])],
            "mistakes": ["approve", request, "--number", wrong[0]],
            "declines": ["decline", request],
        }.get(intent)
        if command and (answer := self.told(tally, "answer", lambda: device.do(*command))):
            status = {"approved": "accept", "declined": "declined"}[answer["result"]]
            self.assertEqual(self.site.status(challenge), status, "the phone says what is not so")
            with self.assertRaises(phone.Refused) as again:
                device.do(*command)
            self.assertEqual(again.exception.reason, "RequestEnded", "answered twice")
        return True

    def told(self, tally: collections.Counter, what: str, ask: Callable[[], dict]) -> dict | None:
        """What a command answers; nothing where it failed. Counts its end, which has a reason then."""
        try:
            answer = ask()
        except phone.Refused as refusal:
            (failure,) = refusal.answer.get("failed") or [refusal.answer]
            self.assertTrue(failure.get("reason"), f"an end without a reason: {refusal}")
            tally[f"{what}: {failure['reason']}"] += 1
            return None
        tally[f"{what}: {answer.get('result', 'done')}"] += 1
        return answer


class Codes:
    def accepted(self, serial: str, code: str) -> bool:
        return self.site.check({"serial": serial, "pass": PIN + code})

    def test_codes_by_time(self):
        for algorithm, digits, period in (("sha1", 6, 30), ("sha256", 8, 60), ("sha512", 8, 30)):
            with self.subTest(algorithm):
                token = self.site.new_token("totp", hashlib=algorithm, otplen=digits, timeStep=period)
                added = self.scanned(token["googleurl"])
                self.assertEqual((added["can"], added["issuer"]), (["code"], self.issuer))
                now = self.phone.do("code", added["id"])
                self.assertEqual(len(now["code"]), digits)
                self.assertTrue(self.accepted(token["serial"], now["code"]))
                self.assertFalse(self.accepted(token["serial"], now["code"]), "a code works once")
                self.assertTrue(self.accepted(token["serial"], now["next"]))

    def test_codes_by_use(self):
        token = self.site.new_token("hotp")
        account = self.scanned(token["googleurl"])["id"]
        codes = [self.phone.code(account) for _ in range(3)]
        self.assertEqual(len(set(codes)), 3)
        for code in codes:
            self.assertTrue(self.accepted(token["serial"], code))
        self.assertFalse(self.accepted(token["serial"], codes[-1]), "a code works once")
