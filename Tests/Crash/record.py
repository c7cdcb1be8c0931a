"""What the journal says of one order."""

import json
from dataclasses import dataclass, field

from journal import ANSWERED, ASKED, ENDED, NOTIFIED, STARTING

FINAL = {"paid", "cancel", "fail"}


@dataclass(frozen=True)
class Saying:
    """Somebody told a status: what was said, when it was asked, and when it was known."""

    asked: int
    known: int
    status: str
    # The whole answer of a status call; of others only the status counts.
    text: str = ""


@dataclass(frozen=True)
class Notice:
    """A notification as it came, and how it was answered."""

    number: int
    query: str
    code: int
    # Seconds at which it came.
    at: float
    # The event by its header, and whether the library found the headers genuine.
    message: str
    is_signed: bool

    @classmethod
    def of(cls, entry: dict) -> "Notice":
        """What an entry of the journal says of it."""
        return cls(entry["number"], entry["query"], entry["code"], entry["at"],
                   entry["message"], entry["is_signed"])


@dataclass(frozen=True)
class Crash:
    """A server's death, and the start after it: the seconds at which they were."""

    died_at: float
    started_at: float


@dataclass
class Record:
    """One order's part of the journal."""

    order: str
    account: str = ""
    create: str = ""
    # The answers to creates, and when they were known.
    created: list[tuple[int, str]] = field(default_factory=list)
    sayings: list[Saying] = field(default_factory=list)
    # When a status call that found nothing was asked, and when it was known.
    absences: list[tuple[int, int]] = field(default_factory=list)
    bank_pages: set[str] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)
    # Every outcome that was asked for, whether or not an answer came.
    wanted: set[str] = field(default_factory=set)

    @property
    def endpoint(self) -> str:
        """Where it is to be told, or nothing."""
        return json.loads(self.create).get("notification_endpoint_url", "")


@dataclass(frozen=True)
class Memory:
    """The journal by orders, and when servers died and were started again."""

    records: dict[str, Record]
    crashes: list[Crash]

    @classmethod
    def of(cls, entries: list[dict]) -> "Memory":
        """Reads the entries."""
        records: dict[str, Record] = {}
        asked: dict[int, dict] = {}
        crashes: list[Crash] = []
        died_at = None
        for entry in entries:
            if entry["what"] == ENDED:
                died_at = entry["died_at"]
            elif entry["what"] == STARTING and died_at is not None:
                crashes.append(Crash(died_at, entry["at"]))
            if "order" not in entry:
                continue
            record = records.setdefault(entry["order"], Record(entry["order"]))
            if entry["what"] == ASKED:
                asked[entry["number"]] = entry
                _take_question(record, entry)
            elif entry["what"] == ANSWERED:
                _take_answer(record, entry, asked[entry["asked"]])
            elif entry["what"] == NOTIFIED:
                record.notices.append(Notice.of(entry))
        return cls(records, crashes)


def _take_question(record: Record, entry: dict) -> None:
    record.account = entry["account"]
    if entry["act"] == "create":
        record.create = entry["body"]
    if entry["wanted"]:
        record.wanted.add(entry["wanted"])


def _take_answer(record: Record, entry: dict, question: dict) -> None:
    act, number, status = entry["act"], entry["number"], entry["status"]
    if act == "status" and status == 404:
        record.absences.append((entry["asked"], number))
    elif act == "status" and status == 200:
        said = json.loads(entry["body"])["payment_status"]
        record.sayings.append(Saying(entry["asked"], number, said, entry["body"]))
    elif act == "create" and status == 200:
        record.created.append((number, entry["body"]))
    elif act == "decide" and status == 200:
        said = json.loads(entry["body"])["payment_status"]
        record.sayings.append(Saying(entry["asked"], number, said))
    elif act in ("approve", "leave") and status == 303:
        # An approval or a leaving that was taken is an end, and no other was asked for.
        if len(record.wanted) == 1:
            record.sayings.append(Saying(entry["asked"], number, question["wanted"]))
    elif act == "choose" and status == 303 and "/simulator/" in entry["location"]:
        record.bank_pages.add("/simulator/" + entry["location"].rpartition("/")[2])
