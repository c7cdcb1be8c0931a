"""Storage that lies: it says that something was done which it has lost. The tests must see it.

No program can hold on such storage; what is proved here is that a house which broke its promise
would be found out by what the other suites look at.
"""

from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from disk import FLUSH, FORGET, LOG, LOSE, WRITE, Disk
from house import new_database
from life import Life, Walk
from place import Place, opened
from proxy import ASKED, INSTEAD, Cut, Proxy
from rounds import must_be_stored
from suite import Suite, same


@dataclass
class Yard:
    """Where houses are built, each for one lie."""

    binary: Path
    disk: Disk
    folder: Path


@contextmanager
def opening(binary: Path, folder: Path, every: int | None):
    """A place for houses, and a disk that lies when it is told to."""
    with closing(Disk(binary, folder)) as disk:
        yield Yard(binary, disk, folder)


# Times that a create is sent, while it is put off.
CREATES_AT_MOST = 5

suite = Suite("Storage that lies", opening)


@suite.table("{} of a create is lost: the looks of these tests see it", [
    (f"the {number}. write", number, LOSE, WRITE) for number in (1, 2, 12)
] + [("what a flush was to flush", 1, FORGET, FLUSH)])
def disk_lies(yard: Yard, name: str, number: int, action: int, kind: int) -> None:
    folder = yard.folder / name.replace(" ", "-")
    folder.mkdir()
    with opened(Place(yard.disk.program, folder, merchants=1)) as house:
        walk = Walk(house)
        before, life = walk.new(), walk.new()
        walk.settle(before)
        yard.disk.arm(action, number, 0, LOG, kind)
        try:
            same(walk.create(life), True, "what a create on a disk that lies says")
        finally:
            what = yard.disk.disarm()
        same((what.faults, what.file), (1, LOG), "what was lost")
        house.restart_hard()
        must_see(walk, life)


@suite.case("a COMMIT that PostgreSQL never got is lost: the looks of these tests see it")
def server_lies(yard: Yard) -> None:
    folder = yard.folder / "postgresql"
    folder.mkdir()
    with new_database() as url, closing(Proxy(url)) as proxy:
        with opened(Place(yard.binary, folder, proxy.url, url, merchants=1)) as house:
            walk = Walk(house)
            before, life = walk.new(), walk.new()
            walk.settle(before)
            proxy.arm(Cut(ASKED, INSTEAD, only=b"COMMIT\0"))
            try:
                # On a busy machine the first may be put off: that is no acknowledgement.
                is_taken = any(walk.create(life) for _ in range(CREATES_AT_MOST))
                same(is_taken, True,
                     f"what a create with a server that lies says ({life.errors})")
            finally:
                proxy.disarm()
            must_see(walk, life)


def must_see(walk: Walk, life: Life) -> None:
    """Fails unless what the other suites look at says that something is wrong."""
    house = walk.house
    try:
        if house.is_embedded:
            house.must_be_whole()
        house.must_balance()
        walk.settle(life)
        must_be_stored(walk)
    except AssertionError:
        return
    raise AssertionError("what was lost was not seen")
