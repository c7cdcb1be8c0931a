"""A machine within this machine, with a systemd of its own, to install a service in."""

import os
import re
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from suite import Skipped, expect

SCRIPT = Path(__file__).with_name("nest.sh")
REPOSITORY = Path(__file__).resolve().parents[2]
GROUPS = Path("/sys/fs/cgroup")
NAMESPACES = ("mount", "pid", "cgroup", "uts", "ipc", "net")
BOOT_TIMEOUT_SECONDS = 30
COMMAND_TIMEOUT_SECONDS = 60
END_TIMEOUT_SECONDS = 10


class Nest:
    """The machine within, known by the process id of its systemd."""

    def __init__(self, init: int):
        self.init = init

    def run(self, script: str, folder: Path = Path("/")) -> subprocess.CompletedProcess:
        """Runs a script of bash inside, which stops at its first failure."""
        return subprocess.run(
            ["nsenter", f"--target={self.init}", *(f"--{each}" for each in NAMESPACES),
             f"--wd={folder}", "bash", "-euo", "pipefail", "-c", script],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=COMMAND_TIMEOUT_SECONDS)

    def must(self, script: str, folder: Path = Path("/")) -> str:
        """What a script prints that has to succeed."""
        done = self.run(script, folder)
        expect(done.returncode == 0, f"{script!r} ended with {done.returncode}: {done.stderr}"
                                     f"{done.stdout}{self.journal()}")
        return done.stdout

    def journal(self, unit: str = "kaunter") -> str:
        """What a unit has said."""
        return self.run(f"journalctl --no-pager --output cat --unit {unit}").stdout


def swift_libraries(binary: Path) -> list[str]:
    """The folders outside of the system's own that a program's libraries come from."""
    listed = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True,
                            timeout=COMMAND_TIMEOUT_SECONDS).stdout
    folders = {os.path.dirname(path) for path in re.findall(r"=> (/\S+)", listed)}
    return sorted(each for each in folders if not each.startswith(("/lib", "/usr/lib")))


@contextmanager
def open_nest(binary: Path, *visible: Path):
    """A nest in which these paths and the repository stay visible; gone afterwards."""
    if os.geteuid() != 0:
        raise Skipped("a systemd of one's own can be started by root only")
    tree = GROUPS / "systemd" if (GROUPS / "systemd").is_dir() else GROUPS
    group = tree / f"kaunter-nest-{os.getpid()}"
    group.mkdir()
    kept = [REPOSITORY, *visible, *swift_libraries(binary)]
    process = subprocess.Popen(
        ["unshare", "--fork", "--mount-proc", "--kill-child",
         *(f"--{each}" for each in NAMESPACES), "bash", SCRIPT, *map(str, kept)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: (group / "cgroup.procs").write_text(str(os.getpid())))
    try:
        yield booted(process)
    finally:
        end(process)
        remove(group)


def booted(process: subprocess.Popen) -> Nest:
    """The nest of this process, as soon as its systemd and its journal answer."""
    deadline = time.monotonic() + BOOT_TIMEOUT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if children:
            nest = Nest(int(children[0]))
            if nest.run("systemctl is-active --quiet systemd-journald").returncode == 0:
                return nest
        time.sleep(0.1)
    end(process)
    raise AssertionError(f"the nest's systemd did not start: {process.stderr.read()}")


def end(process: subprocess.Popen) -> None:
    """Ends a nest: without its first process nothing of a process namespace is left."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait(END_TIMEOUT_SECONDS)


def remove(group: Path) -> None:
    """Removes a control group with all below it, once their processes are gone."""
    deadline = time.monotonic() + END_TIMEOUT_SECONDS
    while True:
        try:
            for folder, _, _ in os.walk(group, topdown=False):
                os.rmdir(folder)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
