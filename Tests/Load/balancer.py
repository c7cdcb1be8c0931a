"""HAProxy in front of two nodes, with the example's configuration, or with its retries left out."""

import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from descriptors import connections
from gateway import environment, fetch
from suite import same

CONFIGURATION = Path(__file__).resolve().parents[2] / "Examples" / "two-nodes" / "haproxy.cfg"
# Debian's place of it, which is not on everybody's PATH.
PROGRAM = "/usr/sbin/haproxy"
START_TIMEOUT_SECONDS = 20
STOP_TIMEOUT_SECONDS = 20
PAUSE_SECONDS = 0.05
# As the example says.
MOST_CONNECTIONS = 8000
# What has the balancer send a request again that failed.
RETRYING = ("retries ", "retry-on ", "option redispatch ")


@contextmanager
def balanced(folder: Path, port: int, nodes: list[int], retries: bool):
    """A balancer on a port, before two nodes that listen on these; its log."""
    file = folder / "haproxy.cfg"
    file.write_text(fitting(CONFIGURATION.read_text() if retries else without_retries()))
    settings = {"LISTEN": f"127.0.0.1:{port}"} | {
        f"NODE_{number}": f"127.0.0.1:{each}" for number, each in enumerate(nodes, start=1)}
    log_path = folder / "haproxy.log"
    with open(log_path, "wb") as log:
        process = subprocess.Popen(
            [PROGRAM, "-db", "-f", str(file)], env=environment(**settings),
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_until_ready(port, process, log_path)
        yield log_path
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def without_retries() -> str:
    """The example's configuration, but what fails once has failed."""
    lines = CONFIGURATION.read_text().splitlines()
    kept = [line for line in lines if not line.strip().startswith(RETRYING)]
    same(len(kept), len(lines) - len(RETRYING), "lines without those that retry")
    # HAProxy's own default is three times.
    return "\n".join(kept).replace("\ndefaults\n", "\ndefaults\n    retries 0\n") + "\n"


def fitting(text: str) -> str:
    """The configuration, with fewer connections where the system allows fewer files."""
    most = f"maxconn {MOST_CONNECTIONS}\n"
    same(text.count(most), 1, f"lines of {most.strip()}")
    # Each connection is one to a client and one to a node.
    return text.replace(most, f"maxconn {connections(2 * MOST_CONNECTIONS) // 2}\n")


def wait_until_ready(port: int, process: subprocess.Popen, log_path: Path) -> None:
    """Waits until a request reaches a node: any answer but the balancer's own 503."""
    end = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if fetch(f"http://127.0.0.1:{port}/v1/payment", b"{}")[0] == 401:
                return
        except OSError:
            pass  # It does not listen yet.
        time.sleep(PAUSE_SECONDS)
    raise RuntimeError(f"the balancer does not work: {log_path.read_text()[-2000:]}")
