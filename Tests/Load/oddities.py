"""Odd but honest HTTP, and bytes that are none: an answer or a close, never a hang."""

import os
import ssl
from contextlib import contextmanager
from pathlib import Path

from house import House
from places import opened
from suite import Suite, expect, same
from wire import Line, request

PIPELINED = 200
NOISES = 200
NOISE_BYTES = 700
STATUS = "/v1/payment/status"


@contextmanager
def opening(binary: Path, folder: Path):
    with opened(binary, folder) as house:
        yield house


suite = Suite("Odd HTTP", opening)


def status_call(house: House, version: str = "1.1", target: str = STATUS, **more: str) -> bytes:
    """The bytes of a signed status call, said in one of several ways."""
    raw, headers = house.shop.signed({"id": house.payment["id"]})
    return request(headers, raw, target, **more).replace(b"HTTP/1.1", f"HTTP/{version}".encode(), 1)


def is_ours(house: House, line: Line) -> None:
    """Reads an answer, which has to be the payment's status."""
    answer = line.read()
    same(answer.status, 200, f"status, with {answer.body[:200]!r}")
    same(answer.value()["id"], house.payment["id"], "id")


@suite.case("many requests sent before an answer is read are answered in their order")
def pipelined(house: House) -> None:
    made = [house.shop.create() for _ in range(4)]
    raw = b""
    for number in range(PIPELINED):
        body, headers = house.shop.signed({"id": made[number % 4]["id"]})
        raw += request(headers, body, STATUS)
    with Line(house) as line:
        line.send(raw)
        ids = [line.read().value()["id"] for _ in range(PIPELINED)]
    same(ids, [made[number % 4]["id"] for number in range(PIPELINED)], "ids in their order")


@suite.case("who sends many requests and reads no answer is not read on; others are served")
def unread(house: House) -> None:
    with Line(house) as line:
        line.socket.settimeout(2)
        sent = 0
        raw = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 500
        try:
            for _ in range(2_000):
                line.send(raw)
                sent += len(raw)
        except (TimeoutError, BrokenPipeError, ConnectionResetError):
            pass  # It takes no more, which is what is asked here.
        expect(sent < 2_000 * len(raw), "all was taken, and none of it read")
        with Line(house) as other:
            other.send(status_call(house))
            is_ours(house, other)


@suite.table("HTTP/1.0 is answered, and {}", [
    ("closed", {}, True), ("kept where that is asked for", {"Connection": "keep-alive"}, False),
])
def old(house: House, _: str, more: dict, is_closed: bool) -> None:
    with Line(house) as line:
        line.send(status_call(house, "1.0", **more))
        is_ours(house, line)
        if is_closed:
            same(line.file.read(), b"", "what comes after the answer")
        else:
            line.send(status_call(house, "1.0"))
            is_ours(house, line)


@suite.table("Connection: {} is answered and closed, and what came after it is not done", [
    ("close",), ("Close",), ("te, close",),
])
def close(house: House, said: str) -> None:
    order = house.shop.order()
    raw, headers = house.shop.signed(order)
    with Line(house) as line:
        line.send(status_call(house, Connection=said) + request(headers, raw, "/v1/payment"))
        is_ours(house, line)
        same(line.file.read(), b"", "what comes after the answer")
    same(house.shop.call(STATUS, {"order_id": order["order_id"]}).status, 404, "the second call")


@suite.case("a target with scheme and host is answered or refused, and the connection goes on")
def absolute(house: House) -> None:
    with Line(house) as line:
        line.send(status_call(house, target=f"http://kaunter.example{STATUS}"))
        expect(line.read().status in (200, 400, 404), "status of an absolute target")
        line.send(status_call(house))
        is_ours(house, line)


@suite.case("a TLS hello to the plain port is closed or refused")
def tls(house: House) -> None:
    context = ssl.create_default_context()
    with Line(house) as line:
        try:
            context.wrap_socket(line.socket, server_hostname="kaunter.example")
        except (ssl.SSLError, ConnectionResetError):
            pass  # No handshake: that is all that is asked. A time-out is no SSLError.
        else:
            raise AssertionError("a handshake on a port that has no TLS")
    house.must_live()


@suite.case("noise is closed or refused, whatever it is")
def noise(house: House) -> None:
    for _ in range(NOISES):
        raw = os.urandom(NOISE_BYTES)
        with Line(house) as line:
            try:
                line.send(raw + b"\r\n\r\n")
                answer = line.file.read()
            except (BrokenPipeError, ConnectionResetError):
                continue
            expect(answer == b"" or answer[9:10] == b"4", f"{raw.hex()} gets {answer[:100]!r}")
    house.must_live()
