"""Beyond capacity: what is let in is served, what isn't is told so, and leaves no trace."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from house import Answer, House
from measures import metric
from merchant import refused
from merchants import Client
from places import opened
from suite import Suite, expect, same
from unfinished import Unfinished
from wire import Line
from writers import held_writer

AT_ONCE = 8
# The fewest connections that can be configured.
CONNECTIONS = 16
THREADS = 64
CREATES_EACH = 12
PROBE_PAUSE_SECONDS = 0.05
PROBES = ("/healthz", "/readyz", "/metrics")
# So long a server may take to notice what was sent before something else.
NOTICE_SECONDS = 1.0


@contextmanager
def opening(binary: Path, folder: Path):
    rooms = {"calls": {"limits": {"requests_at_once": AT_ONCE}},
             "connections": {"listen": {"connections": CONNECTIONS}}}
    with ExitStack() as stack:
        houses = {}
        for name, sections in rooms.items():
            (folder / name).mkdir()
            houses[name] = stack.enter_context(opened(binary, folder / name, **sections))
        yield houses


suite = Suite("Beyond capacity", opening)


def storm(house: House) -> dict[str, Answer]:
    """Creates of many threads at once; the answers by order_id."""
    orders = [[house.shop.order(order_id=f"storm-{thread}-{number}")
               for number in range(CREATES_EACH)] for thread in range(THREADS)]
    calls = [[(order["order_id"], *house.shop.signed(order)) for order in each] for each in orders]
    gate = threading.Barrier(THREADS)
    answers = {}

    def run(mine: list) -> None:
        client = Client(house.port)
        gate.wait(60)
        for order, raw, headers in mine:
            answers[order] = client.post("/v1/payment", raw, headers)
        client.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, calls))
    return answers


def must_be_shed(answer: Answer) -> None:
    """Checks that an answer says: overloaded, try again."""
    refused(answer, 503, [])
    same((answer.headers.get("retry-after"), answer.headers.get("x-error-code")),
         ("1", "overloaded"), "Retry-After and X-Error-Code")


@suite.case("creates of 64 threads are done or shed; the probes answer, and nothing is half done")
def storms(houses: dict) -> None:
    house = houses["calls"]
    over, probed = threading.Event(), []

    def probe() -> None:
        while not over.is_set():
            probed.extend(house.ask("GET", path).status for path in PROBES)
            time.sleep(PROBE_PAUSE_SECONDS)

    prober = threading.Thread(target=probe)
    prober.start()
    with ThreadPoolExecutor(1) as pool:
        # A slow disk, for a moment: what is at work stays at work.
        with held_writer(house):
            storming = pool.submit(storm, house)
            time.sleep(NOTICE_SECONDS)
        answers = storming.result()
    over.set()
    prober.join()
    done = {order: each for order, each in answers.items() if each.status == 200}
    shed = {order: each for order, each in answers.items() if each.status != 200}
    print(f"        {len(done)} were done, {len(shed)} shed; {len(probed)} probes")
    for each in shed.values():
        must_be_shed(each)
    expect(done and shed, f"{len(done)} were done, {len(shed)} shed: no storm")
    same(set(probed), {200}, "statuses of the probes")
    for order, answer in done.items():
        same(house.shop.status(order_id=order)["id"], answer.value()["id"], f"id of {order}")
    for order in shed:
        refused(house.shop.call("/v1/payment/status", {"order_id": order}), 404)
    same(metric(house, "kaunter_http_shed_total"), len(shed), "calls counted as shed")


@suite.case("after the storm all are served again, those that were shed among them")
def calm(houses: dict) -> None:
    house = houses["calls"]
    shed = metric(house, "kaunter_http_shed_total")
    for thread in range(THREADS):
        house.shop.create(order_id=f"storm-{thread}-0")
    same(metric(house, "kaunter_http_shed_total"), shed, "calls that were shed")


@suite.case("beyond the limit strangers and pages are shed too; a body that drips takes no place")
def strangers(houses: dict) -> None:
    house = houses["calls"]
    with ExitStack() as stack:
        for _ in range(2 * AT_ONCE):
            stack.enter_context(Unfinished(house, "/v1/payment", house.shop.order()))
        time.sleep(NOTICE_SECONDS)
        house.shop.status(id=house.payment["id"])
        with ThreadPoolExecutor(AT_ONCE) as pool:
            with held_writer(house):
                working = [pool.submit(house.shop.create) for _ in range(AT_ONCE)]
                time.sleep(NOTICE_SECONDS)
                must_be_shed(house.ask("POST", "/v1/payment", b"{}"))
                must_be_shed(house.shop.call("/v1/payment/status", {"id": house.payment["id"]}))
                page = house.ask("GET", f"/{house.payment['uuid']}")
                same((page.status, page.headers.get("retry-after")), (503, "1"), "of a page")
            for each in working:
                each.result()
    house.shop.status(id=house.payment["id"])


@suite.case("where all connections are busy the next one is told so and closed; the busy ones end")
def busy(houses: dict) -> None:
    house = houses["connections"]
    with ExitStack() as stack:
        orders = [house.shop.order() for _ in range(CONNECTIONS)]
        lines = [stack.enter_context(Unfinished(house, "/v1/payment", each)) for each in orders]
        time.sleep(NOTICE_SECONDS)
        with Line(house) as late:
            late.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = late.read()
            same((answer.status, answer.headers.get("retry-after")), (503, "1"), "the answer")
            same(late.file.read(), b"", "what comes after the answer")
        for line in lines:
            line.finish()
            same(line.read().status, 200, "status of a busy connection's call")
    expect(metric(house, "kaunter_http_shed_total") > 0, "what was turned away is not counted")
    for order in orders:
        house.shop.status(order_id=order["order_id"])


@suite.case("a connection that is idle gives its place to the next, one in flight does not")
def evicted(houses: dict) -> None:
    house = houses["connections"]
    before = metric(house, "kaunter_http_connections_evicted_total")
    with ExitStack() as stack:
        flying = stack.enter_context(Unfinished(house, "/v1/payment", house.shop.order()))
        idle = [stack.enter_context(Line(house)) for _ in range(CONNECTIONS - 1)]
        time.sleep(NOTICE_SECONDS)
        house.shop.status(id=house.payment["id"])
        same(idle[0].file.read(), b"", "what the one that was idle longest reads")
        idle[-1].send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        same(idle[-1].read().status, 200, "status on the youngest")
        flying.finish()
        same(flying.read().status, 200, "status of the call in flight")
    expect(metric(house, "kaunter_http_connections_evicted_total") > before, "none is counted")
