"""Checks the books of a Kaunter installation without Kaunter: `kaunter ledger export` wrote them.

  python3 verify_ledger.py books.jsonl

Recomputes every seal from what it covers and from the seal before it, and holds the transfers to the
rules of double entry. Exit status: 0 if everything adds up, 1 if not, with each fault on a line.
"""

import hashlib
import json
import sys

FAULTS_SHOWN = 50
MERCHANTS = {"available", "hold", "rolling_reserve", "payouts_reserved"}


def word(value: object) -> str:
    """A number or a word as it is sealed; what is absent is a dash."""
    return "-" if value is None else str(value)


def measured(text: str) -> str:
    """A text with its length in bytes, so that none can be taken for two."""
    return f"{len(text.encode())}:{text}"


def sealed_text(item: dict) -> str:
    """The lines of an item over which its seal is taken."""
    if item["type"] == "act":
        fields = ("position", "id", "at", "approval", "act", "detail_sha256", "reason_sha256")
        return (f"act {' '.join(word(item[each]) for each in fields)} "
                f"{measured(item['operator'])} {measured(item['subject'])}\n")
    fields = ("position", "id", "reason", "cause", "phase", "pending", "subject", "day", "at")
    lines = f"transfer {' '.join(word(item[each]) for each in fields)}\n"
    for entry in item["entries"]:
        lines += (f"entry {entry['line']} {entry['account']} {entry['code']} {entry['sen']} "
                  f"{entry['owner']}\n")
    return lines


class Verifier:
    """Reads a ledger line by line and keeps what has to be known of what came before."""

    def __init__(self):
        self.faults: list[str] = []
        self.seal: dict | None = None
        self.hash = None
        self.previous = "-"
        self.position = 0
        self.entries = 0
        self.seals = self.transfers = self.acts = self.all_entries = 0
        self.ids: dict[str, set] = {"transfer": set(), "act": set()}
        self.happened: set[tuple] = set()
        self.pending: dict[int, tuple] = {}
        self.resolved: dict[int, tuple] = {}
        self.names: dict[int, tuple] = {}
        self.balances: dict[int, int] = {}

    def fault(self, words: str) -> None:
        """Something that is not as it must be."""
        self.faults.append(words)

    def take(self, item: dict) -> None:
        """The next line."""
        if item["type"] == "seal":
            self.close()
            self.open(item)
            return
        if self.seal is None:
            raise ValueError("the first line is no seal")
        self.hash.update(sealed_text(item).encode())
        self.position += 1
        name = f"{item['type']} {item['id']}"
        if item["position"] != self.position:
            self.fault(f"{name} stands at {item['position']}, and not at {self.position}")
        if item["id"] in self.ids[item["type"]]:
            self.fault(f"{name} is there twice")
        self.ids[item["type"]].add(item["id"])
        if item["type"] == "act":
            self.acts += 1
        else:
            self.transfer(item, name)

    def open(self, seal: dict) -> None:
        """Begins the seal that covers what follows."""
        if seal["number"] != self.seals + 1:
            self.fault(f"after seal {self.seals} comes seal {seal['number']}")
        if seal["first"] != self.position + 1:
            self.fault(f"seal {seal['number']} begins at {seal['first']}")
        self.seals += 1
        self.seal, self.entries = seal, 0
        head = f"seal {seal['number']} {seal['first']} {seal['last']} {seal['sealed_at']} "
        self.hash = hashlib.sha256((head + self.previous + "\n").encode())

    def close(self) -> None:
        """Holds a seal against what it covered."""
        if self.seal is None:
            return
        number = self.seal["number"]
        if self.seal["last"] != self.position:
            self.fault(f"seal {number} ends at {self.seal['last']}, and not at {self.position}")
        if self.seal["entries"] != self.entries:
            self.fault(f"seal {number} has {self.entries} entries, not {self.seal['entries']}")
        if self.seal["sha256"] != self.hash.hexdigest():
            self.fault(f"seal {number} is not that of what it covers")
        self.previous = self.seal["sha256"]

    def transfer(self, item: dict, name: str) -> None:
        """One transfer, by the rules of double entry."""
        self.transfers += 1
        lines = [entry["line"] for entry in item["entries"]]
        if lines != list(range(1, len(lines) + 1)) or len(lines) < 2:
            self.fault(f"{name} has the lines {lines}")
        if sum(entry["sen"] for entry in item["entries"]) != 0:
            self.fault(f"{name} does not sum to zero")
        if (item["reason"], item["cause"]) in self.happened:
            self.fault(f"{name}: {item['reason']} {item['cause']} is booked twice")
        self.happened.add((item["reason"], item["cause"]))
        if (item["at"] // 1_000_000 + 8 * 3600) // 86_400 != item["day"]:
            self.fault(f"{name} is not of day {item['day']}")
        self.phase(item, name)
        for entry in item["entries"]:
            self.entries += 1
            self.all_entries += 1
            self.entry(entry, name)

    def phase(self, item: dict, name: str) -> None:
        """Pending, then posted or voided, once."""
        if item["phase"] not in ("pending", "posted", "voided"):
            self.fault(f"{name} is {item['phase']}")
        if item["phase"] == "pending":
            self.pending[item["id"]] = (item["cause"],)
        if item["phase"] == "voided" and item["pending"] is None:
            self.fault(f"{name} voids nothing")
        if item["pending"] is not None:
            if item["pending"] in self.resolved:
                self.fault(f"{name} decides transfer {item['pending']} once more")
            self.resolved[item["pending"]] = (item["cause"], name)

    def entry(self, entry: dict, name: str) -> None:
        """One sum on one account."""
        account, known = entry["account"], (entry["owner"], entry["code"])
        if self.names.setdefault(account, known) != known:
            self.fault(f"{name}: account {account} has two names")
        if entry["sen"] == 0:
            self.fault(f"{name} has a line of nothing")
        self.balances[account] = self.balances.get(account, 0) + entry["sen"]

    def end(self) -> None:
        """What can be said once all was read."""
        self.close()
        for pending, (cause, name) in self.resolved.items():
            if self.pending.get(pending, (None,))[0] != cause:
                self.fault(f"{name} decides transfer {pending}, which is not its pending one")
        if sum(self.balances.values()) != 0:
            self.fault("all balances together are not zero")
        for account, sen in self.balances.items():
            owner, code = self.names[account]
            if code in MERCHANTS and sen < 0 or code == "receivable" and sen > 0:
                self.fault(f"{code} of {owner} is {sen} sen")


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit("usage: verify_ledger.py FILE")
    verifier = Verifier()
    try:
        with open(sys.argv[1], encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    verifier.take(json.loads(line))
                except (KeyError, TypeError, ValueError) as error:
                    verifier.fault(f"line {number} can't be read: {error!r}")
                    break
    except OSError as error:
        sys.exit(str(error))
    verifier.end()
    for fault in verifier.faults[:FAULTS_SHOWN]:
        print(fault, file=sys.stderr)
    if verifier.faults:
        print(f"{len(verifier.faults)} faults", file=sys.stderr)
        return 1
    print(f"{verifier.seals} seals, {verifier.transfers} transfers, {verifier.all_entries} entries "
          f"and {verifier.acts} acts: everything adds up")
    return 0


if __name__ == "__main__":
    sys.exit(main())
