"""Notifications: what is sent, how, how often, and that openssl finds it genuine."""

import json
from contextlib import contextmanager
from pathlib import Path

from house import House, closing
from merchant import BANKING, Merchant, php_json, verifies
from shop import Arrival, open_shop
from suite import Suite, expect, same

KEYS = ["type", "id", "order_id", "payment_status", "amount", "payment_amount",
        "commission_amount", "is_partial_payment", "account", "service", "desc"]
PARAMETERS = [each for each in KEYS if each != "desc"]
HARD = 'Teh "tarik" \\ <b>½ kg</b> #1; ?a=b&c=d 1+1=2 100% 😀 é/è'


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house, open_shop() as receiver:
        house.start()
        house.shop = Merchant(house)
        house.receiver = receiver
        yield house


suite = Suite("Notifications", opening)


def endpoint(house: House, path: str, method: str) -> int:
    """Adds an endpoint of the receiver and gives its id."""
    return house.must("endpoint", "add", "--account", house.shop.account, "--url",
                      house.receiver.url + path, "--method", method)["id"]


def told(house: House, path: str, outcome: str = "paid", **fields) -> tuple[dict, Arrival]:
    """Creates a payment that is told at this path, decides it, and waits for the notification."""
    if "notification_endpoint_id" not in fields:
        fields["notification_endpoint_url"] = house.receiver.url + path
    order = house.shop.order(**fields)
    payment = house.shop.call("/v1/payment", order).value()
    same(house.simulate(payment["uuid"], outcome=outcome).status, 200, "the sandbox")
    return order | payment, house.receiver.next(path.partition("?")[0])


def check(house: House, fields: dict, payment: dict, digest: str = "sha1", **wanted) -> None:
    """Checks fields, their order, their values, and the signature over PHP's text of them."""
    sign = fields["sign"]
    same(list(fields), [each for each in KEYS if each in fields] + ["sign"], "keys")
    values = {key: fields.get(key) for key in KEYS} | {"id": int(fields["id"])}
    usual = {
        "type": "payment", "id": payment["id"], "order_id": payment["order_id"],
        "payment_status": "paid", "amount": "25.90", "payment_amount": "25.90",
        "commission_amount": "0.00", "is_partial_payment": "0", "account": house.shop.account,
        "service": BANKING, "desc": payment.get("desc"),
    }
    same(values, usual | wanted, "values")
    expect(verifies(house.shop.notification_key, sign, php_json(values).encode(), digest),
           f"openssl refuses the {digest} signature over {php_json(values)}")
    forged = php_json(values | {"payment_amount": "1.00"}).encode()
    expect(not verifies(house.shop.notification_key, sign, forged, digest), "anything verifies")


@suite.table("a payment that is {} is told by GET, and openssl verifies it", [
    ("paid", "25.90"), ("cancel", "0.00"), ("fail", "0.00"),
])
def by_get(house: House, outcome: str, paid: str) -> None:
    payment, arrival = told(house, f"/get-{outcome}", outcome)
    same((arrival.method, arrival.body), ("GET", b""), "method and body")
    same(arrival.headers.get("cache-control"), "no-store", "Cache-Control")
    expect("desc" not in arrival.fields(), "an absent desc is in the query")
    check(house, arrival.fields(), payment, payment_status=outcome, payment_amount=paid)
    expect(house.receiver.has_silence(f"/get-{outcome}"), "it was told twice")
    status = house.shop.status(id=payment["id"])
    same(status["payment_status"], outcome, "what the status call says")


@suite.table("a text survives query, form and JSON: {}", [
    ("signs", HARD), ("a plus", "a+b c"), ("an and", "a&b=c"), ("Chinese", "美玲 payment"),
    ("PHP's own", "'/\\/\u2028\u2029<>&"), ("quotes", '""'), ("a blank", " "),
    ("the longest", "é" * 128), ("decomposed", "e\u0301"),
])
def texts(house: House, _: str, text: str) -> None:
    for method in ("get", "post_form", "post_json"):
        path = f"/texts-{method}"
        number = endpoint(house, path, method)
        payment, arrival = told(house, path, notification_endpoint_id=number, desc=text,
                                order_id=f"{method}-{text}"[:128])
        check(house, sent(arrival, method), payment)


def sent(arrival: Arrival, method: str) -> dict:
    """The fields of a notification, however it was sent."""
    if method == "get":
        expect("+" not in arrival.query and " " not in arrival.query, "a raw plus in the query")
        return arrival.fields()
    same((arrival.method, arrival.query), ("POST", ""), "method and query")
    kind = arrival.headers["content-type"].split(";")[0]
    if method == "post_form":
        same(kind, "application/x-www-form-urlencoded", "Content-Type")
        return Arrival("GET", "", arrival.body.decode(), {}, b"").fields()
    same(kind, "application/json", "Content-Type")
    value = json.loads(arrival.body)
    same(type(value["id"]), int, "type of id in JSON")
    expect(all(isinstance(each, str) for key, each in value.items() if key not in ("id", "desc")),
           f"values that are no strings: {value}")
    return value


