"""Events: listed, shown, followed, and forwarded to a program on the developer's machine."""

import json
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from commands import failed
from gateway import environment
from house import House, closing, command
from merchant import Merchant
from shop import Arrival, open_shop
from suite import Suite, expect, same

EVENT_KEYS = ["event", "type", "account", "payment", "payout", "amount", "created_at"]
DELIVERY_KEYS = ["delivery", "url", "endpoint", "state", "failures", "last_code", "last_fault",
                 "next_at", "ended_at", "tries"]
TRY_KEYS = ["started_at", "milliseconds", "method", "url", "sent_headers", "sent_body", "code",
            "fault", "answer_headers", "answer_body"]
LINE_TIMEOUT_SECONDS = 30
STORM = 300
INTERRUPTED = 130


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house, open_shop() as laptop:
        same(house.command("migrate", "--sandbox").code, 0, "exit code of migrate --sandbox")
        house.start()
        house.shop = Merchant(house)
        house.laptop = laptop
        yield house


suite = Suite("Events", opening)


class Listener:
    """A command that follows events, and its lines."""

    def __init__(self, house: House, *arguments: object):
        self.process = subprocess.Popen(
            [house.binary, *map(str, arguments), *house.store, "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
        self.lines: list[dict] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(json.loads(line))

    def wait(self, count: int) -> list[dict]:
        """The lines, once there are so many."""
        end = time.monotonic() + LINE_TIMEOUT_SECONDS
        while len(self.lines) < count and time.monotonic() < end:
            time.sleep(0.05)
        same(len(self.lines), count, f"lines of {self.process.args}")
        return self.lines

    def interrupt(self) -> str:
        """Ends it as Ctrl-C does; what it says."""
        self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=LINE_TIMEOUT_SECONDS)
        same(self.process.returncode, INTERRUPTED, f"exit code, with {said!r}")
        return said

    def end(self) -> None:
        """Waits for an end that comes by itself."""
        self._reader.join(LINE_TIMEOUT_SECONDS)
        same(self.process.wait(LINE_TIMEOUT_SECONDS), 0, "exit code")


def paid(house: House, **fields) -> dict:
    """A payment that is paid."""
    payment = house.shop.create(**fields)
    same(house.simulate(payment["uuid"], outcome="paid").status, 200, "status of the outcome")
    return payment


def after_now(house: House) -> str:
    """The newest event."""
    return house.must("events", "list", "--limit", "1")["events"][0]["event"]


@suite.case("a final status is listed and shown, with a receiver and without one")
def listed(house: House) -> None:
    quiet = paid(house)
    path = "/listed"
    loud = paid(house, notification_endpoint_url=f"{house.laptop.url}{path}?secret=1")
    house.laptop.next(path)
    events = house.must("events", "list", "--account", house.shop.account)["events"]
    same([each["payment"] for each in events], [loud["id"], quiet["id"]], "newest first")
    same(list(events[0]), EVENT_KEYS, "keys of an event")
    same({each["type"] for each in events}, {"payment.paid"}, "types")
    end = time.monotonic() + LINE_TIMEOUT_SECONDS
    while time.monotonic() < end:
        shown = house.must("events", "show", events[0]["event"])
        if shown["deliveries"][0]["state"] == "delivered":
            break
        time.sleep(0.1)
    same(list(shown), EVENT_KEYS + ["deliveries"], "keys of a shown event")
    delivery = shown["deliveries"][0]
    same(list(delivery), DELIVERY_KEYS, "keys of a delivery")
    same((delivery["url"], delivery["state"], delivery["failures"]),
         (f"{house.laptop.url}{path}", "delivered", 0), "the delivery")
    same([list(each) for each in delivery["tries"]], [TRY_KEYS], "keys of its tries")
    tried = delivery["tries"][0]
    same((tried["method"], tried["code"], tried["sent_body"]), ("GET", 200, None), "the try")
    expect("Cache-Control: no-store" in tried["sent_headers"], "the headers are not as sent")
    words = command(house.binary, "events", "show", events[0]["event"], *house.store)
    expect("sent_headers:   User-Agent: Kaunter\n" in words.out, f"in words it is {words.out}")
    expect("payment_status=paid" in tried["url"], "what was sent is not there")
    same(house.must("events", "show", events[1]["event"])["deliveries"], [], "of the quiet one")


@suite.case("filters take what fits all of their parts")
def filtered(house: House) -> None:
    payment = paid(house)
    house.must("freeze", "payment", "--payment", payment["id"], "--reason", "to see it")
    def types(*options: object) -> list:
        return [each["type"] for each in house.must("events", "list", *options)["events"]]
    of = ["--payment", payment["id"]]
    same(types(*of), ["payment.frozen", "payment.paid"], "of a payment")
    same(types(*of, "--type", "payment.paid"), ["payment.paid"], "of a type")
    same(types(*of, "--to", "2020-01-01"), [], "of another day")
    same(types(*of, "--limit", "1"), ["payment.frozen"], "one")
    same(types(*of, "--undelivered"), [], "undelivered")
    newest = after_now(house)
    same(types("--from-event", newest), ["payment.frozen"], "from an event on")


@suite.table("what is no event is refused: {}", [
    ("show evt_999999999", 1), ("show nonsense", 1), ("list --type payment.eaten", 1),
    ("list --limit 0", 1), ("list --limit 1001", 1), ("list --from tomorrow", 1),
    ("list --from-event evt_2 --to-event evt_1", 1),
    ("list --account nobody", 1), ("tail --since evt_999999999", 1),
])
def refused(house: House, words: str, code: int) -> None:
    failed(house, code, "events", *words.split())


@suite.case("following begins now, prints each event once, and says where to go on")
def tailed(house: House) -> None:
    paid(house)
    newest = after_now(house)
    tail = Listener(house, "events", "tail", "--since", newest)
    first = paid(house)
    lines = tail.wait(1)
    same((lines[0]["payment"], lines[0]["type"]), (first["id"], "payment.paid"), "the line")
    said = tail.interrupt()
    same(said.strip(), f"Go on with --since {lines[0]['event']}", "the farewell")
    second, third = paid(house), paid(house)
    again = Listener(house, "events", "tail", "--since", lines[0]["event"], "--count", "2")
    same([each["payment"] for each in again.wait(2)], [second["id"], third["id"]], "after it")
    again.end()


@suite.case("a listener gets what an endpoint gets, to the byte, and shows what was answered")
def forwarded(house: House) -> None:
    paid(house)
    newest = after_now(house)
    for method in ("get", "post_form", "post_json"):
        here, there = f"/here-{method}", f"/there-{method}"
        house.laptop.answers("GET" if method == "get" else "POST", here, 204)
        endpoint = house.must(
            "endpoint", "add", "--account", house.shop.account, "--url",
            house.laptop.url + there, "--method", method)["id"]
        listener = Listener(
            house, "listen", "--account", house.shop.account, "--since", newest, "--count", "1",
            "--forward-to", house.laptop.url + here, "--method", method)
        payment = paid(house, desc="kopi “ais”/é +", notification_endpoint_id=endpoint)
        ours, theirs = house.laptop.next(here), house.laptop.next(there)
        same(essence(ours), essence(theirs), f"what comes by {method}")
        lines = listener.wait(1)
        listener.end()
        same((lines[0]["payment"], lines[0]["answer"]), (payment["id"], "204"), "the line")
        newest = lines[0]["event"]


def essence(arrival: Arrival) -> tuple:
    """A request without what differs from one address and moment to the next."""
    headers = {name: value for name, value in arrival.headers.items()
               if name not in ("traceparent", "webhook-timestamp", "webhook-signature")}
    return arrival.method, arrival.query, arrival.body, headers


@suite.case("a program that is away is shown as such, and the next event comes all the same")
def away(house: House) -> None:
    paid(house)
    listener = Listener(house, "listen", "--since", after_now(house), "--count", "2",
                        "--forward-to", "http://127.0.0.1:1/nobody")
    paid(house), paid(house)
    same([each["answer"] for each in listener.wait(2)], ["unreachable"] * 2, "answers")
    listener.end()


@suite.case("without a server there is nothing to follow, and no store is taken for it")
def alone(house: House) -> None:
    house.end()
    failed(house, 69, "events", "tail")
    house.start()


@suite.case("a receiver that is gone is disabled; resumed, and told once more, it gets everything")
def gone(house: House) -> None:
    path = "/gone"
    house.laptop.answers("GET", path, 410)
    endpoint = house.must("endpoint", "add", "--account", house.shop.account, "--url",
                          house.laptop.url + path)["id"]
    first = paid(house, notification_endpoint_id=endpoint)
    house.laptop.next(path)
    receiver = f"endpoint {endpoint}"
    end = time.monotonic() + LINE_TIMEOUT_SECONDS
    while time.monotonic() < end and not house.must("receivers", "list")["receivers"]:
        time.sleep(0.1)
    listed = house.must("receivers", "list", "--account", house.shop.account)["receivers"]
    same([(each["receiver"], each["state"]) for each in listed], [(receiver, "disabled")], "listed")
    second = paid(house, notification_endpoint_id=endpoint)
    expect(house.laptop.has_silence(path), "a disabled receiver was asked")
    same(house.must("receivers", "resume", receiver)["state"], "healthy", "the state")
    same({int(house.laptop.next(path).fields()["id"]) for _ in range(2)},
         {first["id"], second["id"]}, "what came")
    event = house.must("events", "list", "--payment", first["id"])["events"][0]["event"]
    end = time.monotonic() + LINE_TIMEOUT_SECONDS
    while time.monotonic() < end and house.must(
            "events", "show", event)["deliveries"][0]["state"] != "delivered":
        time.sleep(0.1)
    same(house.must("events", "resend", event), {"found": 1, "resent": 1}, "resent")
    same(int(house.laptop.next(path).fields()["id"]), first["id"], "what came again")
    same(house.must("receivers", "pause", receiver)["state"], "paused", "the state")
    third = paid(house, notification_endpoint_id=endpoint)
    changed = house.must("endpoint", "set", "--account", house.shop.account, "--id", endpoint,
                         "--rate", "50")
    same(changed["rate"], 50, "the rate")
    expect(house.laptop.has_silence(path), "a paused receiver was asked")
    moved = f"{path}/moved"
    house.must("endpoint", "set", "--account", house.shop.account, "--id", endpoint, "--url",
               house.laptop.url + moved, "--concurrency", "2")
    same(int(house.laptop.next(moved).fields()["id"]), third["id"], "what came elsewhere")
    house.must("endpoint", "remove", "--account", house.shop.account, "--id", endpoint)
    answer = house.shop.call("/v1/payment", house.shop.order(notification_endpoint_id=endpoint))
    same(answer.status, 400, "status of a payment for a removed endpoint")
    failed(house, 1, "endpoint", "remove", "--account", house.shop.account, "--id", endpoint)
    failed(house, 1, "receivers", "resume", "endpoint 999")
    failed(house, 1, "events", "resend")


@suite.case("through a storm and a restart of the server a listener loses none and repeats none")
def storm(house: House) -> None:
    paid(house)
    newest = after_now(house)
    listener = Listener(house, "listen", "--since", newest, "--count", STORM,
                        "--forward-to", f"{house.laptop.url}/storm")
    made = []
    for number in range(STORM):
        if number == STORM // 2:
            house.end()
            house.start()
        made.append(paid(house)["id"])
    same([each["payment"] for each in listener.wait(STORM)], made, "what was listened to")
    listener.end()
    got = [int(house.laptop.next("/storm").fields()["id"]) for _ in range(STORM)]
    same(got, made, "what was forwarded")
    expect(house.laptop.has_silence("/storm"), "something came twice")
