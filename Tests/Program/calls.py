"""Creating a payment: its fields, its answer, its repeats, and every refusal."""

import json
import uuid
from contextlib import contextmanager
from pathlib import Path

from house import House, closing
from merchant import BANKING, CREATE_KEYS, Merchant, refused
from suite import Suite, expect, same

CODES = {
    BANKING: "AFF ALB AMB BIMB BSN CIMB HLB HSBC MBB OCBC PBB RHB UOB FPX AFFFPX AGROBFPX ALBFPX"
             " AMBFPX BIMBFPX BKRFPX BMMBFPX BOCMFPX BSNFPX CIMBFPX HLBFPX HSBCFPX KFHFPX MBBFPX"
             " OCBCFPX PBBFPX RHBFPX SCTBFPX UOBFPX",
    "qr_code_myr_hpp": "DUITNOW",
    "e_wallet_myr_hpp": "TNGODUITNOW GRABDUITNOW MAEDUITNOW BOOSTDUITNOW",
}


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house:
        house.start()
        house.shop = Merchant(house)
        yield house


suite = Suite("Creating a payment", opening)


@suite.table("every code of {} is taken, with its own service only", [
    (service, codes.split()) for service, codes in CODES.items()])
def codes(house: House, service: str, names: list) -> None:
    for code in names:
        house.shop.create(service=service, customer_code=code)
    for other in CODES.keys() - {service}:
        answer = house.shop.call("/v1/payment", house.shop.order(
            service=other, customer_code=names[0]))
        refused(answer, 400, ["customer_code"])


@suite.case("a create's answer has the contract's keys, types and headers")
def create(house: House) -> None:
    order = house.shop.order(success_redirect_url="https://shop.example/thanks?a=1&b=é")
    answer = house.shop.call("/v1/payment", order, digest="sha256")
    value = answer.value()
    same(list(value), CREATE_KEYS, "keys")
    same(answer.headers["content-type"].split(";")[0], "application/json", "Content-Type")
    same(answer.headers.get("cache-control"), "no-store", "Cache-Control")
    expect(answer.headers["x-request-id"], "there is no X-Request-Id")
    expect("x-error-code" not in answer.headers, "there is an X-Error-Code")
    same(str(uuid.UUID(value["uuid"])), value["uuid"], "the uuid's form")
    same(value["url"], f"{house.url}/{value['uuid']}", "url")
    same((value["payment_status"], type(value["id"])), ("wait", int), "status and id")
    same(value["success_redirect_url"], order["success_redirect_url"], "success_redirect_url")


@suite.case("success_redirect_url is null, or the redirect's that an id names")
def redirect_url(house: House) -> None:
    whose = ("--account", house.shop.account)
    url = "https://shop.example/by-id"
    number = house.must("redirect", "add", *whose, "--url", url)["id"]
    for sent in (number, str(number)):
        same(house.shop.create(success_redirect_id=sent)["success_redirect_url"], url, "by id")
    same(house.shop.create(
        success_redirect_id=number, success_redirect_url="https://x.example/")[
            "success_redirect_url"], "https://x.example/", "by id and URL")
    same(house.shop.create()["success_redirect_url"], None, "without")
    same(house.shop.create(success_redirect_url="", success_redirect_id="")[
        "success_redirect_url"], None, "with empty texts, as PHP sends them")


@suite.table("an amount is taken: {}", [
    ("100", "100.00"), ("100.5", "100.50"), ('"100.50"', "100.50"), ('"1"', "1.00"),
    ("30000", "30000.00"), ('"00012.3"', "12.30"), ("1.10", "1.10"),
])
def amounts(house: House, text: str, shown: str) -> None:
    raw = json.dumps(house.shop.order(amount=0)).replace('"amount": 0', f'"amount": {text}')
    answer = house.shop.call("/v1/payment", raw.encode())
    same(answer.status, 200, f"status, with {answer.body!r}")
    same(house.shop.status(id=answer.value()["id"])["amount"], shown, "amount")


@suite.table("an amount is refused: {}", [(each,) for each in (
    "0", '"0.00"', "-1", '"+1"', "1e2", '"1e2"', "1.001", '"1.000"', '" 1"', '"1 "', '"1,000"',
    '"1.2.3"', '"١٢"', '"１"', "true", "[]", "{}", '"abc"', "0.99", "30000.01",
    "99999999999999999999999999", "1E400", '"1."', '".5"', '"NaN"', '"0x10"', '""', "null",
    "9" * 4000, f'"{"9" * 4000}"', "0." + "0" * 4000 + "1", '"1\\u0000"', "18446744073709551617",
)])
def bad_amounts(house: House, text: str) -> None:
    raw = json.dumps(house.shop.order(amount=0)).replace('"amount": 0', f'"amount": {text}')
    refused(house.shop.call("/v1/payment", raw.encode()), 400, ["amount"])


