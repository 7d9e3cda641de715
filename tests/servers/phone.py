"""The command-line phone, as a script drives it: `--json` and exit codes."""

import json
import os
import pathlib
import subprocess

PROGRAM = os.environ.get("COUNTERSIGN_BIN") or str(
    pathlib.Path(__file__).resolve().parents[2] / "target" / "debug" / "countersign"
)
TIMEOUT = 120

REFUSED, VAULT, NETWORK = 3, 4, 5


class Refused(Exception):
    """The phone ended with another exit code than 0."""

    def __init__(self, exit_code: int, answer: dict, words: str):
        super().__init__(f"exit {exit_code}: {answer} {words}")
        self.exit_code, self.answer = exit_code, answer
        self.reason = answer.get("reason")


class Phone:
    """One vault in a folder of its own."""

    def __init__(self, folder: pathlib.Path):
        folder.mkdir(parents=True)
        self.vault, self.password = folder / "vault.db", folder / "password"
        self.password.write_text("correct horse battery staple\n")
        self.environment = {
            "HOME": str(folder),
            "LANG": "en_GB.UTF-8",
            "NO_COLOR": "1",
            "PATH": os.environ["PATH"],
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_STATE_HOME": str(folder / "state"),
        }
        # A program that runs the phone with another time of day.
        self.clock: list[str] = []
        self.do("init")

    def do(self, *arguments: object, stdin: str = "") -> dict:
        """Runs one command; what it answers. Raises `Refused` for every exit code but 0."""
        command = [*self.clock, PROGRAM, "--vault", str(self.vault), "--password-file", str(self.password)]
        run = subprocess.run(
            [*command, *map(str, arguments), "--json"],
            input=stdin.encode(),
            capture_output=True,
            env=self.environment,
            timeout=TIMEOUT,
        )
        words = run.stderr.decode(errors="replace")
        try:
            answer = json.loads(run.stdout)
        except ValueError:
            raise AssertionError(f"no JSON of {arguments[0]}: exit {run.returncode} {run.stdout!r} {words}") from None
        if run.returncode != 0:
            raise Refused(run.returncode, answer, words)
        return answer

    def requests(self, account: str | None = None) -> list[dict]:
        """The requests that wait; fails when an account could not be asked."""
        answer = self.do("pending", *([account] if account else []))
        if answer["failed"]:
            raise AssertionError(answer["failed"])
        return answer["requests"]

    def only_request(self) -> dict:
        requests = self.requests()
        if len(requests) != 1:
            raise AssertionError(f"one request expected: {requests}")
        return requests[0]

    def code(self, account: str) -> str:
        return self.do("code", account)["code"]
