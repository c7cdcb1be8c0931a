"""The page docs/benchmarks.md: figures as tables, each with what it means."""

from dataclasses import dataclass
from pathlib import Path

import machine
from load import Load
from measured import CREATE, STATUS, Books, Call, Drained, Latency, Measured, Told

HERE = Path(__file__).resolve().parent
MEBIBYTE = 1024 * 1024
GREATER, LESS = "at least", "at most"


@dataclass(frozen=True)
class Yardsticks:
    """What the gateway is held against; rates a second."""

    constant: dict[int, Load]
    constant_again: Load
    sqlite_single: float
    sqlite_grouped: float
    pgbench: float
    pgbench_at_once: float
    openssl_signs: float
    openssl_verifies: float
    localstripe: Load
    localstripe_memory: Load


@dataclass(frozen=True)
class Aim:
    """A figure, what it is to be, and whether it is."""

    what: str
    value: float
    direction: str
    limit: float
    unit: str
    digits: int

    @property
    def is_reached(self) -> bool:
        """Whether the figure as it is printed is within its limit."""
        value = round(self.value, self.digits)
        return value >= self.limit if self.direction == GREATER else value <= self.limit

    def row(self) -> list[str]:
        """The aim's line in the table."""
        aimed = f"{self.direction} {self.limit:g}{self.unit}"
        return [self.what, f"{self.value:,.{self.digits}f}{self.unit}", aimed,
                "reached" if self.is_reached else "**not reached**"]


def aims(sticks: Yardsticks, small: Measured, large: Measured, books: Books,
         told: Told) -> list[Aim]:
    """All aims, on SQLite (`small`) and PostgreSQL (`large`)."""
    create = small.call(CREATE).load
    listed = [
        Aim("Creates on SQLite ÷ one-row commits of SQLite", create.rate / sticks.sqlite_single,
            GREATER, 5, "×", 2),
        Aim("Creates on SQLite ÷ constant answers", create.rate / sticks.constant[64].rate,
            GREATER, 0.25, "×", 3),
        Aim("Creates on PostgreSQL ÷ pgbench", large.call(CREATE).load.rate / sticks.pgbench,
            GREATER, 0.7, "×", 2),
        Aim("Creates on SQLite ÷ payment intents of localstripe",
            create.rate / sticks.localstripe.rate, GREATER, 60, "×", 0),
    ]
    for each in (small, large):
        listed.append(Aim(f"p99 of a create on {each.database}", each.call(CREATE).load.p99,
                          LESS, 25, " ms", 1))
        for name in (CREATE, STATUS):
            ratio = each.full_call(name).load.rate / each.call(name).load.rate
            listed.append(Aim(f"Rate of a {name} on {each.database}, full ÷ small", ratio,
                              GREATER, 0.9, "×", 2))
        listed += [
            Aim(f"Memory when idle, {each.database}", each.idle_bytes / MEBIBYTE, LESS, 40,
                " MB", 1),
            Aim(f"Memory under load, {each.database}",
                max(each.peak_bytes, each.full_peak_bytes) / MEBIBYTE, LESS, 150, " MB", 1),
            Aim(f"Start to first answer, {each.database}", each.start_seconds * 1000, LESS, 200,
                " ms", 0),
        ]
    embedded = books.transfers[small.database]
    listed.append(Aim(f"Transfers on {small.database}, on one account ÷ spread", embedded.ratio,
                      GREATER, 0.9, "×", 2))
    return listed + _aims_of_telling(sticks, told)


def _aims_of_telling(sticks: Yardsticks, told: Told) -> list[Aim]:
    listed = []
    for (signed, endpoints), drained in sorted(told.rates.items(), reverse=True):
        place = f"{endpoints} endpoint{'s' if endpoints > 1 else ''}"
        if signed:
            for words, cores in (("of one core", 1), ("of all cores", machine.cores())):
                listed.append(Aim(
                    f"Signed deliveries to {place} ÷ signatures of OpenSSL {words}",
                    drained.rate / (sticks.openssl_signs * cores), GREATER, 0.6, "×", 2))
        else:
            listed.append(Aim(f"Deliveries to {place}, HMAC only", drained.rate, GREATER, 5_000,
                              "/s", 0))
    return listed + [
        Aim("p50 from commit to receiver", told.latency.p50, LESS, 10, " ms", 2),
        Aim("p99 of well endpoints, when others hang and refuse", told.isolation.growth, LESS, 10,
            " % more", 1),
        Aim("Rate of a backlog ÷ rate of few", told.backlog.ratio, GREATER, 0.9, "×", 2),
        Aim("Memory of a backlog ÷ memory of few", told.backlog.memory_ratio, LESS, 1.1, "×", 2),
    ]


