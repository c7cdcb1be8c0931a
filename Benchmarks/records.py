"""Signed requests, made before a run and kept in one file: fixed-length records for load.lua."""

import base64
import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEY_BITS = 2048
PUBLIC_EXPONENT = 65537
SIGN_BYTES = 344  # A signature of 2048 bits in base64.
BODIES_A_BATCH = 2000
ORDER_DIGITS = 9
FILLED_PREFIX = "fille-"  # As long as "order-": all questions have one length.

# What a merchant's shop sends of itself and of its payer; the order_id makes each body another.
ORDER = {
    "amount": "25.90", "order_id": "", "service": "online_banking_myr_hpp",
    "customer_code": "MBB", "customer_ip": "203.0.113.77", "customer_first_name": "Nurul",
    "customer_last_name": "Binti Abdullah", "desc": "Pesanan kopi dan roti bakar",
    "lifetime": 3600, "customer_email": "nurul@payer.example", "customer_phone": "+60123456789",
    "customer_account": "60123456789", "customer_user_id": "84731",
    "customer_browser_user_agent":
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
    "customer_browser_language": "ms-MY",
    "success_redirect_url": "https://shop.example/pesanan/terima-kasih",
    "fail_redirect_url": "https://shop.example/pesanan/gagal",
    "notification_endpoint_url": "https://shop.example/kaunter/notification",
}

PAYOUT_SEN = 100
# What a shop sends to pay its supplier; the simulated bank takes a second for such a number.
PAYOUT = {
    "amount": "1.00", "order_id": "", "service": "payment_card_myr", "customer_code": "BIMB",
    "number": "12345678901234", "customer_first_name": "Aminah", "customer_last_name": "Siti",
    "desc": "Bekalan biji kopi",
}


def order_id(number: int) -> str:
    """The order_id of a body of the pool."""
    return f"order-{number:0{ORDER_DIGITS}}"


def create_body(number: int) -> bytes:
    """The body of a create."""
    return json.dumps(ORDER | {"order_id": order_id(number)}).encode()


def payout_body(number: int) -> bytes:
    """The body of a payout."""
    return json.dumps(PAYOUT | {"order_id": order_id(number)}).encode()


def status_body(order: str) -> bytes:
    """The body of a question about a payment."""
    return json.dumps({"order_id": order}).encode()


@dataclass(frozen=True)
class Records:
    """A file of records: what load.lua must know of it."""

    path: Path
    body_bytes: int
    count: int


class Signer:
    """A merchant's own key, and the making of records under it on all cores."""

    def __init__(self, folder: Path, cores: int):
        self.folder = folder
        self.cores = cores
        key = rsa.generate_private_key(public_exponent=PUBLIC_EXPONENT, key_size=KEY_BITS)
        self.private_pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption())
        self.public_file = folder / "merchant.pem"
        self.public_file.write_bytes(key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))

    def creates(self, count: int) -> Records:
        """Creates that differ in their order_id."""
        return self._write("creates", _batches(create_body, count))

    def payouts(self, count: int) -> Records:
        """Payouts that differ in their order_id."""
        return self._write("payouts", _batches(payout_body, count))

    def statuses(self, name: str, orders: list[str]) -> Records:
        """Questions about these orders."""
        bodies = [status_body(order) for order in orders]
        return self._write(name, [
            bodies[start:start + BODIES_A_BATCH]
            for start in range(0, len(bodies), BODIES_A_BATCH)])

    def _write(self, name: str, batches: list[list[bytes]]) -> Records:
        path = self.folder / f"{name}.records"
        keys = [self.private_pem] * len(batches)
        with ProcessPoolExecutor(self.cores) as workers, open(path, "wb") as file:
            for records in workers.map(_signed, keys, batches):
                file.write(records)
        return Records(path, len(batches[0][0]), sum(map(len, batches)))


def _batches(body: Callable[[int], bytes], count: int) -> list[list[bytes]]:
    return [
        [body(number) for number in range(start, min(start + BODIES_A_BATCH, count))]
        for start in range(0, count, BODIES_A_BATCH)]


def _signed(private_pem: bytes, bodies: list[bytes]) -> bytes:
    """The records of these bodies: SHA-1, which the published API's samples sign with."""
    key = serialization.load_pem_private_key(private_pem, None)
    return b"".join(
        base64.b64encode(key.sign(body, padding.PKCS1v15(), hashes.SHA1())) + body
        for body in bodies)
