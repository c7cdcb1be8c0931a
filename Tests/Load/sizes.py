"""Bodies and heads too large, by the thousand: an answer or a close, and memory stays small."""

import errno
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from house import House
from measures import memory_mib
from merchant import refused
from places import opened
from suite import Suite, expect, same
from wire import Line, request

BODY_LIMIT_BYTES = 64 * 1024
ENDLESS_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 16 * 1024
CHUNK = b"%x\r\n%s\r\n" % (CHUNK_BYTES, b"x" * CHUNK_BYTES)
CALLERS = 16
HEADS = 2_000
BODIES = 300
HUGE_HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 200_000 + b"\r\n\r\n"
MANY_FIELDS = b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000 + b"\r\n"
MEMORY_MIB = 400


@contextmanager
def opening(binary: Path, folder: Path):
    with opened(binary, folder) as house:
        yield house


suite = Suite("Too large", opening)


def padded(house: House, length: int) -> bytes:
    """An order whose bytes are so many."""
    empty = json.dumps(house.shop.order(extra="")).encode()
    return empty.replace(b'"extra": ""', b'"extra": "' + b"x" * (length - len(empty)) + b'"')


def chunked(headers: dict[str, str], body: bytes) -> bytes:
    """The bytes of a signed create in chunks."""
    fields = {"Host": "x", "Transfer-Encoding": "chunked"} | headers
    lines = ["POST /v1/payment HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    parts = [body[at:at + CHUNK_BYTES] for at in range(0, len(body), CHUNK_BYTES)]
    return ("\r\n".join(lines).encode() + b"\r\n\r\n"
            + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n")


@suite.table("64 KiB are taken and one byte more is a 413: {}", [
    ("by length", lambda headers, body: request(headers, body, "/v1/payment")),
    ("in chunks", chunked),
])
def limit(house: House, _: str, written) -> None:
    for length, status in ((BODY_LIMIT_BYTES, 200), (BODY_LIMIT_BYTES + 1, 413)):
        body = padded(house, length)
        same(len(body), length, "bytes of the body")
        with Line(house) as line:
            line.send(written(house.shop.headers(body), body))
            answer = line.read()
            same(answer.status, status, f"status of {length} bytes")
            if status != 200:
                refused(answer, status, [])


def sent_until_stopped(house: House, head: bytes, more: bytes) -> tuple[int, bytes]:
    """How many bytes go out before the server won't have more, and what it answers."""
    sent, answer = 0, b""
    with Line(house) as line:
        try:
            line.send(head)
            while sent < ENDLESS_BYTES:
                line.send(more)
                sent += len(more)
        except (BrokenPipeError, ConnectionResetError):
            pass  # It closed, which is what is asked here.
        try:
            answer = line.file.read()
        except ConnectionResetError:
            pass  # Its answer is lost when more bytes come than it reads.
    return sent, answer


@suite.case("an endless body is not read to its end")
def endless(house: House) -> None:
    head = b"POST /v1/payment HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    sent, answer = sent_until_stopped(house, head, CHUNK)
    expect(sent < ENDLESS_BYTES, "all of it was taken")
    expect(answer[9:12] in (b"413", b""), f"it answered {answer[:200]!r}")


def tried(house: House, raw: bytes) -> str:
    """The code of the answer to these bytes; nothing where the connection is closed."""
    try:
        with Line(house) as line:
            line.send(raw)
            line.socket.shutdown(socket.SHUT_WR)
            return line.file.read()[9:12].decode("latin-1")
    except (BrokenPipeError, ConnectionResetError):
        return ""
    except OSError as error:
        # So `shutdown` says that the connection has been reset already.
        if error.errno != errno.ENOTCONN:
            raise
        return ""


@suite.table("many at once harm nobody: {}", [
    ("huge heads", HUGE_HEAD, HEADS), ("heads of very many fields", MANY_FIELDS, HEADS),
    ("bodies announced to be huge", b"POST /v1/payment HTTP/1.1\r\nHost: x\r\nContent-Length: "
     b"999999999\r\n\r\n" + b"x" * 100_000, BODIES),
])
def many(house: House, _: str, raw: bytes, count: int) -> None:
    with ThreadPoolExecutor(CALLERS) as pool:
        codes = list(pool.map(lambda _: tried(house, raw), range(count)))
        usual = house.shop.status(id=house.payment["id"])
    same(usual["payment_status"], "wait", "the payment")
    expect(set(codes) <= {"", "400", "408", "413", "414", "431"}, f"answers were {set(codes)}")
    memory = memory_mib(house)
    print(f"        {len(codes)} times {sorted(set(codes))}, {memory:.0f} MiB")
    expect(memory < MEMORY_MIB, f"{memory:.0f} MiB of memory")
    house.must_live()
