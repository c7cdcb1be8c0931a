"""Measures the gateway on one store: calls, memory, starts, disk, and all again when it is full."""

import statistics
import time
from pathlib import Path

import calls
from measured import AIMED_CONNECTIONS, CONNECTIONS, CREATE, STATUS, Call, Measured
from process import peak_bytes, resident_bytes
from records import Records, Signer
from server import Gateway
from shell import BenchFault, say
from stores import PostgreSQLStore, SQLiteStore

WARM_UP_SECONDS = 2
SETTLING_SECONDS = 2
STARTS = 3
QUESTIONS = 4000
PATHS = {CREATE: "/v1/payment", STATUS: "/v1/payment/status"}


class House:
    """One store with a gateway, and the records that are still unsent in it."""

    def __init__(self, binary: Path, folder: Path, store: SQLiteStore | PostgreSQLStore,
                 signer: Signer, creates: Records):
        self.folder = folder
        self.store = store
        self.signer = signer
        self.creates = creates
        self.sent = 0
        self.answered = 0
        self.gateway = Gateway(binary, folder, store.arguments, signer.public_file)

    def measure(self, seconds: int, filling: int) -> Measured:
        """All figures of this store."""
        measured = Measured(self.store.name)
        try:
            self._small(measured, seconds)
            self._full(measured, seconds, filling)
        finally:
            self.gateway.end()
        return measured

    def _small(self, measured: Measured, seconds: int) -> None:
        empty_bytes = self.store.bytes_on_disk()
        measured.start_seconds = self._start()
        measured.idle_bytes = resident_bytes(self.gateway.pid)
        self._create(AIMED_CONNECTIONS, WARM_UP_SECONDS)
        measured.calls = [self._create(connections, seconds) for connections in CONNECTIONS]
        questions = self._questions()
        measured.calls += [
            self._ask(questions, connections, seconds) for connections in CONNECTIONS]
        measured.peak_bytes = peak_bytes(self.gateway.pid)
        self.gateway.end()
        measured.first_payments = self._counted()
        measured.bytes_a_payment = (
            (self.store.bytes_on_disk() - empty_bytes) / measured.first_payments)

    def _full(self, measured: Measured, seconds: int, filling: int) -> None:
        say(f"   filling with {filling:,} payments")
        before = time.monotonic()
        self.store.fill(self.gateway.account, filling)
        measured.fill_seconds = time.monotonic() - before
        measured.full_payments = self.store.payments()
        if measured.full_payments != measured.first_payments + filling:
            raise BenchFault(f"the filling made {measured.full_payments} payments")
        measured.full_start_seconds = self._start()
        measured.full_idle_bytes = resident_bytes(self.gateway.pid)
        self._create(AIMED_CONNECTIONS, WARM_UP_SECONDS)
        measured.full_calls = [
            self._create(AIMED_CONNECTIONS, seconds),
            self._ask(self._questions(), AIMED_CONNECTIONS, seconds)]
        measured.full_peak_bytes = peak_bytes(self.gateway.pid)
        self.gateway.end()

    def _start(self) -> float:
        """Starts the server, some times over; the median until its first answer."""
        spent = []
        for _ in range(STARTS):
            self.gateway.end()
            spent.append(self.gateway.start())
        time.sleep(SETTLING_SECONDS)
        return statistics.median(spent)

    def _create(self, connections: int, seconds: int) -> Call:
        call = self._call(CREATE, self.creates, connections, seconds, first=self.sent)
        self.sent += call.load.used
        self.answered += call.load.requests
        return call

    def _ask(self, questions: Records, connections: int, seconds: int) -> Call:
        return self._call(STATUS, questions, connections, seconds, again=True)

    def _questions(self) -> Records:
        return self.signer.statuses(f"{self.store.name}-questions", self.store.orders(QUESTIONS))

    def _call(self, name: str, records: Records, connections: int, seconds: int,
              **sending: object) -> Call:
        return calls.measured(name, PATHS[name], self.gateway, self.store, records, connections,
                              seconds, **sending)

    def _counted(self) -> int:
        """The payments in the store: each that was answered, and at most those that were sent."""
        stored = self.store.payments()
        if not self.answered <= stored <= self.sent:
            raise BenchFault(
                f"{self.answered} creates were answered and {self.sent} sent, "
                f"but {stored} payments are in the store")
        return stored
