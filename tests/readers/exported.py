"""A phone with accounts, and what it exports."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

from accounts import ACCOUNTS

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
import phone  # noqa: E402  (the phone of the tests against real servers)

PASSWORD = "correct horse ü"


class Exporting:
    """A vault with `ACCOUNTS`, and a folder for what is written."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.phone = phone.Phone(self.path / "phone")
        links = "\n".join(account.link for account in ACCOUNTS)
        added = self.phone.do("import", "-", stdin=links)["added"]
        assert added == len(ACCOUNTS), added
        self.password = self.path / "password"
        self.password.write_text(PASSWORD + "\n", encoding="utf-8")

    def file(self, form, name, *options):
        """The path of one written file, and the object that told of it."""
        told = self.phone.do("export", form, "-o", self.path / name, *options)
        return self.path / name, told

    def json(self, form, name, *options):
        path, told = self.file(form, name, *options)
        return json.loads(path.read_text(encoding="utf-8")), told

    def close(self):
        self.folder.cleanup()


def chromium(*arguments):
    """Runs Chromium without a window."""
    program = os.environ.get("CHROMIUM", "chromium")
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
