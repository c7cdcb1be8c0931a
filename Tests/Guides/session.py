"""A reader's session with one guide: a folder, a shell, and what goes on running in it.

What a guide names, and what stands for it here, so that many sessions fit on one machine:

  8080, 9000                    free ports of this machine: the gateway's, which is added to
                                `kaunter serve` by --listen, and the receiver's; the shop's where
                                the page has no receiver
  https://shop.example          the suite's shop, which keeps what it is told in notify.log
  …/notify?type=payment&…       with the query of the notification that came there last
  UUID                          the account that `kaunter merchant create` printed last
  PAYMENT-UUID                  the payment whose link, or uuid, was printed last
  kaunter                       the binary under test, first on PATH
  swift run NAME                the program compiled from the guide's block, see swift_programs.py
"""

import os
import re
import subprocess
from pathlib import Path

from blocks import Block
from gateway import environment, fetch, free_port
from shop import Shop
from suite import expect
from terminal import Terminal

COMMAND_TIMEOUT_SECONDS = 120
START_TIMEOUT_SECONDS = 60

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

# Every block is a shell of its own; what was exported before is exported again.
PRELUDE = """\
set -euo pipefail
swift() { test "$1" = run && "$GUIDE_PROGRAMS/$2"; }
if test -f "$GUIDE_STATE"; then source "$GUIDE_STATE"; fi
trap 'export -p >"$GUIDE_STATE"' EXIT
"""


class Session:
    """A context: leaving it ends everything that was started."""

    def __init__(self, binary: Path, folder: Path, has_receiver: bool):
        self.work = folder / "shop"
        self.programs = folder / "bin"
        self.work.mkdir(parents=True)
        self.programs.mkdir()
        (self.programs / "kaunter").symlink_to(binary)
        self.shop = Shop(self.work / "notify.log")
        self.gateway_port = free_port()
        self.receiver_port = free_port() if has_receiver else self.shop.port
        self.gateway = f"http://127.0.0.1:{self.gateway_port}"
        self.receiver = f"http://127.0.0.1:{self.receiver_port}"
        self.output = ""
        self.running: list[tuple[Block, Terminal]] = []
        self._account = self._payment = ""
        self._environment = environment(
            PATH=f"{self.programs}:{os.environ['PATH']}", GUIDE_PROGRAMS=self.programs,
            GUIDE_STATE=folder / "state")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for _, terminal in reversed(self.running):
            terminal.stop()
        self.shop.close()

    def fill(self, text: str) -> str:
        """The text with everything in it that a guide's names stand for."""
        if "?type=payment&…" in text:
            last = self.shop.last or self.shop.next()
            text = text.replace("/notify?type=payment&…", last.target)
        text = text.replace("https://shop.example", self.shop.url)
        text = text.replace("PAYMENT-UUID", self._payment)
        text = re.sub(r"\bUUID\b", self._account, text)
        text = re.sub(r"\b8080\b", str(self.gateway_port), text)
        return re.sub(r"\b9000\b", str(self.receiver_port), text)

    def save(self, block: Block) -> None:
        """Saves a program as its reader does."""
        path = self.work / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.fill(block.text))

    def command(self, text: str) -> str:
        """Runs a command line of the suite's own in the same shell; gives what it printed."""
        done = subprocess.run(
            ["bash", "-c", PRELUDE + self.fill(text)], cwd=self.work, env=self._environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=COMMAND_TIMEOUT_SECONDS)
        expect(done.returncode == 0,
               f"exit status {done.returncode}: {done.stdout.strip()} {done.stderr.strip()}")
        return done.stdout

    def run(self, block: Block) -> None:
        """Runs the lines of a block; all of them must succeed."""
        self.output = ""  # What failed leaves nothing to compare with.
        self.output = self.command(block.text)
        payments = re.findall(rf"{self.gateway}/({UUID})|\"uuid\":\"({UUID})\"", self.output)
        if payments:
            self._payment = payments[-1][0] or payments[-1][1]
        accounts = re.findall(rf"account\W+({UUID})", self.output)
        if accounts and "merchant create" in block.text:
            self._account = accounts[-1]

    def run_without_gateway(self, block: Block) -> None:
        """Runs a block while the gateway is stopped, and starts it again."""
        serving = next(each for each in self.running if "kaunter serve" in each[0].text)
        self.running.remove(serving)
        serving[1].stop()
        self.run(block)
        self.start(serving[0])

    def start(self, block: Block) -> None:
        """Starts what goes on running, and waits until it can be used."""
        text = block.text
        if text.startswith("kaunter serve"):
            # The port is the default's in the guide; here it has to be named.
            text = text.rstrip() + " --listen 127.0.0.1:8080"
        terminal = Terminal(
            ["bash", "-c", PRELUDE + self.fill(text)], self.work, self._environment)
        self.running.append((block, terminal))
        terminal.wait(lambda: self._is_ready(block, terminal), "it was ready",
                      START_TIMEOUT_SECONDS)

    def last_terminal(self) -> Terminal:
        """What was started last."""
        return self.running[-1][1]

    def _is_ready(self, block: Block, terminal: Terminal) -> bool:
        if "kaunter listen" in block.text:
            return "Forwarding to" in terminal.output
        address = f"{self.gateway}/readyz" if "kaunter serve" in block.text else self.receiver
        try:
            return fetch(address)[0] in (200, 400, 404)
        except OSError:
            return False