@suite.table("a field is refused: {}", [
    (f"{name} {json.dumps(value)[:40]}", name, value) for name, value in [
        *((name, None) for name in ("amount", "order_id", "service", "customer_ip",
                                    "customer_code", "customer_first_name",
                                    "customer_last_name")),
        *((name, value) for name in ("customer_first_name", "customer_last_name")
          for value in ("", "x" * 101, 5, True, ["x"], {"a": 1}, "a\tb", "a\u007fb", "a\u0085b")),
        *(("order_id", value) for value in ("", "x" * 129, True, ["x"], {}, "a\nb")),
        *(("service", value) for value in ("payment_card_myr", "ONLINE_BANKING_MYR_HPP", 1, [])),
        *(("customer_code", value) for value in ("mbb", "DUITNOW", "NONE", 1, [], "FPX ")),
        *(("customer_ip", value) for value in (
            "1.2.3", "1.2.3.4.5", "256.1.1.1", "localhost", "1.2.3.4 ", "::g", "1.2.3.4/8",
            16909060, "fe80::1%eth0")),
        *((f"{name}_redirect_url", value) for name in ("success", "fail") for value in (
            "shop.example", "//shop.example/x", "ftp://shop.example", "http://", 5,
            "https://shop.example/" + "x" * 240, "https://shop.example/a b", "data:text/html,x")),
        *((name, value) for name in ("success_redirect_id", "fail_redirect_id",
                                     "notification_endpoint_id")
          for value in (999_999, "x", 1.5, True, -1, 2 ** 63, 2 ** 70, [], "1e3")),
        ("notification_endpoint_url", "mailto:x@shop.example"),
    ]])
def fields(house: House, _: str, name: str, value: object) -> None:
    refused(house.shop.call("/v1/payment", house.shop.order(**{name: value})), 400, [name])


@suite.case("all faults are told at once, in the vendor's words, and nothing is stored")
def all_at_once(house: House) -> None:
    before = house.shop.call("/v1/payment/history", {}).value()["meta"]["total"]
    body = refused(house.shop.call("/v1/payment", {}), 400, [
        "amount", "order_id", "service", "customer_ip", "customer_code", "customer_first_name",
        "customer_last_name"])
    same(body["message"], "The given data was invalid.", "message")
    refused(house.shop.call("/v1/payment", []), 400)
    refused(house.shop.call("/v1/payment", house.shop.order(
        amount=0, customer_ip="x", success_redirect_id=77, fail_redirect_url="x",
        notification_endpoint_id=78)), 400, [
            "amount", "customer_ip", "success_redirect_id", "fail_redirect_url",
            "notification_endpoint_id"])
    after = house.shop.call("/v1/payment/history", {}).value()["meta"]["total"]
    same(after, before, "payments in the history")


@suite.case("another account's redirect and endpoint are nobody's")
def foreign_targets(house: House) -> None:
    other = house.must("account", "create", "--merchant", house.shop.merchant)["account"]
    number = house.must("redirect", "add", "--account", other, "--url", "https://x.example/")
    endpoint = house.must("endpoint", "add", "--account", other, "--url", "https://x.example/")
    refused(house.shop.call("/v1/payment", house.shop.order(
        success_redirect_id=number["id"], fail_redirect_id=number["id"],
        notification_endpoint_id=endpoint["id"])), 400,
        ["success_redirect_id", "fail_redirect_id", "notification_endpoint_id"])


@suite.table("a field that others send is kept and never refused: {}", [
    ("lifetime", "soon"), ("lifetime", -5), ("lifetime", 1e30), ("lifetime", [1]),
    ("lifetime", 10 ** 40), ("desc", ""), ("desc", 5), ("desc", ["x"]), ("desc", "é" * 500),
    ("customer_browser_color_depth", 24), ("frobnicate", {"deep": [1, {"er": None}]}),
    ("customer_user_id", None), ("customer_email", "no address"), ("extra", "x" * 20_000),
    ("__proto__", "x"), ("", "an empty name"),
])
def further(house: House, name: str, value: object) -> None:
    house.shop.create(**{name: value})


