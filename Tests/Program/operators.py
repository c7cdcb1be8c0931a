"""Operators of a live store: credentials, approvals by another one, and the log of what was done."""

import json
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from commands import failed
from house import Done, House, closing, command
from merchant import Merchant, openssl
from suite import Suite, expect, same

TODAY = str(datetime.now(timezone(timedelta(hours=8))).date())


@contextmanager
def opening(binary: Path, folder: Path):
    key = folder / "master.key"
    same(command(binary, "keys", "master", "--out", key).code, 0, "exit code of keys master")
    with closing(House(binary, folder)) as house:
        house.store += ["--master-key", key]
        house.kind = []
        house.start()
        house.account = house.must("merchant", "create", "--name", "Kedai")["account"]
        house.tokens = {}
        add(house, "siti", None)
        add(house, "ravi", "siti")
        yield house


suite = Suite("Operators", opening)


def by(house: House, who: str | None, *arguments: object) -> Done:
    """Runs a command with this operator's credential, from a file or from the environment."""
    words = [*arguments, *house.store, "--json"]
    if who is None:
        return command(house.binary, *words)
    if len(who) % 2:
        file = house.folder / f"{who}.token"
        file.write_text(house.tokens[who] + "\n")
        return command(house.binary, *words, "--operator-token-file", file)
    return command(house.binary, *words, KAUNTER_OPERATOR_TOKEN=house.tokens[who])


def must(house: House, who: str | None, *arguments: object) -> dict:
    """What a command of this operator's prints that has to succeed."""
    done = by(house, who, *arguments)
    same(done.code, 0, f"exit code of {arguments[:2]}, which said {done.err.strip()!r}")
    return done.value()


def refused(house: House, who: str | None, *arguments: object) -> str:
    """Checks that a command of this operator's is refused; gives why."""
    done = by(house, who, *arguments)
    same(done.code, 1, f"exit code of {arguments[:2]}, with {done.out.strip()!r}")
    return done.value()["error"]["message"]


def add(house: House, name: str, who: str | None) -> None:
    """Adds an operator."""
    added = must(house, who, "operator", "add", "--name", name, "--reason", "shift")
    expect(added["credential"].startswith("kop_"), f"the credential is {added['credential'][:4]}")
    house.tokens[name] = added["credential"]


def adjust(house: House, amount: str = "1.00") -> list:
    """A sensitive act."""
    return ["adjust", "--account", house.account, "--direction", "credit", "--amount", amount,
            "--reason", "ticket 9"]


def available(house: House) -> str:
    """What the account has."""
    return house.must("balance", "--account", house.account)["available"]


@suite.case("without a credential, or with another one, nothing is done")
def strangers(house: House) -> None:
    expect("credential" in refused(house, None, *adjust(house)), "it does not say why")
    house.tokens["eve"] = "kop_" + "A" * 43
    refused(house, "eve", *adjust(house))
    refused(house, None, "operator", "add", "--name", "eve", "--reason", "x")
    same(available(house), "0.00", "balance")


@suite.case("an act waits for another operator, who has it done, once")
def approved(house: House) -> None:
    asked = must(house, "siti", *adjust(house, "12.30"))
    same(available(house), "0.00", "balance before")
    number = asked["approval"]
    listed = house.must("approvals", "list")["approvals"]
    same([(each["approval"], each["asked_by"], each["act"]) for each in listed],
         [(number, "siti", "account.adjust")], "what waits")
    expect(house.tokens["siti"] not in json.dumps(listed), "the credential is in the approval")
    refused(house, "siti", "approvals", "approve", "--approval", number)
    same(available(house), "0.00", "balance after one's own word")
    must(house, "ravi", "approvals", "approve", "--approval", number)
    same(available(house), "12.30", "balance")
    refused(house, "ravi", "approvals", "approve", "--approval", number)
    same(available(house), "12.30", "balance after a second word")


@suite.case("what is rejected, or can't be done, is not done")
def rejected(house: House) -> None:
    before = available(house)
    number = must(house, "ravi", *adjust(house, "5.00"))["approval"]
    must(house, "siti", "approvals", "reject", "--approval", number, "--reason", "not agreed")
    refused(house, "siti", "approvals", "approve", "--approval", number)
    wrong = must(house, "ravi", *adjust(house, "0.001"))["approval"]
    refused(house, "siti", "approvals", "approve", "--approval", wrong)
    must(house, "ravi", "approvals", "reject", "--approval", wrong, "--reason", "my mistake")
    same(available(house), before, "balance")
    same(house.must("approvals", "list")["approvals"], [], "what waits")


@suite.case("a webhook secret is shown and rotated by a named operator, and that is on record")
def webhooks(house: House) -> None:
    made = house.must("endpoint", "add", "--account", house.account, "--url",
                      "https://shop.example/n")
    place = ("keys", "webhook", "show", "--endpoint", made["id"], "--reason", "lost")
    refused(house, None, *place)
    same(must(house, "siti", *place)["secret"], made["secret"], "what is shown")
    done = by(house, "siti", "keys", "webhook", "show", "--endpoint", made["id"])
    same(list(done.value()["error"]["errors"]), ["reason"], "fields without a reason")
    rotate = ("keys", "webhook", "rotate", "--account", house.account, "--reason", "leaked",
              "--overlap-hours", "0")
    refused(house, None, *rotate)
    new = must(house, "ravi", *rotate)
    acts = house.must("acts", "--from", TODAY, "--to", TODAY)["acts"]
    ours = [each for each in acts if each["did"].startswith("keys.webhook")]
    same([(each["did"], each["operator"], each["reason"]) for each in ours],
         [("keys.webhook.show", "siti", "lost"), ("keys.webhook.rotate", "ravi", "leaked")],
         "what is on record")
    expect(made["secret"] not in json.dumps(acts) and new["secret"] not in json.dumps(acts),
           "a secret is on record")


