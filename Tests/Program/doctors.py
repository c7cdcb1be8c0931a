"""`kaunter doctor`: what it sees of a healthy house and of sick ones, and what it never shows."""

import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gateway import free_port
from house import Done, House, closing, command, new_database
from merchant import PAYER
from payouts import BOTH, Payer, on
from shop import open_shop
from suite import Skipped, Suite, expect, same

CHECKS = {"configuration", "folder", "master-key", "database", "clock-order", "keys", "receivers",
          "outbox", "attempts", "payouts", "approvals", "suspense", "seals", "books"}
# What belongs to payers, payees and merchants, and must not be shown.
PRIVATE = [*PAYER.values(), "Nurulxyz", "Binti-Asdfg", "12345678901234", "hunter2secret", "tok3n"]


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
            houses["PostgreSQL"] = [stack.enter_context(closing(House(binary, place, url)))]
        receiver = stack.enter_context(open_shop())
        for house in [each[0] for each in houses.values() if isinstance(each, list)]:
            house.start()
            house.receiver = receiver
            house.payer = Payer(house, funds="900.00")
        yield houses


suite = Suite("The doctor", opening)


def examined(house: House, *options: object) -> tuple[Done, dict[str, list[dict]]]:
    """What the doctor says, by its checks."""
    done = house.command("doctor", *options)
    value = done.value()
    same(list(value), ["healthy", "checks"], "keys of the answer")
    found: dict[str, list[dict]] = {}
    for each in value["checks"]:
        same(list(each), ["check", "state", "found", "advice"], "keys of a check")
        same(each["advice"] != "", each["state"] != "ok", f"whether {each} has advice")
        found.setdefault(each["check"], []).append(each)
    fails = any(each["state"] == "fail" for each in value["checks"])
    same((value["healthy"], done.code), (not fails, 1 if fails else 0), "healthy and exit code")
    for word in PRIVATE:
        expect(word not in done.out + done.err, f"{word} is shown")
    return done, found


def states(found: dict[str, list[dict]], check: str) -> list[str]:
    """What a check came to."""
    return [each["state"] for each in found.get(check, [])]


def not_ok(found: dict[str, list[dict]]) -> set[str]:
    """The checks that came to something else than ok."""
    return {check for check in found if set(states(found, check)) != {"ok"}}


