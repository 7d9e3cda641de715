"""The phone's codes against a real, stock Keycloak: every test looks at what the server knows afterwards."""

import pathlib
import tempfile
import time
import unittest

import server
from keycloak import Keycloak, picture
from phone import Phone


def setUpModule():
    global folder, keycloak
    server.end_on_term()
    temporary = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(temporary.cleanup)
    folder = pathlib.Path(temporary.name)
    keycloak = Keycloak()
    unittest.addModuleCleanup(keycloak.close)


def early_in_a_step(period: int) -> None:
    """Keycloak takes the codes of the steps before, now and after: a test must not straddle two of them."""
    left = period - time.time() % period
    if left < 12:
        time.sleep(left + 0.1)


class Case(unittest.TestCase):
    """A user and a phone of their own for each test."""

    def setUp(self):
        self.user = keycloak.new_user()
        self.phone = Phone(folder / self.id())

    def scan(self, browser) -> dict:
        """What the phone says after looking at the picture of the set-up page."""
        self.assertEqual(browser.page.name, "login-login-config-totp")
        data = browser.page.pictures["kc-totp-secret-qr-code"]
        return self.phone.do("add", picture(data, self.phone.vault.with_name("code.png")))

    def set_up(self) -> str:
        """The phone's account, after it was set up on the page."""
        browser = keycloak.sign_in(self.user)
        account = self.scan(browser)["id"]
        browser.submit("kc-totp-settings-form", totp=self.phone.code(account), userLabel="Phone")
        self.assertTrue(browser.signed_in, browser.page.texts)
        return account


class ByTime(Case):
    def test_set_up_from_the_picture_of_the_page_then_sign_in(self):
        early_in_a_step(30)
        browser = keycloak.sign_in(self.user)
        added = self.scan(browser)
        self.assertEqual(
            (added["added"], added["issuer"], added["account"], added["can"]), (True, "totp", self.user, ["code"])
        )
        codes = self.phone.do("code", added["id"])
        browser.submit("kc-totp-settings-form", totp=codes["code"], userLabel="Phone")
        self.assertTrue(browser.signed_in, browser.page.texts)
        (device,) = keycloak.devices(self.user)
        self.assertEqual(
            (device["subType"], device["algorithm"], device["digits"], device["period"]), ("totp", "HmacSHA1", 6, 30)
        )

        again = keycloak.sign_in(self.user)
        self.assertEqual(again.page.name, "login-login-otp")
        again.submit("kc-otp-login-form", otp=codes["code"])
        self.assertFalse(again.signed_in, "the code of the set-up is spent")
        self.assertIn("Invalid authenticator code.", again.page.texts.values())
        again.submit("kc-otp-login-form", otp=codes["next"])
        self.assertTrue(again.signed_in, again.page.texts)

    def test_a_wrong_code_on_the_set_up_page_leaves_the_picture_good(self):
        browser = keycloak.sign_in(self.user)
        account = self.scan(browser)["id"]
        code = self.phone.code(account)
        browser.submit("kc-totp-settings-form", totp=str((int(code) + 1) % 10**6).zfill(6), userLabel="Phone")
        self.assertIn("Invalid authenticator code.", browser.page.texts.values())
        self.assertEqual(keycloak.devices(self.user), [])
        self.assertFalse(self.scan(browser)["added"], "the same code as before")
        browser.submit("kc-totp-settings-form", totp=self.phone.code(account), userLabel="Phone")
        self.assertTrue(browser.signed_in, browser.page.texts)
        self.assertEqual(len(keycloak.devices(self.user)), 1)

    def test_other_hashes_lengths_and_periods(self):
        self.addCleanup(keycloak.policy, "totp", "HmacSHA1", 6)
        for algorithm, digits, period in (("HmacSHA256", 8, 30), ("HmacSHA512", 8, 60), ("HmacSHA1", 8, 15)):
            with self.subTest(algorithm):
                keycloak.policy("totp", algorithm, digits, period)
                early_in_a_step(period)
                self.user = keycloak.new_user()
                account = self.set_up()
                (device,) = keycloak.devices(self.user)
                self.assertEqual(
                    (device["algorithm"], device["digits"], device["period"]), (algorithm, digits, period)
                )
                codes = self.phone.do("code", account)
                self.assertEqual(len(codes["next"]), digits)
                self.assertTrue(keycloak.accepts(self.user, codes["next"]))

    def test_the_check_without_pages(self):
        early_in_a_step(30)
        account = self.set_up()
        following = self.phone.do("code", account)["next"]
        before = self.phone.do("code", account, "--at", int(time.time()) - 30)["code"]
        self.assertFalse(keycloak.accepts(self.user, None), "a code is needed")
        self.assertFalse(keycloak.accepts(self.user, following[:-1]), "a code of five digits")
        self.assertTrue(keycloak.accepts(self.user, following))
        self.assertFalse(keycloak.accepts(self.user, following), "a code works once")
        self.assertTrue(keycloak.accepts(self.user, before), "the clocks of phone and server agree")

    def test_names_of_every_kind_arrive(self):
        self.addCleanup(keycloak.admin, "PUT", "", {"displayName": ""})
        for shown, issuer in (
            ("Example & Sons: Ltd", "Example & Sons  Ltd"),
            ("会社 ログイン", "会社 ログイン"),
            ("100 % + more/less?", "100 % + more/less?"),
        ):
            with self.subTest(shown):
                keycloak.admin("PUT", "", {"displayName": shown})
                added = self.scan(keycloak.sign_in(keycloak.new_user()))
                self.assertEqual(added["issuer"], issuer)


class ByUse(Case):
    def test_set_up_and_sign_in(self):
        self.addCleanup(keycloak.policy, "totp", "HmacSHA1", 6)
        for algorithm, digits, counter in (("HmacSHA1", 6, 0), ("HmacSHA256", 8, 7)):
            with self.subTest(algorithm):
                keycloak.policy("hotp", algorithm, digits, counter=counter)
                self.user = keycloak.new_user()
                account = self.set_up()
                (device,) = keycloak.devices(self.user)
                self.assertEqual((device["subType"], device["counter"]), ("hotp", counter + 1))
                code = self.phone.do("code", account)
                self.assertEqual((code["next"], code["valid_until"]), (None, None))
                self.assertTrue(keycloak.accepts(self.user, code["code"]))
                self.assertFalse(keycloak.accepts(self.user, code["code"]), "a code works once")
                self.assertTrue(keycloak.accepts(self.user, self.phone.code(account)))


if __name__ == "__main__":
    unittest.main()
