"""Notifications as they are sent, held against the document's webhooks."""

from contextlib import contextmanager
from pathlib import Path

from document import JSON, Call, Document
from house import House, closing
from notices import endpoint, told
from payouts import Payer
from shop import Arrival, open_shop
from suite import Suite, expect, same

FORM = "application/x-www-form-urlencoded"
OUTCOMES = ["paid", "cancel", "fail"]


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house, open_shop() as receiver:
        house.start()
        house.shop = Payer(house, "1000")
        house.receiver = receiver
        house.document = Document(house.ask("GET", "/openapi.json").body)
        yield house


suite = Suite("Notifications by the document", opening)


def message(house: House, method: str) -> Call:
    """The document's message of this method."""
    return next(each for each in house.document.messages if each.method == method)


def parameters_in(document: Document, call: Call, place: str) -> dict[str, dict]:
    """The parameters of a message that stand in this place, by name and in order."""
    parameters = [document.resolved(each) for each in call.value["parameters"]]
    return {each["name"]: each for each in parameters if each["in"] == place}


def header_faults(document: Document, call: Call, headers: dict[str, str]) -> list[str]:
    """What is wrong with the headers of a message: those that are named, and what begins so."""
    parameters = parameters_in(document, call, "header")
    same(sorted(parameters), [f"webhook-{each}" for each in ("id", "signature", "timestamp")],
         "headers that the document names")
    found = [f"{name} is unknown" for name in headers
             if name.startswith("webhook-") and name not in parameters]
    for name, parameter in parameters.items():
        if name not in headers:
            found.append(f"there is no {name}")
            continue
        is_number = parameter["schema"]["type"] == "integer"
        value = int(headers[name]) if is_number else headers[name]
        found += document.faults(value, parameter["schema"])
    return found


def query_faults(document: Document, call: Call, fields: dict[str, str]) -> list[str]:
    """What is wrong with the fields of a query: their names, their order, their values."""
    parameters = parameters_in(document, call, "query")
    same(list(fields), [name for name in parameters if name in fields], "order of the fields")
    found = [f"{name} is unknown" for name in fields.keys() - parameters.keys()]
    for name, parameter in parameters.items():
        if name not in fields:
            found += [f"there is no {name}"] if parameter["required"] else []
            continue
        value = int(fields[name]) if name == "id" else fields[name]
        found += document.faults(value, parameter["schema"])
    return found


@suite.table("a payment that is {} is told by GET, with and without a desc", [
    (outcome,) for outcome in OUTCOMES])
def by_get(house: House, outcome: str) -> None:
    for desc in ("Two tickets", None):
        _, arrival = told(house, "/get", outcome, desc=desc)
        same(arrival.method, "GET", "method")
        same(query_faults(house.document, message(house, "get"), arrival.fields()), [], "faults")
        same(header_faults(house.document, message(house, "get"), arrival.headers), [], "faults")
        same("desc" in arrival.fields(), desc is not None, "whether there is a desc")


@suite.table("a payment is told by {}, with and without a desc", [("form",), ("json",)])
def by_post(house: House, kind: str) -> None:
    path = f"/{kind}"
    number = endpoint(house, path, f"post_{kind}")
    for desc in ("Zwei Karten für \"A/B\"", None):
        _, arrival = told(house, path, notification_endpoint_id=number, desc=desc)
        same(arrival.method, "POST", "method")
        same(posted_faults(house, arrival), [], "faults")
        same(header_faults(house.document, message(house, "post"), arrival.headers), [], "faults")


def posted_faults(house: House, arrival: Arrival) -> list[str]:
    """What is wrong with a message that came by POST."""
    call = message(house, "post")
    kind = arrival.headers["content-type"].partition(";")[0]
    if kind == JSON:
        return house.document.request_faults(call, arrival.body)
    schema = call.value["requestBody"]["content"][kind]["schema"]
    fields = Arrival("GET", "", arrival.body.decode(), {}, b"").fields()
    return house.document.faults(fields | {"id": int(fields["id"])}, schema)


@suite.table("a payout that is {} is told", [(outcome,) for outcome in OUTCOMES])
def payouts(house: House, outcome: str) -> None:
    path = f"/payout-{outcome}"
    created = house.shop.pay("/v1/payout", house.shop.payout(
        number="0006123456", notification_endpoint_url=house.receiver.url + path)).value()
    decided = house.ask("POST", f"/sandbox/v1/payouts/{created['id']}",
                        b'{"outcome":"%s"}' % outcome.encode())
    same(decided.status, 200, "the sandbox")
    fields = house.receiver.next(path).fields()
    same(query_faults(house.document, message(house, "get"), fields), [], "faults")
    expect(fields["type"] == "payout", "it is none of a payout")
