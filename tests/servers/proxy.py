"""A proxy between a phone and a real server that does harm: it cuts, delays, doubles, truncates and answers itself."""

import http.client
import http.server
import random
import socket
import threading
import time
from collections.abc import Callable

TIMEOUT = 30
# Each as likely as the others; what is no method of a handler is a status that is answered in the server's place.
FAULTS = ("not_sent", "reply_lost", "late", "slow", "doubled", "truncated", 429, 503, 502)


class Proxy:
    """Listens on `port` until it is closed. Of 100 requests `faults` meet a fault, by the dice of `seed`."""

    def __init__(self, site_port: int, seed: int):
        self.site_port, self.dice, self.faults, self.met = site_port, random.Random(seed), 0, 0
        self.lock, self.passing = threading.Condition(), 0
        # Taken by one request with a body, before it is sent or before its reply is: then the connection is cut.
        self.before_sending: Callable[[], None] | None = None
        self.before_replying: Callable[[], None] | None = None
        self.listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"proxy": self}))
        self.listener.daemon_threads = True
        self.port = self.listener.server_port
        threading.Thread(target=self.listener.serve_forever, args=(0.05,), daemon=True).start()

    def fault(self) -> str | int | None:
        with self.lock:
            if self.dice.random() * 100 >= self.faults:
                return None
            self.met += 1
            return self.dice.choice(FAULTS)

    def roll(self) -> float:
        with self.lock:
            return self.dice.random()

    def all_arrived(self) -> None:
        """Waits until nothing is on its way any more."""
        with self.lock:
            if not self.lock.wait_for(lambda: self.passing == 0, TIMEOUT):
                raise AssertionError("requests that never arrive")

    def close(self) -> None:
        self.all_arrived()
        self.listener.shutdown()
        self.listener.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    """One request of the phone."""

    proxy: Proxy

    def do_GET(self) -> None:
        with self.proxy.lock:
            self.proxy.passing += 1
        try:
            self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.pass_on()
        except OSError:
            pass  # The phone is gone, or the server: cut as well.
        finally:
            with self.proxy.lock:
                self.proxy.passing -= 1
                self.proxy.lock.notify_all()

    do_POST = do_GET

    def pass_on(self) -> None:
        if self.body and self.proxy.before_sending:
            before, self.proxy.before_sending = self.proxy.before_sending, None
            before()
            return self.cut()
        fault = self.proxy.fault()
        if isinstance(fault, str):
            return getattr(self, fault)()
        if fault:
            if self.proxy.roll() < 0.3:
                self.ask()
            return self.reply(fault, [("Retry-After", "1")], b"<html>busy</html>")
        reply = self.ask()
        if self.body and self.proxy.before_replying:
            before, self.proxy.before_replying = self.proxy.before_replying, None
            before()
            return self.cut()
        self.reply(*reply)

    # Faults.

    def not_sent(self) -> None:
        self.cut()

    def reply_lost(self) -> None:
        self.ask()
        self.cut()

    def late(self) -> None:
        self.cut()
        time.sleep(self.proxy.roll())
        self.ask()

    def slow(self) -> None:
        time.sleep(self.proxy.roll())
        self.reply(*self.ask())

    def doubled(self) -> None:
        replies = [self.ask(), self.ask()]
        self.reply(*replies[self.proxy.roll() < 0.5])

    def truncated(self) -> None:
        status, headers, body = self.ask()
        self.reply(status, headers, body, kept=int(len(body) * self.proxy.roll()))

    # What they are made of.

    def ask(self) -> tuple[int, list[tuple[str, str]], bytes]:
        site = http.client.HTTPConnection("127.0.0.1", self.proxy.site_port, timeout=TIMEOUT)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            site.request(self.command, self.path, self.body or None, headers)
            answer = site.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError from error
        finally:
            site.close()

    def reply(self, status: int, headers: list[tuple[str, str]], body: bytes, kept: int | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:kept])

    def cut(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)
