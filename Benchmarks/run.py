"""Measures Kaunter and what it can be held against, in one run, and writes docs/benchmarks.md.

  python3 Benchmarks/run.py --kaunter .build/release/kaunter [--seconds N] [--quick] [--only PART]

With --quick (a few seconds a row, a small filling) or --only it prints what it finds, and writes
nothing. Exit status: 0 if everything was measured, whether the aims are reached or not.
"""

import argparse
import datetime
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import books
import deliveries
import machine
import page
import postgresql
import yardsticks
from house import WARM_UP_SECONDS, House
from measured import AIMED_CONNECTIONS, CONNECTIONS, Audited, Books, Call, Measured, Told, Transfers
from records import Records, Signer
from server import Gateway
from shell import REPOSITORY, BenchFault, program, say
from stores import PostgreSQLStore, SQLiteStore

PARTS = ["constant", "rows", "pgbench", "openssl", "localstripe", "sqlite", "postgresql",
         "transfers", "payouts", "audit", "deliveries"]
# These send no creates, so that none needs to be signed for them.
WITHOUT_CREATES = {"rows", "pgbench", "openssl", "transfers", "payouts", "audit", "deliveries"}
PAGE = REPOSITORY / "docs" / "benchmarks.md"
SECONDS, QUICK_SECONDS = 8, 2
FILLING, QUICK_FILLING = 1_000_000, 20_000
ENTRIES, QUICK_ENTRIES = 1_000_000, 20_000
BACKLOG, QUICK_BACKLOG = 100_000, 10_000
WARM_UPS = 2
# Bodies are signed for so many creates a second, over all runs of one store; more ends the bench.
CREATES_A_SECOND = 12_000
PAYOUTS_A_SECOND = 8_000


@dataclass(frozen=True)
class Bench:
    """What all parts need."""

    binary: Path
    folder: Path
    seconds: int
    filling: int
    entries: int
    backlog: int
    signer: Signer
    creates: Records
    server: postgresql.PostgreSQL

    def constant(self, program_file: Path, connections: int):
        """The bare framework's figures at so many connections."""
        found = yardsticks.constant(
            program_file, self.folder, self.creates, connections, self.seconds)
        say(f"   constant answer at {connections}: {found.rate:,.0f}/s, p99 {found.p99:.1f} ms")
        return found

    def rows(self, rows_a_commit: int) -> float:
        """SQLite's own rate."""
        rate = yardsticks.sqlite_rows(self.folder, rows_a_commit, self.seconds)
        say(f"   SQLite, {rows_a_commit} rows a commit: {rate:,.0f} rows/s")
        return rate

    def pgbench(self, script: str, turn: str = "first") -> float:
        """PostgreSQL's own rate, in a new store that the gateway made."""
        database = f"pgbench_{script.replace('-', '_')}_{turn}"
        folder = self._new_folder(database)
        store = PostgreSQLStore(folder, self.server, database)
        account = Gateway(self.binary, folder, store.arguments, self.signer.public_file).account
        rate = yardsticks.pgbench(self.server, database, account, script, self.seconds)
        say(f"   pgbench {script}: {rate:,.0f} payments/s")
        return rate

    def openssl(self) -> tuple[float, float]:
        """What the arithmetic of RSA costs."""
        signs, verifies = yardsticks.openssl(self.seconds)
        say(f"   RSA-2048: {signs:,.0f} signatures/s, {verifies:,.0f} verifications/s")
        return signs, verifies

    def localstripe(self, kept: str):
        """localstripe's figures."""
        found = yardsticks.localstripe(self.folder, kept, self.seconds)
        say(f"   localstripe, kept in {kept}: {found.rate:,.0f}/s")
        return found

    def sqlite(self) -> Measured:
        """The gateway on SQLite."""
        folder = self._new_folder("sqlite")
        return self._house(folder, SQLiteStore(folder))

    def postgresql(self) -> Measured:
        """The gateway on PostgreSQL."""
        folder = self._new_folder("postgresql")
        return self._house(folder, PostgreSQLStore(folder, self.server, "kaunter"))

    def transfers(self) -> dict[str, Transfers]:
        """Transfers in process, on both databases."""
        return {store.name: books.transfers(self.binary, store, self.seconds)
                for store in self._stores("transfers")}

    def payouts(self) -> dict[str, Call]:
        """Payouts through the API, on both databases."""
        count = PAYOUTS_A_SECOND * (self.seconds + WARM_UP_SECONDS)
        say(f"-- signing {count:,} payouts")
        # A key has one role: this is not the one for payments.
        signer = Signer(self._new_folder("payouts"), self.signer.cores)
        records = signer.payouts(count)
        return {
            store.name: books.payouts(
                self.binary, store.folder, store, signer, records, self.seconds)
            for store in self._stores("payouts")}

    def audit(self) -> Audited:
        """The audit of a large store."""
        return books.audit(
            self.binary, SQLiteStore(self._new_folder("audit")), self.entries)

    def deliveries(self) -> Told:
        """How merchants are told."""
        return deliveries.measure(self.binary, self._new_folder("deliveries"),
                                  self.signer.public_file, self.seconds, self.backlog)

    def _stores(self, name: str) -> list[SQLiteStore | PostgreSQLStore]:
        return [
            SQLiteStore(self._new_folder(f"{name}-sqlite")),
            PostgreSQLStore(self._new_folder(f"{name}-postgresql"), self.server, name)]

    def _house(self, folder: Path, store: SQLiteStore | PostgreSQLStore) -> Measured:
        house = House(self.binary, folder, store, self.signer, self.creates)
        return house.measure(self.seconds, self.filling)

    def _new_folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        return folder


