"""What one payment goes through: steps that may each break off, and are taken again then."""

import json
import random
import re
import threading
import time
from urllib.parse import urlencode, urlsplit

from house import Answer, House
from line import BrokenOff, Line, Told
from merchant import BANKING
from signer import Signer

BANKS = ["MBBFPX", "CIMBFPX", "PBBFPX"]
OUTCOMES = ["paid", "paid", "cancel", "fail"]
TWINS = 3
EXPIRY_POLL_SECONDS = 0.2
# A third of the payments goes to a receiver that refuses at first, some go to none.
MOODS = ["steady", "steady", "moody", "steady", "moody", "steady", "none"]
PLANS = [
    ["create", "status", "decide", "status"],
    ["create", "create", "look", "decide", "status"],
    ["twins", "status_by_id", "decide", "status_by_id"],
    ["create", "look", "choose", "approve", "status"],
    ["create", "look", "choose", "decline", "leave", "status"],
    ["create", "choose", "decide", "status"],
    ["create", "status_by_id"],
]
DECIDING = {"decide", "approve", "leave"}
SIMULATOR = "/simulator/"
SIMULATOR_LINK = re.compile(r'href="[^"]*(/simulator/[^"]+)"')
# A status call about an order of which nothing was stored.
ABSENT = 404


