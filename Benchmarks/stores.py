"""The two kinds of store under test, seen from outside: how large, what is in them, and filling."""

import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from postgresql import PostgreSQL
from process import tree_cpu_seconds
from records import FILLED_PREFIX, ORDER

TOOLS = Path(__file__).resolve().with_name("Tools")
MALAYSIA_SECONDS = 8 * 3600
DAY_SECONDS = 24 * 3600
# An answer of a create, which each payment keeps; the gateway's own is as long.
ANSWER = json.dumps({
    "url": "http://127.0.0.1:54321/0b7de5fc-6a5c-4b62-9d3a-9a40c1bd20f1",
    "payment_status": "wait", "id": 100000001, "uuid": "0b7de5fc-6a5c-4b62-9d3a-9a40c1bd20f1",
    "success_redirect_url": ORDER["success_redirect_url"],
}, separators=(",", ":"))
FURTHER = json.dumps(
    {name: value for name, value in ORDER.items()
     if name.startswith("customer_") and name not in (
         "customer_code", "customer_ip", "customer_first_name", "customer_last_name")}
    | {"desc": ORDER["desc"], "lifetime": ORDER["lifetime"]}, separators=(",", ":"))


def row_values(account: str) -> dict[str, object]:
    """What the rows of a create hold, for those who write them without the gateway."""
    return {
        "account": account, "success": ORDER["success_redirect_url"],
        "fail": ORDER["fail_redirect_url"], "notification": ORDER["notification_endpoint_url"],
        "answer": ANSWER, "further": FURTHER,
    }


def _filling(account: str, count: int) -> dict[str, object]:
    now = time.time()
    return row_values(account) | {
        "count": count, "prefix": FILLED_PREFIX, "now": int(now * 1_000_000),
        "day": int((now + MALAYSIA_SECONDS) // DAY_SECONDS),
    }


class SQLiteStore:
    """The embedded database in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path):
        self.folder = folder
        self.arguments: list[object] = ["--data", folder / "data"]
        self.file = folder / "data" / "kaunter.sqlite"

    def bytes_on_disk(self) -> int:
        """The size of all its files, once the log is copied into the database."""
        with self._opened("rw") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return sum(path.stat().st_size for path in self.file.parent.glob(self.file.name + "*"))

    def payments(self) -> int:
        """How many payments are in it."""
        with self._opened("ro") as connection:
            return connection.execute("SELECT count(*) FROM payments").fetchone()[0]

    def payouts(self) -> int:
        """How many payouts are in it."""
        with self._opened("ro") as connection:
            return connection.execute("SELECT count(*) FROM payouts").fetchone()[0]

    def orders(self, count: int) -> list[str]:
        """So many order_ids, spread over all of them."""
        with self._opened("ro") as connection:
            return [row[0] for row in connection.execute(
                "SELECT order_id FROM (SELECT order_id, row_number() OVER (ORDER BY id) AS number,"
                " count(*) OVER () AS total FROM payments) WHERE number % max(total / ?, 1) = 0"
                " LIMIT ?", (count, count))]

    def fill(self, account: str, count: int) -> None:
        """Adds payments; the server must not run."""
        values = _filling(account, count)
        with self._opened("rw") as connection:
            self._run(connection, "fill.sqlite.sql", values)
        # More than a gigabyte waits to be written: what comes next must not pay for it.
        self._flush()

    def fill_events(self, endpoints: int, count: int, waiting: bool) -> int:
        """Adds final payments with their events, dealt out to the first so many endpoints, each to
        be told now or not at all. Gives the first one's id; the server must not run."""
        with self._opened("rw") as connection:
            first = connection.execute("SELECT max(id) + 1 FROM identifiers").fetchone()[0]
            self._run(connection, "deliveries.sqlite.sql", _filling("", count) | {
                "endpoints": endpoints, "waiting": waiting})
        self._flush()
        return first

    def first_event(self, payment: int) -> int:
        """The event of a payment."""
        with self._opened("ro") as connection:
            return connection.execute(
                "SELECT id FROM events WHERE payment_id = ?", (payment,)).fetchone()[0]

    def waiting_deliveries(self) -> int:
        """Deliveries that are not done."""
        with self._opened("ro") as connection:
            return connection.execute(
                "SELECT count(*) FROM deliveries WHERE state = 'pending'").fetchone()[0]

    def deliveries_at(self) -> dict[int, int]:
        """When each payment's delivery was stored, in microseconds since 1970."""
        with self._opened("ro") as connection:
            return dict(connection.execute("SELECT payment_id, created_at FROM deliveries"))

    def server_cpu_seconds(self) -> float:
        """Processor time of a database server; there is none."""
        return 0.0

    @staticmethod
    def _run(connection: sqlite3.Connection, script: str, values: dict[str, object]) -> None:
        connection.execute("PRAGMA synchronous = OFF")
        for statement in (TOOLS / script).read_text().split(";\n"):
            if statement.strip():
                connection.execute(statement, values)

    def _flush(self) -> None:
        with open(self.file, "rb") as file:
            os.fsync(file.fileno())

    def _opened(self, mode: str) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(
            f"file:{self.file}?mode={mode}", uri=True, isolation_level=None))


class PostgreSQLStore:
    """A database on the bench's PostgreSQL server."""

    name = "PostgreSQL"

    def __init__(self, folder: Path, server: PostgreSQL, database: str):
        server.sql("postgres", f"CREATE DATABASE {database}")
        self.folder = folder
        self.server = server
        self.database = database
        self.arguments: list[object] = [
            "--data", folder / "data", "--database-url", server.url(database)]

    def bytes_on_disk(self) -> int:
        """The size of the database, without the log that all databases of a server share."""
        return int(self._sql(f"CHECKPOINT; SELECT pg_database_size('{self.database}')"))

    def payments(self) -> int:
        """How many payments are in it."""
        return int(self._sql("SELECT count(*) FROM payments"))

    def payouts(self) -> int:
        """How many payouts are in it."""
        return int(self._sql("SELECT count(*) FROM payouts"))

    def orders(self, count: int) -> list[str]:
        """So many order_ids, spread over all of them."""
        return self._sql(
            "SELECT order_id FROM (SELECT order_id, row_number() OVER (ORDER BY id) AS number,"
            " count(*) OVER () AS total FROM payments) AS numbered"
            f" WHERE number % greatest(total / {count}, 1) = 0 LIMIT {count}").split()

    def fill(self, account: str, count: int) -> None:
        """Adds payments; the server of the gateway must not run."""
        self.server.sql(self.database, (TOOLS / "fill.postgresql.sql").read_text(),
                        **_filling(account, count))

    def server_cpu_seconds(self) -> float:
        """Processor time of PostgreSQL's processes."""
        return tree_cpu_seconds(self.server.pid)

    def _sql(self, statement: str) -> str:
        return self.server.sql(self.database, statement)
