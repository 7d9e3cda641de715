"""Stock Keycloak as an administrator, and as a browser that goes through its pages."""

import base64
import html.parser
import http.cookiejar
import pathlib
import urllib.error
import urllib.parse
import urllib.request
import uuid

import server
import web

REALM_FILE = server.HERE / "realm.json"
REALM = "totp"
PASSWORD = "pw"
CALLBACK = "http://127.0.0.1:8099/cb"


class Keycloak:
    """A server of this test run, its users made as the tests want them."""

    def __init__(self):
        self.port = server.free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.realm = f"{self.base}/realms/{REALM}"
        ready = f"{self.realm}/.well-known/openid-configuration"
        self.server = server.Server(
            "keycloak.sh", server.STORE / "keycloak", REALM_FILE, self.port, ready=ready, patience=300
        )
        self.server.start()

    def admin(self, method: str, path: str, value: object = None) -> object:
        fields = {"grant_type": "password", "client_id": "admin-cli", "username": "admin", "password": "admin-pw"}
        token = web.form(f"{self.base}/realms/master/protocol/openid-connect/token", fields)["access_token"]
        url = f"{self.base}/admin/realms/{REALM}{path}"
        return web.send_json(method, url, value, Authorization=f"Bearer {token}")

    def policy(self, kind: str, algorithm: str, digits: int, period: int = 30, counter: int = 0) -> None:
        """What codes new devices get."""
        value = {"otpPolicyType": kind, "otpPolicyAlgorithm": algorithm, "otpPolicyDigits": digits}
        value |= {"otpPolicyPeriod": period, "otpPolicyInitialCounter": counter}
        self.admin("PUT", "", value | {"otpPolicyLookAheadWindow": 1, "otpPolicyCodeReusable": False})

    def new_user(self) -> str:
        """The name of a user who must set up a device at the first sign-in."""
        name = f"alice-{uuid.uuid4().hex[:8]}"
        user = {"username": name, "enabled": True, "emailVerified": True, "email": f"{name}@example.com"}
        user |= {"firstName": "Alice", "lastName": "Example", "requiredActions": ["CONFIGURE_TOTP"]}
        password = {"type": "password", "value": PASSWORD, "temporary": False}
        self.admin("POST", "/users", user | {"credentials": [password]})
        return name

    def devices(self, name: str) -> list[dict]:
        """The code devices that the server knows of a user: `credentialData` has their parameters."""
        (user,) = self.admin("GET", f"/users?exact=true&username={name}")
        stored = self.admin("GET", f"/users/{user['id']}/credentials")
        return [web.json.loads(device["credentialData"]) for device in stored if device["type"] == "otp"]

    def accepts(self, name: str, code: str | None) -> bool:
        """The check without pages: the password and a code."""
        fields = {"grant_type": "password", "client_id": "web-app", "username": name, "password": PASSWORD}
        if code is not None:
            fields["totp"] = code
        try:
            return "access_token" in web.form(f"{self.realm}/protocol/openid-connect/token", fields)
        except web.Refused as refusal:
            if "Invalid user credentials" not in refusal.body:
                raise
            return False

    def sign_in(self, name: str) -> "Browser":
        """A browser in which the password was right: it shows the set-up page or asks for a code."""
        query = {"client_id": "web-app", "redirect_uri": CALLBACK, "response_type": "code"}
        query |= {"scope": "openid", "state": "s1"}
        browser = Browser(f"{self.realm}/protocol/openid-connect/auth?{urllib.parse.urlencode(query)}")
        browser.submit("kc-form-login", username=name, password=PASSWORD)
        return browser

    def close(self) -> None:
        self.server.stop()


class Browser:
    """Just enough of a browser: cookies, forms, and an end at the redirect to the application."""

    def __init__(self, url: str):
        self.cookies = http.cookiejar.CookieJar()
        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies), AtTheEnd())
        self.opener = urllib.request.build_opener(*handlers)
        self.go(url)

    def go(self, url: str, data: bytes | None = None) -> None:
        try:
            with self.opener.open(url, data, timeout=web.TIMEOUT) as answer:
                self.url, text = answer.url, answer.read().decode()
        except AtTheEnd.Reached as end:
            self.url, text = end.url, ""
        self.page = Page(text)
        # Keycloak marks its cookies `Secure` on plain HTTP too. Browsers take them on this machine; this
        # one has to be told.
        for cookie in self.cookies:
            cookie.secure = False

    def submit(self, form: str, **fields: str) -> None:
        action, hidden = self.page.forms[form]
        self.go(urllib.parse.urljoin(self.url, action), urllib.parse.urlencode(hidden | fields).encode())

    @property
    def signed_in(self) -> bool:
        """Whether the application was given a code for a session."""
        return self.url.startswith(CALLBACK) and "code=" in self.url


class AtTheEnd(urllib.request.HTTPRedirectHandler):
    """Follows redirects but the one to the application, where nothing listens."""

    class Reached(Exception):
        def __init__(self, url: str):
            super().__init__(url)
            self.url = url

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if newurl.startswith(CALLBACK):
            raise self.Reached(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Page(html.parser.HTMLParser):
    """What the tests look at: which page it is, its forms, the pictures and the errors, by id."""

    def __init__(self, text: str):
        super().__init__()
        self.name, self.forms, self.pictures, self.texts = "", {}, {}, {}
        self._form = self._text = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        has = {name: value or "" for name, value in attributes}
        identity = has.get("id", "")
        if tag == "body":
            self.name = has.get("data-page-id", "")
        elif tag == "form":
            self._form = self.forms[identity] = (has.get("action", ""), {})
        elif tag == "input" and self._form and has.get("type") == "hidden":
            self._form[1][has["name"]] = has.get("value", "")
        elif tag == "img":
            self.pictures[identity] = has.get("src", "")
        if identity:
            self._text = identity
            self.texts.setdefault(identity, "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None

    def handle_data(self, data):
        if self._text:
            self.texts[self._text] = (self.texts[self._text] + " " + data.strip()).strip()


def picture(data_uri: str, file: pathlib.Path) -> pathlib.Path:
    """The picture of the set-up page as a file; Keycloak puts a space after the comma."""
    head, data = data_uri.split(",", 1)
    if head != "data:image/png;base64":
        raise AssertionError(head)
    file.write_bytes(base64.b64decode(data.strip()))
    return file
