"""Compares what callers were answered with what is there when all is over."""

import base64
from collections import Counter
from dataclasses import dataclass

from nodes import Cluster, await_that
from receivers import Receiver
from suite import expect, same
from takeover import END_LEASES
from traffic import Life, Traffic

UNKNOWN = "unknown_fate"
TOLD_SECONDS = 40
ROWS = """SELECT concat_ws('|', p.order_id, p.uuid, p.status,
    (SELECT count(*) FROM deliveries d WHERE d.payment_id = p.id),
    replace(encode(convert_to(p.first_answer, 'UTF8'), 'base64'), E'\\n', ''))
    FROM payments p WHERE p.order_id LIKE 'caller-%'"""


@dataclass(frozen=True)
class Row:
    """A payment as it is stored."""

    order: str
    uuid: str
    status: str
    deliveries: int
    first_answer: bytes


def rows(cluster: Cluster) -> dict[str, Row]:
    """All payments of the traffic, each of whose orders has one payment."""
    found = []
    for line in cluster.sql(ROWS):
        order, uuid, status, deliveries, answer = line.split("|")
        found.append(Row(order, uuid, status, int(deliveries), base64.b64decode(answer)))
    twice = [order for order, times in Counter(each.order for each in found).items() if times > 1]
    same(twice, [], "orders with more than one payment")
    return {each.order: each for each in found}


def reckon(cluster: Cluster, traffic: Traffic, receiver: Receiver) -> None:
    """Checks all of it; prints how much there was."""
    same(traffic.faults, [], "what callers should not have seen")
    stored = rows(cluster)
    for life in traffic.lives:
        check_create(life, stored.get(life.order))
        check_outcome(life, stored.get(life.order))
    repeat_all(cluster, traffic.lives, stored)
    check_told(cluster, receiver)
    summary(traffic, receiver)


def check_create(life: Life, row: Row | None) -> None:
    """What was acknowledged is there, byte for byte; what was not done is not there."""
    if life.created is not None:
        expect(row is not None, f"{life.order} was acknowledged, and is not there")
        same(row.first_answer, life.created, f"the stored answer of {life.order}")
    elif UNKNOWN not in life.creates_put_off:
        expect(row is None, f"{life.order} is there, and was said not to be: "
               f"{life.creates_put_off}")


def check_outcome(life: Life, row: Row | None) -> None:
    """What was acknowledged as final is so, and is told once; what was not done is not so."""
    if row is None:
        return
    if life.ended is not None:
        same(life.ended, life.outcome, f"the status that was answered of {life.order}")
        same(row.status, life.ended, f"the status of {life.order}")
    elif UNKNOWN not in life.outcomes_put_off:
        same(row.status, "wait", f"the status of {life.order}, put off by {life.outcomes_put_off}")
    else:
        expect(row.status in ("wait", life.outcome), f"{life.order} is {row.status}")
    same(row.deliveries, int(row.status != "wait"), f"deliveries of {life.order}")


def repeat_all(cluster: Cluster, lives: list[Life], stored: dict[str, Row]) -> None:
    """Sends again what is not failed or cancelled (of which that would make a new payment): the
    first answer comes again, and where nothing was stored, a payment now is."""
    repeated = 0
    for number, life in enumerate(lives):
        row = stored.get(life.order)
        if row is not None and row.status not in ("wait", "paid"):
            continue
        answer = cluster.nodes[number % len(cluster.nodes)].ask(*life.call)
        same(answer.status, 200, f"status of a repeat of {life.order}")
        if row is not None:
            same(answer.body, row.first_answer, f"the answer to a repeat of {life.order}")
        repeated += 1
    after = rows(cluster)
    same(sorted(after), sorted(each.order for each in lives), "orders that are there")
    same({order: after[order].uuid for order in stored},
         {order: row.uuid for order, row in stored.items()}, "payments after the repeats")


def check_told(cluster: Cluster, receiver: Receiver) -> None:
    """Each final payment is told, as it ended; no claim is left behind."""
    # What was told and could not be written down is told again when its lease ends.
    cluster.sql(END_LEASES)
    await_that(lambda: cluster.sql(
        "SELECT count(*) FROM deliveries WHERE state <> 'delivered'") == ["0"],
        "the outbox is empty", TOLD_SECONDS)
    final = {row.order: row.status for row in rows(cluster).values() if row.status != "wait"}
    told: dict[str, set[str]] = {}
    for each in receiver.told():
        told.setdefault(each.order, set()).add(each.status)
    same(told, {order: {status} for order, status in final.items()}, "what was told")


def summary(traffic: Traffic, receiver: Receiver) -> None:
    """Prints how much there was."""
    lives = traffic.lives
    codes = Counter(code for each in lives
                    for code in each.creates_put_off + each.outcomes_put_off)
    twice = sum(times > 1 for times in receiver.times().values())
    print(f"        {len(lives)} orders, {sum(each.created is not None for each in lives)} creates "
          f"and {sum(each.ended is not None for each in lives)} outcomes acknowledged, "
          f"put off: {dict(codes)}, told twice: {twice}, "
          f"longest answer {traffic.longest():.2f} s", flush=True)