def page(facts: list[tuple[str, str]], written: str, reading: dict[str, object],
         sticks: Yardsticks, small: Measured, large: Measured, books: Books, told: Told) -> str:
    """The whole page. `written` says when and how, `reading` fills what reading.md leaves open."""
    parts = [
        "# Benchmarks",
        f"{written} It is made anew each time, so change `Benchmarks/`, not the page. Compare "
        "figures with those of the same run only; another machine has others.",
        (HERE / "reading.md").read_text().partition("\n")[2].strip().format(**reading),
        "## The machine", table(["", ""], [list(fact) for fact in facts]),
        "## Against the aims",
        table(["At 64 connections", "Measured", "Aim", ""],
              [aim.row() for aim in aims(sticks, small, large, books, told)]),
    ]
    notes = (HERE / "notes.md").read_text().partition("\n")[2].strip()
    if notes:
        parts += ["### Why", notes]
    parts += ["## The yardsticks", table(["Yardstick", "Rate", "What it is"], _sticks(sticks))]
    for each in (small, large):
        parts += [f"## Kaunter on {each.database}", _calls(each, books.payouts[each.database]),
                  table(["", "Small", "Full"], _house(each))]
    parts += ["## The books", table(["Transfers", "Spread", "On one account", "One ÷ spread"],
                                    _transfers(books)),
              table(["The audit", ""], _audited(books)),
              "## Telling merchants", table(
                  ["Deliveries", "Endpoints", "Number", "Rate", "Server", "Memory at most"],
                  _rates(told)),
              table(["Latency", "Number", "p50", "p99"], _latencies(told))]
    return "\n\n".join(parts) + "\n"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, whose first column is words and whose others are figures."""
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _sticks(sticks: Yardsticks) -> list[list[str]]:
    def row(what: str, rate: float, words: str) -> list[str]:
        return [what, f"{rate:,.0f}/s", words]

    rows = [
        row(f"Constant answer, {connections} connections", loaded.rate,
            f"p99 {loaded.p99:.1f} ms")
        for connections, loaded in sticks.constant.items()]
    drift = sticks.constant_again.rate / sticks.constant[64].rate
    return rows + [
        row("Constant answer, 64 connections, after all else", sticks.constant_again.rate,
            f"{drift:.2f} of the first: how far the machine wandered"),
        row("SQLite, a row a commit", sticks.sqlite_single,
            "C, one table, no index; the better of two"),
        row("SQLite, 64 rows a commit", sticks.sqlite_grouped, "the same"),
        row("pgbench, 64 clients", sticks.pgbench, "a create's rows one by one; the better of two"),
        row("pgbench, 64 clients, at once", sticks.pgbench_at_once,
            "the same rows in one statement; the better of two"),
        row("OpenSSL, RSA-2048 signatures", sticks.openssl_signs, "one core"),
        row("OpenSSL, RSA-2048 verifications", sticks.openssl_verifies, "one core"),
        row("localstripe, payment intents", sticks.localstripe.rate,
            "it rewrites its file at each"),
        row("localstripe, nothing written", sticks.localstripe_memory.rate, "kept in memory alone"),
    ]


def _calls(each: Measured, payout: Call) -> str:
    heads = ["Call", "Connections", "Rate", "p50", "p99", "p99.9", "Server", "Database"]
    rows = [_call(call) for call in each.calls]
    rows += [_call(call, ", full") for call in each.full_calls]
    rows.append(_call(payout))
    return table(heads, rows)


def _call(call: Call, suffix: str = "") -> list[str]:
    loaded = call.load
    database = (f"{call.database_cpu_microseconds:.0f} µs"
                if call.database_cpu_microseconds else "in it")
    return [call.name + suffix, str(call.connections), f"{loaded.rate:,.0f}/s",
            f"{loaded.p50:.2f} ms", f"{loaded.p99:.2f} ms", f"{loaded.p999:.2f} ms",
            f"{call.server_cpu_microseconds:.0f} µs", database]


def _house(each: Measured) -> list[list[str]]:
    return [
        ["Payments in the store", f"{each.first_payments:,}", f"{each.full_payments:,}"],
        ["Start to first answer", f"{each.start_seconds * 1000:.0f} ms",
         f"{each.full_start_seconds * 1000:.0f} ms"],
        ["Memory when idle", f"{each.idle_bytes / MEBIBYTE:.1f} MB",
         f"{each.full_idle_bytes / MEBIBYTE:.1f} MB"],
        ["Memory at most", f"{each.peak_bytes / MEBIBYTE:.1f} MB",
         f"{each.full_peak_bytes / MEBIBYTE:.1f} MB"],
        ["Disk, a payment", f"{each.bytes_a_payment:,.0f} bytes", ""],
    ]


def _transfers(books: Books) -> list[list[str]]:
    return [[f"On {name}", f"{found.spread:,.0f}/s", f"{found.one:,.0f}/s", f"{found.ratio:.2f}"]
            for name, found in books.transfers.items()]


def _audited(books: Books) -> list[list[str]]:
    audited = books.audited
    counts = [[f"Checked {name}", f"{count:,}"] for name, count in audited.checked.items() if count]
    return counts + [
        ["Time", f"{audited.seconds:.1f} s"],
        ["Entries a second", f"{audited.checked['entries'] / audited.seconds:,.0f}/s"],
        ["Memory at most", f"{audited.peak_bytes / MEBIBYTE:.1f} MB"],
        ["Making the store before", f"{audited.fill_seconds:.0f} s"],
    ]


def _rates(told: Told) -> list[list[str]]:
    rows = [_drained("signed" if signed else "HMAC only", endpoints, drained)
            for (signed, endpoints), drained in told.rates.items()]
    many = max(endpoints for _, endpoints in told.rates)
    rows.append(_drained("signed, a backlog", many, told.backlog.many))
    rows.append(_drained("signed, few again", many, told.backlog.few_again))
    return rows + [["The receiver alone", "", "", f"{told.receiver_alone:,.0f}/s", "", ""]]


def _drained(words: str, endpoints: int, drained: Drained) -> list[str]:
    return [words, str(endpoints), f"{drained.count:,}", f"{drained.rate:,.0f}/s",
            f"{drained.server_cpu_microseconds:.0f} µs", f"{drained.peak_bytes / MEBIBYTE:.1f} MB"]


def _latencies(told: Told) -> list[list[str]]:
    def row(words: str, found: Latency) -> list[str]:
        return [words, f"{found.count:,}", f"{found.p50:.2f} ms", f"{found.p99:.2f} ms"]

    return [row("One payment at a time", told.latency),
            row("Well endpoints, all are well", told.isolation.calm),
            row("The same, others hang and refuse", told.isolation.troubled)]
