"""Two nodes behind HAProxy, as the example has them: linted, walked through, and hurt."""

import json
import os
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from documents import REPOSITORY, blocks, sections
from gateway import environment, fetch, free_port
from house import House, closing, new_database
from merchant import Merchant
from suite import Suite, expect, same

EXAMPLE = REPOSITORY / "Examples" / "two-nodes"
CONFIGURATION = EXAMPLE / "haproxy.cfg"
WALK_TIMEOUT_SECONDS = 120
READY_TIMEOUT_SECONDS = 15
CREATES = 120
THREADS = 6


@contextmanager
def opening(binary: Path, folder: Path):
    """Two nodes on one database, each a house, and the balancer as a third without a server."""
    with ExitStack() as stack:
        url = stack.enter_context(new_database())
        key = folder / "master.key"
        nodes = []
        for name in ("node-1", "node-2"):
            place = folder / name
            place.mkdir()
            node = stack.enter_context(closing(House(binary, place, url)))
            if not nodes:
                node.must("keys", "master", "--out", key)
            node.store += ["--master-key", key]
            node.start()
            nodes.append(node)
        front = House(binary, folder, url)
        front.store += ["--master-key", key]
        front.nodes = nodes
        process = subprocess.Popen(
            ["haproxy", "-db", "-f", CONFIGURATION], env=settings(front),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(
                folder / "haproxy.log", "wb"))
        stack.callback(stop, process)
        wait_for_answers(front)
        front.shop = Merchant(front)
        yield front


suite = Suite("Two nodes behind HAProxy", opening)


def settings(front: House) -> dict[str, str]:
    """The environment of the example's balancer."""
    return environment(LISTEN=f"127.0.0.1:{front.port}",
                       NODE_1=f"127.0.0.1:{front.nodes[0].port}",
                       NODE_2=f"127.0.0.1:{front.nodes[1].port}")


def stop(process: subprocess.Popen) -> None:
    """Ends a process that we started."""
    process.kill()
    process.wait()


def wait_for_answers(front: House) -> None:
    """Waits until the balancer has found a node."""
    end = time.monotonic() + READY_TIMEOUT_SECONDS
    while time.monotonic() < end:
        try:
            if fetch(f"{front.url}/")[0] == 404:
                return
        except OSError:
            pass  # It does not listen yet.
        time.sleep(0.1)
    raise AssertionError("the balancer finds no node")


def checked(text: str, folder: Path, front: House) -> None:
    """Has HAProxy check a configuration; a warning is a failure."""
    file = folder / "checked.cfg"
    file.write_text(text)
    done = subprocess.run(["haproxy", "-c", "-f", file], env=settings(front), capture_output=True,
                          text=True, timeout=WALK_TIMEOUT_SECONDS)
    same((done.returncode, done.stderr), (0, ""), "what HAProxy says of its configuration")


@suite.case("HAProxy finds no fault in the configuration, with TLS and the limit neither")
def linted(front: House) -> None:
    text = CONFIGURATION.read_text()
    checked(text, front.folder, front)
    pem = front.folder / "pay.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj",
                    "/CN=pay.example.my", "-keyout", pem, "-out", front.folder / "pay.crt"],
                   check=True, capture_output=True, timeout=WALK_TIMEOUT_SECONDS)
    pem.write_bytes(pem.read_bytes() + (front.folder / "pay.crt").read_bytes())
    plain = '    bind "${LISTEN}"\n'
    secure = '# bind "${LISTEN}" ssl crt /etc/haproxy/pay.pem'
    expect(plain in text and secure in text, "the lines to change are not there")
    text = text.replace(plain, "").replace(secure, secure[2:].replace(
        "/etc/haproxy/pay.pem", str(pem)))
    limit, = blocks((EXAMPLE / "README.md").read_text(), "haproxy")
    checked(text.replace("    default_backend", f"{limit}    default_backend"), front.folder, front)


@suite.case("a node drains longer than the balancer needs to see it, and keys are shared")
def agreed(front: House) -> None:
    checks = CONFIGURATION.read_text()
    expect("inter 500ms fall 2" in checks, "the checks' pace is another one")
    for name in ("node-1.json", "node-2.json"):
        node = json.loads((EXAMPLE / name).read_text())
        expect(node["listen"]["drain_seconds"] > 2 * 0.5 + 1, "the drain is too short")
        same(node["keys"]["master_key_file"], "./master.key", "the key's file")


@suite.case("both nodes take calls, and twins that go through the balancer get one answer")
def shared(front: House) -> None:
    body = json.dumps(front.shop.order()).encode()
    headers = front.shop.headers(body)
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda _: front.ask("POST", "/v1/payment", body, headers),
                                range(20)))
    same({each.status for each in answers}, {200}, "statuses")
    same(len({each.body for each in answers}), 1, "different answers")
    for node in front.nodes:
        text = fetch(f"{node.url}/metrics")[1]
        expect('route="/v1/payment",method="POST",code="200"' in text, "a node took no call")


@suite.case("what is for the operator is not shown through the balancer")
def private(front: House) -> None:
    same([front.ask("GET", path).status for path in ("/metrics", "/healthz", "/readyz")],
         [404] * 3, "statuses")


@suite.case("a node that is killed costs a merchant no call")
def killed(front: House) -> None:
    orders = [json.dumps(front.shop.order()).encode() for _ in range(CREATES)]
    with ThreadPoolExecutor(THREADS) as pool:
        signed = list(pool.map(lambda body: (body, front.shop.headers(body)), orders))
    timer = threading.Timer(0.2, lambda: front.nodes[0].process.kill())
    timer.start()
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda call: front.ask("POST", "/v1/payment", *call), signed))
    timer.join()
    front.nodes[0].process.wait()
    log = (front.folder / "haproxy.log").read_text()
    same([each.status for each in answers if each.status != 200], [],
         f"calls that failed, where HAProxy ends its log with {log[-600:]}")
    same(len({each.value()["id"] for each in answers}), CREATES, "payments")
    again = [front.ask("POST", "/v1/payment", *call).body for call in signed[::10]]
    same(again, [each.body for each in answers[::10]], "answers to repeats")
    front.nodes[0].end()
    front.nodes[0].start()


@suite.case("the README's commands work as they stand")
def walked(front: House) -> None:
    place = front.folder / "walk"
    shutil.copytree(EXAMPLE, place)
    (place / "bin").mkdir()
    (place / "bin" / "kaunter").symlink_to(front.binary)
    steps = [block for text in sections(EXAMPLE / "README.md").values()
             for block in blocks(text, "sh")]
    expect(len(steps) >= 6, f"there are {len(steps)} blocks")
    expect("export KAUNTER_DATABASE_URL" in steps[0], "the first block names no database")
    # A network of its own, so that the README's ports are free; what it leaves is ended with it.
    script = "ip link set lo up\n" + "".join(steps[1:]) + "wait\necho walked\n"
    with new_database() as url:
        done = subprocess.run(
            ["unshare", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]), "--net",
             "--pid", "--mount-proc", "--fork", "--kill-child", "bash", "-euo", "pipefail", "-c",
             script],
            cwd=place, env=environment(KAUNTER_DATABASE_URL=url, PATH=f"{place / 'bin'}:"
                                       f"{os.environ['PATH']}:/usr/sbin"),
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=WALK_TIMEOUT_SECONDS)
    expect(done.stdout.endswith("walked\n"), f"it said {done.stdout[-600:]}{done.stderr[-1500:]}")
    same(done.stdout.count('{"status":"ready"}'), 3, "probes that found a node ready")
    same(done.stdout.count("http://127.0.0.1:8080/"), 3, "links to payments")
