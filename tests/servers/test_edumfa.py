"""The phone against a real eduMFA: every test looks at what the server knows afterwards."""

import unittest

import finding
import token_servers
from edumfa import EduMfa


def setUpModule():
    token_servers.start(Case, EduMfa)


class Case(token_servers.Case):
    kind, issuer = "edupush", "eduMFA"


class SettingUp(Case, token_servers.SettingUp):
    pass


class Keys(Case):
    def test_the_key_is_as_good_as_the_kind_of_token_allows(self):
        # So begins SubjectPublicKeyInfo of a P-256 key, and of an RSA key with 3072 bits, in Base64.
        beginnings = {"edupush": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD", "push": "MIIBojANBgkqhkiG9w0BAQEFAAOCAY8A"}
        for kind, beginning in beginnings.items():
            with self.subTest(kind):
                self.kind = kind
                serial, _ = self.set_up()
                key = self.site.stored_token(serial)["info"]["public_key_smartphone"]
                self.assertTrue(key.startswith(beginning), key)


class Answering(Case, token_servers.Answering):
    def test_a_reason_for_declining_is_kept_here(self):
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        self.assertEqual(self.phone.do("decline", request, "--reason", "unknown")["result"], "declined")
        self.assertEqual(self.site.status(challenge), "declined")

    def test_a_number_where_none_is_asked_for_is_not_sent(self):
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        self.assertEqual(self.refused("approve", request, "--number", "7")["reason"], "AnswerKindDiffers")
        self.assertEqual(self.site.status(challenge), "pending")
        self.phone.do("approve", request)
        self.assert_signed_in(serial, challenge)


class Trouble(Case, token_servers.Trouble):
    pass


class Expecting(Case, finding.Expecting):
    pass


class Missing(Case, finding.Missing):
    pass


class Adversary(Case, token_servers.Adversary):
    pass


class SettingUpOlder(SettingUp):
    """The kind of token that privacyIDEA has."""

    kind = "push"


class AnsweringOlder(Answering):
    kind = "push"


class TroubleOlder(Trouble):
    kind = "push"


class ExpectingOlder(Expecting):
    kind = "push"


class MissingOlder(Missing):
    kind = "push"


class AdversaryOlder(Adversary):
    kind = "push"


class Codes(Case, token_servers.Codes):
    pass


if __name__ == "__main__":
    unittest.main()
