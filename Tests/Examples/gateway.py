"""A sandbox gateway for the example programs: started, given a merchant, and stopped again."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 15
COMMAND_TIMEOUT_SECONDS = 60
REQUEST_TIMEOUT_SECONDS = 30
LOG_TAIL_LINES = 20

# Everything here is on this machine: a proxy of the environment must not be asked.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetch(url: str, body: bytes | None = None) -> tuple[int, str]:
    """The HTTP status and the text that a GET gets, or with a body a POST of JSON."""
    request = urllib.request.Request(url, data=body)
    if body is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with _opener.open(request, timeout=REQUEST_TIMEOUT_SECONDS) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def environment(**settings: object) -> dict[str, str]:
    """This process's environment with these settings, in UTF-8, without proxies or leftovers."""
    ours = ("KAUNTER_", "ORDER_ID", "NOTIFICATION_URL", "DESCRIPTION", "AMOUNT", "PORT")
    kept = {
        name: value for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith(ours)
    }
    return kept | {"LC_ALL": "C.UTF-8"} | {name: str(value) for name, value in settings.items()}


class Gateway:
    """One `kaunter serve --sandbox` with its data in a folder, and one merchant in it."""

    def __init__(self, binary: Path, folder: Path):
        self.binary = binary
        self.data = folder / "data"
        self.data.mkdir(mode=0o700)
        self.key = folder / "key"
        self.payout_key = folder / "payout-key"
        self.notification_key = folder / "notification.pem"
        self.log_path = folder / "serve.log"
        self.account = ""
        self.unauthorised_message = ""
        self.url = f"http://127.0.0.1:{free_port()}"
        self._process = None

    def start(self) -> None:
        """Starts the server and waits until it is ready; raises with its log if it never is."""
        listen = self.url.removeprefix("http://")
        with open(self.log_path, "wb") as log:
            self._process = subprocess.Popen(
                [self.binary, "serve", "--sandbox", "--data", self.data, "--listen", listen,
                 "--json"],
                env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        end = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if fetch(f"{self.url}/readyz")[0] == 200:
                    return
            except OSError:
                pass  # It does not listen yet.
            time.sleep(0.1)
        raise RuntimeError("the server did not become ready")

    def prepare(self) -> None:
        """Makes a merchant with an account and its keys, and learns how strangers are refused."""
        merchant = json.loads(self._command("merchant", "create", "--name", "Kedai Ujian"))
        self.account = merchant["account"]
        self._command("keys", "issue", "--account", self.account, "--for", "payment",
                      "--out", self.key)
        self._command("keys", "issue", "--account", self.account, "--for", "payout",
                      "--out", self.payout_key)
        self._command("keys", "notification", "--account", self.account,
                      "--out", self.notification_key)
        # Contract §6: a call without a signature and one of a strange account get the same answer.
        status, text = fetch(f"{self.url}/v1/payment", b"{}")
        if status != 401:
            raise RuntimeError(f"a call without a signature was answered with {status}: {text}")
        self.unauthorised_message = json.loads(text)["message"]

    def pay(self, uuid: str) -> None:
        """Lets the sandbox pay this payment."""
        status, text = fetch(f"{self.url}/sandbox/v1/payments/{uuid}", b'{"outcome":"paid"}')
        if not 200 <= status < 300:
            raise AssertionError(f"the sandbox answered {status} to paid: {text}")

    def decide_payout(self, payout: int, outcome: str) -> None:
        """Lets the sandbox decide this payout."""
        status, text = fetch(
            f"{self.url}/sandbox/v1/payouts/{payout}", json.dumps({"outcome": outcome}).encode())
        if status != 200:
            raise AssertionError(f"the sandbox answered {status} to {outcome}: {text}")

    def stop(self) -> None:
        """Ends the server that `start` started, by its process id."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def log_tail(self) -> str:
        """The last lines of the server's log."""
        if not self.log_path.exists():
            return ""
        lines = self.log_path.read_text(errors="replace").splitlines()
        return "\n".join(lines[-LOG_TAIL_LINES:])

    def _command(self, *arguments) -> str:
        done = subprocess.run(
            [self.binary, *arguments, "--data", self.data, "--json"],
            env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=COMMAND_TIMEOUT_SECONDS)
        if done.returncode != 0:
            raise RuntimeError(f"kaunter {arguments[0]} {arguments[1]} failed: {done.stderr}")
        return done.stdout


def free_port() -> int:
    """A TCP port on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
