"""What a server tells of itself on /metrics, and what the system tells of it."""

import re
from pathlib import Path

from house import House
from suite import same

LINE = re.compile(r"^(?P<name>[a-z_]+)(?:\{(?P<labels>[^}]*)\})? (?P<value>\S+)$")
LABEL = re.compile(r'([a-z_]+)="([^"]*)"')
MEBIBYTE_KIB = 1024


def metric(house: House, name: str, **labels: str) -> float:
    """The sum of a metric's values that have these labels; 0 where there is none yet."""
    answer = house.ask("GET", "/metrics")
    same(answer.status, 200, "status of /metrics")
    total = 0.0
    for line in answer.body.decode().splitlines():
        found = LINE.match(line)
        if found and found["name"] == name:
            has = dict(LABEL.findall(found["labels"] or ""))
            if labels.items() <= has.items():
                total += float(found["value"])
    return total


def memory_mib(house: House) -> float:
    """The server's resident memory in mebibytes."""
    status = Path(f"/proc/{house.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / MEBIBYTE_KIB
