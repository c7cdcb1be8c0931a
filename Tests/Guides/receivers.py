"""The guides' programs that receive notifications, given genuine, forged and repeated ones."""

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlencode

from gateway import fetch
from session import Session
from suite import expect, same

OUTPUT_TIMEOUT_SECONDS = 30

# Texts that PHP's json_encode, a query and a careless program treat in different ways.
HARD_DESCRIPTION = "Teh \"tarik\" \\ <b>½ kg</b> #1; ?a=b 美玲 😀 1+1=2 & 100%"

FORGERIES = {
    "another status": lambda fields: fields | {"payment_status": "fail"},
    "another order": lambda fields: fields | {"order_id": "1042"},
    "another amount": lambda fields: fields | {"payment_amount": "100.00"},
    "a description that was not there": lambda fields: fields | {"desc": "gift"},
    "another id": lambda fields: fields | {"id": "100000099"},
    "an id that is no number": lambda fields: fields | {"id": "twelve"},
    "no signature": lambda fields: {name: fields[name] for name in fields if name != "sign"},
    "a signature that is not base64": lambda fields: fields | {"sign": "%&$"},
    "a short signature": lambda fields: fields | {"sign": "AAAA"},
    "no field": lambda fields: {},
}


def refuses_forgeries(session: Session) -> None:
    """A genuine notification is acted on once; what differs from it gets 400, and does nothing."""
    session.command(
        "kaunter trigger payment.paid --account UUID --set order_id=1043 --set amount=25.50 "
        "--set notification_endpoint_url=https://shop.example/notify")
    query = session.shop.next_like(lambda each: "order_id=1043" in each.target).query
    before = session.last_terminal().output
    for name, forge in FORGERIES.items():
        forged = urlencode(forge(dict(parse_qsl(query))))
        same(_notify(session, forged), 400, f"the answer to {name}")
    same(_notify(session, query + "&desc=%FF%C0%AF"), 400, "the answer to what is not UTF-8")
    after = session.last_terminal().output[len(before):]
    expect("order 10" not in after, f"it acted on a forgery: {after}")
    same(_notify(session, query), 200, "the answer to the genuine one")
    _printed(session, "Ship order 1043: ")


def acts_once(session: Session) -> None:
    """The same again, four times at one moment, is answered with 200 and ships nothing more."""
    fields = _fields(7, order_id="1043", amount="25.50")
    query = _query(session, fields)
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda _: _notify(session, query), range(4)))
    same(statuses, [200] * 4, "the answers")
    _printed(session, "Known already: payment 7 ", 3)
    same(_count(session, "Ship order 1043: payment 7 "), 1, "parcels")


def compares(session: Session) -> None:
    """What is genuine and no paid order of ours ships nothing, and is not asked for again."""
    cases = [
        (_fields(8, order_id="9999", amount="25.50"), "Ask for the status, and look: payment 8 "),
        (_fields(9, order_id="1043", amount="1.00"), "Ask for the status, and look: payment 9 "),
        (_fields(10, order_id="1043", amount="25.50", payment_status="fail"),
         "Nothing to ship: payment 10 "),
        (_fields(11, order_id="1043", amount="25.50", type="payout"),
         "Nothing to ship: payout 11 "),
        (_fields(12, order_id="1042/é", amount="25.50", desc=HARD_DESCRIPTION),
         "Ask for the status, and look: payment 12 "),
    ]
    for fields, wanted in cases:
        same(_notify(session, _query(session, fields)), 200, f"the answer to {fields}")
        _printed(session, wanted)
    same([_count(session, f"Ship order 1043: payment {each} ") for each in range(8, 13)],
         [0] * 5, "parcels")


def _fields(number: int, order_id: str, amount: str, **others: str) -> dict:
    usual = {"id": number, "order_id": order_id, "payment_status": "paid", "amount": amount,
             "payment_amount": amount}
    return usual | others


def _query(session: Session, fields: dict) -> str:
    """The query that the gateway signs for these fields and sends."""
    (session.work / "sent.json").write_text(json.dumps(fields))
    path = f"/sent-{fields['type'] if 'type' in fields else 'payment'}-{fields['id']}"
    session.command(
        f"kaunter send --account UUID --to https://shop.example{path} --file sent.json")
    return session.shop.next_like(lambda each: each.target.split("?")[0] == path).query


def _notify(session: Session, query: str) -> int:
    return fetch(f"{session.receiver}/notify?{query}")[0]


def _count(session: Session, text: str) -> int:
    return session.last_terminal().output.count(text)


def _printed(session: Session, text: str, times: int = 1) -> None:
    session.last_terminal().wait(
        lambda: _count(session, text) >= times, f"{text!r} was printed {times} times",
        OUTPUT_TIMEOUT_SECONDS)
