"""A sandbox's clock: what is due by it, restarts, several nodes, its limits."""

import time
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from commands import failed
from house import House, closing, command, new_database
from payouts import BOTH, Payer, on
from shop import open_shop
from suite import Skipped, Suite, expect, same

WAIT_SECONDS = 30
MALAYSIA = timezone(timedelta(hours=8))
DAY = 86_400


@contextmanager
def opening(binary: Path, folder: Path):
    with ExitStack() as stack:
        houses = {"SQLite": [stack.enter_context(closing(House(binary, folder)))]}
        try:
            url = stack.enter_context(new_database())
        except Skipped as reason:
            houses["missing"] = reason
        else:
            place = folder / "postgresql"
            place.mkdir()
            nodes = [stack.enter_context(closing(House(binary, place, url))) for _ in range(2)]
            nodes[1].log_path = place / "second.log"
            nodes[1].output_path = place / "second.out"
            houses["PostgreSQL"] = nodes
        receiver = stack.enter_context(open_shop())
        for nodes in [each for each in houses.values() if isinstance(each, list)]:
            for node in nodes:
                node.start()
            for node in nodes:
                node.receiver = receiver
                node.payer = Payer(nodes[0])
        yield houses


suite = Suite("A sandbox's clock", opening)


def at_last(look, wanted: object, what: str) -> None:
    """Looks again until it is so."""
    end = time.monotonic() + WAIT_SECONDS
    while (found := look()) != wanted:
        expect(time.monotonic() < end, f"{what}: found {found!r}, wanted {wanted!r}")
        time.sleep(0.2)


def ahead(house: House) -> int:
    """Seconds by which the sandbox says that it is ahead."""
    return house.must("clock", "show")["ahead_seconds"]


