"""The operators' documents, taken apart: their sections and the blocks of code in them."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
OPERATE = REPOSITORY / "docs" / "operate"


def sections(page: Path, level: int = 2) -> dict[str, str]:
    """The text below each heading of this level, down to the next one of it."""
    mark = "#" * level + " "
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in page.read_text().splitlines():
        if line.startswith(mark):
            lines = found.setdefault(line.removeprefix(mark).strip(), [])
        else:
            lines.append(line)
    return {heading: "\n".join(text) for heading, text in found.items()}


def blocks(text: str, language: str) -> list[str]:
    """The blocks of code in this language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def anchor(heading: str) -> str:
    """The name by which a link reaches a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


