"""Real requests and answers, those of the program's own suites, held against the document.

What a call has answered with 200 must be a request by the document; every answer must be one, with
its headers. What the document forbids in a request is so proved to be refused.
"""

import importlib
from collections import Counter
from contextlib import ExitStack, contextmanager
from pathlib import Path

from document import Document
from house import Answer, House, closing
from payouts import Payer
from suite import Report, Suite, expect, same

# The suites that call most, in most ways.
RECORDED = ["calls", "queries", "bodies", "wire", "payouts"]
# Cases of theirs that take long, and call as others do.
PASSED_OVER = ["storm", "fates"]
# Each call must be seen to do what it is for, and to refuse.
WANTED = {
    "POST /v1/payment": {200, 400, 401, 403, 413},
    "POST /v1/payment/status": {200, 400, 401, 404},
    "POST /v1/payment/history": {200, 400, 401},
    "POST /v1/payout": {200, 400, 401, 403},
    "POST /v1/payout/status": {200, 400, 401, 404},
    "POST /v1/payout/history": {200, 400, 401},
    "POST /v1/account/balance": {200, 400, 401},
    "POST /v1/account/info": {200, 400, 401},
    "POST /sandbox/v1/payments/{payment}": {200, 400, 404},
    "POST /sandbox/v1/payouts/{payout}": {200, 400, 404},
}
FAULTS_SHOWN = 10


class Judge:
    """Stands in the way of every request of the suites, and judges it with its answer."""

    def __init__(self):
        self.seen: Counter[tuple[str, int]] = Counter()
        self.faults: list[str] = []
        self._documents: dict[str, Document] = {}
        self._ask = House.ask

    def __enter__(self):
        judge, ask = self, House.ask

        def judged(house: House, method: str, path: str, body: bytes | None = None,
                   headers: dict[str, str] | None = None) -> Answer:
            answer = ask(house, method, path, body, headers)
            judge.judge(house, method, path, body, answer)
            return answer

        House.ask = judged
        return self

    def __exit__(self, *_):
        House.ask = self._ask

    def judge(self, house: House, method: str, path: str, body: bytes | None,
              answer: Answer) -> None:
        """Notes what is wrong with one exchange, if it is one of the document's."""
        if house.url not in self._documents:
            self._documents[house.url] = Document(self._ask(house, "GET", "/openapi.json").body)
        document = self._documents[house.url]
        call = document.call(method, path)
        if call is None:
            return
        self.seen[call.name, answer.status] += 1
        found = document.answer_faults(call, answer.status, answer.headers, answer.body)
        if answer.status == 200:
            found += document.request_faults(call, body or b"")
        self.faults += [f"{call.name}, {answer.status}, {(body or b'')[:300]}: {fault}"
                        for fault in found]


def what_is_left(binary: Path, folder: Path) -> None:
    """Has each call refuse in each of its ways, and grant what the suites don't ask for."""
    with closing(House(binary, folder)) as house:
        house.start()
        shop = Payer(house, "1000")
        created = shop.pay("/v1/payout", shop.payout(number="0006123456")).value()
        paths = [name.removeprefix("POST ") for name in WANTED if "{" not in name]
        for path in paths:
            key = shop.key if path.startswith("/v1/payment") else shop.payout_key
            shop.call(path, {"order_id": "none", "page": 0}, key=key)
            shop.call(path, b"{", key=key)
            house.ask("POST", path, b"{}", {"Content-Type": "application/json"})
        for path, known, unknown in (
            ("/sandbox/v1/payments/", shop.create()["uuid"], "none"),
            ("/sandbox/v1/payouts/", created["id"], 1),
        ):
            for number in (known, unknown):
                for outcome in ("none", "paid"):
                    house.ask("POST", f"{path}{number}", b'{"outcome":"%s"}' % outcome.encode())
        shop.pay("/v1/payout/history", [])
        house.must("account", "set", "--account", shop.account, "--payments", "off",
                   "--payouts", "off")
        shop.call("/v1/payment", shop.order())
        shop.pay("/v1/payout", shop.payout())


@contextmanager
def opening(binary: Path, folder: Path):
    with Judge() as judge:
        judge.reports = {}
        for name in RECORDED:
            place = folder / name
            place.mkdir()
            report = judge.reports[name] = Report()
            watched = importlib.import_module(name).suite
            watched.cases = [
                each for each in watched.cases if each[1].__name__ not in PASSED_OVER]
            report.run(watched, binary, place)
        what_is_left(binary, folder)
    for (call, status), count in sorted(judge.seen.items()):
        print(f"        {call} {status}: {count}", flush=True)
    yield judge


suite = Suite("Exchanges by the document", opening)


@suite.case("the suites passed while they were watched")
def passed(judge: Judge) -> None:
    failed = {name: report.failed for name, report in judge.reports.items() if report.failed}
    same(failed, {}, "failed cases")


@suite.case("every answer, and every request that was granted, is one by the document")
def conforming(judge: Judge) -> None:
    shown = "\n".join(judge.faults[:FAULTS_SHOWN])
    expect(not judge.faults, f"{len(judge.faults)} faults, the first of them:\n{shown}")


@suite.case("each call was seen to do what it is for, and to refuse")
def covered(judge: Judge) -> None:
    for name, statuses in WANTED.items():
        missing = sorted(each for each in statuses if not judge.seen[name, each])
        same(missing, [], f"statuses that {name} never had")
