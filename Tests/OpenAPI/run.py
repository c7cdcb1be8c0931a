"""Holds a running gateway against the OpenAPI document that it serves.

  python3 Tests/OpenAPI/run.py --kaunter .build/debug/kaunter [--only messages]

Runs itself again with the Python that has the packages of requirements.txt. Some of the suites
that are watched use PostgreSQL as TEST_POSTGRESQL_URL names it. Exit status: 0 if every case
passed, 1 if not.
"""

import argparse
import importlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
# The program's own suites, and the examples' way to reach a gateway, are ours too.
sys.path += [str(TESTS / "Program"), str(TESTS / "Examples")]

SUITES = ["validity", "messages", "exchanges", "fuzzing"]


def with_packages() -> None:
    """Goes on in the Python that has the packages, if this one is another."""
    script = TESTS.parent / "scripts" / "python-packages.sh"
    python = subprocess.run(
        [script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, text=True,
    ).stdout.strip()
    if Path(sys.prefix).resolve() != Path(python).parents[1].resolve():
        os.execv(python, [python, *sys.argv])


def main() -> int:
    parser = argparse.ArgumentParser(description="Holds a gateway against its document.")
    parser.add_argument("--kaunter", type=Path, required=True, help="the kaunter binary")
    parser.add_argument("--only", choices=SUITES, action="append", help="these suites alone")
    options = parser.parse_args()

    with_packages()
    from suite import Report
    # A polite end from outside must not leave a server running: leave through `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report = Report()
    for name in options.only or SUITES:
        with tempfile.TemporaryDirectory(prefix="kaunter-openapi-") as folder:
            report.run(importlib.import_module(name).suite, options.kaunter.resolve(),
                       Path(folder))
    print(f"OpenAPI: {report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
