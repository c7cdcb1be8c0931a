"""The house under faults: its merchants, its receiver, its log and its books."""

import json
import signal
import sqlite3
import subprocess
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from books import CHECKS
from house import House
from shop import Shop, open_shop
from signer import Signer
from suite import expect, same

# Four deliveries to one receiver, and sixteen of one account, are under way at most, and each whose
# end was not stored is one of them until its lease is over: many of both, so that nobody waits.
MERCHANTS = 4
RECEIVERS = 8
QUERY_TIMEOUT_SECONDS = 60


class Place(House):
    """A house with merchants, whose log tells what was delivered."""

    def __init__(self, binary: Path, folder: Path, database_url: str | None = None,
                 books_url: str | None = None, merchants: int = MERCHANTS):
        super().__init__(binary, folder, database_url)
        self.is_embedded = books_url is None
        self.books_url = books_url
        self.merchants: list[Signer] = []
        self._merchants_wanted = merchants
        self.receivers: list[Shop] = []
        self._delivered: set[int] = set()
        self._errors = 0
        self._read = 0

    def settle_in(self, receivers: list[Shop]) -> None:
        """Makes the merchants of a house that runs."""
        self.receivers = receivers
        self.merchants = [Signer(self) for _ in range(self._merchants_wanted)]

    def is_delivered(self, payment: int) -> bool:
        """Whether the server has logged that a notification's delivery is written down."""
        self._read_log()
        return payment in self._delivered

    def errors_logged(self) -> int:
        """How many errors the server has logged."""
        self._read_log()
        return self._errors

    def _read_log(self) -> None:
        with open(self.log_path, "rb") as log:
            log.seek(self._read)
            text = log.read()
        whole = text[:text.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            self._errors += b'"level":"error"' in line
            if b'"outcome":"delivered"' in line:
                self._delivered.add(int(json.loads(line)["payment"]))

    def orders(self, order: str) -> int:
        """How many payments the store has with this order_id, which is to be plain text."""
        return int(self.query(f"SELECT count(*) FROM payments WHERE order_id = '{order}'")[0][0])

    def stored(self) -> dict[str, tuple[str, str]]:
        """The first answer and the status of each payment, by its order_id."""
        return {order: (answer, status) for order, answer, status in self.query(
            "SELECT order_id, first_answer, status FROM payments")}

    def must_be_up(self) -> None:
        """Fails the case if the server has ended, and starts another for what follows."""
        if not self.is_running():
            code = self.end()
            self.start()
            raise AssertionError(f"the server has ended by itself, with {code}")

    def log(self) -> str:
        """The log, which is nowhere if it goes to a device."""
        return super().log() if self.log_path.is_file() else ""

    def restart_hard(self) -> None:
        """Kills the server, as a loss of power would end it, and starts another."""
        self.end(signal.SIGKILL)
        self.start()

    def must_balance(self) -> None:
        """Everything in the store fits together."""
        counted = " UNION ALL ".join(
            f"SELECT {number}, count(*) FROM ({query}) AS offenders"
            for number, (_, query) in enumerate(CHECKS))
        wrong = [CHECKS[int(number)][0] for number, count in self.query(counted) if int(count)]
        same(wrong, [], "what the books say")

    def query(self, text: str) -> list:
        """The rows that a query finds."""
        if self.is_embedded:
            with closing(self._file()) as file:
                return file.execute(text).fetchall()
        done = subprocess.run(
            ["psql", "--no-psqlrc", "--tuples-only", "--no-align", self.books_url, "--command",
             text], check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=QUERY_TIMEOUT_SECONDS)
        return [line.split("|") for line in done.stdout.splitlines()]

    def must_be_whole(self) -> None:
        """SQLite finds its file in order."""
        expect(self.is_embedded, "only a file is checked")
        with closing(self._file()) as file:
            same(file.execute("PRAGMA integrity_check").fetchall(), [("ok",)], "the file")
            same(file.execute("PRAGMA foreign_key_check").fetchall(), [], "references")

    def _file(self) -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{self.data / 'kaunter.sqlite'}?mode=ro", uri=True,
            timeout=QUERY_TIMEOUT_SECONDS)


@contextmanager
def opened(house: Place, *options: object):
    """The house with a running server, its merchants and a receiver, until the cases are over."""
    try:
        with ExitStack() as receivers:
            house.start(*options)
            house.settle_in([receivers.enter_context(open_shop()) for _ in range(RECEIVERS)])
            yield house
    finally:
        house.end(signal.SIGKILL)
