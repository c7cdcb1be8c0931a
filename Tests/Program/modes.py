"""Sandbox or live: decided once, with what each of them has and has not."""

import json
import shutil
import uuid
from contextlib import contextmanager
from pathlib import Path

from gateway import free_port
from house import House, closing, command
from merchant import Merchant, refused
from suite import Suite, expect, same

DEPOSIT = [("online_banking_myr_hpp", "MBB"), ("online_banking_myr_hpp", "FPX"),
           ("qr_code_myr_hpp", "DUITNOW"), ("e_wallet_myr_hpp", "MAEDUITNOW")]


@contextmanager
def opening(binary: Path, folder: Path):
    key = folder / "master.key"
    same(command(binary, "keys", "master", "--out", key).code, 0, "exit code of keys master")
    same(key.stat().st_mode & 0o777, 0o600, "mode of the master key")
    with closing(House(binary, folder)) as house:
        house.store += ["--master-key", key]
        house.key = key
        house.kind = []
        house.start()
        house.shop = Merchant(house)
        yield house


suite = Suite("Sandbox or live", opening)


def serve(house: House, data: Path, *options: object) -> tuple[int, dict]:
    """Tries to start a server that is expected to refuse."""
    done = command(house.binary, "serve", "--data", data, "--listen",
                   f"127.0.0.1:{free_port()}", "--json", *options)
    return done.code, done.value().get("error", {})


@suite.case("live without a master key refuses, and makes nothing")
def without_key(house: House) -> None:
    place = house.folder / "keyless"
    code, error = serve(house, place)
    same(code, 78, "exit code")
    expect("--master-key" in error["message"], f"it says {error['message']!r}")
    expect(not place.exists(), "a folder was made")
    same(command(house.binary, "migrate", "--data", place, "--json").code, 78, "code of migrate")


@suite.table("live with the master key inside --data refuses: {}", [
    ("named plainly", "inner/master.key", "{data}/master.key"),
    ("named with dots", "inner/master.key", "{data}/../inner/./master.key"),
    ("behind a symbolic link", "inner/master.key", "{data}/../link.key"),
    ("in a folder within", "inner/deep/m.key", "{data}/deep/m.key"),
])
def key_inside(house: House, name: str, file: str, spelled: str) -> None:
    place = house.folder / "inner"
    shutil.rmtree(place, ignore_errors=True)
    (house.folder / file).parent.mkdir(parents=True)
    shutil.copy(house.key, house.folder / file)
    link = house.folder / "link.key"
    link.unlink(missing_ok=True)
    link.symlink_to(house.folder / file)
    code, error = serve(house, place, "--master-key", spelled.format(data=place))
    same(code, 78, "exit code")
    expect("outside" in error["message"], f"it says {error['message']!r}")
    expect(not (place / "kaunter.sqlite").exists(), "a database was made")


@suite.table("a live server refuses a master key file {}", [
    ("that is missing", None), ("that is empty", b""), ("that is junk", b"hello\n"),
    ("that is huge", b"A" * 5_000_000), ("that is binary", bytes(range(256))),
])
def bad_key(house: House, _: str, content: bytes | None) -> None:
    file = house.folder / "bad.key"
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_bytes(content)
        file.chmod(0o600)
    code, error = serve(house, house.folder / "badly", "--master-key", file)
    same(code, 78, f"exit code with {error}")


@suite.case("a master key that others can read is refused")
def open_key(house: House) -> None:
    file = house.folder / "open.key"
    shutil.copy(house.key, file)
    file.chmod(0o644)
    code, error = serve(house, house.folder / "openly", "--master-key", file)
    same(code, 78, f"exit code with {error}")


@suite.table("live has no route {}", [
    ("POST", "/sandbox/v1/payments/{}", b'{"outcome":"paid"}'), ("GET", "/sandbox", None),
    ("GET", "/simulator/{}", None), ("POST", "/simulator/{}", b"choice=approve"),
    ("GET", "/sandbox/v1/payments/{}", None),
])
def no_routes(house: House, method: str, path: str, body: bytes | None) -> None:
    strange = house.ask(method, f"/{uuid.uuid4()}/{uuid.uuid4()}", body)
    same(strange.status, 404, "status of a path of nobody's")
    answer = house.ask(method, path.format(uuid.uuid4()), body)
    same(answer.status, 404, f"status, with {answer.body[:200]!r}")
    for word in (b"sandbox", b"simulat"):
        expect(word not in answer.body.lower(), f"{word!r} is in the answer")


@suite.table("live serves no service yet: {}", DEPOSIT)
def inactive(house: House, service: str, code: str) -> None:
    answer = house.shop.call("/v1/payment", house.shop.order(service=service, customer_code=code))
    refused(answer, 400, ["service"])


