"""What the figures were measured on."""

import os
import platform
import re
from pathlib import Path

from shell import BenchFault, must

MEMORY_FILE_SYSTEMS = ("tmpfs", "ramfs")


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0))


def file_system(folder: Path) -> str:
    """The type of the file system of a folder. One in memory is refused: nothing there is
    durable, and every figure about commits would be false."""
    kind = must("findmnt", "--noheadings", "--output", "FSTYPE", "--target", folder).split()[-1]
    if kind in MEMORY_FILE_SYSTEMS:
        raise BenchFault(f"{folder} is in memory ({kind}): name a folder on a disk in TMPDIR")
    return kind


def facts(binary: Path, folder: Path, postgresql_version: str) -> list[tuple[str, str]]:
    """Names and values for the page's table."""
    processor = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    memory = re.search(r"^MemTotal:\s*(\d+) kB", Path("/proc/meminfo").read_text(), re.M)
    gibibytes = int(memory[1]) / 1024 / 1024 if memory else 0
    return [
        ("Processor", f"{processor[1] if processor else platform.machine()}, {cores()} cores"),
        ("Memory", f"{gibibytes:.0f} GiB"),
        ("File system of the stores", file_system(folder)),
        ("Kernel", f"{platform.system()} {platform.release()}"),
        ("System", _system()),
        ("Swift", must("swift", "--version").splitlines()[0].strip()),
        ("Kaunter", _version(binary)),
        ("PostgreSQL", postgresql_version),
        ("SQLite", must("pkg-config", "--modversion", "sqlite3").strip()),
        ("OpenSSL", must("openssl", "version").strip()),
        ("wrk", "4, one thread, on the same cores as the server"),
    ]


def _system() -> str:
    found = re.search(r'^PRETTY_NAME="(.+)"$', Path("/etc/os-release").read_text(), re.M)
    return found[1] if found else platform.platform()


def _version(binary: Path) -> str:
    return must(binary, "--version").strip()
