"""The phone against a real eduMFA: every test looks at what the server knows afterwards."""

import unittest

import token_servers
from edumfa import EduMfa


def setUpModule():
    token_servers.start(Case, EduMfa)


class Case(token_servers.Case):
    kind, issuer = "edupush", "eduMFA"


class SettingUp(Case, token_servers.SettingUp):
    def test_with_a_key_that_hardware_can_keep(self):
        for kind, prefix in (("edupush", "MFkw"), ("push", "MIIBIjAN")):
            with self.subTest(kind):
                self.kind = kind
                serial, _ = self.set_up()
                key = self.site.stored_token(serial)["info"]["public_key_smartphone"]
                # SubjectPublicKeyInfo of a P-256 and of an RSA key begin so.
                self.assertTrue(key.startswith(prefix), key)


class Answering(Case, token_servers.Answering):
    def test_a_reason_for_declining_is_kept_here(self):
        serial, _ = self.set_up()
        challenge, request = self.waiting(serial)
        self.assertEqual(self.phone.do("decline", request, "--reason", "unknown")["result"], "declined")
        self.assertEqual(self.site.status(challenge), "declined")


class Trouble(Case, token_servers.Trouble):
    pass


class Older:
    """The kind of token that privacyIDEA has."""

    kind = "push"


class SettingUpOlder(Older, SettingUp):
    pass


class AnsweringOlder(Older, Answering):
    pass


class TroubleOlder(Older, Trouble):
    pass


class Codes(Case, token_servers.Codes):
    pass


if __name__ == "__main__":
    unittest.main()