class Story:
    """One order, the plan of its steps, and how far they have come."""

    def __init__(self, order: str, signer: Signer, receiver_url: str, chance: random.Random):
        self.order = order
        self.plan = chance.choice(PLANS)
        self.outcome = chance.choice(OUTCOMES)
        self.bank = chance.choice(BANKS)
        self.amount = f"{chance.randint(1, 500)}.{chance.randint(0, 99):02}"
        self.step = 0
        self.payment: dict = {}
        self.bank_page = ""
        self.is_time_over = False
        # What the client did not expect to be told.
        self.surprises: list[str] = []
        self._signer = signer
        self._set_create(self._fields(chance.choice(MOODS), receiver_url))
        self._status = json.dumps({"order_id": order})
        self._status_headers = signer.headers(self._status.encode())

    @classmethod
    def simple(cls, order: str, signer: Signer, receiver_url: str, outcome: str) -> "Story":
        """A story that is decided so, and told if there is a receiver."""
        story = cls(order, signer, receiver_url, random.Random(order))
        story.plan, story.outcome = ["create", "decide", "status"], outcome
        story._set_create(story._fields("steady" if receiver_url else "none", receiver_url))
        return story

    def create_silently(self, house: House) -> Answer:
        """Creates the payment again, and has nobody write it down."""
        return house.ask("POST", "/v1/payment", self._create.encode(), self._create_headers)

    def _set_create(self, fields: dict) -> None:
        self._create = json.dumps(fields)
        self._create_headers = self._signer.headers(self._create.encode())

    def _fields(self, mood: str, receiver_url: str) -> dict:
        fields = {
            "amount": self.amount, "order_id": self.order, "service": BANKING,
            "customer_code": "FPX", "customer_ip": "203.0.113.7",
            "customer_first_name": "Nurul", "customer_last_name": "binti Ahmad",
        }
        if mood == "none":
            return fields
        return fields | {"notification_endpoint_url": f"{receiver_url}/{mood}/{self.order}"}

    @property
    def is_told(self) -> bool:
        """Whether the payment has a receiver of its notification."""
        return "notification_endpoint_url" in self._create

    @property
    def is_left_waiting(self) -> bool:
        """Whether nobody decides in this plan."""
        return not DECIDING & set(self.plan)

    @property
    def is_at_end(self) -> bool:
        """Whether every step of the plan was taken."""
        return self.step == len(self.plan)

    def go_on(self, line: Line) -> None:
        """Takes the steps that are left; one that breaks off is to be taken again."""
        while not self.is_at_end:
            getattr(self, self.plan[self.step])(line)
            self.step += 1

    def create(self, line: Line) -> None:
        """Creates the payment, or asks for it again."""
        told = self._ask(line, "create", "POST", "/v1/payment", self._create,
                         self._create_headers)
        if told.status == 200:
            self.payment = json.loads(told.body)

    def twins(self, line: Line) -> None:
        """Creates the payment several times at once; if one breaks off, all are asked again."""
        broken: list[Exception] = []

        def twin() -> None:
            own = line.another()
            try:
                self.create(own)
            except Exception as error:  # Any of them means that the step was not taken.
                broken.append(error)
            finally:
                own.close()

        threads = [threading.Thread(target=twin) for _ in range(TWINS)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        if broken:
            raise broken[0]

    def status(self, line: Line) -> str:
        """Asks for the status by order; "" when there is no such payment."""
        told = self._ask(line, "status", "POST", "/v1/payment/status", self._status,
                         self._status_headers, expected=(200, ABSENT))
        return json.loads(told.body)["payment_status"] if told.status == 200 else ""

    def status_by_id(self, line: Line) -> None:
        """Asks for the status by the payment's id."""
        body = json.dumps({"id": self.payment["id"]})
        self._ask(line, "status", "POST", "/v1/payment/status", body,
                  self._signer.headers(body.encode()))

    def look(self, line: Line) -> Told:
        """Opens the payer's page."""
        return self._ask(line, "look", "GET", f"/{self.payment['uuid']}")

    def decide(self, line: Line) -> None:
        """Has the sandbox decide."""
        self._ask(line, "decide", "POST", f"/sandbox/v1/payments/{self.payment['uuid']}",
                  json.dumps({"outcome": self.outcome}), wanted=self.outcome)

    def choose(self, line: Line) -> None:
        """Begins an attempt; if one was begun before a break, the page has the way to it."""
        told = self._press(line, "choose", f"/{self.payment['uuid']}/attempts", bank=self.bank)
        path = urlsplit(told.location).path
        if not path.startswith(SIMULATOR):
            found = SIMULATOR_LINK.search(self.look(line).body)
            path = found[1] if found else ""
        self.bank_page = path

    def approve(self, line: Line) -> None:
        """Approves at the bank. Without a way to the bank's page the sandbox decides instead."""
        if not self.bank_page:
            return self.decide(line)
        self._press(line, "approve", self.bank_page, wanted="paid", choice="approve",
                    amount=self.amount)

    def decline(self, line: Line) -> None:
        """Declines at the bank, likewise."""
        if not self.bank_page:
            return self.decide(line)
        self._press(line, "decline", self.bank_page, choice="decline")

    def leave(self, line: Line) -> None:
        """Leaves it at that, after a decline: the payment fails."""
        self._press(line, "leave", f"/{self.payment['uuid']}/leave", wanted="fail")

    def settle(self, line: Line) -> None:
        """Resolves what is unknown, and ends the payment, whatever was left undone."""
        while self.status(line) == "wait" and self.is_time_over:
            time.sleep(EXPIRY_POLL_SECONDS)
        if self.status(line) in ("", "wait"):
            self.create(line)
            self.decide(line)
        self.step = len(self.plan)
        self.status(line)

    def _press(self, line: Line, act: str, path: str, wanted: str = "", **fields: str) -> Told:
        """Sends a form; its answer is a redirect."""
        return self._ask(line, act, "POST", path, urlencode(fields),
                         {"Content-Type": "application/x-www-form-urlencoded"}, (303,), wanted)

    def _ask(self, line: Line, act: str, method: str, path: str, body: str = "",
             headers: dict | None = None, expected: tuple = (200,), wanted: str = "") -> Told:
        """Asks under this order's name, and notes an answer that nobody expects."""
        about = {"order": self.order, "act": act, "account": self._signer.account}
        told = line.ask(about | {"path": path, "wanted": wanted}, method, path, body, headers)
        if told.status not in expected:
            self.surprises.append(f"{self.order}: {act} got {told.status} {told.body[:200]}")
            # It was not taken: to be asked again, as if nothing had come.
            raise BrokenOff
        return told
