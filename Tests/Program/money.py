"""What operators do with money: terms, refunds, reversals, freezes, suspense, and the audit."""

import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path

from commands import NOBODY, failed
from house import House, closing
from payouts import Payer
from shop import open_shop
from suite import Suite, expect, same

WALLET = "e_wallet_myr_hpp"
END_TIMEOUT_SECONDS = 60


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house, open_shop() as receiver:
        house.start()
        house.receiver = receiver
        yield house


suite = Suite("What operators do with money", opening)


def paid(house: House, payer: Payer, amount: str, **fields: object) -> dict:
    """A payment that the sandbox has paid."""
    payment = payer.create(amount=amount, **fields)
    house.simulate(payment["uuid"], outcome="paid")
    return payment


def available(payer: Payer) -> str:
    """The available balance, without its last decimals."""
    return payer.balance()["balance"].removesuffix("000000")


def becomes(payer: Payer, balance: str) -> None:
    """Waits until the available balance is this."""
    end = time.monotonic() + END_TIMEOUT_SECONDS
    while available(payer) != balance and time.monotonic() < end:
        time.sleep(0.2)
    same(available(payer), balance, "available balance")


@suite.case("terms are set, shown, and those at creation count for a payment")
def terms(house: House) -> None:
    payer = Payer(house)
    before = payer.create(amount="100.00", service=WALLET, customer_code="TNGODUITNOW")
    made = house.must(
        "terms", "set", "--account", payer.account, "--service", WALLET, "--fee-percent", "2.5",
        "--fee-fixed", "0.30", "--hold-days", "1", "--reserve-percent", "5", "--reserve-days",
        "90", "--reason", "contract")
    same((made["fee_percent"], made["fee_fixed"], made["hold_days"], made["reserve_percent"]),
         ("2.5", "0.30", 1, "5"), "the terms")
    more = house.must("terms", "set", "--account", payer.account, "--service", WALLET,
                      "--fee-max", "20", "--reason", "more")
    same((more["fee_percent"], more["fee_max"]), ("2.5", "20.00"), "what was not named, and was")
    shown = house.must("terms", "show", "--account", payer.account)["terms"]
    same([each["fee_percent"] for each in shown], ["0", "0", "2.5", "0"], "fees of all services")
    house.simulate(before["uuid"], outcome="paid")
    same(available(payer), "100.00", "after a payment that is older than the terms")
    with open_shop() as receiver:
        payment = paid(house, payer, "100.00", service=WALLET, customer_code="TNGODUITNOW",
                       notification_endpoint_url=receiver.url + "/fee")
        same(receiver.next("/fee").fields()["commission_amount"], "2.80", "the fee that was told")
    found = payer.status(id=payment["id"])
    same((found["commission_amount"], found["account_payment_amount"], found["hold_amount"]),
         ("2.80", "97.20", "92.34"), "fee, credit and hold")
    expect(found["hold_at"], "there is no hold_at")
    balance = payer.balance()
    same((balance["hold"], balance["rolling_reserve"]), ("92.34000000", "4.86000000"), "held")


@suite.table("terms are refused: {}", [
    (" ".join(each), each) for each in [
        ["--fee-percent", "100.1"], ["--fee-percent", "2.55555"], ["--fee-percent=-1"],
        ["--fee-fixed", "1.234"], ["--fee-min", "5", "--fee-max", "4"],
        ["--min-amount", "5", "--max-amount", "4"], ["--min-amount", "5", "--daily-max", "4"],
        ["--daily-max", "0"], ["--hold-days", "366"],
        ["--reserve-percent", "5", "--reserve-days", "0"], ["--partial", "maybe"],
        ["--refund-fee", "some"],
    ]])
def bad_terms(house: House, _: str, options: list) -> None:
    payer = Payer(house)
    failed(house, 1, "terms", "set", "--account", payer.account, "--service", WALLET, *options,
           "--reason", "x")
    shown = house.must("terms", "show", "--account", payer.account, "--service", WALLET)
    same(shown["terms"][0]["fee_percent"], "0", "the fee afterwards")


