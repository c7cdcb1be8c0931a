"""Proves several nodes on one PostgreSQL, a database that goes away, and a failover.

  python3 Tests/Cluster/run.py --kaunter .build/debug/kaunter [--only SUITE] [--away-seconds N]

PostgreSQL is used as TEST_POSTGRESQL_URL names it; without it those suites are skipped, or fail if
KAUNTER_REQUIRE_POSTGRESQL=1. What is stopped, silenced or killed are servers of the test's own.
Exit status: 0 if every case passed, 1 if not.
"""

import argparse
import importlib
import signal
import sys
import tempfile
from pathlib import Path

# What proves the program from outside, and kills it, proves several of them too.
TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / each) for each in ("Program", "Examples", "Crash")]

from lanes import run_lanes  # noqa: E402
from suite import Report  # noqa: E402

# Those of a lane run one after the other, the lanes beside each other.
LANES = [
    ["twins", "deliveries", "takeover", "revocations"],
    ["away", "failover", "starts"],
    ["silence"],
    ["lease", "refunds"],
]
SUITES = [name for lane in LANES for name in lane]
AWAY_SECONDS = 5.0


def main() -> int:
    parser = argparse.ArgumentParser(description="Proves several nodes, and a database away.")
    parser.add_argument("--kaunter", type=Path, required=True, help="the kaunter binary")
    parser.add_argument("--only", choices=SUITES, action="append", help="these suites alone")
    parser.add_argument("--away-seconds", type=float, default=AWAY_SECONDS, metavar="N",
                        help="how long the database is away (%(default)s)")
    options = parser.parse_args()

    # A polite end from outside must not leave a server running: leave through `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    kaunter = options.kaunter.resolve()
    if options.only:
        passed, failed = run_suites(kaunter, options.only, options.away_seconds)
    else:
        passed, failed = run_lanes(
            __file__, ["--kaunter", str(kaunter), "--away-seconds", str(options.away_seconds)],
            LANES)
    print(f"Cluster: {passed} passed, {failed} failed")
    return 1 if failed else 0


def run_suites(kaunter: Path, names: list[str], away_seconds: float) -> tuple[int, int]:
    """Runs suites one after the other; how many cases passed and failed."""
    report = Report()
    for name in names:
        arguments = [away_seconds] if name == "away" else []
        with tempfile.TemporaryDirectory(prefix="kaunter-cluster-") as folder:
            # The servers of PostgreSQL are another user's, who must be able to enter.
            Path(folder).chmod(0o711)
            report.run(importlib.import_module(name).suite, kaunter, Path(folder), *arguments)
    return report.passed, report.failed


if __name__ == "__main__":
    sys.exit(main())
