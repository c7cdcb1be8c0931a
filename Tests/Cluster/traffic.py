"""Merchants and payers at all nodes, who write down what they were answered."""

import random
import threading
import time
from dataclasses import dataclass, field

from house import Answer, House
from merchant import refused
from nodes import Cluster
from suite import expect, same

CALLERS = 6
PAUSE_SECONDS = 0.02
JOIN_SECONDS = 90
OUTCOMES = ("paid", "cancel", "fail")
# Of the calls that were put off, the share that is never sent again.
GIVEN_UP = 0.3
# What a merchant is told when the database is away: nothing was done, or that is not known.
PUT_OFF = ("unavailable", "unknown_fate", "overloaded")


@dataclass
class Life:
    """One payment, as those who called know of it."""

    order: str
    call: tuple[str, str, bytes, dict]
    outcome: str
    # The answers' bytes that acknowledged the create, and the status that was answered.
    created: bytes | None = None
    ended: str | None = None
    uuid: str = ""
    # The codes with which creates and outcomes were put off.
    creates_put_off: list[str] = field(default_factory=list)
    outcomes_put_off: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answered:
    """How long one call took, and how it ended."""

    began: float
    ended: float
    status: int


class Traffic:
    """Callers, each with one payment after the other, until they are stopped."""

    def __init__(self, cluster: Cluster, notification_url: str, seed: int):
        self._cluster = cluster
        self._url = notification_url
        self._seed = seed
        self._over = threading.Event()
        self._lock = threading.Lock()
        self.lives: list[Life] = []
        self.answers: list[Answered] = []
        # What no caller should have seen.
        self.faults: list[str] = []
        self._threads = [threading.Thread(target=self._work, args=(number,))
                         for number in range(CALLERS)]

    def __enter__(self) -> "Traffic":
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        for each in self._threads:
            each.join(JOIN_SECONDS)

    def acknowledged(self) -> int:
        """How many calls were acknowledged so far."""
        with self._lock:
            return sum(each.status == 200 for each in self.answers)

    def _work(self, number: int) -> None:
        chance = random.Random(f"{self._seed} {number}")
        count = 0
        while not self._over.is_set():
            count += 1
            order = f"caller-{number}-{count}"
            life = Life(order, self._cluster.order(
                order_id=order, notification_endpoint_url=self._url), chance.choice(OUTCOMES))
            with self._lock:
                self.lives.append(life)
            try:
                self._live(life, chance)
            except Exception as error:  # Whatever it was, no caller should have seen it.
                with self._lock:
                    self.faults.append(f"{order}: {type(error).__name__}: {error}")

    def _live(self, life: Life, chance: random.Random) -> None:
        answer = self._insist(
            chance, life.creates_put_off, lambda node: node.ask(*life.call))
        if answer is None:
            return
        life.uuid, life.created = answer.value()["uuid"], answer.body
        answer = self._insist(
            chance, life.outcomes_put_off,
            lambda node: node.simulate(life.uuid, outcome=life.outcome))
        if answer is not None:
            life.ended = answer.value()["payment_status"]

    def _insist(self, chance: random.Random, put_off: list[str], call) -> Answer | None:
        """Calls any node again and again until it acknowledges; nothing if it is given up."""
        while True:
            answer = self._timed(chance.choice(self._cluster.nodes), call)
            if answer.status == 200:
                return answer
            put_off.append(is_put_off(answer))
            if self._over.is_set() or chance.random() < GIVEN_UP:
                return None
            time.sleep(PAUSE_SECONDS)

    def _timed(self, node: House, call) -> Answer:
        began = time.monotonic()
        answer = call(node)
        with self._lock:
            self.answers.append(Answered(began, time.monotonic(), answer.status))
        return answer

    def longest(self) -> float:
        """How long the longest call took."""
        return max(each.ended - each.began for each in self.answers)


def is_put_off(answer: Answer) -> str:
    """Checks that an answer is the clean 503 of a house whose database is away; gives its code."""
    refused(answer, 503, [])
    expect(int(answer.headers["retry-after"]) >= 1, "Retry-After is less than a second")
    same(answer.headers["content-type"], "application/json", "Content-Type")
    code = answer.headers["x-error-code"]
    expect(code in PUT_OFF, f"the code is {code}")
    return code
