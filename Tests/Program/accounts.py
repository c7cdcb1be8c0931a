"""An account's settings and what each of them does; `pay` and `status` through the SDK."""

from contextlib import contextmanager
from pathlib import Path

from commands import failed
from house import House, closing
from merchant import CREATE_KEYS, STATUS_KEYS, Merchant, refused
from notices import check
from pages import Payer
from shop import open_shop
from suite import Suite, expect, same


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house, open_shop() as receiver:
        house.start()
        house.shop = Merchant(house)
        house.receiver = receiver
        yield house


suite = Suite("Accounts and the SDK's commands", opening)


def setting(house: House, *options: str) -> None:
    """Changes the account."""
    house.must("account", "set", "--account", house.shop.account, *options)


def notified(house: House, path: str, *outcomes: dict) -> tuple[dict, dict]:
    """A payment that gets these outcomes, and the fields of its notification."""
    order = house.shop.order(notification_endpoint_url=house.receiver.url + path)
    payment = house.shop.call("/v1/payment", order).value()
    for outcome in outcomes:
        answer = house.simulate(payment["uuid"], **outcome)
        same(answer.status, 200, f"the sandbox, with {answer.body!r}")
    return order | payment, house.receiver.next(path).fields()


@suite.case("--payments off refuses new payments with 403, and knows repeats and statuses still")
def payments_off(house: House) -> None:
    order = house.shop.order()
    first = house.shop.call("/v1/payment", order)
    setting(house, "--payments", "off")
    try:
        refused(house.shop.call("/v1/payment", house.shop.order()), 403, [])
        same(house.shop.call("/v1/payment", order).body, first.body, "the answer to a repeat")
        house.shop.status(id=first.value()["id"])
    finally:
        setting(house, "--payments", "on")
    house.shop.create()


@suite.case("part of a sum leaves a payment waiting, and the rest makes it paid")
def rest(house: House) -> None:
    order = house.shop.order(notification_endpoint_url=house.receiver.url + "/rest")
    payment = house.shop.call("/v1/payment", order).value()
    house.simulate(payment["uuid"], outcome="paid", amount="20.00")
    status = house.shop.status(id=payment["id"])
    same((status["payment_status"], status["payment_amount"]), ("wait", None), "after a part")
    expect(house.receiver.has_silence("/rest"), "a part was told")
    house.simulate(payment["uuid"], outcome="paid", amount="5.90")
    check(house, house.receiver.next("/rest").fields(), order | payment)
    status = house.shop.status(id=payment["id"])
    same((status["payment_amount"], status["is_partial_payment"]), ("25.90", False), "the whole")


@suite.table("a payer is told what is still to be paid, when a part came {}", [
    ("at the bank", ["choose", "part"]), ("unasked", ["part"]),
    ("and the next attempt was declined", ["choose", "part", "decline"]),
])
def missing(house: House, _: str, steps: list) -> None:
    payment = house.shop.create()
    payer = Payer(house, payment)
    for step in steps:
        if step == "part":
            house.simulate(payment["uuid"], outcome="paid", amount="20.00")
        elif step == "choose":
            payer.choose()
        else:
            payer.decide(payer.choose(), step)
    text = payer.look().text
    expect("RM 20.00" in text and "RM 5.90" in text, f"the page says {text.split()[:30]}")
    expect("RM 5.90" in payer.look(payer.choose()).text, "the bank asks for another sum")


@suite.case("part of a sum and then the end is a fail")
def part_then_end(house: House) -> None:
    payment, fields = notified(house, "/part", {"outcome": "paid", "amount": "20.00"},
                               {"outcome": "cancel"})
    check(house, fields, payment, payment_status="fail", payment_amount="0.00")


@suite.case("--partial accept makes a part paid, and says so everywhere")
def partial(house: House) -> None:
    setting(house, "--partial", "accept")
    try:
        payment, fields = notified(house, "/partial", {"outcome": "paid", "amount": "20.00"})
    finally:
        setting(house, "--partial", "refuse")
    check(house, fields, payment, payment_amount="20.00", is_partial_payment="1")
    status = house.shop.status(id=payment["id"])
    same([status[name] for name in ("payment_status", "amount", "payment_amount",
                                    "is_partial_payment", "account_payment_amount")],
         ["paid", "25.90", "20.00", True, "20.00"], "status")


@suite.case("more than the sum makes it paid with the sum, and no more")
def surplus(house: House) -> None:
    payment, fields = notified(house, "/surplus", {"outcome": "paid", "amount": "99.00"})
    check(house, fields, payment)


@suite.case("`pay` and `status` do what a merchant's program does")
def sdk(house: House) -> None:
    keys = house.folder / "sdk-keys"
    whose = ("--account", house.shop.account, "--key", keys, "--url", house.url)
    house.must("keys", "issue", "--account", house.shop.account, "--for", "payment", "--out", keys)
    made = house.must("pay", *whose, "--amount", "25.90", "--order-id", "sdk-1",
                      "--notification-url", house.receiver.url + "/sdk",
                      "--success-url", "https://shop.example/thanks")
    same((list(made), made["payment_status"]), (CREATE_KEYS, "wait"), "what pay prints")
    same(made["success_redirect_url"], "https://shop.example/thanks", "success_redirect_url")
    for query in (("--order-id", "sdk-1"), ("--id", made["id"])):
        status = house.must("status", *whose, *query)
        same((list(status), status["id"]), (STATUS_KEYS, made["id"]), "what status prints")
    for service in ("qr_code_myr_hpp", "e_wallet_myr_hpp"):
        house.must("pay", *whose, "--amount", "5", "--service", service)
    house.simulate(made["uuid"], outcome="paid")
    same(house.receiver.next("/sdk").fields()["order_id"], "sdk-1", "the notification's order")
    error = failed(house, 1, "pay", *whose, "--amount", "0", "--service", "nothing")
    same(sorted(error["errors"]), ["amount", "service"], "fields")
    failed(house, 1, "status", *whose, "--order-id", "unknown")
    failed(house, 69, "pay", *whose[:-1], "http://127.0.0.1:1", "--amount", "1")
    failed(house, 78, "pay", "--account", house.shop.account, "--key", house.folder / "nowhere",
           "--url", house.url, "--amount", "1")
    (keys / "password.txt").write_bytes("pässword-that-is-long-enough".encode())
    failed(house, 78, "pay", *whose, "--amount", "1")
