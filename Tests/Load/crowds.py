"""Starts a crowd of idle connections beside the cases, and reads what it tells."""

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

CROWD = Path(__file__).with_name("crowd.py")
END_TIMEOUT_SECONDS = 60


class Gathering:
    """A crowd that runs in a process of its own."""

    def __init__(self, port: int, **wanted: int):
        options = [word for name, count in wanted.items() for word in (f"--{name}", str(count))]
        self.process = subprocess.Popen(
            [sys.executable, str(CROWD), "--port", str(port), *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def wait_until_open(self) -> int:
        """Waits until all have been connected once; how many are open then."""
        return json.loads(self.process.stdout.readline())["open"]

    def wait_until_closed(self, seconds: float) -> dict:
        """Waits until the server has ended them all; the crowd's report."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            report = self.end()
            raise AssertionError(f"connections outlive their limit: {report}") from None
        return json.loads(self.process.stdout.readline())

    def end(self) -> dict:
        """Sends the crowd away; its report."""
        out, _ = self.process.communicate(timeout=END_TIMEOUT_SECONDS)
        return json.loads(out.splitlines()[-1])

    def is_there(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None


@contextmanager
def gathered(port: int, **wanted: int):
    """A crowd that is sent away afterwards."""
    gathering = Gathering(port, **wanted)
    try:
        yield gathering
    finally:
        gathering.process.kill()
        gathering.process.wait()
        for pipe in (gathering.process.stdin, gathering.process.stdout):
            pipe.close()
