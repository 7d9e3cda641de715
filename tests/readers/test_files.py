"""Files for other apps, read by programs of others: pyotp reads links, and makes the codes of all formats."""

import base64
import csv
import hashlib
import json
import os
import stat
import subprocess
import unittest

import pyotp
from accounts import ACCOUNTS
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from exported import PASSWORD, Exporting

AT = 1_700_000_000


def code(account):
    """The code of an account as it was put in, by pyotp."""
    counter = account.counter if account.kind == "hotp" else None
    return code_of(account.base32, account.algorithm, account.digits, account.period, counter)


def code_of(secret, algorithm, digits, period=None, counter=None):
    """The code of what stands in a file."""
    digest = getattr(hashlib, algorithm.lower())
    if counter is not None:
        return pyotp.HOTP(secret, digits=digits, digest=digest).at(counter)
    return pyotp.TOTP(secret, digits=digits, digest=digest, interval=period).at(AT)


def gcm(key, nonce, sealed):
    return AESGCM(key).decrypt(nonce, sealed, None)


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.exporting = Exporting()
        cls.addClassCleanup(cls.exporting.close)

    def test_links(self):
        path, told = self.exporting.file("otpauth", "links.txt")
        lines = path.read_text(encoding="ascii").splitlines()
        self.assertEqual((len(lines), told["exported"]), (len(ACCOUNTS), len(ACCOUNTS)))
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        for account, line in zip(ACCOUNTS, lines):
            # pyotp refuses an issuer with a colon where the label has one as well.
            if ":" in account.issuer and ":" in account.name:
                continue
            with self.subTest(line=line):
                otp = pyotp.parse_uri(line)
                # pyotp counts from the link's counter on.
                self.assertEqual(otp.at(0 if account.kind == "hotp" else AT), code(account))
                self.assertEqual((otp.issuer or "", otp.name), (account.issuer, account.name))

    def test_the_phone_makes_the_same_codes(self):
        listed = self.exporting.phone.do("list")["accounts"]
        for account, there in zip(ACCOUNTS, listed, strict=True):
            if account.kind == "totp":
                told = self.exporting.phone.do("code", there["id"], "--at", AT)
                self.assertEqual((told["account"], told["code"]), (account.name, code(account)))

    def assert_aegis(self, database):
        for account, entry in zip(ACCOUNTS, database["entries"], strict=True):
            info = entry["info"]
            self.assertEqual((entry["type"], entry["issuer"], entry["name"]), (account.kind, account.issuer, account.name))
            made = code_of(info["secret"], info["algo"], info["digits"], info.get("period"), info.get("counter"))
            self.assertEqual(made, code(account))

    def test_aegis_plain(self):
        file, told = self.exporting.json("aegis", "aegis.json", "--plain")
        self.assertFalse(told["encrypted"])
        self.assert_aegis(file["db"])

    def test_aegis_by_its_own_description(self):
        """docs/vault.md of Aegis: scrypt, then AES-256-GCM twice."""
        file, told = self.exporting.json("aegis", "sealed.json", "--password-file", self.exporting.password)
        self.assertTrue(told["encrypted"])
        (slot,) = file["header"]["slots"]
        salt = bytes.fromhex(slot["salt"])
        key = hashlib.scrypt(
            PASSWORD.encode(), salt=salt, n=slot["n"], r=slot["r"], p=slot["p"], maxmem=1 << 27, dklen=32
        )
        params = slot["key_params"]
        sealed = bytes.fromhex(slot["key"] + params["tag"])
        master = gcm(key, bytes.fromhex(params["nonce"]), sealed)
        params = file["header"]["params"]
        content = base64.b64decode(file["db"]) + bytes.fromhex(params["tag"])
        self.assert_aegis(json.loads(gcm(master, bytes.fromhex(params["nonce"]), content)))

    def test_two_fas_under_a_password(self):
        file, told = self.exporting.json("2fas", "sealed.2fas", "--password-file", self.exporting.password)
        sealed, salt, nonce = (base64.b64decode(part) for part in file["servicesEncrypted"].split(":"))
        key = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), salt, 10_000)
        services = json.loads(gcm(key, nonce, sealed))
        # The counter is above what 2FAS can count to.
        left_out = [row["account"] for row in told["accounts"] if row["outcome"] == "left_out"]
        self.assertEqual((left_out, told["exported"]), (["hotp"], len(ACCOUNTS) - 1))
        for account, service in zip((it for it in ACCOUNTS if it.kind == "totp"), services, strict=True):
            otp = service["otp"]
            self.assertEqual((otp["issuer"], otp["account"]), (account.issuer, account.name))
            self.assertEqual(code_of(service["secret"], otp["algorithm"], otp["digits"], otp["period"]), code(account))
        reference, salt, nonce = (base64.b64decode(part) for part in file["reference"].split(":"))
        self.assertTrue(gcm(key, nonce, reference).startswith(b"tRViSsLKzd86Hprh4ceC2OP7xazn4rrt"))

    def test_credential_exchange(self):
        """As the types that Bitwarden has published understand it."""
        path, told = self.exporting.file("cxf", "accounts.json")
        self.assertEqual([row["account"] for row in told["accounts"] if row["left_out"]], ["hotp"])
        reader = subprocess.run([os.environ["CXF_READER"], path], check=True, capture_output=True, timeout=60)
        items = [json.loads(line) for line in reader.stdout.splitlines()]
        for account, item in zip((it for it in ACCOUNTS if it.kind == "totp"), items, strict=True):
            self.assertEqual(item["title"], account.issuer or account.name)
            ((kind, totp),) = [pair for credential in item["credentials"] for pair in credential.items()]
            self.assertEqual((kind, totp.get("issuer") or "", totp.get("username") or ""), ("totp", account.issuer, account.name))
            self.assertEqual(totp["secret"].rstrip("="), account.base32)
            self.assertEqual(code_of(totp["secret"], totp["algorithm"], totp["digits"], totp["period"]), code(account))

    def test_entra(self):
        path, told = self.exporting.file("entra", "tokens.csv")
        with path.open(encoding="ascii", newline="") as file:
            rows = list(csv.DictReader(file))
        columns = ["upn", "serial number", "secret key", "time interval", "manufacturer", "model"]
        self.assertEqual(list(rows[0]), columns)
        by_name = {account.name: account for account in ACCOUNTS}
        self.assertIn("person0@example.com", [row["upn"] for row in rows])
        self.assertNotIn("=1+1@example.com", [row["upn"] for row in rows])
        ids = {there["account"]: there["id"] for there in told["accounts"]}
        for row in rows:
            account = by_name[row["upn"]]
            self.assertEqual(row["serial number"], ids[account.name])
            self.assertEqual(code_of(row["secret key"], "SHA1", 6, int(row["time interval"])), code(account))


if __name__ == "__main__":
    unittest.main()
