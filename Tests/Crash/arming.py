"""How a server is armed with a crash point: only a sandbox, and only with a point that exists."""

import subprocess
from contextlib import contextmanager
from pathlib import Path

from gateway import environment, free_port
from house import command
from suite import Suite, expect, same

CONFIGURATION_ERROR = 78
# A server that takes what it should refuse goes on: it is ended then, and the case fails.
REFUSAL_TIMEOUT_SECONDS = 10


@contextmanager
def opening(binary: Path, folder: Path):
    yield binary, folder


suite = Suite("Crash points", opening)


def refuses(binary: Path, folder: Path, point: str, *options: object) -> None:
    """Checks that a server ends at once with a configuration error that names the variable."""
    arguments = [binary, "serve", "--data", folder, "--listen", f"127.0.0.1:{free_port()}",
                 "--json", *options]
    try:
        done = subprocess.run(
            [str(each) for each in arguments], env=environment(KAUNTER_CRASH_AT=point),
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=REFUSAL_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        raise AssertionError(f"the server serves, armed with {point!r}") from None
    same(done.returncode, CONFIGURATION_ERROR, f"exit code, with {done.stderr[-300:]!r}")
    expect("KAUNTER_CRASH_AT" in done.stdout, f"it says {done.stdout!r}")


@suite.table("a server refuses a crash point that is none: {}", [
    (each,) for each in (
        "nonsense", "commit", "commit.before:0", "commit.before:-1", "commit.before:x",
        "commit.before:", "commit.before:1:2", "commit.before:99999999999999999999",
        "COMMIT.BEFORE")])
def unknown(opened: tuple[Path, Path], point: str) -> None:
    binary, folder = opened
    refuses(binary, folder / "unmade", point, "--sandbox")
    expect(not (folder / "unmade").exists(), "a store was made")


@suite.case("a live server refuses every crash point")
def live(opened: tuple[Path, Path]) -> None:
    binary, folder = opened
    key = folder / "master.key"
    same(command(binary, "keys", "master", "--out", key).code, 0, "exit code of keys master")
    refuses(binary, folder / "live", "commit.before", "--master-key", key)
