"""A PostgreSQL server of the bench's own, as durable as PostgreSQL is by default."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from shell import BenchFault, must

CONNECTIONS = 300
SQL_TIMEOUT_SECONDS = 1200  # A filling with a million payments takes minutes on a busy disk.
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


class PostgreSQL:
    """A running server, reached by a unix socket in its folder."""

    def __init__(self, folder: Path, programs: Path):
        self.folder = folder
        self.programs = programs

    @property
    def pid(self) -> int:
        """The server's first process, whose children do the work."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def url(self, database: str) -> str:
        """How a program reaches a database here."""
        return f"postgresql:///{database}?host={self.folder}&user=postgres"

    def sql(self, database: str, statement: str, **values: object) -> str:
        """Runs SQL, and gives the rows as psql prints them without decoration."""
        variables = [f"--set={name}={value}" for name, value in values.items()]
        return must(
            self.programs / "psql", "--quiet", "--no-psqlrc", "--tuples-only", "--no-align",
            "--set=ON_ERROR_STOP=1", *variables, self.url(database), text=statement,
            timeout=SQL_TIMEOUT_SECONDS).strip()

    def pgbench(self, database: str, script: Path, connections: int, seconds: int,
                **values: object) -> float:
        """Transactions a second that pgbench has committed with this script."""
        variables = [part for name, value in values.items() for part in ("-D", f"{name}={value}")]
        said = must(
            self.programs / "pgbench", "--no-vacuum", "--client", connections, "--jobs", 2,
            "--protocol", "prepared", "--time", seconds, "--file", script, *variables,
            "--host", self.folder, "--username", "postgres", database)
        failed = [line for line in said.splitlines() if line.startswith("number of failed")]
        rates = [line for line in said.splitlines() if line.startswith("tps = ")]
        if len(rates) != 1 or not all(": 0 (" in line for line in failed):
            raise BenchFault(f"pgbench said {said[-1000:]}")
        return float(rates[0].split()[2])


@contextmanager
def server(folder: Path):
    """A new server in this folder, stopped afterwards."""
    programs = _programs()
    data = folder / "data"
    as_owner: list[object] = []
    folder.mkdir()
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        shutil.chown(folder, "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]
    must(*as_owner, programs / "initdb", "--pgdata", data, "--username", "postgres", "--auth",
         "trust", "--encoding", "UTF8", "--locale", "C", cwd=folder)
    options = (f"-c listen_addresses= -c unix_socket_directories='{folder}' "
               f"-c max_connections={CONNECTIONS}")
    try:
        must(*as_owner, programs / "pg_ctl", "--pgdata", data, "--log", folder / "server.log",
             "--wait", "--options", options, "start", cwd=folder)
        running = PostgreSQL(folder, programs)
        for setting in DURABLE:
            if running.sql("postgres", f"SHOW {setting}") != "on":
                raise BenchFault(f"PostgreSQL's {setting} is off: the figures would be false")
        yield running
    finally:
        if (data / "postmaster.pid").exists():
            must(*as_owner, programs / "pg_ctl", "--pgdata", data, "--mode", "fast", "stop",
                 cwd=folder)


def version() -> str:
    """The server's version."""
    return must(_programs() / "postgres", "--version").strip()


def _programs() -> Path:
    # Debian keeps the server's programs off PATH, in a folder for each version: take the newest.
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise BenchFault("PostgreSQL's server is not installed (Debian: postgresql)")
    return found[-1].parent if found else Path(on_path).resolve().parent
