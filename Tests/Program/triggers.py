"""What a sandbox does by itself: `kaunter trigger`, and payers whose names say what happens."""

import sqlite3
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from clocks import at_last
from commands import failed
from house import House, closing, command, new_database
from payouts import BOTH, Payer, on
from shop import open_shop
from suite import Skipped, Suite, expect, same


@contextmanager
def opening(binary: Path, folder: Path):
    with ExitStack() as stack:
        houses = {"SQLite": [stack.enter_context(closing(House(binary, folder)))]}
        try:
            url = stack.enter_context(new_database())
        except Skipped as reason:
            houses["missing"] = reason
        else:
            place = folder / "postgresql"
            place.mkdir()
            houses["PostgreSQL"] = [stack.enter_context(closing(House(binary, place, url)))]
        receiver = stack.enter_context(open_shop())
        for house in [each[0] for each in houses.values() if isinstance(each, list)]:
            house.start()
            house.receiver = receiver
            house.payer = Payer(house)
        yield houses


suite = Suite("What a sandbox does by itself", opening)


def suspense(house: House, payment: int) -> list[str]:
    """Why money of this payment lies in suspense."""
    return sorted(each["reason"] for each in house.must("suspense", "list")["suspense"]
                  if each["payment"] == payment)


ENDS = [
    ("payment.paid", "paid", "100.00", "0", []),
    ("payment.fail", "fail", "0.00", "0", []),
    ("payment.cancel", "cancel", "0.00", "0", []),
    ("payment.over", "paid", "100.00", "0", ["over"]),
    ("payment.double", "paid", "100.00", "0", ["double"]),
    ("payment.late", "cancel", "0.00", "0", ["late"]),
]