@suite.case("the account's own bounds are narrower than the rail's")
def bounds(house: House) -> None:
    payer = Payer(house)
    house.must("terms", "set", "--account", payer.account, "--service", "online_banking_myr_hpp",
               "--min-amount", "10", "--max-amount", "20", "--reason", "x")
    for amount, status in [("9.99", 400), ("10.00", 200), ("20.00", 200), ("20.01", 400)]:
        answer = payer.call("/v1/payment", payer.order(amount=amount))
        same(answer.status, status, f"status for {amount}")


@suite.case("the account's daily limit holds, until it is taken away")
def daily(house: House) -> None:
    payer = Payer(house)
    banking = ["--account", payer.account, "--service", "online_banking_myr_hpp"]
    terms = house.must("terms", "set", *banking, "--daily-max", "30", "--reason", "new here")
    same(terms["daily_max"], "30.00", "the daily limit")
    for amount, status in [("20.00", 200), ("10.01", 400), ("10.00", 200), ("10.00", 400)]:
        answer = payer.call("/v1/payment", payer.order(amount=amount))
        same(answer.status, status, f"status for {amount}")
    same(answer.value()["errors"], {"amount": [
        "The amount exceeds what is left of the daily limit of 30.00."]}, "the refusal")
    terms = house.must("terms", "set", *banking, "--daily-max", "none", "--reason", "known now")
    same(terms["daily_max"], None, "the daily limit")
    same(payer.call("/v1/payment", payer.order(amount="10.00")).status, 200, "without a limit")


@suite.case("a payment is refunded to who paid it, in parts, and never more than came")
def refunds(house: House) -> None:
    payer = Payer(house)
    payment = paid(house, payer, "100.00")
    made = house.must("refund", "--payment", payment["id"], "--amount", "40.00",
                      "--reason", "one cup broken")
    same((made["amount"], made["status"]), ("40.00", "wait"), "the refund")
    same(available(payer), "60.00", "available while it is on its way")
    failed(house, 1, "refund", "--payment", payment["id"], "--amount", "60.01", "--reason", "x")
    house.must("refund", "--payment", payment["id"], "--reason", "the rest", "--bank", "MBB",
               "--number", "00011234", "--first-name", "Siti", "--last-name", "Aminah")
    # That account refuses it: it is the merchant's again.
    becomes(payer, "60.00")
    same(payer.status(id=payment["id"])["payment_status"], "paid", "status")
    same(house.must("balance")["balances"][0]["account"], "house bank", "the first balance")


@suite.case("reversals take what there is, and leave a debt that stops payouts")
def reversals(house: House) -> None:
    payer = Payer(house)
    payment = paid(house, payer, "100.00")
    answer = payer.pay("/v1/payout", payer.payout(amount="40.00"))
    same(payer.ended(answer.value()["id"])["payment_status"], "paid", "status of the payout")
    house.must("reverse", "payment", "--payment", payment["id"], "--reason", "chargeback")
    same(available(payer), "-40.00", "balance")
    failed(house, 1, "reverse", "payment", "--payment", payment["id"], "--reason", "again")
    paid(house, payer, "30.00")
    same(available(payer), "-10.00", "balance after more money")
    refusal = payer.pay("/v1/payout", payer.payout(amount="1.00"))
    same((refusal.status, list(refusal.value()["errors"])), (400, ["amount"]), "a payout")
    house.must("reverse", "payout", "--payout", answer.value()["id"], "--reason", "came back")
    same(available(payer), "30.00", "balance after the payout came back")
    failed(house, 1, "reverse", "payout", "--payout", answer.value()["id"], "--reason", "again")


@suite.case("what is frozen is not paid out, until it is unfrozen")
def freezes(house: House) -> None:
    payer = Payer(house)
    payment = paid(house, payer, "100.00")
    house.must("freeze", "account", "--account", payer.account, "--reason", "report 12")
    same(payer.pay("/v1/payout", payer.payout()).status, 403, "a payout of a frozen account")
    failed(house, 1, "freeze", "account", "--account", payer.account, "--reason", "again")
    failed(house, 1, "refund", "--payment", payment["id"], "--reason", "x")
    house.must("unfreeze", "account", "--account", payer.account, "--reason", "withdrawn")
    made = house.must("freeze", "payment", "--payment", payment["id"], "--reason", "disputed")
    same((made["set_aside"], available(payer)), ("100.00", "0.00"), "what was set aside")
    house.must("unfreeze", "payment", "--payment", payment["id"], "--reason", "settled")
    same(available(payer), "100.00", "balance")


