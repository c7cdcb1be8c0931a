"""Payouts and balances: the calls, the simulated rail's fates, storms, and two processes."""

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path

from house import Answer, House, closing, new_database
from merchant import Merchant, refused
from notices import check
from shop import open_shop
from suite import Skipped, Suite, expect, same

BALANCE_KEYS = ["currency", "balance", "hold", "rolling_reserve", "pending_payouts"]
STATUS_KEYS = [
    "payment_status", "id", "order_id", "amount", "payment_amount", "is_partial_payment",
    "account_payment_amount", "commission_amount", "service_code", "card_mask", "RRN",
    "account_old_balance", "account_new_balance",
]
END_TIMEOUT_SECONDS = 60
STORM_ORDERS = 1000
STORM_COVERED = 100
STORM_THREADS = 32


class Payer(Merchant):
    """A merchant with a key for payouts, and money to pay out."""

    def __init__(self, house: House, funds: str = "0"):
        super().__init__(house)
        self.payout_key, _ = self.new_key("payout")
        if Decimal(funds) > 0:
            house.simulate(self.create(amount=funds)["uuid"], outcome="paid")

    def pay(self, path: str, body: dict | list | bytes) -> Answer:
        """A call signed with the payout key."""
        return self.call(path, body, key=self.payout_key)

    def payout(self, **fields: object) -> dict:
        """The fields of a payout that nobody would refuse, but for these."""
        usual = {
            "amount": "40.00", "order_id": f"out-{uuid.uuid4().hex[:12]}",
            "service": "payment_card_myr", "number": "12345678901234", "customer_code": "BIMB",
            "customer_first_name": "Nurulxyz", "customer_last_name": "Binti-Asdfg",
        }
        return usual | fields

    def balance(self) -> dict:
        """The balance call's answer."""
        answer = self.pay("/v1/account/balance", [])
        same(answer.status, 200, f"status, answered with {answer.body!r}")
        same(list(answer.value()), BALANCE_KEYS, "keys of a balance")
        return answer.value()

    def payout_status(self, **query: object) -> dict:
        """The status call's answer."""
        answer = self.pay("/v1/payout/status", query)
        same(answer.status, 200, f"status, answered with {answer.body!r}")
        same(list(answer.value()), STATUS_KEYS, "keys of a payout's status")
        return answer.value()

    def ended(self, payout: int) -> dict:
        """The status once it is final."""
        end = time.monotonic() + END_TIMEOUT_SECONDS
        while time.monotonic() < end:
            found = self.payout_status(id=payout)
            if found["payment_status"] != "wait":
                return found
            time.sleep(0.2)
        raise AssertionError(f"payout {payout} did not end")


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
            nodes = [stack.enter_context(closing(House(binary, place, url))) for _ in range(2)]
            nodes[1].log_path = place / "second.log"
            nodes[1].output_path = place / "second.out"
            houses["PostgreSQL"] = nodes
        for nodes in houses.values():
            for node in nodes if isinstance(nodes, list) else []:
                node.start()
        yield houses


suite = Suite("Payouts and balances", opening)
BOTH = [("SQLite",), ("PostgreSQL",)]


def on(houses: dict, name: str) -> list[House]:
    """The nodes on this database; where there are none, the case is skipped and says so."""
    if name not in houses:
        raise houses["missing"]
    return houses[name]


