"""Refunds, payouts, reversals and returns of the same money at once: payouts through two servers,
and what operators do through processes of their own, as commands on PostgreSQL are."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from house import Answer, Done, new_database
from merchant import refused
from nodes import Cluster, cluster_of
from payouts import Payer
from suite import Suite, expect, same

NODES = 2
# Each attempt is a process: many more would only take longer.
ATTEMPTS = 60
COVERED = 15
RETURNS = 12
AT_ONCE = 12
# The simulated rail leaves payouts to this account undecided: nothing comes back meanwhile.
UNDECIDED = "00061234"
PAYEE = ["--bank", "MBB", "--number", UNDECIDED, "--first-name", "Siti", "--last-name", "Aminah"]


@contextmanager
def opening(binary: Path, folder: Path):
    with new_database() as url, cluster_of(binary, folder, url, NODES) as cluster:
        yield cluster


suite = Suite("Refunds at two nodes", opening)


def at_once(acts: list) -> list:
    """Performs all acts, many at once, and gives what became of them."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda act: act(), acts))


def paid(cluster: Cluster, payer: Payer, amount: str) -> int:
    """The id of a payment that is paid with this amount."""
    payment = payer.create(amount=amount)
    same(cluster.decide(payment, "paid").status, 200, "status of the outcome")
    return payment["id"]


def commands(cluster: Cluster, count: int, *arguments: object) -> list:
    """Acts of operators: this command, so many times, by turns as of each node."""
    return [
        lambda node=cluster.nodes[number % NODES]: node.command(
            *arguments, "--reason", "a storm") for number in range(count)]


def refunds(cluster: Cluster, payment: int, count: int) -> list:
    """Acts that refund a ringgit of the payment each."""
    return commands(cluster, count, "refund", "--payment", payment, "--amount", "1.00", *PAYEE)


def done(results: list[Done]) -> int:
    """How many commands were done; all others must have been refused on the amount."""
    for each in results:
        expect(each.code == 0 or (each.code == 1 and "amount" in each.err),
               f"a command ended with {each.code}: {each.err}")
    return [each.code for each in results].count(0)


def taken(answers: list[Answer]) -> int:
    """How many payouts were accepted; all others must have been refused on the amount."""
    for each in answers:
        if each.status != 200:
            refused(each, 400, ["amount"])
    return [each.status for each in answers].count(200)


def balances(payer: Payer) -> tuple[str, str]:
    """What is available and what is on its way as payouts."""
    found = payer.balance()
    return found["balance"].removesuffix("000000"), found["pending_payouts"].removesuffix("000000")


def adds_up(cluster: Cluster) -> None:
    """Checks that the audit of each node finds nothing, and that nothing is below zero."""
    for node in cluster.nodes:
        same(node.must("audit")["findings"], [], "findings of the audit")
    same(cluster.sql("SELECT code FROM ledger_accounts WHERE balance_sen < 0 AND code IN "
                     "('available', 'hold', 'rolling_reserve', 'payouts_reserved')"), [],
         "accounts below zero")
    same(cluster.sql("SELECT sum(amount_sen) FROM ledger_entries"), ["0"], "the sum of all entries")


@suite.case("of 60 refunds at once exactly the covered 15 are taken")
def covered(cluster: Cluster) -> None:
    payer = Payer(cluster.nodes[0], "100.00")
    payment = paid(cluster, payer, f"{COVERED}.99")
    same(done(at_once(refunds(cluster, payment, ATTEMPTS))), COVERED, "refunds that were taken")
    same(cluster.sql(f"SELECT returned_sen FROM payments WHERE id = {payment}"),
         [str(100 * COVERED)], "what went back of the payment")
    same(balances(payer), ("100.99", "0.00"), "the balance afterwards")
    adds_up(cluster)


@suite.case("of refunds, and of payouts through both nodes, exactly what is there is taken")
def payouts(cluster: Cluster) -> None:
    payer = Payer(cluster.nodes[0])
    payment = paid(cluster, payer, f"{COVERED}.00")
    bodies = [
        json.dumps(payer.payout(amount="1.00", number=UNDECIDED)).encode()
        for _ in range(ATTEMPTS // 2)]
    signed = [(body, payer.headers(body, key=payer.payout_key)) for body in bodies]
    # A command takes as long to start as the server takes for all payouts: they come by and by.
    leaving = [
        lambda node=cluster.nodes[number % NODES], call=call: node.ask(
            "POST", "/v1/payout", *call)
        for number, call in enumerate(signed)]
    back = refunds(cluster, payment, ATTEMPTS // 2)
    results = at_once([act for pair in zip(leaving, back) for act in pair])
    out, refunded = taken(results[0::2]), done(results[1::2])
    same(out + refunded, COVERED, f"{out} payouts and {refunded} refunds")
    expect(out > 0 and refunded > 0, f"{out} payouts, {refunded} refunds: nothing was against it")
    same(balances(payer), ("0.00", f"{out}.00"), "the balance afterwards")
    adds_up(cluster)


@suite.case("of refunds and reversals at once no more goes back than came")
def reversals(cluster: Cluster) -> None:
    payer = Payer(cluster.nodes[0], "100.00")
    payment = paid(cluster, payer, f"{COVERED}.00")
    reversing = commands(
        cluster, ATTEMPTS // 2, "reverse", "payment", "--payment", payment, "--amount", "1.00")
    back = refunds(cluster, payment, ATTEMPTS // 2)
    results = at_once([act for pair in zip(reversing, back) for act in pair])
    taken_back, refunded = done(results[0::2]), done(results[1::2])
    same(taken_back + refunded, COVERED, f"{taken_back} reversals and {refunded} refunds")
    same(balances(payer), ("100.00", "0.00"), "the balance afterwards")
    adds_up(cluster)


@suite.case("suspense that is sent back and assigned many times at once is used once")
def suspense(cluster: Cluster) -> None:
    payer = Payer(cluster.nodes[0])
    payment = payer.create(amount="20.00")
    for node in range(NODES):
        cluster.decide(payment, "paid", node)
    entries = cluster.sql(f"SELECT id FROM suspense WHERE payment_id = {payment['id']}")
    same(len(entries), 1, "entries of suspense")
    returning = commands(cluster, RETURNS // 2, "suspense", "return", "--entry", entries[0])
    assigning = [
        act for number in range(RETURNS // 2) for act in commands(
            cluster, 1, "suspense", "assign", "--entry", entries[0], "--order-id",
            f"found-{number}")]
    results = at_once([act for pair in zip(returning, assigning) for act in pair])
    same(sorted(each.code for each in results), [0] + [1] * (RETURNS - 1), "exit codes")
    uses = cluster.sql(
        "SELECT count(*) FROM ledger_transfers WHERE reason IN "
        "('return_reserved', 'suspense_assigned')")
    same(uses, ["1"], "uses of the entry")
    adds_up(cluster)
