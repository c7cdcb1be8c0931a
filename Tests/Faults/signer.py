"""A merchant that signs and verifies in this process: a program for each call would take long."""

import base64

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from house import House
from merchant import BANKING, php_json
from quick import QuickMerchant
from shop import Arrival
from suite import same


class Signer(QuickMerchant):
    """A merchant that checks what it is told."""

    def __init__(self, house: House):
        super().__init__(house)
        self._public = serialization.load_pem_public_key(self.notification_key.read_bytes())

    def must_have_been_told(self, arrival: Arrival, order: dict, payment: dict) -> None:
        """Checks that a notification says paid, of this payment, under a genuine signature."""
        fields = arrival.fields()
        sign = base64.b64decode(fields.pop("sign"), validate=True)
        values = {
            "type": "payment", "id": payment["id"], "order_id": order["order_id"],
            "payment_status": "paid", "amount": order["amount"],
            "payment_amount": order["amount"], "commission_amount": "0.00",
            "is_partial_payment": "0", "account": self.account, "service": BANKING,
        }
        same(fields, values | {"id": str(payment["id"])}, "the fields of a notification")
        # Raises where the signature is not genuine.
        self._public.verify(sign, php_json(values | {"desc": None}).encode(),
                            padding.PKCS1v15(), hashes.SHA1())
