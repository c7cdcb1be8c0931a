"""The systemd unit: linted, and then installed and run as the document says, by a real systemd."""

import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from documents import OPERATE, blocks, sections
from nest import REPOSITORY, open_nest
from suite import Suite, expect, same

UNITS = REPOSITORY / "packaging" / "systemd"
# Tenths: systemd calls up to 2.0 "OK". What is left is the network, which a gateway needs.
EXPOSURE_AT_MOST = 15
# A stop waits for the drain, and this long for what is in flight.
FINISH_SECONDS = 20
TIMEOUT_SECONDS = 60
INSIDE = Path(__file__).with_name("inside.py")
PYTHON = "/usr/bin/python3"


@contextmanager
def opening(binary: Path, folder: Path):
    """A checkout with a build in it, and a nest to install it in."""
    checkout = folder / "checkout"
    release = checkout / ".build" / "release"
    release.mkdir(parents=True)
    (checkout / "packaging").symlink_to(REPOSITORY / "packaging")
    shutil.copy2(binary, release)
    for resources in binary.parent.glob("*.resources"):
        shutil.copytree(resources, release / resources.name)
    with open_nest(binary, folder) as nest:
        nest.checkout = checkout
        nest.steps = blocks(sections(OPERATE / "install.md")["With systemd"], "sh")
        yield nest


suite = Suite("The systemd unit", opening)


def settings() -> dict[str, str]:
    """The unit's settings by name; of those that are repeated, the last."""
    text = (UNITS / "kaunter.service").read_text()
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))


@suite.case("systemd-analyze finds nothing to mend in the unit")
def verified(nest) -> None:
    nest.must("install -D -m 0755 /bin/true /opt/kaunter/kaunter")
    done = nest.run(f"systemd-analyze verify {UNITS / 'kaunter.service'}")
    same((done.returncode, done.stderr.strip()), (0, ""), "what systemd-analyze verify says")
    nest.must("rm -r /opt/kaunter")


@suite.case("the unit exposes no more than a service on the network must")
def secured(nest) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_AT_MOST}",
         UNITS / "kaunter.service"], capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
    same(done.returncode, 0, f"exit status, with {done.stdout.splitlines()[-1:]}")


@suite.case("a stop is given longer than the drain and the end of what is in flight")
def patient(nest) -> None:
    text = (UNITS / "kaunter.json").read_text()
    drain = int(re.search(r'"drain_seconds": (\d+)', text)[1])
    expect(int(settings()["TimeoutStopSec"]) > drain + FINISH_SECONDS, "TimeoutStopSec is short")


@suite.case("the document's commands install the service, and it serves live")
def installed(nest) -> None:
    for step in nest.steps[:3]:
        if "sandbox.conf" not in step:
            nest.must(step, nest.checkout)
    same(nest.must("curl --silent http://127.0.0.1:8080/readyz"), '{"status":"ready"}', "readiness")
    expect("kaunter_build_info" in nest.must("curl --silent http://127.0.0.1:9464/metrics"),
           "the metrics are not on their own address")
    same(nest.must("stat --format %U:%a /var/lib/kaunter"), "kaunter:700\n", "the data folder")
    same(nest.must("stat --format %U:%a /etc/kaunter/master.key"), "root:600\n", "the key")


@suite.case("the document's commands work beside the service")
def commands(nest) -> None:
    out = nest.must(nest.steps[3], nest.checkout)
    expect("Kedai Kopi" in out, f"the account is not listed: {out}")
    expect('"message":' in out, "the journal has no line of the service")


@suite.case("the service writes nowhere but to its data folder, and has no privilege")
def confined(nest) -> None:
    nest.must(f"""
touch /root/secret
pid=$(systemctl show kaunter --property MainPID --value)
grep --quiet '^CapBnd:[[:space:]]*0*$' "/proc/$pid/status"
grep --quiet '^NoNewPrivs:[[:space:]]*1$' "/proc/$pid/status"
grep --quiet '^Seccomp:[[:space:]]*2$' "/proc/$pid/status"
for folder in /usr /etc /opt/kaunter /var/lib /var/log; do
    if nsenter --target "$pid" --mount touch "$folder/new" 2>/dev/null; then exit 1; fi
done
nsenter --target "$pid" --mount touch /var/lib/kaunter/new
if nsenter --target "$pid" --mount ls /root 2>/dev/null | grep .; then exit 1; fi
""")


@suite.case("SIGTERM ends the service cleanly, and killing it starts it again")
def restarted(nest) -> None:
    nest.must("systemctl kill --signal KILL kaunter")
    nest.must("curl --silent --fail --retry 20 --retry-connrefused --retry-delay 1 "
              "http://127.0.0.1:8080/readyz")
    same(nest.must("systemctl show kaunter --property NRestarts --value").strip(), "1", "restarts")
    nest.must("systemctl stop kaunter")
    same(nest.must("systemctl show kaunter --property Result --property ExecMainStatus"),
         "Result=success\nExecMainStatus=0\n", "how it ended")


@suite.table("a start that nobody but the operator can mend is not repeated: {}", [
    ("a key that is not known", "sed -i 's/\"level\"/\"levl\"/' /etc/kaunter/kaunter.json",
     "sed -i 's/\"levl\"/\"level\"/' /etc/kaunter/kaunter.json", "78"),
    ("another master key", "mv /etc/kaunter/master.key /etc/kaunter/first.key && "
     "kaunter keys master --out /etc/kaunter/master.key",
     "mv /etc/kaunter/first.key /etc/kaunter/master.key", "78"),
    ("a live store as a sandbox", "install -D -m 0644 packaging/systemd/sandbox.conf "
     "/etc/systemd/system/kaunter.service.d/sandbox.conf && systemctl daemon-reload",
     "rm -r /etc/systemd/system/kaunter.service.d && systemctl daemon-reload", "1"),
])
def not_repeated(nest, name: str, spoil: str, mend: str, code: str) -> None:
    nest.must(spoil, nest.checkout)
    try:
        nest.run("systemctl start kaunter")
        nest.must("for _ in {1..50}; do systemctl is-failed --quiet kaunter && exit; sleep 0.1; "
                  "done; systemctl status kaunter; exit 1")
        same(nest.must("systemctl show kaunter --property ExecMainStatus --value").strip(), code,
             f"exit status, with {nest.journal()[-600:]}")
    finally:
        nest.must(mend)


@suite.case("the rehearsal takes a payment under the same unit, and the merchant is told")
def rehearsed(nest) -> None:
    nest.must("rm -rf /var/lib/kaunter/*")
    rehearse = next(each for each in nest.steps if "sandbox.conf" in each)
    nest.must(rehearse, nest.checkout)
    nest.must("systemctl daemon-reload && systemctl start kaunter && curl --silent --fail "
              "--retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:8080/readyz")
    same(nest.must(f"{PYTHON} {INSIDE} /opt/kaunter/kaunter /var/lib/kaunter 8080"), "told: paid\n",
         "what the receiver was told")
    lines = [each for each in nest.journal().splitlines() if each.startswith("{")]
    expect(any('"notification"' in each for each in lines), "the journal has no notification")


@suite.case("the document's commands put a new version in its place")
def upgraded(nest) -> None:
    step, = blocks(sections(OPERATE / "install.md")["A new version"], "sh")
    nest.must(step, nest.checkout)
    nest.must("curl --silent --fail --retry 20 --retry-connrefused --retry-delay 1 "
              "http://127.0.0.1:8080/readyz")
