"""One store on SQLite: who has it, what lies in its folder, and what a restart keeps."""

import json
import signal
import socket
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from commands import failed
from gateway import fetch, free_port
from house import CALL_TIMEOUT_SECONDS, House, closing, command
from merchant import Merchant
from shop import open_shop
from suite import Suite, expect, same

AT_ONCE = 10


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house:
        house.start()
        house.shop = Merchant(house)
        yield house


suite = Suite("A store on SQLite", opening)


def modes(folder: Path) -> dict[str, int]:
    """The permissions of all that is in a folder, itself included, sockets included."""
    return {str(each.relative_to(folder)): stat.S_IMODE(each.stat().st_mode)
            for each in [folder, *folder.rglob("*")]}


@suite.case("the folder is for its owner alone, and so is every file in it")
def folder(house: House) -> None:
    found = modes(house.data)
    same(found.pop("."), 0o700, "mode of the folder")
    expect({"kaunter.sqlite", "control.sock", "master.key"} <= set(found), f"there is {found}")
    same({name: oct(each) for name, each in found.items() if each != 0o600}, {},
         "files with another mode than 0600")


@suite.case("a folder that was open to others is closed")
def closed(house: House) -> None:
    place = house.folder / "open"
    place.mkdir(mode=0o755)
    same(command(house.binary, "migrate", "--sandbox", "--data", place, "--json").code, 0,
         "exit code")
    same(modes(place)["."], 0o700, "mode of the folder")


@suite.case("the server printed one JSON value, and logs one JSON value a line")
def printed(house: House) -> None:
    value = json.loads(house.output_path.read_text())
    same(value, {"url": house.url, "listen": f"127.0.0.1:{house.port}", "mode": "sandbox"},
         "what serve printed")
    for line in house.log().splitlines():
        expect(isinstance(json.loads(line), dict), f"a log line is {line!r}")


@suite.case("a second server on the same folder refuses with 69, and disturbs nothing")
def second(house: House) -> None:
    done = command(house.binary, "serve", "--sandbox", "--data", house.data,
                   "--listen", f"127.0.0.1:{free_port()}", "--json")
    same(done.code, 69, f"exit code, with {done.err!r}")
    expect(done.value()["error"]["message"], "there is no message")
    failed(house, 69, "migrate", "--sandbox")
    house.shop.create()
    house.must("account", "list")


@suite.case("a server whose port is taken ends with a failure, and says one value")
def port_taken(house: House) -> None:
    done = command(house.binary, "serve", "--sandbox", "--data", house.folder / "other",
                   "--listen", f"127.0.0.1:{house.port}", "--json")
    same(done.code, 69, f"exit code, with {done.err[-300:]!r}")
    expect("error" in done.value(), "the value is no error")


@suite.case("ten commands at once beside a running server all succeed")
def at_once_beside(house: House) -> None:
    ten_merchants(house)


@suite.case("ten commands at once without a server all succeed")
def at_once_alone(house: House) -> None:
    same(house.end(), 0, "exit status")
    try:
        ten_merchants(house)
    finally:
        house.start()
    same(house.shop.call("/v1/payment/history", {}).status, 200, "status of a call afterwards")


def ten_merchants(house: House) -> None:
    """Makes ten merchants at once; each is there afterwards, once."""
    before = len(house.must("account", "list")["accounts"])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = list(pool.map(
            lambda number: house.command("merchant", "create", "--name", f"Kedai {number}"),
            range(AT_ONCE)))
    same([(each.code, each.err) for each in made if each.code != 0], [], "failures")
    accounts = {each.value()["account"] for each in made}
    same(len(accounts), AT_ONCE, "different accounts")
    listed = [each["account"] for each in house.must("account", "list")["accounts"]]
    same(len(listed), before + AT_ONCE, "accounts that are listed")
    expect(accounts <= set(listed), "an account is missing")


@suite.case("metrics may have an address of their own")
def metrics_apart(house: House) -> None:
    port = free_port()
    file = house.folder / "metrics.json"
    file.write_text(json.dumps({"listen": {"metrics_address": f"127.0.0.1:{port}"}}))
    same(house.end(), 0, "exit status")
    try:
        house.start("--config", file)
        same([house.ask("GET", path).status for path in ("/metrics", "/healthz")], [404, 200],
             "statuses on the first address")
        same([fetch(f"http://127.0.0.1:{port}{path}")[0] for path in (
            "/metrics", "/healthz", "/v1/payment")], [200, 404, 404], "statuses on the second")
    finally:
        house.end()
        house.start()


@suite.table("`serve` refuses {} with 78, and makes nothing", [
    (each, *each.split()) for each in (
        "--listen nonsense", "--listen 127.0.0.1:99999", "--listen 127.0.0.1:-1",
        "--public-url ftp://x.example", "--public-url https://x.example/path",
        "--public-url https://x.example?a=b", "--public-url x.example")])
def wrong_address(house: House, _: str, option: str, value: str) -> None:
    place = house.folder / "unmade"
    done = command(house.binary, "serve", "--sandbox", "--data", place, f"{option}={value}",
                   "--json")
    same(done.code, 78, f"exit code with {done.err!r}")
    expect("error" in done.value() and not place.exists(), "a folder was made")


