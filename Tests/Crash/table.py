"""The summary for people."""

from collections import Counter
from statistics import median

from journal import ANSWERED, BROKEN, NOTIFIED
from rehearsal import Rehearsal
from verifier import CATEGORIES

MILLISECONDS = 1000
LABEL_WIDTH = 34
COLUMN_WIDTH = 22


def summary(rehearsals: dict[str, Rehearsal]) -> str:
    """A column for each database."""
    columns = {name: _column(each) for name, each in rehearsals.items()}
    names = list(columns)
    lines = [" " * LABEL_WIDTH + "".join(f"{name:>{COLUMN_WIDTH}}" for name in names)]
    for label in columns[names[0]]:
        cells = "".join(f"{columns[name][label]:>{COLUMN_WIDTH}}" for name in names)
        lines.append(f"{label:<{LABEL_WIDTH}}{cells}")
    return "\n".join(lines)


def _column(run: Rehearsal) -> dict[str, object]:
    whats = Counter(each["what"] for each in run.entries)
    named = [each for each in run.cycles if each.crash.point]
    reached = {each.crash.point for each in named if each.exit_code is not None}
    starts = [each * MILLISECONDS for each in run.start_seconds()]
    spread = f"{starts[0]:.0f} / {median(starts):.0f} / {starts[-1]:.0f}" if starts else "none"
    return {
        "crashes": len(run.cycles),
        "  at a random instant": len(run.cycles) - len(named),
        "  at a named point": len(named),
        "  different points reached": len(reached),
        "payments": len(run.world.history()),
        "answers acknowledged": whats[ANSWERED],
        "requests broken off": whats[BROKEN],
        "notifications received": whats[NOTIFIED],
        "payments told more than once": run.findings.told_again,
        "payouts": len(run.payouts.orders()),
        "notifications of payouts": sum(each["what"] == NOTIFIED for each in run.payout_entries),
    } | {each: len(run.findings.found[each]) for each in CATEGORIES} | {
        "restart to first answer, ms": spread,
        "  (minimum / median / maximum)": "",
    }
