"""Where a live gateway connects to: every address of the internet is this machine, so all is heard.

In a network namespace of its own each IPv4 and IPv6 address leads to one listener, which speaks TLS
with certificates that openssl made. Names are in a hosts file, and the certificates' authority is
in the place of the system's. Without namespaces the suite is skipped, or fails where
KAUNTER_REQUIRE_NAMESPACES=1.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from gateway import environment
from house import COMMAND_TIMEOUT_SECONDS, House, closing, command
from merchant import openssl
from operators import TODAY
from suite import Skipped, Suite, expect, same

VECTORS = Path(__file__).resolve().parents[1] / "Vectors"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
# Where a server of another TLS version listens.
OLD_PORT = 8443
BODY = {"id": 1, "order_id": "o-1", "payment_status": "paid", "amount": "1.00",
        "payment_amount": "1.00"}
HOSTS = """127.0.0.1 localhost loop.example
::1 localhost
8.8.8.8 shop.example wrong.example expired.example self.example stranger.example
8.8.8.8 hang.example drip.example much.example moved.example
8.8.8.8 mixed.example
10.0.0.1 mixed.example private.example
169.254.169.254 metadata.google.internal
"""
NEST = ("mount --make-rprivate / && ip link set lo up && ip route add local 0.0.0.0/0 dev lo"
        " && ip -6 route add local ::/0 dev lo && mount --bind \"$1\" /etc/hosts"
        " && mount --bind \"$2\" " + str(AUTHORITIES) + " && echo ready && exec sleep 3600")


def nested(*words: object) -> list[str]:
    """A command line that runs in namespaces of its own."""
    whose = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *whose, "--mount", "--net", *map(str, words)]


def self_signed(folder: Path, name: str, subject: str, *options: object) -> None:
    """A key and a certificate of this name in the folder."""
    openssl("req", "-x509", "-newkey", "rsa:2048", "-noenc", "-keyout", folder / f"{name}.key",
            "-out", folder / f"{name}.crt", "-subj", f"/CN={subject}", *options)


def authorities(folder: Path) -> None:
    """An authority that is trusted, `ca`, and one that is not."""
    for name in ("ca", "stranger-ca"):
        self_signed(folder, name, name, "-days", "2", "-addext", "keyUsage=critical,keyCertSign")


def leaf(folder: Path, name: str, names: str, ca: str = "ca") -> None:
    """A certificate for these names, by an authority."""
    self_signed(folder, name, name, "-days", "2", "-CA", folder / f"{ca}.crt",
                "-CAkey", folder / f"{ca}.key", "-addext", f"subjectAltName={names}",
                "-addext", "basicConstraints=critical,CA:FALSE")


def expired(folder: Path, name: str, names: str) -> None:
    """A certificate whose time was over yesterday."""
    openssl("req", "-new", "-newkey", "rsa:2048", "-noenc", "-keyout", folder / f"{name}.key",
            "-out", folder / f"{name}.csr", "-subj", f"/CN={name}", "-addext",
            f"subjectAltName={names}")
    openssl("x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / "ca.crt", "-CAkey",
            folder / "ca.key", "-days", "-1", "-copy_extensions", "copy", "-out",
            folder / f"{name}.crt")


def certificates(folder: Path) -> None:
    """An authority, and for each name a certificate that is good, or wrong in one way."""
    authorities(folder)
    good = ",".join(f"DNS:{name}.example" for name in
                    ("shop", "hang", "drip", "much", "moved", "mixed", "private", "loop"))
    leaf(folder, "good", good + ",IP:8.8.8.8,IP:2606:4700::1111")
    leaf(folder, "wrong", "DNS:other.example")
    expired(folder, "expired", "DNS:expired.example")
    leaf(folder, "stranger", "DNS:stranger.example", "stranger-ca")
    self_signed(folder, "self", "self.example", "-days", "2", "-addext",
                "subjectAltName=DNS:self.example")


@contextmanager
def namespaces(folder: Path):
    """The holder of the namespaces; its end is their end."""
    hosts = folder / "hosts"
    hosts.write_text(HOSTS)
    words = nested("sh", "-c", NEST, "nest", hosts, folder / "ca.crt")
    try:
        holder = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        yield lacking(str(error))
        return
    try:
        if holder.stdout.readline() != "ready\n":
            lacking(holder.stderr.read())
        yield holder.pid
    finally:
        holder.kill()
        holder.communicate()


def lacking(why: str) -> None:
    """There are no namespaces here."""
    if os.environ.get("KAUNTER_REQUIRE_NAMESPACES") == "1":
        raise RuntimeError(f"namespaces are required: {why}")
    raise Skipped(f"there are no namespaces here: {why.strip()}")


class NestedHouse(House):
    """A house whose commands and server run in the namespaces."""

    def enter(self, pid: int) -> None:
        """From here on everything runs there."""
        whose = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        self.way = ["nsenter", "--target", pid, *whose, "--mount", "--net", "--"]

    def run(self, *words: object, **settings: object) -> subprocess.CompletedProcess:
        """Runs a command there, on this store."""
        all_words = [*self.way, self.binary, *words, *self.store, "--json"]
        return subprocess.run([str(each) for each in all_words], env=environment(**settings),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=COMMAND_TIMEOUT_SECONDS)

    def send(self, to: str) -> dict:
        """Has two operators send a notification there; gives the answer."""
        asked = self.run("send", "--account", self.account, "--to", to, "--file",
                         self.folder / "body.json", "--reason", "test",
                         KAUNTER_OPERATOR_TOKEN=self.tokens["siti"])
        value = json.loads(asked.stdout)
        if "approval" not in value:
            return value
        done = self.run("approvals", "approve", "--approval", value["approval"],
                        KAUNTER_OPERATOR_TOKEN=self.tokens["ravi"])
        return json.loads(done.stdout)

    def heard(self) -> list[dict]:
        """The connections since the last look: the address that was called, and what came."""
        time.sleep(0.2)  # The listener writes after the caller has its answer.
        lines = self.record.read_text().splitlines()
        new, self.seen = lines[self.seen:], len(lines)
        return [json.loads(line) for line in new]


@contextmanager
def opening(binary: Path, folder: Path):
    certificates(folder)
    key = folder / "master.key"
    same(command(binary, "keys", "master", "--out", key).code, 0, "exit code of keys master")
    with namespaces(folder) as pid, closing(NestedHouse(binary, folder)) as house:
        house.enter(pid)
        house.store += ["--master-key", key]
        house.record, house.seen = folder / "record", 0
        house.record.touch()
        (folder / "body.json").write_text(json.dumps(BODY))
        listener = subprocess.Popen(
            [str(each) for each in (*house.way, sys.executable,
                                    Path(__file__).with_name("listener.py"), folder)],
            stdout=subprocess.PIPE, text=True)
        try:
            expect(listener.stdout.readline() == "ready\n", "the listener did not start")
            same(house.run("migrate").returncode, 0, "exit code of migrate")
            made = json.loads(house.run("merchant", "create", "--name", "Kedai").stdout)
            house.account, house.tokens = made["account"], {}
            for name, who in (("siti", None), ("ravi", "siti")):
                settings = {"KAUNTER_OPERATOR_TOKEN": house.tokens[who]} if who else {}
                added = house.run("operator", "add", "--name", name, "--reason", "x", **settings)
                house.tokens[name] = json.loads(added.stdout)["credential"]
            yield house
        finally:
            listener.kill()
            listener.communicate()


suite = Suite("Where a live gateway connects to", opening)


@suite.table("a good target is asked, and heard: {}", [
    ("https://shop.example/notify?a=b", "8.8.8.8"), ("https://8.8.8.8/", "8.8.8.8"),
    ("https://SHOP.example/", "8.8.8.8"), ("https://[2606:4700::1111]/", "2606:4700::1111"),
])
def good(house: NestedHouse, to: str, address: str) -> None:
    same(house.send(to)["accepted"], True, "accepted")
    heard = house.heard()
    same([(each["address"], each["request"].split()[0]) for each in heard], [(address, "GET")],
         "what was heard")
    expect("&sign=" in heard[0]["request"], "there is no signature in it")


@suite.table("a certificate that is {} is refused, and the listener gets no request", [
    ("for another name", "wrong"), ("expired", "expired"), ("self-signed", "self"),
    ("of an unknown authority", "stranger"),
])
def certificate(house: NestedHouse, _: str, name: str) -> None:
    value = house.send(f"https://{name}.example/notify")
    same((value["accepted"], value["fault"]), (False, "unreachable"), "answer")
    heard = house.heard()
    same([each["address"] for each in heard], ["8.8.8.8"], "connections")
    same([each["request"] for each in heard], [""], "requests")


@contextmanager
def speaking(house: NestedHouse, version: str):
    """A server of openssl's that speaks this version of TLS alone, on a port of its own."""
    server = subprocess.Popen(
        [str(each) for each in (
            *house.way, "openssl", "s_server", "-accept", OLD_PORT, f"-{version}", "-cipher",
            "DEFAULT@SECLEVEL=0", "-www", "-cert", house.folder / "good.crt", "-key",
            house.folder / "good.key")],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for line in server.stdout:
            if line.startswith("ACCEPT"):
                break
        yield
    finally:
        server.kill()
        server.communicate()


@suite.table("a server that speaks {} alone is asked, or is not if that is old", [
    ("TLS 1.3", "asked", "tls1_3"), ("TLS 1.2", "asked", "tls1_2"),
    ("TLS 1.1", "not asked", "tls1_1"), ("TLS 1.0", "not asked", "tls1"),
])
def versions(house: NestedHouse, _: str, wanted: str, version: str) -> None:
    with speaking(house, version):
        # That it speaks at all is seen by one who takes old versions.
        seen = subprocess.run(
            [str(each) for each in (
                *house.way, "openssl", "s_client", "-connect", f"8.8.8.8:{OLD_PORT}",
                f"-{version}", "-cipher", "DEFAULT@SECLEVEL=0", "-brief")],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=COMMAND_TIMEOUT_SECONDS)
        expect("CONNECTION ESTABLISHED" in seen.stderr, f"openssl can't: {seen.stderr}")
        value = house.send(f"https://shop.example:{OLD_PORT}/notify")
    if wanted == "asked":
        same(value["accepted"], True, "accepted")
    else:
        same((value["accepted"], value["fault"]), (False, "unreachable"), "answer")


@suite.case("a redirect to this machine, or to a private one, is not followed")
def moved(house: NestedHouse) -> None:
    for place in ("https://127.0.0.1/", "https://10.0.0.1/", "https://private.example/",
                  "http://169.254.169.254/latest/meta-data/", "//127.0.0.1/"):
        (house.folder / "location").write_text(place)
        value = house.send("https://moved.example/")
        same((value["accepted"], value["code"]), (False, 302), "answer")
        same([each["address"] for each in house.heard()], ["8.8.8.8"], f"connections for {place}")


@suite.table("a server that {} ends a try by its time limit", [
    ("hangs", "hang"), ("drips", "drip"),
])
def slow(house: NestedHouse, _: str, name: str) -> None:
    value = house.send(f"https://{name}.example/")
    same((value["accepted"], value["fault"]), (False, "timeout"), "answer")
    house.heard()


@suite.case("of an answer of 64 MB no more is taken than the system's buffers hold")
def much(house: NestedHouse) -> None:
    same(house.send("https://much.example/")["accepted"], True, "accepted")
    [heard] = house.heard()
    expect(heard["written"] < 32_000_000, f"{heard['written']} bytes were taken")


@suite.case("a name that leads inside from the second look on is asked once")
def rebinding(house: NestedHouse) -> None:
    hosts = house.folder / "hosts"
    same(house.send("https://shop.example/first")["accepted"], True, "accepted")
    same([each["address"] for each in house.heard()], ["8.8.8.8"], "connections")
    try:
        for address in ("127.0.0.1", "10.0.0.1", "fd00::1"):
            # In its place: the namespace sees this very file.
            hosts.write_text(HOSTS.replace("8.8.8.8 shop.example", f"{address} shop.example"))
            same(house.send("https://shop.example/second")["fault"], "forbidden_address", address)
            same(house.heard(), [], f"connections for {address}")
    finally:
        hosts.write_text(HOSTS)


@suite.case("nobody, and one operator alone, send nothing; what two send is in the log of acts")
def operators(house: NestedHouse) -> None:
    words = ("send", "--account", house.account, "--to", "https://shop.example/", "--file",
             house.folder / "body.json")
    same(house.run(*words, "--reason", "x").returncode, 1, "exit code without a credential")
    siti = {"KAUNTER_OPERATOR_TOKEN": house.tokens["siti"]}
    same(house.run(*words, **siti).returncode, 1, "exit code without a reason")
    asked = house.run(*words, "--reason", "a new receiver", **siti)
    same((asked.returncode, "approval" in json.loads(asked.stdout)), (0, True), "what waits")
    number = json.loads(asked.stdout)["approval"]
    own = house.run("approvals", "approve", "--approval", number, **siti)
    same(own.returncode, 1, "exit code of one's own approval")
    same(house.heard(), [], "connections before it is approved")
    done = house.run("approvals", "approve", "--approval", number,
                     KAUNTER_OPERATOR_TOKEN=house.tokens["ravi"])
    same(json.loads(done.stdout)["accepted"], True, "accepted")
    same(len(house.heard()), 1, "connections")
    acts = json.loads(house.run("acts", "--from", TODAY, "--to", TODAY).stdout)["acts"]
    expect(any(each["did"] == "notification.send" and each["reason"] == "a new receiver"
               for each in acts), "it is not in the log of acts")


def hostile() -> list[str]:
    """Each fifth line of the corpus that needs no resolver of the test's own."""
    lines = [line.split("\t") for line in
             (VECTORS / "hostile-targets.txt").read_text().splitlines()
             if line and not line.startswith("#")]
    plain = [target for target, answers, _ in lines if not answers and "\\" not in target]
    return [target.replace("{port}", "443") for target in plain][::5]


@suite.case("hostile targets are not asked, though each address would hear it")
def refused(house: NestedHouse) -> None:
    names = [f"https://{name}/" for name in (
        "localhost", "loop.example", "mixed.example", "private.example",
        "metadata.google.internal")]
    targets = hostile() + names
    expect(len(targets) > 60, f"only {len(targets)} targets")
    for target in targets:
        value = house.send(target)
        refusal = value.get("error", {}).get("errors") or value.get("fault")
        expect(refusal, f"{target}: {value}")
        if not isinstance(refusal, dict):
            expect(refusal in ("bad_address", "forbidden_address", "unresolved"),
                   f"{target}: {refusal}")
        same(house.heard(), [], f"connections for {target}")
