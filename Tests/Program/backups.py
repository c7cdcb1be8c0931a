"""The drill on SQLite: the server that has the store makes the copy."""

import os
import re
import sqlite3
import subprocess
from contextlib import contextmanager
from pathlib import Path

from drills import Drill, cases, drilled
from gateway import environment
from house import COMMAND_TIMEOUT_SECONDS, House, closing
from shop import open_shop
from suite import Suite, expect, same

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "operate" / "backup.md"


@contextmanager
def opening(binary: Path, folder: Path):
    with open_shop() as receiver, closing(House(binary, folder)) as house:
        yield drilled(house, receiver, ["--data", folder / "elsewhere"])


suite = Suite("Backup and restore on SQLite", opening)
cases(suite)


@suite.case("the file is a SQLite file for other programs too")
def plain(drill: Drill) -> None:
    connection = sqlite3.connect(f"file:{drill.file}?mode=ro&immutable=1", uri=True)
    try:
        same(connection.execute("PRAGMA integrity_check").fetchone()[0], "ok", "integrity")
        same(connection.execute("SELECT count(*) FROM payments").fetchone()[0],
             drill.made["payments"], "payments")
    finally:
        connection.close()


@suite.case("the drill of the operator's document runs as it is written")
def documented(drill: Drill) -> None:
    section = DOCUMENT.read_text().split("\n## The drill\n")[1].split("\n## ")[0]
    steps = re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    expect(len(steps) >= 5, f"there are {len(steps)} steps")
    place = drill.house.folder / "drill"
    place.mkdir()
    script = "".join(steps).replace("/var/lib/kaunter", str(drill.house.data))
    done = subprocess.run(
        ["sh", "-eu", "-c", script.replace("/backup/", f"{place}/")],
        env=environment(PATH=f"{drill.house.binary.parent}:{os.environ['PATH']}"),
        capture_output=True, text=True, timeout=COMMAND_TIMEOUT_SECONDS)
    same(done.returncode, 0, f"exit status, with {done.stderr!r}")
    expect("IS VALID AGAIN" in done.stdout, f"the report is {done.stdout!r}")
    expect(drill.shop.account in done.stdout, "the restored store's account is not listed")
    same(list(place.iterdir()), [], "what the drill left behind")
