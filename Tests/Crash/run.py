"""Kills the server again and again under load, and proves that nothing acknowledged was lost.

  python3 Tests/Crash/run.py --kaunter .build/debug/kaunter [--cycles N] [--seed S]
                             [--only sqlite|postgresql] [--keep FOLDER]

Each database gets N cycles: a load of merchants and payers, `kill -9` at a random instant or at a
named point, and a restart. Afterwards the clients' journal is compared with what the gateway says:
among it every notification that came, and when it came again.
PostgreSQL is used as TEST_POSTGRESQL_URL names it; without it that half is skipped, or fails if
KAUNTER_REQUIRE_POSTGRESQL=1. Exit status: 0 if every case passed, 1 if not.
"""

import argparse
import random
import secrets
import signal
import sys
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

# The program's tests and the examples have ways to reach a gateway, and ours is the same.
sys.path += [str(Path(__file__).resolve().parents[1] / each) for each in ("Program", "Examples")]

import arming
from cases import suite_of
from house import new_database
from points import crashes
from rehearsal import Rehearsal
from suite import Report, Skipped
from table import summary

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# Each database takes the points of its parity.
OFFSETS = {"sqlite": 0, "postgresql": 1}
CYCLES = 6
SEED_BELOW = 1_000_000


def opened(kind: str, options: argparse.Namespace, folder: Path, stack: ExitStack) -> Rehearsal:
    """A rehearsal that is closed with the stack."""
    url = stack.enter_context(new_database()) if kind == "postgresql" else None
    place = folder / kind
    place.mkdir()
    chance = random.Random(f"{options.seed} {kind}")
    rehearsal = Rehearsal(options.kaunter.resolve(), place, url,
                          crashes(options.cycles, OFFSETS[kind], chance), chance)
    stack.callback(rehearsal.close)
    return rehearsal


def prove(options: argparse.Namespace, folder: Path, report: Report) -> None:
    """Rehearses on the databases at the same time, then counts the cases of each."""
    with ExitStack() as stack:
        # Left last: the rehearsals end soon after they were closed.
        pool = stack.enter_context(ThreadPoolExecutor(len(NAMES)))
        rehearsals: dict[str, Rehearsal] = {}
        running: dict[str, Future] = {}
        for kind in options.only or NAMES:
            try:
                rehearsals[kind] = opened(kind, options, folder, stack)
                running[kind] = pool.submit(rehearsals[kind].run)
            except (Skipped, RuntimeError) as reason:
                # Its suite tells this, as it tells how a rehearsal failed.
                running[kind] = Future()
                running[kind].set_exception(reason)
        # Meanwhile there is time for this.
        report.run(arming.suite, options.kaunter.resolve(), folder)
        finished: dict[str, Rehearsal] = {}
        for kind, future in running.items():
            def result(kind: str = kind, future: Future = future) -> Rehearsal:
                future.result()
                finished[NAMES[kind]] = rehearsals[kind]
                return rehearsals[kind]
            report.run(suite_of(NAMES[kind], result))
        if finished:
            print(summary(finished))


def main() -> int:
    parser = argparse.ArgumentParser(description="Proves that crashes lose nothing.")
    parser.add_argument("--kaunter", type=Path, required=True, help="the kaunter binary")
    parser.add_argument("--cycles", type=int, default=CYCLES, help="crashes on each database")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(SEED_BELOW),
                        help="of instants, points and orders; chosen by chance unless given")
    parser.add_argument("--only", choices=NAMES, action="append", help="this database alone")
    parser.add_argument("--keep", type=Path, metavar="FOLDER",
                        help="a new folder for the stores, logs and journals, which stay there")
    options = parser.parse_args()

    # A polite end from outside must not leave a server running: leave through `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report = Report()
    print(f"seed {options.seed}, {options.cycles} cycles", flush=True)
    if options.keep:
        options.keep.mkdir(parents=True)
        prove(options, options.keep.resolve(), report)
    else:
        with tempfile.TemporaryDirectory(prefix="kaunter-crash-") as folder:
            prove(options, Path(folder), report)
    print(f"Crash: {report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
