"""Storms: the same create from many threads at once, on either database."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from house import House, closing, new_database
from merchant import Merchant
from notices import check
from shop import open_shop
from suite import Skipped, Suite, expect, same

THREADS = 64


@contextmanager
def opening(binary: Path, folder: Path):
    with ExitStack() as stack:
        houses = {"SQLite": House(binary, folder)}
        missing = None
        try:
            url = stack.enter_context(new_database())
        except Skipped as reason:
            missing = reason
        else:
            place = folder / "postgresql"
            place.mkdir()
            houses["PostgreSQL"] = House(binary, place, url)
        for house in houses.values():
            stack.enter_context(closing(house))
            house.start()
            house.shop = Merchant(house)
        houses["missing"] = missing
        yield houses


suite = Suite("Both databases", opening)
BOTH = [("SQLite",), ("PostgreSQL",)]


def on(houses: dict, name: str) -> House:
    """The house on this database; where there is none, the case is skipped and says so."""
    if name not in houses:
        raise houses["missing"]
    return houses[name]


def storm(acts: list) -> list:
    """Runs all acts at the same moment and gives their results."""
    gate = threading.Barrier(len(acts))

    def run(act):
        gate.wait(60)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@suite.table("{}: 2 to 64 identical creates at once are one payment, and the same bytes", BOTH)
def identical(houses: dict, name: str) -> None:
    house = on(houses, name)
    for number in (2, 8, THREADS, THREADS):
        before = house.shop.call("/v1/payment/history", {}).value()["meta"]["total"]
        body = json.dumps(house.shop.order()).encode()
        headers = house.shop.headers(body)
        answers = storm([lambda: house.ask("POST", "/v1/payment", body, headers)] * number)
        same([each.body for each in answers if each.status != 200], [], "failures")
        same(len({each.body for each in answers}), 1, f"different answers to {number}")
        after = house.shop.call("/v1/payment/history", {}).value()["meta"]["total"]
        same(after, before + 1, "payments in the history")


@suite.table("{}: of 64 creates with different amounts at once one wins, the others are told", BOTH)
def different(houses: dict, name: str) -> None:
    house = on(houses, name)
    order = house.shop.order()
    acts = []
    for number in range(THREADS):
        body = json.dumps(order | {"amount": 10 + number % 4}).encode()
        acts.append((body, house.shop.headers(body)))
    answers = storm([lambda act=act: house.ask("POST", "/v1/payment", *act) for act in acts])
    same({each.status for each in answers}, {200, 400}, "statuses")
    same(len({each.body for each in answers if each.status == 200}), 1, "different payments")
    for each in answers:
        if each.status == 400:
            same(sorted(each.value()["errors"]), ["amount", "order_id"], "fields")


@suite.table("{}: of 32 opposite outcomes at once one counts, and is told once", BOTH)
def opposite(houses: dict, name: str) -> None:
    house = on(houses, name)
    with open_shop() as receiver:
        order = house.shop.order(notification_endpoint_url=receiver.url + "/storm")
        payment = house.shop.call("/v1/payment", order).value()
        answers = storm([
            lambda outcome=outcome: house.simulate(payment["uuid"], outcome=outcome)
            for outcome in ("paid", "cancel", "fail", "paid") * 8])
        same([each.body for each in answers if each.status != 200], [], "failures")
        final = house.shop.status(id=payment["id"])["payment_status"]
        expect(final in ("paid", "cancel", "fail"), f"the status is {final}")
        fields = receiver.next("/storm").fields()
        same(fields["payment_status"], final, "the status that was told")
        expect(receiver.has_silence("/storm"), "it was told twice")


@suite.table("{}: the whole way, a restart, and the commands beside a server", BOTH)
def whole(houses: dict, name: str) -> None:
    house = on(houses, name)
    with open_shop() as receiver:
        order = house.shop.order(notification_endpoint_url=receiver.url + "/whole",
                                 desc="Teh ½ 😀")
        answer = house.shop.call("/v1/payment", order)
        house.simulate(answer.value()["uuid"], outcome="paid")
        check(house, receiver.next("/whole").fields(), order | answer.value())
    same(house.end(), 0, "exit status")
    house.start()
    same(house.shop.call("/v1/payment", order).body, answer.body, "the answer to a repeat")
    same(house.command("migrate", "--sandbox").code, 69 if name == "SQLite" else 0,
         "exit code of migrate beside a server")


@suite.table("{}: 32 commands and calls at once disturb each other not", BOTH)
def beside(houses: dict, name: str) -> None:
    house = on(houses, name)
    body = json.dumps(house.shop.order()).encode()
    headers = house.shop.headers(body)

    def command():
        return house.command("account", "list").code

    def call():
        return house.ask("POST", "/v1/payment", body, headers).status

    same(set(storm([command, call] * 16)), {0, 200}, "exit codes and statuses")


@suite.case("PostgreSQL: a password in the URL is in no log, and another kind is refused")
def postgresql(houses: dict) -> None:
    house = on(houses, "PostgreSQL")
    done = house.command("account", "list")
    same(done.code, 0, "exit code")
    url = "postgresql://nobody:hunter2secret@127.0.0.1:1/none"
    done = House(house.binary, house.folder / "x", url).command("account", "list")
    same(done.code, 69, f"exit code, with {done.err!r}")
    expect("hunter2secret" not in done.out + done.err, "the password is shown")
    key = house.folder / "live.key"
    house.must("keys", "master", "--out", key)
    done = house.command("migrate", "--master-key", key)
    same(done.code, 1, f"exit code of a live migrate of a sandbox, with {done.err!r}")
