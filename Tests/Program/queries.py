"""Asking about payments: status and history."""

import re
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from house import House, closing
from merchant import BANKING, Merchant, refused
from suite import Suite, expect, same

MALAYSIA = timezone(timedelta(hours=8))
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house:
        house.start()
        house.shop = Merchant(house)
        yield house


suite = Suite("Status and history", opening)


@suite.table("the status of a payment that is {}", [
    ("wait", None, [None, False, None]), ("paid", "paid", ["25.90", False, "25.90"]),
    ("cancel", "cancel", ["0.00", False, "0.00"]), ("fail", "fail", ["0.00", False, "0.00"]),
])
def statuses(house: House, status: str, outcome: str | None, wanted: list) -> None:
    payment = house.shop.create()
    if outcome:
        house.simulate(payment["uuid"], outcome=outcome)
    found = house.shop.status(id=str(payment["id"]))
    same((found["payment_status"], found["id"], found["url"], found["amount"]),
         (status, payment["id"], payment["url"], "25.90"), "status, id, url, amount")
    same([found[name] for name in (
        "payment_amount", "is_partial_payment", "account_payment_amount")], wanted, "paid parts")
    fee = None if status == "wait" else "0.00"
    same((found["commission_amount"], found["hold_amount"]), (fee, fee), "fee and hold")
    same([found[name] for name in ("card_mask", "hold_at")], [None] * 2, "what nobody knows")
    balances = (found["account_old_balance"], found["account_new_balance"])
    same(balances, ("0.00", "25.90") if outcome == "paid" else (None, None), "balances")
    same(found["service_code"], BANKING, "service_code")


@suite.table("a status call is refused: {}", [
    ("empty", {}, 400, ["id", "order_id"]), ("id is a word", {"id": "x"}, 400, ["id"]),
    ("nulls", {"id": None, "order_id": ""}, 400, ["id", "order_id"]),
    ("an unknown id", {"id": 1}, 404, []), ("an unknown order", {"order_id": "none"}, 404, []),
    ("a huge id", {"id": 2 ** 63}, 400, ["id"]), ("an order of lists", {"order_id": []}, 400,
                                                 ["order_id"]),
    ("a fraction", {"id": 1.5}, 400, ["id"]), ("an unknown id as text", {"id": "77"}, 404, []),
])
def bad_statuses(house: House, _: str, query: dict, status: int, fields: list) -> None:
    refused(house.shop.call("/v1/payment/status", query), status, fields)


@suite.case("id and order_id of two payments are no payment, nor is another account's")
def not_mine(house: House) -> None:
    first, second = house.shop.create(order_id="mine-1"), house.shop.create(order_id="mine-2")
    refused(house.shop.call("/v1/payment/status", {"id": first["id"], "order_id": "mine-2"}), 404)
    other = Merchant(house)
    refused(other.call("/v1/payment/status", {"id": second["id"]}), 404, [])
    refused(other.call("/v1/payment/status", {"order_id": "mine-2"}), 404, [])
    same(other.create(order_id="mine-1")["id"] != first["id"], True, "whether orders are apart")


@suite.case("the history has the contract's keys, order, forms and links")
def history(house: House) -> None:
    shop = Merchant(house)
    empty = shop.call("/v1/payment/history", {}).value()
    path = f"{house.url}/v1/payment/history"
    same((empty["data"], list(empty)), ([], ["data", "links", "meta"]), "an empty history")
    same(empty["meta"], {"current_page": 1, "from": None, "last_page": 1, "path": path,
                         "per_page": 12, "to": None, "total": 0}, "meta of an empty history")
    made = [shop.create(amount=str(number)) for number in range(1, 6)]
    house.simulate(made[0]["uuid"], outcome="paid")
    page = shop.call("/v1/payment/history", {"paginate": 2, "page": "2"}).value()
    same([each["id"] for each in page["data"]], [made[2]["id"], made[3]["id"]], "ids")
    same(list(page["data"][0]), ["created_at", "id", "order_id", "amount", "commission_amount",
                                 "currency", "status"], "keys of an entry")
    same((page["data"][0]["amount"], page["data"][0]["commission_amount"]),
         ("3.000000000", None), "amounts of one that waits")
    expect(MOMENT.fullmatch(page["data"][0]["created_at"]), "created_at")
    same(page["links"], {"first": f"{path}?page=1", "last": f"{path}?page=3",
                         "prev": f"{path}?page=1", "next": f"{path}?page=3"}, "links")
    same(page["meta"], {"current_page": 2, "from": 3, "last_page": 3, "path": path,
                        "per_page": 2, "to": 4, "total": 5}, "meta")
    same(list(page["meta"]), ["current_page", "from", "last_page", "path", "per_page", "to",
                              "total"], "order of meta")
    today = datetime.now(MALAYSIA).date()
    whole = shop.call("/v1/payment/history", {
        "date_from": str(today - timedelta(1)), "date_to": str(today + timedelta(1))}).value()
    same(len(whole["data"]), 5, "payments around today")
    same((whole["data"][0]["status"], whole["data"][0]["commission_amount"]),
         ("paid", "0.000000000"), "one that is paid")
    past = {"date_to": str(today - timedelta(2))}
    same(shop.call("/v1/payment/history", past).value()["meta"]["total"], 0, "payments before")
    far = shop.call("/v1/payment/history", {"page": 900_000_000}).value()
    same((far["data"], far["meta"]["from"]), ([], None), "a page far behind the last")


@suite.table("a history call is refused: {}", [
    (f"{name} {value!r}", name, value) for name, value in [
        ("page", 0), ("page", -1), ("page", "x"), ("page", 2 ** 63), ("page", 10 ** 30),
        ("paginate", 0), ("paginate", 101), ("paginate", 1.5), ("date_from", "2024-02-30"),
        ("date_from", "01.02.2024"), ("date_to", 20240101), ("date_to", "2024-1-1"),
        ("date_to", "2024-01-01 00:00:00"), ("date_from", "99999-01-01"),
    ]])
def bad_histories(house: House, _: str, name: str, value: object) -> None:
    refused(house.shop.call("/v1/payment/history", {name: value}), 400, [name])
