"""Measures the books: transfers in process, payouts over HTTP, and the audit of a large store."""

import json
import sys
import time
from pathlib import Path

import calls
from house import WARM_UP_SECONDS
from measured import AIMED_CONNECTIONS, PAYOUT, Audited, Call, Transfers
from records import PAYOUT_SEN, Records, Signer
from server import Gateway
from shell import BenchFault, must, say
from stores import TOOLS, PostgreSQLStore, SQLiteStore

from gateway import environment  # isort: skip

TRANSFER_RUNS = 4
TRANSFER_ACCOUNTS = 1000
TRANSFER_CALLERS = 64
PROGRAM_TIMEOUT_SECONDS = 1800
# Entries of ten payments (the rail, the merchant's reserve and available, the fee and its tax) and
# of their payout (two when it is reserved, four when it is paid).
ENTRIES_OF_TEN = 10 * 5 + 6
AUDITS = 3
SEN_A_RINGGIT = 100


def transfers(binary: Path, store: SQLiteStore | PostgreSQLStore, seconds: int) -> Transfers:
    """Durable transfers over many accounts and on one, in turns of half the time of a row."""
    must(binary, "migrate", "--sandbox", *store.arguments, env=environment())
    told = json.loads(_ledger_bench(
        binary, "transfers", store, "--seconds", max(1, seconds // 2), "--runs", TRANSFER_RUNS,
        "--accounts", TRANSFER_ACCOUNTS, "--callers", TRANSFER_CALLERS))
    rates = {
        name: sum(run["transfers"] for run in told[name])
        / sum(run["microseconds"] for run in told[name]) * 1e6 for name in ("spread", "one")}
    found = Transfers(**rates)
    say(f"   transfers on {store.name}: {found.spread:,.0f}/s over {TRANSFER_ACCOUNTS:,} accounts, "
        f"{found.one:,.0f}/s on one: {found.ratio:.2f}")
    return found


def payouts(binary: Path, folder: Path, store: SQLiteStore | PostgreSQLStore, signer: Signer,
            records: Records, seconds: int) -> Call:
    """Signed payouts of one account with enough money, which the sandbox pays meanwhile."""
    gateway = Gateway(binary, folder, store.arguments, signer.public_file, role="payout")
    funds_sen = records.count * PAYOUT_SEN
    gateway.command(
        "adjust", "--account", gateway.account, "--direction", "credit", "--amount",
        f"{funds_sen / SEN_A_RINGGIT:.2f}", "--reason", "money to pay out")
    gateway.start()
    try:
        warm = calls.measured(PAYOUT, "/v1/payout", gateway, store, records, AIMED_CONNECTIONS,
                              WARM_UP_SECONDS)
        call = calls.measured(PAYOUT, "/v1/payout", gateway, store, records, AIMED_CONNECTIONS,
                              seconds, first=warm.load.used)
    finally:
        gateway.end()
    _check(gateway, store.payouts(), warm, call, funds_sen)
    return call


def _check(gateway: Gateway, stored: int, warm: Call, call: Call, funds_sen: int) -> None:
    """Each payout that was answered is there, and each that is there has its money reserved."""
    answered = warm.load.requests + call.load.requests
    sent = warm.load.used + call.load.used
    if not answered <= stored <= sent:
        raise BenchFault(f"{answered} payouts were answered and {sent} sent, "
                         f"but {stored} are in the store")
    left = gateway.command("balance", "--account", gateway.account)["available"]
    if round(float(left) * SEN_A_RINGGIT) != funds_sen - stored * PAYOUT_SEN:
        raise BenchFault(f"RM {left} is left after {stored} payouts from {funds_sen} sen")


def audit(binary: Path, store: SQLiteStore, entries: int) -> Audited:
    """The audit of a store with at least so many entries, by a process of its own."""
    payments = -(-entries // ENTRIES_OF_TEN) * 10
    must(binary, "migrate", "--sandbox", *store.arguments, env=environment())
    say(f"   paying {payments:,} payments")
    before = time.monotonic()
    _ledger_bench(binary, "fill", store, "--payments", payments)
    fill_seconds = time.monotonic() - before
    runs = [_audited(binary, store) for _ in range(AUDITS)]
    checked, seconds, peak_bytes = sorted(runs, key=lambda run: run[1])[AUDITS // 2]
    if checked["entries"] < entries:
        raise BenchFault(f"the filling made {checked['entries']} entries")
    say(f"   audit of {checked['entries']:,} entries: {seconds:.1f} s, "
        f"{peak_bytes / 1024 / 1024:.1f} MB; filled in {fill_seconds:.0f} s")
    return Audited(checked, seconds, peak_bytes, fill_seconds)


def _audited(binary: Path, store: SQLiteStore) -> tuple[dict[str, int], float, int]:
    """What an audit has checked, its seconds, and the most memory that it had."""
    run = json.loads(must(sys.executable, TOOLS / "peak.py", binary, "audit", *store.arguments,
                          "--json", env=environment(), timeout=PROGRAM_TIMEOUT_SECONDS))
    if run["code"] != 0:
        raise BenchFault(f"the audit ended with {run['code']}: {run['said'][-1000:]}")
    return json.loads(run["said"])["checked"], run["seconds"], run["peak_bytes"]


def _ledger_bench(binary: Path, command: str, store: SQLiteStore | PostgreSQLStore,
                  *arguments: object) -> str:
    return must(binary.with_name("LedgerBench"), command, *store.arguments, *arguments,
                env=environment(), timeout=PROGRAM_TIMEOUT_SECONDS)
