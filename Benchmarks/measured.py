"""What was measured of the gateway on one database."""

from dataclasses import dataclass, field

from load import Load

CREATE, STATUS = "create", "status"
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


def _found(calls: list[Call], name: str, connections: int) -> Call:
    return next(
        call for call in calls if call.name == name and call.connections == connections)
