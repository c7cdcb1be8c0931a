"""The server that gets the notifications: what came, and when."""

import mmap
import os
import struct
import subprocess
from pathlib import Path

from server import stop, wait_for_answer
from shell import must
from stores import TOOLS
from yardsticks import BUILD

from gateway import free_port  # isort: skip

NUMBER_BYTES = 8
PROBE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Receiver:
    """Receives at `url(number)`, hangs at `hanging_url(number)`, and nobody is at `dead_url`."""

    def __init__(self, folder: Path, capacity: int):
        tool = BUILD / "receiver"
        BUILD.mkdir(exist_ok=True)
        must(os.environ.get("CC", "cc"), "-O2", "-Wall", "-Werror", TOOLS / "receiver.c",
             "-o", tool)
        self.port, self._hanging_port, self._dead_port = free_port(), free_port(), free_port()
        self._path = folder / "received"
        self._process = subprocess.Popen(
            [str(each) for each in (tool, self.port, self._hanging_port, self._path, capacity)],
            stdin=subprocess.DEVNULL)
        try:
            wait_for_answer(self._process, self.port, PROBE, b"HTTP/1.1 200")
        except BaseException:
            stop(self._process)
            raise
        with open(self._path, "rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._first = self.count

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def count(self) -> int:
        """How many requests have come."""
        return struct.unpack_from("@q", self._bytes, 0)[0]

    def forget(self) -> None:
        """Counts from here on."""
        self._first = self.count

    @property
    def new(self) -> int:
        """How many requests have come since then."""
        return self.count - self._first

    def arrivals(self) -> list[tuple[int, int]]:
        """Payment and microseconds of each of them, in the order in which they came."""
        numbers = memoryview(self._bytes)[NUMBER_BYTES:].cast("q")[2 * self._first:2 * self.count]
        return list(zip(numbers[::2], numbers[1::2], strict=True))

    def url(self, number: int) -> str:
        """Each number has an address of its own, as merchants have."""
        return self._url(number, self.port)

    def hanging_url(self, number: int) -> str:
        """Takes the request, and never answers."""
        return self._url(number, self._hanging_port)

    def dead_url(self, number: int) -> str:
        """Refuses the connection."""
        return self._url(number, self._dead_port)

    def end(self) -> None:
        """Stops it."""
        stop(self._process)

    def _url(self, number: int, port: int) -> str:
        return f"http://127.1.{number // 250}.{number % 250 + 1}:{port}/notify/{number}"
