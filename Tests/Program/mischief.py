"""Servers that misbehave for some requests, and behave afterwards."""

import socket
import ssl
import struct
import threading
import time
from typing import Callable
from urllib.parse import urlsplit

from shop import Arrival

# Longer than any try: whoever waits so long was not ended by who asked.
CONNECTION_SECONDS = 40
DRIP_SECONDS = 0.2
MUCH_BYTES = 10_000_000
PART_BYTES = 65_536
# So that what nobody reads does not lie in the system's buffers.
SEND_BUFFER_BYTES = 65_536
# A close that is a reset.
RESET = struct.pack("ii", 1, 0)

Act = Callable[["Troublemaker", socket.socket, Arrival], int]


class Troublemaker:
    """Answers each request by the next of its acts, and then by 200. One request to a connection.

    An act that is an `ssl.SSLContext` is a certificate: what asks is refused by it, or not.
    """

    def __init__(self, *acts: Act | ssl.SSLContext, good: ssl.SSLContext | None = None,
                 always: Act | None = None, port: int = 0):
        self.arrivals: list[Arrival] = []
        # The code that each of them got, 0 for none that can be read.
        self.codes: list[int] = []
        self.connections = 0
        # Says of a request, as it comes, whether it is genuine; those that were not.
        self.verify: Callable[[Arrival], bool] = lambda arrival: True
        self.refused: list[Arrival] = []
        # Bytes of bodies that were taken, by connection.
        self.written: list[int] = []
        self._acts = list(acts)
        self._always = always or code(200)
        self._good = good
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", port), backlog=64)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        scheme = "http" if good is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return  # It was closed.
            connection.settimeout(CONNECTION_SECONDS)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self.connections += 1
            act = self._acts.pop(0) if self._acts else self._always
        try:
            if act is deaf:
                act(self, connection, None)
                return
            if self._good is not None:
                context = act if isinstance(act, ssl.SSLContext) else self._good
                connection = context.wrap_socket(connection, server_side=True)
            if isinstance(act, ssl.SSLContext):
                act = self._always
            arrival = read_request(connection)
            if not self.verify(arrival):
                self.refused.append(arrival)
            # It is written down before the answer: who has the answer may look at once.
            with self._lock:
                place = len(self.arrivals)
                self.arrivals.append(arrival)
                self.codes.append(0)
            answered = act(self, connection, arrival)
            self.codes[place] = answered
        except (OSError, ValueError):
            pass  # Who asked has gone, or never said what it wants.
        finally:
            connection.close()

    def close(self) -> None:
        """Listens no more, not even in the thread that waits for a connection."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def read_request(connection: socket.socket) -> Arrival:
    """A request, whole."""
    file = connection.makefile("rb")
    words = file.readline().decode().split()
    headers = {}
    while (line := file.readline()) not in (b"\r\n", b""):
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    if len(words) != 3:
        raise ValueError("no request")
    parts = urlsplit(words[1])
    body = file.read(int(headers.get("content-length", 0)))
    return Arrival(words[0], parts.path, parts.query, headers, body)


def code(number: int, *headers: str, for_get: int | None = None) -> Act:
    """Answers with this code; a GET with another, if one is given."""
    def act(_: Troublemaker, connection: socket.socket, arrival: Arrival) -> int:
        answered = for_get if for_get and arrival.method == "GET" else number
        lines = [f"HTTP/1.1 {answered} Whatever", "Content-Length: 0", "Connection: close",
                 *headers]
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return answered
    return act


def hang(_: Troublemaker, connection: socket.socket, __: Arrival) -> int:
    """Says nothing until who asked has gone."""
    connection.recv(1)
    return 0


def deaf(_: Troublemaker, connection: socket.socket, __: None) -> int:
    """Reads no request and says nothing, not even a word of TLS, until who asked has gone."""
    while connection.recv(PART_BYTES):
        pass
    return 0


def drip(beginning: bytes, drop: bytes, answered: int) -> Act:
    """Says this, and then a drop again and again."""
    def act(_: Troublemaker, connection: socket.socket, __: Arrival) -> int:
        connection.sendall(beginning)
        end = time.monotonic() + CONNECTION_SECONDS
        while time.monotonic() < end:
            try:
                connection.sendall(drop)
            except OSError:
                break  # Who asked has had enough.
            time.sleep(DRIP_SECONDS)
        return answered
    return act


def much(number: int) -> Act:
    """Answers with this code and 10 MB."""
    def act(server: Troublemaker, connection: socket.socket, _: Arrival) -> int:
        head = f"HTTP/1.1 {number} Much\r\nContent-Length: {MUCH_BYTES}\r\n\r\n"
        connection.sendall(head.encode())
        written = 0
        try:
            while written < MUCH_BYTES:
                written += connection.send(b"x" * min(PART_BYTES, MUCH_BYTES - written))
        except OSError:
            pass  # Who asked has had enough.
        server.written.append(written)
        return number
    return act


def break_off(beginning: bytes, answered: int = 0, is_reset: bool = False) -> Act:
    """Says this and closes."""
    def act(_: Troublemaker, connection: socket.socket, __: Arrival) -> int:
        connection.sendall(beginning)
        if is_reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        return answered
    return act