@suite.table("{}: a healthy house is healthy, with a server", BOTH)
def healthy(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    _, found = examined(house)
    same(not_ok(found), set(), "checks that are not ok")
    wanted = CHECKS | ({"server", "disk"} if name == "SQLite" else {"clock"})
    same(set(found) - {"sandbox-clock"}, wanted, "checks")
    expect(f"{name}, schema " in found["database"][0]["found"], "the database is not named")
    plain = command(house.binary, "doctor", *house.store)
    same(plain.code, 0, "exit code without --json")
    expect("ok    books" in plain.out and "FAIL" not in plain.out, f"it prints {plain.out!r}")


@suite.case("without a server the store is looked at all the same, and that is told")
def without_server(houses: dict) -> None:
    house = houses["SQLite"][0]
    house.end()
    _, found = examined(house)
    same(not_ok(found), {"server"}, "checks that are not ok")
    same(states(found, "server"), ["warn"], "the server")
    house.start()


@suite.case("what can't be read of a configuration fails, all of it")
def configuration(houses: dict) -> None:
    house = houses["SQLite"][0]
    file = house.folder / "sick.json"
    file.write_text('{"listen": {"adress": "x"}, "log": {"level": "loud"}}')
    _, found = examined(house, "--config", file)
    same(states(found, "configuration"), ["fail", "fail"], "the configuration")
    examined(house, "--config", house.folder / "nowhere.json")


@suite.case("a master key that others may read fails, and a folder that is open warns")
def permissions(houses: dict) -> None:
    house = houses["SQLite"][0]
    key = house.data / "master.key"
    try:
        key.chmod(0o644)
        house.data.chmod(0o755)
        _, found = examined(house)
        same((states(found, "master-key"), states(found, "folder")), (["fail"], ["warn"]),
             "the key and the folder")
        expect("0600" in found["master-key"][0]["found"], "what to do is not said")
    finally:
        key.chmod(0o600)
        house.data.chmod(0o700)
    _, found = examined(house, "--master-key", house.folder / "nowhere.key")
    same(states(found, "master-key"), ["fail"], "a missing key")


@suite.table("{}: a receiver that refuses is named by its endpoint, not by its path", BOTH)
def receivers(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    path = f"/sick-{name}"
    house.receiver.answers("GET", path, always=500)
    payment = house.payer.create(
        notification_endpoint_url=f"{house.receiver.url}{path}?key=tok3n")
    house.simulate(payment["uuid"], outcome="paid")
    for _ in range(4):
        house.receiver.next(path)
        time.sleep(0.5)
        house.must("clock", "advance", "1h")
    _, found = examined(house)
    same(states(found, "receivers"), ["warn"], "the receivers")
    words = found["receivers"][0]["found"]
    for word in (house.receiver.url, house.payer.account, "is failing: 1 notifications wait"):
        expect(word in words, f"{word} is not in {words!r}")
    for _ in range(8):
        house.must("clock", "advance", "20h")
        time.sleep(2)
        _, found = examined(house)
        if "is disabled: 1 notifications wait" in found["receivers"][0]["found"]:
            expect("kaunter receivers resume" in found["receivers"][0]["advice"], "the advice")
            house.receiver.answers("GET", path, always=200)
            sick = house.must("receivers", "list")["receivers"]
            house.must("receivers", "resume", sick[0]["receiver"])
            return
    raise AssertionError(f"it says {found['receivers']}")


@suite.table("{}: what waits too long while no server runs fails", BOTH)
def overdue(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    payer = house.payer
    slow = payer.create(customer_first_name="TEST SLOW")
    late = payer.pay("/v1/payout", payer.payout(number="00061234567890")).value()
    time.sleep(3)
    same(payer.payout_status(id=late["id"])["payment_status"], "wait", "status of the payout")
    house.end()
    house.must("trigger", "payment.over", "--account", payer.account, "--set",
               f"notification_endpoint_url={house.receiver.url}/late-{name}")
    house.must("clock", "advance", "2h")
    _, found = examined(house)
    sick = {check: states(found, check)[0] for check in not_ok(found) - {"receivers", "server"}}
    same(sick, {each: "fail" for each in ("outbox", "attempts", "payouts", "seals")}, "what fails")
    house.must("clock", "advance", "2d")
    _, found = examined(house)
    same(states(found, "suspense"), ["warn"], "suspense after two days")
    house.start()
    house.receiver.next(f"/late-{name}")
    time.sleep(5)
    _, found = examined(house)
    same(not_ok(found) - {"receivers"}, {"suspense"}, "what is not ok with a server again")
    same(payer.status(id=slow["id"])["payment_status"] in ("paid", "cancel"), True, "its end")


@suite.case("an account that nobody can call for is warned of")
def keys(houses: dict) -> None:
    house = houses["SQLite"][0]
    made = house.must("merchant", "create", "--name", "Kedai Sunyi")
    _, found = examined(house)
    same(states(found, "keys"), ["warn"], "the keys")
    house.must("account", "set", "--account", made["account"], "--payments", "off")
    _, found = examined(house)
    same(states(found, "keys"), ["ok"], "the keys of an account that takes no payments")


@suite.case("the last key of an account is named before its end")
def ending(house_of: dict) -> None:
    house = house_of["SQLite"][0]
    made = house.must("merchant", "create", "--name", "Kedai Lama")
    house.must("keys", "issue", "--account", made["account"], "--for", "payment", "--days", "30",
               "--out", house.folder / "ending")
    _, found = examined(house)
    same(states(found, "keys"), ["warn"], "the keys")
    expect(f"payment key of account {made['account']} ends in" in found["keys"][0]["found"],
           f"it says {found['keys']}")
    house.must("keys", "issue", "--account", made["account"], "--for", "payment",
               "--out", house.folder / "lasting")
    _, found = examined(house)
    same(states(found, "keys"), ["ok"], "the keys with one that lasts")


@suite.case("a database that is away fails, and its password is not shown")
def away(houses: dict) -> None:
    house = houses["SQLite"][0]
    url = f"postgresql://u:hunter2secret@127.0.0.1:{free_port()}/x"
    _, found = examined(house, "--database-url", url)
    same(states(found, "database"), ["fail"], "the database")


@suite.case("a folder without a store fails, and none is made")
def nothing(houses: dict) -> None:
    house = houses["SQLite"][0]
    other = House(house.binary, house.folder / "empty")
    _, found = examined(other)
    same((states(found, "database"), states(found, "master-key")), (["fail"], ["fail"]), "checks")
    expect(not other.data.exists(), "a folder was made")


@suite.case("a live store without holidays and without TLS is warned of")
def live(houses: dict) -> None:
    house = houses["SQLite"][0]
    place = house.folder / "live"
    place.mkdir()
    key = place / "live.key"
    same(command(house.binary, "keys", "master", "--out", key).code, 0, "exit code of keys master")
    other = House(house.binary, place)
    other.store += ["--master-key", key]
    other.must("migrate")
    done, found = examined(other)
    same(states(found, "configuration"), ["ok", "warn", "warn"], "the configuration")
    expect("holidays" in done.out and "HTTP" in done.out, f"it says {done.out!r}")
