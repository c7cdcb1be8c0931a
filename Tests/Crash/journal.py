"""The client's journal: what it asked, and what it was told, on the disk once it was told."""

import json
import os
import threading
import time
from pathlib import Path

# What an entry is about.
ASKED, ANSWERED, BROKEN, NOTIFIED = "asked", "answered", "broken", "notified"
STARTING, READY, ENDED = "starting", "ready", "ended"
# What is known and may not be contradicted later; the rest is a note.
ACKNOWLEDGED = {ANSWERED, NOTIFIED}


class Journal:
    """Entries in the order in which they came to be known; each has the number of its place, and
    the seconds of this machine's clock at which it was made."""

    def __init__(self, path: Path):
        self.path = path
        self._file = open(path, "ab")
        self._writing = threading.Lock()
        self._flushing = threading.Lock()
        self._written = 0
        self._flushed = 0

    def add(self, what: str, **fields: object) -> int:
        """Adds an entry and gives its number; what was acknowledged is on the disk then."""
        with self._writing:
            self._written += 1
            number = self._written
            entry = {"number": number, "what": what, "at": time.monotonic()} | fields
            self._file.write(json.dumps(entry).encode() + b"\n")
        if what in ACKNOWLEDGED:
            self._flush(number)
        return number

    def _flush(self, number: int) -> None:
        """Has the disk hold this entry; who waits meanwhile shares the next flush."""
        with self._flushing:
            if self._flushed >= number:
                return
            with self._writing:
                self._file.flush()
                written = self._written
            os.fsync(self._file.fileno())
            self._flushed = written

    def close(self) -> None:
        """Ends the journal."""
        self._file.close()


def read(path: Path) -> list[dict]:
    """All entries of a journal."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]
