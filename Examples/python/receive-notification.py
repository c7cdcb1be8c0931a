"""Waits for one notification, verifies it and prints what it says. Needs `cryptography`.

  receive-notification.py [port]   or the port in PORT; 0 lets the system choose one
  KAUNTER_NOTIFICATION_KEY         the PEM file of the account's notification key (public)

Exit status: 0 if the notification is genuine, 1 if not.
"""

import base64
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_public_key

# The fields that are signed, in the order in which they are signed.
SIGNED_FIELDS = [
    "type", "id", "order_id", "payment_status", "amount", "payment_amount", "commission_amount",
    "is_partial_payment", "account", "service", "desc",
]


def php_json(value) -> str:
    """JSON as PHP's json_encode writes it: `/` becomes `\\/` and `é` becomes `\\u00e9`."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")


def is_genuine(fields: dict[str, str], public_key) -> bool:
    """True if the gateway signed exactly these fields. Trust nothing in them before."""
    try:
        # All values are texts as they came, but `id` is an integer and an absent `desc` is null.
        signed = {name: fields.get(name) for name in SIGNED_FIELDS}
        signed["id"] = int(fields["id"])
        sign = base64.b64decode(fields["sign"], validate=True)
        # SHA-1, unless the account or the endpoint asks for SHA-256: then hashes.SHA256().
        public_key.verify(sign, php_json(signed).encode(), padding.PKCS1v15(), hashes.SHA1())
        return True
    except (KeyError, ValueError, InvalidSignature):
        return False


class Receiver(BaseHTTPRequestHandler):
    """Answers one request. Anything but GET is refused by the base class."""

    timeout = 10

    def do_GET(self):
        fields = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        genuine = is_genuine(fields, self.server.public_key)

        # Here a shop compares `amount` with the order, marks the order as paid if it is not yet
        # (the same notification may come twice), and answers only after that is stored: without
        # a 2xx answer the gateway sends the notification again later.
        text = b"OK" if genuine else b"Bad sign"
        self.send_response(200 if genuine else 400)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

        print(json.dumps({
            "order_id": fields.get("order_id"),
            "payment_status": fields.get("payment_status"),
            "verified": genuine,
        }))
        self.server.genuine = genuine

    def log_message(self, format, *arguments):
        """Keeps orders out of the log: the base class would write the whole query."""


def main() -> int:
    port = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PORT", "0"))
    server = HTTPServer(("127.0.0.1", port), Receiver)
    server.public_key = load_pem_public_key(
        Path(os.environ["KAUNTER_NOTIFICATION_KEY"]).read_bytes())
    server.genuine = None
    print(f"listening on http://127.0.0.1:{server.server_port}/", flush=True)
    while server.genuine is None:
        server.handle_request()
    return 0 if server.genuine else 1


if __name__ == "__main__":
    sys.exit(main())
