"""SIGTERM: what is in flight is finished, what is served is served to the end of the drain."""

import signal
import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from house import House, closing
from merchants import Client, Signer
from places import configured
from shop import open_shop
from suite import Suite, expect, same
from unfinished import Unfinished
from wire import Line

IN_FLIGHT = 24
IDLE = 20
KEPT = 5
# So long a server may take to notice what was sent before something else.
NOTICE_SECONDS = 1.0
FINISH_AFTER_SECONDS = 3.0
SLOW_RECEIVER_SECONDS = 4.0
STOP_SECONDS = 20
# What a busy machine may add to that.
GRACE_SECONDS = 5
GLANCE_SECONDS = 0.05
DRAIN_SECONDS = 3
PAUSE_SECONDS = 0.02
PROBE = b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house:
        house.start()
        house.shop = Signer(house)
        yield house


suite = Suite("Stops", opening)


@contextmanager
def slow_receiver():
    """A receiver that takes its time to answer 200; the paths of what came."""
    came, reached = [], threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append(self.path)
            reached.set()
            time.sleep(SLOW_RECEIVER_SECONDS)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format, *arguments):
            """Says nothing: the cases speak."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", came, reached
    finally:
        server.shutdown()
        server.server_close()


def restarted(house: House, **listen: int) -> None:
    """Has the house run under these settings, whatever the case before has left."""
    house.end(signal.SIGKILL)
    house.start(*configured(house, listen=listen))


def stopped(house: House, begun: float) -> None:
    """Waits for the end that was asked for; exit status 0 within the limit."""
    process, house.process = house.process, None
    try:
        code = process.wait(max(0.1, begun + STOP_SECONDS + GRACE_SECONDS - time.monotonic()))
    except Exception:
        process.kill()
        process.wait()
        raise AssertionError(f"it did not end within {STOP_SECONDS} s") from None
    same(code, 0, "exit status")


def is_refused(house: House) -> bool:
    """Whether nobody listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", house.port)) != 0


@suite.case("bodies begun before SIGTERM are finished and answered; idle connections are closed")
def bodies(house: House) -> None:
    restarted(house)
    with ExitStack() as stack:
        orders = [house.shop.order() for _ in range(IN_FLIGHT)]
        lines = [stack.enter_context(Unfinished(house, "/v1/payment", each)) for each in orders]
        kept = [stack.enter_context(Line(house)) for _ in range(IDLE)]
        for line in kept:
            line.send(PROBE)
            same(line.read().status, 200, "status of the probe")
        silent = [stack.enter_context(Line(house)) for _ in range(IDLE)]
        time.sleep(NOTICE_SECONDS)
        begun = time.monotonic()
        house.process.send_signal(signal.SIGTERM)
        for line in kept + silent:
            same(line.file.read(), b"", "what an idle connection reads")
        time.sleep(FINISH_AFTER_SECONDS)
        expect(house.is_running(), "it ended with calls in flight")
        expect(is_refused(house), "new connections are taken after the drain")
        answers = []
        for line in lines:
            line.finish()
            answers.append(line.read())
        same({each.status for each in answers}, {200}, "statuses of what was in flight")
        same({each.headers.get("connection") for each in answers}, {"close"}, "Connection")
        stopped(house, begun)
    house.start()
    for order, answer in zip(orders, answers, strict=True):
        same(house.shop.call("/v1/payment", order).body, answer.body, "the answer to a repeat")


@suite.case("a delivery in flight is finished and written down: nobody is told twice")
def delivery(house: House) -> None:
    restarted(house)
    with slow_receiver() as (url, came, reached):
        payment = house.shop.create(notification_endpoint_url=f"{url}/slow")
        same(house.simulate(payment["uuid"], outcome="paid").status, 200, "the sandbox")
        expect(reached.wait(STOP_SECONDS), "the receiver was not asked")
        begun = time.monotonic()
        house.process.send_signal(signal.SIGTERM)
        stopped(house, begun)
        house.start()
        with open_shop() as other:
            # A delivery that is made after the restart shows that the worker has been at work.
            later = house.shop.create(notification_endpoint_url=f"{other.url}/later")
            house.simulate(later["uuid"], outcome="paid")
            other.next("/later")
            expect(other.has_silence("/later"), "it was told twice")
        same(len(came), 1, "notifications of the payment")
    same(house.shop.status(id=payment["id"])["payment_status"], "paid", "status")


@suite.case("in the drain the probe says so at once, and calls are served on old and new lines")
def drain(house: House) -> None:
    restarted(house, drain_seconds=DRAIN_SECONDS)
    raw, headers = house.shop.signed({"id": house.shop.create()["id"]})
    with ExitStack() as stack:
        kept = [Client(house.port) for _ in range(KEPT)]
        for client in kept:
            stack.callback(client.close)
            same(client.post("/v1/payment/status", raw, headers).status, 200, "status before")
        begun = time.monotonic()
        house.process.send_signal(signal.SIGTERM)
        while (answer := house.ask("GET", "/readyz")).status == 200:
            expect(time.monotonic() - begun < 1, "/readyz says ready a second after SIGTERM")
        same((answer.status, answer.value()), (503, {"status": "draining"}), "the probe")
        served = 0
        # Half of the drain: the end is not to be cut finely on a busy machine.
        while time.monotonic() - begun < DRAIN_SECONDS / 2:
            client = kept.pop() if kept else Client(house.port)
            stack.callback(client.close)
            answer = client.post("/v1/payment/status", raw, headers)
            same((answer.status, answer.headers.get("connection")), (200, "close"),
                 "a call's status and Connection in the drain")
            served += 1
            same(house.ask("GET", "/healthz").status, 200, "status of the other probe")
            time.sleep(PAUSE_SECONDS)
        expect(not kept, "there was no time for the old connections")
        stopped(house, begun)
        lasted = time.monotonic() - begun
        expect(lasted >= DRAIN_SECONDS, f"the drain took {lasted:.1f} s only")
        print(f"        {served} calls in the drain, and the end after {lasted:.1f} s")
        expect(is_refused(house), "somebody listens")


@suite.case("a second signal ends the drain, and not what is in flight")
def second(house: House) -> None:
    restarted(house, drain_seconds=60)
    order = house.shop.order()
    with Unfinished(house, "/v1/payment", order) as line:
        time.sleep(NOTICE_SECONDS)
        begun = time.monotonic()
        house.process.send_signal(signal.SIGTERM)
        time.sleep(NOTICE_SECONDS)
        same(house.ask("GET", "/readyz").status, 503, "status of the probe in the drain")
        house.process.send_signal(signal.SIGTERM)
        time.sleep(NOTICE_SECONDS)
        expect(is_refused(house), "the drain goes on")
        line.finish()
        same(line.read().status, 200, "status of what was in flight")
        stopped(house, begun)


@suite.case("a body that begins just before the stop and never ends does not hold it for ever")
def endless(house: House) -> None:
    restarted(house)
    with Unfinished(house, "/v1/payment", house.shop.order()):
        time.sleep(GLANCE_SECONDS)
        begun = time.monotonic()
        house.process.send_signal(signal.SIGTERM)
        stopped(house, begun)
        print(f"        it ended after {time.monotonic() - begun:.1f} s")
    house.start()
    house.must_live()
