"""Some hundred notifications from three nodes: told once each, and within the budgets."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from house import new_database
from nodes import Cluster, await_that, cluster_of
from receivers import Crowd, receiving
from suite import Suite, expect, same
from twins import OUTCOMES, expect_told_once

NODES = 3
CALLERS = 8
PAYMENTS = 300
# The budgets of the outbox: what is under way at once to one receiver, and, for less than a second,
# for one account. There are receivers enough for more than the second to hang.
PER_RECEIVER = 4
PER_ACCOUNT = 64
# Two of them may share a queue: an account's origins fall into 64.
RECEIVERS = 32
RECEIVER_SECONDS = 0.04
# Payments that are decided while all receivers hang: more for each than it is told at once.
HELD_PER_RECEIVER = 6
TOLD_SECONDS = 60
# Some looks of each node's worker.
SILENCE_SECONDS = 2.0


@contextmanager
def opening(binary: Path, folder: Path):
    with ExitStack() as stack:
        url = stack.enter_context(new_database())
        cluster = stack.enter_context(cluster_of(binary, folder, url, NODES))
        cluster.account = Crowd()
        cluster.receivers = [
            stack.enter_context(receiving((cluster.account,), RECEIVER_SECONDS))
            for _ in range(RECEIVERS)]
        cluster.final = {}
        yield cluster


suite = Suite("Notifications of three nodes", opening)


@suite.case("some hundred finals at three nodes are told once each, as they ended")
def told(cluster: Cluster) -> None:
    def live(number: int) -> tuple[str, str]:
        order, outcome = f"told-{number}", OUTCOMES[number % len(OUTCOMES)]
        payment = cluster.create(
            number % NODES, order_id=order,
            notification_endpoint_url=cluster.receivers[number % RECEIVERS].url)
        answer = cluster.decide(payment, outcome, (number + 1) % NODES)
        same((answer.status, answer.value()["payment_status"]), (200, outcome), "the outcome")
        return order, outcome

    with ThreadPoolExecutor(CALLERS) as pool:
        cluster.final = dict(pool.map(live, range(PAYMENTS)))
    await_that(lambda: sum(len(each.told()) for each in cluster.receivers) >= PAYMENTS,
               "all are told", TOLD_SECONDS)
    time.sleep(SILENCE_SECONDS)
    for receiver in cluster.receivers:
        expect_told_once(receiver)
    said = {each.order: each.status for receiver in cluster.receivers
            for each in receiver.told()}
    same(said, cluster.final, "what was told")


@suite.case("each node has told some of them, and the outbox is empty")
def shared(cluster: Cluster) -> None:
    tellers = [each.log().count('"outcome":"delivered"') for each in cluster.nodes]
    same(sum(tellers), PAYMENTS, f"deliveries in the nodes' logs, {tellers}")
    expect(all(tellers), f"the nodes have told {tellers}")
    same(cluster.sql("SELECT state || ':' || count(*) FROM deliveries GROUP BY state"),
         [f"delivered:{PAYMENTS}"], "the outbox")


@suite.case("receivers that hang: all nodes together use up each one's budget, and no other's place")
def budgets(cluster: Cluster) -> None:
    first = cluster.receivers[0]
    made = {receiver: [cluster.create(notification_endpoint_url=receiver.url)
                       for _ in range(HELD_PER_RECEIVER)] for receiver in cluster.receivers}
    for receiver in cluster.receivers:
        receiver.hold()
    decide(cluster, made.pop(first))
    await_that(lambda: first.own.now == PER_RECEIVER, "one receiver's budget is used up")
    time.sleep(SILENCE_SECONDS)
    decide(cluster, [payment for payments in made.values() for payment in payments])
    await_that(lambda: cluster.account.now > PER_ACCOUNT, "more hang than an account's budget")
    time.sleep(SILENCE_SECONDS)
    for receiver in cluster.receivers:
        receiver.release()
    await_that(lambda: sum(len(each.told()) for each in cluster.receivers)
               >= PAYMENTS + HELD_PER_RECEIVER * RECEIVERS, "all are told", TOLD_SECONDS)
    for receiver in cluster.receivers:
        expect_told_once(receiver)
    most = [each.own.most for each in cluster.receivers]
    same(max(most), PER_RECEIVER, f"at once at one receiver, of {most}")


def decide(cluster: Cluster, payments: list[dict]) -> None:
    """Has payments become paid, each at another node than the one before."""
    for number, payment in enumerate(payments):
        same(cluster.decide(payment, "paid", number % NODES).status, 200, "the sandbox")
