"""Receivers as merchants wrote them, by the published document: the same events verify with each.

The programs are in the folder `vendor`. Each event is made once, for one endpoint; the endpoint is
then set to one program after the other, and the events are sent again.
"""

import json
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from gateway import environment, free_port
from house import House, closing
from merchant import BANKING
from notices import KEYS
from payouts import Payer
from suite import Suite, expect, same

PROGRAMS = Path(__file__).with_name("vendor")
START_SECONDS = 30
ARRIVAL_SECONDS = 40
SILENCE_SECONDS = 1
HARD = 'kedai/一番 é "½" \\ 100% +&=#?; 😀 <b>'


@dataclass
class Program:
    """A receiver that runs, and the method by which its merchant has it told."""

    method: str
    url: str
    record: Path

    def records(self, count: int) -> list[dict]:
        """What it wrote down of so many notifications, once they are there."""
        end = time.monotonic() + ARRIVAL_SECONDS
        while len(self._lines()) < count and time.monotonic() < end:
            time.sleep(0.1)
        return [json.loads(each) for each in self._lines()]

    def _lines(self) -> list[str]:
        text = self.record.read_text() if self.record.exists() else ""
        return text.splitlines() if text.endswith("\n") else []

    def forget(self) -> None:
        """Empties its record."""
        self.record.write_text("")

    def tell(self, fields: dict) -> int:
        """The code that it answers to these fields, sent as the gateway sends them."""
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=START_SECONDS)
        kept = {key: value for key, value in fields.items() if value is not None}
        if self.method == "get":
            connection.request("GET", f"/n?{urlencode(kept)}")
        elif self.method == "post_form":
            connection.request("POST", "/n", urlencode(kept), {
                "Content-Type": "application/x-www-form-urlencoded"})
        else:
            connection.request("POST", "/n", json.dumps(fields), {
                "Content-Type": "application/json"})
        code = connection.getresponse().status
        connection.close()
        return code


RECEIVERS = {
    "PHP, from $_GET": ("get", ["php", "-S", "127.0.0.1:{port}", "get.php"]),
    "Node, from the query": ("get", ["node", "get.mjs", "{port}"]),
    "Python, from the query": ("get", [sys.executable, "get.py", "{port}"]),
    "PHP, POST alone, from $_POST": ("post_form", ["php", "-S", "127.0.0.1:{port}", "form.php"]),
    "Node, POST alone, from the JSON body": ("post_json", ["node", "body.mjs", "{port}"]),
}
ALL = [(name,) for name in RECEIVERS]
# The one that the events are made for.
FIRST = ALL[0][0]


@contextmanager
def running(name: str, house: House):
    """The program of this name."""
    method, words = RECEIVERS[name]
    port = free_port()
    record = house.folder / f"record-{port}"
    with open(house.folder / "programs.log", "ab") as log:
        process = subprocess.Popen(
            [each.format(port=port) for each in words], cwd=PROGRAMS, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL,
            env=environment(KEY=house.shop.notification_key, RECORD=record))
    try:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), START_SECONDS).close()
                break
            except OSError:
                time.sleep(0.05)
        expect(process.poll() is None, f"the program of {name} ended")
        yield Program(method, f"http://127.0.0.1:{port}", record)
    finally:
        process.kill()
        process.wait()


@contextmanager
def opening(binary: Path, folder: Path):
    with ExitStack() as stack:
        house = stack.enter_context(closing(House(binary, folder)))
        house.start()
        house.shop = Payer(house, "1000")
        house.must("account", "set", "--account", house.shop.account, "--partial", "accept")
        house.programs = {name: stack.enter_context(running(name, house)) for name in RECEIVERS}
        first = house.programs[FIRST]
        house.endpoint = house.must("endpoint", "add", "--account", house.shop.account, "--url",
                                    f"{first.url}/n", "--method", first.method)["id"]
        house.told = made(house)
        yield house


suite = Suite("Receivers as merchants wrote them", opening)


