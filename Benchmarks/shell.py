"""Programs that the bench runs: their failure is the bench's, with what they said."""

import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
COMMAND_TIMEOUT_SECONDS = 300
SAID_CHARACTERS = 2000

# A sandbox's environment and a free port are found as the examples' tests find them.
sys.path.append(str(REPOSITORY / "Tests" / "Examples"))


class BenchFault(Exception):
    """The bench can't measure this; the message says why."""


def must(*command: object, timeout: float = COMMAND_TIMEOUT_SECONDS, text: str | None = None,
         **settings: object) -> str:
    """Runs a program and gives what it printed."""
    words = [str(each) for each in command]
    stdin = {"input": text} if text is not None else {"stdin": subprocess.DEVNULL}
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=timeout, **stdin, **settings)
    if done.returncode != 0:
        said = (done.stdout + done.stderr)[-SAID_CHARACTERS:]
        raise BenchFault(f"{words[0]} ended with {done.returncode}: {said}")
    return done.stdout


def program(name: str, package: str) -> str:
    """The path of a program, or a word about the Debian package that has it."""
    found = shutil.which(name)
    if found is None:
        raise BenchFault(f"{name} is not installed (Debian: {package})")
    return found


def say(sentence: str) -> None:
    """Tells whoever waits how far the bench is."""
    print(sentence, flush=True)
