"""Statements, trial balances, and exports that a verifier checks without Kaunter."""

import csv
import io
import json
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

from commands import NOBODY, failed
from house import House, closing, command
from payouts import Payer
from suite import Suite, expect, same

VERIFIER = Path(__file__).resolve().parents[2] / "Examples" / "verify-ledger" / "verify_ledger.py"
VERIFIER_TIMEOUT_SECONDS = 60
SEAL_TIMEOUT_SECONDS = 30
TODAY = datetime.now(timezone(timedelta(hours=8))).date()
COLUMNS = ["available", "hold", "rolling_reserve", "payouts_reserved", "receivable"]


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house:
        house.start()
        house.payer = live(house)
        house.books = export(house)
        yield house


def live(house: House) -> Payer:
    """An account to which a bit of everything has happened, all of it sealed."""
    payer = Payer(house)
    house.must("terms", "set", "--account", payer.account, "--service", "e_wallet_myr_hpp",
               "--fee-percent", "2.5", "--hold-days", "1", "--reserve-percent", "5",
               "--reserve-days", "90", "--reason", "contract")
    for number in range(4):
        service = {"service": "e_wallet_myr_hpp", "customer_code": "TNGODUITNOW"}
        payment = payer.create(amount="100.00", order_id=f"=order,{number}",
                               **(service if number % 2 else {}))
        house.simulate(payment["uuid"], outcome="paid")
    house.simulate(payment["uuid"], outcome="paid")
    made = payer.pay("/v1/payout", payer.payout(amount="30.00")).value()
    payer.ended(made["id"])
    made = payer.pay("/v1/payout", payer.payout(amount="20.00", number="00011234")).value()
    payer.ended(made["id"])
    house.must("adjust", "--account", payer.account, "--direction", "debit", "--amount", "1.00",
               "--reason", "ticket")
    return payer


def export(house: House) -> Path:
    """The exported books."""
    end = time.monotonic() + SEAL_TIMEOUT_SECONDS
    for number in range(SEAL_TIMEOUT_SECONDS):
        file = house.folder / f"books-{number}.jsonl"
        made = house.must("ledger", "export", "--to", file)
        same(file.stat().st_mode & 0o777, 0o600, "mode of the file")
        # Ten transfers and two acts; the sealer takes a turn each second.
        if made["items"] == 12 or time.monotonic() > end:
            break
        time.sleep(1)
    same(made["items"], 12, "items that are sealed")
    return file


suite = Suite("The books for others", opening)


def verify(file: Path) -> tuple[int, str]:
    """The verifier's exit status, and what it said."""
    done = subprocess.run([sys.executable, VERIFIER, file], capture_output=True, text=True,
                          timeout=VERIFIER_TIMEOUT_SECONDS)
    return done.returncode, done.stdout + done.stderr


def statement(house: House, *options: str) -> dict:
    """A statement of these days as JSON."""
    return house.must("statement", "--account", house.payer.account, *options)


@suite.case("a statement adds up, line by line, to what the account has")
def adds_up(house: House) -> None:
    found = statement(house, "--from", str(TODAY - timedelta(1)), "--to", str(TODAY))
    same(set(found["opening"].values()), {"0.00"}, "opening")
    sums = {name: Decimal(0) for name in COLUMNS}
    for line in found["lines"]:
        for name, amount in line["changes"].items():
            sums[name] += Decimal(amount)
    same(sums, {name: Decimal(each) for name, each in found["closing"].items()}, "sums")
    balance = house.must("balance", "--account", house.payer.account)
    same({name: balance[name] for name in COLUMNS}, found["closing"], "balances")
    reasons = [line["reason"] for line in found["lines"]]
    same(reasons.count("payment_paid"), 4, "payments")
    expect({"payout_reserved", "payout_paid", "payout_voided", "adjusted"} <= set(reasons),
           f"the reasons are {reasons}")
    tomorrow = str(TODAY + timedelta(1))
    later = statement(house, "--from", tomorrow, "--to", tomorrow)
    same((later["opening"], later["lines"]), (found["closing"], []), "the next day")


@suite.case("as a table and as CSV it says the same, and a formula is made text")
def forms(house: House) -> None:
    arguments = ["statement", "--account", house.payer.account, "--from", str(TODAY), "--to",
                 str(TODAY), *house.store]
    table = command(house.binary, *arguments).out
    expect("opening" in table and "closing" in table and "payment_paid" in table, table)
    text = command(house.binary, *arguments, "--format", "csv").out
    rows = list(csv.reader(io.StringIO(text)))
    same(rows[0], ["at", "reason", "id", "order_id", *COLUMNS], "head")
    same(rows[-1][4:], list(statement(house, "--from", str(TODAY), "--to", str(TODAY))
                            ["closing"].values()), "closing")
    expect(any(row[3].startswith("'=order,") for row in rows), "an order_id is a formula")