@suite.case("late money is assigned as a payment of its own, double money is sent back")
def suspense(house: House) -> None:
    payer = Payer(house)
    with open_shop() as receiver:
        order = payer.order(amount="50.00", notification_endpoint_url=receiver.url + "/late")
        late = payer.call("/v1/payment", order).value()
        for outcome in ("cancel", "paid"):
            house.simulate(late["uuid"], outcome=outcome)
        same(receiver.next("/late").fields()["payment_status"], "cancel", "told first")
        listed = house.must("suspense", "list")["suspense"]
        entry = next(each for each in listed if each["payment"] == late["id"])
        same((entry["reason"], entry["amount"], entry["age_days"]), ("late", "50.00", 0), "entry")
        made = house.must("suspense", "assign", "--entry", entry["entry"], "--reason", "wanted")
        same((made["status"], made["order_id"]), ("paid", order["order_id"]), "what it became")
        told = receiver.next("/late").fields()
        same((told["payment_status"], told["id"]), ("paid", str(made["payment"])), "told then")
    same(payer.status(id=late["id"])["payment_status"], "cancel", "the first one's status")
    same(payer.status(order_id=order["order_id"])["id"], made["payment"], "the order's payment")
    double = paid(house, payer, "20.00")
    house.simulate(double["uuid"], outcome="paid")
    listed = house.must("suspense", "list")["suspense"]
    entry = next(each for each in listed if each["payment"] == double["id"])
    house.must("suspense", "return", "--entry", entry["entry"], "--reason", "not wanted")
    failed(house, 1, "suspense", "return", "--entry", entry["entry"], "--reason", "again")
    shown = house.must("suspense", "show", "--entry", entry["entry"])
    expect(shown["settled_at"], "it is not settled")
    same(available(payer), "70.00", "balance")


@suite.case("corrections and settlements are booked once, and only what is there")
def corrections(house: House) -> None:
    payer = Payer(house)
    house.must("adjust", "--account", payer.account, "--direction", "credit", "--amount", "12.30",
               "--reason", "ticket 9")
    house.must("adjust", "--account", payer.account, "--direction", "debit", "--amount", "11.80",
               "--reason", "ticket 9")
    # Less than the fees of these cases: what we owe must be covered.
    same(available(payer), "0.50", "balance")
    paid(house, payer, "500.00")
    settle = ["settle", "--rail", "simulator", "--amount", "400.00", "--cost", "1.00",
              "--reference", "S-1", "--reason", "statement"]
    house.must(*settle)
    failed(house, 1, *settle)
    failed(house, 1, "settle", "--rail", "simulator", "--amount", "999999.00", "--reference",
           "S-2", "--reason", "x")


@suite.table("what nobody has is refused: {}", [
    (" ".join(map(str, each)), each) for each in [
        ["refund", "--payment", 1], ["reverse", "payment", "--payment", 1],
        ["reverse", "payout", "--payout", 1], ["freeze", "payment", "--payment", 1],
        ["freeze", "account", "--account", NOBODY], ["suspense", "assign", "--entry", 999],
        ["suspense", "return", "--entry", 999],
        ["adjust", "--account", NOBODY, "--direction", "credit", "--amount", "1"],
    ]])
def nobody(house: House, _: str, arguments: list) -> None:
    failed(house, 1, *arguments, "--reason", "x")


@suite.case("the audit finds all of this whole, and damage behind the program's back")
def audit(house: House) -> None:
    report = house.must("audit")
    same((report["clean"], report["findings"]), (True, []), "the report")
    expect(report["checked"]["payments"] > 5, "it looked at nothing")
    same(house.end(), 0, "exit status")
    database = sqlite3.connect(house.data / "kaunter.sqlite")
    database.execute("DROP TRIGGER ledger_entries_keep_update")
    database.execute("UPDATE ledger_entries SET amount_sen = amount_sen + 1 WHERE rowid = 1")
    database.commit()
    database.close()
    done = house.command("audit")
    same(done.code, 1, "exit code of the audit")
    codes = {each["code"] for each in done.value()["findings"]}
    expect("unbalanced" in codes, f"it found {codes}")
    house.start()
