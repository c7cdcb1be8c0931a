"""The alert rules: Prometheus takes them, they fire when they must, and each has a section."""

import re
import subprocess
from contextlib import contextmanager
from pathlib import Path

from documents import OPERATE, anchor, sections
from suite import Suite, expect, same

RULES = OPERATE / "alerts.yml"
RULE_TESTS = OPERATE / "alerts.test.yml"
TIMEOUT_SECONDS = 120
PARTS = ("**For money:**", "**Look", "**Do:**")
# An alert that needs no look, or whose section sends the reader on.
SHORT = {"KaunterNodeDown", "KaunterVersionsDiffer"}


@contextmanager
def opening(binary: Path, folder: Path):
    """Nothing but the files."""
    yield sections(OPERATE / "runbook.md")


suite = Suite("Alert rules and the runbook", opening)


def promtool(*arguments: object) -> None:
    """Has promtool check, and fails the case with its words."""
    done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True,
                          timeout=TIMEOUT_SECONDS)
    same(done.returncode, 0, f"exit status, with {done.stdout[-800:]}{done.stderr[-800:]}")


def alerts() -> list[str]:
    """The names of all rules."""
    return re.findall(r"^ *- alert: (\w+)$", RULES.read_text(), re.MULTILINE)


@suite.case("promtool takes the rules")
def checked(_) -> None:
    promtool("check", "rules", RULES)


@suite.case("each rule fires when it must, and none does in a house that is well")
def tested(_) -> None:
    promtool("test", "rules", RULE_TESTS)
    text = RULE_TESTS.read_text()
    same([each for each in alerts() if f'alertname="{each}"' not in text], [], "untested rules")


@suite.case("each alert has its section in the runbook, and each section its alert")
def sectioned(_) -> None:
    runbook = (OPERATE / "runbook.md").read_text().partition("\n## Alerts\n")[2]
    headings = re.findall(r"^### (.+)$", runbook.partition("\n## ")[0], re.MULTILINE)
    same(sorted(headings), sorted(alerts()), "sections of the runbook, against the rules")


@suite.case("each section says what it is for money, how to look and what to do")
def complete(_) -> None:
    for name, text in sections(OPERATE / "runbook.md", level=3).items():
        if name in alerts() and name not in SHORT:
            same([each for each in PARTS if each not in text], [], f"what {name} does not say")


@suite.case("each alert says what it is, how grave, and where to read on")
def annotated(_) -> None:
    for rule in RULES.read_text().split("- alert: ")[1:]:
        name = rule.split()[0]
        expect(f"runbook: runbook.md#{anchor(name)}\n" in rule, f"{name} links elsewhere")
        for wanted in (r"severity: (page|ticket)\b", r"summary: .", r"description: ."):
            expect(re.search(wanted, rule), f"{name} has no {wanted}")


@suite.case("the links within the runbook lead to its sections")
def linked(_) -> None:
    text = (OPERATE / "runbook.md").read_text()
    anchors = {anchor(each) for each in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    links = re.findall(r"\]\(#([^)]+)\)", text)
    same([each for each in links if each not in anchors], [], "links to nowhere")
