"""Compares the journal with what the gateway says when all is over."""

import json
from collections import Counter
from urllib.parse import parse_qsl

from receiver import ACCEPTED
from record import FINAL, Crash, Memory, Record
from repetition import repetitions
from world import World

LOST = "acknowledged lost"
DOUBLED = "doubled"
MOVED = "moved after final"
UNTOLD = "not notified"
CONTRADICTING = "contradicting notifications"
REPEATED = "notified again, not by a crash"
UNASKED = "ended as nobody asked"
STUCK = "not settled"
CATEGORIES = [LOST, DOUBLED, MOVED, UNTOLD, CONTRADICTING, REPEATED, UNASKED, STUCK]


class Findings:
    """What was found, by category; and how many payments were told more than once."""

    def __init__(self):
        self.found: dict[str, list[str]] = {each: [] for each in CATEGORIES}
        self.told_again = 0

    def add(self, category: str, sentence: str) -> None:
        """Adds a finding."""
        self.found[category].append(sentence)

    def counts(self) -> dict[str, int]:
        """The categories with findings."""
        return {name: len(found) for name, found in self.found.items() if found}


def verify(memory: Memory, world: World, time_over: set[str]) -> Findings:
    """All findings; of the orders in `time_over` the time was made over, so that they may end
    as cancelled."""
    findings = Findings()
    _verify_history(memory, world, findings)
    listed = {(row.order, row.id): row for row in world.history()}
    for record in memory.records.values():
        _verify_record(record, memory, world, listed, time_over, findings)
    return findings


def _verify_history(memory: Memory, world: World, findings: Findings) -> None:
    rows = Counter(row.order for row in world.history())
    for order, count in rows.items():
        if order not in memory.records:
            findings.add(DOUBLED, f"{order} is in the history, and nobody asked for it")
        elif count > 1:
            findings.add(DOUBLED, f"{order} is in the history {count} times")
    for number, count in Counter(row.id for row in world.history()).items():
        if count > 1:
            findings.add(DOUBLED, f"the id {number} is in the history {count} times")
    for sentence in world.miscounts:
        findings.add(LOST, sentence)


def _verify_record(record: Record, memory: Memory, world: World, listed: dict,
                   time_over: set[str], findings: Findings) -> None:
    if not record.created:
        if record.create:
            findings.add(STUCK, f"{record.order}: its create was never acknowledged")
        return
    answers = {text for _, text in record.created}
    if len(answers) > 1:
        findings.add(DOUBLED, f"{record.order} was answered with {sorted(answers)}")
    first = json.loads(record.created[0][1])
    now = world.status(record.account, id=first["id"])
    by_order = world.status(record.account, order_id=record.order)
    row = listed.get((record.order, first["id"]))
    if now is None or by_order is None or row is None:
        findings.add(LOST, f"{record.order}, {first['id']}: by id {now}, by order {by_order}, "
                     f"in the history {row}")
        return
    if now["text"] != by_order["text"] or now["url"] != first["url"]:
        findings.add(DOUBLED, f"{record.order}: by id {now}, by order {by_order}, made {first}")
    if (row.status, f"{now['amount']}0000000") != (now["payment_status"], row.amount):
        findings.add(LOST, f"{record.order}: the history has {row}, the status call {now}")
    if now["payment_status"] == "paid":
        again = world.repeat(record.account, record.create)
        if again not in answers:
            findings.add(DOUBLED, f"{record.order}: repeated, it is {again}, at first {answers}")
    for path in record.bank_pages:
        if not world.has_page(path):
            findings.add(LOST, f"{record.order}: the attempt at {path}")
    known = min([at for at, _ in record.created] + [each.known for each in record.sayings])
    for asked, _ in record.absences:
        if asked > known:
            findings.add(LOST, f"{record.order} was unknown at {asked}, and known at {known}")
    _verify_statuses(record, now, time_over, findings)
    _verify_notices(record, now, memory.crashes, world, findings)


def _verify_statuses(record: Record, now: dict, time_over: set[str], findings: Findings) -> None:
    status = now["payment_status"]
    if status not in FINAL:
        findings.add(STUCK, f"{record.order} is {status}")
        return
    wanted = record.wanted | ({"cancel"} if record.order in time_over else set())
    if status not in wanted:
        findings.add(UNASKED, f"{record.order} is {status}, asked were {sorted(wanted)}")
    ends = [each.known for each in record.sayings if each.status in FINAL]
    ends += [each.number for each in record.notices]
    first_end = min(ends, default=None)
    for each in record.sayings:
        if each.status in FINAL:
            if each.status != status or each.text not in ("", now["text"]):
                findings.add(MOVED, f"{record.order}: was {each}, is {now['text']}")
        elif first_end is not None and each.asked > first_end:
            findings.add(MOVED, f"{record.order}: was final at {first_end}, then {each}")


def _verify_notices(record: Record, now: dict, crashes: list[Crash], world: World,
                    findings: Findings) -> None:
    accepted = [each for each in record.notices if each.code == ACCEPTED]
    if record.endpoint and now["payment_status"] in FINAL and not accepted:
        findings.add(UNTOLD, f"{record.order}, {now['payment_status']}, to {record.endpoint}")
    if not record.endpoint and record.notices:
        findings.add(CONTRADICTING, f"{record.order} was told, and has no endpoint")
    for query in {each.query for each in record.notices}:
        fields = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True))
        wanted = _fields(record, now)
        if {name: fields.get(name) for name in wanted} != wanted:
            findings.add(CONTRADICTING, f"{record.order}: told {fields}, is {wanted}")
        elif not world.signers[record.account].is_genuine(fields):
            findings.add(CONTRADICTING, f"{record.order}: a signature is not genuine: {fields}")
    if len({each.query for each in record.notices}) > 1:
        findings.add(CONTRADICTING, f"{record.order} was told in different words")
    for each in record.notices:
        if not each.is_signed:
            findings.add(CONTRADICTING, f"{record.order}: the library refuses {each}")
    if len({each.message for each in record.notices}) > 1:
        findings.add(CONTRADICTING, f"{record.order} was told under different names")
    is_told_again, wrong = repetitions(record.notices, ACCEPTED, crashes)
    findings.told_again += is_told_again
    for each in wrong:
        findings.add(REPEATED, f"{record.order} {each}")


def _fields(record: Record, now: dict) -> dict[str, str]:
    """What a notification must say, by the status call and the journal."""
    return {
        "type": "payment", "id": str(now["id"]), "order_id": record.order,
        "payment_status": now["payment_status"], "amount": now["amount"],
        "payment_amount": now["payment_amount"], "commission_amount": now["commission_amount"],
        "is_partial_payment": "1" if now["is_partial_payment"] else "0",
        "account": record.account, "service": now["service_code"],
    }
