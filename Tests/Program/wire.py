"""HTTP itself, byte by byte: bodies, headers, connections, and strangers."""

import json
import socket
import uuid
from contextlib import contextmanager
from pathlib import Path

from house import Answer, House, closing
from merchant import Merchant, refused
from suite import Suite, expect, same

BODY_LIMIT_BYTES = 64 * 1024
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

    def is_closed(self) -> bool:
        """Whether the other side ends the connection."""
        try:
            return self.file.read(1) == b""
        except ConnectionResetError:
            return True


def request(headers: dict[str, str], body: bytes, path: str = "/v1/payment/history",
            **more: str) -> bytes:
    """The bytes of a POST with its Content-Length."""
    fields = {"Host": "kaunter", "Content-Length": str(len(body))} | headers | more
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def alive(house: House) -> None:
    """The server still runs and serves."""
    expect(house.is_running(), "the server has ended")
    same(house.shop.call("/v1/payment/history", {}).status, 200, "status of a usual call")


@suite.table("a signed body is refused: {}", [
    ("nothing", b""), ("a text", b"hello"), ("a number", b"1"), ("a string", b'"x"'),
    ("null", b"null"), ("an array", b"[1]"), ("cut", b'{"a":1'), ("two values", b"{}{}"),
    ("a comma too many", b'{"a":1,}'), ("single quotes", b"{'a':1}"), ("a comment", b"{}//x"),
    ("NaN", b'{"page":NaN}'), ("a leading zero", b'{"page":01}'), ("a plus", b'{"page":+1}'),
    ("invalid UTF-8", b'{"a":"\xff\xfe"}'), ("overlong UTF-8", b'{"a":"\xc0\xaf"}'),
    ("a surrogate in UTF-8", b'{"a":"\xed\xa0\x80"}'), ("UTF-16", '{"a":1}'.encode("utf-16")),
    ("a lone surrogate", b'{"a":"\\ud800"}'), ("a reversed pair", b'{"a":"\\udc00\\ud800"}'),
    ("a NUL", b'{"a":"\x00"}'), ("an escaped NUL in order_id", b'{"order_id":"\\u0000"}'),
    ("a raw line break", b'{"a":"\n"}'), ("a wrong escape", b'{"a":"\\x41"}'),
    ("a key twice", b'{"page":1,"page":2}'), ("a key twice, once escaped",
                                              b'{"page":1,"p\\u0061ge":2}'),
    ("deep arrays", b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}"),
    ("deep objects", b'{"a":' * 10_000 + b"1" + b"}" * 10_000), ("open arrays", b"[" * 60_000),
    ("a form", b"amount=1&order_id=2"), ("a vertical tab", b"\x0b{}"),
])
def bad_bodies(house: House, _: str, body: bytes) -> None:
    for path in ("/v1/payment", "/v1/payment/status", "/v1/payment/history"):
        refused(house.shop.call(path, body), 400)


@suite.case("a body is read whatever its JSON looks like")
def odd_bodies(house: House) -> None:
    order = house.shop.order()
    texts = [json.dumps(order, indent=4), json.dumps(order, ensure_ascii=False) + "\r\n",
             " \t\n" + json.dumps(order).replace("/", "\\/"),
             json.dumps(order).replace("o", "\\u006F")]
    same(len({house.shop.call("/v1/payment", text.encode()).body for text in texts}), 1,
         "different answers")
    refused(house.shop.call("/v1/payment", b"\xef\xbb\xbf" + texts[0].encode()), 400)


@suite.case("a body of 64 KiB is read, and one byte more is a 413")
def size(house: House) -> None:
    def padded(length: int) -> bytes:
        empty = json.dumps(house.shop.order(extra="")).encode()
        return empty.replace(b'"extra": ""', b'"extra": "' + b"x" * (length - len(empty)) + b'"')

    full = padded(BODY_LIMIT_BYTES)
    same(len(full), BODY_LIMIT_BYTES, "bytes of the full body")
    same(house.shop.call("/v1/payment", full).status, 200, "status of the full body")
    refused(house.shop.call("/v1/payment", padded(BODY_LIMIT_BYTES + 1)), 413, [])


