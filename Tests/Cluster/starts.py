"""Four nodes that start at the same moment on an empty database."""

from contextlib import contextmanager
from pathlib import Path

from house import command, new_database
from nodes import Cluster, cluster_of
from suite import Suite, expect, same

NODES = 4
ROUNDS = 2
SCRIPTS = "SELECT concat_ws(':', number, name, checksum) FROM schema_scripts ORDER BY number"


@contextmanager
def opening(binary: Path, folder: Path):
    yield binary, folder


suite = Suite("Four nodes that start at once", opening)


def scripts(cluster: Cluster) -> list[str]:
    """The scripts that were applied."""
    return cluster.sql(SCRIPTS)


@suite.case("on an empty database all come up, and each migration runs once, as for one alone")
def empty(opened: tuple[Path, Path]) -> None:
    binary, folder = opened
    lone = folder / "lone"
    lone.mkdir()
    with new_database() as url:
        single = Cluster(binary, lone, url, 1)
        single.nodes[0].must("migrate", "--sandbox")
        wanted = scripts(single)
    expect(wanted, "a lone migration has applied nothing")
    for number in range(ROUNDS):
        place = folder / f"round-{number}"
        place.mkdir()
        with new_database() as url, cluster_of(binary, place, url, NODES) as cluster:
            same(scripts(cluster), wanted, "scripts")
            same(cluster.sql("SELECT count(*) FROM installation"), ["1"], "installations")
            logs = [node.log() for node in cluster.nodes]
            same([each for each in logs if '"level":"error"' in each], [], "logs with errors")
            order = cluster.order()
            same(len({node.ask(*order).body for node in cluster.nodes}), 1, "different answers")


@suite.case("nodes that share a sandbox's --data and name no master key agree on the one they make")
def shared_folder(opened: tuple[Path, Path]) -> None:
    binary, folder = opened
    for number in range(ROUNDS):
        place = folder / f"shared-{number}"
        place.mkdir()
        with new_database() as url:
            cluster = Cluster(binary, place, url, NODES)
            for node in cluster.nodes:
                node.store = ["--data", place / "data", "--database-url", url]
            try:
                cluster.start()
                expect((place / "data" / "master.key").exists(), "there is no master key")
                order = cluster.order()
                same({node.ask(*order).status for node in cluster.nodes}, {200}, "statuses")
            finally:
                cluster.close()


@suite.case("a node with another master key is refused, and disturbs nobody")
def stranger(opened: tuple[Path, Path]) -> None:
    binary, folder = opened
    place = folder / "stranger"
    place.mkdir()
    other = place / "other.key"
    same(command(binary, "keys", "master", "--out", other).code, 0, "exit code of keys master")
    with new_database() as url, cluster_of(binary, place, url, 2) as cluster:
        cluster.nodes[1].kill()
        cluster.nodes[1].store[-1] = other
        cluster.nodes[1].launch()
        same(cluster.nodes[1].await_end(), 78, "exit status")
        cluster.create()
