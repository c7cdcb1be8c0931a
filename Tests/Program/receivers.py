"""Receivers that misbehave: each event arrives as it should, and each try says what was wrong.

Each receiver is a server of its own that does wrong for some requests and right afterwards. The
sandbox's clock is advanced, so that nobody waits for retries. What came is verified, every request
of it, by the vendor's rule and by the library of Standard Webhooks.
"""

import os
import ssl
import subprocess
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway import free_port
from house import House, closing
from merchant import php_json, verifies
from mischief import (
    MUCH_BYTES, Act, Troublemaker, break_off, code, deaf, drip, hang, much,
)
from notices import KEYS
from quick import QuickMerchant
from suite import Skipped, Suite, expect, same
from targets import AUTHORITIES, authorities, expired, lacking, leaf, nested, self_signed
from webhooks import by_secret, library, sign

HERE = "IP:127.0.0.1"
TRY_SECONDS = 40
# A try that is given up has taken no longer, and the program some time around it.
LONGEST_TRY_MILLISECONDS = 15_000 + 2_000
SILENCE_SECONDS = 1.5
MUCH_PAYMENTS = 16
# What sixteen answers of 10 MB would take if they were kept is far beyond it.
GROWTH_BYTES = 64_000_000
TAKEN_BYTES = 8_000_000
ELSEWHERE = "Location: {}/elsewhere"
ROUNDS = 12
# For the tries of five hours of the outage: nobody is there, so they take no time.
OUTAGE_STEP_SECONDS = 3


@dataclass
class Told:
    """A receiver, its endpoint's secret, and the events that are told to it."""

    server: Troublemaker
    endpoint: int
    secret: str
    events: list[str]

    @property
    def name(self) -> str:
        """As `kaunter receivers` knows it."""
        return f"endpoint {self.endpoint}"


@contextmanager
def opening(binary: Path, folder: Path):
    with ExitStack() as stack:
        house = House(trusting(binary, folder) or binary, folder)
        house.trusts = house.binary != binary
        house.library = library()
        stack.enter_context(closing(house))
        house.start()
        house.shop = QuickMerchant(house)
        house.elsewhere = Troublemaker()
        stack.callback(house.elsewhere.close)
        yield house


def trusting(binary: Path, folder: Path) -> Path | None:
    """A program that runs the binary where our authority is in the place of the system's; nothing
    where there are no namespaces."""
    authorities(folder)
    leaf(folder, "good", HERE)
    leaf(folder, "wrong", "DNS:other.example")
    leaf(folder, "stranger", HERE, "stranger-ca")
    expired(folder, "expired", HERE)
    self_signed(folder, "self", "127.0.0.1", "-days", "2", "-addext", f"subjectAltName={HERE}")
    script = (f'mount --make-rprivate / && mount --bind "$0" {AUTHORITIES} && exec "$@"')
    way = nested("sh", "-c", script, folder / "ca.crt", binary)
    # The network stays the one of this machine.
    words = " ".join(f"'{each}'" for each in way if each != "--net")
    program = folder / "kaunter-that-trusts"
    program.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    program.chmod(0o755)
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True)
        if done.returncode != 0:
            lacking(done.stderr)
    except Skipped as reason:
        print(f"skipped the certificates: {reason}", flush=True)
        return None
    return program


suite = Suite("Receivers that misbehave", opening)