@suite.case("the trial balance's debits are its credits, on any day")
def trial(house: House) -> None:
    for day, isEmpty in [(TODAY, False), (TODAY + timedelta(9), False),
                         (TODAY - timedelta(2), True)]:
        found = house.must("trial-balance", "--at", str(day))
        same(found["debits"], found["credits"], f"sums of {day}")
        same(found["debits"] == "0.00", isEmpty, f"whether {day} is empty")
    table = command(house.binary, "trial-balance", "--at", str(TODAY), *house.store).out
    expect("rail_receivable" in table and "total" in table, table)


@suite.table("what is asked wrongly is refused: {}", [
    (" ".join(each), each) for each in [
        ["statement", "--account", NOBODY, "--from", "2026-01-01", "--to", "2026-01-02"],
        ["statement", "--account", "x", "--from", "2026-01-01", "--to", "2026-01-02"],
        ["statement", "--account", NOBODY, "--from", "2026-01-03", "--to", "2026-01-02"],
        ["statement", "--account", NOBODY, "--from", "2026-02-30", "--to", "2026-03-02"],
        ["trial-balance", "--at", "today"],
    ]])
def wrong(house: House, _: str, arguments: list) -> None:
    failed(house, 1, *arguments)


@suite.case("an exported ledger is verified without Kaunter, and never written over")
def verified(house: House) -> None:
    code, words = verify(house.books)
    same(code, 0, f"exit status, with {words}")
    expect("everything adds up" in words, words)
    failed(house, 73, "ledger", "export", "--to", house.books)
    for word in ("Nurulxyz", "12345678901234", "order,"):
        expect(word not in house.books.read_text(), f"{word} is in the export")


def first(lines: list, kind: str) -> dict:
    """The first line of a kind."""
    return next(each for each in lines if each["type"] == kind)


def entry(lines: list) -> dict:
    """An entry of the first transfer."""
    return first(lines, "transfer")["entries"][0]


ALTERATIONS = {
    "an amount": lambda lines: entry(lines).update(sen=entry(lines)["sen"] + 1),
    "both sides of a transfer": lambda lines: [
        each.update(sen=each["sen"] * 2) for each in first(lines, "transfer")["entries"]],
    "an owner": lambda lines: entry(lines).update(owner="house"),
    "an account": lambda lines: entry(lines).update(account=1),
    "a time": lambda lines: first(lines, "transfer").update(at=first(lines, "transfer")["at"] + 1),
    "a day": lambda lines: first(lines, "transfer").update(day=1),
    "a subject": lambda lines: first(lines, "transfer").update(subject=1),
    "a reason": lambda lines: first(lines, "transfer").update(reason="adjusted"),
    "a phase": lambda lines: first(lines, "transfer").update(phase="voided"),
    "an operator": lambda lines: first(lines, "act").update(operator="somebody"),
    "an act's reason": lambda lines: first(lines, "act").update(reason_sha256="0" * 64),
    "a seal": lambda lines: first(lines, "seal").update(sha256="0" * 64),
    "the time of a seal": lambda lines: first(lines, "seal").update(sealed_at=1),
    "a count of entries": lambda lines: first(lines, "seal").update(entries=1),
    "a position": lambda lines: first(lines, "transfer").update(position=99),
    "a transfer left out": lambda lines: lines.remove(first(lines, "transfer")),
    "an act left out": lambda lines: lines.remove(first(lines, "act")),
    "a transfer twice": lambda lines: lines.insert(2, dict(lines[1])),
    "two lines changed over": lambda lines: lines.insert(1, lines.pop(2)),
    "the first seal left out": lambda lines: lines.remove(first(lines, "seal")),
    "a line that is no JSON": lambda lines: lines.append("x"),
}


@suite.table("the verifier notices {} that was altered",
             [(name, alter) for name, alter in ALTERATIONS.items()])
def altered(house: House, name: str, alter) -> None:
    lines = [json.loads(line) for line in house.books.read_text().splitlines()]
    alter(lines)
    file = house.folder / "altered.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in lines))
    code, words = verify(file)
    same(code, 1, f"exit status for {name}, with {words}")
