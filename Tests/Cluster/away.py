"""The database goes away under load, and comes back."""

import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from house import House
from nodes import Cluster, await_that, cluster_of
from postgresql import one_server
from receivers import receiving
from reckoning import reckon
from suite import Suite, expect, same
from traffic import Traffic, is_put_off

NODES = 2
WARM_CALLS = 60
# Nobody hangs for longer than that while nothing listens at the database's address.
HANG_SECONDS = 5.0
BACK_SECONDS = 2.0
GIVE_UP_SECONDS = 30
POLL_SECONDS = 0.02
SEED = 7


@contextmanager
def opening(binary: Path, folder: Path, away_seconds: float):
    with ExitStack() as stack:
        server = stack.enter_context(one_server(folder))
        cluster = stack.enter_context(cluster_of(binary, folder, server.url, NODES))
        cluster.server = server
        cluster.away_seconds = away_seconds
        cluster.receiver = stack.enter_context(receiving())
        cluster.kept = cluster.create(order_id="kept")
        yield cluster


suite = Suite("The database away", opening)


@suite.case("stopped under load, it is a clean 503 everywhere; nothing is lost; soon it is back")
def away(cluster: Cluster) -> None:
    with Traffic(cluster, cluster.receiver.url, SEED) as traffic:
        await_that(lambda: traffic.acknowledged() >= WARM_CALLS, "the load is under way")
        cluster.server.stop()
        began = time.monotonic()
        try:
            ask_everything(cluster)
            time.sleep(max(0.0, began + cluster.away_seconds - time.monotonic()))
            ask_everything(cluster)
        finally:
            cluster.server.start(wait=False)
        since = cluster.server.await_answer()
        waited = all_back(cluster, since)
        print(f"        away for {since - began:.1f} s; the nodes took creates again after "
              f"{', '.join(f'{each:.2f} s' for each in waited)}", flush=True)
        before = traffic.acknowledged()
        await_that(lambda: traffic.acknowledged() >= before + WARM_CALLS, "the load goes on")
    reckon(cluster, traffic, cluster.receiver)
    same({each.status for each in traffic.answers}, {200, 503}, "statuses")
    expect(traffic.longest() < HANG_SECONDS, f"a call took {traffic.longest():.1f} s")
    expect(max(waited) <= BACK_SECONDS, f"the nodes needed {waited} s")


def all_back(cluster: Cluster, since: float) -> list[float]:
    """Seconds that each node needed since then until it took a create."""
    at: dict[int, float] = {}

    def wait(number: int, node: House) -> None:
        while time.monotonic() < since + GIVE_UP_SECONDS:
            if node.ask(*cluster.order()).status == 200:
                at[number] = time.monotonic()
                return
            time.sleep(POLL_SECONDS)

    threads = [threading.Thread(target=wait, args=each) for each in enumerate(cluster.nodes)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    same(len(at), len(cluster.nodes), f"nodes that are back after {GIVE_UP_SECONDS} s")
    return [at[number] - since for number in sorted(at)]


def ask_everything(cluster: Cluster) -> None:
    """Asks each node everything that merchants, payers and machines ask: a clean no, at once."""
    page = "/" + cluster.kept["uuid"]
    for node in cluster.nodes:
        for call in (cluster.order(), cluster.signed("/v1/payment/status", {"order_id": "kept"}),
                     cluster.signed("/v1/payment/history", {})):
            is_put_off(quickly(node, *call))
        is_put_off(quickly(node, "POST", f"/sandbox/v1/payments{page}", b'{"outcome":"paid"}'))
        for method, path, body in (("GET", page, None), ("POST", page + "/leave", b""),
                                   ("POST", page + "/attempts", b"bank=MBBFPX")):
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            is_page_put_off(quickly(node, method, path, body, form))
        found = [quickly(node, "GET", path).status for path in ("/readyz", "/healthz", "/metrics")]
        same(found, [503, 200, 200], "statuses of the probes and the metrics")


def quickly(node: House, *call):
    """The answer, which must not be long in coming."""
    began = time.monotonic()
    answer = node.ask(*call)
    seconds = time.monotonic() - began
    expect(seconds < HANG_SECONDS, f"{call[:2]} took {seconds:.1f} s")
    return answer


def is_page_put_off(answer) -> None:
    """Checks that a payer sees a page which says to come back in a moment."""
    same(answer.status, 503, f"status of a page, with {answer.body[:300]!r}")
    expect(int(answer.headers["retry-after"]) >= 1, "Retry-After is less than a second")
    expect(answer.headers["content-type"].startswith("text/html"), "it is no page")
    same(answer.headers["cache-control"], "no-store", "Cache-Control")
    expect(b"Nothing is lost" in answer.body, f"the page says {answer.body!r}")
