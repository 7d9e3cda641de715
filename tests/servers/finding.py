"""Requests that are found by themselves, and why one may be missing: for each server and kind of push token."""

import threading
import time

import phone
from token_servers import FAKETIME
from vault import lose_key

# What a self-test looks at where all is well.
EVERYTHING = ["key", "network", "server", "clock", "registration", "requests"]


class Expecting:
    def test_a_sign_in_that_is_expected_is_found_by_itself(self):
        serial, account = self.set_up()
        for command in (("expect",), ("pending", "--expect", account)):
            with self.subTest(command):
                found = []
                looking = threading.Thread(target=lambda: found.append((self.phone.do(*command), time.monotonic())))
                looking.start()
                time.sleep(1.5)
                self.assertTrue(looking.is_alive(), "nothing has come yet")
                challenge, came = self.site.sign_in(serial), time.monotonic()
                looking.join()
                (answer, at), = found
                (request,) = answer["requests"]
                self.assertEqual((request["account"], answer["failed"]), (account, []))
                # A look begins two to three seconds after the last has ended.
                self.assertLess(at - came, 8)
                self.phone.do("approve", request["request"])
                self.assert_signed_in(serial, challenge)

    def test_too_many_requests_are_counted(self):
        serial, account = self.set_up()
        for _ in range(4):
            self.site.sign_in(serial)
        self.assertEqual(self.phone.do("pending")["floods"], [])
        challenge = self.site.sign_in(serial)
        seen = self.phone.do("pending")
        # The server does not say when they were asked.
        self.assertEqual({(request["asked_at"], type(request["seen_at"])) for request in seen["requests"]}, {(None, int)})
        flood = {"account": account, "requests": 5, "minutes": 10, "quiet_until": None}
        self.assertEqual((seen["floods"], len(seen["requests"])), ([flood], 5))
        # The newest comes first, and is the one that is answered.
        self.phone.do("approve", seen["requests"][0]["request"])
        self.assert_signed_in(serial, challenge)


