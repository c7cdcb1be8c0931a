"""Proves that a house holds when its storage fails: an error or the truth, and never half.

  python3 Tests/Faults/run.py --kaunter .build/debug/kaunter [--only writes] [--every 1]

PostgreSQL is used as TEST_POSTGRESQL_URL names it; without it those cases are skipped, or fail if
KAUNTER_REQUIRE_POSTGRESQL=1. Exit status: 0 if every case passed, 1 if not.
"""

import argparse
import importlib
import signal
import sys
import tempfile
from pathlib import Path

# A house, its merchants and their receivers are the same as in the tests of the program.
TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "Program"), str(TESTS / "Examples")]

from suite import Report  # noqa: E402

SUITES = ["looks", "writes", "lies", "full", "cuts"]


def main() -> int:
    parser = argparse.ArgumentParser(description="Proves that a house holds when storage fails.")
    parser.add_argument("--kaunter", type=Path, required=True, help="the kaunter binary")
    parser.add_argument("--only", choices=SUITES, action="append", help="these suites alone")
    parser.add_argument("--every", type=int, help="let every K-th call fail (1: each of them)")
    options = parser.parse_args()

    # A polite end from outside must not leave a server running: leave through `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report = Report()
    for name in options.only or SUITES:
        with tempfile.TemporaryDirectory(prefix="kaunter-faults-") as folder:
            report.run(importlib.import_module(name).suite, options.kaunter.resolve(),
                       Path(folder), options.every)
    print(f"Faults: {report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
