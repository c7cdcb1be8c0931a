"""Proves what operators are given: documents, alert rules, the unit, the image, the balancer.

  python3 Tests/Operate/run.py --kaunter .build/debug/kaunter [--only alerting]

PostgreSQL is used as TEST_POSTGRESQL_URL names it; without it those cases are skipped, or fail if
KAUNTER_REQUIRE_POSTGRESQL=1. What takes a systemd or another root file system needs root. Exit
status: 0 if every case passed, 1 if not.
"""

import argparse
import importlib
import signal
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "Program"), str(TESTS / "Examples")]

from suite import Report  # noqa: E402

SUITES = ["alerting", "counting", "looking", "silence", "unit_files", "image", "balancer"]


def main() -> int:
    parser = argparse.ArgumentParser(description="Proves what operators are given.")
    parser.add_argument("--kaunter", type=Path, required=True, help="the kaunter binary")
    parser.add_argument("--only", choices=SUITES, action="append", help="these suites alone")
    options = parser.parse_args()

    # A polite end from outside must not leave a server running: leave through `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report = Report()
    for name in options.only or SUITES:
        with tempfile.TemporaryDirectory(prefix="kaunter-operate-") as folder:
            report.run(importlib.import_module(name).suite, options.kaunter.resolve(),
                       Path(folder))
    print(f"Operate: {report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