def certificate(house: House, name: str) -> ssl.SSLContext:
    """A server's side of TLS with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(house.folder / f"{name}.crt", house.folder / f"{name}.key")
    return context


def told(house: House, server: Troublemaker, count: int = 1) -> Told:
    """Has so many payments paid that are told to this server, by an endpoint of its own."""
    made = house.must("endpoint", "add", "--account", house.shop.account, "--url",
                      f"{server.url}/n?shop=%C3%A9")
    receiver = Told(server, made["id"], made["secret"], [])
    attend(house, receiver, server)
    tell(house, receiver, count)
    return receiver


def attend(house: House, receiver: Told, server: Troublemaker) -> None:
    """From here on it is this server that is told. The library refuses what is old, so it looks at
    each request as it comes."""
    receiver.server = server
    server.verify = lambda arrival: by_secret(house, receiver.secret, arrival)


def tell(house: House, receiver: Told, count: int) -> None:
    """Has so many more told to it."""
    for _ in range(count):
        payment = house.shop.create(desc="kopi/茶", notification_endpoint_id=receiver.endpoint)
        same(house.simulate(payment["uuid"], outcome="paid").status, 200, "the sandbox")
        events = house.must("events", "list", "--payment", payment["id"])["events"]
        receiver.events.append(events[0]["event"])


def delivery(house: House, event: str) -> dict:
    """The one delivery of an event."""
    [found] = house.must("events", "show", event)["deliveries"]
    return found


def at_last(look, what: str, seconds: float = TRY_SECONDS) -> None:
    """Waits until it is so."""
    end = time.monotonic() + seconds
    while not look():
        expect(time.monotonic() < end, f"{what} in {seconds} s")
        time.sleep(0.1)


def arrived(house: House, receiver: Told) -> None:
    """Every event was accepted once, and every request that came is genuine."""
    server = receiver.server
    for event in receiver.events:
        at_last(lambda: delivery(house, event)["state"] == "delivered", f"{event} is delivered")
    accepted = [each.headers["webhook-id"] for each, number in zip(server.arrivals, server.codes)
                if 200 <= number < 300]
    same(sorted(accepted), sorted(receiver.events), "events that were accepted")
    genuine(house, receiver)


def genuine(house: House, receiver: Told) -> None:
    """What came to a receiver is signed in both ways, each request of it; `sign` is an event's."""
    signs: dict[str, set] = {}
    same(receiver.server.refused, [], "requests that the library refuses")
    for arrival in receiver.server.arrivals:
        signs.setdefault(arrival.headers["webhook-id"], set()).add(sign(arrival))
    expect(all(len(each) == 1 for each in signs.values()), "an event has two signatures")
    for arrival in {each.headers["webhook-id"]: each for each in receiver.server.arrivals}.values():
        fields = {name: value for name, value in arrival.fields().items() if name != "shop"}
        text = php_json({key: fields.get(key) for key in KEYS} | {"id": int(fields["id"])})
        expect(verifies(house.shop.notification_key, fields["sign"], text.encode()),
               f"openssl refuses the signature over {text}")


