"""The phone against a real privacyIDEA: every test looks at what the server knows afterwards."""

import unittest

import finding
import phone
import token_servers
from privacyidea import PrivacyIdea

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
    global pi
    pi = token_servers.start(Case, PrivacyIdea)


class Case(token_servers.Case):
    kind, issuer = "push", "privacyIDEA"

    def policy(self, *actions: str) -> None:
        """An administrator's rule for the sign-ins of this test."""
        pi.policy("sign-in", "authentication", *actions)
        self.addCleanup(pi.without_policy, "sign-in")


class SettingUp(Case, token_servers.SettingUp):
    def test_from_a_picture_with_a_scheme_of_its_own(self):
        pi.policy("scheme", "enrollment", "push_use_pia_scheme")
        self.addCleanup(pi.without_policy, "scheme")
        token = pi.new_token("push")
        self.assertTrue(token["pushurl"]["value"].startswith("pia://pipush/"))
        self.scanned(token["pushurl"], None, "--trust-host", f"127.0.0.1:{pi.port}")
        self.assertEqual(pi.stored_token(token["serial"])["rollout_state"], "enrolled")


class Answering(Case, token_servers.Answering):
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
        # Once in a hundred times both pages show the same number.
        while first["presence_answer"] == second["presence_answer"]:
            first, second = second, pi.sign_in(serial)
        requests = [request["request"] for request in self.phone.requests()]
        self.assertGreaterEqual(len(set(requests)), 2)
        for request in requests:
            try:
                self.phone.do("approve", request, "--number", second["presence_answer"])
                break
            except phone.Refused:
                continue
        self.assertEqual(pi.status(second), "accept")
        self.assertNotEqual(pi.status(first), "accept")


class Trouble(Case, token_servers.Trouble):
    pass


class Expecting(Case, finding.Expecting):
    pass


class Missing(Case, finding.Missing):
    pass


class Adversary(Case, token_servers.Adversary):
    intents = (*token_servers.Adversary.intents, "mistakes")

    def setUp(self):
        super().setUp()
        self.policy(*NUMBERS)


class Codes(Case, token_servers.Codes):
    pass


if __name__ == "__main__":
    unittest.main()
