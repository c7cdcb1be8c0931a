"""Journals that tell of a gateway that failed; the verifier must find each."""

import json
from typing import Callable
from urllib.parse import parse_qsl, urlencode

from journal import ANSWERED, ASKED, NOTIFIED, STARTING
from receiver import ACCEPTED
from record import Memory, Record
from suite import expect
from verifier import CONTRADICTING, DOUBLED, LOST, MOVED, REPEATED, UNASKED, UNTOLD

FAR_ID = 900_000_000
# Added to an entry's number, it stands before the next.
BETWEEN = 0.5
# Longer than anything that a crash explains.
FAR_SECONDS = 1_000


class Altered:
    """A copy of a journal, and the record of one payment in it that was paid and told."""

    def __init__(self, entries: list[dict], time_over: set[str]):
        self.entries = [dict(each) for each in entries]
        # Who pays at a bank's page asks there: the simplest of payments will do here.
        at_banks = {each["order"] for each in entries
                    if each["what"] == ASKED and each["act"] in ("choose", "approve", "leave")}
        fitting = [each for each in Memory.of(entries).records.values()
                   if _fits(each) and each.order not in time_over | at_banks]
        expect(len(fitting) > 1, "too few payments were paid, asked about and told")
        self.record: Record = fitting[0]
        self.other: Record = fitting[1]

    def of(self, what: str, act: str = "", order: str = "") -> list[dict]:
        """The entries of the payment, or of this order."""
        return [each for each in self.entries if each["what"] == what
                and each.get("order") == (order or self.record.order)
                and act in ("", each.get("act"))]

    def append(self, entry: dict, **fields: object) -> int:
        """Adds an entry at the end."""
        number = self.entries[-1]["number"] + 1
        self.entries.append(entry | fields | {"number": number})
        return number

    def answer_again(self, act: str, change: Callable[[str], str]) -> None:
        """Asks the last question of this kind once more, and gives a changed answer to it."""
        answer = [each for each in self.of(ANSWERED, act) if each["status"] == 200][-1]
        question = next(each for each in self.entries if each["number"] == answer["asked"])
        asked = self.append(question)
        self.append(answer, asked=asked, body=change(answer["body"]))


def _fits(record: Record) -> bool:
    texts = [each for each in record.sayings if each.text and each.status == "paid"]
    told = [each for each in record.notices if each.code == ACCEPTED]
    return bool(record.created and texts and told)


def lose(altered: Altered) -> None:
    """A payment was acknowledged, and is not there."""
    question = altered.of(ASKED, "create")[0]
    order = "order-lost"
    body = json.dumps(json.loads(question["body"]) | {"order_id": order})
    asked = altered.append(question, order=order, body=body)
    answer = altered.of(ANSWERED, "create")[0]
    first = json.dumps(json.loads(answer["body"]) | {"id": FAR_ID})
    altered.append(answer, order=order, asked=asked, body=first)


def lose_attempt(altered: Altered) -> None:
    """An attempt was acknowledged, and is not there."""
    question = altered.of(ASKED, "create")[0] | {"act": "choose"}
    asked = altered.append(question)
    altered.append({"what": ANSWERED, "order": altered.record.order, "act": "choose",
                    "asked": asked, "status": 303, "body": "",
                    "location": "/simulator/NOSUCHATTEMPT"})


def forget(altered: Altered) -> None:
    """A payment was not found after it had been acknowledged."""
    question = altered.of(ASKED, "status")[0]
    asked = altered.append(question)
    altered.append(altered.of(ANSWERED, "status")[0], asked=asked, status=404, body="")


def double(altered: Altered) -> None:
    """A repeat got another payment."""
    altered.answer_again("create", lambda body: json.dumps(
        json.loads(body) | {"id": FAR_ID, "uuid": "00000000-0000-4000-8000-000000000000"}))


def strange(altered: Altered) -> None:
    """A payment is there for which nobody asked."""
    altered.entries = [
        each for each in altered.entries if each.get("order") != altered.record.order]


def move(altered: Altered) -> None:
    """A payment was failed before it was paid."""
    altered.answer_again(
        "status", lambda body: body.replace('"paid"', '"fail"'))


def move_back(altered: Altered) -> None:
    """A payment waited again after it had been paid."""
    altered.answer_again(
        "status", lambda body: body.replace('"paid"', '"wait"'))


def move_amount(altered: Altered) -> None:
    """A paid payment had another amount once."""
    altered.answer_again("status", lambda body: json.dumps(
        json.loads(body) | {"payment_amount": "0.01"}))


