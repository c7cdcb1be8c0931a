"""A small steady load, whose every call has to be answered."""

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from house import House
from merchants import Client
from suite import expect

PATH = "/v1/payment/status"
CLIENTS = 4
PAUSE_SECONDS = 0.02
# No assertion of speed: who waits so long would have gone.
PATIENCE_SECONDS = 5.0
JOIN_SECONDS = 60


@dataclass
class Measured:
    """How long each call took, in seconds, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def must_be_good(self, what: str) -> None:
        """Every call was answered 200, and none waited beyond all patience."""
        expect(self.seconds, f"{what}: no call was made")
        expect(not self.faults, f"{what}: of {len(self.seconds)} calls {len(self.faults)} failed, "
                                f"first {self.faults[:1]}")
        expect(max(self.seconds) < PATIENCE_SECONDS, f"{what}: one took {max(self.seconds):.1f} s")

    def words(self) -> str:
        """The count, and the times that half and 99 of 100 calls stay within."""
        ordered = sorted(self.seconds)
        p50, p99 = (ordered[int(len(ordered) * part)] * 1000 for part in (0.5, 0.99))
        return f"{len(ordered)} calls, p50 {p50:.1f} ms, p99 {p99:.1f} ms"


def call_until(over: threading.Event, port: int, path: str, raw: bytes, headers: dict[str, str],
               measured: Measured) -> None:
    """One client's calls. The lists are shared: appending is safe among threads."""
    client = Client(port)
    while not over.is_set():
        begun = time.monotonic()
        try:
            answer = client.post(path, raw, headers)
            if answer.status != 200:
                measured.faults.append(f"{answer.status} {answer.body[:200]!r}")
        except OSError as error:
            measured.faults.append(repr(error))
            client.close()
        measured.seconds.append(time.monotonic() - begun)
        time.sleep(PAUSE_SECONDS)
    client.close()


@contextmanager
def load(house: House, clients: int = CLIENTS):
    """Asks for one payment's status all the time, from a few clients that keep connections."""
    raw, headers = house.shop.signed({"id": house.payment["id"]})
    over, measured = threading.Event(), Measured()
    threads = [
        threading.Thread(target=call_until,
                         args=(over, house.port, PATH, raw, headers, measured))
        for _ in range(clients)
    ]
    for each in threads:
        each.start()
    try:
        yield measured
    finally:
        over.set()
        for each in threads:
            each.join(JOIN_SECONDS)
