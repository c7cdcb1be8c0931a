"""What is in no log, no metric and no answer: keys, signatures, and the payer's data."""

import json
from contextlib import contextmanager
from pathlib import Path

from house import House, closing
from merchant import PAYER, Merchant
from pages import Payer
from shop import open_shop
from suite import Suite, expect, same


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house, open_shop() as receiver:
        house.start()
        house.shop = Merchant(house)
        house.secrets = work(house, receiver)
        yield house


suite = Suite("Secrets and the payer's data", opening)


def work(house: House, receiver) -> dict[str, str]:
    """Does of everything something, and gives the words that nobody may find afterwards."""
    keys = house.folder / "keys"
    house.must("keys", "issue", "--account", house.shop.account, "--for", "payment", "--out", keys)
    order = house.shop.order(
        order_id="secret-order-7c1", desc="secret-desc-7c2",
        notification_endpoint_url=receiver.url + "/notify-7c3?token=secret-token-7c4",
        success_redirect_url="https://shop.example/thanks-7c5")
    body = json.dumps(order).encode()
    headers = house.shop.headers(body)
    payment = house.ask("POST", "/v1/payment", body, headers).value()
    hook = house.must("endpoint", "add", "--account", house.shop.account, "--url",
                      receiver.url + "/hook-7ce", "--method", "post_json")
    own = house.must("keys", "webhook", "rotate", "--account", house.shop.account)
    told = house.shop.create(notification_endpoint_id=hook["id"])
    house.simulate(told["uuid"], outcome="paid")
    signatures = receiver.next("/hook-7ce").headers["webhook-signature"].split(" ")
    receiver.answers("GET", "/notify-7c3", 500)
    payer = Payer(house, payment)
    bank = payer.choose()
    payer.decide(bank, "approve")
    notice = receiver.next("/notify-7c3").fields()
    receiver.next("/notify-7c3")
    house.ask("POST", "/v1/payment", body, headers | {"Sign": "AAAAwrong7c6"})
    house.ask("POST", "/v1/payment", body[:-1] + b', "amount": "secret-junk-7c7"}', headers)
    bad = house.shop.order(customer_first_name="secretname7c8" * 20, amount="secret-amount-7c9")
    house.shop.call("/v1/payment", bad)
    house.ask("GET", "/secret-path-7ca?secret-query=7cb")
    house.ask("GET", f"/{payment['uuid']}?x=secret-query-7cc")
    house.ask("POST", f"/{payment['uuid']}/attempts", b"bank=secret-bank-7cd")
    password = (keys / "password.txt").read_text()
    private = (keys / "private.pem").read_text().splitlines()
    return PAYER | {
        "the password": password, "the private key": private[3], "the signature": headers["Sign"],
        "the notification's signature": notice["sign"], "the master key":
        (house.data / "master.key").read_text().splitlines()[0][-20:],
        "the endpoint's secret": hook["secret"].removeprefix("whsec_"),
        "the account's secret": own["secret"].removeprefix("whsec_"),
        "a webhook signature": signatures[0].removeprefix("v1,"),
        "an ed25519 signature": signatures[1].removeprefix("v1a,"),
        "the payment's page": payment["uuid"], "the bank's page": bank.rpartition("/")[2],
        "what begins so": "7c",
    }


@suite.case("the server's log has none of it")
def log(house: House) -> None:
    text = house.log()
    expect(text.count("\n") > 10, "the log is nearly empty")
    found = [name for name, word in house.secrets.items() if name != "what begins so"
             and word in text]
    same(found, [], "found in the log")
    words = [f"secret-{what}" for what in ("order", "desc", "token", "junk", "amount", "path",
                                           "query", "bank")]
    same([word for word in (*words, "notify-7c3", "thanks-7c5", "secretname7c8", "wrong7c6")
          if word in text], [], "found in the log")


@suite.case("the metrics have none of it")
def metrics(house: House) -> None:
    text = house.ask("GET", "/metrics").body.decode()
    same([name for name, word in house.secrets.items() if len(word) > 2 and word in text], [],
         "found in the metrics")
    expect("secret-" not in text and "7ca" not in text, "a path is a metric")


@suite.case("what the merchant signed with, and payers wrote, is not in the database in clear")
def database(house: House) -> None:
    same(house.end(), 0, "exit status")
    try:
        stored = b"".join(each.read_bytes() for each in house.data.glob("kaunter.sqlite*"))
    finally:
        house.start()
    same([name for name in ("the password", "the private key", "the master key",
                            "the endpoint's secret", "the account's secret")
          if house.secrets[name].encode() in stored], [], "found in the database")
    expect(b"PRIVATE KEY" not in stored, "a private key is in the database")
    expect(b"whsec_" not in stored, "a webhook secret is in the database")


@suite.case("an unexpected fault on standard output or error shows none of it")
def refusals(house: House) -> None:
    done = house.command("keys", "upload", "--account", house.shop.account, "--for", "payment",
                         "--public", house.folder / "keys" / "private.pem")
    same(done.code, 1, "exit code")
    expect(house.secrets["the private key"] not in done.out + done.err, "a key is shown")
