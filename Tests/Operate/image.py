"""The container file: linted, and its last stage built from its packages, run, and paid with."""

import os
import re
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from container_file import exec_form, read
from documents import REPOSITORY
from root_tree import closure, copy_program, copy_swift, fill, output, owners
from suite import Skipped, Suite, expect, same

FOLDER = REPOSITORY / "packaging" / "container"
INSIDE = Path(__file__).with_name("inside.py")
START_TIMEOUT_SECONDS = 30
END_TIMEOUT_SECONDS = 30
COMMAND_TIMEOUT_SECONDS = 60
# The port of the image; nobody else has it in a network of our own.
PORT = 8080


@contextmanager
def opening(binary: Path, folder: Path):
    """The stages of the file, and room for a root file system."""
    stages = read(FOLDER / "Containerfile")
    same(len(stages), 2, "stages")
    build, last = stages
    last.build, last.binary, last.folder = build, binary, folder
    yield last


suite = Suite("The container file", opening)


@suite.case("the bases name a release, and the last one is not the one with the compiler")
def pinned(last) -> None:
    for stage in (last.build, last):
        expect(re.fullmatch(r"\S+/(swift:\d+\.\d+-bookworm|debian:bookworm-slim)", stage.base),
               f"the base {stage.base} has no fixed release")
    expect("swift" in last.build.base and "debian" in last.base, "the bases are interchanged")


@suite.case("it is run as a user by number who is not root, in exec form, and stopped by SIGTERM")
def harmless(last) -> None:
    expect(re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", last.one("USER")), "USER is no plain user")
    same(exec_form(last.one("ENTRYPOINT")), ["/opt/kaunter/kaunter"], "ENTRYPOINT")
    same(exec_form(last.one("CMD"))[0], "serve", "the first word of CMD")
    same(last.one("STOPSIGNAL"), "SIGTERM", "STOPSIGNAL")
    same(last.one("VOLUME"), "/var/lib/kaunter", "VOLUME")


@suite.case("packages are installed without what is recommended, and their lists are removed")
def lean(last) -> None:
    for stage in (last.build, last):
        for line in stage.all("RUN"):
            if "apt-get" in line:
                expect("--no-install-recommends" in line, f"{line} takes what is recommended")
                expect(line.endswith("rm -rf /var/lib/apt/lists/*"), f"{line} leaves lists")
                expect(line.startswith("apt-get update"), f"{line} may use old lists")


@suite.case("the packages of the last stage are those that the program links, and certificates")
def linked(last) -> None:
    needed = re.findall(r"NEEDED\).*\[(.+)\]", output("readelf", "--dynamic", last.binary))
    places = dict(re.findall(r"(\S+) => (/\S+)", output("ldd", last.binary)))
    system = [places[each] for each in needed if places.get(each, "").startswith(("/lib", "/usr"))]
    # Every Debian has these; the compiler's libraries are inside the image's program.
    base = {"libc6", "libgcc-s1"}
    same(last.packages(), owners(system) - base | {"ca-certificates"}, "packages")


@suite.case("the packages of the first stage are those of the project's own list")
def built_with(last) -> None:
    script = (REPOSITORY / "scripts" / "install-packages.sh").read_text()
    part = script.partition("build)")[2].partition(";;")[0]
    # The Swift image has git and the certificates.
    wanted = set(re.findall(r"need (\S+) --", part)) - {"git", "ca-certificates"}
    same(last.build.packages(), wanted, "packages")


@suite.case("no secret and nothing that was not asked for gets into it")
def clean(last) -> None:
    text = (FOLDER / "Containerfile").read_text()
    for line in text.splitlines():
        expect(not re.match(r"(ARG|ENV).*(KEY|PASSWORD|SECRET|TOKEN|URL)", line), f"{line} is one")
        expect(not re.match(r"ADD |COPY (\S+ )*(\.|/) ", line), f"{line} copies anything")
    ignored = (FOLDER / ".containerignore").read_text().split("\n")
    same(next(each for each in ignored if not each.startswith("#")), "*", "what is ignored")
    allowed = {each.removeprefix("!") for each in ignored if each.startswith("!")}
    copied = {word.strip("/") for stage in (last.build, last) for line in stage.all("COPY")
              if not line.startswith("--from=") for word in line.split()[:-1]}
    same(allowed, copied, "what is sent to the build, against what it copies")
    same([each for each in copied if not (REPOSITORY / each).exists()], [], "what is not there")


# What an engine does, after it has written /etc/hosts: a network, devices, /proc, a read-only root
# with one folder to write to, and a user without any privilege.
ENGINE = """
root=$1 user=$2 group=$3
shift 3
ip link set lo up
mount --bind "$root" "$root"
mount --bind "$root/var/lib/kaunter" "$root/var/lib/kaunter"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -o remount,bind,ro "$root"
exec chroot "$root" setpriv --reuid "$user" --regid "$group" --clear-groups --no-new-privs \\
    --bounding-set=-all --inh-caps=-all "$@"
"""


@suite.case("its last stage, built from these packages, takes a payment with a read-only root")
def runs(last) -> None:
    if os.geteuid() != 0:
        raise Skipped("another root file system can be entered by root only")
    root = last.folder / "root"
    root.mkdir()
    fill(root, closure(last.packages()))
    copy_swift(root, last.binary)
    copy_program(root, last.binary, last)
    for line in last.all("RUN"):
        if "apt-get" not in line:
            subprocess.run(["chroot", root, "/bin/bash", "-euc", line], check=True,
                           timeout=COMMAND_TIMEOUT_SECONDS)
    (root / "etc" / "hosts").write_text("127.0.0.1 localhost\n")
    key = root / "run" / "secrets" / "master.key"
    output(last.binary, "keys", "master", "--out", key)
    user, group = map(int, last.one("USER").split(":"))
    os.chown(key, user, group)
    arguments = exec_form(last.one("ENTRYPOINT")) + exec_form(last.one("CMD")) + ["--sandbox"]
    settings = dict(each.split("=", 1) for each in last.all("ENV"))
    log = last.folder / "image.log"
    with open(log, "wb") as errors:
        process = subprocess.Popen(
            ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "bash", "-euc",
             ENGINE, "engine", root, str(user), str(group), *arguments],
            env=settings | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, stdin=subprocess.DEVNULL,
            stdout=errors, stderr=errors)
    try:
        check(process, last, log)
    finally:
        process.kill()
        process.wait()


