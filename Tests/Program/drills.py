"""The drill: a backup under load, a disaster, a restore elsewhere, and what may be forgotten."""

import hashlib
import shutil
import signal
import stat
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from house import House, command
from merchant import Merchant
from pages import Payer
from shop import Shop
from suite import Suite, expect, same

# Payments that are created while the backup is made, and once more after it.
LOADS = 2
AFTERWARDS = 12
# The longest that the load goes on, should a backup never end.
LOAD_SECONDS = 60
LEAST_AHEAD = 1_000_000
ALREADY_WAITING = 3


@dataclass
class Drill:
    """A house, its merchant, and all that was acknowledged to it, in its order."""

    house: House
    shop: Merchant
    receiver: Shop
    file: Path
    # Where the store is restored: the options that name it.
    place: list
    # A payment whose notification was refused, and a payer who is at the bank, with its page.
    untold: dict = field(default_factory=dict)
    payer: Payer | None = None
    bank: str = ""
    answers: dict[str, bytes] = field(default_factory=dict)
    orders: dict[str, dict] = field(default_factory=dict)
    made: dict = field(default_factory=dict)
    report: dict = field(default_factory=dict)
    before: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)

    def create(self, **fields: object) -> dict:
        """Creates a payment and writes down its answer once it is there."""
        order = self.shop.order(**fields)
        answer = self.shop.call("/v1/payment", order)
        same(answer.status, 200, "status of a create")
        self.orders[order["order_id"]] = order
        self.answers[order["order_id"]] = answer.body
        self.ids.append(answer.value()["id"])
        return answer.value()


def drilled(house: House, receiver: Shop, place: list) -> Drill:
    """Starts a house that has things to forget: waiting, ended, and untold payments."""
    house.start()
    drill = Drill(house, Merchant(house), receiver, house.folder / "kaunter.backup", place)
    receiver.answers("GET", "/untold", always=500)
    told = drill.create(notification_endpoint_url=f"{receiver.url}/told")
    same(house.simulate(told["uuid"], outcome="paid").status, 200, "the sandbox")
    receiver.next("/told")
    untold = drill.create(notification_endpoint_url=f"{receiver.url}/untold")
    same(house.simulate(untold["uuid"], outcome="paid").status, 200, "the sandbox")
    receiver.next("/untold")
    drill.untold = untold
    undecided = drill.create(notification_endpoint_url=f"{receiver.url}/undecided")
    drill.payer = Payer(house, undecided)
    drill.bank = drill.payer.choose()
    for _ in range(ALREADY_WAITING):
        drill.create()
    return drill


