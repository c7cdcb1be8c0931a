"""The headers of Standard Webhooks: their own library, and `cryptography`, verify every try."""

import base64
import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from house import House, closing, command
from merchant import Merchant, php_json, verifies
from shop import Arrival, open_shop
from suite import Suite, expect, same

ROOT = Path(__file__).resolve().parents[2]
INSTALL_TIMEOUT_SECONDS = 300
# How far a try's time may be from the moment at which it is looked at.
FRESH_SECONDS = 60
KINDS = ["url", "get", "post_form", "post_json", "learned"]


def library():
    """PyPI's `standardwebhooks`, by the specification's own authors; installed if need be."""
    done = subprocess.run(
        [ROOT / "scripts" / "python-packages.sh"], check=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, text=True, timeout=INSTALL_TIMEOUT_SECONDS)
    folder = Path(done.stdout.strip()).parents[1]
    sys.path += [str(each) for each in folder.glob("lib/python3*/site-packages")]
    import standardwebhooks
    return standardwebhooks


@contextmanager
def opening(binary: Path, folder: Path):
    with open_shop() as receiver, closing(House(binary, folder)) as house:
        house.library = library()
        house.start()
        house.shop = Merchant(house)
        house.receiver = receiver
        yield house


suite = Suite("Standard Webhooks", opening)


def account_key(house: House) -> dict:
    """The secret and public key of what is named by URL alone."""
    return house.must("keys", "webhook", "--account", house.shop.account)


def endpoint(house: House, path: str, method: str, *options: str) -> dict:
    """Adds an endpoint: its id, secret and public key."""
    return house.must("endpoint", "add", "--account", house.shop.account, "--url",
                      house.receiver.url + path, "--method", method, *options)


def pay(house: House, path: str, number: int | None = None) -> dict:
    """A payment that is paid, and told at this path or to this endpoint."""
    target = {"notification_endpoint_id": number} if number else {
        "notification_endpoint_url": house.receiver.url + path}
    payment = house.shop.create(desc="Teh ½ é/1+1", **target)
    same(house.simulate(payment["uuid"], outcome="paid").status, 200, "the sandbox")
    return payment


def payload(arrival: Arrival) -> bytes:
    """What is signed of a request: its body, or the raw query of a GET."""
    return arrival.query.encode() if arrival.method == "GET" else arrival.body


def by_secret(house: House, secret: str, arrival: Arrival, body: bytes | None = None) -> bool:
    """Whether the library finds a request genuine."""
    try:
        house.library.Webhook(secret).verify(
            payload(arrival) if body is None else body, arrival.headers, json_parse=False)
    except house.library.WebhookVerificationError:
        return False
    return True


def by_public_key(text: str, arrival: Arrival, body: bytes | None = None) -> bool:
    """Whether one of a request's `v1a` signatures is this key's, by `cryptography`."""
    expect(text.startswith("whpk_"), f"the public key is {text}")
    key = Ed25519PublicKey.from_public_bytes(
        base64.b64decode(text.removeprefix("whpk_"), None, True))
    headers = arrival.headers
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode()
    content += payload(arrival) if body is None else body
    for signature in signatures(arrival, "v1a"):
        try:
            key.verify(base64.b64decode(signature, None, True), content)
            return True
        except InvalidSignature:
            continue
    return False


def signatures(arrival: Arrival, kind: str) -> list[str]:
    """A request's signatures of this kind."""
    pairs = [each.split(",", 1) for each in arrival.headers["webhook-signature"].split(" ")]
    expect(all(name in ("v1", "v1a") for name, _ in pairs), f"kinds {pairs}")
    return [value for name, value in pairs if name == kind]


def check(house: House, key: dict, arrival: Arrival) -> None:
    """Checks one try: fresh, and signed by this key in both ways."""
    expect(abs(time.time() - int(arrival.headers["webhook-timestamp"])) < FRESH_SECONDS,
           "the time of the try is not the time of the try")
    expect(by_secret(house, key["secret"], arrival), "the library refuses it")
    expect(by_public_key(key["public_key"], arrival), "cryptography refuses it")


