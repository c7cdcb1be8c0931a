"""A program that goes on running, on a terminal of its own as a reader has one."""

import os
import pty
import signal
import subprocess
import threading
import time
from pathlib import Path

STOP_TIMEOUT_SECONDS = 15


class Terminal:
    """Runs a command in a process group of its own, and keeps what it prints."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str]):
        # A terminal makes every language print at once, line by line.
        ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=theirs,
            stderr=theirs, start_new_session=True)
        os.close(theirs)
        self._ours = ours
        self._bytes = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return self._bytes.decode(errors="replace").replace("\r\n", "\n")

    def wait(self, condition, what: str, seconds: int) -> None:
        """Waits until the condition holds; fails with what was printed if it does not in time."""
        end = time.monotonic() + seconds
        while not condition():
            if self._process.poll() is not None:
                raise AssertionError(f"the program ended before {what}: {self.output.strip()}")
            if time.monotonic() > end:
                raise AssertionError(f"not in time: {what}: {self.output.strip()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends the program and what it started, by their process group."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
                self._process.wait(STOP_TIMEOUT_SECONDS)
                break
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self._process.wait()
        self._reader.join(STOP_TIMEOUT_SECONDS)
        os.close(self._ours)

    def _read(self) -> None:
        while True:
            try:
                chunk = os.read(self._ours, 65_536)
            except OSError:  # How Linux says that the other side is closed.
                return
            if not chunk:
                return
            self._bytes += chunk
