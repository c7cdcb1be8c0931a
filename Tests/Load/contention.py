"""Somebody else holds the database's only writer: calls wait or are put off, and none is lost."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from house import Answer, House
from measures import metric
from merchant import refused
from places import opened
from suite import Suite, expect, same
from writers import held_writer

CREATES = 48
# SQLite waits 5 seconds for a writer.
SHORT_SECONDS = 2.5
LONG_SECONDS = 11
STATUS_PAUSE_SECONDS = 0.1


@contextmanager
def opening(binary: Path, folder: Path):
    with opened(binary, folder) as house:
        yield house


suite = Suite("A writer held by another", opening)


def creates_beside(house: House, seconds: float) -> dict[str, tuple[dict, Answer]]:
    """Creates that come while the writer is held for so long; orders and answers by order_id."""
    orders = [house.shop.order() for _ in range(CREATES)]
    over = threading.Event()
    statuses = []

    def look() -> None:
        while not over.is_set():
            answer = house.shop.call("/v1/payment/status", {"id": house.payment["id"]})
            statuses.append(answer.status)
            time.sleep(STATUS_PAUSE_SECONDS)

    looker = threading.Thread(target=look)
    with ThreadPoolExecutor(CREATES) as pool:
        with held_writer(house):
            coming = [pool.submit(house.shop.call, "/v1/payment", each) for each in orders]
            looker.start()
            time.sleep(seconds)
            over.set()
            looker.join()
            early = [each.result().status for each in coming if each.done()]
        answers = [each.result() for each in coming]
    expect(200 not in early, "a create was done while another held the writer")
    expect(statuses, "nobody looked")
    same(set(statuses), {200}, "statuses of what only looks")
    return {order["order_id"]: (order, answer)
            for order, answer in zip(orders, answers, strict=True)}


def settled(house: House, seen: dict[str, tuple[dict, Answer]]) -> int:
    """Checks that what was answered is so, and that all can be done now; how many were put off."""
    put_off = 0
    for order_id, (order, answer) in seen.items():
        stored = house.shop.call("/v1/payment/status", {"order_id": order_id})
        if answer.status == 200:
            same((stored.status, stored.value().get("id")), (200, answer.value()["id"]), order_id)
            same(house.shop.call("/v1/payment", order).body, answer.body, "answer to a repeat")
        else:
            put_off += 1
            refused(answer, 503, [])
            same(answer.headers.get("x-error-code"), "unavailable", "X-Error-Code")
            expect(answer.headers.get("retry-after", "").isdigit(), "there is no Retry-After")
            refused(stored, 404)
            same(house.shop.call("/v1/payment", order).status, 200, "status when it is sent again")
    return put_off


def total(house: House) -> int:
    """How many payments the account has."""
    return house.shop.call("/v1/payment/history", {}).value()["meta"]["total"]


@suite.case("a writer held for a moment makes creates wait; all are done, and statuses don't wait")
def short(house: House) -> None:
    before = total(house)
    same(settled(house, creates_beside(house, SHORT_SECONDS)), 0, "creates that were put off")
    same(total(house), before + CREATES, "payments")


@suite.case("a writer held for long has creates put off with Retry-After; then all are done once")
def long(house: House) -> None:
    before = total(house)
    put_off = settled(house, creates_beside(house, LONG_SECONDS))
    print(f"        {put_off} of {CREATES} were put off")
    expect(put_off, "none was put off")
    same(total(house), before + CREATES, "payments")
    same(metric(house, "kaunter_database_waiting"), 0, "acts that wait")
    house.must_live()
