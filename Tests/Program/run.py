"""Proves the program from outside: its commands, its API, its pages and its notifications.

  python3 Tests/Program/run.py --kaunter .build/debug/kaunter [--only keyrings]

PostgreSQL is used as TEST_POSTGRESQL_URL names it; without it those cases are skipped, or fail if
KAUNTER_REQUIRE_POSTGRESQL=1. Exit status: 0 if every case passed, 1 if not.
"""

import argparse
import importlib
import signal
import sys
import tempfile
from pathlib import Path

from suite import Report

# The examples' way to reach a gateway is ours too.
sys.path.append(str(Path(__file__).resolve().parents[1] / "Examples"))

SUITES = [
    "commands", "keyrings", "stores", "modes", "calls", "queries", "bodies", "wire", "notices",
    "webhooks", "sending", "captures", "targets", "redirects", "events", "payers", "payouts", "money",
    "ledgers", "operators", "accounts", "storms", "backups", "dumps", "privacy",
    "clocks", "triggers", "doctors", "sandboxes", "vendors", "receivers", "listening",
    "shells",
]


def main() -> int:
    parser = argparse.ArgumentParser(description="Proves the program from outside.")
    parser.add_argument("--kaunter", type=Path, required=True, help="the kaunter binary")
    parser.add_argument("--only", choices=SUITES, action="append", help="these suites alone")
    options = parser.parse_args()

    # A polite end from outside must not leave a server running: leave through `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report = Report()
    for name in options.only or SUITES:
        with tempfile.TemporaryDirectory(prefix="kaunter-program-") as folder:
            report.run(importlib.import_module(name).suite, options.kaunter.resolve(),
                       Path(folder))
    print(f"Program: {report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
