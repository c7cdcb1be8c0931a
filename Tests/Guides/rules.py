"""What each block of a guide has to stand. A block for which nothing is written here fails.

  sh                a command line that succeeds; `sh running` one that goes on, `sh stopped` one
                    that is run while the gateway is stopped
  <language> FILE   a program that is saved under this name, and that a later sh block must run
  php, js, python   a function that tells genuine notifications from others, see verifiers.py;
                    `python library` with the library that it imports
  text              what the sh block before it printed; `text running` is a part of what the
                    program printed that was started last
  json              the last JSON value that the sh block before it printed
  json signed       the text that is signed of the notification that the shop got last
  http              the notification that the shop gets next
"""

import base64
import json
import subprocess
import tempfile
from urllib.parse import parse_qsl, urlsplit

from blocks import LANGUAGES, Block
from comparing import compare_json, compare_lines, fits, last_json
from session import Session
from suite import expect, same
from verifiers import HARNESSES, tells_genuine_from_forged

OUTPUT_TIMEOUT_SECONDS = 30


def prove(session: Session, block: Block) -> None:
    """Executes a block or compares it with what came; fails if no rule covers it."""
    role = "FILE" if block.file else block.role
    if block.kind in HARNESSES and role in ("", "library"):
        return tells_genuine_from_forged(session, block)
    rule = RULES.get((block.kind, role))
    if rule is None and block.kind in LANGUAGES and role == "FILE":
        rule = Session.save
    expect(rule is not None, "no rule covers this block: it would not be executed")
    return rule(session, block)


def is_run(file: str, texts: list[str]) -> bool:
    """Whether one of these sh blocks runs this file."""
    if file == "Package.swift":
        return any("swift run" in text for text in texts)
    if file.endswith("/main.swift"):
        return any(f"swift run {file.split('/')[-2]}" in text for text in texts)
    return any(file in text for text in texts)


def _text(session: Session, block: Block) -> None:
    compare_lines(session.fill(block.text), session.output)


def _running_text(session: Session, block: Block) -> None:
    terminal = session.last_terminal()
    for shown in session.fill(block.text).splitlines():
        terminal.wait(
            lambda: any(fits(shown, line) for line in terminal.output.splitlines()),
            f"{shown!r} was printed", OUTPUT_TIMEOUT_SECONDS)


def _json(session: Session, block: Block) -> None:
    compare_json(json.loads(session.fill(block.text)), last_json(session.output))


def _http(session: Session, block: Block) -> None:
    request, *headers = session.fill(block.text).splitlines()
    arrival = session.shop.next()
    method, target, _ = request.split(" ")
    same(method, arrival.method, "the method")
    same(urlsplit(target).path, urlsplit(arrival.target).path, "the path")
    shown, real = dict(parse_qsl(urlsplit(target).query)), arrival.fields
    same(list(shown), list(real), "the fields")
    for name, value in shown.items():
        expect(fits(value, real[name]), f"{name}: shown is {value!r}, and {real[name]!r} came")
    for header in headers:
        name, _, value = header.partition(": ")
        came = arrival.headers.get(name.lower())
        wanted = value.replace("http://", "")
        expect(name == "Host" or came is not None and fits(wanted, came),
               f"{name}: shown is {value!r}, and {came!r} came")


def _signed(session: Session, block: Block) -> None:
    fields = session.shop.last.fields
    shown = json.loads(session.fill(block.text))
    signed = {name: fields.get(name) for name in shown} | {"id": int(fields["id"])}
    compare_json(shown, signed)
    same(shown["id"], signed["id"], "the id")
    text = json.dumps(signed, separators=(",", ":")).replace("/", "\\/")
    sign = base64.b64decode(fields["sign"], validate=True)
    expect(_is_signed(session, text, sign), "the signature is over another text")
    expect(not _is_signed(session, text + " ", sign), "the signature is over any text")


def _is_signed(session: Session, text: str, sign: bytes) -> bool:
    with tempfile.NamedTemporaryFile() as file:
        file.write(sign)
        file.flush()
        command = ["openssl", "dgst", "-sha1", "-verify", session.work / "notification.pem",
                   "-signature", file.name]
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=30)
    return done.returncode == 0


RULES = {
    ("sh", ""): Session.run,
    ("sh", "running"): Session.start,
    ("sh", "stopped"): Session.run_without_gateway,
    ("sh", "FILE"): Session.save,
    ("text", ""): _text,
    ("text", "running"): _running_text,
    ("json", ""): _json,
    ("json", "signed"): _signed,
    ("http", ""): _http,
}
