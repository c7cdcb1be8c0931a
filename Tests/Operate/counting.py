"""The metrics: what the documents and the rules tell of them is what a live house has."""

import re
import subprocess

from alerting import RULES
from busy import BOTH, metrics, opening
from documents import OPERATE, REPOSITORY
from suite import Suite, expect, same

PAGE = OPERATE / "logs-and-metrics.md"
# Prometheus' own, and the node exporter's.
FOREIGN = {"up", "node_filesystem_avail_bytes", "node_filesystem_size_bytes"}
# What does not happen here: 4096 acts that wait; or on PostgreSQL only, where a case proves it.
RARE = {"kaunter_database_refused_total", "kaunter_worker_faults_total"}
SUFFIXES = re.compile(r"_(bucket|sum|count)$")
COMMAND_TIMEOUT_SECONDS = 30

suite = Suite("The metrics", opening)


def series(text: str) -> dict[str, set[str]]:
    """The names of the metrics of a text, each with the names of its labels."""
    found: dict[str, set[str]] = {}
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    for name, labels in re.findall(r"^(kaunter_\w+)(?:\{(.*)\})? \S+$", text, re.MULTILINE):
        base = SUFFIXES.sub("", name)
        name = base if kinds.get(base) == "histogram" else name
        words = set(re.findall(r'(\w+)="', labels)) - {"le"}
        found.setdefault(name, set()).update(words)
    return found


def documented() -> dict[str, set[str]]:
    """The metrics of the page's table, each with its labels."""
    rows = re.findall(r"^\| `(kaunter_\w+)` \|([^|]*)\|", PAGE.read_text(), re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}


@suite.table("{}: each metric that the alert rules ask for is there", BOTH)
def ruled(houses: dict, name: str) -> None:
    asked = set(re.findall(r"\b((?:kaunter|node)_\w+|up)(?=[\[{ )])", rule_expressions()))
    asked = {SUFFIXES.sub("", each) for each in asked} - FOREIGN - RARE
    expect(len(asked) > 15, f"the rules ask for {asked} only")
    found = series(metrics(houses[name]))
    same(sorted(asked - set(found)), [], "metrics that no rule will ever see")


def rule_expressions() -> str:
    """What the rules compute, without names and words."""
    rules = re.sub(r"^ *(- alert|annotations|summary|description|runbook|labels):.*$", "",
                   RULES.read_text(), flags=re.MULTILINE)
    return re.sub(r'"[^"]*"', '""', rules)


@suite.table("{}: the page's table has each metric with its labels, and no other", BOTH)
def told(houses: dict, name: str) -> None:
    found = series(metrics(houses[name]))
    wanted = documented()
    same(sorted(set(found) - set(wanted)), [], "metrics without a line in the table")
    same(sorted(set(wanted) - set(found) - RARE), [], "lines of the table without a metric")
    same({each: labels for each, labels in found.items() if labels != wanted[each]},
         {each: wanted[each] for each, labels in found.items() if labels != wanted[each]}, "labels")


@suite.case("what is counted too rarely for a test is counted all the same")
def rare(_) -> None:
    code = "".join(each.read_text() for each in (REPOSITORY / "Sources").rglob("*.swift"))
    same([each for each in sorted(RARE) if f'"{each}"' not in code], [], "names not in the code")


@suite.table("{}: Prometheus can read the metrics", BOTH)
def readable(houses: dict, name: str) -> None:
    done = subprocess.run(["promtool", "check", "metrics"], input=metrics(houses[name]), text=True,
                          capture_output=True, timeout=COMMAND_TIMEOUT_SECONDS)
    complaints = [each for each in done.stderr.splitlines() if "no help text" not in each]
    same(complaints, [], "complaints of promtool")
