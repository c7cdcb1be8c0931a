"""Executes every code block of docs/guide in a running sandbox, and makes the SDK's documentation.

  python3 Tests/Guides/run.py --kaunter .build/debug/kaunter [--only php.md]

Each page is one reader's session (session.py) in which its blocks are executed in order; what a
block has to stand is in rules.py. A block for which there is no rule fails. Exit status: 0 if every
case passed, 1 if not.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "Program"), str(TESTS / "Examples")]

import receivers  # noqa: E402
import swift_programs  # noqa: E402
from blocks import FIRST, Block, blocks_of, pages  # noqa: E402
from rules import is_run, prove  # noqa: E402
from session import Session  # noqa: E402
from suite import expect  # noqa: E402

# The pages of which each has a program that receives notifications.
RECEIVING = {"php.md", "node.md", "python.md", "ruby.md", "java.md", "swift.md"}

RECEIVER_CASES = {
    "refuses forged notifications, and takes the genuine one": receivers.refuses_forgeries,
    "acts once on what comes four times": receivers.acts_once,
    "compares order and amount before it acts": receivers.compares,
}


class Report:
    """Counts the cases and prints a line for each."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def case(self, name: str, act, *arguments) -> None:
        """Runs one case."""
        try:
            act(*arguments)
        except Exception as error:  # Whatever went wrong, the case failed.
            self.failed += 1
            print(f"FAILED  {name}: {type(error).__name__}: {error}", flush=True)
        else:
            self.passed += 1
            print(f"passed  {name}", flush=True)


def read(page: Path, session: Session, build: swift_programs.Build, report: Report) -> None:
    """Goes through one page as a reader does, after the page with which all begin."""
    blocks = blocks_of(page)
    if page.name != FIRST:
        for block in blocks_of(page.with_name(FIRST)):
            prove(session, block)
    for block in blocks:
        if block.kind == "sh" and "swift run" in block.text:
            report.case(f"{block.name} is compiled", swift_programs.compile_for, block,
                        session.work, session.programs, build)
        report.case(block.name, prove, session, block)
        if page.name in RECEIVING and block.role == "running" and block.kind == "text":
            for sentence, act in RECEIVER_CASES.items():
                report.case(f"{page.name}: its receiver {sentence}", act, session)
    for block in blocks:
        if block.file:
            report.case(f"{block.name} is run", ends_as_program, block, blocks)


def ends_as_program(block: Block, blocks: list[Block]) -> None:
    """A saved program is of use only if a later block runs it."""
    later = [each.text for each in blocks if each.kind == "sh" and each.line > block.line]
    expect(is_run(block.file, later), "no later block runs this file")


def has_no_rule(folder: Path) -> None:
    """A block of an unknown kind fails, and so does a program that nobody runs."""
    page = folder / "strange.md"
    page.write_text("```sh later\ntrue\n```\n```\nx\n```\n```php pay.php\n<?php\n```\n")
    blocks = blocks_of(page)
    expect(len(blocks) == 3, f"there are {len(blocks)} blocks")
    for act, arguments in [(prove, (None, blocks[0])), (prove, (None, blocks[1])),
                           (ends_as_program, (blocks[2], blocks))]:
        try:
            act(*arguments)
        except AssertionError:
            continue
        raise AssertionError(f"{arguments[0]} was let through")


def main() -> int:
    parser = argparse.ArgumentParser(description="Executes every code block of the guides.")
    parser.add_argument("--kaunter", type=Path, required=True, help="the kaunter binary")
    parser.add_argument("--only", choices=[page.name for page in pages()], help="one page alone")
    options = parser.parse_args()

    # A polite end from outside must not leave servers running: leave through `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report = Report()
    build = swift_programs.Build(options.kaunter)
    with tempfile.TemporaryDirectory(prefix="kaunter-guides-") as temporary:
        folder = Path(temporary)
        report.case("a block that no rule covers, and a program that nobody runs, fail",
                    has_no_rule, folder)
        for module in swift_programs.DOCUMENTED:
            report.case(f"the documentation of {module} is made without a warning",
                        build.document, module, folder)
        for page in swift_programs.CATALOGUE.glob("*.md"):
            report.case(f"the compiler takes the code of {page.name}", build.check, page, folder)
        for page in pages():
            if options.only not in (None, page.name):
                continue
            try:
                with Session(options.kaunter.resolve(), folder / page.stem,
                             has_receiver=page.name in RECEIVING) as session:
                    read(page, session, build, report)
            except Exception as error:  # Whatever went wrong, the page was not read to its end.
                report.failed += 1
                print(f"FAILED  {page.name}: {type(error).__name__}: {error}", flush=True)
    print(f"Guides: {report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
