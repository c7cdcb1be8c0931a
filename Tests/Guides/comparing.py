"""Compares what a guide shows with what really came. `…` in a guide stands for anything."""

import json
import re

from suite import expect


def fits(shown: str, real: str) -> bool:
    """Whether a text is as shown."""
    pattern = ".*".join(map(re.escape, shown.split("…")))
    return re.fullmatch(pattern, real, re.DOTALL) is not None


def compare_lines(shown: str, real: str) -> None:
    """Fails where the lines of an output are not the shown ones."""
    wanted, came = shown.splitlines(), real.replace("\r", "").splitlines()
    expect(len(wanted) == len(came), f"{len(wanted)} lines are shown, and these came: {came}")
    for one, other in zip(wanted, came):
        expect(fits(one, other), f"shown is {one!r}, and {other!r} came")


def last_json(output: str):
    """The last of the JSON values that stand in an output one behind the other."""
    decoder, value, at = json.JSONDecoder(), None, 0
    output = output.strip()
    expect(output != "", "there is no output to compare with")
    while at < len(output):
        value, at = decoder.raw_decode(output, at)
        at += len(output[at:]) - len(output[at:].lstrip())
    return value


def compare_json(shown, real, path: str = "$") -> None:
    """Fails where keys, their order, types, or texts differ. Numbers may be others."""
    expect(type(shown) is type(real), f"{path}: shown is {shown!r}, and {real!r} came")
    if isinstance(shown, dict):
        expect(list(shown) == list(real), f"{path}: shown are {list(shown)}, and {list(real)} came")
        for key, value in shown.items():
            compare_json(value, real[key], f"{path}.{key}")
    elif isinstance(shown, list):
        expect(len(shown) <= len(real), f"{path}: shown are {len(shown)}, and {len(real)} came")
        for index, value in enumerate(shown):
            compare_json(value, real[index], f"{path}[{index}]")
    elif isinstance(shown, str):
        expect(fits(shown, real), f"{path}: shown is {shown!r}, and {real!r} came")
    elif isinstance(shown, bool):
        expect(shown is real, f"{path}: shown is {shown}, and {real} came")