@suite.case("`endpoint add` prints a secret and a public key, and they are shown again")
def shown(house: House) -> None:
    made = endpoint(house, "/shown", "get")
    same(list(made), ["id", "secret", "public_key"], "keys of the answer")
    same(type(made["id"]), int, "type of id")
    same(len(base64.b64decode(made["secret"].removeprefix("whsec_"), None, True)), 32, "bytes")
    again = house.must("keys", "webhook", "show", "--endpoint", made["id"])
    same(again, {key: made[key] for key in ("secret", "public_key")}, "what is shown")
    own = account_key(house)
    same(list(own), ["secret", "public_key"], "keys of the account's answer")
    expect(own["secret"] != made["secret"] and own["public_key"] != made["public_key"],
           "the account's is the endpoint's")
    other = house.must("merchant", "create", "--name", "Kedai Lain")["account"]
    expect(house.must("keys", "webhook", "--account", other) != own, "two accounts share one")
    text = command(house.binary, "keys", "webhook", "--endpoint", made["id"], *house.store).out
    expect(made["secret"] in text and made["public_key"] in text, f"the text is {text!r}")


@suite.case("every try of every kind of receiver verifies by both, and a retry is signed anew")
def every_try(house: House) -> None:
    keys = {kind: account_key(house) for kind in KINDS}
    for kind in KINDS:
        house.receiver.answers("GET", f"/{kind}", *([405] if kind == "learned" else [500]))
        house.receiver.answers("POST", f"/{kind}", 500)
        number = None
        if kind not in ("url", "learned"):
            keys[kind] = endpoint(house, f"/{kind}?shop=1%2F+x&é=ü", kind)
            number = keys[kind]["id"]
        pay(house, f"/{kind}?shop=1%2F+x&é=ü#top", number)
    for kind in KINDS:
        tries = [house.receiver.next(f"/{kind}") for _ in range(3 if kind == "learned" else 2)]
        for arrival in tries:
            check(house, keys[kind], arrival)
        same(len({each.headers["webhook-id"] for each in tries}), 1, f"ids of {kind}")
        expect(tries[0].headers["webhook-id"].removeprefix("evt_").isdigit(), "no evt_<number>")
        times = [int(each.headers["webhook-timestamp"]) for each in tries]
        expect(times[-1] - times[0] >= 4, f"the retry of {kind} has the time of the first try")
        signs = {sign(each) for each in tries}
        same(len(signs), 1, f"different `sign` of {kind}")


def sign(arrival: Arrival) -> str:
    """The vendor's own signature of a notification, however it was sent."""
    if arrival.method == "GET":
        return arrival.fields()["sign"]
    if arrival.headers["content-type"].startswith("application/json"):
        return json.loads(arrival.body)["sign"]
    return Arrival("GET", "", arrival.body.decode(), {}, b"").fields()["sign"]


@suite.case("two events have two ids")
def ids(house: House) -> None:
    found = set()
    for number in range(2):
        pay(house, f"/ids-{number}")
        found.add(house.receiver.next(f"/ids-{number}").headers["webhook-id"])
    same(len(found), 2, "ids of two events")


@suite.case("another body, another time and another secret are found out by both")
def forged(house: House) -> None:
    made = endpoint(house, "/forged", "post_json")
    other = endpoint(house, "/other", "post_json")
    pay(house, "/forged", made["id"])
    arrival = house.receiver.next("/forged")
    check(house, made, arrival)
    body = arrival.body.replace(b'"paid"', b'"fail"')
    expect(body != arrival.body, "nothing was altered")
    expect(not by_secret(house, made["secret"], arrival, body), "the library takes another body")
    expect(not by_public_key(made["public_key"], arrival, body), "another body is good")
    expect(not by_secret(house, other["secret"], arrival), "the library takes another secret")
    expect(not by_public_key(other["public_key"], arrival), "another key is good")
    later = dict(arrival.headers)
    later["webhook-timestamp"] = str(int(later["webhook-timestamp"]) + 1)
    altered = Arrival(arrival.method, arrival.path, arrival.query, later, arrival.body)
    expect(not by_secret(house, made["secret"], altered), "the library takes another time")
    expect(not by_public_key(made["public_key"], altered), "another time is good")


