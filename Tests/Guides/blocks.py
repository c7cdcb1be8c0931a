"""The fenced blocks of the guides: what is in them, and what the words behind the language say."""

import re
from dataclasses import dataclass
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"

# What every other guide goes on from: it makes the gateway, the account and the keys.
FIRST = "first-payment.md"

LANGUAGES = ("php", "js", "python", "ruby", "java", "swift")

FENCE = re.compile(r"\s*```")
FILE_NAME = re.compile(r"[A-Za-z][A-Za-z/-]*\.[a-z]+")


@dataclass(frozen=True)
class Block:
    """One fenced block. `kind` is its first word, `role` what stands behind that."""

    page: str
    line: int
    kind: str
    role: str
    text: str

    @property
    def name(self) -> str:
        """How a case calls it."""
        return f"{self.page}:{self.line} {self.kind} {self.role}".strip()

    @property
    def file(self) -> str | None:
        """The file into which a reader saves it, if it is one."""
        is_program = self.kind in LANGUAGES or self.kind == "sh"
        return self.role if is_program and FILE_NAME.fullmatch(self.role) else None


def blocks_of(page: Path) -> list[Block]:
    """All blocks of a page, in order. A fence that is not closed, or has no word, is an error."""
    found = []
    start, words, lines = 0, "", []
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if not FENCE.match(line):
            lines.append(line)
        elif start == 0:
            start, words, lines = number, line.strip().removeprefix("```"), []
        else:
            kind, _, role = words.partition(" ")
            found.append(Block(page.name, start, kind, role, "\n".join(lines) + "\n"))
            start = 0
    if start != 0:
        raise ValueError(f"{page.name}:{start}: the block is not closed")
    return found


def pages() -> list[Path]:
    """All guides, the first payment first."""
    return sorted(GUIDE.glob("*.md"), key=lambda page: (page.name != FIRST, page.name))
