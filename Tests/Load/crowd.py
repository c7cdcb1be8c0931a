"""A crowd of connections that ask for nothing, in a process of its own.

  python3 crowd.py --port 8080 --silent 10 --head 10 --body 10 --kept 10 --late 10 [--reopen 500]

`silent` say nothing, `head` and `body` send a byte of it every second, `kept` ask once and then
nothing, `late` ask once and then drip a head. Prints a line of JSON once all are open, and another
of how they ended when standard input is closed, when none is open and none is to be opened again,
or when its time is over.
"""

import argparse
import json
import random
import resource
import select
import socket
import sys
import time
from collections import Counter

BEGINNINGS = {
    "silent": b"",
    "head": b"POST /v1/payment HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "body": b"POST /v1/payment HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n",
    "kept": b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "late": b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nX-Slow: ",
}
DRIPPING = ("head", "body", "late")
DRIP_SECONDS = 1.0
# So many at once wait for their connection; the server's own queue of them is short.
CONNECTING = 100
TURN_SECONDS = 0.05
READ_BYTES = 65536
# Nobody is waited for longer, whatever the server does.
LIFETIME_SECONDS = 90


class Stranger:
    """One connection."""

    def __init__(self, kind: str, port: int):
        self.kind = kind
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.connect_ex(("127.0.0.1", port))
        self.is_open = False
        self.since = time.monotonic()
        self.code = ""

    def read(self) -> bool:
        """Reads what came; whether the connection is still there."""
        try:
            data = self.socket.recv(READ_BYTES)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if data.startswith(b"HTTP/1."):
            self.code = data[9:12].decode("latin-1")
        return bool(data)

    def send(self, data: bytes) -> bool:
        """Sends a few bytes; whether the connection is still there."""
        try:
            self.socket.send(data)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return True


class Crowd:
    """All of them."""

    def __init__(self, port: int, wanted: dict[str, int], reopen: int):
        self.port = port
        self.reopen = reopen
        self.to_open = [kind for kind, count in wanted.items() for _ in range(count)]
        # The kinds come mixed, as they would, and the same way each time.
        random.Random(0).shuffle(self.to_open)
        self.poll = select.epoll()
        self.there: dict[int, Stranger] = {}
        self.connecting = 0
        self.open = 0
        self.most_open = 0
        self.counts = {kind: Counter() for kind in BEGINNINGS}
        self.lasted = {kind: [] for kind in BEGINNINGS}
        self.codes = {kind: Counter() for kind in BEGINNINGS}
        self.was_told = False

    def run(self) -> None:
        """Goes on until standard input ends, or all is over."""
        self.poll.register(sys.stdin.fileno(), select.EPOLLIN | select.EPOLLHUP)
        now = time.monotonic()
        end, drip_at, refill_at = now + LIFETIME_SECONDS, now + DRIP_SECONDS, now + DRIP_SECONDS
        again: list[str] = []
        while now < end and (self.there or self.to_open or (self.reopen and again)):
            while self.to_open and self.connecting < CONNECTING:
                self.begin(self.to_open.pop())
            for number, event in self.poll.poll(TURN_SECONDS):
                if number == sys.stdin.fileno():
                    return
                if ended := self.attend(number, event):
                    again.append(ended)
            now = time.monotonic()
            if now >= drip_at:
                drip_at = now + DRIP_SECONDS
                self.drip()
            if self.reopen and self.was_told and now >= refill_at:
                refill_at = now + DRIP_SECONDS
                self.to_open += again[:self.reopen]
                del again[:self.reopen]
            if not self.to_open and not self.connecting and not self.was_told:
                self.was_told = True
                print(json.dumps({"open": self.open}), flush=True)

    def begin(self, kind: str) -> None:
        """Begins to connect one."""
        stranger = Stranger(kind, self.port)
        self.there[stranger.socket.fileno()] = stranger
        self.poll.register(stranger.socket, select.EPOLLOUT | select.EPOLLIN)
        self.connecting += 1

    def attend(self, number: int, event: int) -> str | None:
        """Looks after one; its kind, if it has ended."""
        stranger = self.there[number]
        if not stranger.is_open:
            self.connecting -= 1
            if stranger.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                return self.end(stranger, "refused")
            stranger.is_open = True
            stranger.since = time.monotonic()
            self.counts[stranger.kind]["opened"] += 1
            self.open += 1
            self.most_open = max(self.most_open, self.open)
            self.poll.modify(number, select.EPOLLIN)
            first = BEGINNINGS[stranger.kind]
            return None if not first or stranger.send(first) else self.end(stranger, "closed")
        return None if stranger.read() else self.end(stranger, "closed")

    def end(self, stranger: Stranger, how: str) -> str:
        """Writes down how one ended."""
        self.counts[stranger.kind][how] += 1
        if stranger.is_open:
            self.open -= 1
            self.lasted[stranger.kind].append(time.monotonic() - stranger.since)
            self.codes[stranger.kind][stranger.code or "none"] += 1
        del self.there[stranger.socket.fileno()]
        stranger.socket.close()
        return stranger.kind

    def drip(self) -> None:
        """Has those that drip send their next byte; one that is gone is found by reading."""
        for stranger in self.there.values():
            if stranger.is_open and stranger.kind in DRIPPING:
                stranger.send(b"x")

    def report(self) -> dict:
        """How it went, by kind; what `codes` counts are the answers of those that ended."""
        kinds = {
            kind: {"counts": self.counts[kind], "codes": self.codes[kind],
                   "shortest": min(self.lasted[kind], default=0),
                   "longest": max(self.lasted[kind], default=0)}
            for kind in BEGINNINGS
        }
        return {"kinds": kinds, "open": self.open, "most_open": self.most_open}


def main() -> None:
    parser = argparse.ArgumentParser(description="Opens connections that ask for nothing.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--reopen", type=int, default=0, help="so many in a second, when closed")
    for kind in BEGINNINGS:
        parser.add_argument(f"--{kind}", type=int, default=0)
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    crowd = Crowd(options.port, {kind: getattr(options, kind) for kind in BEGINNINGS},
                  options.reopen)
    crowd.run()
    print(json.dumps(crowd.report()), flush=True)


if __name__ == "__main__":
    main()
