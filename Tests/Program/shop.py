"""A merchant's receiver of notifications, which answers as it is told."""

import queue
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

ARRIVAL_TIMEOUT_SECONDS = 40
SILENCE_SECONDS = 1.5


@dataclass(frozen=True)
class Arrival:
    """A request as it came."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    def fields(self) -> dict[str, str]:
        """The query's fields in their order."""
        return dict(parse_qsl(self.query, keep_blank_values=True, strict_parsing=True))


class Shop:
    """Answers 200 unless a path was told to answer with other codes, one after the other."""

    def __init__(self, port: int = 0):
        self._arrivals: dict[str, queue.Queue] = defaultdict(queue.Queue)
        self._codes: dict[tuple[str, str], list[int]] = {}
        self._forever: dict[tuple[str, str], int] = {}
        shop = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                parts = urlsplit(self.path)
                arrival = Arrival(
                    self.command, parts.path, parts.query,
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(length))
                code = shop._code(arrival)
                self.send_response(code)
                if 300 <= code < 400:
                    self.send_header("Location", f"{shop.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                shop._arrivals[parts.path].put(arrival)

            do_GET = do_POST = do_HEAD = do_PUT = answer

            def log_message(self, format, *arguments):
                """Says nothing: the cases speak."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answers(self, method: str, path: str, *codes: int, always: int | None = None) -> None:
        """Has a path answer with these codes, one for each request, then `always` or 200."""
        self._codes[method, path] = list(codes)
        if always is not None:
            self._forever[method, path] = always

    def _code(self, arrival: Arrival) -> int:
        place = (arrival.method, arrival.path)
        codes = self._codes.get(place)
        return codes.pop(0) if codes else self._forever.get(place, 200)

    def next(self, path: str, seconds: float = ARRIVAL_TIMEOUT_SECONDS) -> Arrival:
        """The next request to this path."""
        try:
            return self._arrivals[path].get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"nothing came to {path} in time") from None

    def has_silence(self, path: str) -> bool:
        """Whether nothing comes to this path for a moment."""
        try:
            self._arrivals[path].get(timeout=SILENCE_SECONDS)
        except queue.Empty:
            return True
        return False

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def open_shop(port: int = 0):
    """A shop that is closed afterwards."""
    shop = Shop(port)
    try:
        yield shop
    finally:
        shop.close()
