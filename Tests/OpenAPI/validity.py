"""The document itself: valid, with valid examples, in a sandbox and in a live house."""

from contextlib import ExitStack, contextmanager
from pathlib import Path

import modes
from document import Document
from house import House, closing
from merchant import refused
from openapi_spec_validator import validate
from suite import Suite, expect, same

# More calls than a stranger may make in a second.
STRANGE_CALLS = 500


@contextmanager
def opening(binary: Path, folder: Path):
    with ExitStack() as stack:
        places = {name: folder / name for name in ("sandbox", "live")}
        for place in places.values():
            place.mkdir()
        sandbox = stack.enter_context(closing(House(binary, places["sandbox"])))
        sandbox.start()
        live = stack.enter_context(modes.opening(binary, places["live"]))
        for house in (sandbox, live):
            answer = house.ask("GET", "/openapi.json")
            same((answer.status, answer.headers["content-type"]), (200, "application/json"),
                 "how the document is served")
            house.document = Document(answer.body)
        yield {"sandbox": sandbox, "live": live}


suite = Suite("The document", opening)
KINDS = [("sandbox",), ("live",)]


@suite.table("the document of a {} house is OpenAPI, at the house's own address", KINDS)
def valid(houses: dict[str, House], kind: str) -> None:
    house = houses[kind]
    validate(house.document.value)
    same(house.document.value["servers"], [{"url": house.url}], "servers")
    has_sandbox = any(call.path.startswith("/sandbox/") for call in house.document.calls)
    same(has_sandbox, kind == "sandbox", "whether it has the sandbox's calls")


def schemas(value: object) -> list[dict]:
    """Everything that has examples."""
    found = []
    if isinstance(value, dict):
        found += [value] if isinstance(value.get("examples"), list) else []
        value = list(value.values())
    if isinstance(value, list):
        found += [each for part in value for each in schemas(part)]
    return found


@suite.table("every example in the document of a {} house is what it is an example of", KINDS)
def examples(houses: dict[str, House], kind: str) -> None:
    document = houses[kind].document
    checked = 0
    for schema in schemas(document.value):
        for example in schema["examples"]:
            same(document.faults(example, schema), [], f"faults of {example!r}")
            checked += 1
    expect(checked > 40, f"only {checked} examples were found")


@suite.table("each call of a {} house has an operationId, a summary and its errors", KINDS)
def complete(houses: dict[str, House], kind: str) -> None:
    document = houses[kind].document
    names = [call.value["operationId"] for call in document.calls + document.messages]
    same(len(set(names)), len(names), "different operationIds")
    for call in document.calls:
        expect(call.value["summary"] and call.value["description"], f"{call.name} says nothing")
        answers = set(call.value["responses"])
        expect({"200", "400", "408", "413", "500", "503"} <= answers, f"{call.name}: {answers}")
        is_signed = not call.path.startswith("/sandbox/")
        same("401" in answers, is_signed, f"whether {call.name} is signed")
        same("429" in answers, kind == "live", f"whether {call.name} is counted")


@suite.case("in a live house too many calls are refused as the document says")
def too_many(houses: dict[str, House]) -> None:
    house = houses["live"]
    call = house.document.call("POST", "/v1/account/info")
    seen = set()
    for _ in range(STRANGE_CALLS):
        answer = house.ask("POST", call.path, b"[]", {"Content-Type": "application/json"})
        same(house.document.answer_faults(call, answer.status, answer.headers, answer.body), [],
             f"faults of an answer {answer.status}")
        refused(answer, answer.status)
        seen.add(answer.status)
        if answer.status == 429:
            break
    same(seen, {401, 429}, "statuses")


@suite.case("a live house refuses what it has no rail for, as the document says")
def inactive(houses: dict[str, House]) -> None:
    house = houses["live"]
    call = house.document.call("POST", "/v1/payment")
    answer = house.shop.call(call.path, house.shop.order())
    same(answer.status, 400, "status")
    same(house.document.answer_faults(call, 400, answer.headers, answer.body), [], "faults")
