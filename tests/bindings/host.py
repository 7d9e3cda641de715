"""A host: the one loop that carries out the steps of a run."""

import http.client
import socket
import time
from urllib.parse import urlsplit

import countersign_ffi as library
import p256
from countersign_ffi import ClientAnswer, Event, HttpHeader, HttpReply, KeyFailure, NetworkFailure, Step
from support import now


class Host:
    """Keeps device keys, sends over HTTP, and answers questions by what it was told."""

    def __init__(self, core, ahead_ms=0):
        self.core, self.keys, self.asked, self.ahead_ms = core, {}, [], ahead_ms
        #: Seconds that this device's time of day is wrong.
        self.wall_ahead = 0
        self.trust, self.client, self.typed, self.presence = True, None, [], True

    def now(self):
        return now(wall=int(time.time()) + self.wall_ahead, ahead_ms=self.ahead_ms)

    def run(self, job):
        """Begins a job and carries it out; its outcome and its id."""
        run = self.core.begin(job, self.now())
        return self.finish(run, self.core.current(run, self.now())), run

    def finish(self, run, turn):
        while not isinstance(turn.step, Step.DONE):
            turn = self.step(run, turn)
        return turn.step.outcome

    def step(self, run, turn):
        step = turn.step
        if isinstance(step, Step.ASK):
            return self.answer(run, turn.number, step.question)
        if isinstance(step, Step.SEND):
            event = send(step.request)
        elif isinstance(step, Step.CREATE_KEY):
            key = self.keys.setdefault(step.request.key_id, p256.Key())
            event = Event.KEY_CREATED(key.public)
        elif isinstance(step, Step.SIGN):
            key = self.keys.get(step.request.key_id)
            event = Event.SIGNED(key.sign(step.request.bytes)) if key else Event.KEY_REFUSED(KeyFailure.GONE)
        else:
            time.sleep(step.ms / 1000)
            event = Event.WOKE()
        return self.core.next(run, turn.number, event, self.now())

    def answer(self, run, turn, question):
        self.asked.append(question)
        if question.is_ANSWER() and self.typed:
            return self.core.answer_typed(run, turn, self.typed.pop(0), self.now())
        if question.is_CLIENT() and self.client:
            name, secret = self.client
            return self.core.answer_client(run, ClientAnswer(turn=turn, id=name), secret, self.now())
        yes = {"TRUST": self.trust, "PRESENCE": self.presence, "LOCK_OUT": True}
        kind = type(question).__name__.rpartition(".")[2]
        event = Event.CONFIRMED(yes[kind]) if kind in yes else Event.NOT_ANSWERED()
        return self.core.next(run, turn, event, self.now())


def send(request):
    """One request, no redirect followed, no more read than is wanted."""
    url = urlsplit(request.url)
    secure = url.scheme == "https"
    connection = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(
        url.hostname, url.port, timeout=request.timeout_ms / 1000
    )
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = {header.name: header.value for header in request.headers}
    try:
        connection.connect()
    except OSError:
        return Event.NO_REPLY(NetworkFailure.NOT_CONNECTED)
    try:
        connection.request(request.method.name, target, request.body, headers)
        reply = connection.getresponse()
        body = reply.read(request.max_reply_bytes + 1)
    except socket.timeout:
        return Event.NO_REPLY(NetworkFailure.TIMED_OUT)
    except (OSError, http.client.HTTPException):
        return Event.NO_REPLY(NetworkFailure.CUT)
    finally:
        connection.close()
    if len(body) > request.max_reply_bytes:
        return Event.NO_REPLY(NetworkFailure.TOO_LARGE)
    names = [HttpHeader(name=name, value=value) for name, value in reply.getheaders()]
    return Event.REPLY(HttpReply(status=reply.status, headers=names, body=body))


def enrol(scanned):
    """The job that sets up an account of the practice site."""
    return library.Job.ENROL(scanned, "Contract test", "android", True)
