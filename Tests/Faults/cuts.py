"""PostgreSQL, to which the way is cut at the n-th message, for every n of a life."""

import json
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from house import new_database
from life import UNKNOWN, Life, Walk
from place import Place, opened
from proxy import AFTER, ANSWERED, ASKED, BEFORE, COMMIT, Cut, Proxy
from rounds import calls_of_a_life, every_n, must_be_stored, must_be_told
from suite import Suite, expect

CONNECTIONS = 2
# Of the transactions that name an order, one stores it; others may look for it only.
COMMITS_OF_A_CREATE = (1, 2)
# Without `--every`: of most statements one of four messages, and in turn each of the four.
STEP = 5
STEP_AWAY = 7


@contextmanager
def opening(binary: Path, folder: Path, every: int | None):
    """A house whose way to its database can be cut."""
    with new_database() as url:
        file = folder / "kaunter.json"
        file.write_text(json.dumps({"database": {"connections": CONNECTIONS}}))
        with (closing(Proxy(url)) as proxy,
              opened(Place(binary, folder, proxy.url, url), "--config", file) as house):
            house.proxy, house.every = proxy, every
            house.walk = Walk(house)
            # Counted in peace: once the way was cut, there are deliveries that come again. And the
            # first lives are not counted: in them statements are prepared.
            for _ in range(2 * CONNECTIONS):
                house.walk.settle(house.walk.new())
            house.calls = {
                (side, only): calls_of_a_life(
                    house.walk, lambda n: proxy.arm(Cut(side, BEFORE, n, only=only)),
                    proxy.disarm)
                for side in (ASKED, ANSWERED) for only in (b"", COMMIT)}
            yield house


suite = Suite("PostgreSQL, to which the way is cut", opening)


@suite.table("the way is cut {}: an error or the truth, and the merchant is told it is unknown", [
    ("before the n-th COMMIT is passed to the server", ASKED, BEFORE),
    ("once the n-th COMMIT is passed to the server", ASKED, AFTER),
    ("before the answer to the n-th COMMIT is passed back", ANSWERED, BEFORE),
])
def every_commit(house: Place, _: str, side: str, when: str) -> None:
    lives = every_cut(house, 1, Cut(side, when, only=COMMIT))
    # Which COMMIT is the n-th is a matter of chance, for workers have theirs: cut one by its order.
    for number in COMMITS_OF_A_CREATE:
        life = house.walk.new()
        house.proxy.arm(Cut(side, when, number, only=COMMIT,
                            within=life.order["order_id"].encode()))
        house.walk.create(life)
        house.proxy.disarm()
        house.walk.settle(life)
        lives.append(life)
    expect(any(UNKNOWN in life.errors for life in lives), "no create was of unknown fate")


@suite.table("the way is cut {}: an error or the truth, for every n of a life", [
    ("before the n-th message is passed to the server, and stays so", ASKED, BEFORE, True),
    ("before the n-th message is passed to the server", ASKED, BEFORE, False),
    ("once the n-th message is passed to the server", ASKED, AFTER, False),
    ("before the n-th message is passed back", ANSWERED, BEFORE, False),
])
def every_message(house: Place, _: str, side: str, when: str, stays: bool) -> None:
    step = STEP_AWAY if stays else STEP
    every_cut(house, house.every or step, Cut(side, when, stays=stays))


def every_cut(house: Place, step: int, cut: Cut) -> list[Life]:
    """Leads a life for each n at which the way is cut so; these lives."""
    walk, proxy = house.walk, house.proxy
    first = len(walk.lives)
    calls = house.calls[cut.side, cut.only]
    every_n(walk, calls, step, lambda n: proxy.arm(replace(cut, target=n, cut=[])), proxy.disarm,
            proxy.fired)
    house.must_balance()
    must_be_stored(walk)
    lives = walk.lives[first:]
    unknown = sum(UNKNOWN in life.errors for life in lives)
    print(f"        {calls} messages, {len(lives)} lives, {unknown} creates of unknown fate, "
          f"recovered within {walk.longest_recovery_seconds:.1f} s", flush=True)
    return lives


@suite.case("in the end all were told, without help")
def told(house: Place) -> None:
    must_be_told(house.walk)
    house.must_balance()