@suite.table("while the secret of {} is rotated both sign, and afterwards the new one", [
    ("an endpoint",), ("an account",),
])
def rotated(house: House, whose: str) -> None:
    path = f"/rotated-{whose[3:]}"
    if whose == "an endpoint":
        old = endpoint(house, path, "post_json")
        place, number = ("--endpoint", old["id"]), old["id"]
    else:
        old = account_key(house)
        place, number = ("--account", house.shop.account), None
    new = house.must("keys", "webhook", "rotate", *place)
    same(list(new), ["secret", "public_key", "old_ends_at"], "keys of the answer")
    same(house.must("keys", "webhook", *place)["secret"], new["secret"], "what is shown")
    pay(house, path, number)
    during = house.receiver.next(path)
    check(house, old, during)
    check(house, new, during)
    same((len(signatures(during, "v1")), len(signatures(during, "v1a"))), (2, 2), "signatures")

    newest = house.must("keys", "webhook", "rotate", *place, "--overlap-hours", "0")
    pay(house, path, number)
    afterwards = house.receiver.next(path)
    check(house, newest, afterwards)
    same((len(signatures(afterwards, "v1")), len(signatures(afterwards, "v1a"))), (1, 1),
         "signatures afterwards")
    for each in (old, new):
        expect(not by_secret(house, each["secret"], afterwards), "an old secret signs")
        expect(not by_public_key(each["public_key"], afterwards), "an old pair signs")


@suite.table("a receiver of the older list gets no commission_amount by {}", [
    ("get",), ("post_form",), ("post_json",),
])
def older(house: House, method: str) -> None:
    path = f"/older-{method}"
    made = endpoint(house, path, method, "--fields", "without_commission", "--digest", "sha256")
    listed = house.must("endpoint", "list", "--account", house.shop.account)["endpoints"]
    same([each["fields"] for each in listed if each["id"] == made["id"]],
         ["without_commission"], "what is listed")
    payment = pay(house, path, made["id"])
    arrival = house.receiver.next(path)
    check(house, made, arrival)
    if method == "post_json":
        fields = json.loads(arrival.body)
    else:
        fields = Arrival("GET", "", payload(arrival).decode(), {}, b"").fields()
    keys = ["type", "id", "order_id", "payment_status", "amount", "payment_amount",
            "is_partial_payment", "account", "service", "desc"]
    same(list(fields), [*keys, "sign"], "keys")
    text = php_json({key: fields[key] for key in keys} | {"id": payment["id"]})
    expect(verifies(house.shop.notification_key, fields["sign"], text.encode(), "sha256"),
           f"openssl refuses the signature over {text}")


@suite.table("a receiver that asks for no sign gets none by {}, and the headers are good", [
    ("get",), ("post_form",), ("post_json",),
])
def unsigned(house: House, method: str) -> None:
    path = f"/unsigned-{method}"
    made = endpoint(house, path, method, "--sign", "off")
    listed = house.must("endpoint", "list", "--account", house.shop.account)["endpoints"]
    same([each["sign"] for each in listed if each["id"] == made["id"]], ["off"], "what is listed")
    pay(house, path, made["id"])
    arrival = house.receiver.next(path)
    check(house, made, arrival)
    expect(b"sign" not in payload(arrival), "it carries a sign")
    house.must("endpoint", "set", "--account", house.shop.account, "--id", str(made["id"]),
               "--sign", "on")
    pay(house, path, made["id"])
    arrival = house.receiver.next(path)
    check(house, made, arrival)
    expect(b"sign" in payload(arrival), "it carries no sign")
    refused = house.command("endpoint", "add", "--account", house.shop.account, "--url",
                        house.receiver.url + path, "--sign", "maybe")
    expect(refused.code != 0, "another word was taken")


@suite.case("the log has no secret and no signature")
def quiet(house: House) -> None:
    text = house.log()
    expect("notification" in text, "the log is nearly empty")
    same([word for word in ("whsec_", "whpk_", "v1,", "v1a,") if word in text], [],
         "found in the log")
