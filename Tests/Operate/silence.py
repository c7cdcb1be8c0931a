"""What a day's logs at level debug, metrics and refusals must not hold, on either database."""

import json
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from busy import BOTH, end_connections
from house import CALL_TIMEOUT_SECONDS, Answer, House, closing, new_database
from merchant import Merchant
from pages import Payer
from privacy import work
from shop import open_shop
from suite import Suite, expect, same

# Everything that comes from outside bears this word, whatever else it is, and nothing of ours does.
WORD = "geheim"
# Shorter words are found in anything.
SHORTEST = 6
NOBODY = "127.0.0.1:1"
ADDRESSES = [
    f"http://{NOBODY}/geheim-nobody?token=geheim-token",
    "http://geheim-name.invalid/geheim-path",
    "https://{host}/geheim-tls",
]
HEADERS = {name: f"geheim-{name.lower()}" for name in (
    "Account", "Sign", "User-Agent", "Cookie", "Authorization", "Traceparent", "Tracestate",
    "Baggage", "X-Request-Id", "X-Forwarded-For", "Referer", "Origin", "Geheim-Header")}
RAW = [
    b"GEHEIM /geheim-raw HTTP/1.1\r\nHost: geheim-host\r\n\r\n",
    b"GET /geheim raw HTTP/9.9\r\n\r\n",
    b"geheim-junk \x00\xff\r\n\r\n",
    b"POST /v1/payment HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\ngeheim\r\n",
    b"POST /v1/payment HTTP/1.1\r\nHost: x\r\nContent-Length: geheim\r\n\r\n",
    b"POST /v1/payment HTTP/1.1\r\nHost: x\r\nGeheim\r\n\r\n",
]
BODIES = [
    b'{"geheim-key":"geheim-value"}', b'{"geheim', b"\xff\xfegeheim", b'["geheim"]',
    b'{"order_id":"geheim-order","amount":"geheim-amount","service":"geheim-service",'
    b'"customer_ip":"geheim-ip","customer_email":"geheim-mail","notification_endpoint_url":'
    b'"ftp://geheim-url","lifetime":"geheim-lifetime"}',
]


@contextmanager
def opening(binary: Path, folder: Path):
    """A house on each database, at level debug, and all that was said there."""
    with ExitStack() as stack:
        houses = {}
        for name in ("SQLite", "PostgreSQL"):
            place = folder / name
            place.mkdir()
            settings = place / "kaunter.json"
            settings.write_text('{"log":{"level":"debug"}}')
            url = stack.enter_context(new_database()) if name == "PostgreSQL" else None
            house = stack.enter_context(closing(House(binary, place, url)))
            house.start("--config", settings)
            house.shop = Merchant(house, "Geheim-Kedai")
            house.database_url = url
            house.receiver = stack.enter_context(open_shop())
            houses[name] = house
        with ThreadPoolExecutor(len(houses)) as pool:
            for _ in pool.map(day, houses.values()):
                pass
        yield houses


suite = Suite("What is never in a log", opening)


def day(house: House) -> None:
    """Does of everything something, some of it badly."""
    receiver = house.receiver
    house.secrets = {name: word for name, word in work(house, receiver).items()
                     if len(word) >= SHORTEST}
    house.refusals = []
    for address in ADDRESSES:
        tell(house, address.format(host=f"127.0.0.1:{receiver.port}"))
    for number, method in enumerate(("get", "post_form", "post_json")):
        path = f"/geheim-{number}"
        whom = ("endpoint", "add", "--account", house.shop.account, "--method", method)
        endpoint = house.must(*whom, "--url", f"{receiver.url}{path}?token=geheim")["id"]
        tell(house, None, notification_endpoint_id=endpoint)
        receiver.next(path)
    for path in ("/geheim", "/v1/geheim?geheim=geheim", "/simulator/geheim", "/v1/payment?geheim",
                 "/%67eheim/geheim", "/sandbox/geheim"):
        for method in ("GET", "POST", "GEHEIM"):
            keep(house, house.ask(method, path, b"geheim=geheim", HEADERS))
    for body in BODIES:
        for path in ("/v1/payment", "/v1/payment/status", "/v1/payment/history"):
            keep(house, house.shop.call(path, body))
            keep(house, house.ask("POST", path, body, HEADERS))
    payment = house.shop.create()
    keep(house, house.simulate(payment["uuid"], outcome="geheim"))
    keep(house, house.ask("POST", f"/{payment['uuid']}/attempts", b"bank=geheim&geheim=geheim"))
    bank = Payer(house, payment).choose()
    keep(house, house.ask("POST", bank, b"choice=geheim&geheim=geheim"))
    for text in RAW:
        say(house, text)
    commands(house)
    if house.database_url is not None:
        break_connections(house)