GET, POST = "GET", "POST"
PLAIN: list[tuple[str, list[Act], list[tuple]]] = [
    ("hangs", [hang], [(GET, 0, "timeout")]),
    ("takes the connection and no more", [deaf], [(GET, 0, "timeout")]),
    ("drips its head", [drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0)], [(GET, 0, "timeout")]),
    ("drips its body, which is accepted by the head",
     [drip(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"x", 200)], []),
    ("answers 301", [code(301, ELSEWHERE)] * 4, [(GET, 301, "")] * 4),
    ("answers 401", [code(401)] * 4, [(GET, 401, "")] * 4),
    ("answers 500", [code(500)] * 6, [(GET, 500, "")] * 6),
    ("answers 404 to all", [code(404)] * 4, [(GET, 404, ""), (POST, 404, "")] * 2),
    ("answers 404 to GET", [code(404)], [(GET, 404, "")]),
    ("answers 405 to GET", [code(405)], [(GET, 405, "")]),
    ("answers 500 with 10 MB", [much(500)] * 2, [(GET, 500, "")] * 2),
    ("closes before it reads", [break_off(b"", is_reset=True)] * 2,
     [(GET, 0, "unreachable")] * 2),
    ("closes without an answer", [break_off(b"")] * 4, [(GET, 0, "unreachable")] * 4),
    ("closes within its head", [break_off(b"HTTP/1.1 200 OK\r\nX: ")], [(GET, 0, "unreachable")]),
    ("closes within its body, which is accepted by the head",
     [break_off(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", 200)], []),
    ("says no HTTP", [break_off(b"SSH-2.0-OpenSSH_9.2\r\n")], [(GET, 0, "unreachable")]),
]
SECURE = [
    ("says no word of TLS", [deaf], [(GET, 0, "timeout")]),
    ("has a certificate of its own making", ["self"] * 2, [(GET, 0, "unreachable")] * 2),
    ("has a certificate for another name", ["wrong"] * 2, [(GET, 0, "unreachable")] * 2),
    ("has a certificate whose time is over", ["expired"] * 2, [(GET, 0, "unreachable")] * 2),
    ("has a certificate of a strange authority", ["stranger"] * 2,
     [(GET, 0, "unreachable")] * 2),
]
# Who accepts by the act itself, or by POST at once, needs no more.
ACCEPTED_BY = {"answers 404 to GET": POST, "answers 405 to GET": POST}


def expected(name: str, faults: list[tuple]) -> list[tuple]:
    """All requests of a delivery, as the log of tries names them."""
    return [*faults, (ACCEPTED_BY.get(name, GET), 200, "")]


@suite.case("all of them at once: all arrives, and nobody waits for another")
def begun(house: House) -> None:
    good = certificate(house, "good")
    house.rows = {}
    for name, acts, faults in PLAIN:
        acts = [code(301, ELSEWHERE.format(house.elsewhere.url)) for _ in acts] \
            if "301" in name else acts
        house.rows[name] = told(house, Troublemaker(*acts)), expected(name, faults)
    for name, acts, faults in SECURE if house.trusts else []:
        acts = [certificate(house, each) if isinstance(each, str) else each for each in acts]
        house.rows[name] = told(house, Troublemaker(*acts, good=good)), expected(name, faults)
    waiting = dict(house.rows)
    for number in range(ROUNDS):
        for name, (receiver, _) in [*waiting.items()]:
            [event] = receiver.events
            at_last(lambda: tries_of(delivery(house, event)) > number
                    or delivery(house, event)["state"] == "delivered", f"another try: {name}")
            if delivery(house, event)["state"] == "delivered":
                del waiting[name]
        if not waiting:
            break
        house.must("clock", "advance", "2h")
    same([*waiting], [], "what did not arrive")


def tries_of(found: dict) -> int:
    """How often it was tried, not counting a POST that follows a GET at once."""
    return found["failures"] + (found["state"] == "delivered")


@suite.table("a receiver that {} gets it once, and each try is written down",
             [(name, False) for name, *_ in PLAIN] + [(name, True) for name, *_ in SECURE])
def written(house: House, name: str, is_secure: bool) -> None:
    if is_secure and not house.trusts:
        raise Skipped("there are no namespaces here")
    receiver, wanted = house.rows[name]
    found = delivery(house, receiver.events[0])
    same([(each["method"], each["code"], each["fault"] or "") for each in found["tries"]], wanted,
         "tries")
    longest = max(each["milliseconds"] for each in found["tries"])
    expect(longest <= LONGEST_TRY_MILLISECONDS, f"a try took {longest} ms")
    arrived(house, receiver)
    same(receiver.server.connections, len(wanted), "connections")
    expect(all(each < TAKEN_BYTES for each in receiver.server.written),
           f"{receiver.server.written} bytes were taken")
    expect(not house.elsewhere.arrivals, "a redirect was followed")


@suite.case("429 is waited for as long as Retry-After says, and is waited for by all")
def patience(house: House) -> None:
    receiver = told(house, Troublemaker(code(429, "Retry-After: 1800")))
    at_last(lambda: tries_of(delivery(house, receiver.events[0])) == 1, "the first try")
    tell(house, receiver, 2)
    house.must("clock", "advance", "25m")
    time.sleep(SILENCE_SECONDS)
    same(len(receiver.server.arrivals), 1, "requests after 25 minutes")
    house.must("clock", "advance", "6m")
    arrived(house, receiver)
    tried = delivery(house, receiver.events[0])["tries"]
    same([each["code"] for each in tried], [429, 200], "codes")
    expect(["Retry-After: 1800" in str(each["answer_headers"]) for each in tried][0],
           f"what was answered is {tried[0]['answer_headers']}")


@suite.case("410 disables: nothing more is sent, and `receivers resume` sends everything")
def gone(house: House) -> None:
    receiver = told(house, Troublemaker(code(410)))
    at_last(lambda: state(house, receiver) == "disabled", "disabled")
    tell(house, receiver, 3)
    house.must("clock", "advance", "2d")
    time.sleep(SILENCE_SECONDS)
    same(len(receiver.server.arrivals), 1, "requests to one that is gone")
    house.must("receivers", "resume", receiver.name)
    arrived(house, receiver)
    same([each["code"] for each in delivery(house, receiver.events[0])["tries"]], [410, 200],
         "codes")


def state(house: House, receiver: Told) -> str:
    """How the receiver is doing."""
    listed = house.must("receivers", "list")["receivers"]
    return next((each["state"] for each in listed if each["receiver"] == receiver.name), "healthy")


@suite.case("answers of 10 MB are cut, and the server's memory does not grow by them")
def bounded(house: House) -> None:
    server = Troublemaker(always=much(200))
    sizes, is_over = [resident(house)], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.01):
            sizes.append(resident(house))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        receiver = told(house, server, 0)
        house.must("endpoint", "set", "--account", house.shop.account, "--id", receiver.endpoint,
                   "--concurrency", MUCH_PAYMENTS)
        tell(house, receiver, MUCH_PAYMENTS)
        arrived(house, receiver)
    finally:
        is_over.set()
        watching.join()
    growth = max(sizes) - sizes[0]
    print(f"        {MUCH_PAYMENTS} answers of {MUCH_BYTES} bytes: at most {max(server.written)}"
          f" taken of one, memory grew by {growth}", flush=True)
    expect(growth < GROWTH_BYTES, f"the server's memory grew by {growth} bytes")
    expect(max(server.written) < TAKEN_BYTES, f"{max(server.written)} bytes were taken")


def resident(house: House) -> int:
    """Bytes of memory that the server has."""
    pages = Path(f"/proc/{house.process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@suite.case("a bad certificate that never gets good: the endpoint is moved, and all goes there")
def moved(house: House) -> None:
    if not house.trusts:
        raise Skipped("there are no namespaces here")
    bad = Troublemaker(good=certificate(house, "expired"))
    receiver = told(house, bad, 3)
    for event in receiver.events:
        at_last(lambda: tries_of(delivery(house, event)) > 0, "the first try")
    attend(house, receiver, Troublemaker())
    house.must("endpoint", "set", "--account", house.shop.account, "--id", receiver.endpoint,
               "--url", f"{receiver.server.url}/n")
    arrived(house, receiver)
    same(bad.arrivals, [], "requests that were told to a bad certificate")


@suite.case("after an outage of 75 hours, by the clock, everything arrives")
def outage(house: House) -> None:
    port = free_port()
    away = Troublemaker(port=port)
    away.close()
    receiver = told(house, away, 3)
    for number in range(15):
        known = failures(house, receiver)
        house.must("clock", "advance", "5h")
        # Mostly some are due; if none is, nothing happens.
        end = time.monotonic() + OUTAGE_STEP_SECONDS
        while failures(house, receiver) == known and time.monotonic() < end:
            time.sleep(0.1)
        if number == 7:
            tell(house, receiver, 2)
    expect(failures(house, receiver) > 10, "in the outage there were few tries")
    same(away.connections, 0, "connections during the outage")
    attend(house, receiver, Troublemaker(port=port))
    house.must("clock", "advance", "14h")
    arrived(house, receiver)
    for event in receiver.events:
        codes = [each["code"] for each in delivery(house, event)["tries"]]
        same((codes[-1], set(codes[:-1])), (200, {0}), f"codes of {event}")


def failures(house: House, receiver: Told) -> int:
    """How often its events were tried for nothing."""
    return sum(delivery(house, each)["failures"] for each in receiver.events)
