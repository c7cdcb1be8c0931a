"""What was measured of the gateway on one database."""

from dataclasses import dataclass, field

from load import Load

CREATE, STATUS, PAYOUT = "create", "status", "payout"
CONNECTIONS = (1, 16, 64, 256)
AIMED_CONNECTIONS = 64


@dataclass(frozen=True)
class Call:
    """One call at one number of connections."""

    name: str
    connections: int
    load: Load
    server_cpu_microseconds: float
    database_cpu_microseconds: float


@dataclass
class Measured:
    """One database's figures. `full` is after the filling."""

    database: str
    first_payments: int = 0
    full_payments: int = 0
    calls: list[Call] = field(default_factory=list)
    full_calls: list[Call] = field(default_factory=list)
    start_seconds: float = 0
    full_start_seconds: float = 0
    idle_bytes: int = 0
    peak_bytes: int = 0
    full_idle_bytes: int = 0
    full_peak_bytes: int = 0
    bytes_a_payment: float = 0
    fill_seconds: float = 0

    def call(self, name: str, connections: int = AIMED_CONNECTIONS) -> Call:
        """A call before the filling."""
        return _found(self.calls, name, connections)

    def full_call(self, name: str) -> Call:
        """A call after it."""
        return _found(self.full_calls, name, AIMED_CONNECTIONS)


@dataclass(frozen=True)
class Transfers:
    """Durable transfers a second: over many accounts, and all on one."""

    spread: float
    one: float

    @property
    def ratio(self) -> float:
        """What is left of the rate when all are on one account."""
        return self.one / self.spread


@dataclass(frozen=True)
class Audited:
    """One audit of a large store: how much it checked, and what that took."""

    checked: dict[str, int]
    seconds: float
    peak_bytes: int
    fill_seconds: float


@dataclass(frozen=True)
class Drained:
    """Deliveries that waited and were told, and what that took."""

    count: int
    rate: float
    server_cpu_microseconds: float
    peak_bytes: int


@dataclass(frozen=True)
class Latency:
    """Milliseconds from a commit to the receiver."""

    count: int
    p50: float
    p99: float


@dataclass(frozen=True)
class Isolation:
    """The same endpoints' latencies when all are well, and when others hang and refuse."""

    calm: Latency
    troubled: Latency

    @property
    def growth(self) -> float:
        """By how many hundredths the p99 is more in trouble."""
        return (self.troubled.p99 / self.calm.p99 - 1) * 100


@dataclass(frozen=True)
class Backlog:
    """Very many deliveries that wait, beside the same with few, before and after."""

    many: Drained
    few: Drained
    few_again: Drained

    @property
    def ratio(self) -> float:
        """The rate over the mean of the others."""
        return self.many.rate * 2 / (self.few.rate + self.few_again.rate)

    @property
    def memory_ratio(self) -> float:
        """The most memory over the most of the others."""
        return self.many.peak_bytes / max(self.few.peak_bytes, self.few_again.peak_bytes)


@dataclass(frozen=True)
class Told:
    """How merchants are told; the rates by whether `sign` is asked for and by endpoints."""

    receiver_alone: float
    rates: dict[tuple[bool, int], Drained]
    latency: Latency
    isolation: Isolation
    backlog: Backlog


@dataclass(frozen=True)
class Books:
    """The figures of the books, by the name of the database."""

    transfers: dict[str, Transfers]
    payouts: dict[str, Call]
    audited: Audited


def _found(calls: list[Call], name: str, connections: int) -> Call:
    return next(
        call for call in calls if call.name == name and call.connections == connections)
