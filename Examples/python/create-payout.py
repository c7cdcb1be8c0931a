"""Asks for the balance, pays out of it, and prints both answers. Needs the package `cryptography`.

  KAUNTER_URL       where the gateway is, by default http://127.0.0.1:8080
  KAUNTER_ACCOUNT   the account's uuid
  KAUNTER_KEY       the folder of the payout certificate: password.txt, private.pem, public.pem
  ORDER_ID          optional: your own number of the payout, never used twice
  NOTIFICATION_URL  optional: where the outcome is to be sent
  AMOUNT            optional: what is paid out, by default 40.00

Exit status: 0 if the payout was accepted, 1 if it was refused or no answer came.
"""

import base64
import json
import os
import sys
import urllib.error
import urllib.request
import uuid
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def signature(body: bytes, key_folder: Path) -> str:
    """The base64 signature of exactly these bytes, for the header `Sign`."""
    private_key = load_pem_private_key(
        (key_folder / "private.pem").read_bytes(),
        # The password is the file's bytes as they are: stripping them would change it.
        (key_folder / "password.txt").read_bytes(),
    )
    # The gateway accepts SHA-256 and, as the older samples in PHP use it, SHA-1.
    return base64.b64encode(private_key.sign(body, padding.PKCS1v15(), hashes.SHA256())).decode()


def post(url: str, headers: dict[str, str], body: bytes) -> tuple[int, str]:
    """Sends the body; gives the HTTP status and the answer's text."""
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        # A refusal has a body too, and it says why.
        return refusal.code, refusal.read().decode()


def call(path: str, fields: dict | list) -> bool:
    """Signs and sends these fields, and prints the answer; False if it is a refusal."""
    # Encode once: what is signed and what is sent must be the same bytes.
    body = json.dumps(fields).encode()
    headers = {
        "Content-Type": "application/json",
        "Account": os.environ["KAUNTER_ACCOUNT"],
        "Sign": signature(body, Path(os.environ["KAUNTER_KEY"])),
    }
    url = os.environ.get("KAUNTER_URL", "http://127.0.0.1:8080") + path
    status, answer = post(url, headers, body)
    if status == 200:
        print(answer)
        return True

    refusal = json.loads(answer)
    print(refusal["message"], file=sys.stderr)
    for field, messages in refusal["errors"].items():
        print(f"{field}: {' '.join(messages)}", file=sys.stderr)
    return False


def main() -> int:
    # Nothing is asked: the body is `[]`, and that is what is signed.
    if not call("/v1/account/balance", []):
        return 1

    # In the order of the document. The number is a text: it may begin with zeros.
    fields = {
        "amount": os.environ.get("AMOUNT") or "40.00",
        "order_id": os.environ.get("ORDER_ID") or f"payout-{uuid.uuid4()}",
        "service": "payment_card_myr",
        "number": "12345678901234",
        "customer_code": "BIMB",
        "customer_first_name": "René",
        "customer_last_name": "a/l Raju",
    }
    if os.environ.get("NOTIFICATION_URL"):
        fields["notification_endpoint_url"] = os.environ["NOTIFICATION_URL"]
    # If no answer comes, send the same body again, never a new order_id: that would be a second
    # payout. Then keep `id`, and wait for the notification.
    return 0 if call("/v1/payout", fields) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyError as error:
        sys.exit(f"Please set {error.args[0]}.")
    except (OSError, ValueError) as error:
        sys.exit(str(error))
