"""The shop of the guides, `https://shop.example`: an endpoint that keeps what it is told."""

import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

ARRIVAL_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Arrival:
    """A request that came: its target and body as they were, its headers in small letters."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> str:
        """The raw query."""
        return urlsplit(self.target).query

    @property
    def fields(self) -> dict[str, str]:
        """The query's fields, in order."""
        return dict(parse_qsl(self.query, strict_parsing=True))

    @property
    def payload(self) -> bytes:
        """What the headers of Standard Webhooks sign."""
        return self.query.encode() if self.method == "GET" else self.body


class Shop:
    """Listens on a port of loopback, answers 200, and writes each target into a log."""

    def __init__(self, log: Path):
        arrivals: queue.Queue[Arrival] = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with open(log, "a") as file:
                    file.write(f'"{self.command} {self.path} HTTP/1.1" 200\n')
                arrivals.put(Arrival(self.command, self.path, headers, body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_GET

            def log_message(self, format, *arguments):
                """Says nothing: the cases speak."""

        self._arrivals = arrivals
        self.last: Arrival | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def next(self) -> Arrival:
        """The next request, awaited if need be."""
        try:
            self.last = self._arrivals.get(timeout=ARRIVAL_TIMEOUT_SECONDS)
        except queue.Empty:
            raise AssertionError("no notification came in time") from None
        return self.last

    def next_like(self, matches) -> Arrival:
        """The next request of this kind; others are passed over."""
        while True:
            arrival = self.next()
            if matches(arrival):
                return arrival

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()
