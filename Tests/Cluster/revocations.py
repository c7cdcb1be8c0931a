"""Keys that come and go while all nodes are called."""

import json
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from house import House, new_database
from merchant import refused
from nodes import Cluster, await_that, cluster_of
from suite import Suite, expect, same

NODES = 3
ROUNDS = 2
CALLERS_PER_NODE = 2
REFUSED_WITHIN_SECONDS = 1.0
# So many calls of each node before and after, that it has the key at hand.
CALLS_BEFORE = 3


@contextmanager
def opening(binary: Path, folder: Path):
    with new_database() as url, cluster_of(binary, folder, url, NODES) as cluster:
        yield cluster


suite = Suite("Keys on three nodes", opening)


class Key:
    """An issued key, with which anybody may sign."""

    def __init__(self, cluster: Cluster):
        file, self.id = cluster.shop.new_key("payment")
        self.issued_at = time.monotonic()
        body = json.dumps({}).encode()
        self.call = ("POST", "/v1/payment/history", body, cluster.shop.headers(body, key=file))


class Callers:
    """Threads that call each node with one key, and write down what was answered when."""

    def __init__(self, cluster: Cluster, key: Key):
        self._key = key
        self._over = threading.Event()
        # Of each node: when a call was begun, and how it was answered.
        self.answers: dict[House, list[tuple[float, int]]] = {
            node: [] for node in cluster.nodes}
        self._threads = [threading.Thread(target=self._work, args=(node,))
                         for node in cluster.nodes for _ in range(CALLERS_PER_NODE)]

    def __enter__(self) -> "Callers":
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        for each in self._threads:
            each.join()

    def _work(self, node: House) -> None:
        while not self._over.is_set():
            began = time.monotonic()
            status = node.ask(*self._key.call).status
            self.answers[node].append((began, status))

    def have_called(self, since: float, times: int) -> bool:
        """Whether each node has answered so many calls that began since then."""
        return all(sum(began >= since for began, _ in calls) >= times
                   for calls in self.answers.values())


@suite.case("a key that was issued works on every node at its first call")
def issued(cluster: Cluster) -> None:
    old = Key(cluster)
    # The nodes have just looked for the account's keys, again and again, when a new one comes.
    with Callers(cluster, old) as callers:
        for _ in range(ROUNDS):
            await_that(lambda since=time.monotonic(): callers.have_called(since, CALLS_BEFORE),
                       "all are called")
            key = Key(cluster)
            same([node.ask(*key.call).status for node in cluster.nodes], [200] * NODES,
                 "statuses")


@suite.case("a key that was revoked is refused by every node within a second, under way or not")
def revoked(cluster: Cluster) -> None:
    for _ in range(ROUNDS):
        key = Key(cluster)
        with Callers(cluster, key) as callers:
            await_that(lambda: callers.have_called(key.issued_at, CALLS_BEFORE), "all were called")
            cluster.nodes[-1].must("keys", "revoke", "--account", cluster.shop.account,
                                   "--key", key.id)
            at = time.monotonic()
            after = at + REFUSED_WITHIN_SECONDS
            await_that(lambda: callers.have_called(after, CALLS_BEFORE), "all were called since")
        for node, calls in callers.answers.items():
            same({status for began, status in calls if began >= after}, {401},
                 "statuses after a second")
            expect(any(status == 200 for began, status in calls if began < at),
                   "the key never worked")
            refused(node.ask(*key.call), 401, [])
        late = [began - at for calls in callers.answers.values() for began, status in calls
                if status == 200 and began > at]
        print(f"        the last call that was taken began {max(late, default=0):.3f} s after the "
              "revocation", flush=True)


@suite.case("the account's other key works on, on every node")
def other(cluster: Cluster) -> None:
    for number in range(NODES):
        cluster.create(number)
