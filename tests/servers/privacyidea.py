"""privacyIDEA as an administrator and as a page that signs people in."""

import base64
import pathlib

import server
import web

ADMINISTRATOR = {"username": "admin", "password": "admin-test-pw"}
PIN = "1234"


class PrivacyIdea:
    """A server of this test run, with push tokens by polling switched on."""

    NAME = "privacyidea"
    # Kinds of push tokens: each has its policies and its address.
    KINDS = ("push",)

    def __init__(self, folder: pathlib.Path):
        self.port = server.free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.server = server.Server(
            f"{self.NAME}.sh", server.STORE / self.NAME, folder, self.port, ready=f"{self.base}/auth", patience=120
        )
        self.server.start()
        self.token = web.form(f"{self.base}/auth", ADMINISTRATOR)["result"]["value"]["token"]
        for kind in self.KINDS:
            self.reached_at(kind, self.port)

    # As an administrator.

    def admin(self, method: str, path: str, value: object = None) -> dict:
        return web.send_json(method, self.base + path, value, Authorization=self.token)

    def policy(self, name: str, scope: str, *actions: str) -> None:
        self.admin("POST", f"/policy/{name}", {"scope": scope, "active": True, "action": list(actions)})

    def reached_at(self, kind: str, port: int) -> None:
        """Phones with this kind of token, set up from now on, reach the server there, and ask for what waits."""
        self.policy(
            f"enrolment-{kind}",
            "enrollment",
            f"{kind}_firebase_configuration=poll only",
            f"{kind}_registration_url=http://127.0.0.1:{port}/ttype/{kind}",
        )

    def restart(self) -> None:
        self.server.stop()
        self.server.start()

    def without_policy(self, name: str) -> None:
        self.admin("DELETE", f"/policy/{name}")

    def add_user(self, name: str, folder: pathlib.Path) -> None:
        users = folder / "users"
        users.write_text(f"{name}:x:1001:1001:{name},,,:/home/{name}:/bin/sh\n")
        self.admin("POST", "/resolver/file", {"type": "passwdresolver", "fileName": str(users)})
        self.admin("POST", "/realm/test", {"resolvers": "file"})
        self.admin("POST", "/defaultrealm/test")

    def new_token(self, kind: str, **more: object) -> dict:
        """What the set-up page shows: `serial`, and `pushurl` or `googleurl` with a text and a picture."""
        return self.admin("POST", "/token/init", {"type": kind, "genkey": 1, "pin": PIN, **more})["detail"]

    def delete_token(self, serial: str) -> None:
        self.admin("DELETE", f"/token/{serial}")

    def stored_token(self, serial: str) -> dict:
        return self.admin("GET", f"/token/?serial={serial}")["result"]["value"]["tokens"][0]

    # As the page that signs a person in.

    def sign_in(self, serial: str) -> dict:
        """The first factor is right: the page now waits for the phone. Its `transaction_id`, perhaps a number."""
        return self.challenge({"serial": serial, "pass": PIN})

    def sign_in_user(self, user: str) -> dict:
        return self.challenge({"user": user, "realm": "test", "pass": PIN})

    def challenge(self, fields: dict) -> dict:
        answer = web.form(f"{self.base}/validate/check", fields)
        if answer["result"]["authentication"] != "CHALLENGE":
            raise AssertionError(answer)
        return answer["detail"]

    def status(self, challenge: dict) -> str:
        """`pending`, `accept` or `declined`."""
        answer = web.get(f"{self.base}/validate/polltransaction/{challenge['transaction_id']}")
        return web.json.loads(answer)["detail"]["challenge_status"]

    def finish(self, serial: str, challenge: dict, code: str = "") -> bool:
        """Whether the person is now signed in."""
        return self.check({"serial": serial, "transaction_id": challenge["transaction_id"], "pass": code})

    def check(self, fields: dict) -> bool:
        return web.form(f"{self.base}/validate/check", fields)["result"]["authentication"] == "ACCEPT"

    def close(self) -> None:
        self.server.stop()


def picture(data_uri: str, file: pathlib.Path) -> pathlib.Path:
    """A picture as a page carries it, as a file."""
    head, data = data_uri.split(",", 1)
    if head != "data:image/png;base64":
        raise AssertionError(head)
    file.write_bytes(base64.b64decode(data))
    return file
