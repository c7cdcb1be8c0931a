"""The guide's functions that verify Standard Webhooks, given genuine and forged ones."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

from blocks import Block
from session import Session
from shop import Arrival
from suite import same

ROOT = Path(__file__).resolve().parents[2]
INSTALL_TIMEOUT_SECONDS = 600
PROGRAM_TIMEOUT_SECONDS = 60

# For each language: the interpreter, the file, what stands before the function, and what calls it.
HARNESSES = {
    "php": ("php", "verify.php", "<?php\n", """
$given = json_decode(stream_get_contents(STDIN), true);
echo isGenuine($given['secret'], $given['headers'], $given['payload']) ? 'yes' : 'no';
"""),
    "js": ("node", "verify.mjs", "", """
import { readFileSync } from "node:fs";
const given = JSON.parse(readFileSync(0, "utf8"));
console.log(isGenuine(given.secret, given.headers, given.payload) ? "yes" : "no");
"""),
    "python": (sys.executable, "verify.py", "", """
import json, sys
given = json.load(sys.stdin)
print("yes" if is_genuine(given["secret"], given["headers"], given["payload"].encode()) else "no")
"""),
}


# The secret and the notification by session and method: all functions are given the same.
_told_before: dict[tuple[Session, str], tuple[str, Arrival]] = {}


@cache
def python_with_library() -> str:
    """The Python that has the packages of Tests/requirements.txt."""
    return subprocess.run(
        [ROOT / "scripts" / "python-packages.sh"], check=True, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=INSTALL_TIMEOUT_SECONDS).stdout.strip()


def tells_genuine_from_forged(session: Session, block: Block) -> None:
    """The function accepts what the gateway sent, and nothing that differs from it."""
    interpreter, name, before, after = HARNESSES[block.kind]
    if block.role == "library":
        interpreter = python_with_library()
    program = session.work / name
    program.write_text(before + session.fill(block.text) + after)

    def says(secret: str, headers: dict[str, str], payload: bytes) -> str:
        given = {"secret": secret, "headers": headers, "payload": payload.decode()}
        done = subprocess.run(
            [interpreter, program], input=json.dumps(given), capture_output=True, text=True,
            timeout=PROGRAM_TIMEOUT_SECONDS)
        same((done.returncode, done.stderr), (0, ""), "exit status and errors")
        return done.stdout.strip()

    # Libraries want JSON.
    for method in ["post_json"] if block.role == "library" else ["get", "post_json"]:
        if (session, method) not in _told_before:
            _told_before[session, method] = _told(session, method)
        secret, arrival = _told_before[session, method]
        other = "whsec_" + base64.b64encode(bytes(32)).decode()
        same(says(secret, arrival.headers, arrival.payload), "yes", f"a genuine {method}")
        same(says(other, arrival.headers, arrival.payload), "no", "another secret")
        forged = arrival.payload.replace(b"paid", b"fail")
        same(says(secret, arrival.headers, forged), "no", f"a {method} of another payload")
        for seconds in (-400, 400):
            headers = _signed_by(secret, arrival.payload, int(time.time()) + seconds)
            same(says(secret, headers, arrival.payload), "no", f"one of {seconds} s from now")
        headers = _signed_by(secret, arrival.payload, int(time.time()))
        same(says(secret, headers, arrival.payload), "yes", "one that the suite signed")


def _told(session: Session, method: str) -> tuple[str, Arrival]:
    """An endpoint's secret, and a notification that the gateway sent there."""
    path = f"/verify-{time.monotonic_ns()}"
    made = json.loads(session.command(
        f"kaunter endpoint add --account UUID --url https://shop.example{path} "
        f"--method {method} --json"))
    session.command(
        f"kaunter trigger payment.paid --account UUID --set notification_endpoint_id={made['id']}")
    arrival = session.shop.next_like(lambda each: each.target.split("?")[0] == path)
    return made["secret"], arrival


def _signed_by(secret: str, payload: bytes, timestamp: int) -> dict[str, str]:
    """The headers that whoever has the secret makes."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"evt_1.{timestamp}.".encode() + payload
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {"webhook-id": "evt_1", "webhook-timestamp": str(timestamp),
            "webhook-signature": f"v1,{signature}"}
