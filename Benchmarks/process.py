"""What a running process has used, as Linux counts it."""

import os
import re
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and all its threads, in user and in system mode."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def tree_cpu_seconds(pid: int) -> float:
    """Processor time of a process, of its children, and of those that it has waited for."""
    total = 0.0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = _stat(int(entry.name))
        except OSError:
            continue  # It has ended meanwhile.
        if int(entry.name) == pid:
            total += sum(int(fields[index]) for index in (11, 12, 13, 14))
        elif int(fields[1]) == pid:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS_A_SECOND


def resident_bytes(pid: int) -> int:
    """Memory that the process has now."""
    return _status(pid, "VmRSS")


def peak_bytes(pid: int) -> int:
    """The most memory that the process ever had."""
    return _status(pid, "VmHWM")


def _stat(pid: int) -> list[str]:
    # The name, in brackets, may hold anything: what is counted begins behind it.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _status(pid: int, name: str) -> int:
    found = re.search(rf"^{name}:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    if found is None:
        raise OSError(f"/proc/{pid}/status has no {name}")
    return int(found[1]) * 1024
