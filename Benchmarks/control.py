"""A running gateway's control socket: acts without a process for each."""

import http.client
import json
import socket
from pathlib import Path

from shell import BenchFault

TIMEOUT_SECONDS = 60


class Control(http.client.HTTPConnection):
    """One connection to the socket in a gateway's folder."""

    def __init__(self, data: Path):
        super().__init__("localhost", timeout=TIMEOUT_SECONDS)
        self._path = data / "control.sock"

    def connect(self) -> None:
        """Opens the connection, as the first request has it done."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT_SECONDS)
        self.sock.connect(str(self._path))

    def act(self, name: str, /, **fields: object) -> dict:
        """What an act answers."""
        self.request("POST", f"/control/{name}", json.dumps(fields),
                     {"Content-Type": "application/json"})
        answer = self.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise BenchFault(f"{name} was answered with {answer.status}: {said[:500]!r}")
        return json.loads(said)
