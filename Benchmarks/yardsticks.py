"""What a gateway can be held against: its framework, its databases, its arithmetic, another."""

import os
import re
import subprocess
import sys
from pathlib import Path

import load
from gateway import free_port
from postgresql import PostgreSQL
from records import SIGN_BYTES, Records
from server import stop, wait_for_answer
from shell import REPOSITORY, BenchFault, must, program, say
from stores import ANSWER, TOOLS, row_values

BUILD = REPOSITORY / ".build-bench"
BUILD_TIMEOUT_SECONDS = 3600
CONNECTIONS = 64
ROWS_A_COMMIT = 64
ROW_BYTES = 640  # The columns of a row of `payments`, its stored answer among them.
FILL_RECORDS = 100_000
LOCALSTRIPE = "localstripe==1.15.10"
LOCALSTRIPE_FILE = Path("/tmp/localstripe.pickle")
LOCALSTRIPE_BODY = b"amount=2590&currency=myr&payment_method_types[]=card"
# localstripe's own start listens on all addresses and prints each request: this does neither.
LOCALSTRIPE_START = """
import sys
from aiohttp import web
from localstripe.resources import store
from localstripe.server import app
if sys.argv[2] == "memory":
    type(store).dump_to_disk = lambda self: None
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
"""


def build_constant() -> Path:
    """Builds the program that answers a constant with the bare framework."""
    say("-- building the constant answer (minutes, the first time)")
    must("swift", "build", "--package-path", REPOSITORY / "Benchmarks" / "Constant",
         "--configuration", "release", "--scratch-path", BUILD / "constant",
         timeout=BUILD_TIMEOUT_SECONDS)
    return BUILD / "constant" / "release" / "Constant"


def constant(binary: Path, folder: Path, records: Records, connections: int,
             seconds: int) -> load.Load:
    """The bare framework under the same requests as a create."""
    port = free_port()
    process = subprocess.Popen([binary, str(port), ANSWER], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_answer(process, port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"HTTP/1.1 ")
        head = folder / "constant.head"
        head.write_text(load.head("/v1/payment", port, "-" * 36), newline="")
        return load.run(records, head, port, connections, seconds, again=True)
    finally:
        stop(process)


def sqlite_rows(folder: Path, rows_a_commit: int, seconds: int) -> float:
    """Rows a second that SQLite makes durable, by a loop in C without anything around it."""
    tool = BUILD / "sqlite_rows"
    BUILD.mkdir(exist_ok=True)
    must(os.environ.get("CC", "cc"), "-O2", "-Wall", "-Werror", TOOLS / "sqlite_rows.c",
         "-lsqlite3", "-o", tool)
    file = folder / f"rows-{rows_a_commit}.sqlite"
    rows, spent = must(tool, file, rows_a_commit, seconds, ROW_BYTES).split()
    file.unlink()
    return int(rows) / float(spent)


def pgbench(server: PostgreSQL, database: str, account: str, script: str, seconds: int) -> float:
    """Payments a second that pgbench writes into Kaunter's own tables."""
    return server.pgbench(database, TOOLS / f"{script}.pgbench.sql", CONNECTIONS, seconds,
                          **row_values(account))


def openssl(seconds: int) -> tuple[float, float]:
    """RSA-2048 signatures and verifications a second, on one core."""
    said = must(program("openssl", "openssl"), "speed", "-seconds", seconds, "rsa2048")
    found = re.search(r"^rsa 2048 bits\s+\S+s\s+\S+s\s+([\d.]+)\s+([\d.]+)", said, re.M)
    if found is None:
        raise BenchFault(f"openssl speed said {said[-500:]}")
    return float(found[1]), float(found[2])


def localstripe(folder: Path, kept: str, seconds: int) -> load.Load:
    """Payment intents of localstripe, which keeps its whole store in a file, or in memory."""
    environment = BUILD / "localstripe"
    python = environment / "bin" / "python"
    if not python.exists():
        must(sys.executable, "-m", "venv", environment)
        must(python, "-m", "pip", "install", "--quiet", LOCALSTRIPE)
    path = folder / "intents.records"
    path.write_bytes((b"-" * SIGN_BYTES + LOCALSTRIPE_BODY) * FILL_RECORDS)
    port = free_port()
    had_file = LOCALSTRIPE_FILE.exists()
    process = subprocess.Popen(
        [python, "-c", LOCALSTRIPE_START, str(port), kept], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_answer(process, port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"HTTP/1.1 ")
        head = folder / "intents.head"
        head.write_text(
            f"POST /v1/payment_intents HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            "Authorization: Bearer sk_test_12345\r\nFiller: ", newline="")
        return load.run(Records(path, len(LOCALSTRIPE_BODY), FILL_RECORDS), head, port,
                        CONNECTIONS, seconds)
    finally:
        stop(process)
        if not had_file:
            LOCALSTRIPE_FILE.unlink(missing_ok=True)