def check(process: subprocess.Popen, last, log: Path) -> None:
    """The image's own health check, a payment, and a stop."""
    probe = exec_form(last.one("HEALTHCHECK").partition("CMD ")[2])
    end = time.monotonic() + START_TIMEOUT_SECONDS
    server = 0
    while True:
        server = server or child_of(process.pid)
        if server and beside(server, *probe).returncode == 0:
            break
        expect(process.poll() is None and time.monotonic() < end, f"it said {log.read_text()}")
        time.sleep(0.1)
    same(beside(server, *probe[:-1], probe[-1].replace("/healthz", "/nowhere")).returncode, 1,
         "the health check's exit status for another answer than 200")
    root = last.folder / "root"
    told = subprocess.run(
        ["nsenter", f"--target={server}", "--net", "python3", INSIDE, last.binary,
         root / "var/lib/kaunter", str(PORT)], capture_output=True, text=True,
        timeout=COMMAND_TIMEOUT_SECONDS)
    same(told.stdout, "told: paid\n", f"what the receiver was told, with {told.stderr[-800:]}")
    status = Path(f"/proc/{server}/status").read_text()
    for wanted in (r"^Uid:\s+10001\s+10001", r"^CapBnd:\s+0+$", r"^NoNewPrivs:\s+1$"):
        expect(re.search(wanted, status, re.MULTILINE), f"{wanted} is not so: {status}")
    same(beside(server, "/bin/bash", "-c", "touch /var/lib/kaunter/x && ! touch /tmp/x").returncode,
         0, "exit status of writing here and not there")
    os.kill(server, 15)
    process.wait(END_TIMEOUT_SECONDS)
    expect('"level":"error"' not in log.read_text(), f"its log is {log.read_text()}")


def child_of(process: int) -> int:
    """The process id of the server: the only child of the one that made the namespaces."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(children[0]) if children else 0


def beside(server: int, *command: str) -> subprocess.CompletedProcess:
    """Runs a command where the server runs, as an engine runs a health check."""
    return subprocess.run(
        ["nsenter", f"--target={server}", "--mount", "--net", "--pid", "--root", "--wd=/",
         "--setuid=10001", "--setgid=10001", *command],
        capture_output=True, timeout=COMMAND_TIMEOUT_SECONDS)

