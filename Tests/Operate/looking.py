"""What an operator looks at: commands, queries, logs and codes are as the documents say."""

import json
import os
import re
import secrets
import shlex
import sqlite3
import subprocess
import time

from busy import BOTH, database_name, end_connections, metrics, on_server, opening
from documents import OPERATE, REPOSITORY, blocks, sections
from house import House
from suite import Suite, expect, same

RUNBOOK = OPERATE / "runbook.md"
PAGE = OPERATE / "logs-and-metrics.md"
WAIT_SECONDS = 20
COMMAND_TIMEOUT_SECONDS = 30

suite = Suite("What an operator looks at", opening)


@suite.table("{}: each query of the runbook runs", BOTH)
def queried(houses: dict, name: str) -> None:
    queries = blocks(RUNBOOK.read_text(), "sql")
    expect(len(queries) >= 6, f"the runbook has {len(queries)} queries")
    for query in queries:
        for statement in query.split(";"):
            if statement.strip():
                run_query(houses[name], statement.strip())


def run_query(house: House, statement: str) -> None:
    """Runs a statement on the house's database, by its side, without the right to write."""
    if house.database_url is None:
        with sqlite3.connect(f"file:{house.data}/kaunter.sqlite?mode=ro", uri=True) as database:
            database.execute(statement).fetchall()
        return
    done = subprocess.run(
        ["psql", "--no-psqlrc", "--quiet", house.database_url, "--set", "ON_ERROR_STOP=1",
         "--command", f"SET default_transaction_read_only = on; {statement}"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_SECONDS)
    same(done.returncode, 0, f"exit status of {statement!r}, with {done.stderr}")


@suite.table("{}: each command of the runbook and the pages that can run here does", BOTH)
def commanded(houses: dict, name: str) -> None:
    house = houses[name]
    done = 0
    for page in (RUNBOOK, OPERATE / "sizing.md"):
        for block in blocks(page.read_text(), "sh"):
            if ("psql" in block) != (name == "PostgreSQL") and "psql" in block:
                continue
            if "sqlite" in block and name == "PostgreSQL":
                continue
            run_command(house, block)
            done += 1
    expect(done >= 3, f"{done} commands were run")


def run_command(house: House, block: str) -> None:
    """Runs a block as an operator would; the journal is this house's log, the ports are its own."""
    stand_in = house.folder / "bin"
    stand_in.mkdir(exist_ok=True)
    journal = stand_in / "journalctl"
    journal.write_text(f"#!/bin/sh\ncat {shlex.quote(str(house.log_path))}\n")
    journal.chmod(0o755)
    script = (block.replace(":8080", f":{house.port}").replace(":9464", f":{house.metrics_port}")
              .replace("/var/lib/kaunter/", f"{house.data}/"))
    # What greps for an error that did not happen finds nothing: that is no failure.
    done = subprocess.run(
        ["bash", "-u", "-c", f"set -o pipefail\ngrep() {{ command grep \"$@\" || [ $? = 1 ]; }}\n"
         f"set -e\n{script}"],
        env=os.environ | {"PATH": f"{stand_in}:{os.environ['PATH']}",
                          "KAUNTER_DATABASE_URL": house.database_url or ""},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_SECONDS)
    same((done.returncode, done.stderr), (0, ""), f"exit status and errors of {block!r}")


@suite.table("{}: each line of the log is one JSON object of fields that the page tells", BOTH)
def logged(houses: dict, name: str) -> None:
    known = {word for row in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", sections(PAGE)["Logs"],
                                        re.MULTILINE) for word in re.findall(r"`(\w+)`", row)}
    lines = [json.loads(each) for each in houses[name].log().splitlines()]
    expect(len(lines) > 20, f"there are {len(lines)} lines")
    fields = {field for line in lines for field in line}
    same(sorted(fields - known), [], "fields that the page does not tell")
    messages = {line["message"] for line in lines}
    expect({"request", "notification"} <= messages, f"the messages are {messages}")
    for line in lines:
        if line["message"] == "request":
            same(sorted({"request_id", "trace_id", "method", "route", "code", "milliseconds"}
                        - set(line)), [], "fields that a request lacks")


@suite.table("{}: a request, its notification, and the worker's lines have one trace", BOTH)
def traced(houses: dict, name: str) -> None:
    house = houses[name]
    payment = house.shop.create(notification_endpoint_url=house.receiver.url + "/traced")
    trace = secrets.token_hex(16)
    answer = house.ask("POST", f"/sandbox/v1/payments/{payment['uuid']}", b'{"outcome":"paid"}',
                       {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"})
    same(answer.status, 200, "status of the sandbox")
    parent = house.receiver.next("/traced").headers.get("traceparent", "")
    expect(re.fullmatch(rf"00-{trace}-[0-9a-f]{{16}}-[0-9a-f]{{2}}", parent),
           f"the notification's traceparent is {parent!r}, and the trace {trace}")
    request = answer.headers["x-request-id"]
    until(lambda: any(line["message"] == "notification" for line in lines_of(house, request)),
          "the worker's line has another request_id, or none")
    same({line["trace_id"] for line in lines_of(house, request)}, {trace}, "traces of the lines")
    same({line["message"] for line in lines_of(house, request)} >= {"request", "notification"},
         True, "whether both lines are there")


def lines_of(house: House, request: str) -> list[dict]:
    """The lines of the log that belong to a request."""
    lines = [json.loads(each) for each in house.log().splitlines()]
    return [each for each in lines if each.get("request_id") == request]


@suite.case("each error code of the runbook's table is one that Kaunter gives")
def codes(_) -> None:
    web = "".join(each.read_text() for each in (REPOSITORY / "Sources" / "KaunterWeb").rglob(
        "*.swift"))
    table = sections(RUNBOOK)["Look here first"]
    words = re.findall(r"^\| [0-9, ]+ \| `(\w+)` \|", table, re.MULTILINE)
    expect(len(words) >= 6, f"the table has {words}")
    same([each for each in words if f'"{each}"' not in web], [], "codes that nothing gives")


@suite.case("a database that is away shows as the runbook says, and needs no restart")
def away(houses: dict) -> None:
    house = houses["PostgreSQL"]
    name = database_name(house)
    body = json.dumps(house.shop.order()).encode()
    headers = house.shop.headers(body)
    on_server(house, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    try:
        end_connections(house)
        until(lambda: house.ask("GET", "/readyz").body == b'{"status":"database away"}',
              "/readyz does not say it")
        answer = house.ask("POST", "/v1/payment", body, headers)
        same((answer.status, answer.headers.get("x-error-code")), (503, "unavailable"), "answer")
        expect("retry-after" in answer.headers, "there is no Retry-After")
        same(house.ask("GET", "/healthz").status, 200, "status of /healthz")
        until(lambda: "\nkaunter_database_up 0" in metrics(house), "kaunter_database_up is not 0")
        until(lambda: "kaunter_worker_faults_total{" in metrics(house), "no worker has failed")
    finally:
        on_server(house, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    until(lambda: house.ask("GET", "/readyz").status == 200, "/readyz is not 200 again")
    same(house.ask("POST", "/v1/payment", body, headers).status, 200, "status of the same create")
    until(lambda: "\nkaunter_database_up 1" in metrics(house), "kaunter_database_up is not 1")


def until(is_so, reason: str) -> None:
    """Waits until something is so, for a while."""
    end = time.monotonic() + WAIT_SECONDS
    while not is_so():
        expect(time.monotonic() < end, reason)
        time.sleep(0.1)
