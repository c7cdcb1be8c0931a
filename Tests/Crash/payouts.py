"""Payouts and refunds under crashes: what was acknowledged is there once, and adds up."""

import json
import random
import threading
import time
from http.client import HTTPException
from types import SimpleNamespace
from urllib.parse import parse_qsl

from house import command
from journal import ANSWERED, ASKED, NOTIFIED, Journal
from merchant import BANKING, Merchant
from receiver import ACCEPTED
from record import Crash, Notice
from repetition import repetitions
from signer import Signer
from victim import Victim

FUNDS = "29000.00"
FUNDED_PAYMENTS = 3
# Most succeed after a moment; some are refused, some are of unknown fate, one in ten never reaches
# the rail and has to be sent again.
NUMBERS = ["55512345", "0001123", "0002123", "0003123", "55512346", "0005123", "0007123",
           "55512347", "55512348", "0004123"]
SENT_AGAIN = "0004"
BREATH_SECONDS = 0.05
REFUND_EVERY = 12
REFUND = "1.50"
JOIN_SECONDS = 90
SETTLE_SECONDS = 240
POLL_SECONDS = 0.25
FINAL = {"paid", "cancel", "fail"}


class Treasury:
    """One account's payout key, and what was asked and answered under it."""

    def __init__(self, victim: Victim, merchant: Merchant, journal: Journal, receiver_url: str):
        self._victim = victim
        self._journal = journal
        self._receiver_url = receiver_url
        key, _ = merchant.new_key("payout")
        self.account = merchant.account
        self.signer = Signer(SimpleNamespace(
            account=merchant.account, key=key, notification_key=merchant.notification_key))
        self._payments = Signer(merchant)
        self.orders: dict[str, bytes] = {}
        self.funded = [self._fund(number) for number in range(FUNDED_PAYMENTS)]

    def _fund(self, number: int) -> int:
        body = json.dumps({
            "amount": FUNDS, "order_id": f"order-funds-{number}-{self.account}",
            "service": BANKING, "customer_code": "FPX", "customer_ip": "203.0.113.7",
            "customer_first_name": "Nurul", "customer_last_name": "binti Ahmad"}).encode()
        made = self._victim.ask("POST", "/v1/payment", body, self._payments.headers(body)).value()
        self._victim.simulate(made["uuid"], outcome="paid")
        return made["id"]

    def call(self, path: str, body: bytes) -> dict | None:
        """A signed call's answer; nothing if it broke off or is to be asked again."""
        try:
            answer = self._victim.ask("POST", path, body, self.signer.headers(body))
        except (OSError, HTTPException):
            return None
        if answer.status == 503:
            return None
        if answer.status != 200:
            raise AssertionError(f"{path} was answered with {answer.status}: {answer.body[:200]}")
        return answer.value()

    def create(self, order: str, number: str, amount: str) -> bool:
        """Asks for a payout, or again; whether it was acknowledged."""
        body = self.orders.setdefault(order, json.dumps({
            "amount": amount, "order_id": order, "service": "payment_card_myr", "number": number,
            "customer_code": "BIMB", "customer_first_name": "Aminah",
            "customer_last_name": "binti Ali",
            "notification_endpoint_url": f"{self._receiver_url}/steady/{order}"}).encode())
        self._journal.add(ASKED, order=order, account=self.account)
        answer = self.call("/v1/payout", body)
        if answer is not None:
            self._journal.add(ANSWERED, order=order, account=self.account, id=answer["id"])
        return answer is not None

    def status(self, order: str) -> dict | None:
        """The status of an order."""
        found = self.call("/v1/payout/status", json.dumps({"order_id": order}).encode())
        if found is not None and found["payment_status"] in FINAL:
            self._journal.add(ANSWERED, order=order, account=self.account, id=found["id"],
                              status=found["payment_status"])
        return found