@suite.table("without a desc, {} says so as it must", [
    ("post_form", PARAMETERS), ("post_json", KEYS),
])
def without_desc(house: House, method: str, keys: list) -> None:
    for number, desc in enumerate((None, "")):
        path = f"/nodesc-{method}-{number}"
        payment, arrival = told(house, path, desc=desc,
                                notification_endpoint_id=endpoint(house, path, method))
        fields = sent(arrival, method)
        same(list(fields), [*keys, "sign"], "keys")
        check(house, fields, payment | {"desc": None})


@suite.case("a long desc is cut at 128 characters")
def cut(house: House) -> None:
    payment, arrival = told(house, "/cut", desc="é" * 200)
    check(house, arrival.fields(), payment | {"desc": "é" * 128})


@suite.case("the URL wins over an endpoint's id, and counts as GET")
def url_wins(house: House) -> None:
    number = endpoint(house, "/loses", "post_json")
    payment, arrival = told(house, "/wins", notification_endpoint_id=number,
                            notification_endpoint_url=house.receiver.url + "/wins")
    same(arrival.method, "GET", "method")
    expect(house.receiver.has_silence("/loses"), "the endpoint was told too")


@suite.table("an address keeps its own query, and loses its fragment: {}", [
    ("?shop=1", "shop=1&"), ("?shop=1#top", "shop=1&"), ("#top", ""), ("?", ""),
    ("?a=%2F+b&a=2", "a=%2F+b&a=2&"), ("?é=%2F{ü}&%=1", "%C3%A9=%2F%7B%C3%BC%7D&%25=1&"),
])
def own_query(house: House, ending: str, begin: str) -> None:
    number = len(ending) + sum(map(ord, ending))
    payment, arrival = told(house, f"/own{number}{ending.partition('#')[0]}",
                            notification_endpoint_url=f"{house.receiver.url}/own{number}{ending}")
    expect(arrival.query.startswith(begin + "type=payment&id="), f"the query is {arrival.query}")
    rest = Arrival("GET", "", arrival.query.removeprefix(begin), {}, b"")
    check(house, rest.fields(), payment)


@suite.table("a receiver that answers GET with {} is tried by POST at once, and POST is learned", [
    (404,), (405,),
])
def learned(house: House, code: int) -> None:
    path = f"/learns-{code}"
    house.receiver.answers("GET", path, always=code)
    payment, first = told(house, path + "?shop=1")
    second = house.receiver.next(path, seconds=4)
    same((first.method, second.method), ("GET", "POST"), "methods")
    same(second.query, first.query, "the query of the POST")
    check(house, json.loads(second.body), payment)
    payment, third = told(house, path + "?shop=2")
    same(third.method, "POST", "method of the next payment's notification")
    check(house, json.loads(third.body), payment)
    expect(house.receiver.has_silence(path), "it was told twice")


@suite.case("an endpoint that wants POST is never tried by GET")
def never_get(house: House) -> None:
    house.receiver.answers("POST", "/post-only", 404)
    number = endpoint(house, "/post-only", "post_form")
    told(house, "/post-only", notification_endpoint_id=number)
    same(house.receiver.next("/post-only").method, "POST", "method of the second try")


@suite.table("an answer of {} is retried after some 5 seconds, with the same signature", [
    (500,), (302,), (400,),
])
def retried(house: House, code: int) -> None:
    path = f"/retry-{code}"
    house.receiver.answers("GET", path, code)
    payment, first = told(house, path)
    expect(house.receiver.has_silence(path), "it is retried at once")
    second = house.receiver.next(path)
    same(second.query, first.query, "the query of the second try")
    check(house, second.fields(), payment)
    expect(house.receiver.has_silence("/elsewhere"), "a redirect was followed")


@suite.case("a receiver that nobody is behind hinders no other")
def dead(house: House) -> None:
    for _ in range(5):
        payment = house.shop.create(notification_endpoint_url="http://127.0.0.1:1/dead")
        house.simulate(payment["uuid"], outcome="paid")
    told(house, "/alive")


@suite.case("without a notification target a payment becomes final all the same")
def nobody_told(house: House) -> None:
    payment = house.shop.create()
    same(house.simulate(payment["uuid"], outcome="paid").status, 200, "the sandbox")


@suite.case("the account's SHA-256 is used for what becomes final afterwards")
def sha256(house: House) -> None:
    house.must("account", "set", "--account", house.shop.account, "--digest", "sha256")
    try:
        payment, arrival = told(house, "/sha256")
        check(house, arrival.fields(), payment, digest="sha256")
    finally:
        house.must("account", "set", "--account", house.shop.account, "--digest", "sha1")


@suite.case("a notification is told once, late money notwithstanding")
def late(house: House) -> None:
    payment, _ = told(house, "/late", "cancel")
    for outcome in ("paid", "fail", "cancel"):
        answer = house.simulate(payment["uuid"], outcome=outcome)
        same((answer.status, answer.value()["payment_status"]), (200, "cancel"), outcome)
    expect(house.receiver.has_silence("/late"), "it was told twice")
