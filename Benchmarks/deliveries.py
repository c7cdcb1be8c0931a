"""Measures how merchants are told: deliveries a second, latency, isolation, and a backlog."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from control import Control
from load import plain
from measured import Backlog, Drained, Isolation, Latency, Told
from process import cpu_seconds, peak_bytes
from receiver import Receiver
from server import Gateway
from shell import BenchFault, say
from stores import SQLiteStore

ENDPOINTS = 100
ENDPOINTS_AN_ACCOUNT = 10
# Deliveries of a row: so many for each second that it is to take, about.
SIGNED_A_SECOND, UNSIGNED_A_SECOND = 2_000, 5_000
# A rate is that of the middle of a row, without its beginning and its end.
FIRST_PART, LAST_PART = 0.1, 0.9
DRAIN_TIMEOUT_SECONDS = 180
LOOK_SECONDS = 0.02
LATENCIES_A_SECOND = 40
WARM_UPS = 20
PAUSE_SECONDS = 0.01  # Between two payments: the house is idle again.
ARRIVAL_TIMEOUT_SECONDS = 10
ISOLATED, ISOLATED_AN_ACCOUNT = 1_000, 20
# Of each 20 endpoints 4 hang and 2 refuse connections.
HANGING, REFUSING = range(4), range(4, 6)
EVENTS_A_SECOND = 250
# A receiver that hangs is found out after 15 s of silence: that is a part of the run.
ISOLATION_ROWS = 4
SEED = 7
# How long the receiver is measured alone, and room for what it takes meanwhile.
ALONE_SECONDS, ALONE_AT_MOST = 2, 2_000_000


class House:
    """A store with accounts and endpoints, whose server is stopped between two rows."""

    def __init__(self, binary: Path, folder: Path, public_key: Path, receiver: Receiver,
                 endpoints: int, an_account: int):
        folder.mkdir()
        self.store = SQLiteStore(folder)
        self.gateway = Gateway(binary, folder, self.store.arguments, public_key)
        self.receiver = receiver
        self.endpoints: list[tuple[str, int]] = []
        with self.running() as control:
            for number in range(endpoints):
                if number % an_account == 0:
                    account = (self.gateway.account if number == 0 else
                               control.act("merchant.create", name="Kedai Kopi")["account"])
                added = control.act("endpoint.add", account=account, url=receiver.url(number))
                self.endpoints.append((account, added["id"]))

    @contextmanager
    def running(self) -> Iterator[Control]:
        """Its server runs; its control socket."""
        self.gateway.start()
        try:
            with closing(Control(self.store.folder / "data")) as control:
                yield control
        finally:
            self.gateway.end()

    def set(self, **fields: object) -> None:
        """Changes all endpoints."""
        with self.running() as control:
            for account, number in self.endpoints:
                control.act("endpoint.set", account=account, id=number, **fields)

    def drain(self, count: int) -> Drained:
        """Starts the server when so many deliveries wait, and measures until none waits."""
        first = self.store.fill_events(len(self.endpoints), count, waiting=True)
        self.receiver.forget()
        marks = [round(count * FIRST_PART), round(count * LAST_PART)]
        cpu: list[float] = []
        with self.running():
            end = time.monotonic() + DRAIN_TIMEOUT_SECONDS
            while self.receiver.new < count or self.store.waiting_deliveries() > 0:
                if time.monotonic() > end:
                    raise BenchFault(f"only {self.receiver.new:,} of {count:,} were told in time")
                for _ in range(sum(self.receiver.new >= mark for mark in marks) - len(cpu)):
                    cpu.append(cpu_seconds(self.gateway.pid))
                time.sleep(LOOK_SECONDS)
            peak = peak_bytes(self.gateway.pid)
        told = self.receiver.arrivals()
        if {payment for payment, _ in told} != set(range(first, first + count)):
            raise BenchFault(f"{count:,} were to be told, and others were")
        begun, ended = (told[mark - 1][1] for mark in marks)
        middle = marks[1] - marks[0]
        return Drained(count, middle * 1e6 / (ended - begun),
                       (cpu[1] - cpu[0]) / middle * 1e6, peak)


def measure(binary: Path, folder: Path, public_key: Path, seconds: int, backlog: int) -> Told:
    """All figures; `seconds` is about what a row takes."""
    isolated = EVENTS_A_SECOND * seconds * ISOLATION_ROWS
    rows = 2 * 2 * seconds * (SIGNED_A_SECOND + UNSIGNED_A_SECOND)
    receiver = Receiver(folder, 2 * (rows + backlog + 2 * isolated) + ALONE_AT_MOST)
    try:
        alone = plain(receiver.url(0), ALONE_SECONDS)
        say(f"   the receiver alone: {alone:,.0f}/s")
        receiver.forget()

        def house(name: str, endpoints: int, an_account: int) -> House:
            return House(binary, folder / name, public_key, receiver, endpoints, an_account)

        latency = _latency(house("latency", 1, 1), LATENCIES_A_SECOND * seconds)
        rates, found = {}, None
        for endpoints in (1, ENDPOINTS):
            place = house(f"rates-{endpoints}", endpoints, ENDPOINTS_AN_ACCOUNT)
            rates[True, endpoints] = _told(place, SIGNED_A_SECOND * seconds, "signed")
            if endpoints == ENDPOINTS:
                waited = _told(place, backlog, "signed, a backlog")
                again = _told(place, SIGNED_A_SECOND * seconds, "signed, again")
                found = Backlog(waited, rates[True, endpoints], again)
            place.set(sign="off")
            rates[False, endpoints] = _told(place, UNSIGNED_A_SECOND * seconds, "HMAC only")
        isolation = _isolation(
            house("isolation", ISOLATED, ISOLATED_AN_ACCOUNT), isolated, receiver)
    finally:
        receiver.end()
    return Told(alone, rates, latency, isolation, found)


def _told(house: House, count: int, words: str) -> Drained:
    drained = house.drain(count)
    say(f"   {count:,} to {len(house.endpoints)} endpoints, {words}: {drained.rate:,.0f}/s, "
        f"{drained.server_cpu_microseconds:.0f} µs of the server's processor, "
        f"{drained.peak_bytes / 1024 / 1024:.1f} MB")
    return drained


def _latency(house: House, count: int) -> Latency:
    """One payment at a time, from before its commit until its notification is there."""
    receiver = house.receiver
    account, endpoint = house.endpoints[0]
    with house.running() as control:
        for number in range(count + WARM_UPS):
            if number == WARM_UPS:
                receiver.forget()
            before = receiver.count
            control.act("sandbox.trigger", event="payment.paid", account=account,
                        set={"notification_endpoint_id": endpoint})
            _wait_for(lambda: receiver.count > before)
            time.sleep(PAUSE_SECONDS)
        found = _latencies(house, receiver.arrivals())
    say(f"   commit to receiver: p50 {found.p50:.2f} ms, p99 {found.p99:.2f} ms")
    return found


def _isolation(house: House, events: int, receiver: Receiver) -> Isolation:
    """The well endpoints' latencies, first when all are well, then when the others are not."""
    first = house.store.fill_events(ISOLATED, 2 * events, waiting=False)
    ids = list(range(2 * events))
    # In no order in which the endpoints could be well and not well by turns.
    random.Random(SEED).shuffle(ids)
    well = [number % ISOLATED_AN_ACCOUNT not in (*HANGING, *REFUSING)
            for number in range(ISOLATED)]

    def is_well(place: int) -> bool:
        return well[(place + 1) % ISOLATED]  # As deliveries.sqlite.sql deals them out.

    runs = []
    for turn in range(2):
        if turn == 1:
            _spoil(house, receiver)
        part = ids[turn * events:(turn + 1) * events]
        wanted = {first + place for place in part if is_well(place)}
        with house.running() as control:
            receiver.forget()
            _resend(control, house.store.first_event(first), part)
            _wait_for(lambda: wanted <= {payment for payment, _ in receiver.arrivals()})
            heard = [each for each in receiver.arrivals() if each[0] in wanted]
            runs.append(_latencies(house, heard))
        say(f"   {'with 300 ill' if turn else 'all well'}: the {sum(well)} well endpoints' "
            f"p50 {runs[-1].p50:.2f} ms, p99 {runs[-1].p99:.2f} ms")
    return Isolation(*runs)


