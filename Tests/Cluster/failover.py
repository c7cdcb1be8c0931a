"""A primary whose commits wait for a standby: waits that are broken off, and a failover."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from away import all_back
from house import Answer
from nodes import Cluster, await_that, cluster_of
from postgresql import await_standby, two_servers
from receivers import receiving
from reckoning import reckon
from suite import Suite, expect, same
from traffic import Traffic, is_put_off

NODES = 2
WARM_CALLS = 60
# With a server that is gone and one that is not yet promoted, a call may wait for a connection.
HANG_SECONDS = 15.0
SEED = 11
UNDONE = ("SELECT (SELECT count(*) FROM seal_queue)"
          " + (SELECT count(*) FROM events WHERE round IS NULL)")
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@contextmanager
def opening(binary: Path, folder: Path):
    with ExitStack() as stack:
        primary, standby = stack.enter_context(two_servers(folder))
        url = (f"postgresql://{primary.address},{standby.address}/postgres"
               "?user=postgres&target_session_attrs=read-write")
        cluster = stack.enter_context(cluster_of(binary, folder, url, NODES))
        cluster.primary, cluster.standby = primary, standby
        cluster.receiver = stack.enter_context(receiving())
        yield cluster


suite = Suite("A synchronous standby", opening)


@suite.table("a create whose wait for the standby was ended by {} is not acknowledged", [
    ("pg_cancel_backend",), ("pg_terminate_backend",)])
def create_broken_off(cluster: Cluster, end: str) -> None:
    order = f"create-{end}"
    call = cluster.order(order_id=order)
    answer = broken_off(cluster, end, lambda: cluster.nodes[0].ask(*call))
    same(is_put_off(answer), "unknown_fate", "the code")
    later = [node.ask(*call) for node in cluster.nodes]
    same([each.status for each in later], [200] * NODES, "statuses of repeats")
    same(len({each.body for each in later}), 1, "different answers to repeats")
    same(cluster.sql(f"SELECT count(*) FROM payments WHERE order_id = '{order}'"), ["1"],
         "payments")


@suite.table("an outcome whose wait for the standby was ended by {} is not acknowledged", [
    ("pg_cancel_backend",), ("pg_terminate_backend",)])
def outcome_broken_off(cluster: Cluster, end: str) -> None:
    payment = cluster.create(order_id=f"outcome-{end}")
    answer = broken_off(cluster, end, lambda: cluster.decide(payment, "paid"))
    same(is_put_off(answer), "unknown_fate", "the code")
    for node in range(NODES):
        later = cluster.decide(payment, "paid", node)
        same((later.status, later.value()["payment_status"]), (200, "paid"), "a repeat")
        same(cluster.status(node, id=payment["id"]), "paid", "the status")


def broken_off(cluster: Cluster, end: str, call) -> Answer:
    """The answer to a call whose commit waits for a silent standby until that is broken off."""
    # Workers have commits of their own, which would be the ones that are broken off.
    await_that(lambda: cluster.primary.sql(UNDONE) == ["0"], "the workers are done")
    cluster.standby.silence()
    try:
        with ThreadPoolExecutor(1) as pool:
            calling = pool.submit(call)
            await_that(lambda: cluster.primary.sql(WAITING), "the commit waits for the standby")
            expect(not calling.done(), "it was answered before the standby had it")
            cluster.primary.sql(WAITING.replace("pid", f"{end}(pid)", 1))
            return calling.result()
    finally:
        cluster.standby.speak()
        await_standby(cluster.primary)


@suite.case("the primary killed under load, the standby promoted: what was acknowledged is there")
def failover(cluster: Cluster) -> None:
    with Traffic(cluster, cluster.receiver.url, SEED) as traffic:
        await_that(lambda: traffic.acknowledged() >= WARM_CALLS, "the load is under way")
        cluster.primary.kill()
        killed = time.monotonic()
        before = traffic.acknowledged()
        cluster.standby.promote()
        since = cluster.standby.await_answer()
        waited = all_back(cluster, since)
        print(f"        promoted {since - killed:.1f} s after the death; the nodes took creates "
              f"again after {', '.join(f'{each:.2f} s' for each in waited)}", flush=True)
        await_that(lambda: traffic.acknowledged() >= before + WARM_CALLS, "the load goes on")
    same(cluster.standby.sql("SELECT pg_is_in_recovery()"), ["f"], "whether it is a standby")
    reckon(cluster, traffic, cluster.receiver)
    expect(traffic.longest() < HANG_SECONDS, f"a call took {traffic.longest():.1f} s")
