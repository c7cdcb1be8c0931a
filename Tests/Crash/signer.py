"""A merchant's keys in memory: signs calls, and checks what the gateway signed in both ways."""

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from merchant import Merchant, php_json
from notices import KEYS
from webhooks import library

_library = library()


class Signer:
    """Signs for one account."""

    def __init__(self, merchant: Merchant):
        self.account = merchant.account
        self._key = load_pem_private_key(merchant.key.read_bytes(), None)
        self._notification_key = load_pem_public_key(merchant.notification_key.read_bytes())

    def headers(self, body: bytes) -> dict[str, str]:
        """The headers of a signed call of these bytes."""
        sign = self._key.sign(body, padding.PKCS1v15(), hashes.SHA256())
        return {"Content-Type": "application/json", "Account": self.account,
                "Sign": base64.b64encode(sign).decode()}

    def is_genuine(self, fields: dict[str, str]) -> bool:
        """Whether the gateway signed this notification, whose fields are a query's."""
        try:
            text = php_json({key: fields.get(key) for key in KEYS} | {"id": int(fields["id"])})
            self._notification_key.verify(
                base64.b64decode(fields["sign"], validate=True), text.encode(),
                padding.PKCS1v15(), hashes.SHA1())
        except (KeyError, ValueError, InvalidSignature):
            return False
        return True


def is_signed(secret: str, query: str, headers: dict[str, str]) -> bool:
    """Whether PyPI's `standardwebhooks` finds a GET genuine under this secret."""
    try:
        _library.Webhook(secret).verify(query.encode(), headers, json_parse=False)
    except _library.WebhookVerificationError:
        return False
    return True
