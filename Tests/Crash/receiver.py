"""A merchant's receiver of notifications, which writes each into the journal before it answers."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from journal import NOTIFIED, Journal
from signer import is_signed

ACCEPTED = 200
# A path of `/moody/…` is refused with this code at first; `/steady/…` never is.
REFUSED = 500
BACKLOG = 128


class Receiver:
    """Listens on this machine; the last part of a path is the order that it is about."""

    def __init__(self, journal: Journal):
        self._journal = journal
        self._refused: set[str] = set()
        self._accepted: set[str] = set()
        # The accounts' webhook secrets.
        self.secrets: dict[str, str] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def accepted(self) -> set[str]:
        """The orders whose notification was accepted."""
        with self._lock:
            return set(self._accepted)

    def take(self, target: str, headers: dict[str, str]) -> int:
        """Writes down a notification and says with which code to answer."""
        parts = urlsplit(target)
        _, mood, order = parts.path.split("/")
        with self._lock:
            code = REFUSED if mood == "moody" and order not in self._refused else ACCEPTED
            (self._refused if code == REFUSED else self._accepted).add(order)
        self._journal.add(NOTIFIED, order=order, query=parts.query, code=code,
                          message=headers.get("webhook-id", ""),
                          is_signed=self._is_signed(parts.query, headers))
        return code

    def _is_signed(self, query: str, headers: dict[str, str]) -> bool:
        """Whether the library of Standard Webhooks finds it genuine, now: it refuses old ones."""
        account = dict(parse_qsl(query)).get("account", "")
        return account in self.secrets and is_signed(self.secrets[account], query, headers)

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            """Answers a GET."""

            protocol_version = "HTTP/1.1"

            def do_GET(self):
                """Takes the notification."""
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.send_response(receiver.take(self.path, headers))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format, *arguments):
                """Says nothing: the journal speaks."""

        return Handler


class _Server(ThreadingHTTPServer):
    """A server whose callers may be killed at any moment."""

    request_queue_size = BACKLOG

    def handle_error(self, request, client_address):
        """Says nothing: a caller that was killed is what this is about."""