def tell(house: House, url: str | None, **fields) -> None:
    """A payment that is told there."""
    if url is not None:
        fields["notification_endpoint_url"] = url
    payment = house.shop.create(
        order_id=f"geheim-{len(house.log())}-{url}"[:128], desc="geheim-desc",
        success_redirect_url="http://shop.example/geheim-thanks?geheim=1", **fields)
    same(house.simulate(payment["uuid"], outcome="paid").status, 200, "status of the sandbox")
    Payer(house, payment).look()


def keep(house: House, answer: Answer) -> None:
    """Keeps an answer that is a refusal."""
    if answer.status >= 400:
        house.refusals.append(answer)


def say(house: House, text: bytes) -> None:
    """Says something that is no HTTP, and hangs up after the answer or a moment."""
    with socket.create_connection(("127.0.0.1", house.port), CALL_TIMEOUT_SECONDS) as line:
        line.sendall(text)
        line.shutdown(socket.SHUT_WR)
        answer = line.recv(65536)
    house.refusals.append(Answer(400, {}, answer))


def commands(house: House) -> None:
    """An operator's commands, some with mistakes."""
    file = house.folder / "geheim-file.pem"
    file.write_text("-----BEGIN PUBLIC KEY-----\ngeheim\n-----END PUBLIC KEY-----\n")
    account = ("--account", house.shop.account)
    house.command("keys", "upload", *account, "--for", "payment", "--public", file)
    house.command("merchant", "create", "--name", "Geheim-Zwei")
    house.command("redirect", "add", *account, "--url", "http://shop.example/geheim-redirect")
    house.command("endpoint", "add", *account, "--url", "geheim://geheim")
    house.command("account", "set", "--account", "geheim", "--digest", "sha256")


def break_connections(house: House) -> None:
    """Ends all connections to the database in the middle of calls, which then fail."""
    body = json.dumps(house.shop.order(order_id="geheim-broken")).encode()
    headers = house.shop.headers(body)
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(house.ask, "POST", "/v1/payment", body, headers) for _ in range(40)]
        end_connections(house)
        for each in calls:
            keep(house, each.result())


def found(text: str, house: House) -> list[str]:
    """What a text holds and must not: secrets by their names, and our word with what is around."""
    known = [name for name, word in house.secrets.items() if word.lower() in text.lower()]
    return known + re.findall(rf".{{0,40}}{WORD}.{{0,40}}", text, re.IGNORECASE)


@suite.table("{}: nothing from outside and no secret is in the log", BOTH)
def log(houses: dict, name: str) -> None:
    text = houses[name].log()
    expect(text.count("\n") > 80, f"the log has {text.count(chr(10))} lines only")
    same(found(text, houses[name]), [], "found in the log")
    same(found(houses[name].output_path.read_text(), houses[name]), [], "found on standard output")


@suite.table("{}: nor in the metrics", BOTH)
def metrics(houses: dict, name: str) -> None:
    text = houses[name].ask("GET", "/metrics").body.decode()
    expect("kaunter_http_requests_total" in text, "there are no metrics")
    same(found(text, houses[name]), [], "found in the metrics")


@suite.table("{}: a refusal gives nothing back of what it was asked with", BOTH)
def refusals(houses: dict, name: str) -> None:
    house = houses[name]
    expect(len(house.refusals) > 30, f"there were {len(house.refusals)} refusals only")
    for answer in house.refusals:
        text = answer.body.decode(errors="replace") + json.dumps(answer.headers)
        same(found(text, house), [], f"found in a {answer.status}, which says {text[:300]!r}")