@suite.case("terms of a live store need two, freezing needs one")
def others(house: House) -> None:
    made = must(house, "siti", "terms", "set", "--account", house.account, "--service",
                "qr_code_myr_hpp", "--fee-percent", "2.5", "--reason", "contract")
    must(house, "ravi", "approvals", "approve", "--approval", made["approval"])
    shown = house.must("terms", "show", "--account", house.account, "--service",
                       "qr_code_myr_hpp")["terms"][0]
    same((shown["fee_percent"], shown["hold_days"]), ("2.5", 1), "terms")
    must(house, "siti", "freeze", "account", "--account", house.account, "--reason", "report")
    number = must(house, "siti", "unfreeze", "account", "--account", house.account, "--reason",
                  "withdrawn")["approval"]
    must(house, "ravi", "approvals", "approve", "--approval", number)


@suite.case("a payout key is not in force before another operator approves it")
def keys(house: House) -> None:
    refused(house, None, "keys", "issue", "--account", house.account, "--for", "payout", "--out",
            house.folder / "refused")
    folder = house.folder / "payout"
    made = must(house, "siti", "keys", "issue", "--account", house.account, "--for", "payout",
                "--out", folder, "--reason", "first key")
    same(made["in_force"], False, "whether it is in force")
    merchant = Merchant.__new__(Merchant)
    merchant.house, merchant.account = house, house.account
    merchant.key = folder.with_suffix(".opened.pem")
    openssl("pkey", "-in", folder / "private.pem", "-passin", f"file:{folder / 'password.txt'}",
            "-out", merchant.key)
    same(merchant.call("/v1/account/balance", []).status, 401, "status before")
    number = house.must("approvals", "list")["approvals"][0]["approval"]
    refused(house, "siti", "approvals", "approve", "--approval", number)
    must(house, "ravi", "approvals", "approve", "--approval", number)
    same(merchant.call("/v1/account/balance", []).status, 200, "status after")
    # A key for payments only takes money in: it needs nobody.
    must(house, None, "keys", "issue", "--account", house.account, "--for", "payment", "--out",
         house.folder / "payment")


@suite.case("a third operator needs two, and a revoked credential is refused")
def revoked(house: House) -> None:
    asked = must(house, "siti", "operator", "add", "--name", "mei", "--reason", "day shift")
    refused(house, "siti", "approvals", "approve", "--approval", asked["approval"])
    added = must(house, "ravi", "approvals", "approve", "--approval", asked["approval"])
    house.tokens["mei"] = added["credential"]
    must(house, "siti", "operator", "revoke", "--name", "mei", "--reason", "left")
    refused(house, "mei", *adjust(house))
    listed = {each["operator"]: each["revoked_at"] for each in
              house.must("operator", "list")["operators"]}
    expect(listed["mei"] and not listed["siti"], f"the operators are {listed}")
    refused(house, "siti", "operator", "revoke", "--name", "nobody", "--reason", "x")


@suite.case("who did what, and why, is kept; credentials are nowhere")
def kept(house: House) -> None:
    acts = house.must("acts", "--from", TODAY, "--to", TODAY)["acts"]
    did = [(each["operator"], each["did"]) for each in acts]
    for each in [("installation", "operator.add"), ("siti", "operator.add"),
                 ("siti", "approvals.ask"), ("siti", "account.adjust"),
                 ("siti", "approvals.reject"), ("ravi", "approvals.approve"),
                 ("siti", "account.freeze")]:
        expect(each in did, f"{each} is not among {did}")
    adjusted = next(each for each in acts if each["did"] == "account.adjust")
    same((adjusted["reason"], adjusted["approval"] is not None), ("ticket 9", True), "an act")
    # More was given away than any fee has brought: that is all that is wrong.
    found = house.command("audit").value()["findings"]
    same([each["code"] for each in found], ["shortfall"], "what the audit finds")
    text = house.log() + "".join(
        path.read_bytes().decode("latin-1") for path in house.data.iterdir() if path.is_file())
    for name, token in house.tokens.items():
        expect(token not in text, f"the credential of {name} is in the log or in the store")


@suite.case("a name that is taken, or no name, is refused")
def names(house: House) -> None:
    number = must(house, "siti", "operator", "add", "--name", "ravi", "--reason", "x")["approval"]
    refused(house, "ravi", "approvals", "approve", "--approval", number)
    number = must(house, "siti", "operator", "add", "--name", "a b", "--reason", "x")["approval"]
    refused(house, "ravi", "approvals", "approve", "--approval", number)
    failed(house, 1, "approvals", "approve", "--approval", "1")
