"""Slow heads, slow bodies and silence: each has its limit, and the others don't feel it."""

import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crowds import gathered
from house import House
from measures import metric
from places import opened
from steady import load
from suite import Suite, expect, same


@dataclass(frozen=True)
class Limit:
    """What strangers of a kind may do: how many come, and how long they are borne."""

    count: int
    seconds: float
    codes: frozenset[str]


# The limits are those that are documented.
LIMITS = {
    "silent": Limit(200, 10, frozenset({"none", "408"})),
    "head": Limit(1500, 10, frozenset({"none", "408"})),
    "body": Limit(300, 20, frozenset({"none", "408"})),
    "kept": Limit(200, 60, frozenset({"200"})),
    "late": Limit(200, 60, frozenset({"200", "408"})),
}
# The time that a busy machine may add; and less than half of a limit would hit honest callers.
GRACE_SECONDS = 15
LEAST = 0.5
LOADED_SECONDS = 22
# So long the server may take to count those as closed that are.
COUNTED_SECONDS = 2


@contextmanager
def opening(binary: Path, folder: Path):
    with opened(binary, folder) as house:
        yield house


suite = Suite("Slow strangers", opening)


@suite.case("dripping heads, dripping bodies and silence end at their limits; others are served")
def slow(house: House) -> None:
    counts = {kind: limit.count for kind, limit in LIMITS.items()}
    begun = time.monotonic()
    with gathered(house.port, **counts) as crowd:
        with load(house) as calls:
            crowd.wait_until_open()
            time.sleep(LOADED_SECONDS)
        latest = max(limit.seconds for limit in LIMITS.values()) + GRACE_SECONDS
        report = crowd.wait_until_closed(latest - (time.monotonic() - begun))
    print(f"        meanwhile {calls.words()}")
    for kind, limit in LIMITS.items():
        seen = report["kinds"][kind]
        print(f"        {kind}: {seen['shortest']:.1f} to {seen['longest']:.1f} s, {seen['codes']}")
    calls.must_be_good("status calls beside slow strangers")
    for kind, limit in LIMITS.items():
        seen = report["kinds"][kind]
        same(seen["counts"], {"opened": limit.count, "closed": limit.count}, f"{kind}: connections")
        expect(set(seen["codes"]) <= limit.codes, f"{kind}: answers were {seen['codes']}")
        expect(limit.seconds * LEAST < seen["shortest"], f"{kind}: one was cut off too soon")
        expect(seen["longest"] < limit.seconds + GRACE_SECONDS, f"{kind}: one was borne too long")


@suite.case("none of them is counted as open afterwards")
def gone(house: House) -> None:
    time.sleep(COUNTED_SECONDS)
    same(metric(house, "kaunter_http_connections"), 1, "connections, the asking one among them")
    house.must_live()