@suite.table("{}: a payment runs out when the clock is advanced, and that is told", BOTH)
def runs_out(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    payer, path = house.payer, f"/out-{name}"
    payment = payer.create(lifetime=900, notification_endpoint_url=house.receiver.url + path)
    before = ahead(house)
    found = house.must("clock", "advance", "9m59s")
    same(found["ahead_seconds"], before + 599, "seconds ahead")
    same(found["became_due"]["payments"], 0, "payments that became due")
    same(payer.status(id=payment["id"])["payment_status"], "wait", "status after ten minutes")
    same(house.must("clock", "advance", "5m1s")["became_due"]["payments"], 1,
         "payments that became due")
    at_last(lambda: payer.status(id=payment["id"])["payment_status"], "cancel", "status")
    same(house.receiver.next(path).fields()["payment_status"], "cancel", "what was told")


@suite.table("{}: a receiver that failed is asked again when the clock says so", BOTH)
def told_again(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    path = f"/again-{name}"
    house.receiver.answers("GET", path, 500, 500, 500)
    payment = house.payer.create(notification_endpoint_url=house.receiver.url + path)
    house.simulate(payment["uuid"], outcome="paid")
    for _ in range(3):
        house.receiver.next(path)
        # The failure is written down after it was answered, and minutes pass until the next try.
        time.sleep(0.5)
        house.must("clock", "advance", "1h")
    same(house.receiver.next(path).fields()["payment_status"], "paid", "the fourth try")


@suite.table("{}: held money is released when the clock has come to its day", BOTH)
def released(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    payer = Payer(house)
    house.must("terms", "set", "--account", payer.account, "--service", "online_banking_myr_hpp",
               "--hold-days", "30", "--reason", "contract")
    payment = payer.create(amount="80.00")
    house.simulate(payment["uuid"], outcome="paid")
    same(payer.balance()["hold"], "80.00000000", "held")
    house.must("clock", "advance", "27d")
    same(payer.balance()["hold"], "80.00000000", "held on the 27th day")
    same(house.must("clock", "advance", "20d")["became_due"]["holds"], 1, "holds that became due")
    at_last(lambda: payer.balance()["balance"], "80.00000000", "available")


@suite.table("{}: a payout whose fate was unknown is asked about", BOTH)
def asked(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    payer = Payer(house, funds="100.00")
    late = payer.pay("/v1/payout", payer.payout(number="00061234")).value()
    at_last(lambda: payer.payout_status(id=late["id"])["account_new_balance"] is not None, True,
            "reserved")
    time.sleep(2)
    same(payer.payout_status(id=late["id"])["payment_status"], "wait", "status after a moment")
    house.must("clock", "advance", "10m")
    at_last(lambda: payer.payout_status(id=late["id"])["payment_status"], "paid", "status")


@suite.table("{}: the clock goes on from where it was after a restart, and without a server", BOTH)
def restarts(houses: dict, name: str) -> None:
    nodes = on(houses, name)
    house = nodes[0]
    before = ahead(house)
    for node in nodes:
        node.end()
    same(ahead(house), before, "seconds ahead without a server")
    found = house.must("clock", "advance", "1d")
    same(found["ahead_seconds"], before + DAY, "seconds ahead, advanced without a server")
    for node in nodes:
        node.start()
    same(ahead(house), before + DAY, "seconds ahead after the restart")
    payment = house.payer.create(amount="31.00")
    listed = house.payer.call("/v1/payment/history", {}).value()
    page = house.payer.call("/v1/payment/history", {"page": listed["meta"]["last_page"]}).value()
    created = next(each["created_at"] for each in page["data"] if each["id"] == payment["id"])
    moved = datetime.strptime(created, "%Y-%m-%d %H:%M:%S").replace(tzinfo=MALAYSIA) - timedelta(
        seconds=before + DAY)
    off = abs((moved - datetime.now(timezone.utc)).total_seconds())
    expect(off < 60, f"a payment's time is {off} s off")


@suite.case("PostgreSQL: an advance holds on the other node too")
def both_nodes(houses: dict) -> None:
    first, second = on(houses, "PostgreSQL")
    wanted = first.must("clock", "advance", "3d")["ahead_seconds"]

    def created() -> int:
        body = first.payer.order(amount="33.00")
        port, first.port = first.port, second.port
        try:
            made = first.payer.create(**body)
        finally:
            first.port = port
        query = {"date_from": str(datetime.now(MALAYSIA).date() + timedelta(seconds=wanted))}
        return sum(each["id"] == made["id"] for page in (1, 2, 3, 4) for each in
                   first.payer.call("/v1/payment/history", query | {"page": page}).value()["data"])

    at_last(created, 1, "payments of the second node on that day")


@suite.case("the metrics' clock stays the real one")
def outside(houses: dict) -> None:
    house = houses["SQLite"][0]
    house.must("clock", "advance", "1d")
    time.sleep(2)
    text = house.ask("GET", "/metrics").body.decode()
    moments = [float(line.split()[-1]) for line in text.splitlines()
               if line.startswith(("kaunter_worker_turn_at_seconds{",
                                   "kaunter_process_start_seconds"))]
    expect(len(moments) >= 8, f"there are {len(moments)} such metrics")
    for each in moments:
        expect(abs(each - time.time()) < 3600, f"{each} is not near {time.time()}")


@suite.table("a span that is none is refused: {}", [
    (each,) for each in ("2x", "h", "2", "1-h", "1h-", "0s", "1.5h", "٢h", "9999999999d", "")
])
def spans(houses: dict, span: str) -> None:
    house = houses["SQLite"][0]
    before = ahead(house)
    same(house.command("clock", "advance", span).code, 64, "exit code")
    same(ahead(house), before, "seconds ahead")


@suite.case("one advance and all together have their limits")
def limits(houses: dict) -> None:
    house = houses["SQLite"][0]
    same(list(failed(house, 1, "clock", "advance", "401d")["errors"]), ["seconds"], "fields")
    for _ in range(12):
        before = ahead(house)
        done = house.command("clock", "advance", "400d")
        if done.code != 0:
            break
    same(done.code, 1, "exit code at the end of the clock")
    same(ahead(house), before, "seconds ahead after a refusal")
    expect(before > 3_000 * DAY, f"only {before} seconds could be advanced")


@suite.case("a live store refuses, and its clock is the real one")
def live(houses: dict) -> None:
    house = houses["SQLite"][0]
    place = house.folder / "live"
    place.mkdir()
    key = place / "live.key"
    same(command(house.binary, "keys", "master", "--out", key).code, 0, "exit code of keys master")
    other = House(house.binary, place)
    other.store += ["--master-key", key]
    other.kind = []
    with closing(other):
        for runs in (False, True):
            if runs:
                other.start()
            else:
                other.must("migrate")
            same(other.command("clock", "advance", "1h").code, 1, "exit code of clock advance")
            same(other.command("clock", "show").code, 1, "exit code of clock show")
