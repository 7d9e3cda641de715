"""A tiqr server by the published protocol (https://github.com/Tiqr/tiqr-server-libphp, 4.3), as much of it as a phone
sees."""

import hashlib
import hmac
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SUITE = "OCRA-1:HOTP-SHA1-6:QH10-S"
SESSION, CHALLENGE = "0da1c51c3c3be54441527d4e5bde3710", "747d558f3d"
SIGN_IN = f"tiqrauth://alice@tiqr.example/{SESSION}/{CHALLENGE}/sp.example/2".encode()


class Server:
    """One user, one sign-in."""

    def __init__(self):
        self.secret, self.answers = None, []
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), lambda *args: Handler(self, *args))
        self.base = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def set_up_code(self):
        return f"tiqrenroll://{self.base}/metadata?enrollment_key=1".encode()

    def stop(self):
        self.http.shutdown()
        self.http.server_close()

    def metadata(self):
        service = {
            "displayName": "Example tiqr", "identifier": "tiqr.example", "ocraSuite": SUITE,
            "authenticationUrl": self.base + "/authentication",
            "enrollmentUrl": self.base + "/finish-enrollment?enrollment_secret=2",
        }
        return {"service": service, "identity": {"identifier": "alice", "displayName": "Alice"}}

    def login(self, fields):
        self.answers.append(fields["response"][0])
        return {"responseCode": 1 if self.answers[-1] == ocra(self.secret) else 201, "attemptsLeft": 2}


class Handler(BaseHTTPRequestHandler):
    def __init__(self, server, *args):
        self.site = server
        super().__init__(*args)

    def do_GET(self):
        self.tell(self.site.metadata())

    def do_POST(self):
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if urlsplit(self.path).path == "/authentication":
            self.tell(self.site.login(fields))
        else:
            self.site.secret = bytes.fromhex(fields["secret"][0])
            self.tell({"responseCode": 1})

    def tell(self, said):
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing: the test says what it has seen."""


def ocra(secret):
    """RFC 6287, section 5, for the one suite and the one sign-in."""
    question, session = bytes.fromhex(CHALLENGE).ljust(128, b"\0"), bytes.fromhex(SESSION).rjust(64, b"\0")
    mac = hmac.digest(secret, SUITE.encode() + b"\0" + question + session, hashlib.sha1)
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


if __name__ == "__main__":
    # For the tests of the apps, which are told both codes and end it with its input.
    server = Server()
    print(server.set_up_code().decode(), SIGN_IN.decode(), sep="\n", flush=True)
    sys.stdin.read()
