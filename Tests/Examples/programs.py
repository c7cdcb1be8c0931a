"""The merchants' example programs: which there are, and how they are run."""

import json
import queue
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from gateway import Gateway, environment

EXAMPLES = Path(__file__).resolve().parents[2] / "Examples"
PROGRAM_TIMEOUT_SECONDS = 60
NOTIFICATION_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Language:
    """A language, its interpreter, and its programs."""

    name: str
    interpreter: str
    create: str
    receive: str
    pay_out: str

    def missing(self) -> list[str]:
        """What of it is not there."""
        wanted = [] if shutil.which(self.interpreter) else [self.interpreter]
        paths = [EXAMPLES / self.name / program
                 for program in (self.create, self.receive, self.pay_out)]
        return wanted + [str(path) for path in paths if not path.is_file()]

    def command(self, program: str, *arguments: str) -> list[str]:
        """The command line that runs one of its programs."""
        return [self.interpreter, str(EXAMPLES / self.name / program), *arguments]


def python_with_cryptography() -> str:
    """A Python that has `cryptography`; a Python of one's own often lacks the system's package."""
    for interpreter in (sys.executable, "python3", "/usr/bin/python3"):
        try:
            done = subprocess.run([interpreter, "-c", "import cryptography"],
                                  stderr=subprocess.DEVNULL, timeout=PROGRAM_TIMEOUT_SECONDS)
        except OSError:
            continue
        if done.returncode == 0:
            return interpreter
    return "python3"


def languages() -> list[Language]:
    """All of them."""
    python = python_with_cryptography()
    return [
        Language("php", "php", "create-payment.php", "receive-notification.php",
                 "create-payout.php"),
        Language("node", "node", "create-payment.mjs", "receive-notification.mjs",
                 "create-payout.mjs"),
        Language("python", python, "create-payment.py", "receive-notification.py",
                 "create-payout.py"),
        Language("ruby", "ruby", "create-payment.rb", "receive-notification.rb",
                 "create-payout.rb"),
        Language("java", "java", "CreatePayment.java", "ReceiveNotification.java",
                 "CreatePayout.java"),
    ]


def create_payment(
    language: Language, gateway: Gateway, **settings: str
) -> subprocess.CompletedProcess:
    """Runs the language's program that creates a payment."""
    usual = {
        "KAUNTER_URL": gateway.url, "KAUNTER_ACCOUNT": gateway.account, "KAUNTER_KEY": gateway.key,
    }
    return subprocess.run(
        language.command(language.create), env=environment(**usual | settings),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
        timeout=PROGRAM_TIMEOUT_SECONDS)


def pay_out(
    language: Language, gateway: Gateway, **settings: str
) -> subprocess.CompletedProcess:
    """Runs the language's program that asks for the balance and pays out."""
    usual = {
        "KAUNTER_URL": gateway.url, "KAUNTER_ACCOUNT": gateway.account,
        "KAUNTER_KEY": gateway.payout_key,
    }
    return subprocess.run(
        language.command(language.pay_out), env=environment(**usual | settings),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
        timeout=PROGRAM_TIMEOUT_SECONDS)


class Receiver:
    """The language's program that waits for one notification; a context that ends it."""

    def __init__(self, language: Language, gateway: Gateway):
        self._process = subprocess.Popen(
            language.command(language.receive, "0"),
            env=environment(KAUNTER_NOTIFICATION_KEY=gateway.notification_key),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, encoding="utf-8")

    def __enter__(self):
        # A program that says nothing is ended, which ends the wait for its first line.
        alarm = threading.Timer(PROGRAM_TIMEOUT_SECONDS, self._process.kill)
        alarm.start()
        first = self._process.stdout.readline().strip()
        alarm.cancel()
        if not first.startswith("listening on http://127.0.0.1:"):
            self._process.kill()
            raise AssertionError(f"the receiver began with {first!r}: {self.errors()}")
        self.url = first.removeprefix("listening on ")
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.communicate()

    def errors(self) -> str:
        """What an ended receiver wrote on standard error."""
        return self._process.communicate()[1].strip()

    def result(self) -> tuple[int, dict]:
        """Its exit status and what it printed, once it ends by itself."""
        try:
            output, errors = self._process.communicate(timeout=NOTIFICATION_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError("no notification came in time") from None
        lines = output.splitlines()
        if len(lines) != 1:
            raise AssertionError(f"the receiver printed {lines}: {errors.strip()}")
        return self._process.returncode, json.loads(lines[0])


class Listener:
    """An endpoint of our own that keeps the queries of the notifications it gets."""

    def __init__(self):
        self._queries = queue.Queue()
        queries = self._queries

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                queries.put(urlsplit(self.path).query)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format, *arguments):
                """Says nothing: the cases speak."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def query(self) -> str:
        """The next notification's query, as it came."""
        try:
            return self._queries.get(timeout=NOTIFICATION_TIMEOUT_SECONDS)
        except queue.Empty:
            raise AssertionError("no notification came in time") from None

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()