@suite.table("a repeat is told by values alone: {}", [
    ("the amount written otherwise", {"amount": 25.9}), ("another IP", {"customer_ip": "::1"}),
    ("another name", {"customer_first_name": "Ali"}), ("a further field", {"frobnicate": 1}),
    ("another desc", {"desc": "other"}), ("another lifetime", {"lifetime": 900}),
])
def repeats(house: House, _: str, changes: dict) -> None:
    order = house.shop.order()
    first = house.shop.call("/v1/payment", order)
    for _ in range(2):
        same(house.shop.call("/v1/payment", order).body, first.body, "the same bytes again")
    changed = dict(reversed((order | changes).items()))
    same(house.shop.call("/v1/payment", changed, digest="sha256").body, first.body,
         "the changed order's answer")


@suite.case("a repeat with other values names order_id and each of them")
def differing(house: House) -> None:
    order = house.shop.order(order_id="differing", success_redirect_url="https://a.example/")
    first = house.shop.call("/v1/payment", order)
    changes = {"amount": "25.91", "customer_code": "MBB", "fail_redirect_url": "https://b.example",
               "success_redirect_url": "https://c.example/",
               "notification_endpoint_url": "https://d.example/"}
    for name, value in changes.items():
        refused(house.shop.call("/v1/payment", order | {name: value}), 400, ["order_id", name])
    refused(house.shop.call("/v1/payment", order | changes), 400, ["order_id", *changes])
    refused(house.shop.call("/v1/payment", order | {
        "service": "qr_code_myr_hpp", "customer_code": "DUITNOW"}), 400,
        ["order_id", "service", "customer_code"])
    same(house.shop.call("/v1/payment", order).body, first.body, "the first order's answer")


@suite.case("order_id may be a number, kept as its text")
def number_order(house: House) -> None:
    text = house.shop.order(order_id="7001")
    number = house.shop.call("/v1/payment", text | {"order_id": 7001})
    same(house.shop.call("/v1/payment", text).body, number.body, "the same order as text")
    same(house.shop.status(order_id=7001)["order_id"], "7001", "order_id in the status")
    raw = json.dumps(house.shop.order(order_id=0)).replace(
        '"order_id": 0', '"order_id": 123456789012345678901234567890.10')
    answer = house.shop.call("/v1/payment", raw.encode())
    same(house.shop.status(id=answer.value()["id"])["order_id"],
         "123456789012345678901234567890.10", "order_id in the status")


@suite.case("an order opens anew after cancel or fail, not after paid")
def anew(house: House) -> None:
    order = house.shop.order(order_id="anew")
    payments = []
    for outcome in ("cancel", "fail", "paid"):
        payments.append(house.shop.call("/v1/payment", order))
        same(house.simulate(payments[-1].value()["uuid"], outcome=outcome).status, 200, outcome)
    same(len({each.value()["id"] for each in payments}), 3, "different payments")
    same(house.shop.call("/v1/payment", order).body, payments[-1].body, "the repeat after paid")
    refused(house.shop.call("/v1/payment", order | {"amount": 1}), 400, ["order_id", "amount"])
    same(house.shop.status(order_id="anew")["payment_status"], "paid", "status by order_id")


@suite.case("the newest payment of an order is meant unless one is paid")
def newest(house: House) -> None:
    order = house.shop.order(order_id="newest")
    first = house.shop.call("/v1/payment", order).value()
    house.simulate(first["uuid"], outcome="fail")
    second = house.shop.call("/v1/payment", order).value()
    same(house.shop.status(order_id="newest")["id"], second["id"], "id")
    same(house.shop.status(order_id="newest", id=first["id"])["payment_status"], "fail", "both")


@suite.table("a strange address is taken or refused, and harms nobody: {}", [(each,) for each in (
    "https://[::1]/", "https://[::1", "https://::1/", "https://x.example:99999999999999999999/",
    "https://x.example:0/", "https://x.example:/", "https://x.example/%", "https://x.example/%zz",
    "https://x.example/?a[]=1", "https://x.example/{id}", "https://x.example/|", "https://%/",
    "https://xn--/", "https://пример.рф/é?ü=ö#ä", "https://a..b/", "https://.../", "https://?",
    "https://x.example#%", "https://x.example?%%%", "http:x", "https://\u202ex.example/",
    "https://x.example/" + "%41" * 70, "https://" + "a." * 120, "https://" + "é" * 120,
    "https://x.example\\@y.example/", "https://1/", "https://0x7f.1/", "https://x_y.example/",
)])
def strange_urls(house: House, url: str) -> None:
    try:
        answer = house.shop.call("/v1/payment", house.shop.order(
            notification_endpoint_url=url, success_redirect_url=url, fail_redirect_url=url))
        expect(answer.status in (200, 400), f"status {answer.status}")
        if answer.status == 200:
            payment = answer.value()["uuid"]
            same(house.simulate(payment, outcome="paid").status, 200, "the sandbox")
            same(house.ask("GET", f"/{payment}").status, 200, "the outcome page")
    finally:
        house.must_live()
