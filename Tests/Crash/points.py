"""Where a server is killed: at a random instant, or at a named point of its way."""

import random
from dataclasses import dataclass

# Each point, and the latest time of reaching it at which the server is killed: how often it is
# reached in a moment of the load.
POINTS = {
    "commit.before": 120, "commit.after": 120, "payment.created": 40, "attempt.intended": 8,
    "attempt.called": 8, "outcome.recorded": 8, "delivery.claimed": 20, "delivery.signed": 20,
    "delivery.sent": 20, "delivery.recorded": 20, "payment.expired": 2,
    "payout.created": 10, "payout.intended": 4, "payout.called": 4, "payout.recorded": 4,
    "seal.recorded": 2,
}
# Its payments have their time made over beforehand: nobody waits a quarter of an hour for it.
EXPIRY = "payment.expired"
# Two databases share the points: each takes every second one, so that few cycles reach them all.
STRIDE = 2
INSTANT_SECONDS = (0.2, 2.0)


@dataclass(frozen=True)
class Crash:
    """One crash: at a point's n-th time, or so many seconds after the start."""

    point: str = ""
    nth: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.point}:{self.nth}" if self.point else f"after {self.seconds:.2f} s"


def crashes(count: int, offset: int, chance: random.Random) -> list[Crash]:
    """So many crashes: first this database's share of the points, then points and instants."""
    names = list(POINTS)
    share = len(names[offset::STRIDE])
    made: list[Crash] = []
    named = 0
    for number in range(count):
        if number >= share and (number - share) % 2 == 0:
            made.append(Crash(seconds=chance.uniform(*INSTANT_SECONDS)))
            continue
        point = names[(offset + STRIDE * named) % len(names)]
        made.append(Crash(point, chance.randint(1, POINTS[point])))
        named += 1
    return made
