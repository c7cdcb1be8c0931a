"""A sandbox is emptied, and kept and brought back: what stays, what goes, and who refuses."""

import sqlite3
import subprocess
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from clocks import ahead
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


suite = Suite("Emptying a sandbox, and bringing it back", opening)


def live_in(house: House) -> list[dict]:
    """A bit of everything: payments, payouts, refunds, suspense, news, terms and targets."""
    whose = ("--account", house.payer.account)
    house.must("endpoint", "add", *whose, "--url", house.receiver.url + "/news")
    house.must("redirect", "add", *whose, "--url", "https://shop.example/thanks")
    house.must("terms", "set", *whose, "--service", "e_wallet_myr_hpp", "--fee-percent", "2.5",
               "--hold-days", "3", "--reserve-percent", "5", "--reserve-days", "90", "--reason",
               "contract")
    made = [house.must("trigger", event, *whose) for event in (
        "payment.paid", "payment.fail", "payment.double", "payment.late", "payout.paid",
        "payout.fail")]
    made.append(house.must("trigger", "payment.paid", *whose, "--set", "service=e_wallet_myr_hpp"))
    house.payer.create(customer_first_name="TEST SLOW")
    house.must("clock", "advance", "1h")
    time.sleep(2)
    return made


def answers(house: House, made: list[dict]) -> list:
    """What merchants and operators are told of all that."""
    payer = house.payer
    found: list = [payer.payout_status(id=each["id"]) if each["event"].startswith("payout")
                   else payer.status(id=each["id"]) for each in made]
    found += [payer.call("/v1/payment/history", {"page": 1}).value(),
              payer.pay("/v1/payout/history", {}).value(), payer.balance()]
    found += [house.must(*words) for words in settings(house)]
    listed = house.must("suspense", "list")["suspense"]
    return found + [[(each["entry"], each["reason"], each["payment"]) for each in listed]]


def settings(house: House) -> list[tuple]:
    """The commands that show what was set."""
    whose = ("--account", house.payer.account)
    return [("account", "list"), ("keys", "list", *whose), ("endpoint", "list", *whose),
            ("redirect", "list", *whose), ("terms", "show", *whose)]


@suite.table("{}: a reset needs --yes, empties what happened, and keeps what was set", BOTH)
def reset(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    payer = house.payer
    made = live_in(house)
    kept = [house.must(*words) for words in settings(house)]
    clock = ahead(house)
    failed(house, 1, "sandbox", "reset")
    same(payer.status(id=made[0]["id"])["payment_status"], "paid", "status after no reset")
    house.must("sandbox", "reset", "--yes")
    for each in made:
        path, key = (("/v1/payout/status", payer.payout_key) if each["event"].startswith("payout")
                     else ("/v1/payment/status", payer.key))
        same(payer.call(path, {"id": each["id"]}, key=key).status, 404, "status of what is gone")
    same(payer.call("/v1/payment/history", {}).value()["meta"]["total"], 0, "payments")
    same(payer.balance()["balance"], "0.00000000", "balance")
    same(house.must("suspense", "list")["suspense"], [], "suspense")
    same([house.must(*words) for words in settings(house)], kept, "what was set")
    same(ahead(house), clock, "seconds ahead")
    # The server has gone on running, and goes on working; no id comes again.
    path = f"/after-{name}"
    again = house.must("trigger", "payment.paid", "--account", payer.account, "--set",
                       f"notification_endpoint_url={house.receiver.url}{path}", "--set",
                       f"order_id={made[0]['order_id']}")
    expect(again["id"] > max(each["id"] for each in made), f"{again['id']} was given out before")
    same(house.receiver.next(path).fields()["payment_status"], "paid", "what was told")
    more = house.must("endpoint", "add", "--account", payer.account, "--url",
                      "https://shop.example/more")["id"]
    expect(more > kept[2]["endpoints"][-1]["id"], "an endpoint's id was given out before")
    same(house.command("audit").code, 0, "exit code of the audit")
    house.end()
    house.start()
    same(payer.status(id=again["id"])["payment_status"], "paid", "status after a restart")
    same(house.command("doctor").code, 0, "exit code of the doctor")


@suite.table("{}: an emptied sandbox still refuses that its stories be changed", BOTH)
def guarded(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    house.must("trigger", "payment.paid", "--account", house.payer.account)
    statements = ["DELETE FROM payment_events", "UPDATE ledger_entries SET amount_sen = 0",
                  "DELETE FROM ledger_transfers"]
    for statement in statements:
        if name == "PostgreSQL":
            url = house.store[house.store.index("--database-url") + 1]
            done = subprocess.run(["psql", "--no-psqlrc", url, "--command", statement],
                                  capture_output=True, text=True, timeout=60)
            expect(done.returncode != 0, f"{statement} was done")
            continue
        connection = sqlite3.connect(house.data / "kaunter.sqlite")
        try:
            connection.execute(statement)
        except sqlite3.Error:
            pass
        else:
            raise AssertionError(f"{statement} was done")
        finally:
            connection.rollback()
            connection.close()


@suite.table("{}: a snapshot is brought back with identical answers", BOTH)
def snapshot(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    made = live_in(house)
    before, clock = answers(house, made), ahead(house)
    house.must("sandbox", "snapshot", "one")
    failed(house, 73, "sandbox", "snapshot", "one")
    later = house.must("trigger", "payment.paid", "--account", house.payer.account)
    house.must("clock", "advance", "2d")
    failed(house, 69, "sandbox", "restore", "one", "--yes")
    house.end()
    failed(house, 1, "sandbox", "restore", "one")
    failed(house, 1, "sandbox", "restore", "none", "--yes")
    house.must("sandbox", "restore", "one", "--yes")
    house.start()
    same(answers(house, made), before, "the answers")
    expect(clock == ahead(house), "the clock is another one")
    same(house.payer.call("/v1/payment/status", {"id": later["id"]}).status, 404,
         "status of what came after the snapshot")
    made = house.must("trigger", "payment.paid", "--account", house.payer.account)
    expect(made["id"] > later["id"], "an id was given out twice")
    same(house.command("audit").code, 0, "exit code of the audit")
    expect(not list(house.data.glob("*.before")), "the old store is still there")


@suite.table("a snapshot's name can't be {}", [
    ("empty", ""), ("a path", "../one"), ("in capitals", "One"), ("long", "x" * 65),
])
def names(houses: dict, _: str, name: str) -> None:
    failed(houses["SQLite"][0], 1, "sandbox", "snapshot", name)


@suite.case("a live store refuses all three")
def live(houses: dict) -> None:
    house = houses["SQLite"][0]
    place = house.folder / "live"
    place.mkdir()
    key = place / "live.key"
    same(command(house.binary, "keys", "master", "--out", key).code, 0, "exit code of keys master")
    other = House(house.binary, place)
    other.store += ["--master-key", key]
    other.must("migrate")
    (other.data / "snapshots").mkdir()
    (other.data / "snapshots" / "one.backup").write_bytes(b"x")
    failed(other, 1, "sandbox", "reset", "--yes")
    failed(other, 1, "sandbox", "snapshot", "two")
    failed(other, 1, "sandbox", "restore", "one", "--yes")
    other.must("account", "list")
