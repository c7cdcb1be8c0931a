"""The drill on PostgreSQL: `pg_dump` makes the copy, in the snapshot in which it is counted."""

import shutil
import subprocess
import uuid
from contextlib import contextmanager
from pathlib import Path

from drills import Drill, cases, drilled
from house import COMMAND_TIMEOUT_SECONDS, Done, House, closing, command, new_database
from shop import open_shop
from suite import Suite, expect, same


@contextmanager
def opening(binary: Path, folder: Path):
    with (new_database() as url, new_database() as other, open_shop() as receiver,
          closing(House(binary, folder, url)) as house):
        yield drilled(house, receiver,
                      ["--data", folder / "elsewhere", "--database-url", other])


suite = Suite("Backup and restore on PostgreSQL", opening)
cases(suite)


@suite.case("the file is an archive for pg_restore too, without the list of scripts")
def plain(drill: Drill) -> None:
    listed = subprocess.run(
        ["pg_restore", "--list", drill.file], capture_output=True, text=True, check=True,
        timeout=COMMAND_TIMEOUT_SECONDS).stdout
    expect("TABLE DATA public payments" in listed, "there are no payments")
    expect("TABLE DATA public schema_scripts" not in listed, "the list of scripts is in it")


@suite.case("what pg_restore alone brings back is no store: no command takes it for one")
def half(drill: Drill) -> None:
    with new_database() as url:
        subprocess.run(["pg_restore", "--schema", "public", "--dbname", url, drill.file],
                       check=True, timeout=COMMAND_TIMEOUT_SECONDS)
        for words in (("account", "list"), ("migrate", "--sandbox")):
            done = command(drill.house.binary, *words, "--json", *drill.place[:2],
                           "--database-url", url)
            expect(done.code not in (0, 64), f"{words} took it: {done.out!r}")


def with_tools(drill: Drill, *options: object, **scripts: str | None) -> Done:
    """Tries a backup with these scripts in the place of PostgreSQL's programs; None is no program.

    Whatever comes of it, a failure must leave nothing behind.
    """
    tools = drill.house.folder / f"tools-{uuid.uuid4().hex}"
    tools.mkdir()
    for name in ("pg_dump", "pg_restore", "env"):
        if name not in scripts:
            (tools / name).symlink_to(shutil.which(name))
    for name, script in scripts.items():
        if script is not None:
            (tools / name).write_text(f"#!/bin/sh\n{script}\n")
            (tools / name).chmod(0o755)
    file = drill.file.with_name(f"{tools.name}.backup")
    done = command(drill.house.binary, "backup", "--to", file, "--json", *drill.house.store,
                   *options, PATH=tools)
    if done.code != 0:
        same([each for each in file.parent.iterdir() if file.name in each.name], [],
             "what is left behind")
    return done


def told(done: Done, code: int, word: str) -> None:
    """Checks a failure's exit code, and that its message has this word."""
    same(done.code, code, f"exit code with {done.err!r}")
    expect(word in done.value()["error"]["message"], f"it says {done.err!r}")


@suite.table("a PATH without {} is told with 78", [("pg_dump",), ("pg_restore",)])
def missing(drill: Drill, program: str) -> None:
    told(with_tools(drill, **{program: None}), 78, f"{program} is not installed")


@suite.case("a pg_dump older than the server is told with 78")
def older(drill: Drill) -> None:
    told(with_tools(drill, pg_dump="echo 'pg_dump (PostgreSQL) 9.6.24'"), 78, "of PostgreSQL 9")


@suite.case("a dump that lacks rows is no backup")
def lacking(drill: Drill) -> None:
    real = shutil.which("pg_dump")
    script = (f'[ "$1" = --version ] && exec {real} --version\n'
              f'exec {real} "$@" --exclude-table-data="*.payers"')
    told(with_tools(drill, pg_dump=script), 1, "does not hold the rows")


@suite.case("the password goes to pg_dump by its environment, and stands on no command line")
def password(drill: Drill) -> None:
    real, seen = shutil.which("pg_dump"), drill.house.folder / "seen"
    script = f'echo "$PGPASSWORD: $@" >> {seen}\nexec {real} "$@"'
    url = f"{drill.place[3]}&password=hunter2secret"
    done = with_tools(drill, "--database-url", url, pg_dump=script)
    same(done.code, 0, f"exit code with {done.err!r}")
    expect("hunter2secret" not in done.out + done.err, "the password is shown")
    last = seen.read_text().splitlines()[-1]
    before, _, arguments = last.partition(": ")
    same(before, "hunter2secret", "the environment of pg_dump")
    expect("--snapshot=" in arguments and "hunter2" not in arguments, f"arguments {arguments}")
