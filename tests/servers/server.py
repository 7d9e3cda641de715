"""Starting and stopping a real server on this machine."""

import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error

import web

HERE = pathlib.Path(__file__).resolve().parent
STORE = pathlib.Path(os.environ.get("COUNTERSIGN_SERVERS") or HERE.parents[1] / ".check" / "servers")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A script of this folder that runs a server until it gets TERM, in a process group of its own."""

    def __init__(self, script: str, *arguments: object, ready: str, patience: float):
        self.command = ["sh", str(HERE / script), "run", *map(str, arguments)]
        self.ready, self.patience = ready, patience
        self.log = tempfile.TemporaryFile()
        self.process = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True
        )
        deadline = time.monotonic() + self.patience
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"{self.command} did not start:\n{self.output()}")
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            web.get(self.ready)
            return True
        except web.Refused as refusal:
            return refusal.status in (401, 405)
        except urllib.error.URLError:
            return False

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process = None

    def output(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")


def end_on_term() -> None:
    """Lets clean-up run when the test run itself is told to end."""
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(SystemExit("told to end")))
