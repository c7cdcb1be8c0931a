"""Nodes that die or freeze in the middle of deliveries, and what the others make of it."""

import os
import signal
import time
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from house import new_database
from nodes import Cluster, await_that, cluster_of
from receivers import Held, Receiver, receiving
from suite import Suite, expect, same
from victim import KILLED

NODES = 2
# As many as one receiver is told at once.
HELD = 4
WAITING = 6
REFUSED = 503
# Longer than a worker's pause between two looks, and than a late word needs to arrive.
SILENCE_SECONDS = 2.0
# Leases end by themselves only after 45 seconds, which another suite waits for.
END_LEASES = """UPDATE deliveries SET next_at = (extract(epoch FROM now()) * 1000000)::bigint
    WHERE state = 'pending' AND lease_token IS NOT NULL"""


@contextmanager
def opening(binary: Path, folder: Path):
    with new_database() as url, cluster_of(binary, folder, url, NODES) as cluster:
        yield cluster


suite = Suite("Nodes that die in the middle of deliveries", opening)


def finals(cluster: Cluster, receiver: Receiver, name: str, count: int) -> dict[str, dict]:
    """Payments that became paid, by their orders, which this receiver is to be told."""
    made = {}
    for number in range(count):
        order = f"{name}-{number}"
        made[order] = cluster.create(order_id=order, notification_endpoint_url=receiver.url)
        same(cluster.decide(made[order], "paid").status, 200, "the sandbox")
    return made


def delivery(cluster: Cluster, order: str) -> list[str]:
    """How the delivery of an order stands, without its times."""
    return cluster.sql(
        f"""SELECT concat_ws(':', state, failures, last_code) FROM deliveries d
        JOIN payments p ON p.id = d.payment_id WHERE p.order_id = '{order}'""")


@contextmanager
def alone(cluster: Cluster, point: str = ""):
    """Only the first node, perhaps armed with a crash point."""
    end_all(cluster)
    cluster.nodes[0].launch(point)
    expect(cluster.nodes[0].await_ready() is not None, "the first node has ended")
    try:
        yield
    finally:
        # What a receiver still holds is let go afterwards, and told to nobody.
        end_all(cluster)


def end_all(cluster: Cluster) -> None:
    """Kills the nodes that run, frozen ones too."""
    for node in cluster.nodes:
        node.kill()


def start_other(cluster: Cluster) -> None:
    """Starts the second node."""
    cluster.nodes[1].launch()
    expect(cluster.nodes[1].await_ready() is not None, "the second node has ended")


@suite.case("what a killed node had under way is told by another after the lease, the rest once")
def killed(cluster: Cluster) -> None:
    with receiving() as receiver, alone(cluster):
        receiver.hold()
        orders = set(finals(cluster, receiver, "killed", HELD + WAITING))
        await_that(lambda: len(receiver.held()) == HELD, "the first ones are under way")
        start_other(cluster)
        cluster.nodes[0].kill()
        receiver.pass_on()
        held = {each.told.order for each in receiver.held()}
        time.sleep(SILENCE_SECONDS)
        same(set(receiver.times()), held, "orders that were told while the leases last")
        cluster.nodes[1].sql(END_LEASES)
        await_that(lambda: set(receiver.times()) == orders, "all are told")
        await_that(lambda: open_deliveries(cluster) == 0, "the outbox is empty")
        same(dict(receiver.times()), {order: 2 if order in held else 1 for order in orders},
             "how many times each was told")
        expect(all(each.status == "paid" for each in receiver.told()), "a status is not `paid`")


def open_deliveries(cluster: Cluster) -> int:
    """How many deliveries are not ended."""
    return int(cluster.sql("SELECT count(*) FROM deliveries WHERE state = 'pending'")[0])


@suite.table("a node that dies at {} is taken over, and the same is told again if need be", [
    ("delivery.claimed", 1), ("delivery.sent", 2), ("delivery.recorded", 1)])
def at_point(cluster: Cluster, point: str, times: int) -> None:
    with receiving() as receiver, alone(cluster, point):
        order = point.replace(".", "-") + "-0"
        payment = cluster.create(order_id=order, notification_endpoint_url=receiver.url)
        try:
            cluster.decide(payment, "cancel")
        except (OSError, HTTPException):
            pass  # It died before it could answer. What counts is what it has stored.
        same(cluster.nodes[0].await_end(), KILLED, "how the first node ended")
        same(cluster.sql(f"SELECT status FROM payments WHERE order_id = '{order}'"), ["cancel"],
             "the status")
        start_other(cluster)
        cluster.nodes[1].sql(END_LEASES)
        await_that(lambda: delivery(cluster, order) == ["delivered:0:200"], "it is delivered")
        time.sleep(SILENCE_SECONDS)
        same(receiver.times()[order], times, "how many times it was told")
        same(len({each.query for each in receiver.told()}), 1, "different notifications")


def frozen(cluster: Cluster, receiver: Receiver, order: str) -> Held:
    """Freezes the first node while it waits for its receiver, and has its lease end."""
    receiver.hold()
    payment = cluster.create(order_id=order, notification_endpoint_url=receiver.url)
    same(cluster.decide(payment, "paid").status, 200, "the sandbox")
    await_that(lambda: len(receiver.held()) == 1, "it is under way")
    os.kill(cluster.nodes[0].process.pid, signal.SIGSTOP)
    start_other(cluster)
    cluster.nodes[1].sql(END_LEASES)
    await_that(lambda: len(receiver.held()) == 2, "another node has taken over")
    return receiver.held()[0]


def thawed(cluster: Cluster, late: Held, code: int) -> None:
    """Has the first node hear this late answer, and gives it the time to say so."""
    late.answer(code)
    os.kill(cluster.nodes[0].process.pid, signal.SIGCONT)
    time.sleep(SILENCE_SECONDS)
    expect(cluster.nodes[0].is_running(), "the first node has ended")


@suite.case("a node that froze can't say `delivered` of what another has seen fail since")
def late_success(cluster: Cluster) -> None:
    with receiving() as receiver, alone(cluster):
        late = frozen(cluster, receiver, "frozen-good")
        receiver.held()[1].answer(REFUSED)
        outcome = [f"pending:1:{REFUSED}"]
        await_that(lambda: delivery(cluster, "frozen-good") == outcome, "the other has said so")
        thawed(cluster, late, 200)
        same(delivery(cluster, "frozen-good"), outcome, "the outcome")
        receiver.pass_on()
        await_that(lambda: delivery(cluster, "frozen-good") == ["delivered:1:200"],
                   "it is told again")


@suite.case("a node that froze can't say `failed` of what another has delivered since")
def late_failure(cluster: Cluster) -> None:
    with receiving() as receiver, alone(cluster):
        late = frozen(cluster, receiver, "frozen-bad")
        receiver.held()[1].answer()
        outcome = ["delivered:0:200"]
        await_that(lambda: delivery(cluster, "frozen-bad") == outcome, "the other has said so")
        thawed(cluster, late, REFUSED)
        same(delivery(cluster, "frozen-bad"), outcome, "the outcome")
        same(receiver.times()["frozen-bad"], 2, "how many times it was told")


@suite.case("a node that froze can't end the other's claim, which is still under way")
def late_beside(cluster: Cluster) -> None:
    with receiving() as receiver, alone(cluster):
        late = frozen(cluster, receiver, "frozen-both")
        thawed(cluster, late, 200)
        same(delivery(cluster, "frozen-both"), ["pending:0"], "the outcome")
        receiver.held()[1].answer()
        await_that(lambda: delivery(cluster, "frozen-both") == ["delivered:0:200"],
                   "the other says how it went")
