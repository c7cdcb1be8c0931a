"""Signed bodies and signatures: what is read, and who is not believed."""

import json
import uuid
from contextlib import contextmanager
from pathlib import Path

from house import House, closing
from merchant import Merchant, refused
from suite import Suite, same
from wire import Line, request

BODY_LIMIT_BYTES = 64 * 1024


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house:
        house.start()
        house.shop = Merchant(house)
        yield house


suite = Suite("Bodies and signatures", opening)


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


@suite.case("strangers get one and the same answer, whatever is wrong with them")
def strangers(house: House) -> None:
    body = json.dumps(house.shop.order()).encode()
    good = house.shop.headers(body)
    payout, _ = house.shop.new_key("payout")
    other = Merchant(house)
    tries = {
        "nothing": {}, "no Sign": {"Account": good["Account"]},
        "no Account": {"Sign": good["Sign"]},
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
