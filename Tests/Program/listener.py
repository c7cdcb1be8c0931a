"""Listens on port 443 of every address, and writes down who was called and what came.

  listener.py FOLDER    with the certificates, where `record` is written; see targets.py
"""

import json
import socket
import ssl
import sys
import threading
import time
from pathlib import Path

FOLDER = Path(sys.argv[1])
CERTIFICATES = {f"{name}.example": name for name in ("wrong", "expired", "self", "stranger")}
CONNECTION_SECONDS = 40
MUCH_BYTES = 64_000_000
WRITING = threading.Lock()


def context(name: str) -> ssl.SSLContext:
    """A server's side of TLS with this certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(FOLDER / f"{name}.crt", FOLDER / f"{name}.key")
    return made


def choosing() -> tuple[ssl.SSLContext, dict]:
    """A context that takes the certificate of the name that is asked for."""
    contexts = {name: context(file) for name, file in CERTIFICATES.items()}
    names = {}

    def choose(connection: ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        names[connection] = name or ""
        if name in contexts:
            connection.context = contexts[name]

    first = context("good")
    first.sni_callback = choose
    return first, names


FIRST, NAMES = choosing()


def answer(connection: ssl.SSLSocket, name: str) -> int:
    """Answers as the name says; gives the bytes that were written."""
    if name == "hang.example":
        time.sleep(CONNECTION_SECONDS)
        return 0
    if name == "drip.example":
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for _ in range(CONNECTION_SECONDS * 5):
            connection.sendall(b"X: y\r\n")
            time.sleep(0.2)
        return 0
    if name == "much.example":
        connection.sendall(
            f"HTTP/1.1 200 OK\r\nContent-Length: {MUCH_BYTES}\r\n\r\n".encode())
        written = 0
        try:
            while written < MUCH_BYTES:
                written += connection.send(b"x" * 16_384)
        except OSError:
            pass  # The other side has enough.
        return written
    if name == "moved.example":
        place = (FOLDER / "location").read_text()
        connection.sendall(
            f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode())
        return 0
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    return 0


def serve(raw: socket.socket) -> None:
    """One connection, and its line in the record."""
    heard = {"address": raw.getsockname()[0].removeprefix("::ffff:"), "request": "",
             "written": 0}
    raw.settimeout(CONNECTION_SECONDS)
    name = ""
    try:
        with FIRST.wrap_socket(raw, server_side=True) as connection:
            name = NAMES.pop(connection, "")
            heard["request"] = connection.recv(65_536).decode(errors="replace")
            if name in ("hang.example", "drip.example"):
                write(heard)
            heard["written"] = answer(connection, name)
    except OSError:
        pass  # The other side did not want it, or went away.
    if name not in ("hang.example", "drip.example"):
        write(heard)


def write(heard: dict) -> None:
    """Adds a line to the record."""
    with WRITING, open(FOLDER / "record", "a") as record:
        record.write(json.dumps(heard) + "\n")


def main() -> None:
    with socket.create_server(("::", 443), family=socket.AF_INET6, dualstack_ipv6=True,
                              backlog=64) as listener:
        print("ready", flush=True)
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


main()
