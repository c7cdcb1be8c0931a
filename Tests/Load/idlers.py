"""Ten thousand connections that ask for nothing change nothing for those that do."""

import time
from contextlib import contextmanager
from pathlib import Path

from crowds import gathered
from descriptors import RESERVE, connections, raise_limit
from house import House, closing
from measures import memory_mib, metric
from merchants import Signer
from places import opened
from steady import load
from suite import Suite, expect, same

STRANGERS = 10_000
# A machine that lets a process have fewer connections than this proves nothing.
LEAST_STRANGERS = 2_000
SERVER_CONNECTIONS = 4_096
REOPENED_A_SECOND = 400
MEASURED_SECONDS = 6
MEMORY_MIB = 400
GAUGE_PAUSE_SECONDS = 0.5
# Few files, and more strangers than it has room for.
FEW_FILES = 256
MANY_FOR_FEW = 600
KINDS = ("silent", "head", "kept")


@contextmanager
def opening(binary: Path, folder: Path):
    strangers = connections(STRANGERS)
    expect(strangers >= LEAST_STRANGERS,
           f"{raise_limit()} open files are allowed here: too few for {LEAST_STRANGERS} strangers")
    # In a small place both are smaller, so that there is always a crowd beyond the limit.
    limit = min(SERVER_CONNECTIONS, strangers // 2)
    print(f"        {strangers} strangers, {limit} connections", flush=True)
    with opened(binary, folder, listen={"connections": limit}) as house:
        house.strangers, house.limit = strangers, limit
        yield house


suite = Suite("Idle strangers", opening)


@suite.case("a crowd beyond the limit of connections changes nothing for a steady load")
def crowd(house: House) -> None:
    with load(house) as before:
        time.sleep(MEASURED_SECONDS)
    memory = memory_mib(house)
    each = house.strangers // len(KINDS)
    wanted = dict.fromkeys(KINDS, each) | {"silent": house.strangers - each * (len(KINDS) - 1)}
    with load(house) as calls, gathered(
            house.port, reopen=REOPENED_A_SECOND, **wanted) as strangers:
        kept = strangers.wait_until_open()
        gauges = []
        end = time.monotonic() + MEASURED_SECONDS
        while time.monotonic() < end:
            gauges.append(metric(house, "kaunter_http_connections"))
            time.sleep(GAUGE_PAUSE_SECONDS)
        during = memory_mib(house)
        expect(strangers.is_there(), "the crowd went away by itself")
        report = strangers.end()
    print(f"        before: {before.words()}, {memory:.0f} MiB")
    print(f"        during: {calls.words()}, {during:.0f} MiB")
    print(f"        {kept} were open once all had come, {report['most_open']} at most; "
          f"gauge {min(gauges):.0f} to {max(gauges):.0f}")
    for kind in KINDS:
        seen = report["kinds"][kind]
        print(f"        {kind}: {seen['counts']}, those that ended had lasted "
              f"{seen['shortest']:.1f} to {seen['longest']:.1f} s")
    before.must_be_good("before")
    calls.must_be_good("among strangers")
    expect(max(gauges) <= house.limit, f"{max(gauges)} connections, of {house.limit} allowed")
    expect(max(gauges) > house.limit // 2, f"only {max(gauges)} connections: no crowd")
    counts = [report["kinds"][kind]["counts"] for kind in KINDS]
    came = sum(each["opened"] for each in counts)
    expect(came >= house.strangers, f"{came} strangers only")
    same(sum(each.get("refused", 0) for each in counts), 0, "refused connections")
    expect(metric(house, "kaunter_http_connections_evicted_total") > 0, "no eviction is counted")
    expect(during < MEMORY_MIB, f"{during:.0f} MiB of memory")


@suite.case("after the crowd the server is as it was")
def afterwards(house: House) -> None:
    house.must_live()
    same(house.shop.status(id=house.payment["id"])["payment_status"], "wait", "the payment")
    same(metric(house, "kaunter_http_shed_total"), 0, "calls that were shed")


@suite.case("with fewer file descriptors than connections the database keeps its own")
def few_files(house: House) -> None:
    folder = house.folder / "few-files"
    folder.mkdir()
    with closing(House(with_few_files(house), folder)) as small:
        small.start()
        small.shop = Signer(small)
        small.payment = small.shop.create()
        with gathered(small.port, silent=MANY_FOR_FEW) as strangers:
            strangers.wait_until_open()
            with load(small) as calls:
                for _ in range(5):
                    small.shop.create()
                time.sleep(1)
        calls.must_be_good("with few files")
        expect('"level":"error"' not in small.log(), f"it logged {small.log()[-800:]}")


def with_few_files(house: House) -> Path:
    """A program that starts the server where it may open few files."""
    program = house.folder / "kaunter-with-few-files"
    program.write_text(f'#!/bin/sh\nulimit -n {FEW_FILES}\nexec "{house.binary}" "$@"\n')
    program.chmod(0o700)
    return program
