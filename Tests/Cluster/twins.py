"""The same call at several nodes at the same moment."""

import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from house import new_database
from nodes import Cluster, await_that, cluster_of
from receivers import Receiver, receiving
from storms import storm
from suite import Suite, expect, same

NODES = 3
ROUNDS = 25
OPPOSITE_ROUNDS = 8
OUTCOMES = ("paid", "cancel", "fail")
# Longer than a worker's pause between two looks: a second telling would have come.
SILENCE_SECONDS = 2.0


@contextmanager
def opening(binary: Path, folder: Path):
    with new_database() as url, cluster_of(binary, folder, url, NODES) as cluster:
        yield cluster


suite = Suite("Twins at three nodes", opening)


def payments(cluster: Cluster) -> int:
    """How many payments there are."""
    return int(cluster.sql("SELECT count(*) FROM payments")[0])


@suite.case("the same create at three nodes at once is one payment, and the same bytes")
def identical(cluster: Cluster) -> None:
    before = payments(cluster)
    for number in range(ROUNDS):
        order = cluster.order(order_id=f"twin-{number}")
        answers = storm([lambda node=node: node.ask(*order) for node in cluster.nodes])
        same([each.body for each in answers if each.status != 200], [], "failures")
        same(len({each.body for each in answers}), 1, "different answers")
        later = [node.ask(*order).body for node in cluster.nodes]
        same(set(later), {answers[0].body}, "answers to a repeat at each node")
    same(payments(cluster) - before, ROUNDS, "payments that were made")


@suite.case("of creates with different amounts at three nodes one wins, and the others are told")
def different(cluster: Cluster) -> None:
    before = payments(cluster)
    for number in range(ROUNDS):
        orders = [cluster.order(order_id=f"rival-{number}", amount=f"{10 + each}.00")
                  for each in range(NODES)]
        answers = storm([
            lambda node=node, order=order: node.ask(*order)
            for node, order in zip(cluster.nodes, orders)])
        same(Counter(each.status for each in answers), {200: 1, 400: NODES - 1}, "statuses")
        for each in answers:
            if each.status == 400:
                same(sorted(each.value()["errors"]), ["amount", "order_id"], "fields")
        winner = [each.status for each in answers].index(200)
        for node in cluster.nodes:
            same(node.ask(*orders[winner]).body, answers[winner].body, "the answer to a repeat")
        stored = cluster.sql(
            f"SELECT amount_sen FROM payments WHERE order_id = 'rival-{number}'")
        same(stored, [str(1000 + 100 * winner)], "amounts that are stored")
    same(payments(cluster) - before, ROUNDS, "payments that were made")


@suite.case("opposite outcomes at three nodes at once are one status, told once")
def opposite(cluster: Cluster) -> None:
    with receiving() as receiver:
        orders = [f"opposite-{number}" for number in range(OPPOSITE_ROUNDS)]
        made = [cluster.create(order_id=order, notification_endpoint_url=receiver.url)
                for order in orders]
        for number, payment in enumerate(made):
            answers = storm([
                lambda node=node, outcome=outcome: cluster.decide(payment, outcome, node)
                for node in range(NODES)
                for outcome in (OUTCOMES[(node + number) % NODES], OUTCOMES[node])])
            same([each.body for each in answers if each.status != 200], [], "failures")
            said = {each.value()["payment_status"] for each in answers}
            same(len(said), 1, f"different statuses that were answered: {said}")
        final = {}
        for order, payment in zip(orders, made):
            statuses = {cluster.status(node, id=payment["id"]) for node in range(NODES)}
            same(len(statuses), 1, f"different statuses at the nodes: {statuses}")
            final[order] = statuses.pop()
            expect(final[order] in OUTCOMES, f"the status is {final[order]}")
        await_that(lambda: len(receiver.times()) == len(orders), "all are told")
        time.sleep(SILENCE_SECONDS)
        expect_told_once(receiver)
        same({each.order: each.status for each in receiver.told()}, final, "what was told")
        expect(len(set(final.values())) > 1, "one outcome won each time: nothing was opposite")


def expect_told_once(receiver: Receiver) -> None:
    """Checks that no order was told more than once."""
    same({order: times for order, times in receiver.times().items() if times != 1}, {},
         "orders that were told more than once")
