"""What has to be so after a rehearsal, and what the verifier must find in altered journals."""

from contextlib import contextmanager

from alterations import ALTERATIONS, Altered
from journal import read
from halves import HALVES
from line import Line
from payouts import WRONG, audit, refunded
from record import Memory
from rehearsal import Rehearsal, has_ended_wrong
from stories import Story
from suite import Suite, expect, same
from verifier import (
    CONTRADICTING, DOUBLED, LOST, MOVED, REPEATED, STUCK, UNASKED, UNTOLD, Findings, verify,
)
from world import World

# A start takes a fraction of a second; this bound holds on a machine that is busy otherwise.
START_LIMIT_SECONDS = 10
SHOWN = 3
PROMISES = [
    ("every acknowledged payment and attempt is there, with its answer", LOST),
    ("every order is one payment", DOUBLED),
    ("no status moved after it was final", MOVED),
    ("every final payment was told to its endpoint", UNTOLD),
    ("no notification contradicts the status, another one, or its signatures", CONTRADICTING),
    ("a notification came again only where a server had just sent it and died", REPEATED),
    ("every payment ended as somebody had asked", UNASKED),
    ("whatever broke off was absent or there, and could be gone on with", STUCK),
]


def is_found(run: Rehearsal, findings: Findings, category: str) -> None:
    """Of this category there is something, and of no other unless the run itself had it."""
    found, own = set(findings.counts()), set(run.findings.counts())
    expect(category in found, f"nothing is found of {category}")
    same(found - own - {category}, set(), "what else is found")


def suite_of(name: str, finished) -> Suite:
    """The cases of one database; `finished` waits for its rehearsal."""
    @contextmanager
    def opening():
        yield finished()

    suite = Suite(name, opening)

    @suite.table(f"{name}: {{}}", PROMISES)
    def promise(run: Rehearsal, _: str, category: str) -> None:
        found = run.findings.found[category]
        same(len(found), 0, f"{category}, such as {found[:SHOWN]}")

    @suite.case(f"{name}: the server died where it was told to, and never by itself")
    def died(run: Rehearsal) -> None:
        same([str(each.crash) for each in run.cycles if each.exit_code is None], [],
             "points that were not reached")
        same([each for each in run.cycles if has_ended_wrong(each)], [], "other ends")
        same(len(run.cycles), len(run.crashes), "cycles")

    @suite.case(f"{name}: all was settled, and nobody got an answer that is out of place")
    def settled(run: Rehearsal) -> None:
        same((run.unsettled[:SHOWN], run.surprises()[:SHOWN]), ([], []), "unsettled and surprises")
        expect(len(run.load.stories) > len(run.cycles), "there was no load")

    @suite.case(f"{name}: every start was answered in {START_LIMIT_SECONDS} s")
    def quick(run: Rehearsal) -> None:
        slow = [each for each in run.start_seconds() if each > START_LIMIT_SECONDS]
        same(slow, [], "slow starts, in seconds")

    @suite.table(f"{name}: the verifier finds {{}}", ALTERATIONS)
    def finds(run: Rehearsal, _: str, alter, category: str) -> None:
        altered = Altered(run.entries, run.time_over)
        alter(altered)
        findings = verify(Memory.of(altered.entries), run.world, run.time_over)
        is_found(run, findings, category)

    @suite.case(f"{name}: the verifier finds an order that the gateway itself has twice")
    def twice(run: Rehearsal) -> None:
        story = Story.simple("order-twice", run.signers[0], "", "cancel")
        line = Line(run.victim, run.journal)
        story.go_on(line)
        line.close()
        # A cancelled order's create makes a new payment; the journal is not told.
        same(story.create_silently(run.victim).status, 200, "status of the second create")
        entries = read(run.journal.path)
        findings = verify(Memory.of(entries), World(run.victim, run.signers), run.time_over)
        is_found(run, findings, DOUBLED)

    @suite.case(f"{name}: every acknowledged payout is there once, ended once, and was told")
    def paid_out(run: Rehearsal) -> None:
        same(run.payout_faults, {kind: [] for kind in run.payout_faults}, "payouts")
        expect(len(run.treasuries[0].orders) > len(run.cycles), "there were no payouts")

    @suite.case(f"{name}: no act is stored by halves, and the database is sound")
    def whole(run: Rehearsal) -> None:
        run.victim.kill()
        same({what: run.victim.sql(query) for what, query in HALVES.items()},
             {what: [] for what in HALVES}, "payments that are stored by halves")
        same({what: run.victim.sql(query) for what, query in WRONG.items()},
             {what: [] for what in WRONG}, "payouts that are as they must not be")
        same(refunded(run.victim, run.payouts), ([], 0), "refunds lost, and too many")
        expect(run.payouts.refunds, "nothing was refunded")
        same(audit(run.victim), [], "what the audit finds")
        if run.victim.database_url is None:
            # PostgreSQL was not killed: only the embedded database dies with the server.
            same(run.victim.sql("PRAGMA integrity_check"), ["ok"], "what SQLite says of itself")
            same(run.victim.sql("PRAGMA foreign_key_check"), [], "rows that lead nowhere")

    return suite
