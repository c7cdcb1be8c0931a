"""SQLite on a disk whose n-th write, flush or truncation fails, for every n of a life."""

import errno
import signal
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Callable

from disk import (
    FAIL_FROM, FAIL_ONCE, FLUSH, FORGET, LOG, MAIN, SHORT_THEN_FAIL, Disk, Fired,
)
from life import UNKNOWN, Life, Walk
from place import Place, opened
from rounds import calls_of_a_life, every_n, must_be_stored, must_be_told
from suite import Suite, expect, same

# Without `--every`: each call of a life, and some of the many that carry the log over into the
# database, which happens every few lives, with a write for each page.
STEP = 1
CHECKPOINT_STEP = 16
LIVES_TO_A_CHECKPOINT = 30
LOG_SECONDS = 30
# A life has six commits: created, attempt intended, attempt open, paid, delivery claimed and
# delivered. One of the flushes may be none of theirs, but carry the log over.
COMMITS_AT_LEAST = 4
# The exit status for what may work later.
UNAVAILABLE = 69


@contextmanager
def opening(binary: Path, folder: Path, every: int | None):
    """A house on a disk that fails when it is told to."""
    with closing(Disk(binary, folder)) as disk, opened(Place(disk.program, folder)) as house:
        house.disk, house.every = disk, every
        house.walk = Walk(house)
        yield house


suite = Suite("SQLite, whose disk fails", opening)


@suite.table("{}: an error or the truth, for every n of a life", [
    ("the n-th call fails (EIO)", FAIL_ONCE, errno.EIO),
    ("the n-th call fails, and all after it (ENOSPC)", FAIL_FROM, errno.ENOSPC),
    ("the n-th write stops halfway, and the next fails (ENOSPC)", SHORT_THEN_FAIL, errno.ENOSPC),
])
def every_call(house: Place, _: str, action: int, error: int) -> None:
    fail_each(house, house.every or STEP, lambda n: house.disk.arm(action, n, error))


@suite.table("the n-th flush of the log fails, and {}: it was not acknowledged", [
    ("keeps its bytes", FAIL_ONCE), ("loses them", FORGET), ("so does each after it", FAIL_FROM),
])
def every_flush(house: Place, _: str, action: int) -> None:
    commits = fail_each(
        house, 1, lambda n: house.disk.arm(action, n, errno.EIO, LOG, FLUSH))
    expect(commits >= COMMITS_AT_LEAST, f"only {commits} flushes of commits failed")


def fail_each(house: Place, step: int, arm: Callable[[int], None]) -> int:
    """Leads a life for each n at which the disk fails so, and then ends the server hard; how many
    times it was the flush of a commit that failed."""
    disk, commits, logged = house.disk, 0, 0

    def begin(number: int) -> None:
        nonlocal logged
        logged = house.errors_logged()
        arm(number)

    def check(life: Life, what: Fired) -> None:
        """What could not be flushed was not acknowledged, to a caller or to a worker."""
        nonlocal commits
        commits += what.is_commit
        end = time.monotonic() + LOG_SECONDS
        while what.is_commit and not life.errors and house.errors_logged() == logged:
            expect(time.monotonic() < end, "a failed flush was acknowledged")

    calls = calls_of_a_life(house.walk, arm, disk.disarm)
    every_n(house.walk, calls, step, begin, disk.disarm, disk.fired, check)
    house.restart_hard()
    house.must_be_whole()
    must_be_stored(house.walk)
    print(f"        {calls} calls, {commits} times a commit's flush", flush=True)
    return commits


@suite.case("a commit that could not be flushed is of unknown fate: a hard end may bring it back")
def unknown(house: Place) -> None:
    life = house.walk.new()
    house.disk.arm(FAIL_ONCE, 1, errno.EIO, LOG, FLUSH)
    try:
        is_acknowledged = house.walk.create(life)
    finally:
        what = house.disk.disarm()
    said = list(life.errors)
    house.restart_hard()
    house.must_balance()
    house.must_be_whole()
    same(house.walk.create(life), True, "whether a repeat is answered")
    house.walk.settle(life)
    must_be_stored(house.walk)
    same((what.is_commit, is_acknowledged, said), (True, False, [UNKNOWN]),
         "whether a flush failed, and what was said")


@suite.table("a call to the database file fails while the log is carried over: {}", [
    ("once (EIO)", FAIL_ONCE, errno.EIO), ("and ever after (ENOSPC)", FAIL_FROM, errno.ENOSPC),
])
def checkpoints(house: Place, _: str, action: int, error: int) -> None:
    disk = house.disk
    disk.arm(action, 0, error, MAIN)
    until_checkpoint(house)
    calls = disk.disarm().calls
    fired = 0
    for number in range(1, calls + 1, house.every or CHECKPOINT_STEP):
        disk.arm(action, number, error, MAIN)
        lives = until_checkpoint(house)
        # One more, which finds the log as long as it was.
        lives.append(house.walk.new())
        house.walk.live(lives[-1], lambda: False)
        what = disk.disarm()
        fired += bool(what)
        house.must_be_up()
        for life in lives:
            # The log has it all: nobody need know that it could not be carried over.
            same(life.errors, [], f"refused calls, with {what} failing, n = {number}")
            house.walk.settle(life)
        house.must_balance()
        house.must_be_whole()
    expect(fired > 1, f"nothing failed within {calls} calls")
    house.restart_hard()
    house.must_be_whole()
    must_be_stored(house.walk)
    print(f"        {calls} calls, {fired} of them failed in turn", flush=True)


def until_checkpoint(house: Place) -> list[Life]:
    """Leads lives until one has written to the database file itself."""
    lives = []
    while not house.disk.fired().calls:
        expect(len(lives) < LIVES_TO_A_CHECKPOINT, "the log is never carried over")
        lives.append(house.walk.new())
        house.walk.live(lives[-1], lambda: False)
    return lives


@suite.case("in the end all were told")
def told(house: Place) -> None:
    must_be_told(house.walk)
    house.must_balance()


@suite.case("a server whose disk fails at its end stops, and the next finds everything")
def at_the_end(house: Place) -> None:
    life = house.walk.new()
    house.walk.settle(life)
    house.disk.arm(FAIL_FROM, 1)
    same(house.end(signal.SIGTERM), 0, "exit status")
    expect(house.disk.disarm(), "nothing was written at the end")
    house.start()
    house.must_be_whole()
    must_be_stored(house.walk)


@suite.case("a server whose disk fails at its start starts all the same, or says why it can't")
def at_the_start(house: Place) -> None:
    number = 1
    while True:
        house.end(signal.SIGKILL)
        house.disk.arm(FAIL_FROM, number)
        try:
            house.start()
        except RuntimeError:
            must_have_said_why(house)
        what = house.disk.disarm()
        house.end(signal.SIGKILL)
        house.start()
        house.must_balance()
        if not what:
            break
        number += house.every or STEP
    must_be_stored(house.walk)
    print(f"        {number} calls", flush=True)


def must_have_said_why(house: Place) -> None:
    """The server that did not start has ended, by its own will and with a sentence."""
    same(house.process.poll(), UNAVAILABLE, "exit status")
    last = house.log().splitlines()[-1]
    expect("The store can't be used" in last, f"the last it said is {last!r}")
