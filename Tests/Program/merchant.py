"""A merchant's side of the API: keys, signatures by openssl's command line, calls."""

import base64
import json
import subprocess
import uuid
from pathlib import Path

from house import Answer, House
from suite import expect, same

OPENSSL_TIMEOUT_SECONDS = 60
CREATE_KEYS = ["url", "payment_status", "id", "uuid", "success_redirect_url"]
STATUS_KEYS = [
    "url", "payment_status", "id", "order_id", "amount", "payment_amount", "is_partial_payment",
    "card_mask", "hold_amount", "hold_at", "account_payment_amount", "commission_amount",
    "service_code", "account_old_balance", "account_new_balance",
]
BANKING = "online_banking_myr_hpp"
# The payer's data: unusual words, so that a search of logs and pages finds nothing else.
PAYER = {
    "customer_ip": "203.0.113.77", "customer_first_name": "Zulaikhaxyz",
    "customer_last_name": "Binti-Qwertz", "customer_phone": "+60199988877",
    "customer_account": "987612345678", "customer_email": "zulaikhaxyz@payer.example",
}


def openssl(*arguments: object, data: bytes = b"") -> bytes:
    """Runs openssl and gives what it printed; its failure fails the case."""
    done = subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True,
                          timeout=OPENSSL_TIMEOUT_SECONDS)
    expect(done.returncode == 0, f"openssl {arguments[0]} failed: {done.stderr.decode()}")
    return done.stdout


def verifies(public: Path, sign: str, text: bytes, digest: str = "sha1") -> bool:
    """Whether openssl finds the base64 signature good for this text."""
    signature = public.with_name(f"{uuid.uuid4().hex}.sig")
    signature.write_bytes(base64.b64decode(sign, validate=True))
    try:
        done = subprocess.run(
            ["openssl", "dgst", f"-{digest}", "-verify", public, "-signature", signature],
            input=text, capture_output=True, timeout=OPENSSL_TIMEOUT_SECONDS)
        return done.returncode == 0 and b"Verified OK" in done.stdout
    finally:
        signature.unlink()


def php_json(value: object) -> str:
    """PHP's `json_encode` with its defaults."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/")


class Merchant:
    """An account with an issued payment key, and the public half of its notification key."""

    def __init__(self, house: House, name: str = "Kedai Ujian"):
        self.house = house
        made = house.must("merchant", "create", "--name", name)
        self.merchant, self.account = made["merchant"], made["account"]
        self.folder = house.folder / f"merchant-{self.account}"
        self.folder.mkdir()
        self.key, self.key_id = self.new_key("payment")
        self.notification_key = self.folder / "notification.pem"
        house.must("keys", "notification", "--account", self.account,
                   "--out", self.notification_key)

    def new_key(self, role: str) -> tuple[Path, str]:
        """Has a key issued; the opened private key's file, and the key's id."""
        out = self.folder / f"{role}-{uuid.uuid4().hex[:8]}"
        issued = self.house.must("keys", "issue", "--account", self.account, "--for", role,
                                 "--out", out)
        opened = out.with_suffix(".opened.pem")
        openssl("pkey", "-in", out / "private.pem", "-passin", f"file:{out / 'password.txt'}",
                "-out", opened)
        return opened, issued["key"]

    def sign(self, body: bytes, digest: str = "sha1", key: Path | None = None) -> str:
        """The base64 signature of these bytes, by openssl."""
        made = openssl("dgst", f"-{digest}", "-sign", key or self.key, data=body)
        return base64.b64encode(made).decode()

    def headers(self, body: bytes, digest: str = "sha1", key: Path | None = None) -> dict:
        """The headers of a signed call."""
        return {"Content-Type": "application/json", "Account": self.account,
                "Sign": self.sign(body, digest, key)}

    def call(self, path: str, body: dict | list | bytes, **signing) -> Answer:
        """A signed call; bytes go out as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.house.ask("POST", path, raw, self.headers(raw, **signing))

    def order(self, **fields: object) -> dict:
        """The fields of a payment that nobody would refuse, but for these; None leaves one out."""
        usual = {
            "amount": "25.90", "order_id": f"order-{uuid.uuid4().hex[:12]}", "service": BANKING,
            "customer_code": "FPX",
        } | PAYER
        return {name: value for name, value in (usual | fields).items() if value is not None}

    def create(self, **fields: object) -> dict:
        """Creates a payment and gives the answer; a refusal fails the case."""
        answer = self.call("/v1/payment", self.order(**fields))
        same(answer.status, 200, f"status of a create, answered with {answer.body!r}")
        same(list(answer.value()), CREATE_KEYS, "keys of a create's answer")
        return answer.value()

    def status(self, **query: object) -> dict:
        """The status call's answer; a refusal fails the case."""
        answer = self.call("/v1/payment/status", query)
        same(answer.status, 200, f"status of a status call, answered with {answer.body!r}")
        same(list(answer.value()), STATUS_KEYS, "keys of a status call's answer")
        return answer.value()


def refused(answer: Answer, status: int, fields: list[str] | None = None) -> dict:
    """Checks that an answer is a refusal in the contract's shape (§6); gives its body."""
    same(answer.status, status, f"status of a refusal, answered with {answer.body[:300]!r}")
    body = answer.value()
    same(list(body), ["message", "errors"], "keys of a refusal")
    expect(isinstance(body["errors"], dict), f"errors is {body['errors']!r}")
    expect(body["message"], "the message is empty")
    expect(answer.headers.get("x-error-code"), "there is no X-Error-Code")
    expect(answer.headers.get("x-request-id"), "there is no X-Request-Id")
    for messages in body["errors"].values():
        expect(messages and all(isinstance(each, str) for each in messages),
               f"messages are {messages!r}")
    if fields is not None:
        same(sorted(body["errors"]), sorted(fields), "refused fields")
    return body
