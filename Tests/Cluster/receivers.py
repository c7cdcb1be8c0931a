"""Receivers of notifications which count who is with them at once, and may hang."""

import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

BACKLOG = 128
# A receiver that hangs is let go at the latest when its caller has given up.
HANG_LIMIT_SECONDS = 60
ACCEPTED = 200


@dataclass(frozen=True)
class Told:
    """One notification as it came."""

    order: str
    status: str
    query: str
    at: float


class Crowd:
    """How many are there at once, and how many there have been at most."""

    def __init__(self):
        self._lock = threading.Lock()
        self.now = 0
        self.most = 0

    def enter(self) -> None:
        """One more has come."""
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)

    def leave(self) -> None:
        """One has gone."""
        with self._lock:
            self.now -= 1


class Receiver:
    """Listens on this machine. Each request takes its time, or waits for its answer."""

    def __init__(self, crowds: tuple[Crowd, ...] = (), seconds: float = 0):
        self.own = Crowd()
        self._crowds = (self.own, *crowds)
        self._seconds = seconds
        self._told: list[Told] = []
        self._lock = threading.Lock()
        self._held: list[Held] = []
        self._holds = False
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/told"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def hold(self) -> None:
        """Has requests that come from now on wait for `Held.answer`."""
        with self._lock:
            self._holds = True

    def pass_on(self) -> None:
        """Has requests that come from now on wait no longer."""
        with self._lock:
            self._holds = False

    def release(self) -> None:
        """Holds nobody any more, and lets those go who were held."""
        self.pass_on()
        for each in self.held():
            each.answer()

    def held(self) -> list["Held"]:
        """The requests that were held, the first one first."""
        with self._lock:
            return list(self._held)

    def told(self) -> list[Told]:
        """All notifications that came, in their order, answered or not."""
        with self._lock:
            return list(self._told)

    def times(self) -> Counter:
        """How many times each order was told."""
        return Counter(each.order for each in self.told())

    def close(self) -> None:
        """Lets everybody go and stops listening."""
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def _take(self, target: str) -> int:
        query = urlsplit(target).query
        fields = dict(parse_qsl(query, keep_blank_values=True))
        told = Told(fields["order_id"], fields["payment_status"], query, time.monotonic())
        held = Held(told)
        with self._lock:
            self._told.append(told)
            is_held = self._holds
            if is_held:
                self._held.append(held)
        if is_held:
            return held.wait()
        time.sleep(self._seconds)
        return ACCEPTED

    def _handler(self) -> type:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            """Answers a GET."""

            protocol_version = "HTTP/1.1"

            def do_GET(self):
                """Takes the notification. Whoever has the answer is counted no more, so that the
                next one, who comes at once, is not counted beside him."""
                for crowd in receiver._crowds:
                    crowd.enter()
                try:
                    code = receiver._take(self.path)
                finally:
                    for crowd in receiver._crowds:
                        crowd.leave()
                self.send_response(code)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format, *arguments):
                """Says nothing: the cases speak."""

        return Handler


class Held:
    """A request that waits for its answer."""

    def __init__(self, told: Told):
        self.told = told
        self._code = ACCEPTED
        self._gate = threading.Event()

    def answer(self, code: int = ACCEPTED) -> None:
        """Has it answered with this code."""
        self._code = code
        self._gate.set()

    def wait(self) -> int:
        """The code to answer with, once it is known."""
        self._gate.wait(HANG_LIMIT_SECONDS)
        return self._code


class _Server(ThreadingHTTPServer):
    """A server whose callers may be killed at any moment."""

    request_queue_size = BACKLOG

    def handle_error(self, request, client_address):
        """Says nothing: a caller that was killed is what this is about."""


@contextmanager
def receiving(*arguments, **named):
    """A receiver, which is closed afterwards."""
    receiver = Receiver(*arguments, **named)
    try:
        yield receiver
    finally:
        receiver.close()
