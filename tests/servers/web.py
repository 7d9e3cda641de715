"""HTTP as these tests need it: JSON and forms to a server on this machine, never through a proxy."""

import json
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT = 30
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Refused(Exception):
    """An answer with a status of 400 or more."""

    def __init__(self, status: int, body: str):
        super().__init__(f"{status} {body[:500]}")
        self.status, self.body = status, body


def call(method: str, url: str, data: bytes | None, headers: dict[str, str]) -> str:
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            raise Refused(error.code, error.read().decode(errors="replace")) from None


def get(url: str, **headers: str) -> str:
    return call("GET", url, None, headers)


def form(url: str, fields: dict[str, str], **headers: str) -> dict:
    return json.loads(call("POST", url, urllib.parse.urlencode(fields).encode(), headers))


def send_json(method: str, url: str, value: object, **headers: str) -> object:
    if value is None:
        text = call(method, url, None, headers)
    else:
        text = call(method, url, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})
    return json.loads(text) if text else None
