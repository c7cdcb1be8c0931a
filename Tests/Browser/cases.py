"""What payers do, each once with scripts and once without."""

from dataclasses import dataclass
from pathlib import Path

from emvcode import emv_fields, scanned
from gateway import Gateway
from looks import faults, focus_faults
from phone import Phone
from shop import Return, Shop

FPX_BANKS = 19
QR = {"service": "qr_code_myr_hpp", "customer_code": "DUITNOW"}
WALLET = {"service": "e_wallet_myr_hpp", "customer_code": "TNGODUITNOW"}
MAYBANK = {"customer_code": "MBB"}
TAKEN_BACK = "Taking you back to the shop"


@dataclass(frozen=True)
class Visit:
    """One payer's visit to a shop, with what the payer holds in hand."""

    gateway: Gateway
    shop: Shop
    phone: Phone
    folder: Path

    def look(self, *allowed: str) -> None:
        """Fails the case if the page has a fault; these words in the console are none."""
        found = faults(self.phone, allowed)
        expect(not found, f"on {self.phone.address}: {'; '.join(found)}")

    def sees(self, text: str) -> None:
        """Fails the case if the page does not say this."""
        expect(text in self.phone.text(), f"{text!r} is not in {self.phone.text()!r}")

    def choose_bank(self, name: str) -> None:
        """Goes from the list of banks to one of them."""
        self.phone.choose("#bank", name)
        self.phone.press("Continue to the bank")
        self.sees(f"Simulated {name}")

    def go_back(self) -> Return:
        """Back to the shop, by the button, or with scripts by doing nothing."""
        if self.phone.scripts:
            self.phone.wait_for("Back at the shop")
        else:
            expect(not self.phone.text(".soon"), "without scripts nobody is taken back")
            self.look()
            self.phone.press("Return to the shop")
            self.sees("Back at the shop")
        return self.shop.next_return()


def expect(condition: bool, reason: str) -> None:
    """Fails the case for this reason. Unlike `assert` it also does so under `python3 -O`."""
    if not condition:
        raise AssertionError(reason)


def declined_then_paid(visit: Visit) -> None:
    """A bank declines, another approves, and the shop gets a genuine signature."""
    payment = visit.shop.create_with_return("INV/2041")
    visit.phone.open(payment["url"])
    visit.sees("Sandbox")
    visit.look()
    offered = visit.phone.options("#bank")
    expect(len(offered) == FPX_BANKS + 1, f"the choice is {offered}")
    visit.choose_bank("Maybank (FPX)")
    visit.look()
    visit.phone.press("Decline")
    visit.sees("Maybank (FPX) declined the payment. No money was taken.")
    visit.look()
    visit.choose_bank("CIMB Bank (FPX)")
    visit.phone.press("Approve")
    if not visit.phone.scripts:
        visit.sees("Payment received")
    came = visit.go_back()
    expect((came.method, came.path) == ("POST", "/thanks?from=gateway"), f"they came as {came}")
    expect([name for name, _ in came.fields] == ["order_id", "uuid", "sign"], f"it brought {came}")
    fields = dict(came.fields)
    expect(fields["order_id"] == "INV/2041", f"the order is {fields['order_id']}")
    expect(fields["uuid"] == payment["uuid"], f"the payment is {fields['uuid']}")
    expect(visit.shop.is_genuine(fields), "the signature is not the gateway's")
    expect(not visit.shop.is_genuine(fields | {"order_id": "another"}), "any order is genuine")


def stopped_at_the_bank(visit: Visit) -> None:
    """Cancelling at the bank leads back to the choice; leaving ends the payment."""
    payment = visit.shop.create_with_return("stopped")
    visit.phone.open(payment["url"])
    visit.choose_bank("HSBC (FPX)")
    visit.phone.press("Cancel")
    visit.sees("You stopped at HSBC (FPX). No money was taken.")
    visit.look()
    visit.phone.press("Cancel this payment")
    if not visit.phone.scripts:
        visit.sees("Payment cancelled")
    came = visit.go_back()
    expect((came.method, came.path) == ("POST", "/sorry"), f"they came as {came}")
    # Contract §5: else a payer who cancelled could show a signature to the success page.
    expect(came.fields == [("order_id", "stopped"), ("uuid", payment["uuid"])], f"as {came}")


