"""Proves limits, shedding, stops and rolling restarts, with strangers who behave badly.

  python3 Tests/Load/run.py --kaunter .build/debug/kaunter [--only stops]

PostgreSQL is used as TEST_POSTGRESQL_URL names it; without it those cases are skipped, or fail if
KAUNTER_REQUIRE_POSTGRESQL=1. Exit status: 0 if every case passed, 1 if not.
"""

import argparse
import importlib
import signal
import sys
import tempfile
from pathlib import Path

# What proves the program from outside proves it under load too.
TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "Program"), str(TESTS / "Examples")]

from descriptors import raise_limit  # noqa: E402
from lanes import run_lanes  # noqa: E402
from suite import Report  # noqa: E402

# Those of a lane run one after the other, the lanes beside each other.
LANES = [
    ["sizes", "oddities", "idlers", "shedding"], ["patience"], ["contention", "stops"], ["rolling"],
]
SUITES = [name for lane in LANES for name in lane]


def main() -> int:
    parser = argparse.ArgumentParser(description="Proves limits, stops and rolling restarts.")
    parser.add_argument("--kaunter", type=Path, required=True, help="the kaunter binary")
    parser.add_argument("--only", choices=SUITES, action="append", help="these suites alone")
    options = parser.parse_args()

    # A polite end from outside must not leave a server running: leave through `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    raise_limit()
    kaunter = options.kaunter.resolve()
    passed, failed = (run_suites(kaunter, options.only) if options.only
                      else run_lanes(__file__, ["--kaunter", str(kaunter)], LANES))
    print(f"Load: {passed} passed, {failed} failed")
    return 1 if failed else 0


def run_suites(kaunter: Path, names: list[str]) -> tuple[int, int]:
    """Runs suites one after the other; how many cases passed and failed."""
    report = Report()
    for name in names:
        with tempfile.TemporaryDirectory(prefix="kaunter-load-") as folder:
            report.run(importlib.import_module(name).suite, kaunter, Path(folder))
    return report.passed, report.failed


if __name__ == "__main__":
    sys.exit(main())
