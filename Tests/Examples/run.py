"""Proves the merchants' example programs against a running gateway.

  python3 Tests/Examples/run.py --kaunter .build/debug/kaunter [--only php]

Each language's programs create payments and payouts, are refused, get a notification from the
gateway and verify it, and refuse forged ones. Exit status: 0 if every case passed, 1 if not.
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from gateway import Gateway, fetch
from programs import Language, Listener, Receiver, create_payment, languages, pay_out

BALANCE_KEYS = ["currency", "balance", "hold", "rolling_reserve", "pending_payouts"]
ANSWER_KEYS = ["url", "payment_status", "id", "uuid", "success_redirect_url"]

# Texts that PHP's json_encode, a query string and a careless program treat in different ways.
HARD_ORDER = "{name}/ujian é 😀 1+1=2 & 100%"
HARD_DESCRIPTION = "Teh \"tarik\" \\ <b>½ kg</b> #1; ?a=b 美玲"

FORGERIES = {
    "the status changed": lambda fields: fields | {"payment_status": "cancel"},
    "another order named": lambda fields: fields | {"order_id": "somebody-elses"},
    "the amount changed": lambda fields: fields | {"payment_amount": "1.00"},
    "a description added": lambda fields: fields | {"desc": "gift"},
    "an id that is no number": lambda fields: fields | {"id": "twelve"},
    "no signature": lambda fields: without(fields, "sign"),
    "a signature that is not base64": lambda fields: fields | {"sign": "%&$"},
    "a short signature": lambda fields: fields | {"sign": "AAAA"},
    "nothing in it": lambda fields: {},
}


class Report:
    """Counts the cases and prints a line for each."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def case(self, name: str, act, *arguments):
        """Runs one case; gives what it returns, or None if it failed."""
        try:
            result = act(*arguments)
        except Exception as error:  # Whatever went wrong, the case failed.
            self.failed += 1
            print(f"FAILED  {name}: {type(error).__name__}: {error}", flush=True)
            return None
        self.passed += 1
        print(f"passed  {name}", flush=True)
        return result


def without(fields: dict[str, str], name: str) -> dict[str, str]:
    """The fields but for one."""
    return {key: value for key, value in fields.items() if key != name}


def expect(condition: bool, reason: str) -> None:
    """Fails the case for this reason. Unlike `assert` it also does so under `python3 -O`."""
    if not condition:
        raise AssertionError(reason)


def created(language: Language, gateway: Gateway, **settings: str) -> dict:
    """Creates a payment with the language's program and gives the answer, looked at closely."""
    done = create_payment(language, gateway, **settings)
    expect(done.returncode == 0, f"exit status {done.returncode}: {done.stderr.strip()}")
    answer = json.loads(done.stdout)
    expect(list(answer) == ANSWER_KEYS, f"the answer's keys are {list(answer)}")
    expect(answer["payment_status"] == "wait", f"the status is {answer['payment_status']}")
    expect(type(answer["id"]) is int, f"the id is {answer['id']!r}")
    expect(answer["url"].endswith("/" + answer["uuid"]), f"the url is {answer['url']}")
    expect(answer["success_redirect_url"] is None, "there is a redirect that nobody asked for")
    return answer


def is_notified(language: Language, gateway: Gateway) -> None:
    """The gateway's own notification reaches the receiver, which finds it genuine."""
    order = HARD_ORDER.format(name=language.name)
    with Receiver(language, gateway) as receiver:
        payment = created(
            language, gateway, ORDER_ID=order, DESCRIPTION=HARD_DESCRIPTION,
            NOTIFICATION_URL=receiver.url + "notify?shop=1")
        gateway.pay(payment["uuid"])
        status, printed = receiver.result()
    expected = {"order_id": order, "payment_status": "paid", "verified": True}
    expect(printed == expected, f"the receiver printed {printed}")
    expect(status == 0, f"the receiver's exit status is {status}")


def pays_out(language: Language, gateway: Gateway) -> None:
    """The balance, then a payout of it, whose notification the receiver finds genuine."""
    order = HARD_ORDER.format(name=language.name)
    with Receiver(language, gateway) as receiver:
        done = pay_out(language, gateway, ORDER_ID=order, NOTIFICATION_URL=receiver.url + "notify")
        expect(done.returncode == 0, f"exit status {done.returncode}: {done.stderr.strip()}")
        balance, answer = map(json.loads, done.stdout.splitlines())
        expect(list(balance) == BALANCE_KEYS, f"the balance's keys are {list(balance)}")
        expect(list(answer) == ["payment_status", "id"], f"the answer's keys are {list(answer)}")
        gateway.decide_payout(answer["id"], "paid")
        status, printed = receiver.result()
    expected = {"order_id": order, "payment_status": "paid", "verified": True}
    expect(printed == expected, f"the receiver printed {printed}")
    expect(status == 0, f"the receiver's exit status is {status}")
    repeated = pay_out(language, gateway, ORDER_ID=order, NOTIFICATION_URL=receiver.url + "notify")
    after, again = map(json.loads, repeated.stdout.splitlines())
    expect(again == answer, f"a repeat was answered {again}")
    less = Decimal(balance["balance"]) - Decimal(after["balance"])
    expect(less == Decimal("40"), f"the balance is {less} less")


