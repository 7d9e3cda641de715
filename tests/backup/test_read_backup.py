"""What the command line writes is read by its description alone: by password and by recovery code."""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

FOLDER = pathlib.Path(__file__).parent
PASSWORD = "correct horse ü"
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


class IndependentReader(unittest.TestCase):
    def phone(self, *args, text=""):
        command = [os.environ["COUNTERSIGN_BIN"], "--vault", self.at("vault.db"), "--password-file", self.at("password")]
        environment = {"HOME": self.folder.name, "LANG": "C"}
        done = subprocess.run([*command, "--json", *args], input=text, capture_output=True, text=True, env=environment)
        self.assertEqual(done.returncode, 0, done)
        return json.loads(done.stdout)

    def at(self, name):
        return str(pathlib.Path(self.folder.name, name))

    def read(self, file, way, secret):
        command = [sys.executable, FOLDER / "read_backup.py", file, way]
        done = subprocess.run(command, input=secret + "\n", capture_output=True, text=True)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        pathlib.Path(self.at("password")).write_text("vault\n")
        pathlib.Path(self.at("backup-password")).write_text(PASSWORD + "\n")
        self.phone("init")

    def test_by_password_and_by_recovery_code(self):
        self.phone("add", "-", text=f"otpauth://totp/Example:alice?secret={SEED}&issuer=Example&digits=8&period=45")
        self.phone("add", "-", text=f"otpauth://hotp/bob?secret={SEED}&counter=7&algorithm=SHA512")
        self.phone("remove", "bob")
        said = self.phone("backup", self.at("b"), "--password-file", self.at("backup-password"), "--new-recovery-code")
        by_password = self.read(self.at("b"), "password", PASSWORD)
        self.assertEqual(by_password, self.read(self.at("b"), "recovery", said["recovery_code"].lower()))
        self.assertIsNone(self.read(self.at("b"), "password", "correct horse"))
        self.assertEqual(by_password["made_at"], said["made_at"])
        alice, bob = by_password["accounts"]
        seed = base64.b64encode(base64.b32decode(SEED)).decode()
        totp = {"type": "totp", "algorithm": "SHA1", "digits": 8, "period": 45, "counter": None, "seed": seed, "pin": None}
        hotp = {"type": "hotp", "algorithm": "SHA512", "digits": 6, "period": None, "counter": 7, "seed": seed, "pin": None}
        self.assertEqual((alice["issuer"], alice["name"], alice["code"]), ("Example", "alice", totp))
        self.assertEqual((bob["name"], bob["code"]), ("bob", hotp))
        self.assertIsNone(alice["trashed_at"])
        self.assertIsNotNone(bob["trashed_at"])

    def test_the_kept_file(self):
        kept = FOLDER.parent / "fixtures" / "backup"
        code = (kept / "v1.code").read_text()
        read = self.read(str(kept / "v1.backup"), "recovery", code)
        self.assertEqual(read, self.read(str(kept / "v1.backup"), "password", PASSWORD))
        self.assertEqual(len(read["accounts"]), 7)


if __name__ == "__main__":
    unittest.main()