@suite.case("a command without a store, and a folder that can't be, are failures with a code")
def nowhere(house: House) -> None:
    for arguments in (("account", "list"), ("merchant", "create", "--name", "x")):
        done = command(house.binary, *arguments, "--data", house.folder / "nowhere", "--json")
        same(done.code, 1, f"exit code with {done.err!r}")
        expect("error" in done.value(), "the value is no error")
    expect(not (house.folder / "nowhere").exists(), "a folder was made")
    done = command(house.binary, "migrate", "--sandbox", "--data", house.log_path / "x", "--json")
    same(done.code, 78, f"exit code with {done.err!r}")
    long = house.folder / ("x" * 120)
    done = command(house.binary, "serve", "--sandbox", "--data", long, "--json")
    same(done.code, 78, f"exit code of a path too long for a socket, with {done.err!r}")


@suite.case("a database file that is none is refused, and stays as it is")
def no_database(house: House) -> None:
    place = house.folder / "junk"
    place.mkdir(mode=0o700)
    (place / "kaunter.sqlite").write_bytes(b"this is no database at all, but it is mine" * 40)
    done = command(house.binary, "account", "list", "--data", place, "--json")
    same(done.code, 78, f"exit code with {done.err!r}")
    expect((place / "kaunter.sqlite").read_bytes().startswith(b"this is no"), "it was changed")


@suite.case("SIGTERM and SIGINT end the server with 0, and everything is kept")
def restart(house: House) -> None:
    order = house.shop.order(desc="kept")
    answer = house.shop.call("/v1/payment", order)
    house.simulate(answer.value()["uuid"], outcome="paid")
    before = house.shop.status(id=answer.value()["id"])
    accounts = house.must("account", "list")
    for how in (signal.SIGTERM, signal.SIGINT):
        same(house.end(how), 0, f"exit status after {how.name}")
        same(house.must("account", "list"), accounts, "the accounts without a server")
        house.start()
        same(house.shop.call("/v1/payment", order).body, answer.body, "the answer to a repeat")
        same(house.shop.status(id=answer.value()["id"]), before, "the status")


@suite.case("after kill -9 the next server and the next command find the store as it was")
def killed(house: House) -> None:
    order = house.shop.order()
    answer = house.shop.call("/v1/payment", order)
    house.end(signal.SIGKILL)
    expect((house.data / "control.sock").exists(), "there is no stale socket to be a hindrance")
    house.must("account", "list")
    house.must("merchant", "create", "--name", "Selepas")
    house.start()
    same(house.shop.call("/v1/payment", order).body, answer.body, "the answer to a repeat")
    house.must("account", "list")


@suite.case("what was in flight at SIGTERM is answered, or was never taken")
def in_flight(house: House) -> None:
    bodies = [json.dumps(house.shop.order()).encode() for _ in range(20)]
    signed = [(body, house.shop.headers(body)) for body in bodies]
    stop = threading.Event()
    answered: list[int] = []
    broken: list[str] = []

    def ask(part: list) -> None:
        connection = HTTPConnection("127.0.0.1", house.port, timeout=CALL_TIMEOUT_SECONDS)
        try:
            while not stop.is_set():
                for body, headers in part:
                    connection.request("POST", "/v1/payment", body, headers)
                    answer = connection.getresponse()
                    answered.append(answer.status)
                    json.loads(answer.read())
        except OSError:
            pass  # The connection was closed between two answers, or refused.
        except Exception as error:  # Half an answer, or one that is none.
            if type(error).__name__ not in ("RemoteDisconnected", "CannotSendRequest"):
                broken.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(signed[start::4],)) for start in range(4)]
    for each in threads:
        each.start()
    time.sleep(0.5)
    try:
        same(house.end(), 0, "exit status")
    finally:
        stop.set()
        for each in threads:
            each.join(CALL_TIMEOUT_SECONDS)
        house.start()
    same(broken, [], "answers that were cut")
    expect(answered and set(answered) == {200}, f"statuses {set(answered)}")
    for body in bodies:
        known = house.shop.call("/v1/payment", body)
        same(known.status, 200, "status of a repeat")


@suite.case("SIGTERM ends a server that idle connections and a hanging receiver hold")
def held(house: House) -> None:
    connections = [HTTPConnection("127.0.0.1", house.port, timeout=5) for _ in range(5)]
    with socket.create_server(("127.0.0.1", 0)) as receiver:
        url = f"http://127.0.0.1:{receiver.getsockname()[1]}/hangs"
        try:
            for each in connections:
                each.connect()
            payment = house.shop.create(notification_endpoint_url=url)
            house.simulate(payment["uuid"], outcome="paid")
            receiver.settimeout(CALL_TIMEOUT_SECONDS)
            caller, _ = receiver.accept()
            with caller:
                same(house.end(), 0, "exit status")
        finally:
            for each in connections:
                each.close()
            if not house.is_running():
                house.start()


@suite.case("a notification that was due while the server was down arrives after its start")
def notified_later(house: House) -> None:
    port = free_port()
    payment = house.shop.create(notification_endpoint_url=f"http://127.0.0.1:{port}/late")
    house.simulate(payment["uuid"], outcome="paid")
    same(house.end(), 0, "exit status")
    with open_shop(port) as shop:
        house.start()
        same(shop.next("/late").fields()["id"], str(payment["id"]), "the payment of the notice")
        expect(shop.has_silence("/late"), "it was told twice")


@suite.case("a notification in flight at kill -9 is told again by the next server")
def told_again(house: House) -> None:
    with open_shop() as shop:
        shop.answers("GET", "/again", 500)
        payment = house.shop.create(notification_endpoint_url=f"{shop.url}/again")
        house.simulate(payment["uuid"], outcome="cancel")
        first = shop.next("/again")
        house.end(signal.SIGKILL)
        house.start()
        same(shop.next("/again").query, first.query, "the query of the second try")
