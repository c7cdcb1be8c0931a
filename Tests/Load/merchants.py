"""Merchants who sign in this process and keep their connections: many calls in little time."""

import base64
import http.client
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from house import CALL_TIMEOUT_SECONDS, Answer, House
from merchant import Merchant
from suite import same


class Signer(Merchant):
    """An account whose key is opened once."""

    def __init__(self, house: House):
        super().__init__(house)
        self._private = serialization.load_pem_private_key(self.key.read_bytes(), None)

    def sign(self, body: bytes, digest: str = "sha1", key=None) -> str:
        """The base64 signature of these bytes."""
        same((digest, key), ("sha1", None), "what is signed with")
        made = self._private.sign(body, padding.PKCS1v15(), hashes.SHA1())
        return base64.b64encode(made).decode()

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
