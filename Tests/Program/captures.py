"""`kaunter verify`: captures that are genuine, and one at least for each step that can fail."""

import json
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from gateway import environment
from house import COMMAND_TIMEOUT_SECONDS, Done, House, closing, command
from merchant import Merchant, openssl, php_json
from notices import HARD, KEYS, endpoint, told
from shop import open_shop
from suite import Suite, expect, same
import base64

# What a gateway said long ago: its own key signs it here, by openssl.
FIELDS = {
    "type": "payment", "id": 108465371, "order_id": "order/1+2 é", "payment_status": "paid",
    "amount": "300.00", "payment_amount": "300.00", "commission_amount": "4.50",
    "is_partial_payment": "0", "account": "bd291fe1-5c19-4113-ae62-a2d3c4d01d20",
    "service": "online_banking_myr_hpp", "desc": "Two \"books\" & a <pen>",
}


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house, open_shop() as receiver:
        house.start()
        house.shop = Merchant(house)
        house.receiver = receiver
        house.private = folder / "gateway.pem"
        house.public = folder / "gateway.public.pem"
        openssl("genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
                "-out", house.private)
        openssl("pkey", "-in", house.private, "-pubout", "-out", house.public)
        yield house


suite = Suite("Captured notifications", opening)


def verify(house: House, capture: str | bytes, *options: object, key: Path | None = None) -> Done:
    """Has the program look at a capture on its standard input."""
    raw = capture if isinstance(capture, bytes) else capture.encode()
    words = [house.binary, "verify", "--key", key or house.public, *options, "--json"]
    done = subprocess.run([str(each) for each in words], input=raw, env=environment(),
                          capture_output=True, timeout=COMMAND_TIMEOUT_SECONDS)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def genuine(done: Done) -> dict:
    """Checks that a capture was found genuine; gives the answer."""
    same((done.code, done.value().get("genuine")), (0, True), f"answer {done.out} {done.err}")
    return done.value()


def false(done: Done, *wanted: str) -> dict:
    """Checks that a capture was found not genuine, for these reasons; gives the answer."""
    value = done.value()
    same((done.code, value.get("genuine")), (1, False), f"answer {done.out} {done.err}")
    same([f"{each['step']} {each['code']}" for each in value["mistakes"]], list(wanted),
         "steps and codes")
    same(value["step"], wanted[0].split()[0], "step")
    return value


def sign(house: House, text: str | bytes, digest: str = "sha1") -> str:
    """The signature of the gateway whose key is at hand, by openssl."""
    raw = text if isinstance(text, bytes) else text.encode()
    return base64.b64encode(
        openssl("dgst", f"-{digest}", "-sign", house.private, data=raw)).decode()


def query(house: House, fields: dict = FIELDS, signed: dict | None = None,
          digest: str = "sha1") -> str:
    """A query with these fields, signed over those."""
    made = sign(house, php_json(signed or fields), digest)
    return urlencode(fields | {"sign": made}, quote_via=quote, safe="")


@suite.table("what the gateway sent by {} is genuine: as URL, query, request, body and file", [
    ("get",), ("post_form",), ("post_json",),
])
def sent(house: House, method: str) -> None:
    number = endpoint(house, f"/sent-{method}", method)
    _, arrival = told(house, f"/sent-{method}", notification_endpoint_id=number, desc=HARD)
    key = house.shop.notification_key
    text = arrival.query or arrival.body.decode()
    captures = [text, f"\n {text}\r\n",
                f"POST /n HTTP/1.1\r\nHost: x\r\n\r\n{text}"]
    if method == "get":
        captures += [f"/n?{text}", f"https://shop.example/n?a=b&{text}#c",
                     f"GET /n?{text} HTTP/1.1\r\nHost: x\r\n\r\n", text.replace("%20", "+")]
        same(command(house.binary, "verify", "--key", key, "--url", f"https://x/?{text}").code, 0,
             "exit code for --url")
    for capture in captures:
        value = genuine(verify(house, capture, key=key))
        same((value["kind"], value["digest"], value["format"], value["step"]),
             ("notification", "sha1", "current", None), "answer")
    file = house.folder / "capture.txt"
    file.write_text(text)
    done = command(house.binary, "verify", "--key", key, "--file", file)
    same((done.code, done.out.split(":")[0]), (0, "Genuine"), "answer for --file")


