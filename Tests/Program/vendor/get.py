"""A merchant's server that is told by GET.

  KEY=notification.pem RECORD=FILE python3 get.py PORT
"""

import base64
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PUBLIC_KEY = load_pem_public_key(Path(os.environ["KEY"]).read_bytes())


def verified(fields: dict[str, str]) -> bool:
    """Whether `sign` is the gateway's under the other fields, as PHP's json_encode writes them."""
    signed = {name: value for name, value in fields.items() if name != "sign"}
    signed["id"] = int(signed["id"])
    signed.setdefault("desc", None)
    text = json.dumps(signed, separators=(",", ":")).replace("/", "\\/")
    try:
        PUBLIC_KEY.verify(base64.b64decode(fields.get("sign", "")), text.encode(), PKCS1v15(),
                          SHA1())
    except InvalidSignature:
        return False
    return True


class Page(BaseHTTPRequestHandler):
    """The one page."""

    def do_GET(self):
        """Verifies, writes down, answers."""
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        fields = {name: values[0] for name, values in query.items()}
        good = verified(fields)
        with open(os.environ["RECORD"], "a") as record:
            record.write(json.dumps(
                {"verified": good, "method": self.command, "fields": fields}) + "\n")
        self.send_response(200 if good else 400)
        self.end_headers()

    def log_message(self, format, *arguments):
        """Says nothing: the record speaks."""


HTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