@suite.table("{}: `trigger` brings a payment to each end, and that is told", BOTH)
def payments(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    for event, status, paid, part, kept in ENDS:
        path = f"/{name}-{event}"
        made = house.must("trigger", event, "--set",
                          f"notification_endpoint_url={house.receiver.url}{path}")
        same((made["event"], made["account"], made["payment_status"]),
             (event, house.payer.account, status), "what it says")
        found = house.payer.status(id=made["id"])
        same((found["payment_status"], found["payment_amount"], found["is_partial_payment"],
              found["order_id"], suspense(house, made["id"])),
             (status, paid, found["is_partial_payment"], made["order_id"], kept), event)
        told = house.receiver.next(path).fields()
        same((told["id"], told["payment_status"], told["is_partial_payment"]),
             (str(made["id"]), status, part), "what was told")
        same(house.ask("GET", f"/{made['uuid']}").status, 200, "status of the page")


@suite.table("{}: part of the sum is paid, or kept apart, as the account is set", BOTH)
def partial(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    made = house.must("trigger", "payment.partial")
    same(made["payment_status"], "wait", "status where parts are refused")
    expect("parts" in made["note"], f"the note is {made.get('note')!r}")
    house.must("account", "set", "--account", house.payer.account, "--partial", "accept")
    made = house.must("trigger", "payment.partial", "--set", "amount=30.00")
    found = house.payer.status(id=made["id"])
    same((found["payment_status"], found["payment_amount"], found["is_partial_payment"]),
         ("paid", "15.00", 1), "status where parts are accepted")
    house.must("account", "set", "--account", house.payer.account, "--partial", "refuse")


@suite.table("{}: `trigger` pays out, and funds that first", BOTH)
def payouts(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    payer = Payer(house)
    whose = ("--account", payer.account)
    made = house.must("trigger", "payout.paid", *whose, "--set", "amount=700.00")
    same(made["payment_status"], "paid", "status")
    same(len(made["funded_by"]), 1, "payments that fund it")
    same(payer.status(id=made["funded_by"][0])["payment_status"], "paid", "status of the funds")
    same(payer.payout_status(id=made["id"])["payment_amount"], "700.00", "amount")
    made = house.must("trigger", "payout.fail", *whose)
    same((made["payment_status"], made["funded_by"]), ("fail", []), "status of a failing one")
    shown = command(house.binary, "trigger", "payout.fail", *whose, *house.store).out
    expect("funded_by:" in shown and "none" in shown, f"it prints {shown!r}")
    house.must("terms", "set", *whose, "--service", "online_banking_myr_hpp", "--hold-days", "20",
               "--reason", "contract")
    error = failed(house, 1, "trigger", "payout.paid", *whose, "--set", "amount=5000.00")
    expect("clock advance" in error["message"], f"it says {error['message']!r}")


@suite.case("fields are set as a merchant sends them, and the newest endpoint is told")
def fields(houses: dict) -> None:
    house = houses["SQLite"][0]
    payer = Payer(house)
    whose = ("--account", payer.account)
    for path in ("/older", "/newest"):
        house.must("endpoint", "add", *whose, "--url", house.receiver.url + path)
    made = house.must("trigger", "payment.paid", *whose, "--set", "amount=12.50", "--set",
                      "order_id=mine=1", "--set", "service=e_wallet_myr_hpp", "--set", "desc=Tea")
    found = payer.status(order_id="mine=1")
    same((found["id"], found["amount"], found["service_code"]),
         (made["id"], "12.50", "e_wallet_myr_hpp"), "the payment")
    same(house.receiver.next("/newest").fields()["desc"], "Tea", "what was told")
    expect(house.receiver.has_silence("/older"), "the older endpoint was told too")


@suite.table("`trigger` refuses {}", [
    ("an unknown event", ("payment.gone",), 1, ["event"]),
    ("a wrong amount", ("payment.paid", "--set", "amount=x"), 1, ["amount"]),
    ("an amount beyond the service", ("payment.paid", "--set", "amount=99999.00"), 1, ["amount"]),
    ("a wrong code", ("payment.paid", "--set", "customer_code=NOBANK"), 1, ["customer_code"]),
    ("a name that says what happens",
     ("payment.paid", "--set", "customer_first_name=TEST FAIL"), 1, ["customer_first_name"]),
    ("a number that would decide", ("payout.paid", "--set", "number=00011234567"), 1, ["number"]),
    ("a field without its value", ("payment.paid", "--set", "amount"), 64, None),
    ("a value without its field", ("payment.paid", "--set", "=5"), 64, None),
])
def refusals(houses: dict, _: str, words: tuple, code: int, wanted: list | None) -> None:
    house = houses["SQLite"][0]
    error = failed(house, code, "trigger", *words, "--account", house.payer.account)
    if wanted is not None:
        same(list(error["errors"]), wanted, "fields")


@suite.case("an account has to be named where there are several, and to be there")
def accounts(houses: dict) -> None:
    house = houses["SQLite"][0]
    Payer(house)
    expect("--account" in failed(house, 1, "trigger", "payment.paid")["message"], "the reason")
    failed(house, 1, "trigger", "payment.paid", "--account",
           "00000000-0000-4000-8000-000000000000")


@suite.case("`trigger` needs no server")
def without_server(houses: dict) -> None:
    house = houses["SQLite"][0]
    house.end()
    whose = ("--account", house.payer.account)
    made = house.must("trigger", "payment.paid", *whose)
    out = house.must("trigger", "payout.paid", *whose)
    house.start()
    same(house.payer.status(id=made["id"])["payment_status"], "paid", "status of the payment")
    same(house.payer.payout_status(id=out["id"])["payment_status"], "paid", "of the payout")


NAMES = [
    ("TEST PAID", "paid", []), ("TEST FAIL", "fail", []), ("TEST CANCEL", "cancel", []),
    ("TEST OVER", "paid", ["over"]), ("TEST DOUBLE", "paid", ["double"]),
    ("TEST LATE", "cancel", ["late"]), ("TEST REPEAT", "paid", []),
    ("TEST UNREACHED", "fail", []), ("TEST UNTOLD", "paid", []),
]


@suite.table("{}: a payer's name decides what happens, without a page", BOTH)
def names(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    made = {word: house.payer.create(customer_first_name=word) for word, _, _ in NAMES}
    for payment in made.values():
        same(payment["payment_status"], "wait", "status of the answer")
    for word, status, kept in NAMES:
        payment = made[word]["id"]
        at_last(lambda: house.payer.status(id=payment)["payment_status"], status, word)
        at_last(lambda: suspense(house, payment), kept, f"suspense of {word}")


@suite.table("{}: rails that are slow, silent or wrong are asked as real ones are", BOTH)
def rails(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    payer = house.payer
    made = {word: payer.create(customer_first_name=f"TEST {word}")["id"]
            for word in ("SLOW", "TIMEOUT", "UNKNOWN", "MISMATCH")}
    at_last(lambda: suspense(house, made["MISMATCH"]), ["mismatch"], "suspense of a wrong claim")
    time.sleep(2)
    statuses = lambda: {word: payer.status(id=each)["payment_status"]
                        for word, each in made.items()}
    same(set(statuses().values()), {"wait"}, "statuses after a moment")
    for _ in range(3):
        house.must("clock", "advance", "2m")
        time.sleep(2)
    at_last(statuses, {"SLOW": "paid", "TIMEOUT": "paid", "UNKNOWN": "wait", "MISMATCH": "wait"},
            "statuses once they were asked about")
    house.must("clock", "advance", "2h")
    at_last(lambda: statuses()["UNKNOWN"], "cancel", "status of an unknown one at its end")
    at_last(lambda: statuses()["MISMATCH"], "cancel", "status of a wrong claim at its end")


@suite.table("{}: a receiver's first answers can count as refusals: it is told three times", BOTH)
def untold(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    path = f"/untold-{name}"
    house.payer.create(customer_first_name="TEST UNTOLD",
                       notification_endpoint_url=house.receiver.url + path)
    first = house.receiver.next(path)
    for _ in range(2):
        time.sleep(0.5)
        house.must("clock", "advance", "5m")
        same(house.receiver.next(path).query, first.query, "what was told again")
    time.sleep(0.5)
    house.must("clock", "advance", "1d")
    expect(house.receiver.has_silence(path), "it was told a fourth time")


@suite.case("other names decide nothing, and a repeat is the same payment")
def others(houses: dict) -> None:
    house = houses["SQLite"][0]
    waiting = [house.payer.create(customer_first_name=word)["id"]
               for word in ("TEST", "test paid", "TEST PAID ", "PAID", "TEST NOBODY")]
    order = house.payer.order(customer_first_name="TEST PAID")
    first = house.payer.call("/v1/payment", order)
    at_last(lambda: house.payer.status(id=first.value()["id"])["payment_status"], "paid", "status")
    same(house.payer.call("/v1/payment", order).body, first.body, "the answer to a repeat")
    for each in waiting:
        same(house.payer.status(id=each)["payment_status"], "wait", "status")


@suite.case("a payer who has chosen a bank already is not paid for twice")
def begun(houses: dict) -> None:
    house = houses["SQLite"][0]
    payment = house.payer.create(customer_first_name="TEST PAID", customer_code="MBB")
    house.ask("POST", f"/{payment['uuid']}/attempts", b"bank=MBB",
              {"Content-Type": "application/x-www-form-urlencoded"})
    at_last(lambda: house.payer.status(id=payment["id"])["payment_status"], "paid", "status")
    connection = sqlite3.connect(f"file:{house.data}/kaunter.sqlite?mode=ro", uri=True)
    try:
        query = "SELECT count(*) FROM attempts WHERE payment_id = ?"
        same(connection.execute(query, (payment["id"],)).fetchone()[0], 1, "attempts")
    finally:
        connection.close()


@suite.table("{}: the books are right after all that", BOTH)
def audited(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    done = house.command("audit")
    same(done.code, 0, f"exit code of audit, with {done.out[-400:]!r}")


@suite.case("a live store refuses, and its payers' names decide nothing")
def live(houses: dict) -> None:
    house = houses["SQLite"][0]
    place = house.folder / "live"
    place.mkdir()
    key = place / "live.key"
    same(command(house.binary, "keys", "master", "--out", key).code, 0, "exit code of keys master")
    other = House(house.binary, place)
    other.store += ["--master-key", key]
    other.kind = []
    with closing(other):
        other.start()
        other.must("merchant", "create", "--name", "Kedai")
        for event in ("payment.paid", "payout.paid"):
            same(other.command("trigger", event).code, 1, f"exit code of trigger {event}")
