"""A gateway that is killed and started again."""

import signal
import sqlite3
import subprocess
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from gateway import environment
from house import House, START_TIMEOUT_SECONDS

POLL_SECONDS = 0.002
PROBE_TIMEOUT_SECONDS = 5
# Longer than a lease: until then a dead server's claims may hold up deliveries.
POINT_TIMEOUT_SECONDS = 60
PSQL_TIMEOUT_SECONDS = 60
KILLED = -signal.SIGKILL
TIME_OVER = "UPDATE payments SET expires_at = created_at WHERE status = 'wait' AND order_id = '{}'"


class Victim(House):
    """A house whose server may die at any moment, the first one included."""

    def __init__(self, binary: Path, folder: Path, database_url: str | None = None):
        super().__init__(binary, folder, database_url)
        self.database_url = database_url
        self._launched_at = 0.0
        self._is_closed = False
        self._lock = threading.Lock()

    def launch(self, point: str = "") -> None:
        """Starts the server, armed with a crash point if one is given; does not wait for it."""
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the run is over")
            self._launch(point)

    def _launch(self, point: str) -> None:
        arguments = [self.binary, "serve", *self.kind, *self.store,
                     "--listen", f"127.0.0.1:{self.port}", "--json"]
        armed = {"KAUNTER_CRASH_AT": point} if point else {}
        with open(self.log_path, "ab") as log, open(self.output_path, "wb") as output:
            self._launched_at = time.monotonic()
            self.process = subprocess.Popen(
                [str(each) for each in arguments],
                env=environment(SWIFT_BACKTRACE="enable=no", **armed),
                stdin=subprocess.DEVNULL, stdout=output, stderr=log)

    def await_ready(self) -> float | None:
        """Seconds from the launch until the server was ready; nothing if it died before."""
        while time.monotonic() < self._launched_at + START_TIMEOUT_SECONDS:
            if self.process.poll() is not None:
                return None
            if self._is_ready():
                return time.monotonic() - self._launched_at
            time.sleep(POLL_SECONDS)
        raise RuntimeError(f"the server did not become ready: {self.log()[-2000:]}")

    def _is_ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PROBE_TIMEOUT_SECONDS)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False  # It does not listen yet, or no longer.
        finally:
            connection.close()

    def kill(self) -> int:
        """Kills the server as it goes; how it ended, which is otherwise if it had ended before."""
        self.process.kill()
        return self.process.wait()

    def close(self) -> None:
        """Kills the server, if there is one, and lets none be started any more."""
        with self._lock:
            self._is_closed = True
            if self.process is not None:
                self.kill()

    def await_end(self, seconds: float = POINT_TIMEOUT_SECONDS) -> int | None:
        """How the server ended by itself; nothing if it lives on."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def sql(self, statement: str) -> list[str]:
        """Runs a statement on the store of a server that is not running; the rows' first fields."""
        if self.database_url is None:
            with sqlite3.connect(self.data / "kaunter.sqlite") as database:
                rows = [str(row[0]) for row in database.execute(statement)]
            database.close()
            return rows
        done = subprocess.run(
            ["psql", "--quiet", "--no-psqlrc", "--tuples-only", "--no-align", self.database_url,
             "--command", statement], check=True, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=PSQL_TIMEOUT_SECONDS)
        return done.stdout.split()

    def end_time(self, order: str) -> None:
        """Makes the time of an order's payment over, if it waits."""
        self.sql(TIME_OVER.format(order))
