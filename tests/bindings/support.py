"""What the contract tests share: the library, clocks, a fresh vault, vectors."""

import json
import re
import tempfile
import time
import unittest
from pathlib import Path

import countersign_ffi as library

ROOT = Path(__file__).resolve().parents[2]
#: Where `./check bindings` puts the generated sources.
GENERATED = Path(library.__file__).parent
PASSWORD = b"correct horse battery staple"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def now(wall=None, steady_ms=None, ahead_ms=0):
    """The two clocks, or others, or a steady clock that is ahead."""
    if wall is None:
        wall = int(time.time())
    if steady_ms is None:
        clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
        steady_ms = int(time.clock_gettime(clock) * 1000)
    return library.Now(wall=wall, steady_ms=steady_ms + ahead_ms)


def totp(name, parameters=""):
    """A set-up code."""
    text = f"otpauth://totp/Example:{name}?secret={SECRET}&issuer=Example{parameters}"
    return library.recognise(text.encode())


def vectors(name):
    return json.loads((ROOT / "tests/vectors" / name).read_text(encoding="utf-8"))


def python_name(name):
    """`NotASetupCode` as Python spells it: `NOT_A_SETUP_CODE`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).upper()


class VaultTest(unittest.TestCase):
    """Each test has a folder of its own, and `self.core`: a new vault with the platform's way in, unlocked."""

    KEY = bytes(range(32))

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = str(self.folder / "vault.db")
        self.created = library.create_with_platform(self.path, self.KEY, now())
        self.core = self.created.authenticator

    def add(self, name="alice", parameters=""):
        return self.core.add(totp(name, parameters), now()).id

    def reopened(self):
        """The same vault as another process sees it, unlocked."""
        core = library.Authenticator.open(self.path)
        core.unlock(core.open_by_platform(self.KEY), None, now())
        return core

    def refused(self, reason, call, *arguments):
        """The call is refused for exactly this reason."""
        with self.assertRaises(library.CountersignError.Refused) as caught:
            call(*arguments)
        self.assertEqual(caught.exception.reason, reason)
