"""A gateway of our own: its store, its commands and its server, on either database."""

import http.client
import json
import os
import signal
import subprocess
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway import environment, fetch, free_port
from suite import Skipped, same

START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 30
COMMAND_TIMEOUT_SECONDS = 90
CALL_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def value(self) -> dict:
        """The one JSON value on standard output; anything beside it is a failure."""
        try:
            return json.loads(self.out)
        except ValueError:
            raise AssertionError(f"not one JSON value on standard output: {self.out!r}") from None


@dataclass(frozen=True)
class Answer:
    """An HTTP answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    def value(self) -> dict:
        """The body as JSON; Python keeps the order of the keys."""
        return json.loads(self.body)


def command(binary: Path, *arguments: object, **settings: object) -> Done:
    """Runs the program once, with these settings in its environment."""
    done = subprocess.run(
        [str(each) for each in (binary, *arguments)], env=environment(**settings),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_SECONDS)
    return Done(done.returncode, done.stdout, done.stderr)


class House:
    """One store in a folder, or in PostgreSQL, and at times the server that has it."""

    def __init__(self, binary: Path, folder: Path, database_url: str | None = None):
        self.binary = binary
        self.folder = folder
        self.data = folder / "data"
        self.store = ["--data", self.data]
        if database_url is not None:
            self.store += ["--database-url", database_url]
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_path = folder / "serve.log"
        self.output_path = folder / "serve.out"
        self.process: subprocess.Popen | None = None
        self.kind = ["--sandbox"]

    def command(self, *arguments: object) -> Done:
        """Runs a command on this store, with `--json`."""
        return command(self.binary, *arguments, *self.store, "--json")

    def must(self, *arguments: object) -> dict:
        """What a command prints that has to succeed."""
        done = self.command(*arguments)
        same(done.code, 0, f"exit code of {arguments[:2]}, which said {done.err.strip()!r}")
        return done.value()

    def start(self, *options: object) -> None:
        """Starts the server and waits until it is ready."""
        arguments = [
            self.binary, "serve", *self.kind, *options, *self.store,
            "--listen", f"127.0.0.1:{self.port}", "--json",
        ]
        with open(self.log_path, "ab") as log, open(self.output_path, "wb") as output:
            self.process = subprocess.Popen(
                [str(each) for each in arguments], env=environment(SWIFT_BACKTRACE="enable=no"),
                stdin=subprocess.DEVNULL, stdout=output, stderr=log)
        end = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if fetch(f"{self.url}/readyz")[0] == 200:
                    return
            except OSError:
                pass  # It does not listen yet.
            time.sleep(0.05)
        raise RuntimeError(f"the server did not become ready: {self.log()[-2000:]}")

    def end(self, how: int = signal.SIGTERM) -> int | None:
        """Ends the server and gives its exit status; a second time it does nothing."""
        process, self.process = self.process, None
        if process is None:
            return None
        process.send_signal(how)
        try:
            return process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError("the server did not end in time") from None

    def is_running(self) -> bool:
        """Whether the server that was started still runs."""
        return self.process is not None and self.process.poll() is None

    def must_live(self) -> None:
        """Fails the case if the server has ended by itself, and starts another for the next."""
        try:
            same(fetch(f"{self.url}/healthz")[0], 200, "status of the probe")
        except OSError:
            self.end(signal.SIGKILL)
            self.start()
            raise AssertionError("the server has ended by itself") from None

    def log(self) -> str:
        """All that the servers of this house have written on standard error."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def ask(self, method: str, path: str, body: bytes | None = None,
            headers: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own; redirects are not followed."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=CALL_TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            fields = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, fields, answer.read())
        finally:
            connection.close()

    def simulate(self, payment: str, **outcome: str) -> Answer:
        """Lets the sandbox decide a payment."""
        return self.ask("POST", f"/sandbox/v1/payments/{payment}", json.dumps(outcome).encode())


@contextmanager
def closing(house: House):
    """The house, whose server is ended however the cases go."""
    try:
        yield house
    finally:
        house.end(signal.SIGKILL)


def postgresql_url() -> str:
    """The PostgreSQL of the tests; without one the suite is skipped, or fails if that is asked."""
    url = os.environ.get("TEST_POSTGRESQL_URL", "")
    if url:
        return url
    if os.environ.get("KAUNTER_REQUIRE_POSTGRESQL") == "1":
        raise RuntimeError("TEST_POSTGRESQL_URL is not set, and PostgreSQL is required")
    raise Skipped("TEST_POSTGRESQL_URL is not set")


@contextmanager
def new_database():
    """The URL of a new, empty database on that server, dropped afterwards."""
    server = postgresql_url()
    name = f"kaunter_program_{uuid.uuid4().hex}"

    def psql(statement: str) -> None:
        subprocess.run(["psql", "--quiet", "--no-psqlrc", server, "--command", statement],
                       check=True, stdin=subprocess.DEVNULL, timeout=COMMAND_TIMEOUT_SECONDS)

    psql(f"CREATE DATABASE {name}")
    address, mark, options = server.partition("?")
    try:
        yield f"{address.rpartition('/')[0]}/{name}{mark}{options}"
    finally:
        psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
