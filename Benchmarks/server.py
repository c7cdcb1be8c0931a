"""The gateway under test: its commands, its server, and how long that takes to answer."""

import json
import signal
import socket
import subprocess
import time
from pathlib import Path

from shell import BenchFault, must

from gateway import environment, free_port  # isort: skip

START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 60
PAUSE_SECONDS = 0.001
PROBE = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
PROBE_BYTES = 4096


def wait_for_answer(process: subprocess.Popen, port: int, probe: bytes, wanted: bytes) -> float:
    """Seconds until a server's answer begins like this; asked again every millisecond."""
    start = time.monotonic()
    while time.monotonic() - start < START_TIMEOUT_SECONDS and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
                line.sendall(probe)
                if line.recv(PROBE_BYTES).startswith(wanted):
                    return time.monotonic() - start
        except OSError:
            pass  # It does not listen yet.
        time.sleep(PAUSE_SECONDS)
    raise BenchFault(f"no answer on port {port} in {START_TIMEOUT_SECONDS} s")


def stop(process: subprocess.Popen) -> None:
    """Ends a server politely, or not if that does not help."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Gateway:
    """One sandbox store, an account in it with the merchant's own key, and at times its server."""

    def __init__(self, binary: Path, folder: Path, store: list[object], public_key: Path,
                 role: str = "payment"):
        self.binary = binary
        self.folder = folder
        self.store = store
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        self.command("migrate", "--sandbox")
        self.account = self.command("merchant", "create", "--name", "Kedai Kopi")["account"]
        self.command("keys", "upload", "--account", self.account, "--for", role,
                     "--public", public_key)

    @property
    def pid(self) -> int:
        """The server's process."""
        if self.process is None:
            raise BenchFault("the server does not run")
        return self.process.pid

    def start(self) -> float:
        """Starts the server; seconds until its first answer."""
        arguments = [self.binary, "serve", "--sandbox", *self.store, "--listen",
                     f"127.0.0.1:{self.port}", "--json"]
        with open(self.folder / "serve.log", "ab") as log:
            before = time.monotonic()
            self.process = subprocess.Popen(
                [str(each) for each in arguments], env=environment(), stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=log)
        wait_for_answer(self.process, self.port, PROBE, b"HTTP/1.1 200")
        return time.monotonic() - before

    def end(self) -> None:
        """Ends the server, if it runs."""
        process, self.process = self.process, None
        if process is not None:
            stop(process)

    def command(self, *arguments: object) -> dict:
        """What a command on this store answers."""
        return json.loads(
            must(self.binary, *arguments, *self.store, "--json", env=environment()))