@suite.case("a redirect is genuine; one without sign, or of another order, is not")
def redirect(house: House) -> None:
    fields = {"order_id": "a/1", "uuid": "bd291fe1-5c19-4113-ae62-a2d3c4d01d20"}
    made = urlencode(fields | {"sign": sign(house, php_json(fields))})
    same(genuine(verify(house, made))["kind"], "redirect", "kind")
    false(verify(house, urlencode(fields)), "form unsigned")
    false(verify(house, made.replace("a%2F1", "a%2F2")), "field unknown")


@suite.case("the older list of fields, without commission_amount, is known")
def older(house: House) -> None:
    old = {key: value for key, value in FIELDS.items() if key != "commission_amount"}
    same(genuine(verify(house, query(house, old)))["format"], "older", "format")
    false(verify(house, query(house, FIELDS, signed=old)), "field not_signed")


@suite.table("a capture whose {}", [
    ("sign is gone fails by its form", lambda text: text.split("&sign=")[0], ["form unsigned"]),
    ("status is gone fails by its form", lambda text: text.replace("payment_status=paid&", ""),
     ["form missing"]),
    ("amount comes twice fails by its form",
     lambda text: text.replace("&amount=300.00", "&amount=300.00&amount=1.00"),
     ["form doubled"]),
    ("base64 has bare pluses fails by its encoding",
     lambda text: text.split("&sign=")[0] + "&sign=" + text.split("&sign=")[1].replace(
         "%2B", "+"), ["encoding sign_unescaped_plus"]),
    ("order has a bare plus fails by its encoding", lambda text: text.replace("1%2B2", "1+2"),
     ["encoding unescaped_plus"]),
    ("values are encoded twice fails by its encoding",
     lambda text: text.split("&sign=")[0].replace("%", "%25") + "&sign="
     + text.split("&sign=")[1], ["encoding encoded_twice"]),
    ("whole text is encoded twice fails by its encoding", lambda text: text.replace("%", "%25"),
     ["encoding sign_encoded_twice", "encoding encoded_twice"]),
    ("text is Latin-1 fails by its encoding", lambda text: text.replace("%C3%A9", "%E9"),
     ["encoding latin_1"]),
    ("bytes are raw Latin-1 fails by its encoding",
     lambda text: text.encode().replace(b"%C3%A9", b"\xe9"), ["encoding latin_1"]),
    ("UTF-8 was taken for Latin-1 fails by its encoding",
     lambda text: text.replace("%C3%A9", "%C3%83%C2%A9"), ["encoding utf8_as_latin_1"]),
    ("sign is cut fails by its encoding", lambda text: text[:-60], ["encoding sign_length"]),
    ("sign is no base64 fails by its encoding",
     lambda text: text.split("&sign=")[0] + "&sign=%40%40%40", ["encoding sign_not_base64"]),
    ("desc was altered fails by a field", lambda text: text.replace("desc=Two", "desc=Ten"),
     ["field unknown"]),
])
def broken(house: House, _: str, change, wanted: list) -> None:
    # A signature with a plus in it: some have none.
    fields = dict(FIELDS)
    while "+" not in sign(house, php_json(fields)):
        fields["id"] += 1
    text = query(house, fields)
    genuine(verify(house, text))
    false(verify(house, change(text)), *wanted)


@suite.table("a log in which {} fails by its encoding", [
    ("%20 was left", lambda text: quote(text, safe=""), "percent_left"),
    ("spaces became pluses", lambda text: quote(text, safe="").replace("%20", "+"), "form_left"),
    ("HTML was escaped", lambda text: text.replace("&", "&amp;").replace('"', "&quot;")
     .replace("<", "&lt;").replace(">", "&gt;"), "html_escaped"),
])
def logged(house: House, _: str, change, wanted: str) -> None:
    made = sign(house, php_json(FIELDS))
    log = {key: change(str(value)) for key, value in FIELDS.items()} | {"sign": made}
    false(verify(house, json.dumps(log)), f"encoding {wanted}")


