"""What the gateway says when all is over; each question is asked once."""

import json
from dataclasses import dataclass

from house import Answer, House
from signer import Signer

PAGE_ROWS = 100


@dataclass(frozen=True)
class Row:
    """A payment as the history lists it."""

    id: int
    order: str
    amount: str
    status: str


class World:
    """Asks the gateway, and remembers what it said."""

    def __init__(self, house: House, signers: list[Signer]):
        self._house = house
        self.signers = {each.account: each for each in signers}
        self._answers: dict[tuple[str, str, str], Answer] = {}
        self._history: list[Row] | None = None
        # Histories whose total is not the number of their rows.
        self.miscounts: list[str] = []

    def status(self, account: str, **query: object) -> dict | None:
        """The status call's answer, and its text under `text`; nothing if there is no payment."""
        answer = self._call(account, "/v1/payment/status", json.dumps(query))
        return _value(answer) | {"text": answer.body.decode()} if answer.status != 404 else None

    def repeat(self, account: str, body: str) -> str:
        """What a create gets that is sent again. Not for what is cancelled or failed: of that it
        would make a new payment."""
        return self._call(account, "/v1/payment", body).body.decode()

    def has_page(self, path: str) -> bool:
        """Whether there is a page at this path."""
        key = ("", path, "")
        if key not in self._answers:
            self._answers[key] = self._house.ask("GET", path)
        return self._answers[key].status == 200

    def history(self) -> list[Row]:
        """All payments of all accounts, as the histories list them."""
        if self._history is None:
            self._history = [row for account in self.signers for row in self._pages(account)]
        return self._history

    def _pages(self, account: str) -> list[Row]:
        rows: list[Row] = []
        number, last = 1, 1
        while number <= last:
            body = json.dumps({"page": number, "paginate": PAGE_ROWS})
            value = _value(self._call(account, "/v1/payment/history", body))
            rows += [Row(each["id"], each["order_id"], each["amount"], each["status"])
                     for each in value["data"]]
            last = value["meta"]["last_page"]
            number += 1
        total = value["meta"]["total"]
        if len(rows) != total:
            self.miscounts.append(f"{account} has {len(rows)} payments, and says {total}")
        return rows

    def _call(self, account: str, path: str, body: str) -> Answer:
        key = (account, path, body)
        if key not in self._answers:
            raw = body.encode()
            self._answers[key] = self._house.ask(
                "POST", path, raw, self.signers[account].headers(raw))
        return self._answers[key]


def _value(answer: Answer) -> dict:
    if answer.status != 200:
        raise AssertionError(f"the gateway answers {answer.status}: {answer.body[:200]!r}")
    return answer.value()
