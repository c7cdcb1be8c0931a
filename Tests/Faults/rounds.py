"""Every n: a life for each, in which the n-th thing goes wrong."""

import time
from typing import Callable

from life import Life, Walk
from suite import expect, same

# A life in which hardly anything was counted proves nothing: it commits six times.
FEWEST_CALLS = 6
# Of two lives in a row at most one carries SQLite's log over, which belongs to no life.
QUIET_LIVES = 2
# Looking through the whole file takes longer than a life, and so does a program that asks a server.
ROUNDS_BETWEEN_LOOKS = 20
# The lease of a delivery is 45 seconds, and its retries begin after some five.
TOLD_SECONDS = 120


def every_n(walk: Walk, calls: int, every: int, arm: Callable[[int], None], disarm: Callable,
            fired: Callable, check: Callable[[Life, object], None] | None = None) -> None:
    """Leads a life for each n-th of the things that are counted in a life.

    From the last to the first: what fails late leaves deliveries that wait for their lease, which
    is over by the time of the first. `check` sees each life and what went wrong in it, before it
    is asked again.
    """
    house = walk.house
    rounds = range(calls, 0, -every)
    went_wrong = 0
    for number in rounds:
        life = walk.new()
        arm(number)
        try:
            walk.live(life, fired)
        finally:
            what = disarm()
        went_wrong += bool(what)
        try:
            house.must_be_up()
            if check:
                check(life, what)
            walk.settle(life)
            is_time = len(walk.lives) % ROUNDS_BETWEEN_LOOKS == 0
            if house.is_embedded or is_time:
                house.must_balance()
            if house.is_embedded and is_time:
                house.must_be_whole()
        except AssertionError as error:
            raise AssertionError(f"n = {number}, {what}, refused {life.errors}: {error}") from None
    # Lives differ by a few calls, so that the last n of one may be beyond the end of another.
    expect(went_wrong * 2 > len(rounds), f"only {went_wrong} of {len(rounds)} lives were disturbed")


def calls_of_a_life(walk: Walk, arm: Callable[[int], None], disarm: Callable) -> int:
    """How many things are counted in a life in which nothing goes wrong; `arm(0)` only counts."""
    counts = []
    for _ in range(QUIET_LIVES):
        life = walk.new()
        arm(0)
        is_delivered = walk.live(life, lambda: False)
        counts.append(disarm().calls)
        same((is_delivered, life.errors), (True, []), "a life in which nothing goes wrong")
    expect(min(counts) >= FEWEST_CALLS, f"only {counts} calls were counted in lives")
    return min(counts)


def must_be_stored(walk: Walk) -> None:
    """The store has each life as it was answered, and paid, and nothing besides."""
    wanted = {life.order["order_id"]: (life.first.decode(), "paid")
              for life in walk.lives if life.first}
    found = walk.house.stored()
    same(sorted(found), sorted(wanted), "orders in the store")
    same([each for each in wanted if wanted[each] != found[each]], [], "orders that are not so")


def must_be_told(walk: Walk) -> None:
    """Waits for the notification of each life, and checks it."""
    end = time.monotonic() + TOLD_SECONDS
    for life in walk.lives:
        expect(life.first, "a life that an earlier case has left unfinished")
        arrival = life.receiver.next(life.path, max(0.1, end - time.monotonic()))
        life.merchant.must_have_been_told(arrival, life.order, life.payment)