@suite.table("a signature over JSON with {} fails by its encoding", [
    ("bare slashes", lambda text: text.replace("\\/", "/"), "json_unescaped_slashes"),
    ("bare letters", lambda text: text.replace("\\u00e9", "é"), "json_unescaped_unicode"),
    ("spaces", lambda _: json.dumps(FIELDS), "json_spaces_between"),
    ("its id quoted", lambda text: text.replace("108465371", '"108465371"'), "json_id_as_string"),
])
def styles(house: House, _: str, change, wanted: str) -> None:
    made = sign(house, change(php_json(FIELDS)))
    text = urlencode(FIELDS | {"sign": made}, quote_via=quote, safe="")
    false(verify(house, text), f"encoding {wanted}")


@suite.case("another key's signature fails by its key, and the one who signed is named")
def keys(house: House) -> None:
    other = house.shop.notification_key
    text = query(house)
    value = false(verify(house, text, key=other), "key other_key")
    same(value["explained"], False, "explained")
    value = false(verify(house, text, "--key", house.public, key=other), "key named_key")
    expect(str(house.public) in value["mistakes"][0]["message"], "the key is not named")


@suite.table("a signature over {} fails by its digest", [("md5",), ("sha384",), ("sha512",)])
def digests(house: House, digest: str) -> None:
    same(false(verify(house, query(house, digest=digest)), f"digest {digest}")["digest"], digest,
         "digest")


@suite.case("SHA-256 is genuine, and SHA-1 fails where it is not taken")
def strict(house: House) -> None:
    same(genuine(verify(house, query(house, digest="sha256"), "--digest", "sha256"))["digest"],
         "sha256", "digest")
    false(verify(house, query(house), "--digest", "sha256"), "digest sha1")


@suite.table("fields signed in another order fail by it: {}", [
    ("alphabetical", lambda: sorted(KEYS)), ("reversed", lambda: KEYS[::-1]),
    ("as captured", lambda: KEYS[5:] + KEYS[:5]),
])
def orders(house: House, name: str, names) -> None:
    signed = {key: FIELDS[key] for key in names()}
    fields = signed if name == "as captured" else FIELDS
    false(verify(house, query(house, fields, signed=signed)), f"order {name.replace(' ', '_')}")


@suite.table("an altered {} is named with the value that would be genuine", [
    ("payment_status", "fail"), ("payment_amount", "1.00"), ("amount", "300"),
    ("commission_amount", "0.00"), ("is_partial_payment", "1"), ("type", "payout"),
    ("account", FIELDS["account"].upper()),
])
def altered(house: House, field: str, value: str) -> None:
    told_so = false(verify(house, query(house, FIELDS | {field: value}, signed=FIELDS)),
                    "field altered")
    same((told_so["mistakes"][0]["field"], told_so["mistakes"][0]["genuine_value"]),
         (field, str(FIELDS[field])), "field and value")


@suite.table("what can't be looked at ends with 1, or with 64 or 78: {}", [
    ("nothing", "", [], 1), ("no capture", "hello", [], 1), ("broken JSON", "{", [], 1),
    ("too long", "a" * 70_000, [], 1),
    ("a file that is missing", "", ["--file", "/nowhere/capture"], 1),
    ("both a URL and a file", "", ["--file", "x", "--url", "y"], 64),
    ("a digest that is none", "", ["--digest", "md5"], 64),
    ("a key that is none", "", ["--key", __file__], 78),
])
def refused(house: House, _: str, text: str, options: list, code: int) -> None:
    done = verify(house, text, *options)
    same(done.code, code, f"exit code, with {done.err}")
    same(list(done.value()), ["error"], "keys")
