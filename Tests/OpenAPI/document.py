"""The OpenAPI document of a gateway, as a judge of requests and answers."""

import json
import re
from dataclasses import dataclass
from typing import Iterator

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

HERE = "urn:openapi"
JSON = "application/json"
METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
# Headers that only some answers have: one that has them must say so in the document.
OURS = ("x-error-code", "retry-after")


@dataclass(frozen=True)
class Call:
    """An operation of the document."""

    method: str
    path: str
    value: dict

    @property
    def name(self) -> str:
        """As it is written: `POST /v1/payment`."""
        return f"{self.method.upper()} {self.path}"


class Document:
    """A document, which says what is wrong with an exchange."""

    def __init__(self, text: bytes):
        self.value = json.loads(text)
        resource = Resource.from_contents(self.value, default_specification=DRAFT202012)
        self._registry = Registry().with_resource(HERE, resource)
        self.calls = list(self._operations("paths"))
        self._patterns = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", each.path) + r"\Z"), each)
            for each in self.calls]

    def _operations(self, key: str) -> Iterator[Call]:
        for path, operations in self.value.get(key, {}).items():
            for method in METHODS:
                if method in operations:
                    yield Call(method, path, operations[method])

    @property
    def messages(self) -> list[Call]:
        """What is sent to merchants."""
        return list(self._operations("webhooks"))

    def call(self, method: str, path: str) -> Call | None:
        """The call that this request is one of."""
        path = path.partition("?")[0]
        return next((each for pattern, each in self._patterns
                     if each.method == method.lower() and pattern.match(path)), None)

    def resolved(self, value: dict) -> dict:
        """What a reference names, or the value itself."""
        while "$ref" in value:
            target = self.value
            for key in value["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            value = target
        return value

    def faults(self, value: object, schema: dict) -> list[str]:
        """What is wrong with a value by a schema of the document."""
        # References within a schema are to the document, wherever the schema stands in it.
        schema = json.loads(json.dumps(schema).replace('"#/', f'"{HERE}#/'))
        validator = Draft202012Validator(
            schema, registry=self._registry, format_checker=FormatChecker())
        return [f"{fault.json_path}: {fault.message[:200]}"
                for fault in validator.iter_errors(value)]

    def request_faults(self, call: Call, body: bytes, kind: str = JSON) -> list[str]:
        """What is wrong with a body that a call was sent."""
        try:
            value = json.loads(body)
        except ValueError:
            return ["the body is no JSON"]
        return self.faults(value, call.value["requestBody"]["content"][kind]["schema"])

    def answer_faults(self, call: Call, status: int, headers: dict, body: bytes) -> list[str]:
        """What is wrong with an answer: its status, its headers, its type, its body."""
        known = call.value["responses"].get(str(status))
        if known is None:
            return [f"{status} is not among the call's answers"]
        answer = self.resolved(known)
        found = self._header_faults(answer.get("headers", {}), headers)
        kind = headers.get("content-type", "").partition(";")[0]
        if kind not in answer["content"]:
            return [*found, f"the content type is {kind!r}"]
        return found + self.faults(json.loads(body), answer["content"][kind]["schema"])

    def _header_faults(self, wanted: dict, headers: dict) -> list[str]:
        found = []
        for name, reference in wanted.items():
            header = self.resolved(reference)
            text = headers.get(name.lower())
            if text is None:
                found += [f"there is no {name}"] if header.get("required") else []
                continue
            is_number = header["schema"].get("type") == "integer"
            value = int(text) if is_number and text.isdigit() else text
            found += [f"{name}: {fault}" for fault in self.faults(value, header["schema"])]
        known = {name.lower() for name in wanted}
        return found + [f"{name} is there" for name in OURS if name in headers.keys() - known]
