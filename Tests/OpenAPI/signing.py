"""What schemathesis loads: signs each request with a real key, and writes down how it went.

The names of the files come in the environment, since schemathesis is a process of its own.
"""

import base64
import os
from pathlib import Path

import schemathesis
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ACCOUNT = os.environ["OPENAPI_ACCOUNT"]
RECORD = Path(os.environ["OPENAPI_RECORD"])
PAYMENT_KEY = load_pem_private_key(Path(os.environ["OPENAPI_PAYMENT_KEY"]).read_bytes(), None)
PAYOUT_KEY = load_pem_private_key(Path(os.environ["OPENAPI_PAYOUT_KEY"]).read_bytes(), None)


class Signature:
    """Adds the account, and the signature over the bytes that are about to be sent."""

    def __call__(self, request):
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else body
        key = PAYMENT_KEY if request.path_url.startswith("/v1/payment") else PAYOUT_KEY
        sign = key.sign(raw, padding.PKCS1v15(), hashes.SHA1())
        request.headers["Account"] = ACCOUNT
        request.headers["Sign"] = base64.b64encode(sign).decode()
        return request


schemathesis.auth.set_from_requests(Signature())


@schemathesis.hook
def after_call(context, case, response):
    """One line for each answer: the call, and its status."""
    with RECORD.open("a") as record:
        record.write(f"{case.method} {case.path} {response.status_code}\n")


@schemathesis.hook
def before_add_examples(context, examples):
    """Examples name payments and payouts of another gateway: here are some of ours."""
    ours = {"payment": os.environ["OPENAPI_PAYMENT"], "payout": int(os.environ["OPENAPI_PAYOUT"])}
    for example in examples:
        for name in (example.path_parameters or {}).keys() & ours.keys():
            example.path_parameters[name] = ours[name]
