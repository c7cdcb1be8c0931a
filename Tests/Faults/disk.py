"""A disk under a house's store that fails when it is told to."""

import errno
import mmap
import os
import shlex
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

# The numbers of shim.c.
NOTHING, COUNT, FAIL_ONCE, FAIL_FROM, SHORT_THEN_FAIL, LOSE, FORGET, NO_SPACE = range(8)
WRITE, FLUSH, TRUNCATE = 1, 2, 4
KINDS = {WRITE: "write", FLUSH: "flush", TRUNCATE: "truncation"}
MAIN, LOG, INDEX, JOURNAL = 1, 2, 4, 8
ALL = MAIN | LOG | INDEX | JOURNAL
ANY = WRITE | FLUSH | TRUNCATE
FILES = {MAIN: "the database", LOG: "its log", INDEX: "the log's index", JOURNAL: "its journal"}
NUMBERS = struct.Struct("10I")
COMPILE_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Fired:
    """What went wrong at the disk: how many of how many calls, and which was the first."""

    calls: int
    faults: int
    kind: str
    file: int
    is_commit: bool

    def __bool__(self) -> bool:
        return self.faults > 0

    def __str__(self) -> str:
        return f"a {self.kind} of {FILES.get(self.file, 'nothing')}"


class Disk:
    """The shim, compiled into a folder, with its control file and a program that is under it."""

    def __init__(self, binary: Path, folder: Path):
        library, self._path = folder / "shim.so", folder / "shim.control"
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-o", library,
             Path(__file__).with_name("shim.c"), "-ldl"],
            check=True, stdin=subprocess.DEVNULL, timeout=COMPILE_TIMEOUT_SECONDS)
        self._path.write_bytes(bytes(mmap.PAGESIZE))
        with open(self._path, "r+b") as file:
            self._numbers = mmap.mmap(file.fileno(), mmap.PAGESIZE)
        # Commands of the operator's run without the shim: only a server has a disk that fails.
        self.program = folder / "kaunter-on-the-disk"
        kaunter, library, control = (
            shlex.quote(str(each)) for each in (binary, library, self._path))
        self.program.write_text(
            f'#!/bin/sh\nif [ "$1" = serve ]; then\n'
            f'    export LD_PRELOAD={library} FAULTS_CONTROL={control}\nfi\n'
            f'exec {kaunter} "$@"\n')
        os.chmod(self.program, 0o700)

    def arm(self, action: int, target: int, error: int = errno.EIO, files: int = ALL,
            kinds: int = ANY) -> None:
        """Has the disk fail at this call of these, counted from 1 and from now on; at 0 it only
        counts. With 0 for `error` it says that it did not fail."""
        NUMBERS.pack_into(
            self._numbers, 0, NOTHING, error, files, kinds, target, 0, 0, 0, 0, 0)
        # Last, since from here on it counts.
        struct.pack_into("I", self._numbers, 0, action if target else COUNT)

    def disarm(self) -> Fired:
        """Has the disk work again, and tells what went wrong."""
        struct.pack_into("I", self._numbers, 0, NOTHING)
        return self.fired()

    def fired(self) -> Fired:
        """What went wrong since it was armed."""
        count, faults, kind, file, is_commit = NUMBERS.unpack_from(self._numbers)[5:]
        return Fired(count, faults, KINDS.get(kind, ""), file, bool(is_commit))

    def close(self) -> None:
        """Gives up the control file."""
        self._numbers.close()
