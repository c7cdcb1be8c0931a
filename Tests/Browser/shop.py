"""A small shop: it creates payments, and receives the payers who come back."""

import base64
import json
import queue
import subprocess
import threading
import urllib.request
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from gateway import Gateway, environment

COMMAND_TIMEOUT_SECONDS = 60
RETURN_TIMEOUT_SECONDS = 60
REQUEST_TIMEOUT_SECONDS = 30
FORM_LIMIT_BYTES = 64 * 1024

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Merchant:
    """An account of the gateway, and where its keys are."""

    name: str
    account: str
    key: Path
    notification_key: Path

    @classmethod
    def made(
        cls, gateway: Gateway, name: str, folder: Path, redirect_method: str = "post"
    ) -> "Merchant":
        """A new merchant of this name, with its keys in a folder that is there."""
        def command(*arguments) -> str:
            done = subprocess.run(
                [gateway.binary, *arguments, "--data", gateway.data, "--json"],
                env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=COMMAND_TIMEOUT_SECONDS)
            if done.returncode != 0:
                raise RuntimeError(f"kaunter {arguments[0]} {arguments[1]}: {done.stderr}")
            return done.stdout
        account = json.loads(command("merchant", "create", "--name", name))["account"]
        key, notification_key = folder / f"key-{account}", folder / f"{account}.pem"
        command("keys", "issue", "--account", account, "--for", "payment", "--out", key)
        command("keys", "notification", "--account", account, "--out", notification_key)
        command("account", "set", "--account", account, "--redirect-method", redirect_method)
        return cls(name, account, key, notification_key)


@dataclass(frozen=True)
class Return:
    """A payer who came back: how, where to, and with which fields in which order."""

    method: str
    path: str
    fields: list[tuple[str, str]]


class Shop:
    """Listens on this machine. `close` ends it."""

    def __init__(self, gateway: Gateway, merchant: Merchant):
        self._gateway = gateway
        self._account = merchant.account
        self.name = merchant.name
        self._returns = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._private_key = load_pem_private_key(
            (merchant.key / "private.pem").read_bytes(),
            (merchant.key / "password.txt").read_bytes())
        self._notification_key = load_pem_public_key(merchant.notification_key.read_bytes())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def create(self, order: str, **fields: str) -> dict:
        """Creates a payment and gives the gateway's answer."""
        usual = {
            "amount": "48.50", "order_id": order, "service": "online_banking_myr_hpp",
            "customer_ip": "203.0.113.7", "customer_code": "FPX",
            "customer_first_name": "Nurul", "customer_last_name": "binti Ahmad",
        }
        body = json.dumps(usual | fields).encode()
        sign = self._private_key.sign(body, padding.PKCS1v15(), hashes.SHA256())
        request = urllib.request.Request(f"{self._gateway.url}/v1/payment", data=body, headers={
            "Content-Type": "application/json", "Account": self._account,
            "Sign": base64.b64encode(sign).decode(),
        })
        with _opener.open(request, timeout=REQUEST_TIMEOUT_SECONDS) as answer:
            return json.loads(answer.read())

    def create_with_return(self, order: str, **fields: str) -> dict:
        """Creates a payment whose payer comes back to this shop."""
        return self.create(
            order, success_redirect_url=f"{self.url}/thanks?from=gateway",
            fail_redirect_url=f"{self.url}/sorry", **fields)

    def next_return(self) -> Return:
        """The next payer who comes back."""
        try:
            return self._returns.get(timeout=RETURN_TIMEOUT_SECONDS)
        except queue.Empty:
            raise AssertionError("no payer came back in time") from None

    def is_genuine(self, fields: dict[str, str]) -> bool:
        """Whether the gateway signed this return (contract §5)."""
        named = {"order_id": fields["order_id"], "uuid": fields["uuid"]}
        signed = json.dumps(named, separators=(",", ":")).replace("/", "\\/").encode()
        try:
            self._notification_key.verify(
                base64.b64decode(fields["sign"], validate=True), signed, padding.PKCS1v15(),
                hashes.SHA1())
            return True
        except (ValueError, InvalidSignature):
            return False

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        returns = self._returns

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                if parts.path in ("/thanks", "/sorry"):
                    fields = parse_qsl(parts.query, keep_blank_values=True)
                    returns.put(Return("GET", parts.path, fields))
                self._answer()

            def do_POST(self):
                length = min(int(self.headers["Content-Length"]), FORM_LIMIT_BYTES)
                body = self.rfile.read(length).decode()
                fields = parse_qsl(body, keep_blank_values=True)
                returns.put(Return("POST", self.path, fields))
                self._answer()

            def _answer(self):
                text = b"<!doctype html><title>The shop</title><h1>Back at the shop</h1>"
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, format, *arguments):
                """Says nothing: the cases speak."""

        return Handler
