"""The way back to the merchant: the form on the outcome page, and what is signed in it."""

from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from house import House, closing
from merchant import Merchant, php_json, verifies
from pages import Page, Payer
from suite import Suite, expect, same

SUCCESS = "https://shop.example/thanks?a=1&b=<2>"
FAIL = "https://shop.example/sorry"


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house:
        house.start()
        house.shop = Merchant(house)
        yield house


suite = Suite("Redirects", opening)


def outcome(house: House, shop: Merchant, kind: str, **fields) -> tuple[dict, Page]:
    """A payment with this outcome, and its page."""
    order = shop.order(**fields)
    payment = shop.call("/v1/payment", order).value()
    same(house.simulate(payment["uuid"], outcome=kind).status, 200, "the sandbox")
    return order | payment, Payer(house, payment).look()


def check(shop: Merchant, payment: dict, fields: dict, signed: bool,
          digest: str = "sha1") -> None:
    """Checks the fields of a redirect, and the signature if there is to be one."""
    same(list(fields), ["order_id", "uuid"] + ["sign"] * signed, "fields")
    same((fields["order_id"], fields["uuid"]), (payment["order_id"], payment["uuid"]), "values")
    if signed:
        text = php_json({"order_id": payment["order_id"], "uuid": payment["uuid"]}).encode()
        expect(verifies(shop.notification_key, fields["sign"], text, digest),
               "openssl refuses the signature")


@suite.table("order {} comes back by POST to the success page, and openssl verifies it", [
    ("order-1",), ('é "quoted" <b>/&amp; 😀',), ("a+b c",), ("x" * 128,),
])
def success(house: House, order: str) -> None:
    payment, page = outcome(house, house.shop, "paid", order_id=order,
                            success_redirect_url=SUCCESS, fail_redirect_url=FAIL)
    same(len(page.forms), 1, "forms of the page")
    form = page.forms[0]
    same((form.method, form.action), ("post", SUCCESS), "method and action")
    check(house.shop, payment, form.fields, signed=True)


@suite.table("a payment that is {} comes back to the fail page, unsigned", [
    ("cancel",), ("fail",)])
def fail(house: House, kind: str) -> None:
    payment, page = outcome(house, house.shop, kind, success_redirect_url=SUCCESS,
                            fail_redirect_url=FAIL)
    same((page.forms[0].method, page.forms[0].action), ("post", FAIL), "method and action")
    check(house.shop, payment, page.forms[0].fields, signed=False)


@suite.table("without a redirect a payment that is {} ends on our page", [
    ("paid", "success"), ("cancel", "fail"), ("fail", "fail")])
def none(house: House, kind: str, side: str) -> None:
    other = "fail" if side == "success" else "success"
    for fields in ({}, {f"{other}_redirect_url": SUCCESS}):
        _, page = outcome(house, house.shop, kind, **fields)
        same((page.forms, [each for each in page.links if "shop.example" in each]), ([], []),
             "forms and links")


@suite.case("a redirect named by id is used with its own method; the URL wins over it")
def by_id(house: House) -> None:
    whose = ("--account", house.shop.account)
    post = house.must("redirect", "add", *whose, "--url", FAIL)["id"]
    get = house.must("redirect", "add", *whose, "--url", SUCCESS, "--method", "get")["id"]
    payment, page = outcome(house, house.shop, "paid", success_redirect_id=post)
    same(page.forms[0].action, FAIL, "action")
    check(house.shop, payment, page.forms[0].fields, signed=True)
    payment, page = outcome(house, house.shop, "paid", success_redirect_id=str(get))
    by_get(house.shop, payment, page, SUCCESS, signed=True)
    payment, page = outcome(house, house.shop, "cancel", fail_redirect_id=get)
    by_get(house.shop, payment, page, SUCCESS, signed=False)
    payment, page = outcome(house, house.shop, "paid", success_redirect_id=get,
                            success_redirect_url=FAIL)
    same((page.forms[0].method, page.forms[0].action), ("post", FAIL), "method and action")


def by_get(shop: Merchant, payment: dict, page: Page, url: str, signed: bool) -> None:
    """Checks that the page goes back by GET, with the fields behind the URL's own query."""
    same(page.forms, [], "forms of a page that goes back by GET")
    found = [each for each in page.links if "shop.example" in each]
    same(len(found), 1, "links back")
    own = urlsplit(url).query
    parts = urlsplit(found[0])
    expect(found[0].startswith(url.partition("?")[0]), f"it goes to {found[0]}")
    expect(parts.query.startswith(own + "&" * bool(own)), f"its query is {parts.query}")
    rest = parts.query.removeprefix(own + "&" * bool(own))
    check(shop, payment, dict(parse_qsl(rest, strict_parsing=True)), signed)


@suite.case("the account's settings rule the redirects that are named by URL")
def by_account(house: House) -> None:
    shop = Merchant(house)
    whose = ("--account", shop.account)
    house.must("account", "set", *whose, "--redirect-method", "get")
    payment, page = outcome(house, shop, "paid", success_redirect_url=SUCCESS)
    by_get(shop, payment, page, SUCCESS, signed=True)
    payment, page = outcome(house, shop, "fail", fail_redirect_url=FAIL)
    by_get(shop, payment, page, FAIL, signed=False)
    house.must("account", "set", *whose, "--redirect-method", "post", "--redirect-sign", "always",
               "--digest", "sha256")
    payment, page = outcome(house, shop, "cancel", fail_redirect_url=FAIL)
    check(shop, payment, page.forms[0].fields, signed=True, digest="sha256")


@suite.case("a page that waits shows no way back, and no signature")
def waiting(house: House) -> None:
    payment = house.shop.create(success_redirect_url=SUCCESS, fail_redirect_url=FAIL)
    page = Payer(house, payment).look()
    expect("shop.example" not in page.html and "sign" not in [
        name for form in page.forms for name in form.fields], "it shows the way back")


@suite.case("an outcome page may send its form elsewhere; a page that waits may not")
def guards(house: House) -> None:
    payment = house.shop.create(success_redirect_url=SUCCESS)
    before = house.ask("GET", f"/{payment['uuid']}").headers["content-security-policy"]
    expect("form-action 'self';" in before + ";", f"while it waits: {before}")
    house.simulate(payment["uuid"], outcome="paid")
    after = house.ask("GET", f"/{payment['uuid']}").headers["content-security-policy"]
    expect("https:" in after.partition("form-action ")[2].partition(";")[0], f"after: {after}")
