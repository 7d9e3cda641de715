"""The practice site, and a browser on it."""

import html
import http.cookiejar
import os
import re
import subprocess
import urllib.parse
import urllib.request

from support import ROOT

SERVE = ["cargo", "run", "--quiet", "-p", "countersign-practice", "--example", "serve", "--"]


class Site:
    """A practice site on a free port, with its database in memory."""

    def __init__(self, *options):
        program = os.environ.get("PRACTICE_SITE")
        command = [program] if program else SERVE
        self.process = subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.base = self.process.stdout.readline().strip()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Browser:
    """Follows links, keeps the cookie, sends forms."""

    def __init__(self, base):
        self.base, self.page = base, ""
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
        self.get("/")

    def get(self, path):
        with self.opener.open(self.base + path, timeout=20) as reply:
            self.page = reply.read().decode()
        return self

    def post(self, path, **fields):
        fields["csrf"] = self.between('name="csrf" value="', '"')
        form = urllib.parse.urlencode(fields).encode()
        with self.opener.open(self.base + path, form, timeout=20) as reply:
            self.page = reply.read().decode()
        return self

    def between(self, start, end):
        found = re.search(re.escape(start) + "(.*?)" + re.escape(end), self.page, re.DOTALL)
        assert found, f"no {start} in {self.page}"
        return html.unescape(found.group(1))

    def sign_in(self, name):
        return self.post("/sign-in", name=name, password="practice")

    def set_up(self):
        """To the page with the QR code; its text."""
        self.get("/setup/app").post("/setup/scan")
        return self.between('<textarea id="qr-text" readonly rows="5" spellcheck="false">', "</textarea>")

    def number(self):
        return self.between('<p id="number">', "</p>")

    def title(self):
        return self.between("<h1>", "</h1>")
