"""A Containerfile, taken apart: its stages, and the instructions in each."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Stage:
    """A stage: the image it begins with, its name, and its instructions in their order."""

    base: str
    name: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        """The arguments of each instruction of this kind."""
        return [arguments for each, arguments in self.instructions if each == word]

    def one(self, word: str) -> str:
        """The arguments of the one instruction of this kind."""
        found = self.all(word)
        if len(found) != 1:
            raise AssertionError(f"{self.name or 'the last stage'} has {len(found)} {word}")
        return found[0]

    def packages(self) -> set[str]:
        """What is installed with apt-get."""
        found: set[str] = set()
        for line in self.all("RUN"):
            for command in line.split("&&"):
                words = shlex.split(command)
                if words[:2] == ["apt-get", "install"]:
                    found |= {each for each in words[2:] if not each.startswith("-")}
        return found


def read(file: Path) -> list[Stage]:
    """The stages of a file; its build arguments are put in their places."""
    lines = [each for each in file.read_text().splitlines() if not each.startswith("#")]
    stages: list[Stage] = []
    settings: dict[str, str] = {}
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if not line.strip():
            continue
        word, _, arguments = line.partition(" ")
        arguments = arguments.strip()
        if word == "ARG" and not stages:
            name, _, value = arguments.partition("=")
            settings[name] = value
        elif word == "FROM":
            base, _, name = arguments.partition(" AS ")
            stages.append(Stage(re.sub(r"\$\{(\w+)\}", lambda at: settings[at[1]], base), name))
        else:
            stages[-1].instructions.append((word, arguments))
    return stages


def exec_form(arguments: str) -> list[str]:
    """The words of a command in exec form; any other form is a failure."""
    value = json.loads(arguments)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise AssertionError(f"{arguments} is not in exec form")
    return value
