"""Merchants who sign in this process and keep their connections: many calls in little time."""

import http.client
import json

from house import CALL_TIMEOUT_SECONDS, Answer
from quick import QuickMerchant


class Signer(QuickMerchant):
    """A merchant whose calls are signed before they are made."""

    def signed(self, body: dict) -> tuple[bytes, dict[str, str]]:
        """A body's bytes, and the headers of its call."""
        raw = json.dumps(body).encode()
        return raw, self.headers(raw)


class Client:
    """A merchant's HTTP client: one connection, kept until the server says that it closes it."""

    def __init__(self, port: int):
        self._connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=CALL_TIMEOUT_SECONDS)
        self.connections = 0

    def post(self, path: str, raw: bytes, headers: dict[str, str]) -> Answer:
        """One call. A connection that breaks is an error: nothing is sent again in silence."""
        if self._connection.sock is None:
            self._connection.connect()
            self.connections += 1
        self._connection.request("POST", path, raw, headers)
        answer = self._connection.getresponse()
        fields = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, fields, answer.read())

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()