def one_bank(visit: Visit) -> None:
    """A bank that the merchant named is not asked for, and the outcome stays on reloading."""
    visit.phone.open(visit.shop.create("one-bank", **MAYBANK)["url"])
    visit.sees("Pay with Maybank Berhad")
    visit.look()
    visit.phone.press("Continue to Maybank Berhad")
    visit.look()
    bank = visit.phone.address
    visit.phone.press("Approve")
    for _ in range(2):
        visit.sees("Payment received")
        visit.sees("You can close this page.")
        expect(not visit.phone.has("form, a"), "there is a way back, and no shop that wants it")
        visit.look()
        visit.phone.reload()
    visit.phone.open(bank)
    visit.sees("You approved this payment.")
    visit.look()
    visit.phone.press("Back to the payment")
    visit.sees("Payment received")


def wallet_declined(visit: Visit) -> None:
    """A payer who leaves it at a decline sees that the payment failed."""
    visit.phone.open(visit.shop.create("wallet", **WALLET)["url"])
    visit.sees("Pay with Touch N Go")
    visit.look()
    visit.phone.press("Continue to Touch N Go")
    visit.look()
    visit.phone.press("Decline")
    visit.sees("Touch N Go declined the payment.")
    visit.look()
    visit.phone.press("Cancel this payment")
    visit.sees("Payment failed")
    visit.look()


def qr_code(visit: Visit) -> None:
    """The symbol on the screen is a sound code, and the page notices that it was paid."""
    payment = visit.shop.create("qr", amount="1234.50", **QR)
    visit.phone.open(payment["url"])
    visit.sees("RM 1,234.50")
    visit.look()
    visit.phone.press("Show the QR code")
    visit.sees("Scan to pay")
    visit.look()
    for dark in (False, True):
        picture = visit.folder / "symbol.png"
        visit.phone.darken(dark)
        visit.phone.photograph(picture)
        fields = emv_fields(scanned(picture))
        paid = (fields.get("54"), fields.get("53"), fields.get("58"))
        expect(paid == ("1234.50", "458", "MY"), f"the code is for {paid}")
        expect(fields.get("01") == "12", "the code could be paid twice")
    visit.phone.darken(False)
    visit.gateway.pay(payment["uuid"])
    visit.phone.wait_for("Payment received")
    visit.look()


def second_tab(visit: Visit) -> None:
    """Every tab shows the same attempt, and hears how it ended."""
    payment = visit.shop.create("tabs")
    visit.phone.open(payment["url"])
    first = visit.phone.tab
    visit.phone.open_tab(payment["url"])
    second = visit.phone.tab
    visit.phone.show_tab(first)
    visit.choose_bank("RHB Bank (FPX)")
    bank = visit.phone.address
    # The second tab still shows the list: what is chosen there now is too late.
    visit.phone.show_tab(second)
    visit.phone.choose("#bank", "UOB (FPX)")
    visit.phone.press("Continue to the bank")
    visit.sees("Your payment is under way")
    visit.sees("We are waiting for RHB Bank (FPX).")
    visit.look()
    visit.phone.press("Continue at RHB Bank (FPX)")
    expect(visit.phone.address == bank, f"it leads to {visit.phone.address}")
    visit.phone.open(payment["url"])
    visit.phone.show_tab(first)
    visit.phone.press("Approve")
    visit.sees("Payment received")
    visit.phone.show_tab(second)
    visit.phone.wait_for("Payment received")
    visit.look()


def keyboard(visit: Visit) -> None:
    """Each control is reached by keyboard, and seen to be reached, in light and in dark."""
    visit.phone.open(visit.shop.create("keyboard")["url"])
    for dark in (False, True):
        visit.phone.darken(dark)
        visit.phone.reload()
        found = focus_faults(visit.phone)
        expect(not found, "; ".join(found))
    visit.phone.darken(False)
    visit.choose_bank("OCBC (FPX)")
    found = focus_faults(visit.phone)
    expect(not found, "; ".join(found))


