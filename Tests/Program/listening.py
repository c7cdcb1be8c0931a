"""`kaunter listen` while many events happen: none is lost, and none repeated while it is connected.

Real payments are created and paid by several clients at once; each is an event. Meanwhile the
server is stopped and killed, and the listener interrupted and begun again. KAUNTER_LISTEN_EVENTS
says how many events there are on each database.
"""

import base64
import http.client
import json
import os
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from events import Listener, after_now
from house import House, closing, new_database
from merchant import php_json
from notices import KEYS
from payouts import BOTH, on
from quick import QuickMerchant
from suite import Skipped, Suite, expect, same
from webhooks import library

EVENTS = int(os.environ.get("KAUNTER_LISTEN_EVENTS", "1000"))
MAKERS = 8
CALL_TIMEOUT_SECONDS = 30
PAUSE_SECONDS = 0.05
SILENCE_SECONDS = 2
# Without a single new event for so long, no more will come.
STALL_SECONDS = 60


class Laptop:
    """The program on the developer's machine: verifies each notification as it comes."""

    def __init__(self, house: House):
        self.payments: list[int] = []
        self.unverified: list[str] = []
        self._key = load_pem_public_key(house.shop.notification_key.read_bytes())
        secret = house.must("keys", "webhook", "--account", house.shop.account)["secret"]
        self._webhook = library().Webhook(secret)
        laptop = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                laptop.take(urlsplit(self.path).query, dict(self.headers.items()))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format, *arguments):
                """Says nothing: the cases speak."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # A listener that is interrupted breaks its connection.
        self._server.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, query: str, headers: dict[str, str]) -> None:
        """Verifies one in both ways, and notes what it is about."""
        fields = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True))
        try:
            self._webhook.verify(query.encode(), headers, json_parse=False)
            text = php_json({key: fields.get(key) for key in KEYS} | {"id": int(fields["id"])})
            self._key.verify(base64.b64decode(fields["sign"], validate=True), text.encode(),
                             padding.PKCS1v15(), hashes.SHA1())
        except Exception as error:  # Whatever it is, this one is not genuine.
            self.unverified.append(f"{query}: {error!r}")
        self.payments.append(int(fields["id"]))

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()


class Makers:
    """Clients that create payments and have them paid, whatever becomes of the server meanwhile."""

    def __init__(self, house: House):
        self._house = house
        self.made: list[int] = []

    def make(self, count: int) -> None:
        """Makes so many, from several threads."""
        with ThreadPoolExecutor(MAKERS) as pool:
            for each in pool.map(self._make, [count // MAKERS + (number < count % MAKERS)
                                              for number in range(MAKERS)]):
                self.made += each

    def _make(self, count: int) -> list[int]:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self._house.port, timeout=CALL_TIMEOUT_SECONDS)
        made = []
        for _ in range(count):
            body = json.dumps(self._house.shop.order(desc="kopi/茶")).encode()
            payment = ask(connection, "/v1/payment", body, self._house.shop.headers(body))
            ask(connection, f"/sandbox/v1/payments/{payment['uuid']}", b'{"outcome":"paid"}', {})
            made.append(payment["id"])
        connection.close()
        return made


def ask(connection: http.client.HTTPConnection, path: str, body: bytes, headers: dict) -> dict:
    """The answer to a call, which is asked again until there is one: both calls may be repeated."""
    end = time.monotonic() + STALL_SECONDS
    while True:
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status == 200:
                return json.loads(text)
            expect(answer.status == 503, f"{path} was answered with {answer.status}: {text!r}")
        except (OSError, http.client.HTTPException):
            connection.close()
        expect(time.monotonic() < end, f"{path} got no answer")
        time.sleep(PAUSE_SECONDS)


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
        yield houses


suite = Suite(f"Listening to {EVENTS} events", opening)


def begin_again(house: House, listener: Listener) -> tuple[Listener, int]:
    """Interrupts a listener and begins another where it says; that, and the event it ended with."""
    words = listener.process.args[1:]
    said = listener.interrupt().split()[-1]
    words[words.index("--since") + 1] = said
    same(said, listener.lines[-1]["event"], "where to go on")
    return Listener(house, *words[:words.index("--data")]), listener.lines[-1]["payment"]


def through_an_outage(house: House, how: int, laptop: Laptop, makers: Makers) -> None:
    """Makes three eighths of the events, and has the server away while some are made."""
    making = threading.Thread(target=makers.make, args=(EVENTS // 4,))
    making.start()
    wanted = len(laptop.payments) + EVENTS // 8
    while making.is_alive() and len(laptop.payments) < wanted:
        time.sleep(PAUSE_SECONDS)
    house.end(how)
    # The listener, too, comes to see that nobody is there. When there is a server again, these are
    # made before it looks again.
    until_still(laptop)
    waiting = threading.Thread(target=makers.make, args=(EVENTS // 8,))
    waiting.start()
    house.start()
    for each in (making, waiting):
        each.join()


def until_still(laptop: Laptop) -> None:
    """Waits until nothing more comes from a listener whose server is away."""
    known = -1
    while len(laptop.payments) != known:
        known = len(laptop.payments)
        time.sleep(SILENCE_SECONDS)


def await_all(laptop: Laptop, count: int) -> None:
    """Waits until so many different payments were told, or nothing more comes."""
    known, since = -1, time.monotonic()
    while len(set(laptop.payments)) < count and time.monotonic() < since + STALL_SECONDS:
        if len(laptop.payments) != known:
            known, since = len(laptop.payments), time.monotonic()
        time.sleep(0.2)
    time.sleep(SILENCE_SECONDS)


@suite.table("{}: through a stop, a crash and an interruption it loses none and repeats none", BOTH)
def storm(houses: dict, name: str) -> None:
    house = on(houses, name)[0]
    house.start()
    house.shop = QuickMerchant(house)
    laptop, makers = Laptop(house), Makers(house)
    makers.make(1)
    before = makers.made.pop()
    listener = Listener(house, "listen", "--account", house.shop.account, "--since",
                        after_now(house), "--forward-to", laptop.url)
    start = time.monotonic()
    for how in (signal.SIGTERM, signal.SIGKILL):
        through_an_outage(house, how, laptop, makers)
    made_in = time.monotonic() - start
    same(Counter(laptop.payments).most_common(1)[0][1], 1, "times that the most told was told")
    listener, last = begin_again(house, listener)
    makers.make(EVENTS - len(makers.made))
    await_all(laptop, EVENTS)
    listener.interrupt()
    told_in = time.monotonic() - start
    told = Counter(laptop.payments)
    lost = [each for each in makers.made if each not in told]
    repeated = [each for each, count in told.items() if count > 1]
    print(f"        {name}: {EVENTS} events, three quarters made in {made_in:.0f} s, all told in"
          f" {told_in:.0f} s, lost {len(lost)}, repeated {len(repeated)},"
          f" unverified {len(laptop.unverified)}", flush=True)
    laptop.close()
    house.end()
    same((len(makers.made), lost[:3], laptop.unverified[:3]), (EVENTS, [], []),
         "what was made, lost and not verified")
    same(sorted(set(told) - set(makers.made)), [], "what was told and not made")
    expect(before not in told, "an event before --since was told")
    # What was under way when the listener was interrupted comes once more: no other.
    at = laptop.payments.index(last)
    expect(all(told[each] == 2 and each in laptop.payments[at + 1:at + 3] for each in repeated)
           and len(repeated) <= 1, f"repeated {repeated[:3]}")
