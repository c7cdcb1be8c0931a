"""A payment's life while the storage fails: each answer is an error, or it is true for ever."""

import json
import re
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Callable
from urllib.parse import urlencode

from house import Answer
from merchant import CREATE_KEYS, refused
from place import Place
from shop import Shop
from signer import Signer
from suite import expect, same

AMOUNT = "25.90"
BANK = "MBBFPX"
# A house gets so long to be itself again, and waits so long between two tries.
RECOVERY_SECONDS = 30
PAUSE_SECONDS = 0.05
GLANCE_SECONDS = 0.01
# A delivery that is not stored by then waits for its lease: nobody waits for it here.
DELIVERY_SECONDS = 30
UNKNOWN = "create: unknown_fate"
BANK_PAGE = re.compile(r"/simulator/[A-Za-z0-9]+")


@dataclass
class Life:
    """What a merchant and a payer know of one payment."""

    merchant: Signer
    receiver: Shop
    order: dict
    body: bytes
    path: str
    first: bytes | None = None
    payment: dict | None = None
    bank: str | None = None
    is_told_paid: bool = False
    # The calls that were refused, with their codes.
    errors: list[str] = field(default_factory=list)

    def took(self, call: str, answer: Answer, status: int) -> bool:
        """Whether a call was done; if not, the answer has to be an honest error."""
        if answer.status == status:
            return True
        same(answer.status, 503, f"status of {call}, answered with {answer.body[:300]!r}")
        expect(answer.headers.get("retry-after", "").isdigit(), f"{call}: no Retry-After")
        expect(answer.headers.get("x-request-id"), f"{call}: no X-Request-Id")
        if answer.headers["content-type"].startswith("application/json"):
            refused(answer, 503, [])
        else:
            expect(b"</html>" in answer.body, f"{call}: half a page: {answer.body[-200:]!r}")
        self.errors.append(f"{call}: {answer.headers.get('x-error-code', 'a page')}")
        return False


class Walk:
    """Leads lives through one house, on behalf of its merchants and their payers."""

    def __init__(self, house: Place):
        self.house = house
        self.lives: list[Life] = []
        self.longest_recovery_seconds = 0.0

    def new(self) -> Life:
        """A life that has not begun."""
        number = len(self.lives)
        merchants, receivers = self.house.merchants, self.house.receivers
        merchant = merchants[number % len(merchants)]
        receiver = receivers[number // len(merchants) % len(receivers)]
        path = f"/life-{number}"
        order = merchant.order(order_id=f"life-{number}", amount=AMOUNT,
                               notification_endpoint_url=receiver.url + path)
        life = Life(merchant, receiver, order, json.dumps(order).encode(), path)
        self.lives.append(life)
        return life

    def live(self, life: Life, is_over: Callable[[], object]) -> bool:
        """All of a life, in the midst of faults: whether its notification is written down as
        delivered. That is not waited for once what is to be seen `is_over`."""
        self.create(life)
        self.create(life)
        if life.payment is None:
            return False
        self.pay(life)
        self.ask(life)
        end = time.monotonic() + DELIVERY_SECONDS
        while life.is_told_paid and time.monotonic() < end and not is_over():
            if self.house.is_delivered(life.payment["id"]):
                return True
            time.sleep(GLANCE_SECONDS)
        return False

    def create(self, life: Life) -> bool:
        """Creates, or repeats."""
        answer = self._call("create", life, "/v1/payment", life.body)
        if not life.took("create", answer, 200):
            return False
        same(list(answer.value()), CREATE_KEYS, "keys of a create's answer")
        if life.first is None:
            life.first, life.payment = answer.body, answer.value()
        same(answer.body, life.first, "the answer to a repeat")
        return True

    def pay(self, life: Life) -> bool:
        """What a payer does: looks, chooses a bank unless one is chosen, and approves there."""
        page = self._send("page", life, "GET", f"/{life.payment['uuid']}")
        if page is None:
            return False
        found = BANK_PAGE.search(page.body.decode())
        life.bank = found.group() if found else life.bank
        if life.bank is None and b'/attempts"' in page.body:
            chosen = self._send("choice", life, "POST", f"/{life.payment['uuid']}/attempts",
                                303, bank=BANK)
            if chosen is None:
                return False
            found = BANK_PAGE.search(chosen.headers["location"])
            life.bank = found.group() if found else None
        if life.bank is None:
            return self.decide(life)
        if self._send("bank", life, "POST", life.bank, 303, choice="approve", amount=AMOUNT):
            life.is_told_paid = True
        return life.is_told_paid

    def decide(self, life: Life) -> bool:
        """The sandbox's part, for an attempt that was stored and never reached its bank."""
        if self.ask(life) == "wait":
            answer = self.house.simulate(life.payment["uuid"], outcome="paid")
            if life.took("sandbox", answer, 200):
                same(answer.value()["payment_status"], "paid", "what the sandbox says")
                life.is_told_paid = True
        return life.is_told_paid

    def ask(self, life: Life) -> str | None:
        """The status call: None if it was refused, else a status that fits what was said."""
        body = json.dumps({"order_id": life.order["order_id"]}).encode()
        answer = self._call("status", life, "/v1/payment/status", body)
        if not life.took("status", answer, 200):
            return None
        told = answer.value()
        same((told["id"], told["amount"]), (life.payment["id"], AMOUNT), "id and amount")
        if life.is_told_paid:
            same(told["payment_status"], "paid", "the status of what was told to be paid")
        if told["payment_status"] == "paid":
            life.is_told_paid = True
            same((told["payment_amount"], told["is_partial_payment"]), (AMOUNT, False), "money")
        else:
            same((told["payment_status"], told["payment_amount"]), ("wait", None), "status")
        return told["payment_status"]

    def settle(self, life: Life) -> None:
        """After the faults: a repeat tells the truth, and the payment can be paid."""
        if life.first is None and UNKNOWN not in life.errors:
            same(self.house.orders(life.order["order_id"]), 0, "payments after vain creates")
        began = time.monotonic()
        self._in_the_end("create", lambda: self.create(life))
        self.longest_recovery_seconds = max(
            self.longest_recovery_seconds, time.monotonic() - began)
        self._in_the_end("status", lambda: self.ask(life))
        if not life.is_told_paid:
            self._in_the_end("payment", lambda: self.pay(life))
        same(self._in_the_end("status", lambda: self.ask(life)), "paid", "status in the end")

    def _in_the_end(self, what: str, act) -> object:
        """What an act gives once it succeeds, which must be soon."""
        end = time.monotonic() + RECOVERY_SECONDS
        while not (done := act()):
            expect(time.monotonic() < end, f"the house has not recovered: {what} is refused still")
            time.sleep(PAUSE_SECONDS)
        return done

    def _call(self, name: str, life: Life, path: str, body: bytes) -> Answer:
        return self._whole(name, "POST", path, body, life.merchant.headers(body))

    def _send(self, name: str, life: Life, method: str, path: str, status: int = 200,
              **form: str) -> Answer | None:
        answer = self._whole(
            name, method, path, urlencode(form).encode() if form else None,
            {"Content-Type": "application/x-www-form-urlencoded"} if form else None)
        return answer if life.took(name, answer, status) else None

    def _whole(self, name: str, *request) -> Answer:
        """An answer, which has to come whole."""
        try:
            return self.house.ask(*request)
        except (OSError, HTTPException) as error:
            raise AssertionError(f"{name}: the connection broke: {error!r}") from None
