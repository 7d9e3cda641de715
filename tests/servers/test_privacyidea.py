"""The phone against a real privacyIDEA: every test looks at what the server knows afterwards."""

import pathlib
import tempfile
import time
import unittest

import phone
import server
from phone import Phone
from privacyidea import PIN, PrivacyIdea, picture

NUMBERS = ("push_require_presence", "push_presence_options=NUMERIC", "push_presence_num_options=4")
LETTERS = ("push_require_presence",)
WORDS = (
    "push_require_presence",
    "push_presence_options=CUSTOM",
    "push_presence_custom_options=red:green:blue",
    "push_presence_num_options=3",
)
TWO_LETTERS = (
    "push_require_presence",
    "push_presence_options=CUSTOM",
    "push_presence_custom_options=A:B",
    "push_presence_num_options=2",
)


def setUpModule():
    global folder, pi
    server.end_on_term()
    temporary = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(temporary.cleanup)
    folder = pathlib.Path(temporary.name)
    pi = PrivacyIdea(folder / "server")
    unittest.addModuleCleanup(pi.close)
    pi.add_user("alice", folder)


class Case(unittest.TestCase):
    """A phone of its own for each test."""

    def setUp(self):
        self.folder = folder / self.id()
        self.phone = Phone(self.folder)

    def policy(self, *actions: str) -> None:
        """An administrator's rule for the sign-ins of this test."""
        pi.policy("sign-in", "authentication", *actions)
        self.addCleanup(pi.without_policy, "sign-in")

    def scanned(self, link: dict, device: Phone | None = None, *options: str) -> dict:
        """What the phone says after looking at the picture of the set-up page."""
        device = device or self.phone
        return device.do("add", picture(link["img"], device.vault.with_name("code.png")), *options)

    def set_up(self, device: Phone | None = None, **more: object) -> tuple[str, str]:
        """A push token that is enrolled: the server's serial and the phone's account."""
        token = pi.new_token("push", **more)
        added = self.scanned(token["pushurl"], device, "--trust-host", f"127.0.0.1:{pi.port}")
        return token["serial"], added["id"]

    def waiting(self, serial: str) -> tuple[dict, str]:
        """A sign-in that waits for the phone: the server's challenge and the phone's request."""
        challenge = pi.sign_in(serial)
        return challenge, self.phone.only_request()["request"]

    def refused(self, *command: object, exit_code: int = phone.REFUSED) -> dict:
        with self.assertRaises(phone.Refused) as caught:
            self.phone.do(*command)
        self.assertEqual(caught.exception.exit_code, exit_code, caught.exception)
        for field in ("reason", "text", "next"):
            self.assertTrue(caught.exception.answer.get(field), caught.exception)
        return caught.exception.answer

    def assert_signed_in(self, serial: str, challenge: dict) -> None:
        self.assertEqual(pi.status(challenge), "accept")
        self.assertTrue(pi.finish(serial, challenge))
        self.assertFalse(pi.finish(serial, challenge), "one approval signs in once")


class SettingUp(Case):
    def test_from_the_picture_of_the_page(self):
        token = pi.new_token("push")
        added = self.scanned(token["pushurl"], None, "--trust-host", f"127.0.0.1:{pi.port}")
        self.assertEqual(
            (added["added"], added["issuer"], added["account"], added["can"]),
            (True, "privacyIDEA", token["serial"], ["approval"]),
        )
        stored = pi.stored_token(token["serial"])
        self.assertEqual((stored["rollout_state"], stored["active"]), ("enrolled", True))
        self.assertEqual(self.phone.requests(), [])

    def test_nothing_is_sent_before_the_server_is_trusted(self):
        token = pi.new_token("push")
        image = picture(token["pushurl"]["img"], self.folder / "code.png")
        refusal = self.refused("add", image)
        self.assertEqual(refusal["reason"], "TrustNeeded")
        self.assertTrue(refusal["origin"].startswith(pi.base), refusal)
        self.refused("add", image, "--trust-host", "login.example")
        self.refused("add", image, "--trust-host", "127.0.0.1:1")
        self.assertEqual(pi.stored_token(token["serial"])["rollout_state"], "clientwait")
        self.assertEqual(self.phone.do("list")["accounts"], [])

    def test_a_code_that_turns_the_check_of_certificates_off_is_refused(self):
        pi.policy("no-tls-check", "enrollment", "push_ssl_verify=0")
        self.addCleanup(pi.without_policy, "no-tls-check")
        token = pi.new_token("push")
        image = picture(token["pushurl"]["img"], self.folder / "code.png")
        self.assertEqual(self.refused("add", image, "--trust-host", f"127.0.0.1:{pi.port}")["reason"], "TlsCheckOff")
        self.assertEqual(pi.stored_token(token["serial"])["rollout_state"], "clientwait")

    def test_a_code_works_once(self):
        token = pi.new_token("push")
        trust = ("--trust-host", f"127.0.0.1:{pi.port}")
        self.scanned(token["pushurl"], None, *trust)
        other = Phone(self.folder / "other")
        with self.assertRaises(phone.Refused) as caught:
            self.scanned(token["pushurl"], other, *trust)
        self.assertEqual(caught.exception.exit_code, phone.REFUSED, caught.exception)
        self.assertEqual(other.do("list")["accounts"], [])


