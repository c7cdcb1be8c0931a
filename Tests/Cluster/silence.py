"""A database that says nothing more, with all connections open: as a frozen machine does."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from away import all_back, is_page_put_off
from nodes import Cluster, cluster_of
from postgresql import await_standby, two_servers
from suite import Suite, expect, same
from traffic import is_put_off

NODES = 2
# More than a node has connections, so that some wait in its queue too.
CREATES_PER_NODE = 12
# The longest that a statement may take, and room for what waits behind it.
ANSWER_SECONDS = 30.0
PROBE_SECONDS = 3.0
# Each is told to come again after a second.
TRIES_WHILE_PUT_OFF = 20


@contextmanager
def opening(binary: Path, folder: Path):
    with ExitStack() as stack:
        primary, standby = stack.enter_context(two_servers(folder))
        cluster = stack.enter_context(cluster_of(binary, folder, primary.url, NODES))
        cluster.primary, cluster.standby = primary, standby
        cluster.kept = cluster.create(order_id="kept")
        yield cluster


suite = Suite("A silent database", opening)


def timed(call) -> tuple[float, object]:
    """The seconds that a call took, and its answer."""
    began = time.monotonic()
    answer = call()
    return time.monotonic() - began, answer


def creates_of(cluster: Cluster, name: str) -> list[tuple]:
    """Signed creates for all nodes: a node and a call each."""
    return [(node, cluster.order(order_id=f"{name}-{place}-{number}"))
            for place, node in enumerate(cluster.nodes) for number in range(CREATES_PER_NODE)]


def patiently(node, call: tuple) -> int:
    """The status of a call that comes again, as it is told to, while it is put off."""
    for _ in range(TRIES_WHILE_PUT_OFF):
        answer = node.ask(*call)
        if answer.status != 503:
            break
        time.sleep(int(answer.headers["retry-after"]))
    return answer.status


def repeat(cluster: Cluster, creates: list[tuple], name: str) -> None:
    """Sends creates again that were put off: each is there afterwards, once."""
    with ThreadPoolExecutor(NODES) as pool:
        later = list(pool.map(lambda each: patiently(*each), creates))
    same(set(later), {200}, "statuses of repeats")
    same(cluster.sql(f"SELECT count(*) FROM payments WHERE order_id LIKE '{name}-%'"),
         [str(len(creates))], "payments")


@suite.case("a frozen database: every call ends in a clean 503, the probes at once")
def frozen(cluster: Cluster) -> None:
    creates = creates_of(cluster, "frozen")
    page = "/" + cluster.kept["uuid"]
    cluster.primary.silence()
    try:
        with ThreadPoolExecutor(len(creates) + NODES) as pool:
            calls = [pool.submit(timed, lambda node=node, call=call: node.ask(*call))
                     for node, call in creates]
            pages = [pool.submit(timed, lambda node=node: node.ask("GET", page))
                     for node in cluster.nodes]
            for node in cluster.nodes:
                seconds, answer = timed(lambda node=node: node.ask("GET", "/healthz"))
                same(answer.status, 200, "status of /healthz")
                expect(seconds < PROBE_SECONDS, f"/healthz took {seconds:.1f} s")
            answers = [each.result() for each in calls]
            shown = [each.result() for each in pages]
    finally:
        cluster.primary.speak()
        since = cluster.primary.await_answer()
    for _, answer in answers:
        is_put_off(answer)
    for _, answer in shown:
        is_page_put_off(answer)
    longest = max(seconds for seconds, _ in answers + shown)
    waited = all_back(cluster, since)
    print(f"        the longest answer took {longest:.1f} s; back after "
          f"{', '.join(f'{each:.2f} s' for each in waited)}", flush=True)
    expect(longest < ANSWER_SECONDS, f"an answer took {longest:.1f} s")
    repeat(cluster, creates, "frozen")


@suite.case("a frozen standby: each call ends in time, creates in `unknown_fate`, none is twice")
def standby_frozen(cluster: Cluster) -> None:
    creates = creates_of(cluster, "waiting")
    cluster.standby.silence()
    try:
        with ThreadPoolExecutor(len(creates) + NODES) as pool:
            calls = [pool.submit(timed, lambda node=node, call=call: node.ask(*call))
                     for node, call in creates]
            look = cluster.signed("/v1/payment/status", {"order_id": "kept"})
            looks = [pool.submit(timed, lambda node=node: node.ask(*look))
                     for node in cluster.nodes]
            answers = [each.result() for each in calls]
            looked = [each.result() for each in looks]
    finally:
        cluster.standby.speak()
        await_standby(cluster.primary)
        since = time.monotonic()
    codes = [is_put_off(answer) for _, answer in answers]
    longest = max(seconds for seconds, _ in answers + looked)
    waited = all_back(cluster, since)
    print(f"        the longest answer took {longest:.1f} s; {codes.count('unknown_fate')} of "
          f"{len(codes)} are of unknown fate; back after "
          f"{', '.join(f'{each:.2f} s' for each in waited)}", flush=True)
    expect("unknown_fate" in codes, f"codes {set(codes)}")
    for _, answer in looked:
        if answer.status != 200:
            is_put_off(answer)
    expect(longest < ANSWER_SECONDS, f"an answer took {longest:.1f} s")
    repeat(cluster, creates, "waiting")
