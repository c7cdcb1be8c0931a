"""Runs wrk with records and reads what it measured."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from records import SIGN_BYTES, Records
from shell import BenchFault, must

SCRIPT = Path(__file__).resolve().with_name("load.lua")
WRK_THREADS = 1
PLAIN_CONNECTIONS = 64
ANSWER_TIMEOUT_SECONDS = 10
FAULTS = {
    "ran_out": "the signed bodies were used up: sign more of them (CREATES_A_SECOND)",
    "not_ok": "the answer was not 200",
    "broken": "a connection failed",
}
SPARE_SECONDS = 60  # What wrk may take beyond the time it was asked to run.


@dataclass(frozen=True)
class Load:
    """What a run of wrk measured."""

    requests: int
    used: int
    seconds: float
    p50: float
    p99: float
    p999: float

    @property
    def rate(self) -> float:
        """Requests answered a second."""
        return self.requests / self.seconds


def head(path: str, port: int, account: str) -> str:
    """A signed request's head, up to its signature."""
    return (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Content-Type: application/json\r\nAccount: {account}\r\nSign: ")


def run(records: Records, head_file: Path, port: int, connections: int, seconds: float,
        first: int = 0, again: bool = False) -> Load:
    """Sends records from `first` on for some seconds. Anything but 200 is a failure."""
    command = [
        "wrk", "--threads", WRK_THREADS, "--connections", connections, "--duration",
        f"{round(seconds)}s", "--timeout", f"{ANSWER_TIMEOUT_SECONDS}s", "--script", SCRIPT,
        f"http://127.0.0.1:{port}/", "--", records.path, head_file, SIGN_BYTES,
        records.body_bytes, first, records.count - first, "again" if again else "once",
    ]
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=seconds + SPARE_SECONDS)
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if done.returncode != 0 or len(lines) != 1:
        raise BenchFault(f"wrk failed: {done.stdout[-1000:]} {done.stderr[-1000:]}")
    result = json.loads(lines[0].removeprefix("RESULT "))
    for fault, words in FAULTS.items():
        if result[fault] != 0:
            raise BenchFault(f"{result[fault]} times in {result['requests']} requests, {words}")
    if result["requests"] == 0:
        raise BenchFault("wrk got no answer")
    milliseconds = [result[name] / 1000 for name in ("p50", "p99", "p99.9")]
    return Load(result["requests"], result["used"], result["microseconds"] / 1e6, *milliseconds)


def plain(url: str, seconds: int) -> float:
    """Requests a second that a server answers, without a script."""
    done = must("wrk", "--threads", WRK_THREADS, "--connections", PLAIN_CONNECTIONS, "--duration",
                f"{seconds}s", url)
    found = re.search(r"^Requests/sec:\s+([\d.]+)", done, re.M)
    if found is None:
        raise BenchFault(f"wrk said {done[-500:]}")
    return float(found[1])