def payment(house: House, status: str, desc: str | None = HARD, **outcome: str) -> dict:
    """A payment that ended so; the fields that are to be told of it."""
    order = house.shop.order(order_id=f"{HARD} {status} {len(outcome)}{desc is None}", desc=desc,
                             notification_endpoint_id=house.endpoint)
    created = house.shop.call("/v1/payment", order).value()
    same(house.simulate(created["uuid"], outcome=status, **outcome).status, 200, "the sandbox")
    paid = outcome.get("amount", "25.90") if status == "paid" else "0.00"
    return told(house, order, created, status, paid, type="payment", service=BANKING,
                is_partial_payment="1" if outcome else "0")


def payout(house: House, status: str) -> dict:
    """A payout that ended so; the fields that are to be told of it."""
    order = house.shop.payout(order_id=f"{HARD} {status} out", desc=HARD, number="0006123456",
                              notification_endpoint_id=house.endpoint)
    created = house.shop.pay("/v1/payout", order).value()
    answer = house.ask("POST", f"/sandbox/v1/payouts/{created['id']}",
                       json.dumps({"outcome": status}).encode())
    same(answer.status, 200, f"the sandbox, answering with {answer.body!r}")
    return told(house, order, created, status, "40.00" if status == "paid" else "0.00",
                type="payout", service="payment_card_myr", is_partial_payment="0")


def told(house: House, order: dict, created: dict, status: str, paid: str, **fields: str) -> dict:
    """The fields of a notification."""
    fields |= {"id": created["id"], "order_id": order["order_id"], "payment_status": status,
               "amount": order["amount"], "payment_amount": paid, "commission_amount": "0.00",
               "account": house.shop.account, "desc": order.get("desc")}
    return {key: fields[key] for key in KEYS}


def made(house: House) -> list[dict]:
    """The events, each by the fields that are to be told."""
    return [
        payment(house, "paid"), payment(house, "cancel"), payment(house, "fail"),
        payment(house, "paid", amount="7.05"), payment(house, "paid", desc=None),
        payout(house, "paid"), payout(house, "fail"),
    ]


def send_again(house: House, program: Program, method: str) -> None:
    """Sets the endpoint to a program, and has every event sent to it."""
    house.must("endpoint", "set", "--account", house.shop.account, "--id", house.endpoint,
               "--url", f"{program.url}/n", "--method", method)
    for fields in house.told:
        house.must("events", "resend", f"--{fields['type']}", fields["id"])


def check(house: House, program: Program, method: str) -> None:
    """Every event came once, was found genuine, and says what it is to say."""
    found = program.records(len(house.told))
    time.sleep(SILENCE_SECONDS)
    same(len(program.records(len(found))), len(house.told), "notifications that came")
    same([each["method"] for each in found], [method] * len(found), "methods")
    same([each["verified"] for each in found], [True] * len(found), "whether they are genuine")
    by_id = {int(each["fields"]["id"]): each["fields"] for each in found}
    for wanted in house.told:
        fields = by_id[wanted["id"]]
        values = {key: fields.get(key) for key in KEYS} | {"id": int(fields["id"])}
        same(values, wanted, "values")
        # A form and a query leave out what is null.
        left = [key for key in KEYS if key in fields]
        same([*fields], [*left, "sign"], "order of the fields")


@suite.table("{}: every event verifies, with the values that it was made with", ALL)
def verifies(house: House, name: str) -> None:
    program = house.programs[name]
    if name != FIRST:
        send_again(house, program, program.method)
    check(house, program, "GET" if program.method == "get" else "POST")


@suite.table("{}: an altered field, and no signature, are found out", ALL)
def forged(house: House, name: str) -> None:
    program = house.programs[name]
    genuine = program.records(1)[0]["fields"]
    same(program.tell(genuine), 200, "code for what was sent before")
    program.forget()
    altered = [{"payment_amount": "9999.00"}, {"payment_status": "fail"}, {"sign": ""},
               {"order_id": genuine["order_id"] + " "}, {"desc": genuine["desc"][:-1]}]
    for change in altered:
        expect(genuine | change != genuine, f"{change} alters nothing")
        same(program.tell(genuine | change), 400, f"code with {change}")
    same([each["verified"] for each in program.records(len(altered))], [False] * len(altered),
         "whether they are genuine")
    program.forget()


@suite.case("a JSON receiver behind an endpoint that is set to GET gets the same by POST")
def fallen_back(house: House) -> None:
    program = house.programs["Node, POST alone, from the JSON body"]
    send_again(house, program, "get")
    check(house, program, "POST")
