"""Schemathesis, against a gateway with money in it: what it makes up is signed with real keys."""

import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from document import Document
from house import House, closing
from payouts import Payer
from suite import Suite, expect, same

CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance", "negative_data_rejection",
]
# The same requests each time.
SEED = 20261125
EXAMPLES = 60
TIMEOUT_SECONDS = 300
OUTPUT_CHARACTERS = 8000


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house:
        house.start()
        house.shop = Payer(house, "30000")
        house.document = Document(house.ask("GET", "/openapi.json").body)
        yield house


suite = Suite("Schemathesis", opening)


@suite.case("schemathesis finds nothing, and has seen each call granted and refused")
def finds_nothing(house: House) -> None:
    payout = house.shop.pay("/v1/payout", house.shop.payout(number="0006123456")).value()
    record = house.folder / "record"
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{house.url}/openapi.json",
         "--checks", ",".join(CHECKS), "--seed", str(SEED), "--max-examples", str(EXAMPLES),
         # The signature is ours to make, after the body; wrong ones are tested elsewhere.
         "--generation-with-security-parameters", "false",
         "--generation-database", "none", "--continue-on-failure", "--no-color"],
        env=os.environ | {
            "SCHEMATHESIS_HOOKS": "signing",
            "PYTHONPATH": str(Path(__file__).parent),
            "OPENAPI_ACCOUNT": house.shop.account,
            "OPENAPI_PAYMENT_KEY": str(house.shop.key),
            "OPENAPI_PAYOUT_KEY": str(house.shop.payout_key),
            "OPENAPI_RECORD": str(record),
            "OPENAPI_PAYMENT": house.shop.create()["uuid"],
            "OPENAPI_PAYOUT": str(payout["id"]),
        },
        cwd=house.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=TIMEOUT_SECONDS)
    expect(done.returncode == 0, f"it found:\n{done.stdout[-OUTPUT_CHARACTERS:]}{done.stderr}")
    seen = Counter(tuple(line.rsplit(" ", 1)) for line in record.read_text().splitlines())
    for call in house.document.calls:
        counts = {status: count for (name, status), count in seen.items() if name == call.name}
        print(f"        {call.name}: {counts}", flush=True)
        expect({"200", "400"} <= counts.keys(), f"{call.name} was seen with {counts} only")
    same(house.is_running(), True, "whether the server still runs")
