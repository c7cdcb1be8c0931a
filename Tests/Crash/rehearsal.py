"""The whole run on one database: load and crashes, then rest, then what the verifier says."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from journal import ENDED, READY, STARTING, Journal, read
from load import Load
from merchant import Merchant
from payouts import PayoutLoad, Treasury, judge
from points import EXPIRY, INSTANT_SECONDS, Crash
from receiver import Receiver
from record import Memory
from signer import Signer
from verifier import Findings, verify
from victim import KILLED, Victim
from world import World

# Notifications have budgets by account and by receiver: several of both, so that what a dead server
# had claimed does not hold up everything.
ACCOUNTS = 3
RECEIVERS = 3
PAYING_ACCOUNTS = 2
# Paid and told for certain, whatever chance brought: the verifier's own cases alter such.
SIMPLE_PAYMENTS = 3
# A lease that nobody holds any more, a retry after it, and room for a slow machine.
TELLING_TIMEOUT_SECONDS = 150
TELLING_POLL_SECONDS = 0.1
SILENCE_SECONDS = 1


@dataclass(frozen=True)
class Cycle:
    """How one cycle went."""

    crash: Crash
    # From the launch to the first answer that the server is ready; nothing if it died before.
    start_seconds: float | None
    # How the server ended; nothing if it had to be killed since the point was not reached.
    exit_code: int | None


class Rehearsal:
    """Crashes one house on one database again and again."""

    def __init__(self, binary: Path, folder: Path, database_url: str | None,
                 crashes: list[Crash], chance: random.Random):
        self.victim = Victim(binary, folder, database_url)
        self.journal = Journal(folder / "journal.jsonl")
        self.receivers = [Receiver(self.journal) for _ in range(RECEIVERS)]
        self.crashes = crashes
        self.cycles: list[Cycle] = []
        self.time_over: set[str] = set()
        self.unsettled: list[str] = []
        self.payout_journal = Journal(folder / "payouts.jsonl")
        self.payout_receiver = Receiver(self.payout_journal)
        self.treasuries: list[Treasury] = []
        self.payouts: PayoutLoad
        # What is wrong with payouts, by kind.
        self.payout_faults: dict[str, list] = {}
        self.signers: list[Signer] = []
        self._chance = chance
        # What stands at the end.
        self.load: Load
        self.world: World
        self.entries: list[dict]
        self.payout_entries: list[dict]
        self.findings: Findings

    def run(self) -> None:
        """All of it; the server runs on afterwards."""
        self._prepare()
        for crash in self.crashes:
            self.cycles.append(self._cycle(crash))
        self._rest()
        self.entries = read(self.journal.path)
        self.payout_entries = read(self.payout_journal.path)
        self.world = World(self.victim, self.signers)
        memory = Memory.of(self.entries)
        self.payout_faults = judge(self.treasuries, self.payout_entries, memory.crashes)
        self.findings = verify(memory, self.world, self.time_over)

    def close(self) -> None:
        """Ends the server and the receivers."""
        self.victim.close()
        for each in [*self.receivers, self.payout_receiver]:
            each.close()
        self.journal.close()
        self.payout_journal.close()

    def surprises(self) -> list[str]:
        """Answers that nobody expected."""
        return [each for story in self.load.stories for each in story.surprises]

    def start_seconds(self) -> list[float]:
        """How long the starts took, sorted."""
        return sorted(each.start_seconds for each in self.cycles if each.start_seconds)

    def _prepare(self) -> None:
        self._start()
        with ThreadPoolExecutor(ACCOUNTS) as pool:
            merchants = list(pool.map(
                lambda number: Merchant(self.victim, f"Kedai {number}"), range(ACCOUNTS)))
        self.signers = [Signer(each) for each in merchants]
        # Accounts of their own: what the others' histories say is held against their journal.
        bankers = [Merchant(self.victim, f"Bank {number}") for number in range(PAYING_ACCOUNTS)]
        self.treasuries = [
            Treasury(self.victim, each, self.payout_journal, self.payout_receiver.url)
            for each in bankers]
        secrets = {each.account: self.victim.must("keys", "webhook", "--account", each.account)
                   for each in merchants + bankers}
        for each in [*self.receivers, self.payout_receiver]:
            each.secrets = {account: key["secret"] for account, key in secrets.items()}
        self.payouts = PayoutLoad(self.victim, self.treasuries, self._chance)
        self.victim.kill()
        self.load = Load(self.victim, self.journal, self.signers, self.receivers, self._chance)

    def _start(self, point: str = "") -> None:
        self.journal.add(STARTING, point=point)
        self.victim.launch(point)
        self.victim.await_ready()

    def _cycle(self, crash: Crash) -> Cycle:
        if crash.point == EXPIRY:
            crash = self._with_time_over(crash)
        point = str(crash) if crash.point else ""
        self.journal.add(STARTING, point=point)
        self.victim.launch(point)
        self.load.begin()
        self.payouts.begin()
        try:
            seconds = self.victim.await_ready()
            self.journal.add(READY, seconds=seconds)
            if crash.point:
                exit_code = self.victim.await_end()
            else:
                time.sleep(crash.seconds)
                exit_code = self.victim.kill()
        finally:
            self.victim.kill()
            died_at = time.monotonic()
            self.load.end()
            self.payouts.end()
        self.journal.add(ENDED, exit_code=exit_code, died_at=died_at)
        return Cycle(crash, seconds, exit_code)

    def _with_time_over(self, crash: Crash) -> Crash:
        """Has payments expire with the next start; an instant instead where none can."""
        waiting = self.load.waiting(crash.nth)
        if not waiting:
            return Crash(seconds=self._chance.uniform(*INSTANT_SECONDS))
        for each in waiting:
            self.victim.end_time(each.order)
            self.time_over.add(each.order)
        return Crash(crash.point, len(waiting))

    def _rest(self) -> None:
        """Ends what was left open, and waits until all is told, and then for what is too much."""
        self._start()
        self.load.add_simple(SIMPLE_PAYMENTS)
        self.unsettled = self.load.settle() + self.payouts.settle()
        wanted = {each.order for each in self.load.stories if each.is_told}
        end = time.monotonic() + TELLING_TIMEOUT_SECONDS
        while time.monotonic() < end:
            told = set().union(*(each.accepted() for each in self.receivers))
            if wanted <= told and self.payouts.orders() <= self.payout_receiver.accepted():
                break
            time.sleep(TELLING_POLL_SECONDS)
        time.sleep(SILENCE_SECONDS)


def has_ended_wrong(cycle: Cycle) -> bool:
    """Whether the server ended otherwise than by our hand; a point not reached is another case."""
    return cycle.exit_code not in (KILLED, None)
