"""Books that don't fit: whatever is changed in a store by hand, the look at the books finds it."""

import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

from books import CHECKS
from life import Walk
from place import Place, opened
from suite import Suite, expect, same

# A story can't be changed but by somebody who first does this.
OPEN = "PRAGMA ignore_check_constraints = ON; DROP TRIGGER payment_events_keep_delete;"
ONE = "(SELECT min(id) FROM payments)"
# Of two payments one is paid and told, and the other waits with an attempt that is open.
HARMS = [
    ("a payment without its payer", f"DELETE FROM payers WHERE payment_id = {ONE}"),
    ("a payer without a payment",
     "INSERT INTO payers SELECT 7, first_name, last_name, ip, further_fields FROM payers LIMIT 1"),
    ("a payment that was not created once", "DELETE FROM payment_events WHERE kind = 'created'"),
    ("a payment whose answer is not its own", "UPDATE payments SET first_answer = '{}'"),
    ("an id that was not drawn", f"DELETE FROM identifiers WHERE id = {ONE}"),
    ("an order with two payments",
     "DROP INDEX payments_by_live_order; UPDATE payments SET order_id = 'life-0'"),
    ("a count that is not the number of payments", "UPDATE payment_counts SET count = count + 1"),
    ("a count of payments that are not there",
     "INSERT INTO payment_counts SELECT account_id, 1, 1, 1 FROM payment_counts LIMIT 1"),
    ("a final payment that is not told once", "DELETE FROM deliveries"),
    ("a waiting payment that is told",
     "UPDATE deliveries SET payment_id = (SELECT max(id) FROM payments)"),
    ("a status that is neither waiting nor paid",
     f"UPDATE payments SET status = 'fail' WHERE id = {ONE}"),
    ("a paid payment whose money is not there once", "UPDATE receipts SET amount_minor = 1"),
    ("money of a payment that is not paid",
     "UPDATE receipts SET payment_id = (SELECT max(id) FROM payments)"),
    ("money in suspense",
     "INSERT INTO suspense (amount_minor, currency, reason, created_at) "
     "VALUES (1, 'MYR', 'late', 1)"),
    ("an attempt that is open beside an end", "UPDATE attempts SET state = 'open'"),
    ("a paid payment with more than one attempt that was received",
     f"UPDATE attempts SET state = 'received', payment_id = {ONE}, number = id"),
    ("an attempt whose story is not told",
     "DELETE FROM payment_events WHERE kind = 'attempt_intended'"),
    ("a delivery that was given up", "UPDATE deliveries SET state = 'abandoned'"),
]


@contextmanager
def opening(binary: Path, folder: Path, every: int | None):
    """A house with two payments, which stands still."""
    with opened(Place(binary, folder, merchants=1)) as house:
        walk = Walk(house)
        walk.settle(walk.new())
        waiting = walk.new()
        same(walk.create(waiting), True, "whether a payment was created")
        chosen = house.ask(
            "POST", f"/{waiting.payment['uuid']}/attempts", b"bank=MBBFPX",
            {"Content-Type": "application/x-www-form-urlencoded"})
        same(chosen.status, 303, "status of a choice")
        house.end()
        yield house


suite = Suite("Books that don't fit", opening)


@suite.case("a store that nobody has touched fits, and there is a harm for each look")
def untouched(house: Place) -> None:
    house.must_balance()
    house.must_be_whole()
    same([sentence for sentence, _ in HARMS], [sentence for sentence, _ in CHECKS], "looks")


@suite.table("{} is found", HARMS)
def harmed(house: Place, sentence: str, harm: str) -> None:
    kept = house.data
    copy = house.folder / f"copy-{[each for each, _ in HARMS].index(sentence)}"
    shutil.copytree(kept, copy)
    with closing(sqlite3.connect(copy / "kaunter.sqlite")) as file:
        file.executescript(f"{OPEN} {harm}; PRAGMA wal_checkpoint(TRUNCATE);")
    house.data = copy
    try:
        house.must_balance()
    except AssertionError as error:
        expect(sentence in str(error), f"something else is found: {error}")
    else:
        raise AssertionError("nothing is found")
    finally:
        house.data = kept


@suite.case("bytes that are changed in the file are found")
def bytes_changed(house: Place) -> None:
    file = house.data / "kaunter.sqlite"
    kept = file.read_bytes()
    page = int.from_bytes(kept[16:18])
    file.write_bytes(kept[:page] + bytes(page) * (len(kept) // page - 1))
    try:
        house.must_be_whole()
    except (AssertionError, sqlite3.DatabaseError):
        return
    finally:
        file.write_bytes(kept)
    raise AssertionError("nothing is found")
