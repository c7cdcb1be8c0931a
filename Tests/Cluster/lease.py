"""The one honest wait: a node is killed, and its lease ends by itself."""

from contextlib import contextmanager
from pathlib import Path

from house import new_database
from nodes import Cluster, await_that, cluster_of
from receivers import receiving
from suite import Suite, expect, same
from takeover import alone, delivery, finals, start_other

NODES = 2
LEASE_SECONDS = 45
# The claim was a little before the request came.
EARLY_SECONDS = 3
# A look of a worker's each second, and a busy machine.
LATE_SECONDS = 20


@contextmanager
def opening(binary: Path, folder: Path):
    with new_database() as url, cluster_of(binary, folder, url, NODES) as cluster:
        yield cluster


suite = Suite("A lease that ends by itself", opening)


@suite.case("a killed node's delivery is taken over when its lease of 45 seconds has ended")
def honest(cluster: Cluster) -> None:
    with receiving() as receiver, alone(cluster):
        receiver.hold()
        finals(cluster, receiver, "honest", 1)
        await_that(lambda: len(receiver.held()) == 1, "it is under way")
        start_other(cluster)
        cluster.nodes[0].kill()
        receiver.pass_on()
        await_that(lambda: len(receiver.told()) == 2, "another tells it",
                   LEASE_SECONDS + LATE_SECONDS)
        first, second = receiver.told()
        waited = second.at - first.at
        print(f"        taken over {waited:.1f} s after the first try", flush=True)
        expect(waited > LEASE_SECONDS - EARLY_SECONDS, "it was told within the first one's lease")
        same(first.query, second.query, "the query of the second try")
        await_that(lambda: delivery(cluster, "honest-0") == ["delivered:0:200"], "it is delivered")
