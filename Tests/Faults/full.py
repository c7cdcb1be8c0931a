"""A full disk: reads go on, writes say 503, nothing is lost, and space is all that is needed."""

import errno
import os
import subprocess
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from disk import NO_SPACE, Disk
from house import Answer
from life import Life, Walk
from merchant import refused
from place import Place, opened
from rounds import must_be_stored, must_be_told
from suite import Skipped, Suite, expect, same

# A file system of this size, of which a ballast leaves this much, is full after some payments.
SIZE_BYTES = 16 * 1024 * 1024
LEFT_BYTES = 512 * 1024
MOST_PAYMENTS = 2_000
LIVES_BEFORE = 3
MOUNT_TIMEOUT_SECONDS = 30


@dataclass
class Yard:
    """Where houses are built, each for one way to be full."""

    binary: Path
    folder: Path

    def new(self, name: str) -> Path:
        """A new folder."""
        folder = self.folder / name
        folder.mkdir()
        return folder


@contextmanager
def opening(binary: Path, folder: Path, every: int | None):
    """A place for houses."""
    yield Yard(binary, folder)


suite = Suite("A full disk", opening)


@suite.case("a file system that takes no more: reads go on, writes say 503, and space heals it")
def shim(yard: Yard) -> None:
    folder = yard.new("shim")
    with (closing(Disk(yard.binary, folder)) as disk,
          opened(Place(disk.program, folder, merchants=1)) as house):
        prove(house, lambda: disk.arm(NO_SPACE, 1, errno.ENOSPC), disk.disarm)


@suite.case("a small file system, full to its last byte: the same, with the log on it too")
def small(yard: Yard) -> None:
    with mounted(yard.new("small")) as folder:
        ballast = folder / "ballast"
        with opened(Place(yard.binary, folder, merchants=1)) as house:
            prove(house, lambda: fill(ballast), ballast.unlink)


@suite.case("a log that can't be written costs lines and no payments")
def log(yard: Yard) -> None:
    house = Place(yard.binary, yard.new("log"), merchants=1)
    house.log_path = house.output_path = Path("/dev/full")
    with opened(house):
        walk = Walk(house)
        for _ in range(LIVES_BEFORE):
            walk.settle(walk.new())
        must_be_told(walk)
        must_be_stored(walk)
        house.must_be_up()


def prove(house: Place, fill_up: Callable, make_room: Callable) -> None:
    """Leads a house into a full disk and out of it again."""
    walk = Walk(house)
    for _ in range(LIVES_BEFORE):
        walk.settle(walk.new())
    waiting = walk.new()
    same(walk.create(waiting), True, "whether a payment was created")
    old = walk.lives[0]
    fill_up()
    refused_life = until_full(walk)
    # Again and again: what is refused uses up nothing, and breaks nothing.
    for _ in range(LIVES_BEFORE):
        same(walk.create(refused_life), False, "whether a payment was created without room")
        full(house.simulate(waiting.payment["uuid"], outcome="paid"))
        same(walk.ask(waiting), "wait", "status of a payment that could not be paid")
        for life in (old, waiting):
            expect(walk.ask(life) and walk.create(life), "a read or a repeat is refused")
            same(house.ask("GET", f"/{life.payment['uuid']}").status, 200, "status of a page")
        for probe in ("/healthz", "/readyz", "/metrics"):
            same(house.ask("GET", probe).status, 200, f"status of {probe}")
    house.must_be_whole()
    house.must_balance()
    make_room()
    house.must_be_up()
    for life in walk.lives:
        walk.settle(life)
    house.must_be_whole()
    house.must_balance()
    must_be_stored(walk)
    must_be_told(walk)
    house.restart_hard()
    house.must_be_whole()
    must_be_stored(walk)
    print(f"        {len(walk.lives)} payments, itself again within "
          f"{walk.longest_recovery_seconds:.1f} s", flush=True)


def until_full(walk: Walk) -> Life:
    """Creates payments until there is no room; the one that was refused."""
    for _ in range(MOST_PAYMENTS):
        life = walk.new()
        if not walk.create(life):
            return life
    raise AssertionError("the disk is never full")


def full(answer: Answer) -> None:
    """Checks that an answer says that the service can't do it now."""
    refused(answer, 503, [])
    expect(answer.headers.get("retry-after", "").isdigit(), "there is no Retry-After")


def fill(ballast: Path) -> None:
    """Leaves room for a few payments."""
    about = os.statvfs(ballast.parent)
    with open(ballast, "wb") as file:
        file.write(bytes(about.f_bavail * about.f_frsize - LEFT_BYTES))


@contextmanager
def mounted(folder: Path):
    """A small file system in a folder, where mounting is allowed."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_BYTES},mode=0700", "kaunter-faults", folder],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=MOUNT_TIMEOUT_SECONDS)
    if done.returncode != 0:
        raise Skipped(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True, timeout=MOUNT_TIMEOUT_SECONDS)
