"""HTTP itself, byte by byte: connections, methods, and what is malformed."""

import json
import socket
import uuid
from contextlib import contextmanager
from pathlib import Path

from house import Answer, House, closing
from merchant import Merchant, refused
from suite import Suite, expect, same

SOCKET_TIMEOUT_SECONDS = 30


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house:
        house.start()
        house.shop = Merchant(house)
        yield house


suite = Suite("HTTP, byte by byte", opening)


class Line:
    """A connection on which bytes are sent as they are."""

    def __init__(self, house: House):
        self.socket = socket.create_connection(("127.0.0.1", house.port), SOCKET_TIMEOUT_SECONDS)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Sends these bytes."""
        self.socket.sendall(data)

    def read(self, has_body: bool = True) -> Answer:
        """The next answer."""
        first = self.file.readline()
        expect(first, "the connection was closed without an answer")
        headers = {}
        while (line := self.file.readline().strip()):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        body = self.file.read(length) if has_body else b""
        return Answer(int(first.split()[1]), headers, body)


def request(headers: dict[str, str], body: bytes, path: str = "/v1/payment/history",
            **more: str) -> bytes:
    """The bytes of a POST with its Content-Length."""
    fields = {"Host": "kaunter", "Content-Length": str(len(body))} | headers | more
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def alive(house: House) -> None:
    """The server still runs and serves."""
    house.must_live()
    same(house.shop.call("/v1/payment/history", {}).status, 200, "status of a usual call")


@suite.table("a body too large is refused before its end: {}", [
    ("announced", b"Content-Length: 99999999999\r\n\r\n" + b"x" * 0x12000),
    ("in chunks", b"Transfer-Encoding: chunked\r\n\r\n" + (b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
     * 8),
])
def too_large(house: House, _: str, rest: bytes) -> None:
    with Line(house) as line:
        line.send(b"POST /v1/payment HTTP/1.1\r\nHost: x\r\n" + rest)
        refused(line.read(), 413, [])
    alive(house)


@suite.case("a chunked body is verified over its bytes, whatever the chunks")
def chunked(house: House) -> None:
    body = json.dumps(house.shop.order()).encode()
    headers = house.shop.headers(body) | {"Host": "x", "Transfer-Encoding": "chunked"}
    head = "POST /v1/payment HTTP/1.1\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    answers = set()
    for length in (1, 7, 5000):
        parts = [body[at:at + length] for at in range(0, len(body), length)]
        with Line(house) as line:
            line.send(head.encode() + b"".join(
                b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n")
            answer = line.read()
            same(answer.status, 200, f"status in chunks of {length}, with {answer.body!r}")
            answers.add(answer.body)
    same(len(answers), 1, "different answers")


@suite.case("a hundred requests on one connection, sent before an answer is read, are answered")
def pipelined(house: House) -> None:
    orders = [house.shop.order(order_id=f"pipe-{number}") for number in range(4)]
    bodies = [json.dumps(each).encode() for each in orders]
    raw = [request(house.shop.headers(body), body, "/v1/payment") for body in bodies]
    with Line(house) as line:
        line.send(b"".join(raw) * 25)
        answers = [line.read() for _ in range(100)]
    same({each.status for each in answers}, {200}, "statuses")
    same([each.body for each in answers], [each.body for each in answers[:4]] * 25, "the answers")
    same(len({each.headers["x-request-id"] for each in answers}), 100, "different request ids")


@suite.case("Expect: 100-continue gets its go-ahead and then its answer")
def expectation(house: House) -> None:
    body = b"{}"
    raw = request(house.shop.headers(body), body, Expect="100-continue")
    head, _, rest = raw.partition(b"\r\n\r\n")
    with Line(house) as line:
        line.send(head + b"\r\n\r\n")
        answer = line.read(has_body=False)
        same(answer.status, 100, "status before the body")
        line.send(rest)
        same(line.read().status, 200, "status after the body")


@suite.case("a request that comes byte by byte is answered")
def slowly(house: House) -> None:
    with Line(house) as line:
        for byte in request(house.shop.headers(b"{}"), b"{}"):
            line.send(bytes([byte]))
        same(line.read().status, 200, "status")


@suite.table("{} is refused in the API's shape", [(each,) for each in (
    "GET /v1/payment", "PUT /v1/payment", "DELETE /v1/payment/status", "PATCH /v1/payment/history",
    "GET /v1/nothing", "POST /v1/nothing", "PUT /v1/nothing", "GET /v1", "POST /v1/payment/",
)])
def methods(house: House, line: str) -> None:
    method, path = line.split()
    answer = house.ask(method, path)
    expect(answer.status in (401, 404, 405), f"status is {answer.status}")
    refused(answer, answer.status, [])


@suite.case("a HEAD and an unknown method are answered, and the connection goes on")
def head(house: House) -> None:
    for method in (b"HEAD", b"FROBNICATE"):
        with Line(house) as line:
            line.send(method + b" /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = line.read(has_body=method != b"HEAD")
            expect(answer.status in (200, 400, 404, 405, 501), f"status is {answer.status}")
    alive(house)


@suite.table("malformed HTTP harms nobody: {}", [
    ("noise", bytes(range(256)) * 4), ("no version", b"GET /\r\n\r\n"),
    ("a wrong version", b"GET / HTTP/9.9\r\n\r\n"), ("a TLS hello", b"\x16\x03\x01\x02\x00" * 9),
    ("two lengths", b"POST /v1/payment HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
     b"Content-Length: 2\r\n\r\nab"),
    ("length and chunks", b"POST /v1/payment HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
     b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("a negative length", b"POST /v1/payment HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n"),
    ("a wrong chunk", b"POST /v1/payment HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
     b"zz\r\n"), ("a huge chunk", b"POST /v1/payment HTTP/1.1\r\nHost: x\r\n"
                  b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n"),
    ("a huge header", b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 200_000 + b"\r\n\r\n"),
    ("ten thousand headers", b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 10_000 + b"\r\n"),
    ("a long path", b"GET /" + b"x" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("a NUL in a header", b"GET / HTTP/1.1\r\nHost: x\r\nAccount: a\x00b\r\n\r\n"),
    ("a NUL in the path", b"GET /a\x00b HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("broken percent signs", b"GET /%zz%%00%ff HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("dots", b"GET /assets/../../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("an absolute path", b"GET http://other.example/healthz HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("a star", b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("a tunnel", b"CONNECT other.example:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ("an end in the head", b"POST /v1/payment HTTP/1.1\r\nHost:"),
    ("an end in the body", b"POST /v1/payment HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nab"),
])
def malformed(house: House, _: str, raw: bytes) -> None:
    with Line(house) as line:
        try:
            line.send(raw)
            line.socket.shutdown(socket.SHUT_WR)
            answered = line.file.read()
        except (ConnectionResetError, BrokenPipeError):
            answered = b""
        expect(b" 5" not in answered.split(b"\r\n")[0][8:11], f"it says {answered[:200]!r}")
        expect(b"root:" not in answered, "a file of the system is in the answer")
    alive(house)


@suite.case("no answer names the program's inside, and every page has its guards")
def headers(house: House) -> None:
    page = house.ask("GET", f"/{house.shop.create()['uuid']}")
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
        expect(name in page.headers, f"{name} is missing")
    expect("script-src 'self'" in page.headers["content-security-policy"]
           or "default-src 'self'" in page.headers["content-security-policy"]
           or "default-src 'none'" in page.headers["content-security-policy"],
           page.headers["content-security-policy"])
    for path in ("/nothing", "/healthz", f"/{uuid.uuid4()}", "/assets/nothing"):
        answer = house.ask("GET", path)
        expect(b"Swift" not in answer.body and b"Error(" not in answer.body, "it names Swift")
        expect(answer.headers["x-request-id"], f"{path} has no X-Request-Id")


@suite.case("probes and metrics answer, and metrics name nobody")
def probes(house: House) -> None:
    same([house.ask("GET", path).status for path in ("/healthz", "/readyz", "/metrics")],
         [200, 200, 200], "statuses")
    metrics = house.ask("GET", "/metrics").body.decode()
    expect("kaunter_http_requests_total{" in metrics, "requests are not counted")
    expect(house.shop.account not in metrics, "an account is named")
