"""Several servers on one database, under one address and one master key."""

import json
import time
from contextlib import contextmanager
from pathlib import Path

from house import Answer, command
from merchant import Merchant
from signer import Signer
from suite import expect, same
from victim import Victim

POLL_SECONDS = 0.01
WAIT_SECONDS = 30


class Cluster:
    """Nodes, and one merchant who calls any of them."""

    def __init__(self, binary: Path, folder: Path, database_url: str, size: int):
        key = folder / "master.key"
        same(command(binary, "keys", "master", "--out", key).code, 0, "exit code of keys master")
        self.folder = folder
        self.nodes: list[Victim] = []
        for number in range(size):
            place = folder / f"node-{number}"
            place.mkdir()
            node = Victim(binary, place, database_url)
            node.store += ["--master-key", key]
            # Whichever node makes a payment, its page has the address of all.
            node.kind += ["--public-url", self.nodes[0].url if self.nodes else node.url]
            self.nodes.append(node)

    def start(self) -> None:
        """Starts all nodes at the same moment, and makes the merchant."""
        for node in self.nodes:
            node.launch()
        for node in self.nodes:
            expect(node.await_ready() is not None, f"a node has ended: {node.log()[-2000:]}")
        self.shop = Merchant(self.nodes[0])
        self.signer = Signer(self.shop)

    def signed(self, path: str, body: dict) -> tuple[str, str, bytes, dict]:
        """A signed call, as any node takes it."""
        raw = json.dumps(body).encode()
        return "POST", path, raw, self.signer.headers(raw)

    def order(self, **fields: object) -> tuple[str, str, bytes, dict]:
        """A signed create, as any node takes it."""
        return self.signed("/v1/payment", self.shop.order(**fields))

    def create(self, node: int = 0, **fields: object) -> dict:
        """Creates a payment at this node; a refusal fails the case."""
        answer = self.nodes[node].ask(*self.order(**fields))
        same(answer.status, 200, f"status of a create, answered with {answer.body[:300]!r}")
        return answer.value()

    def status(self, node: int, **query: object) -> str:
        """What this node says of a payment."""
        answer = self.nodes[node].ask(*self.signed("/v1/payment/status", query))
        same(answer.status, 200, f"status of a status call, answered with {answer.body[:300]!r}")
        return answer.value()["payment_status"]

    def decide(self, payment: dict, outcome: str, node: int = 0) -> Answer:
        """Lets the sandbox decide a payment at this node."""
        return self.nodes[node].simulate(payment["uuid"], outcome=outcome)

    def sql(self, statement: str) -> list[str]:
        """The first field of each row that the database answers."""
        return self.nodes[0].sql(statement)

    def close(self) -> None:
        """Kills all nodes."""
        for node in self.nodes:
            node.close()


@contextmanager
def cluster_of(binary: Path, folder: Path, database_url: str, size: int):
    """A running cluster, which is ended afterwards."""
    cluster = Cluster(binary, folder, database_url, size)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()


def await_that(condition, what: str, seconds: float = WAIT_SECONDS) -> None:
    """Waits until the condition holds; fails the case if it never does."""
    end = time.monotonic() + seconds
    while not condition():
        expect(time.monotonic() < end, f"not in {seconds:g} s: {what}")
        time.sleep(POLL_SECONDS)
