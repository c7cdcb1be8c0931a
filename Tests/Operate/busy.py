"""A house on each database after a busy hour within a second, to be looked at."""

import json
import re
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gateway import fetch, free_port
from house import House, closing, new_database
from merchant import Merchant
from pages import Payer
from shop import open_shop
from suite import same

BOTH = [("SQLite",), ("PostgreSQL",)]
LIMITS = {"connections": 16, "requests_at_once": 4}
STORM_THREADS = 48
IDLE_CONNECTIONS = 40
COMMAND_TIMEOUT_SECONDS = 30


@contextmanager
def opening(binary: Path, folder: Path):
    """A house on each database, after a busy hour within a second."""
    with ExitStack() as stack:
        receiver = stack.enter_context(open_shop())
        houses = {}
        for name in ("SQLite", "PostgreSQL"):
            place = folder / name
            place.mkdir()
            url = stack.enter_context(new_database()) if name == "PostgreSQL" else None
            house = stack.enter_context(closing(House(binary, place, url)))
            houses[name] = house
            house.database_url = url
            house.metrics_port = free_port()
            settings = place / "kaunter.json"
            settings.write_text(json.dumps({
                "listen": {"metrics_address": f"127.0.0.1:{house.metrics_port}",
                           "connections": LIMITS["connections"]},
                "limits": {"requests_at_once": LIMITS["requests_at_once"]}}))
            house.settings = settings
            house.start("--config", settings)
            house.shop = Merchant(house)
            house.receiver = receiver
            work(house, receiver)
        yield houses


def work(house: House, receiver) -> None:
    """Of everything that is counted something: payments, refusals, notifications, a storm."""
    receiver.answers("GET", "/fails", 500, always=500)
    house.first = house.shop.create(notification_endpoint_url=receiver.url + "/works")
    payer = Payer(house, house.first)
    payer.decide(payer.choose(), "approve")
    receiver.next("/works")
    failing = house.shop.create(notification_endpoint_url=receiver.url + "/fails")
    house.simulate(failing["uuid"], outcome="cancel")
    receiver.next("/fails")
    Payer(house, house.shop.create()).choose()
    house.ask("POST", "/v1/payment", b"{}", {"Account": house.shop.account, "Sign": "AAAA"})
    body = json.dumps(house.shop.order()).encode()
    headers = house.shop.headers(body)
    idle = [socket.create_connection(("127.0.0.1", house.port)) for _ in range(IDLE_CONNECTIONS)]
    for each in idle:
        each.close()
    with ThreadPoolExecutor(STORM_THREADS) as pool:
        for _ in range(STORM_THREADS * 4):
            pool.submit(house.ask, "POST", "/v1/payment", body, headers)


def metrics(house: House) -> str:
    """The text of /metrics."""
    code, text = fetch(f"http://127.0.0.1:{house.metrics_port}/metrics")
    same(code, 200, "status of /metrics")
    return text


def database_name(house: House) -> str:
    """The name of a house's database in PostgreSQL."""
    return re.search(r"/(kaunter_program_\w+)", house.database_url)[1]


def on_server(house: House, statement: str) -> None:
    """Runs a statement as the server's administrator, beside the house's database."""
    server = house.database_url.replace(database_name(house), "postgres")
    subprocess.run(["psql", "--quiet", "--no-psqlrc", server, "--command", statement],
                   check=True, capture_output=True, timeout=COMMAND_TIMEOUT_SECONDS)


def end_connections(house: House) -> None:
    """Ends all connections to the house's database, whatever they are doing."""
    on_server(house, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                     f"WHERE datname = '{database_name(house)}'")