def only(bench: Bench, parts: list[str]) -> None:
    """Measures these parts, which print what they find."""
    for part in parts:
        say(f"-- {part}")
        match part:
            case "constant":
                program_file = yardsticks.build_constant()
                for connections in CONNECTIONS:
                    bench.constant(program_file, connections)
            case "rows":
                bench.rows(1)
                bench.rows(yardsticks.ROWS_A_COMMIT)
            case "pgbench":
                bench.pgbench("create")
                bench.pgbench("create-at-once")
            case "openssl":
                bench.openssl()
            case "localstripe":
                bench.localstripe("a file")
                bench.localstripe("memory")
            case "sqlite":
                bench.sqlite()
            case "postgresql":
                bench.postgresql()
            case "transfers":
                bench.transfers()
            case "payouts":
                bench.payouts()
            case "audit":
                bench.audit()
            case "deliveries":
                bench.openssl()
                bench.deliveries()


def whole(bench: Bench) -> tuple[page.Yardsticks, Measured, Measured, Books, Told]:
    """Measures everything."""
    program_file = yardsticks.build_constant()
    say("-- the yardsticks")
    constant = {connections: bench.constant(program_file, connections)
                for connections in CONNECTIONS}
    single, grouped = bench.rows(1), bench.rows(yardsticks.ROWS_A_COMMIT)
    by_statement, at_once = bench.pgbench("create"), bench.pgbench("create-at-once")
    signs, verifies = bench.openssl()
    in_file, in_memory = bench.localstripe("a file"), bench.localstripe("memory")
    say("-- Kaunter on SQLite")
    small = bench.sqlite()
    # A disk is not as fast in each minute: what is compared with a store is measured on both sides
    # of it, and the better counts.
    single = max(single, bench.rows(1))
    say("-- Kaunter on PostgreSQL")
    large = bench.postgresql()
    by_statement = max(by_statement, bench.pgbench("create", "again"))
    at_once = max(at_once, bench.pgbench("create-at-once", "again"))
    say("-- the books")
    ledger = Books(bench.transfers(), bench.payouts(), bench.audit())
    say("-- telling merchants")
    told = bench.deliveries()
    again = bench.constant(program_file, AIMED_CONNECTIONS)
    return page.Yardsticks(constant, again, single, grouped, by_statement, at_once, signs,
                           verifies, in_file, in_memory), small, large, ledger, told


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures Kaunter against its yardsticks.")
    parser.add_argument("--kaunter", type=Path, required=True, help="a release build's program")
    parser.add_argument("--seconds", type=int, help=f"of a row ({SECONDS})")
    parser.add_argument("--quick", action="store_true", help="a look: prints, writes nothing")
    parser.add_argument("--only", choices=PARTS, action="append", help="these parts alone")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    seconds = options.seconds or (QUICK_SECONDS if options.quick else SECONDS)
    started = time.monotonic()
    for name, package in (("wrk", "wrk"), ("openssl", "openssl"), ("psql", "postgresql-client")):
        program(name, package)

    # Not in /tmp, which may be in memory: what is measured is how fast a disk makes it durable.
    place = os.environ.get("TMPDIR", "/var/tmp")
    with tempfile.TemporaryDirectory(prefix="kaunter-bench-", dir=place) as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's user has its folder in it.
        facts = machine.facts(options.kaunter, folder, postgresql.version())
        signer = Signer(folder, machine.cores())
        count = CREATES_A_SECOND * (
            seconds * (len(CONNECTIONS) + 1) + WARM_UP_SECONDS * WARM_UPS)
        if options.only and WITHOUT_CREATES.issuperset(options.only):
            count = 1
        say(f"-- signing {count:,} creates")
        creates = signer.creates(count)
        with postgresql.server(folder / "postgresql-server") as server:
            bench = Bench(options.kaunter.resolve(), folder, seconds,
                          QUICK_FILLING if options.quick else FILLING,
                          QUICK_ENTRIES if options.quick else ENTRIES,
                          QUICK_BACKLOG if options.quick else BACKLOG, signer, creates, server)
            if options.only:
                only(bench, options.only)
                return 0
            sticks, small, large, ledger, told = whole(bench)
    minutes = (time.monotonic() - started) / 60
    # As a reader would give it.
    command = "make bench" if seconds == SECONDS else f'make bench BENCH="--seconds {seconds}"'
    written = (f"`{command}` wrote this page on {datetime.date.today().isoformat()}, in one run "
               f"of {minutes:.0f} minutes.")
    reading = {"seconds": seconds, "body_bytes": creates.body_bytes,
               "filling": f"{bench.filling:,}", "entries": f"{bench.entries:,}",
               "accounts": f"{books.TRANSFER_ACCOUNTS:,}",
               "per_second": deliveries.EVENTS_A_SECOND}
    text = page.page(facts, written, reading, sticks, small, large, ledger, told)
    if options.quick:
        say(text)
    else:
        PAGE.write_text(text)
        say(f"-- written to {PAGE.relative_to(REPOSITORY)}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchFault as fault:
        sys.exit(f"The bench can't go on: {fault}")