def _spoil(house: House, receiver: Receiver) -> None:
    with house.running() as control:
        for number, (account, endpoint) in enumerate(house.endpoints):
            place = number % ISOLATED_AN_ACCOUNT
            if place in HANGING or place in REFUSING:
                url = (receiver.hanging_url if place in HANGING else receiver.dead_url)(number)
                control.act("endpoint.set", account=account, id=endpoint, url=url)


def _resend(control: Control, first: int, places: list[int]) -> None:
    """Has events told at an even pace; one that is late is not waited for by the next."""
    begun = time.monotonic()
    for number, place in enumerate(places):
        time.sleep(max(0, begun + number / EVENTS_A_SECOND - time.monotonic()))
        control.act("events.resend", event=f"evt_{first + place}")


def _wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + ARRIVAL_TIMEOUT_SECONDS
    while not happened():
        if time.monotonic() > end:
            raise BenchFault(f"nothing came in {ARRIVAL_TIMEOUT_SECONDS} s")
        time.sleep(0.001)


def _latencies(house: House, arrivals: list[tuple[int, int]]) -> Latency:
    """From the time that a delivery was stored with, which is before its commit."""
    stored = house.store.deliveries_at()
    first: dict[int, int] = {}
    for payment, at in arrivals:
        first.setdefault(payment, at)
    waits = sorted((at - stored[payment]) / 1000 for payment, at in first.items())
    parts = statistics.quantiles(waits, n=100)
    return Latency(len(waits), parts[49], parts[98])
