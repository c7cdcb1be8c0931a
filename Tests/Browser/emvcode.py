"""Reads a QR symbol as a payer's app would, and checks that it is a sound EMV code."""

import subprocess
from pathlib import Path

READ_TIMEOUT_SECONDS = 60
CHECKSUM_TAG = "63"


def scanned(picture: Path) -> str:
    """The text of the one QR symbol in a picture."""
    done = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "--oneshot", "-Sdisable", "-Sqrcode.enable", picture],
        capture_output=True, text=True, timeout=READ_TIMEOUT_SECONDS)
    if done.returncode != 0:
        raise AssertionError(f"no symbol could be read: {done.stderr.strip()}")
    return done.stdout.removesuffix("\n")


def emv_fields(text: str) -> dict[str, str]:
    """The fields of an EMV merchant-presented code by their tags; raises if it is not sound."""
    fields = {}
    rest = text
    while rest:
        tag, length, rest = rest[:2], rest[2:4], rest[4:]
        if not (tag + length).isdigit() or len(tag + length) != 4 or len(rest) < int(length):
            raise AssertionError(f"the code ends within the field {tag!r}")
        if tag in fields:
            raise AssertionError(f"the field {tag} comes twice")
        fields[tag], rest = rest[:int(length)], rest[int(length):]
    if list(fields)[-1] != CHECKSUM_TAG:
        raise AssertionError("the checksum is not the last field")
    expected = f"{checksum(text[:-4].encode()):04X}"
    if fields[CHECKSUM_TAG] != expected:
        raise AssertionError(f"the checksum is {fields[CHECKSUM_TAG]}, and should be {expected}")
    return fields


def checksum(data: bytes) -> int:
    """CRC-16 with the polynomial 0x1021, from 0xFFFF (EMV QR code specification, field 63)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
