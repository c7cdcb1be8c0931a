"""What a suite of cases is, and how they are counted."""

import os
import traceback
from contextlib import AbstractContextManager
from typing import Callable


class Skipped(Exception):
    """This can't be proved here, and need not be; the message says why."""


def expect(condition: object, reason: str) -> None:
    """Fails the case for this reason. Unlike `assert` it also does so under `python3 -O`."""
    if not condition:
        raise AssertionError(reason)


def same(found: object, wanted: object, what: str) -> None:
    """Fails the case unless both are equal; says both."""
    if found != wanted:
        raise AssertionError(f"{what}: found {found!r}, wanted {wanted!r}")


class Suite:
    """Cases that share what one context opens for them, run in the order they were written."""

    def __init__(self, title: str, opening: Callable[..., AbstractContextManager]):
        self.title = title
        self.opening = opening
        self.cases: list[tuple[str, Callable, tuple]] = []

    def case(self, sentence: str) -> Callable:
        """Marks a function as the case of this sentence."""
        return self.table(sentence, [()])

    def table(self, sentence: str, rows: list[tuple]) -> Callable:
        """Marks a function as one case for each row; its first entry fills the sentence's `{}`."""
        def mark(function: Callable) -> Callable:
            for row in rows:
                self.cases.append((sentence.format(*row[:1]), function, row))
            return function
        return mark


class Report:
    """Counts the cases and prints a line for each."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def run(self, suite: Suite, *arguments) -> None:
        """Runs all cases of a suite; what its context can't open is a failure too."""
        print(f"-- {suite.title}", flush=True)
        try:
            with suite.opening(*arguments) as opened:
                for sentence, function, row in suite.cases:
                    self._case(sentence, function, opened, *row)
        except Skipped as reason:
            print(f"skipped {suite.title}: {reason}", flush=True)
        except Exception as error:  # Whatever went wrong, the suite did not prove its cases.
            self._fail(f"{suite.title}: its surroundings", error)

    def _case(self, sentence: str, function: Callable, *arguments) -> None:
        try:
            function(*arguments)
        except Skipped as reason:
            print(f"skipped {sentence}: {reason}", flush=True)
        except Exception as error:  # Whatever went wrong, the case failed.
            self._fail(sentence, error)
        else:
            self.passed += 1
            print(f"passed  {sentence}", flush=True)

    def _fail(self, sentence: str, error: Exception) -> None:
        self.failed += 1
        print(f"FAILED  {sentence}: {type(error).__name__}: {error}", flush=True)
        if not isinstance(error, AssertionError) or os.environ.get("KAUNTER_TRACE"):
            traceback.print_exception(error)