@suite.table("a body too large is refused before it is read: {}", [
    ("announced", b"Content-Length: 99999999999\r\n\r\n"),
    ("in chunks", b"Transfer-Encoding: chunked\r\n\r\n" + (b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
     * 8),
])
def too_large(house: House, _: str, rest: bytes) -> None:
    with Line(house) as line:
        line.send(b"POST /v1/payment HTTP/1.1\r\nHost: x\r\n" + rest)
        refused(line.read(), 413, [])
    alive(house)


@suite.case("strangers get one and the same answer, whatever is wrong with them")
def strangers(house: House) -> None:
    body = json.dumps(house.shop.order()).encode()
    good = house.shop.headers(body)
    payout, _ = house.shop.new_key("payout")
    other = Merchant(house)
    tries = {
        "nothing": {}, "no Sign": {"Account": good["Account"]}, "no Account": {"Sign": good["Sign"]},
        "empty": good | {"Sign": "", "Account": ""}, "not base64": good | {"Sign": "%%%"},
        "short": good | {"Sign": "AAAA"}, "long": good | {"Sign": "A" * 6000},
        "of other bytes": good | {"Sign": house.shop.sign(body + b" ")},
        "unknown account": good | {"Account": str(uuid.uuid4())},
        "nil account": good | {"Account": str(uuid.UUID(int=0))},
        "no uuid": good | {"Account": "1 OR 1=1"}, "wrong role": house.shop.headers(
            body, key=payout), "another's account": good | {"Account": other.account},
        "another's key": house.shop.headers(body, key=other.key),
        "MD5": house.shop.headers(body, digest="md5"),
    }
    answers = {}
    for name, headers in tries.items():
        answer = house.ask("POST", "/v1/payment", body, headers)
        refused(answer, 401, [])
        kept = {key: value for key, value in answer.headers.items()
                if key not in ("x-request-id", "date")}
        answers[name] = (answer.body, json.dumps(kept, sort_keys=True))
    same(len(set(answers.values())), 1, f"different answers among {answers}")
    refused(house.ask("POST", "/v1/payment", b"no json", {}), 401, [])


@suite.table("the signature is found: {}", [
    ("lower-case names", str.lower, str), ("upper-case names", str.upper, str),
    ("white space in Sign", str, lambda sign: " ".join(sign[at:at + 64] for at in range(
        0, len(sign), 64))), ("tabs in Sign", str, lambda sign: sign[:9] + "\t" + sign[9:]),
    ("white space around", str, lambda sign: f"  {sign}  "),
])
def spelled(house: House, _: str, name, value) -> None:
    headers = house.shop.headers(b"[]")
    changed = {name(key): value(text) if key == "Sign" else text for key, text in headers.items()}
    with Line(house) as line:
        line.send(request(changed, b"[]"))
        same(line.read().status, 200, "status")


@suite.case("an upper-case Account is the same account")
def upper_account(house: House) -> None:
    headers = house.shop.headers(b"{}") | {"Account": house.shop.account.upper()}
    same(house.ask("POST", "/v1/payment/history", b"{}", headers).status, 200, "status")


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


@suite.table("a path of the API answers {} in the API's shape", [
    ("GET", "/v1/payment"), ("PUT", "/v1/payment"), ("DELETE", "/v1/payment/status"),
    ("GET", "/v1/nothing"), ("POST", "/v1/nothing"), ("PATCH", "/v1/payment/history"),
])
def methods(house: House, method: str, path: str) -> None:
    answer = house.ask(method, path)
    expect(answer.status in (404, 405), f"status is {answer.status}")
    refused(answer, answer.status, [])


@suite.case("a HEAD and an unknown method are answered, and the connection goes on")
def head(house: House) -> None:
    for method in (b"HEAD", b"FROBNICATE"):
        with Line(house) as line:
            line.send(method + b" /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = line.read(has_body=method != b"HEAD")
            expect(answer.status in (200, 404, 405, 501), f"status is {answer.status}")
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
