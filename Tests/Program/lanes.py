"""Runs suites beside each other, where most of them wait most of their time."""

import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack

CLOSING_LINE = re.compile(r"\w+: (\d+) passed, (\d+) failed\n\Z")
LANE_TIMEOUT_SECONDS = 900


def run_lanes(program: str, arguments: list[str], lanes: list[list[str]]) -> tuple[int, int]:
    """Runs each lane's suites in a process of its own; how many cases passed and failed."""
    passed = failed = 0
    with ExitStack() as stack:
        running = []
        for suites in lanes:
            output = stack.enter_context(tempfile.TemporaryFile("w+"))
            only = [word for suite in suites for word in ("--only", suite)]
            process = subprocess.Popen(
                [sys.executable, program, *arguments, *only],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
            stack.callback(end, process)
            running.append((process, output))
        for process, output in running:
            process.wait(LANE_TIMEOUT_SECONDS)
            output.seek(0)
            text = output.read()
            closing = CLOSING_LINE.search(text)
            print(text[:closing.start()] if closing else text, end="", flush=True)
            passed += int(closing[1]) if closing else 0
            # A lane that has no closing line has not done its work.
            failed += int(closing[2]) if closing else 1
    return passed, failed


def end(process: subprocess.Popen) -> None:
    """Ends a lane that still runs, politely, so that it stops its servers."""
    if process.poll() is None:
        process.terminate()
        process.wait()
