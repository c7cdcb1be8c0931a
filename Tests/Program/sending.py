"""`kaunter send`: notifications by hand, really signed, and only to where they may go."""

import json
from contextlib import contextmanager
from pathlib import Path

from house import Done, House, closing
from merchant import Merchant, php_json, verifies
from notices import HARD, KEYS, sent
from shop import open_shop
from suite import Suite, expect, same

BODY = {
    "id": 100000001, "order_id": "order/1+2 é", "payment_status": "paid", "amount": "25.90",
    "payment_amount": "25.90", "desc": HARD,
}


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house, open_shop() as receiver:
        same(house.command("migrate", "--sandbox").code, 0, "exit code of migrate")
        house.shop = Merchant(house)
        house.receiver = receiver
        yield house


suite = Suite("Notifications by hand", opening)


def send(house: House, to: str, fields: dict, *options: object) -> Done:
    """Sends these fields."""
    file = house.folder / "body.json"
    file.write_text(json.dumps(fields))
    return house.command("send", "--account", house.shop.account, "--to", to, "--file", file,
                         *options)


def values(house: House, fields: dict) -> dict:
    """All fields as they are signed."""
    usual = {"type": "payment", "commission_amount": "0.00", "is_partial_payment": "0",
             "account": house.shop.account, "service": "online_banking_myr_hpp", "desc": None}
    return {key: (usual | fields)[key] for key in KEYS}


@suite.table("what is sent by {} is signed with the account's key, and is what it says", [
    ("get", None), ("get", "get"), ("post_form", "post_form"), ("post_json", "post_json"),
    ("post_form", "post-form"),
])
def methods(house: House, method: str, option: str | None) -> None:
    path = f"/by-{method}-{option}"
    done = send(house, house.receiver.url + path, BODY, *(["--method", option] if option else []))
    same(done.code, 0, f"exit code, with {done.err}")
    arrival = house.receiver.next(path)
    fields = sent(arrival, method)
    text = php_json(values(house, BODY))
    expect(verifies(house.shop.notification_key, fields["sign"], text.encode()),
           f"openssl refuses the signature over {text}")
    value = done.value()
    same((value["accepted"], value["code"], value["digest"], value["signed_text"], value["sign"]),
         (True, 200, "sha1", text, fields["sign"]), "answer")
    same(len(value["requests"]), 1, "requests")
    body = value["requests"][0]["body"]
    same((value["requests"][0]["method"], (body or "").encode()), (arrival.method, arrival.body),
         "what was sent")
    capture = house.folder / "capture.txt"
    capture.write_text(arrival.query or arrival.body.decode())
    same(house.command("verify", "--key", house.shop.notification_key, "--file", capture).code, 0,
         "exit code of verify")


@suite.case("every field can be told, SHA-256 asked for, and a sign in the file is passed over")
def all_fields(house: House) -> None:
    fields = values(house, BODY) | {
        "type": "payout", "payment_status": "fail", "commission_amount": "1.5",
        "is_partial_payment": "1", "service": "payout_myr", "sign": "AAAA"}
    done = send(house, house.receiver.url + "/all", fields, "--digest", "sha256")
    same(done.code, 0, f"exit code, with {done.err}")
    arrived = house.receiver.next("/all").fields()
    fields |= {"commission_amount": "1.50"}
    text = php_json({key: fields[key] for key in KEYS})
    expect(verifies(house.shop.notification_key, arrived["sign"], text.encode(), "sha256"),
           "openssl refuses the signature")


@suite.table("an answer of {} is told, and ends with 1; nothing is tried again", [
    (500,), (302,), (400,),
])
def unaccepted(house: House, code: int) -> None:
    path = f"/says-{code}"
    house.receiver.answers("GET", path, always=code)
    done = send(house, house.receiver.url + path, BODY)
    same((done.code, done.value()["accepted"], done.value()["code"]), (1, False, code), "answer")
    house.receiver.next(path)
    expect(house.receiver.has_silence(path), "it was tried again")
    expect(house.receiver.has_silence("/elsewhere"), "a redirect was followed")


@suite.case("a receiver that takes POST alone is asked again at once, as by the house itself")
def post_only(house: House) -> None:
    house.receiver.answers("GET", "/post-only", always=405)
    done = send(house, house.receiver.url + "/post-only", BODY)
    same([(each["method"], each["code"]) for each in done.value()["requests"]],
         [("GET", 405), ("POST", 200)], "requests")
    same(done.code, 0, "exit code")


@suite.case("nobody there, and a place that nothing may go to, are told apart")
def nowhere(house: House) -> None:
    for to, fault in [("http://127.0.0.1:1/n", "unreachable"),
                      ("http://169.254.169.254/latest/", "forbidden_address"),
                      ("http://[fd20:ce::254]/", "forbidden_address")]:
        value = send(house, to, BODY).value()
        same((value["accepted"], value["code"], value["fault"]), (False, 0, fault), to)


@suite.table("{} is refused, with every field that is wrong, and nothing is sent", [
    ("an empty object", {}, ["id", "order_id", "payment_status", "amount", "payment_amount"]),
    ("a status that is never told", BODY | {"payment_status": "wait"}, ["payment_status"]),
    ("an amount of three decimals", BODY | {"amount": "1.000"}, ["amount"]),
    ("an id that is no number", BODY | {"id": "x"}, ["id"]),
    ("a flag that is none", BODY | {"is_partial_payment": "yes"}, ["is_partial_payment"]),
    ("a type that is none", BODY | {"type": "refund"}, ["type"]),
])
def wrong_fields(house: House, _: str, fields: dict, wanted: list) -> None:
    done = send(house, house.receiver.url + "/wrong", fields)
    same(done.code, 1, f"exit code, with {done.out}")
    same(sorted(done.value()["error"]["errors"]), sorted(wanted), "fields")
    expect(house.receiver.has_silence("/wrong"), "it was sent")


@suite.case("an unknown field, another account, a bad URL, a missing file are refused")
def wrong_words(house: House) -> None:
    to = house.receiver.url + "/wrong"
    same(send(house, to, BODY | {"ammount": "1.00"}).code, 1, "exit code for an unknown field")
    other = "00000000-0000-4000-8000-000000000000"
    same(send(house, to, BODY | {"account": other}).code, 1, "exit code for another account")
    for url in ("ftp://x/", "https://u:p@x.example/", "x"):
        same(list(send(house, url, BODY).value()["error"]["errors"]), ["to"], f"fields for {url}")
    done = house.command("send", "--account", house.shop.account, "--to", to, "--file", "/nowhere")
    same(done.code, 1, "exit code for a missing file")
    same(list(send(house, to, BODY, "--method", "put").value()["error"]["errors"]), ["method"],
         "fields for a method")
    expect(house.receiver.has_silence("/wrong"), "it was sent")


@suite.case("a running server sends it as well")
def by_server(house: House) -> None:
    house.start()
    try:
        same(send(house, house.receiver.url + "/served", BODY).code, 0, "exit code")
        house.receiver.next("/served")
    finally:
        house.end()
