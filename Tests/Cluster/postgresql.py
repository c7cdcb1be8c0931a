"""PostgreSQL servers of the test's own, which may be stopped, silenced, killed and promoted."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from gateway import free_port

INSTALLATIONS = Path("/usr/lib/postgresql")
TOOL_TIMEOUT_SECONDS = 60
START_TIMEOUT_SECONDS = 30
STANDBY_TIMEOUT_SECONDS = 30
QUERY_TIMEOUT_SECONDS = 20
POLL_SECONDS = 0.01
SETTINGS = {
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "100",
    # A process that is killed loses nothing of what it gave to the system, which lives on.
    "fsync": "off", "full_page_writes": "off",
    # Otherwise a server that is killed leaves files outside its folder.
    "dynamic_shared_memory_type": "mmap",
}
# The line of postmaster.pid that ends with the id of the server's shared memory.
SHARED_MEMORY_LINE = 6
STANDBY_NAME = "kaunter_standby"


def program(name: str) -> str:
    """The path of one of the server's programs; of several versions, the newest."""
    found = sorted(INSTALLATIONS.glob(f"*/bin/{name}"), key=lambda each: int(each.parts[-3]))
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        raise RuntimeError(f"PostgreSQL's {name} is not installed: run 'make deps'")
    return path


class PostgreSQL:
    """One server, with its data in a folder, reached by TCP on this machine."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.data = folder / "data"
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.url = f"postgresql://{self.address}/postgres?user=postgres"

    def make(self) -> None:
        """Makes an empty store of a server."""
        self._make_folder()
        self._tool("initdb", "--username", "postgres", "--auth", "trust", "--encoding", "UTF8",
                   "--locale", "C", "--no-sync")

    def make_standby_of(self, primary: "PostgreSQL") -> None:
        """Makes this server a copy of a running one, which follows it."""
        self._make_folder()
        self._tool("pg_basebackup", "--no-sync", "--write-recovery-conf", "--checkpoint", "fast",
                   "--dbname", f"host=127.0.0.1 port={primary.port} user=postgres "
                   f"application_name={STANDBY_NAME}")

    def start(self, wait: bool = True) -> None:
        """Starts the server; waits until it takes connections, if that is asked for."""
        settings = SETTINGS | {"port": str(self.port)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._tool("pg_ctl", "--log", str(self.folder / "server.log"), "--options", options,
                   "--timeout", str(START_TIMEOUT_SECONDS), "--wait" if wait else "--no-wait",
                   "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stops the server; `immediate` is without a farewell to anybody."""
        self._tool("pg_ctl", "--mode", mode, "stop")

    def promote(self) -> None:
        """Makes a standby a primary."""
        self._tool("pg_ctl", "promote")

    def processes(self) -> list[int]:
        """The server's processes, its first one first; none if it doesn't run."""
        try:
            first = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, IndexError):
            return []
        children = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                # The name of the program, in parentheses, may hold blanks.
                parent = int(status.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # It has ended meanwhile.
            if parent == first:
                children.append(int(status.parent.name))
        return [first, *children]

    def signal(self, how: int) -> None:
        """Sends a signal to all of the server's processes."""
        for process in self.processes():
            try:
                os.kill(process, how)
            except ProcessLookupError:
                pass  # It has ended meanwhile.

    def silence(self) -> None:
        """Has the server say nothing more, with all connections open. Its first process goes
        first: it begins no new one."""
        self.signal(signal.SIGSTOP)

    def speak(self) -> None:
        """Ends a silence."""
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kills all of the server at once: none of its processes sees another one die."""
        memory = (self.data / "postmaster.pid").read_text().splitlines()[SHARED_MEMORY_LINE]
        self.silence()
        self.signal(signal.SIGKILL)
        # The next start would remove it, and there may be none.
        subprocess.run(["ipcrm", "-m", memory.split()[-1]], check=False, capture_output=True,
                       timeout=TOOL_TIMEOUT_SECONDS)

    def sql(self, statement: str, seconds: float = QUERY_TIMEOUT_SECONDS) -> list[str]:
        """Runs a statement and gives its rows, each as psql prints it."""
        done = subprocess.run(
            ["psql", "--quiet", "--no-psqlrc", "--tuples-only", "--no-align", self.url,
             "--command", statement], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=seconds)
        if done.returncode != 0:
            raise RuntimeError(f"psql says {done.stderr.strip()!r}")
        return done.stdout.splitlines()

    def await_answer(self) -> float:
        """Waits until psql gets an answer; when that was, on the monotonic clock."""
        end = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < end:
            try:
                self.sql("SELECT 1")
                return time.monotonic()
            except RuntimeError:
                time.sleep(POLL_SECONDS)
        raise RuntimeError("the server takes no connections")

    def log(self) -> str:
        """What the server has written."""
        return (self.folder / "server.log").read_text(errors="replace")

    def close(self) -> None:
        """Ends the server, in whatever state it is."""
        if self.processes():
            self.kill()

    def _make_folder(self) -> None:
        self.folder.mkdir()
        self.folder.chmod(0o755)
        self.data.mkdir()
        self.data.chmod(0o700)
        if os.geteuid() == 0:
            for each in (self.folder, self.data):
                shutil.chown(each, "postgres")

    def _tool(self, name: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root, so root hands the work to `postgres`.
        owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        log = self.folder / "tools.log"
        with open(log, "ab") as output:
            done = subprocess.run(
                [*owner, program(name), "--pgdata", str(self.data), *arguments],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                timeout=TOOL_TIMEOUT_SECONDS)
        if done.returncode != 0:
            raise RuntimeError(f"{name} failed: {log.read_text()[-2000:]}")


@contextmanager
def one_server(folder: Path):
    """A running server, which is ended afterwards."""
    server = PostgreSQL(folder / "server")
    server.make()
    try:
        server.start()
        yield server
    finally:
        server.close()


@contextmanager
def two_servers(folder: Path):
    """A running primary whose commits wait for its standby, and the standby."""
    with one_server(folder) as primary:
        standby = PostgreSQL(folder / "standby")
        standby.make_standby_of(primary)
        try:
            standby.start()
            primary.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY_NAME}'")
            primary.sql("SELECT pg_reload_conf()")
            await_standby(primary)
            yield primary, standby
        finally:
            standby.close()


def await_standby(primary: PostgreSQL) -> None:
    """Waits until the primary's commits wait for the standby, and it follows."""
    end = time.monotonic() + STANDBY_TIMEOUT_SECONDS
    while time.monotonic() < end:
        if primary.sql("SELECT sync_state FROM pg_stat_replication") == ["sync"]:
            return
        time.sleep(POLL_SECONDS)
    raise RuntimeError("the standby does not follow")