def is_not_covered(language: Language, gateway: Gateway) -> None:
    """A payout over the balance ends the program with status 1, and it says which field."""
    done = pay_out(language, gateway, AMOUNT="999999.00")
    expect(done.returncode == 1, f"exit status {done.returncode}: {done.stdout.strip()}")
    expect("amount" in done.stderr, f"it said {done.stderr.strip()!r}")


def is_refused(language: Language, gateway: Gateway, word: str, settings: dict) -> None:
    """A refused payment ends the program with status 1, and it says this word of the answer."""
    done = create_payment(language, gateway, **settings)
    expect(done.returncode == 1, f"exit status {done.returncode}: {done.stdout.strip()}")
    expect(done.stdout == "", f"it printed {done.stdout.strip()}")
    expect(word in done.stderr, f"{word!r} is not in {done.stderr.strip()!r}")


def genuine_query(language: Language, gateway: Gateway, listener: Listener) -> str:
    """The query of a genuine notification without a description, got by an endpoint of ours."""
    payment = created(language, gateway, NOTIFICATION_URL=listener.url)
    gateway.pay(payment["uuid"])
    query = listener.query()
    fields = dict(parse_qsl(query, strict_parsing=True))
    expect(fields["id"] == str(payment["id"]), f"the notification names {fields['id']}")
    expect("desc" not in fields, "an absent description is in the query")
    return query


def receives(language: Language, gateway: Gateway, query: str, genuine: bool) -> None:
    """The receiver answers 200 to a genuine query and 400 to any other."""
    with Receiver(language, gateway) as receiver:
        status, _ = fetch(f"{receiver.url}notify?{query}")
        exit_status, printed = receiver.result()
    expect(status == (200 if genuine else 400), f"the receiver answered {status}")
    expect(printed["verified"] is genuine, f"the receiver printed {printed}")
    expect(exit_status == (0 if genuine else 1), f"the receiver's exit status is {exit_status}")


def prove(language: Language, gateway: Gateway, report: Report) -> None:
    """All cases of one language."""
    name = language.name
    report.case(f"{name}: creates a payment and verifies its notification",
                is_notified, language, gateway)
    report.case(f"{name}: asks for the balance, pays out, and verifies the notification",
                pays_out, language, gateway)
    report.case(f"{name}: is told that the balance does not cover a payout",
                is_not_covered, language, gateway)
    report.case(f"{name}: is told which field is wrong",
                is_refused, language, gateway, "order_id", {"ORDER_ID": "1" * 129})
    stranger = {"KAUNTER_ACCOUNT": "00000000-0000-4000-8000-000000000000"}
    report.case(f"{name}: is told that its account is not known",
                is_refused, language, gateway, gateway.unauthorised_message, stranger)

    listener = Listener()
    try:
        query = report.case(f"{name}: gets a payment notified elsewhere",
                            genuine_query, language, gateway, listener)
    finally:
        listener.close()
    if query is None:
        return
    report.case(f"{name}: accepts it when it is passed on unchanged",
                receives, language, gateway, query, True)
    fields = dict(parse_qsl(query))
    for change, forge in FORGERIES.items():
        report.case(f"{name}: refuses a notification with {change}",
                    receives, language, gateway, urlencode(forge(fields)), False)
    report.case(f"{name}: refuses a notification that is not UTF-8",
                receives, language, gateway, query + "&desc=%FF%C0%AF", False)


def main() -> int:
    parser = argparse.ArgumentParser(description="Proves the example programs.")
    parser.add_argument("--kaunter", type=Path, required=True, help="the kaunter binary")
    parser.add_argument("--only", help="one language alone")
    options = parser.parse_args()
    chosen = [each for each in languages() if options.only in (None, each.name)]
    if not chosen:
        parser.error(f"there is no language {options.only}")

    # A polite end from outside must not leave the server running: leave through `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report = Report()
    with tempfile.TemporaryDirectory(prefix="kaunter-examples-") as folder:
        gateway = Gateway(options.kaunter.resolve(), Path(folder))
        try:
            gateway.start()
            gateway.prepare()
            for language in chosen:
                missing = language.missing()
                if missing:
                    report.failed += 1
                    print(f"FAILED  {language.name}: {', '.join(missing)} is missing")
                else:
                    prove(language, gateway, report)
        except (RuntimeError, LookupError, ValueError, OSError,
                subprocess.SubprocessError) as error:
            report.failed += 1
            print(f"FAILED  the gateway: {error}")
        finally:
            gateway.stop()
            if report.failed:
                print(f"The server's log ends with:\n{gateway.log_tail()}")
    print(f"Examples: {report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
