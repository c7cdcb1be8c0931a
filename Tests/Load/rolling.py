"""Two nodes behind a balancer are restarted one after the other, and no request fails."""

import http.client
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from balancer import balanced
from gateway import free_port
from house import House, closing, new_database
from measures import metric
from merchants import Client, Signer
from places import configured
from suite import Suite, expect, same

ROUNDS = 2
CALLERS = 6
# A caller connects anew after so many calls, as short-lived programs do.
CALLS_A_CONNECTION = 25
PAUSE_SECONDS = 0.03
# Longer than the balancer's checks take to notice.
DRAIN_SECONDS = 2
# The balancer has to see that a node is back before the other may go.
RETURN_SECONDS = 1
JOIN_SECONDS = 90
LEAST_CREATES = 50


@dataclass
class Told:
    """What callers were told. Shared: appending is safe among threads."""

    created: list[tuple[dict, bytes]] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@contextmanager
def opening(binary: Path, folder: Path):
    with ExitStack() as stack:
        url = stack.enter_context(new_database())
        port, nodes = free_port(), []
        for name in ("one", "two"):
            place = folder / name
            place.mkdir()
            node = stack.enter_context(closing(House(binary, place, url)))
            # A sandbox's master key is in its data folder; two nodes have to share one.
            node.store += ["--master-key", folder / "one" / "data" / "master.key"] if nodes else []
            node.options = configured(node, listen={
                "drain_seconds": DRAIN_SECONDS, "public_url": f"http://127.0.0.1:{port}"})
            node.start(*node.options)
            nodes.append(node)
        nodes[0].shop = Signer(nodes[0])
        yield nodes, folder, port


suite = Suite("Rolling restarts", opening)


def call(shop: Signer, port: int, over: threading.Event, told: Told, name: str) -> None:
    """One caller: creates, and looks at what it made, until it is over."""
    client, number = Client(port), 0
    while not over.wait(PAUSE_SECONDS):
        order = shop.order(order_id=f"{name}-{number}")
        number += 1
        if number % CALLS_A_CONNECTION == 0:
            client.close()
        try:
            answer = client.post("/v1/payment", *shop.signed(order))
            if answer.status != 200:
                told.faults.append(f"create: {answer.status} {answer.body[:200]!r}")
                continue
            told.created.append((order, answer.body))
            begun = time.monotonic()
            made = answer.value()
            answer = client.post("/v1/payment/status", *shop.signed({"id": made["id"]}))
            told.looks.append(time.monotonic() - begun)
            if answer.status != 200 or answer.value()["order_id"] != order["order_id"]:
                told.faults.append(f"status: {answer.status} {answer.body[:200]!r}")
        except (OSError, http.client.HTTPException) as error:
            told.faults.append(f"{name}-{number - 1}: {error!r}")
            client.close()
    client.close()


@suite.table("each of two nodes is restarted twice, and no request fails, {}", [
    ("with the example's balancer", True), ("with one that never sends anything again", False),
])
def rolling(opened: tuple, _: str, retries: bool) -> None:
    nodes, folder, port = opened
    shop, told, over = nodes[0].shop, Told(), threading.Event()
    before = shop.call("/v1/payment/history", {}).value()["meta"]["total"]
    with balanced(folder, port, [node.port for node in nodes], retries) as log:
        callers = [threading.Thread(
            target=call, args=(shop, port, over, told, f"caller-{number}-{retries}"))
            for number in range(CALLERS)]
        for each in callers:
            each.start()
        try:
            served = restarted_in_turn(nodes)
        finally:
            over.set()
            for each in callers:
                each.join(JOIN_SECONDS)
    print(f"        {len(told.created)} creates and {len(told.looks)} status calls in "
          f"{ROUNDS * len(nodes)} restarts; the longest look took {max(told.looks):.2f} s")
    same(told.faults[:5], [], f"{len(told.faults)} requests failed; the balancer says "
                              f"{log.read_text()[-800:] if told.faults else ''}")
    expect(len(told.created) >= LEAST_CREATES, f"only {len(told.created)} creates: no load")
    expect(all(served), f"a node served nothing between two restarts: {served}")
    total = shop.call("/v1/payment/history", {}).value()["meta"]["total"]
    same(total - before, len(told.created), "payments that were made")
    for order, body in told.created:
        same(shop.call("/v1/payment", order).body, body, "the answer to a repeat")


def restarted_in_turn(nodes: list[House]) -> list[float]:
    """Restarts the nodes one after the other; how many creates each had served before."""
    served = []
    for _ in range(ROUNDS):
        for node in nodes:
            time.sleep(RETURN_SECONDS)
            served.append(metric(node, "kaunter_http_requests_total", route="/v1/payment"))
            same(node.end(), 0, "exit status of a node")
            node.start(*node.options)
    time.sleep(RETURN_SECONDS)
    return served