class Answering(Case):
    def test_approve(self):
        serial, account = self.set_up()
        challenge = pi.sign_in(serial)
        request = self.phone.only_request()
        self.assertEqual((request["account"], request["answer"]), (account, "none"))
        self.assertFalse(pi.finish(serial, challenge), "nobody has approved yet")
        self.assertEqual(self.phone.do("approve", request["request"])["result"], "approved")
        self.assert_signed_in(serial, challenge)
        self.assertEqual(self.phone.requests(), [])

    def test_approve_by_typing_the_number(self):
        self.policy(*NUMBERS)
        serial, _ = self.set_up()
        challenge = pi.sign_in(serial)
        request = self.phone.only_request()
        self.assertEqual((request["answer"], request["choices"]), ("number", None))
        typed = int(challenge["presence_answer"])  # "07" is typed as 7
        self.assertEqual(self.phone.do("approve", request["request"], "--number", typed)["result"], "approved")
        self.assert_signed_in(serial, challenge)

    def test_approve_by_typing_the_letter(self):
        self.policy(*LETTERS)
        serial, _ = self.set_up()
        challenge = pi.sign_in(serial)
        request = self.phone.only_request()
        self.assertEqual((request["answer"], request["choices"]), ("text", None))
        typed = challenge["presence_answer"].lower()
        self.assertEqual(self.phone.do("approve", request["request"], "--answer", typed)["result"], "approved")
        self.assert_signed_in(serial, challenge)

    def test_approve_by_choosing_a_word(self):
        self.policy(*WORDS)
        serial, _ = self.set_up()
        challenge = pi.sign_in(serial)
        request = self.phone.only_request()
        self.assertEqual(request["answer"], "choice")
        self.assertEqual(sorted(request["choices"]), ["blue", "green", "red"])
        word = challenge["presence_answer"]
        self.assertEqual(self.phone.do("approve", request["request"], "--answer", word)["result"], "approved")
        self.assert_signed_in(serial, challenge)

    def test_a_number_is_needed_where_one_is_shown(self):
        self.policy(*NUMBERS)
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        with self.assertRaises(phone.Refused):
            self.phone.do("approve", request)
        self.assertEqual(pi.status(challenge), "pending")
        self.phone.do("approve", request, "--number", challenge["presence_answer"])
        self.assert_signed_in(serial, challenge)

    def test_one_mistake_may_be_put_right(self):
        self.policy(*NUMBERS)
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        refusal = self.refused("approve", request, "--number", "100")
        self.assertEqual((refusal["reason"], refusal["tries_left"]), ("NumberNotOffered", 1))
        self.assertEqual(pi.status(challenge), "pending")
        self.phone.do("approve", request, "--number", challenge["presence_answer"])
        self.assert_signed_in(serial, challenge)

    def test_the_second_mistake_declines(self):
        self.policy(*NUMBERS)
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        self.refused("approve", request, "--number", "100")
        self.assertEqual(self.refused("approve", request, "--number", "101")["result"], "wrong_answer")
        self.assertEqual(pi.status(challenge), "declined")
        self.refused("approve", request, "--number", challenge["presence_answer"])
        self.assertFalse(pi.finish(serial, challenge))

    def test_another_offered_letter_declines_at_once(self):
        self.policy(*TWO_LETTERS)
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        wrong = {"A": "B", "B": "A"}[challenge["presence_answer"]]
        self.assertEqual(self.refused("approve", request, "--answer", wrong)["result"], "wrong_answer")
        self.assertEqual(pi.status(challenge), "declined")
        self.assertFalse(pi.finish(serial, challenge))

    def test_decline(self):
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        self.assertEqual(self.phone.do("decline", request)["result"], "declined")
        self.assertEqual(pi.status(challenge), "declined")
        self.assertFalse(pi.finish(serial, challenge))
        self.refused("approve", request)
        self.assertEqual(pi.status(challenge), "declined")

    def test_decline_with_a_reason(self):
        serial, _ = self.set_up()
        for reason, status in (("unknown", "declined"), ("cancelled", "cancelled")):
            with self.subTest(reason):
                challenge, request = self.waiting(serial)
                self.assertEqual(self.phone.do("decline", request, "--reason", reason)["result"], "declined")
                self.assertEqual(pi.status(challenge), status)
                self.assertFalse(pi.finish(serial, challenge))

    def test_code_to_the_phone(self):
        self.policy("push_code_to_phone", "push_code_to_phone_message=Type this code")
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        answer = self.phone.do("approve", request)
        self.assertEqual(answer["result"], "approved")
        self.assertRegex(answer["code"], r"^\d\d$")
        self.assertFalse(pi.finish(serial, challenge), "the code is what signs in")
        self.assertTrue(pi.finish(serial, challenge, answer["code"]))

    def test_two_sign_ins_wait(self):
        self.policy(*NUMBERS)
        serial, _ = self.set_up()
        first, second = pi.sign_in(serial), pi.sign_in(serial)
        requests = [request["request"] for request in self.phone.requests()]
        self.assertEqual(len(set(requests)), 2)
        if first["presence_answer"] == second["presence_answer"]:
            self.skipTest("both pages show the same number")
        for request in requests:
            try:
                self.phone.do("approve", request, "--number", second["presence_answer"])
                break
            except phone.Refused:
                continue
        self.assertEqual(pi.status(second), "accept")
        self.assertNotEqual(pi.status(first), "accept")