def keep_silent(altered: Altered) -> None:
    """A payment's notification did not come."""
    gone = {each["number"] for each in altered.of(NOTIFIED)}
    altered.entries = [each for each in altered.entries if each["number"] not in gone]


def refuse_only(altered: Altered) -> None:
    """A payment's notification was refused, and not sent again."""
    keep = altered.of(NOTIFIED)[0]
    keep_silent(altered)
    altered.append(keep, code=500)


def contradict(altered: Altered) -> None:
    """A notification told another status."""
    _tell(altered, payment_status="fail")


def tell_amount(altered: Altered) -> None:
    """A notification told another amount."""
    _tell(altered, payment_amount="0.01")


def forge(altered: Altered) -> None:
    """A notification was signed wrongly; nothing else is wrong with it."""
    _tell(altered, sign="AAAA")


def mistake(altered: Altered) -> None:
    """A genuine notification of another payment came."""
    query = altered.of(NOTIFIED, order=altered.other.order)[0]["query"]
    for each in altered.of(NOTIFIED):
        each["query"] = query


def _tell(altered: Altered, **fields: str) -> None:
    for each in altered.of(NOTIFIED):
        told = dict(parse_qsl(each["query"], keep_blank_values=True))
        each["query"] = urlencode(told | fields)


def tell_again(altered: Altered) -> None:
    """An accepted notification came again, and no server had died."""
    accepted = [each for each in altered.of(NOTIFIED) if each["code"] == ACCEPTED][-1]
    again = accepted | {"number": accepted["number"] + BETWEEN}
    altered.entries.insert(altered.entries.index(accepted) + 1, again)


def tell_again_late(altered: Altered) -> None:
    """An accepted notification came again long after the last crash."""
    accepted = [each for each in altered.of(NOTIFIED) if each["code"] == ACCEPTED][-1]
    altered.append(accepted, at=altered.entries[-1]["at"] + FAR_SECONDS)


def tell_again_needlessly(altered: Altered) -> None:
    """A notification came again after a crash, and had been accepted long before it."""
    accepted = [each for each in altered.of(NOTIFIED) if each["code"] == ACCEPTED][-1]
    accepted["at"] = altered.entries[0]["at"] - FAR_SECONDS
    start = [each for each in altered.entries if each["what"] == STARTING][-1]
    altered.append(accepted, at=start["at"] + 1)


def sign_for_another(altered: Altered) -> None:
    """The library refused a notification's headers; nothing else is wrong with it."""
    altered.of(NOTIFIED)[-1]["is_signed"] = False


def rename(altered: Altered) -> None:
    """A notification was refused at first, and its header named another event then."""
    told = altered.of(NOTIFIED)[0]
    altered.entries.insert(altered.entries.index(told), told | {
        "number": told["number"] - BETWEEN, "message": "evt_0", "code": 500})


def decide_alone(altered: Altered) -> None:
    """A payment was paid, and everybody had asked for something else."""
    for each in altered.of(ASKED):
        each["wanted"] = each["wanted"] and "cancel"


ALTERATIONS = [
    ("a payment that was acknowledged, and is not there", lose, LOST),
    ("an attempt that was acknowledged, and is not there", lose_attempt, LOST),
    ("a payment that was unknown once, after its acknowledgement", forget, LOST),
    ("a repeat that got another payment", double, DOUBLED),
    ("a payment for which nobody asked", strange, DOUBLED),
    ("a payment that was failed before it was paid", move, MOVED),
    ("a payment that waited again after it was paid", move_back, MOVED),
    ("a paid payment of which another amount was paid once", move_amount, MOVED),
    ("a payment that was not told", keep_silent, UNTOLD),
    ("a payment whose notification was refused, and not sent again", refuse_only, UNTOLD),
    ("a notification of another status", contradict, CONTRADICTING),
    ("a notification of another amount", tell_amount, CONTRADICTING),
    ("a notification that is signed wrongly", forge, CONTRADICTING),
    ("a genuine notification of another payment", mistake, CONTRADICTING),
    ("a notification that came again although no server had died", tell_again, REPEATED),
    ("a notification that came again long after the last crash", tell_again_late, REPEATED),
    ("a notification that came again after a crash, and was accepted long before it",
     tell_again_needlessly, REPEATED),
    ("a notification whose headers the library refuses", sign_for_another, CONTRADICTING),
    ("a notification whose header names two events", rename, CONTRADICTING),
    ("a payment that was paid although all asked for something else", decide_alone, UNASKED),
]