@suite.case("live tells an inactive service together with all other faults, http included")
def all_faults(house: House) -> None:
    order = house.shop.order(
        amount="1.001", notification_endpoint_url="http://shop.example/n", customer_ip="x")
    refused(house.shop.call("/v1/payment", order), 400,
            ["amount", "service", "customer_ip", "notification_endpoint_url"])


@suite.case("live takes https targets only for notifications, by command too")
def https_only(house: House) -> None:
    order = house.shop.order(notification_endpoint_url="http://shop.example/n",
                             success_redirect_url="http://shop.example/thanks")
    refused(house.shop.call("/v1/payment", order), 400, ["service", "notification_endpoint_url"])
    order = house.shop.order(notification_endpoint_url="https://shop.example/n")
    refused(house.shop.call("/v1/payment", order), 400, ["service"])
    whose = ("--account", house.shop.account)
    done = house.command("endpoint", "add", *whose, "--url", "http://shop.example/n")
    same((done.code, list(done.value()["error"]["errors"])), (1, ["url"]), "http endpoint")
    house.must("endpoint", "add", *whose, "--url", "https://shop.example/n")


@suite.table("live signs nothing for an address of a listener's, and has no clock: {}", [
    ("listen", ("listen", "--forward-to", "http://127.0.0.1:1/n")),
    ("clock show", ("clock", "show")),
    ("clock advance", ("clock", "advance", "1h")),
    ("trigger", ("trigger", "payment.paid")),
    ("sandbox reset", ("sandbox", "reset", "--yes")),
])
def not_in_live(house: House, _: str, words: tuple) -> None:
    done = house.command(*words)
    same((done.code, done.value()["error"]["code"]), (1, "not_allowed"), "exit code and word")


@suite.case("live refuses a status and a payment's page of nobody's")
def nobody(house: House) -> None:
    refused(house.shop.call("/v1/payment/status", {"order_id": "x"}), 404)
    same(house.ask("GET", f"/{uuid.uuid4()}").status, 404, "status of a page")


@suite.case("live limits requests, strangers apart from the account")
def limited(house: House) -> None:
    house.end()
    file = house.folder / "limits.json"
    file.write_text(json.dumps({"limits": {
        "account_requests_per_second": 2, "stranger_requests_per_second": 3}}))
    house.start("--config", file)
    try:
        body = b"{}"
        signed = house.shop.headers(body)
        strangers = [house.ask("POST", "/v1/payment/history", body, {}) for _ in range(12)]
        found = {each.status for each in strangers}
        same(found, {401, 429}, "statuses of strangers")
        for each in strangers:
            if each.status == 429:
                refused(each, 429, [])
                expect(int(each.headers["retry-after"]) >= 1, "there is no Retry-After")
        calls = [house.ask("POST", "/v1/payment/history", body, signed) for _ in range(12)]
        same(429 in {each.status for each in calls}, True, "whether the account is limited")
    finally:
        house.end()
        house.start()


@suite.case("a live store stays live: a sandbox on it is refused")
def stays_live(house: House) -> None:
    same(house.end(), 0, "exit status")
    try:
        code, error = serve(house, house.data, "--sandbox", "--master-key", house.key)
        same(code, 1, "exit code")
        expect("live" in error["message"], f"it says {error['message']!r}")
        same(house.command("migrate", "--sandbox").code, 1, "exit code of migrate --sandbox")
        same(house.must("migrate")["mode"], "live", "mode")
    finally:
        house.start()


@suite.case("a live store with another or no master key is refused, by commands too")
def other_key(house: House) -> None:
    same(house.end(), 0, "exit status")
    try:
        other = house.folder / "other.key"
        same(command(house.binary, "keys", "master", "--out", other).code, 0, "keys master")
        for options in (("--master-key", other), ()):
            for words in (("serve", "--listen", f"127.0.0.1:{free_port()}"), ("account", "list")):
                done = command(house.binary, *words, "--data", house.data, *options, "--json")
                same(done.code, 78, f"exit code of {words[0]} {options}, with {done.err!r}")
    finally:
        house.start()


@suite.case("a sandbox stays a sandbox: live on it is refused")
def stays_sandbox(house: House) -> None:
    place = house.folder / "sandbox"
    done = command(house.binary, "migrate", "--sandbox", "--data", place, "--json")
    same((done.code, done.value()), (0, {"mode": "sandbox"}), "migrate --sandbox")
    code, error = serve(house, place, "--master-key", house.key)
    same(code, 1, f"exit code with {error}")
    expect("sandbox" in error["message"], f"it says {error['message']!r}")
    done = command(house.binary, "account", "list", "--data", place,
                   "--master-key", house.key, "--json")
    same(done.code, 78, "exit code of a command with another key")