class Trouble(Case):
    def test_too_late(self):
        pi.admin("POST", "/system/setConfig", {"PushChallengeValidityTime": 3})
        self.addCleanup(pi.admin, "DELETE", "/system/PushChallengeValidityTime")
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        time.sleep(4)
        self.assertEqual(self.phone.requests(), [])
        self.refused("approve", request)
        self.assertFalse(pi.finish(serial, challenge))
        self.assertNotEqual(pi.status(challenge), "accept")

    def test_the_account_is_gone_on_the_server(self):
        serial, account = self.set_up()
        pi.delete_token(serial)
        failed = self.refused("pending")["failed"]
        self.assertEqual(failed, [{"account": account, "reason": "DeviceNotRegistered"}])

    def test_two_phones_of_one_person(self):
        first, second = self.phone, Phone(self.folder / "second")
        self.set_up(first, user="alice", realm="test")
        serial, _ = self.set_up(second, user="alice", realm="test")
        challenge = pi.sign_in_user("alice")
        first.do("decline", first.only_request()["request"])
        self.assertEqual(pi.status(challenge), "declined")
        second.do("approve", second.only_request()["request"])
        self.assert_signed_in(serial, challenge)

    def test_the_server_restarts_while_a_request_waits(self):
        self.policy(*NUMBERS)
        serial, account = self.set_up()
        challenge, request = self.waiting(serial)
        pi.server.stop()
        try:
            failed = self.refused("pending", exit_code=phone.NETWORK)["failed"]
            self.assertEqual([failure["account"] for failure in failed], [account])
            self.refused("approve", request, "--number", challenge["presence_answer"], exit_code=phone.NETWORK)
        finally:
            pi.server.start()
        self.assertEqual(pi.status(challenge), "pending")
        self.phone.do("approve", request, "--number", challenge["presence_answer"])
        self.assert_signed_in(serial, challenge)


class Codes(Case):
    def accepted(self, serial: str, code: str) -> bool:
        return pi.check({"serial": serial, "pass": PIN + code})

    def test_codes_by_time(self):
        for algorithm, digits, period in (("sha1", 6, 30), ("sha256", 8, 60), ("sha512", 8, 30)):
            with self.subTest(algorithm):
                token = pi.new_token("totp", hashlib=algorithm, otplen=digits, timeStep=period)
                added = self.scanned(token["googleurl"])
                self.assertEqual((added["can"], added["issuer"]), (["code"], "privacyIDEA"))
                now = self.phone.do("code", added["id"])
                self.assertEqual(len(now["code"]), digits)
                self.assertTrue(self.accepted(token["serial"], now["code"]))
                self.assertFalse(self.accepted(token["serial"], now["code"]), "a code works once")
                self.assertTrue(self.accepted(token["serial"], now["next"]))

    def test_codes_by_use(self):
        token = pi.new_token("hotp")
        account = self.scanned(token["googleurl"])["id"]
        codes = [self.phone.code(account) for _ in range(3)]
        self.assertEqual(len(set(codes)), 3)
        for code in codes:
            self.assertTrue(self.accepted(token["serial"], code))
        self.assertFalse(self.accepted(token["serial"], codes[-1]), "a code works once")


if __name__ == "__main__":
    unittest.main()