def unknown_page(visit: Visit) -> None:
    """An address that is none gets a page that says what to do."""
    for path in ("00000000-0000-4000-8000-000000000000", "nothing", "simulator/NOTHING"):
        visit.phone.open(f"{visit.gateway.url}/{path}")
        visit.sees("This page does not exist")
        visit.look("404 (Not Found)")


def documentation(visit: Visit) -> None:
    """A merchant's developer reads what can be called, on the way to somewhere."""
    visit.phone.open(f"{visit.gateway.url}/docs")
    visit.look()
    for text in ("Create a payment", "POST /v1/payout", "customer_first_name", "BOOSTDUITNOW",
                 "unknown_fate", "Be told that a status is final"):
        visit.sees(text)
    lost = visit.phone.ask("""
        return [...document.querySelectorAll("a[href^='#']")].map((each) => each.hash.slice(1))
          .filter((name) => !document.getElementById(name));
        """)
    expect(not lost, f"links lead to nothing: {lost}")
    asked = visit.phone.ask("""
        return performance.getEntriesByType("resource").map((each) => new URL(each.name).origin)
          .filter((origin) => origin !== location.origin);
        """)
    expect(not asked, f"the page asks elsewhere: {asked}")
    visit.phone.press("openapi.json")
    visit.sees('"openapi": "3.1.0"')


def taken_back_once(visit: Visit) -> None:
    """With scripts a payer is told of being taken back, and who comes back by hand may stay."""
    payment = visit.shop.create_with_return("taken-back")
    visit.gateway.pay(payment["uuid"])
    visit.phone.open(payment["url"])
    visit.phone.wait_for("Back at the shop")
    visit.shop.next_return()
    visit.phone.go_back()
    visit.sees("Payment received")
    expect(TAKEN_BACK not in visit.phone.text(), "Back is a trap")
    visit.look()
    visit.phone.press("Return to the shop")
    visit.sees("Back at the shop")
    visit.shop.next_return()


def returned_by_link(visit: Visit) -> None:
    """A shop that wants a GET gets a link, with the same fields behind its own query."""
    payment = visit.shop.create_with_return("INV 7&8", **QR)
    visit.phone.open(payment["url"])
    visit.phone.press("Show the QR code")
    visit.look()
    visit.phone.press("Open the simulated wallet")
    visit.look()
    visit.phone.press("Approve")
    came = visit.go_back()
    expect((came.method, came.path) == ("GET", "/thanks"), f"they came as {came}")
    names = [name for name, _ in came.fields]
    expect(names == ["from", "order_id", "uuid", "sign"], f"they brought {came}")
    fields = dict(came.fields)
    expect(fields["order_id"] == "INV 7&8", f"the order is {fields['order_id']}")
    expect(visit.shop.is_genuine(fields), "the signature is not the gateway's")


def hard_texts(visit: Visit) -> None:
    """Whatever a merchant and an order are called, it is shown as it is, and nothing gets wider."""
    for number, order in enumerate(HARD_ORDERS):
        payment = visit.shop.create(order, amount="29999.99")
        visit.phone.open(payment["url"])
        for text in (order, visit.shop.name):
            shown = visit.phone.ask("return document.querySelector('.summary').textContent")
            expect(text in shown, f"{text!r} is not in {shown!r}")
        expect(not visit.phone.has(".summary :not(p)"), "a text became an element")
        visit.look()
        if number == 0:
            visit.choose_bank("Standard Chartered Bank (FPX)")
            visit.look()
            visit.phone.press("Approve")
            visit.sees("Payment received")
            visit.look()


HARD_NAMES = [
    "<script>alert(1)</script><b>Kedai & \"Sons\"</b> {{{body}}} &amp;",
    "W" * 100,
    "Kedai Kopi 😀 美玲 مقهى 👨‍👩‍👧‍👦",
]
HARD_ORDERS = [
    "</p><img src=x onerror=alert(1)>'\"&lt;{{summary}}",
    "8" * 128,
    "😀" * 60,
    "طلب رقم 2041 \u202e1402",
]

CASES = [
    declined_then_paid, stopped_at_the_bank, one_bank, wallet_declined, qr_code, second_tab,
    keyboard, unknown_page, documentation,
]
WITH_SCRIPTS_ONLY = [taken_back_once]