@suite.table("{}: a payout is reserved, paid by the rail after a moment, and told", BOTH)
def whole(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    payer = Payer(house, "100.00")
    same(payer.balance()["balance"], "100.00000000", "balance before")
    with open_shop() as receiver:
        order = payer.payout(notification_endpoint_url=receiver.url + "/out", desc="Gaji ½ / 2")
        answer = payer.pay("/v1/payout", order)
        same(list(answer.value()), ["payment_status", "id"], "keys of a payout's answer")
        ended = payer.ended(answer.value()["id"])
        same((ended["payment_status"], ended["payment_amount"], ended["account_payment_amount"]),
             ("paid", "40.00", "40.00"), "what was paid")
        same((ended["account_old_balance"], ended["account_new_balance"]), ("100.00", "60.00"),
             "balances at reservation")
        expect(ended["RRN"], "there is no RRN")
        house.shop = payer
        fields = receiver.next("/out").fields()
        same((fields["type"], fields["payment_amount"], fields["commission_amount"]),
             ("payout", "40.00", "0.00"), "what was told")
        check(house, fields, order | answer.value(), type="payout", amount="40.00",
              payment_amount="40.00", service="payment_card_myr")
        same(payer.pay("/v1/payout", order).body, answer.body, "the answer to a repeat")
    same(payer.balance()["balance"], "60.00000000", "balance after")


FATES = [
    ("0001", "fail"), ("0002", "paid"), ("0003", "fail"), ("0005", "paid"), ("0007", "paid"),
    ("9999", "paid"),
]


@suite.table("SQLite: the fate of an account number that begins with {}", FATES)
def fates(houses: dict, number: str, status: str) -> None:
    payer = Payer(houses["SQLite"][0], "100.00")
    made = payer.pay("/v1/payout", payer.payout(number=number + "123456")).value()
    same(payer.ended(made["id"])["payment_status"], status, "status")
    left = "100.00000000" if status == "fail" else "60.00000000"
    if number == "0007":
        left = "100.00000000"  # It comes back some seconds later.
    end = time.monotonic() + END_TIMEOUT_SECONDS
    while payer.balance()["balance"] != left and time.monotonic() < end:
        time.sleep(0.2)
    same((payer.balance()["balance"], payer.balance()["pending_payouts"]),
         (left, "0.00000000"), "balance and what is pending")


@suite.table("{}: of 1000 payouts at once, through all nodes, exactly the covered 100 are taken",
             BOTH)
def storm(houses: dict, name: str) -> None:
    nodes = on(houses, name)
    payer = Payer(nodes[0], "100.99")
    key = payer.payout_key
    calls = []
    for number in range(STORM_ORDERS):
        body = json.dumps(payer.payout(order_id=f"storm-{number}", amount="1.00",
                                       number="00061234")).encode()
        calls.append((nodes[number % len(nodes)], body))
    with ThreadPoolExecutor(STORM_THREADS) as pool:
        signed = list(pool.map(lambda call: payer.headers(call[1], key=key), calls))
        answers = list(pool.map(
            lambda call: call[0][0].ask("POST", "/v1/payout", call[0][1], call[1]),
            zip(calls, signed)))
    taken = [each for each in answers if each.status == 200]
    same(len(taken), STORM_COVERED, "payouts that were taken")
    for each in answers:
        if each.status != 200:
            refused(each, 400, ["amount"])
    found = payer.balance()
    same((found["balance"], found["pending_payouts"]), ("0.99000000", "100.00000000"),
         "balance and what is pending")
    total = payer.pay("/v1/payout/history", {}).value()["meta"]["total"]
    same(total, STORM_COVERED, "payouts in the history")


@suite.case("the balance's body says nothing, and the info's neither")
def bodies(houses: dict) -> None:
    payer = Payer(houses["SQLite"][0])
    for body in (b"[]", b"{}", b'{"x": 1}', b" [ ] "):
        same(payer.pay("/v1/account/balance", body).status, 200, f"status for {body!r}")
        info = payer.pay("/v1/account/info", body).value()
        same(list(info), ["is_allowed_payment", "is_allowed_payout", "payments", "payouts"],
             "keys of the info")
    refused(payer.pay("/v1/account/balance", b"["), 400)
    refused(payer.call("/v1/account/balance", []), 401)


@suite.case("a payee's data is in no log")
def privacy(houses: dict) -> None:
    text = houses["SQLite"][0].log()
    for word in ("Nurulxyz", "Binti-Asdfg", "12345678901234", "0001123456"):
        expect(word not in text, f"{word} is in the log")