class Missing:
    """A self-test: what it names, in words for people and in a name for scripts."""

    def checks(self, account: str, *, fails: str | None = None) -> dict[str, dict]:
        """The checks by what they look at. The one that fails is the last, and the only one."""
        checks = self.phone.do("self-test", account)["checks"]
        for check in checks:
            self.assertEqual(check["account"], account)
            self.assertTrue(check["text"], check)
            self.assertEqual(check["reason"] is None, check["next"] is None, check)
        failed = [check["check"] for check in checks if check["ok"] is False]
        self.assertEqual(failed, [fails] if fails else [], checks)
        if fails:
            self.assertEqual(checks[-1]["check"], fails)
        else:
            self.assertEqual([check["check"] for check in checks], EVERYTHING)
        return {check["check"]: check for check in checks}

    def test_all_is_well(self):
        serial, account = self.set_up()
        checks = self.checks(account)
        self.assertTrue(all(check["ok"] for check in checks.values()), checks)
        self.assertIn(checks["clock"]["figure"], (-1, 0, 1))
        self.assertEqual((checks["requests"]["figure"], checks["requests"]["reason"]), (0, "NothingWaits"))
        self.site.sign_in(serial)
        requests = self.checks(account)["requests"]
        self.assertEqual((requests["figure"], requests["reason"]), (1, None))
        self.assertEqual(requests["text"], "Requests that wait: 1")

    def test_the_servers_clock_differs(self):
        serial, account = self.set_up()
        self.site.sign_in(serial)
        for off, way in ((95, "behind"), (-7200, "ahead")):
            with self.subTest(off):
                self.phone.clock = [FAKETIME, "-f", f"{off:+}s"]
                clock = self.checks(account)["clock"]
                # No approval is in its way: they go by the server's.
                self.assertEqual((clock["ok"], clock["reason"]), (None, "ClockDiffers"))
                self.assertAlmostEqual(clock["figure"], -off, delta=2)
                self.assertRegex(clock["text"], rf"The server is \d+ s {way}\.$")
                (told,) = self.phone.do("clock")["clocks"]
                self.assertAlmostEqual(told["offset"], -off, delta=2)
                self.assertEqual(len(self.phone.requests()), 1)

    def test_the_server_does_not_answer(self):
        _, account = self.set_up()
        self.site.server.stop()
        try:
            self.assertEqual(self.checks(account, fails="server")["server"]["reason"], "ServerUnreachable")
        finally:
            self.site.server.start()
        self.checks(account)

    def test_the_server_does_not_know_the_phone(self):
        serial, account = self.set_up()
        self.site.delete_token(serial)
        self.assertEqual(self.checks(account, fails="registration")["registration"]["reason"], "DeviceNotRegistered")

    def test_the_server_forbids_to_look(self):
        _, account = self.set_up()
        self.site.policy("no-looking", "authentication", f"{self.kind}_allow_polling=deny")
        try:
            self.assertEqual(self.checks(account, fails="registration")["registration"]["reason"], "ServerForbids")
        finally:
            self.site.without_policy("no-looking")
        self.checks(account)

    def test_the_device_key_is_gone(self):
        serial, account = self.set_up()
        challenge, request = self.waiting(serial)
        lose_key(self.phone, account)
        self.assertEqual(self.checks(account, fails="key")["key"]["reason"], "DeviceKeyGone")
        failed = self.refused("pending")["failed"]
        self.assertEqual(failed, [{"account": account, "reason": "DeviceKeyGone"}])
        for command in ("approve", "decline"):
            self.assertEqual(self.refused(command, request)["reason"], "DeviceKeyGone")
        self.assertEqual(self.site.status(challenge), "pending", "nothing could be said to the server")
        # The way out that the words name: a new code of the page, beside the account that can do nothing any more.
        serial, added = self.set_up()
        self.assertNotEqual(added, account)
        challenge = self.site.sign_in(serial)
        self.phone.do("approve", self.phone.requests(added)[0]["request"])
        self.assert_signed_in(serial, challenge)


class Pushes:
    """Where the server may send a push. Nothing depends on it: a push only means "look now"."""

    def sent_to(self, serial: str) -> str:
        return self.site.stored_token(serial)["info"]["firebase_token"]

    def test_the_server_is_told_where_pushes_go(self):
        serial, account = self.set_up()
        nowhere, address = self.sent_to(serial), self.folder / "address"
        self.assertEqual(nowhere, "no_firebase_token")
        address.write_text("an-fcm-token:1\n")
        done = {"account": account, "result": "set"}
        self.assertEqual(self.phone.do("push-address", account, "fcm", address), done)
        self.assertEqual(self.sent_to(serial), "an-fcm-token:1")
        # These servers know no other push service, and nothing has changed.
        address.write_text("https://push.example/endpoint")
        refusal = self.refused("push-address", account, "unifiedpush", address)
        self.assertEqual((refusal["reason"], self.sent_to(serial)), ("NotPossibleHere", "an-fcm-token:1"))
        # A token of a phone that is set up anew, typed.
        self.phone.do("push-address", account, "fcm", "-", stdin="another")
        self.assertEqual(self.sent_to(serial), "another")
        self.assertEqual(self.phone.do("push-address", account, "none"), done)
        self.assertEqual(self.sent_to(serial), nowhere)
        challenge, request = self.waiting(serial)
        self.phone.do("approve", request)
        self.assert_signed_in(serial, challenge)

    def test_an_address_the_server_can_not_be_told(self):
        serial, account = self.set_up()
        address = self.folder / "address"
        address.write_text("an-fcm-token:1")
        self.site.server.stop()
        try:
            self.refused("push-address", account, "fcm", address, exit_code=phone.NETWORK)
        finally:
            self.site.server.start()
        self.assertEqual(self.sent_to(serial), "no_firebase_token")
        self.site.delete_token(serial)
        self.assertEqual(self.refused("push-address", account, "fcm", address)["reason"], "DeviceNotRegistered")
