"""Walks through the payer's pages with a real browser, as a payer with a small phone would.

  python3 Tests/Browser/run.py --kaunter .build/debug/kaunter [--only qr_code]
                               [--photographs FOLDER]

Each case runs with scripts and without. Every page is checked in light and in dark: contrast,
names of controls, width, the browser's console. With --photographs pictures of the main pages are
taken instead, for the documents. Exit status: 0 if every case passed, 1 if not.
"""

import argparse
import signal
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

# The examples' way to start a gateway is ours too.
sys.path.append(str(Path(__file__).resolve().parents[1] / "Examples"))

from cases import (
    CASES, HARD_NAMES, WITH_SCRIPTS_ONLY, Visit, hard_texts, returned_by_link,
)
from gateway import Gateway
from phone import Phone
from photographs import photograph
from shop import Merchant, Shop


class Report:
    """Counts the cases and prints a line for each."""

    def __init__(self, only: str | None):
        self.passed = 0
        self.failed = 0
        self._only = only

    def case(self, act, visit: Visit, about: str = "") -> None:
        """Runs one case, if it is wanted; whatever goes wrong in it, it failed."""
        if self._only not in (None, act.__name__):
            return
        scripts = "with scripts" if visit.phone.scripts else "without scripts"
        name = f"{act.__name__.replace('_', ' ')}{about}, {scripts}"
        try:
            act(visit)
        except Exception as error:
            self.failed += 1
            print(f"FAILED  {name}: {type(error).__name__}: {error}", flush=True)
        else:
            self.passed += 1
            print(f"passed  {name}", flush=True)
        finally:
            visit.phone.close_tabs()
            visit.phone.darken(False)
            visit.phone.complaints()


def prove(gateway: Gateway, folder: Path, report: Report) -> None:
    """All cases, on one phone that runs scripts and on one that does not."""
    for scripts in (True, False):
        with ExitStack() as opened:
            phone = opened.enter_context(Phone(folder / f"phone-{scripts}", scripts))

            def visit(name: str, redirect_method: str = "post") -> Visit:
                merchant = Merchant.made(gateway, name, folder, redirect_method)
                shop = opened.enter_context(closing(Shop(gateway, merchant)))
                return Visit(gateway, shop, phone, folder)

            usual = visit("Kedai Ujian")
            for act in CASES + (WITH_SCRIPTS_ONLY if scripts else []):
                report.case(act, usual)
            report.case(returned_by_link, visit("Kedai Pautan", "get"))
            for number, name in enumerate(HARD_NAMES, 1):
                report.case(hard_texts, visit(name), f" {number}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Walks through the payer's pages.")
    parser.add_argument("--kaunter", type=Path, required=True, help="the kaunter binary")
    parser.add_argument("--only", help="one case alone")
    parser.add_argument("--photographs", type=Path, help="take pictures into this folder instead")
    options = parser.parse_args()

    # A polite end from outside must not leave anything running: leave through `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report = Report(options.only)
    # What the browser still writes while it ends must not spoil the end of the run.
    with tempfile.TemporaryDirectory(
            prefix="kaunter-browser-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        gateway = Gateway(options.kaunter.resolve(), folder)
        try:
            gateway.start()
            if options.photographs:
                photograph(gateway, folder, options.photographs)
            else:
                prove(gateway, folder, report)
                if report.passed + report.failed == 0:
                    raise LookupError(f"there is no case {options.only}")
        except Exception as error:
            report.failed += 1
            print(f"FAILED  the run: {type(error).__name__}: {error}")
        finally:
            gateway.stop()
            if report.failed:
                print(f"The server's log ends with:\n{gateway.log_tail()}")
    print(f"Browser: {report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