class PayoutLoad:
    """Payouts of several accounts, and refunds between them, until the server is gone."""

    def __init__(self, victim: Victim, treasuries: list[Treasury], chance: random.Random):
        self._victim = victim
        self._treasuries = treasuries
        self._chance = chance
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._count = 0
        self.unacknowledged: list[tuple[Treasury, str, str, str]] = []
        self.refunds: list[int] = []
        self.refunds_asked: list[int] = []

    def begin(self) -> None:
        """Starts a thread for each account."""
        self._over.clear()
        self._threads = [threading.Thread(target=self._work, args=(each,))
                         for each in self._treasuries]
        for each in self._threads:
            each.start()

    def end(self) -> None:
        """Ends the threads, after the server."""
        self._over.set()
        for each in self._threads:
            each.join(JOIN_SECONDS)
            if each.is_alive():
                raise RuntimeError("a thread of the payouts hangs")

    def _work(self, treasury: Treasury) -> None:
        while not self._over.is_set():
            self._count += 1
            number = self._count
            story = (treasury, f"payout-{number}", NUMBERS[number % len(NUMBERS)],
                     f"{self._chance.randint(1, 20)}.{self._chance.randint(0, 99):02}")
            if not treasury.create(*story[1:]):
                self.unacknowledged.append(story)
            elif self._chance.random() < 0.5:
                treasury.status(story[1])
            if number % REFUND_EVERY == 0:
                self.refund(self._chance.choice(treasury.funded))
            time.sleep(BREATH_SECONDS)

    def refund(self, payment: int) -> None:
        """Refunds a little of a payment by the command; one that breaks off may be done or not."""
        self.refunds_asked.append(payment)
        done = command(self._victim.binary, "refund", "--payment", payment, "--amount", REFUND,
                       "--reason", "a crash", *self._victim.store, "--json")
        if done.code == 0:
            self.refunds.append(done.value()["refund"])

    def orders(self) -> set[str]:
        """All payouts that were asked for."""
        return {order for treasury in self._treasuries for order in treasury.orders}

    def settle(self) -> list[str]:
        """Asks again for what was not acknowledged, and waits for every end; what has none."""
        for story in self.unacknowledged:
            if not story[0].create(*story[1:]):
                return [f"{story[1]} was not acknowledged"]
        waiting = [(treasury, order) for treasury in self._treasuries for order in treasury.orders]
        end = time.monotonic() + SETTLE_SECONDS
        while waiting and time.monotonic() < end:
            waiting = [(treasury, order) for treasury, order in waiting
                       if (treasury.status(order) or {}).get("payment_status") not in FINAL]
            time.sleep(POLL_SECONDS)
        return [order for _, order in waiting]


def judge(treasuries: list[Treasury], entries: list[dict], crashes: list[Crash]) -> dict[str, list]:
    """What is wrong with payouts, by kind."""
    wrong: dict[str, list] = {each: [] for each in (
        "lost", "doubled", "moved", "counted", "untold", "told wrongly", "told again")}
    ids: dict[str, set] = {}
    ends: dict[str, set] = {}
    notices: dict[str, list[Notice]] = {}
    for entry in entries:
        if entry["what"] == ANSWERED:
            ids.setdefault(entry["order"], set()).add(entry["id"])
            if "status" in entry:
                ends.setdefault(entry["order"], set()).add(entry["status"])
        elif entry["what"] == NOTIFIED:
            notices.setdefault(entry["order"], []).append(Notice.of(entry))
    for treasury in treasuries:
        for order, body in treasury.orders.items():
            found = treasury.status(order)
            again = treasury.call("/v1/payout", body)
            if found is None or again is None or ids.get(order) != {found["id"]}:
                wrong["lost"].append((order, ids.get(order), found))
            elif again["id"] != found["id"]:
                wrong["doubled"].append((order, again, found))
            elif len(ends.get(order, set()) | {found["payment_status"]}) != 1:
                wrong["moved"].append((order, ends.get(order), found))
            else:
                _judge_notices(order, notices.get(order, []), found, treasury, crashes, wrong)
        total = treasury.call("/v1/payout/history", b"{}")["meta"]["total"]
        if total != len(treasury.orders):
            wrong["counted"].append((treasury.account, total, len(treasury.orders)))
    return wrong


def _judge_notices(order: str, notices: list[Notice], found: dict, treasury: Treasury,
                   crashes: list[Crash], wrong: dict[str, list]) -> None:
    """A payout's end is told: truly, genuinely, and again only around a crash."""
    if not any(each.code == ACCEPTED for each in notices):
        wrong["untold"].append((order, found["payment_status"]))
    for each in notices:
        fields = dict(parse_qsl(each.query, keep_blank_values=True, strict_parsing=True))
        said = fields["type"], int(fields["id"]), fields["payment_status"]
        if said != ("payout", found["id"], found["payment_status"]) or not each.is_signed \
                or not treasury.signer.is_genuine(fields):
            wrong["told wrongly"].append((order, each, found))
    wrong["told again"] += [
        (order, each) for each in repetitions(notices, ACCEPTED, crashes)[1]]


# Each statement lists payouts, and has to list none.
WRONG = {
    "sent twice":
        "SELECT p.id FROM payouts p JOIN payees e ON e.payout_id = p.id"
        f" WHERE p.sends > CASE WHEN e.number LIKE '{SENT_AGAIN}%' THEN 2 ELSE 1 END",
    "sent otherwise than written down":
        "SELECT p.id FROM payouts p WHERE p.sends <> (SELECT count(*) FROM payout_events e"
        " WHERE e.payout_id = p.id AND e.kind = 'sending')",
    "not decided": "SELECT id FROM payouts WHERE status = 'wait'",
}


def audit(victim: Victim) -> list[str]:
    """What the audit of a store without a server finds; nothing if all adds up."""
    done = command(victim.binary, "audit", *victim.store, "--json")
    return [f"{each['code']} {each['subject']}" for each in done.value()["findings"]]


def refunded(victim: Victim, load: PayoutLoad) -> tuple[list[int], int]:
    """Acknowledged refunds that are not there, and how many are there that nobody asked for."""
    known = {int(each) for each in victim.sql("SELECT id FROM payouts WHERE kind = 'refund'")}
    return ([each for each in load.refunds if each not in known],
            max(0, len(known) - len(load.refunds_asked)))
