"""A payer's walk through the pages, without scripts."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from calls import CODES
from house import House, closing
from merchant import BANKING, PAYER, Merchant
from pages import Page, Payer
from suite import Suite, expect, same

WALLETS = [(code,) for code in CODES["e_wallet_myr_hpp"].split()]
ORDER = "Pesanan-42"


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house:
        house.start()
        house.shop = Merchant(house, "Kedai Kopi & <Teh>")
        house.shown = []
        yield house


suite = Suite("The payer's pages", opening)


def payer(house: House, **fields) -> tuple[dict, Payer]:
    """A new payment and its payer, whose pages are kept."""
    payment = house.shop.create(**fields)
    walker = Payer(house, payment)
    walker.seen = house.shown
    return payment, walker


def is_status(house: House, payment: dict, status: str) -> None:
    """The status call says so."""
    same(house.shop.status(id=payment["id"])["payment_status"], status, "payment_status")


@suite.case("the page shows merchant, amount, order and the nineteen banks")
def chooser(house: House) -> None:
    _, walker = payer(house, order_id=ORDER, amount="12345.60")
    page = walker.look()
    for word in ("Kedai Kopi & <Teh>", "RM 12,345.60", ORDER, "Sandbox"):
        expect(word in page.text, f"{word} is not on the page")
    wanted = [code for code in CODES[BANKING].split() if code.endswith("FPX") and code != "FPX"]
    same(sorted(page.form("/attempts").choices), sorted(wanted), "banks")
    page.form("/leave")


@suite.case("hostile texts of the merchant are shown as text")
def hostile(house: House) -> None:
    text = "<script>alert(1)</script>\"'{{merchant}}{{{order}}}&lt;"
    page = payer(house, order_id=text)[1].look()
    expect(text in page.text, f"the order is shown as {page.text!r}")
    expect("<script>alert" not in page.html, "a script of the merchant's is in the page")


@suite.case("decline, choose another bank, approve")
def walk(house: House) -> None:
    payment, walker = payer(house)
    bank = walker.choose("MBBFPX")
    page = walker.look(bank)
    for word in ("Simulated bank", "Maybank", "RM 25.90", "Kedai Kopi"):
        expect(word in page.text, f"{word} is not on the bank's page")
    page = walker.decide(bank, "decline")
    expect("declined" in page.text and "Maybank" in page.text, "the decline is not told")
    is_status(house, payment, "wait")
    page = walker.decide(walker.choose("CIMBFPX"), "cancel")
    expect("CIMB" in page.text, "the stop is not told")
    page = walker.decide(walker.choose("CIMBFPX"), "approve")
    expect("Payment received" in page.text, f"the page says {page.text.split()}")
    expect(page.refresh is None and not page.forms, "the end is no end")
    is_status(house, payment, "paid")


@suite.case("a second tab is shown the first one's state, and can't start another attempt")
def two_tabs(house: House) -> None:
    payment, first = payer(house)
    second = Payer(house, payment)
    bank = first.choose("MBBFPX")
    page = second.look()
    expect(bank in [each.removeprefix(house.url) for each in page.links], f"links: {page.links}")
    expect(page.refresh and not page.forms, "the second tab can choose")
    same(second.choose("CIMBFPX"), f"/{payment['uuid']}", "where the second choice leads")
    same(second.follow(f"/{payment['uuid']}/leave"), f"/{payment['uuid']}", "where leaving leads")
    is_status(house, payment, "wait")
    first.decide(bank, "approve")
    expect("Payment received" in second.look().text, "the second tab does not know the end")
    same(first.choose("CIMBFPX"), f"/{payment['uuid']}", "where a late choice leads")
    is_status(house, payment, "paid")


@suite.case("of sixteen choices at once one becomes an attempt")
def at_once(house: House) -> None:
    payment, walker = payer(house)
    with ThreadPoolExecutor(16) as pool:
        places = list(pool.map(lambda _: walker.choose("MBBFPX"), range(16)))
    same(len({each for each in places if each.startswith("/simulator/")}), 1, "attempts")


@suite.case("a bank's page that was decided can't be decided again")
def decided(house: House) -> None:
    payment, walker = payer(house)
    bank = walker.choose()
    walker.decide(bank, "approve")
    expect(not walker.look(bank).forms, "the bank's page has its buttons still")
    for choice in ("decline", "cancel", "approve"):
        answer = walker.press(bank, choice=choice, amount="25.90")
        expect(answer.status < 500, f"status {answer.status}")
    is_status(house, payment, "paid")


@suite.case("leaving ends the payment: cancelled at first, failed after a decline")
def leaving(house: House) -> None:
    payment, walker = payer(house)
    expect("cancelled" in walker.leave().text, "the end is not told")
    is_status(house, payment, "cancel")
    payment, walker = payer(house)
    walker.decide(walker.choose(), "decline")
    expect("failed" in walker.leave().text, "the end is not told")
    is_status(house, payment, "fail")
    walker.leave()
    is_status(house, payment, "fail")


@suite.table("a form that chooses nothing is refused, and harms nobody: {}", [
    (repr(text), text) for text in (
        "", "bank=", "bank=FPX", "bank=MBB", "bank=NONE", "=" * 99, "&&&=", "bank=%00",
        "bank=%FF%FE", "bank=MBBFPX%00", "bank=%", "bank=%4", "bank=%zz", "bank[]=MBBFPX",
        "bank=<MBBFPX>", "bank={MBBFPX}", "bank=MBBFPX|", "bank=`MBBFPX`", "bank=^", "bank=\\",
        "bank=\"MBBFPX\"", "bank=é", "bank=#MBBFPX", "bank=\x00", "bank=\n")])
def no_choice(house: House, _: str, text: str) -> None:
    payment, walker = payer(house)
    try:
        answer = house.ask("POST", f"/{payment['uuid']}/attempts", text.encode(),
                           {"Content-Type": "application/x-www-form-urlencoded"})
    except OSError:
        house.must_live()
        raise
    same(answer.status, 400, f"status, with {answer.body[:200]!r}")
    Page(answer.body.decode())
    walker.look().form("/attempts")


@suite.case("a form of 10 MB is refused, and harms nobody")
def huge_form(house: House) -> None:
    payment, walker = payer(house)
    try:
        answer = house.ask("POST", f"/{payment['uuid']}/attempts", b"bank=" + b"x" * 10_000_000)
        same(answer.status, 413, "status")
    except (BrokenPipeError, ConnectionResetError):
        pass  # It was refused before all of it was sent.
    house.must_live()
    walker.look()


@suite.case("DuitNow shows a QR symbol, which is there again after reloading")
def symbol(house: House) -> None:
    payment, walker = payer(house, service="qr_code_myr_hpp", customer_code="DUITNOW")
    form = walker.look().form("/attempts")
    same((form.choices, form.fields), ([], {"bank": "DUITNOW"}), "choices and fields")
    page = walker.look(walker.follow(form.action, **form.fields))
    expect(page.has_symbol and page.refresh, "there is no symbol, or no refresh")
    same(walker.look().html, page.html, "the page after reloading")
    wallet = [each.removeprefix(house.url) for each in page.links if "/simulator/" in each][0]
    expect("received" in walker.decide(wallet, "approve").text, "the end is not told")
    is_status(house, payment, "paid")


@suite.table("the wallet {} leads to its page, declines, and pays", WALLETS)
def wallets(house: House, code: str) -> None:
    payment, walker = payer(house, service="e_wallet_myr_hpp", customer_code=code)
    form = walker.look().form("/attempts")
    same(form.fields, {"bank": code}, "fields")
    walker.decide(walker.follow(form.action, **form.fields), "decline")
    walker.decide(walker.follow(form.action, **form.fields), "approve")
    is_status(house, payment, "paid")


@suite.case("a named bank needs no choosing, and no other is taken")
def named(house: House) -> None:
    payment, walker = payer(house, customer_code="MBB")
    same(walker.look().form("/attempts").fields, {"bank": "MBB"}, "fields")
    same(walker.press(f"/{payment['uuid']}/attempts", bank="CIMB").status, 400, "another bank")
    walker.decide(walker.choose("MBB"), "approve")
    is_status(house, payment, "paid")


@suite.case("a bank's amount that differs never makes a payment paid")
def other_amount(house: House) -> None:
    payment, walker = payer(house)
    answer = walker.press(walker.choose(), choice="approve", amount="1.00")
    expect(answer.status < 500, f"status {answer.status}, with {answer.body[:200]!r}")
    expect(house.shop.status(id=payment["id"])["payment_status"] != "paid", "it is paid")


@suite.case("looking changes nothing, and the page's address may be written in capitals")
def looking(house: House) -> None:
    payment, walker = payer(house)
    for _ in range(3):
        walker.look()
    walker.look(f"/{payment['uuid'].upper()}")
    same(house.ask("HEAD", f"/{payment['uuid']}").status in (200, 404, 405), True, "HEAD")
    is_status(house, payment, "wait")


@suite.table("there is no page at {}", [(path,) for path in (
    "/", "/nothing", "/00000000-0000-4000-8000-000000000000", "/simulator/nothing",
    "/assets/nothing.css", "/assets/..%2f..%2fTemplates%2flayout.mustache", "/control/accounts")])
def nowhere(house: House, path: str) -> None:
    same(house.ask("GET", path).status, 404, "status")
    same(house.ask("POST", f"/{path.strip('/') or 'x'}/attempts", b"bank=MBBFPX").status, 404,
         "status of a button")


@suite.case("stylesheet, script and icon are served, and kept by browsers")
def assets(house: House) -> None:
    html = payer(house)[1].look().html
    names = [each.split('"')[0] for each in html.split('"/assets/')[1:]]
    same(len(names), 3, f"assets in {html[:600]}")
    for name in names:
        answer = house.ask("GET", f"/assets/{name}")
        same(answer.status, 200, name)
        expect("immutable" in answer.headers["cache-control"], answer.headers["cache-control"])


@suite.table("the sandbox refuses an outcome: {}", [
    ("none", b"{}", 400), ("unknown", b'{"outcome":"wait"}', 400), ("no JSON", b"paid", 400),
    ("a wrong amount", b'{"outcome":"paid","amount":"-1"}', 400),
    ("too many decimals", b'{"outcome":"paid","amount":"1.001"}', 400),
    ("a list", b'{"outcome":["paid"]}', 400), ("twice", b'{"outcome":"paid","outcome":"fail"}',
                                               400),
])
def bad_outcomes(house: House, _: str, body: bytes, status: int) -> None:
    payment, _ = payer(house)
    answer = house.ask("POST", f"/sandbox/v1/payments/{payment['uuid']}", body)
    same((answer.status, list(json.loads(answer.body))), (status, ["message", "errors"]), "answer")
    is_status(house, payment, "wait")


@suite.case("the sandbox decides during an attempt, and knows no unknown payment")
def sandbox(house: House) -> None:
    payment, walker = payer(house)
    walker.choose()
    for outcome, status in (("fail", "fail"), ("paid", "fail"), ("cancel", "fail")):
        same(house.simulate(payment["uuid"], outcome=outcome).value()["payment_status"], status,
             outcome)
    same(house.simulate("00000000-0000-4000-8000-000000000000", outcome="paid").status, 404,
         "an unknown payment")
    same(house.simulate("nothing", outcome="paid").status, 404, "no uuid")


@suite.case("no page showed the payer's own data, or a key's owner")
def private(house: House) -> None:
    expect(len(house.shown) > 50, f"only {len(house.shown)} pages were looked at")
    for word in (*PAYER.values(), house.shop.account, "/data", "kaunter.sqlite"):
        same([page for page in house.shown if word in page], [], f"pages with {word}")