def cases(suite: Suite) -> None:
    """The drill's steps, which follow each other, on either database."""

    @suite.case("a backup is made while payments are created")
    def under_load(drill: Drill) -> None:
        stop, faults = threading.Event(), []

        def load() -> None:
            end = time.monotonic() + LOAD_SECONDS
            while not stop.is_set() and time.monotonic() < end:
                try:
                    drill.create()
                except Exception as error:  # It is told by the case, not by this thread.
                    faults.append(repr(error))
                    return

        threads = [threading.Thread(target=load) for _ in range(LOADS)]
        for each in threads:
            each.start()
        try:
            drill.before = list(drill.answers)
            drill.made = drill.house.must("backup", "--to", drill.file)
        finally:
            stop.set()
            for each in threads:
                each.join()
        same(faults, [], "faults of creates beside the backup")
        expect(len(drill.answers) > len(drill.before), "nothing was created beside the backup")

    @suite.case("it says what it holds, and is its owner's alone")
    def described(drill: Drill) -> None:
        content = drill.file.read_bytes()
        same((drill.made["sha256"], drill.made["bytes"]),
             (hashlib.sha256(content).hexdigest(), len(content)), "hash and length")
        same(oct(stat.S_IMODE(drill.file.stat().st_mode)), "0o600", "mode")
        expect(len(drill.before) <= drill.made["payments"] <= len(drill.answers),
               f"{drill.made['payments']} payments")
        same((drill.made["ended"], drill.made["pending_notifications"], drill.made["mode"]),
             (2, 1, "sandbox"), "ended, pending and mode")
        key = (drill.house.data / "master.key").read_text().strip().encode()
        expect(key.split(b":")[1] not in content, "the master key is in it")
        left = [each.name for each in (*drill.file.parent.iterdir(), *drill.house.data.iterdir())
                if "partial" in each.name]
        same(left, [], "drafts that were left behind")

    @suite.case("an existing file is refused with 73, and stays as it was")
    def existing(drill: Drill) -> None:
        before = drill.file.read_bytes()
        done = drill.house.command("backup", "--to", drill.file)
        same((done.code, done.value()["error"]["code"]), (73, "cant_create"), "code")
        expect(drill.file.read_bytes() == before, "the file was changed")

    @suite.case("a restore over the store that is served is refused, and disturbs nothing")
    def over(drill: Drill) -> None:
        done = drill.house.command("restore", "--from", drill.file)
        same(done.code, 1, f"exit code with {done.err!r}")
        expect("already" in done.err or "There is a store" in done.err, f"it says {done.err!r}")
        drill.create()

    @suite.table("a damaged file is refused, and leaves nothing behind: {}", [
        ("the first byte", lambda data: flipped(data, 0)),
        ("a byte in the middle", lambda data: flipped(data, len(data) // 2)),
        ("a byte before the trailer", lambda data: flipped(data, len(data) - 8193)),
        ("a byte of the description", lambda data: flipped(data, len(data) - 8100)),
        ("the last byte", lambda data: flipped(data, len(data) - 1)),
        ("cut by one byte", lambda data: data[:-1]),
        ("cut in half", lambda data: data[:len(data) // 2]),
        ("nothing in it", lambda data: b""), ("a hole", lambda data: data[:4096] + data[8192:]),
    ])
    def damaged(drill: Drill, _: str, spoil) -> None:
        file = drill.file.with_name("damaged.backup")
        file.write_bytes(spoil(drill.file.read_bytes()))
        done = command(drill.house.binary, "restore", "--from", file, *drill.place, "--json")
        same(done.code, 1, f"exit code with {done.err!r}")
        expect("damaged" in done.value()["error"]["message"], f"it says {done.err!r}")
        expect(not Path(drill.place[1]).exists(), "a folder was left behind")

    @suite.case("another SHA-256 than the one asked for is refused")
    def other_hash(drill: Drill) -> None:
        done = command(drill.house.binary, "restore", "--from", drill.file, "--sha256", "0" * 64,
                       *drill.place, "--json")
        same(done.code, 1, f"exit code with {done.err!r}")
        expect(not Path(drill.place[1]).exists(), "a folder was left behind")

    @suite.case("after kill -9 and the loss of the folder, the backup is restored elsewhere")
    def restored(drill: Drill) -> None:
        for _ in range(AFTERWARDS):
            drill.create()
        drill.house.end(signal.SIGKILL)
        kept = drill.house.folder / "kept.key"
        shutil.copy(drill.house.data / "master.key", kept)
        shutil.rmtree(drill.house.data)
        done = command(drill.house.binary, "restore", "--from", drill.file, "--sha256",
                       drill.made["sha256"], *drill.place, "--json")
        same(done.code, 0, f"exit code with {done.err!r}")
        drill.report = done.value()
        expect(drill.report["master_key_missing_at"], "the missing key is not told")
        Path(drill.place[1]).mkdir(mode=0o700, exist_ok=True)
        shutil.copy(kept, drill.report["master_key_missing_at"])
        drill.house.store, drill.house.data = drill.place, Path(drill.place[1])

    @suite.case("the report has the numbers of the backup")
    def reported(drill: Drill) -> None:
        report, made = drill.report, drill.made
        for name in ("payments", "last_payment_id", "pending_notifications", "snapshot_at",
                     "snapshot_at_utc", "master_key", "sha256"):
            same(report[name], made[name], name)
        same(report["waiting_payments"], made["payments"] - 2, "waiting payments")
        same((report["open_attempts"], report["accounts"], report["keys_in_force"]), (1, 1, 1),
             "open attempts, accounts and keys")
        expect(report["ids_ahead"] >= LEAST_AHEAD, f"ids ahead are {report['ids_ahead']}")
        expect(report["first_new_id"] > max(drill.ids), "the next id was given out before")

    @suite.case("a second restore into the same place is refused")
    def twice(drill: Drill) -> None:
        done = drill.house.command("restore", "--from", drill.file)
        same(done.code, 1, f"exit code with {done.err!r}")

    @suite.case("all that was acknowledged before the backup is there, byte for byte")
    def kept(drill: Drill) -> None:
        drill.house.start()
        for order in drill.before:
            answer = drill.shop.call("/v1/payment", drill.orders[order])
            expect(answer.body == drill.answers[order], f"the repeat of {order} differs")
        same(drill.shop.status(id=drill.untold["id"])["payment_status"], "paid", "status")

    @suite.case("no id is given twice")
    def ids(drill: Drill) -> None:
        new = drill.create()["id"]
        expect(new >= drill.report["first_new_id"], f"the new id is {new}")
        expect(new > max(drill.ids[:-1]), "the new id is not beyond all that were given out")
        endpoint = drill.house.must("endpoint", "add", "--account", drill.shop.account, "--url",
                                    f"{drill.receiver.url}/new")["id"]
        expect(endpoint > LEAST_AHEAD, f"the new endpoint's id is {endpoint}")

    @suite.case("a notification that was pending arrives, signed as before")
    def told(drill: Drill) -> None:
        drill.receiver.answers("GET", "/untold", always=200)
        arrival = drill.receiver.next("/untold")
        same(int(arrival.fields()["id"]), drill.untold["id"], "id")

    @suite.case("an attempt that was open goes on at its bank, and the payment is paid")
    def goes_on(drill: Drill) -> None:
        drill.payer.decide(drill.bank, "approve")
        same(drill.receiver.next("/undecided").fields()["payment_status"], "paid", "status")

    @suite.case("the restored store can be backed up again, without a server too")
    def again(drill: Drill) -> None:
        same(drill.house.end(), 0, "exit status")
        file = drill.file.with_name("second.backup")
        made = drill.house.must("backup", "--to", file)
        expect(made["payments"] > drill.report["payments"], "the new payment is missing")
        left = [each.name for each in drill.house.data.iterdir() if "partial" in each.name]
        same(left, [], "drafts that were left behind")


def flipped(data: bytes, place: int) -> bytes:
    """The bytes with one bit turned."""
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1:]
