"""Completions in real shells, and manual pages in real viewers."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from commands import COMMANDS
from house import command
from suite import Skipped, Suite, expect, same

TYPED_TIMEOUT_SECONDS = 20
VIEWER_TIMEOUT_SECONDS = 60
# What a shell prints in place of calling the program: the words after its name.
CALL_MARK = "called"
READY_MARK = "ready"


class Nest:
    """The program, its scripts in a folder, and its pages in another."""

    def __init__(self, binary: Path, folder: Path):
        self.binary = binary
        self.folder = folder
        self.pages = folder / "share" / "man1"


@contextmanager
def opening(binary: Path, folder: Path):
    nest = Nest(binary, folder)
    made = command(binary, "manual", "--out", nest.pages, "--json")
    same(made.code, 0, f"exit code, with {made.err.strip()!r}")
    nest.made = made.value()["pages"]
    for shell, name in (("bash", "kaunter"), ("zsh", "_kaunter"), ("fish", "kaunter.fish")):
        done = command(binary, "completions", shell)
        same(done.code, 0, f"exit code for {shell}")
        (folder / name).write_text(done.out)
    (folder / "kaunter.json").write_text("{}")
    yield nest


suite = Suite("Shells and manuals", opening)


def needed(program: str) -> str:
    found = shutil.which(program)
    if not found and os.environ.get("KAUNTER_REQUIRE_POSTGRESQL") != "1":
        raise Skipped(f"there is no {program}")
    expect(found, f"there is no {program}: scripts/install-packages.sh test")
    return found


class Shell:
    """A shell at a terminal, with keys pressed in it."""

    def __init__(self, arguments: list[str], folder: Path, setup: str):
        self.seen = b""
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execvpe(arguments[0], arguments, {
                "PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb",
                "LANG": "C.UTF-8"})
        # Only what is printed has the mark in one piece, and not what is typed.
        self.type(f"{setup}\necho {READY_MARK}''-{READY_MARK}\n")
        self.await_(f"{READY_MARK}-{READY_MARK}")

    def type(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def await_(self, pattern: str) -> re.Match:
        end = time.monotonic() + TYPED_TIMEOUT_SECONDS
        while time.monotonic() < end:
            if found := re.search(pattern.encode(), self.seen):
                self.seen = self.seen[found.end():]
                return found
            if select.select([self.terminal], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.terminal, 65536)
                except OSError:
                    break
        raise AssertionError(f"the shell did not show {pattern}: {self.seen[-600:]!r}")

    def end(self) -> None:
        os.close(self.terminal)
        os.waitpid(self.child, 0)


SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"],
             "shopt -s extglob; source ./kaunter; "
             f"kaunter() {{ echo \"{CALL_MARK}:$*:\"; }}"),
    "zsh": (["zsh", "-f", "-i"],
            "unsetopt beep; fpath=($PWD $fpath); autoload -U compinit; compinit -u -D; "
            f"kaunter() {{ print -r -- \"{CALL_MARK}:$*:\" }}"),
    "fish": (["fish", "--no-config", "-i"],
             "source ./kaunter.fish; "
             f"function kaunter; echo \"{CALL_MARK}:$argv:\"; end"),
}
TYPED = [
    ("pa\t", "pay"), ("endpo\t", "endpoint"), ("endpoint li\t", "endpoint list"),
    ("keys webhook rot\t", "keys webhook rotate"),
    ("endpoint add --rat\t20", "endpoint add --rate 20"), ("completions zs\t", "completions zsh"),
    ("config check --config kaunter.j\t", "config check --config kaunter.json"),
]


@suite.table("{} completes commands, options, words and files", [(name,) for name in SHELLS])
def completed(nest: Nest, name: str) -> None:
    arguments, setup = SHELLS[name]
    needed(name)
    shell = Shell(arguments, nest.folder, setup)
    try:
        for keys, wanted in TYPED:
            shell.type(f"kaunter {keys}\n")
            found = shell.await_(rf"{CALL_MARK}:([^:\r\n]*):")
            same(" ".join(found[1].decode().split()), wanted, f"what {keys!r} came to")
    finally:
        shell.end()


@suite.case("a shell that there are no completions for is a wrong command line")
def unknown(nest: Nest) -> None:
    done = command(nest.binary, "completions", "tcsh", "--json")
    same((done.code, done.value()["error"]["code"]), (64, "usage"), "exit code and word")
    done = command(nest.binary, "completions", "bash", "--json")
    same(done.value()["shell"], "bash", "shell")


@suite.case("the program, each group and each command have a page")
def complete(nest: Nest) -> None:
    wanted = {"kaunter.1"}
    for words in COMMANDS:
        for count in range(1, len(words) + 1):
            wanted.add("-".join(("kaunter", *words[:count])) + ".1")
    same(set(nest.made), wanted, "pages")
    same({each.name for each in nest.pages.iterdir()}, wanted, "files")


@suite.case("groff and mandoc have nothing to say against any page")
def rendered(nest: Nest) -> None:
    groff, mandoc = needed("groff"), needed("mandoc")
    for page in sorted(nest.pages.iterdir()):
        done = subprocess.run([groff, "-man", "-ww", "-b", "-z", "-Tutf8", page],
                              capture_output=True, text=True, timeout=VIEWER_TIMEOUT_SECONDS)
        same((done.returncode, done.stderr), (0, ""), f"groff of {page.name}")
    done = subprocess.run([mandoc, "-T", "lint", "-W", "warning", *sorted(nest.pages.iterdir())],
                          capture_output=True, text=True, timeout=VIEWER_TIMEOUT_SECONDS)
    # One program always makes the same pages, so they bear no date.
    said = [line for line in (done.stdout + done.stderr).splitlines()
            if "missing date" not in line]
    same(said, [], "mandoc")


@suite.case("a page shows the command, its examples as they are typed, and its options")
def read(nest: Nest) -> None:
    man = needed("man")
    done = subprocess.run(
        [man, "-l", str(nest.pages / "kaunter-endpoint-add.1")], capture_output=True, text=True,
        timeout=VIEWER_TIMEOUT_SECONDS,
        env={**os.environ, "MANWIDTH": "100", "MANPAGER": "cat", "LC_ALL": "C.UTF-8"})
    same(done.returncode, 0, f"exit code, with {done.stderr!r}")
    lines = [line.strip() for line in re.sub(".\b", "", done.stdout).splitlines()]
    for wanted in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "SEE ALSO",
                   "kaunter endpoint add --account UUID --url https://shop.example/notify",
                   "--rate count|none"):
        expect(wanted in lines, f"no line {wanted!r} in {done.stdout}")
    top = subprocess.run(
        [man, "-l", str(nest.pages / "kaunter.1")], capture_output=True, text=True,
        timeout=VIEWER_TIMEOUT_SECONDS,
        env={**os.environ, "MANWIDTH": "100", "MANPAGER": "cat", "LC_ALL": "C.UTF-8"})
    for words in COMMANDS:
        expect(f"kaunter-{words[0]}(1)" in re.sub(".\b", "", top.stdout), f"no {words[0]}")


@suite.case("pages that can't be written are a fault of the folder")
def unwritable(nest: Nest) -> None:
    same(command(nest.binary, "manual", "--out", nest.folder / "kaunter").code, 73, "exit code")
