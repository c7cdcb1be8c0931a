"""The command line: help, JSON, exit codes, and the commands about merchants and targets."""

import json
import re
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path

from gateway import environment, free_port
from house import COMMAND_TIMEOUT_SECONDS, House, closing, command
from merchant import Merchant
from suite import Suite, expect, same

COMMANDS = [
    ("serve",), ("demo",), ("migrate",), ("backup",), ("restore",), ("merchant", "create"),
    ("account", "create"), ("account", "list"), ("account", "set"), ("keys", "issue"),
    ("keys", "upload"),
    ("keys", "notification"), ("keys", "list"), ("keys", "revoke"), ("keys", "master"),
    ("keys", "webhook", "show"), ("keys", "webhook", "rotate"),
    ("endpoint", "add"), ("endpoint", "list"), ("redirect", "add"), ("redirect", "list"),
    ("terms", "show"), ("terms", "set"), ("balance",), ("audit",), ("refund",),
    ("reverse", "payment"), ("reverse", "payout"), ("freeze", "account"),
    ("freeze", "payment"), ("unfreeze", "account"), ("unfreeze", "payment"), ("adjust",),
    ("settle",), ("suspense", "list"), ("suspense", "show"), ("suspense", "assign"),
    ("suspense", "return"), ("statement",), ("trial-balance",), ("ledger", "export"),
    ("operator", "add"), ("operator", "list"), ("operator", "revoke"), ("approvals", "list"),
    ("approvals", "approve"), ("approvals", "reject"), ("acts",), ("events", "list"),
    ("events", "show"), ("events", "tail"), ("events", "resend"), ("listen",),
    ("receivers", "list"), ("receivers", "pause"), ("receivers", "resume"),
    ("endpoint", "set"), ("endpoint", "remove"),
    ("pay",), ("status",), ("send",), ("verify",), ("config", "example"), ("config", "check"),
    ("clock", "show"), ("clock", "advance"), ("trigger",), ("doctor",),
    ("sandbox", "reset"), ("sandbox", "snapshot"), ("sandbox", "restore"),
    ("completions",), ("manual",),
]
ROOT = Path(__file__).resolve().parents[2]
# An account or merchant that there is none of.
NOBODY = "00000000-0000-4000-8000-000000000000"


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house:
        same(house.command("migrate", "--sandbox").code, 0, "exit code of migrate --sandbox")
        house.shop = Merchant(house)
        yield house


suite = Suite("The command line", opening)


def failed(house: House, code: int, *arguments: object) -> dict:
    """Checks a failure: its exit code, one JSON value, and words on standard error."""
    done = house.command(*arguments)
    same(done.code, code, f"exit code, with {done.out.strip()!r} and {done.err.strip()!r}")
    value = done.value()
    same(list(value), ["error"], "keys of a failure")
    same(list(value["error"]), ["code", "message", "errors"], "keys of an error")
    expect(isinstance(value["error"]["errors"], dict), "errors is no object")
    expect(done.err.strip(), "nothing is said on standard error")
    return value["error"]


@suite.table("`{} --help` shows an example and every common option",
             [(" ".join(each), each) for each in COMMANDS])
def helps(house: House, _: str, words: tuple) -> None:
    done = command(house.binary, *words, "--help")
    same(done.code, 0, "exit code")
    for option in ("--data", "--database-url", "--config", "--master-key", "--json"):
        expect(option in done.out, f"{option} is not in the help")
    expect(f"kaunter {' '.join(words)}" in done.out.split("USAGE")[0], "there is no example")


@suite.case("the program's help names every exit code")
def exit_codes(house: House) -> None:
    done = command(house.binary, "--help")
    for code in (0, 1, 64, 69, 70, 73, 78):
        expect(f"{code} " in " ".join(done.out.split("Exit codes:")[1].split()), f"no {code}")


@suite.table("a wrong command line ends with 64: {}", [
    ("no such command", ("frobnicate",)),
    ("no such option", ("account", "list", "--frobnicate")),
    ("a missing option", ("merchant", "create")),
    ("an option without its value", ("account", "list", "--config")),
    ("a number that is none", ("status", "--account", NOBODY, "--key", "x", "--id", "12x")),
    ("neither order nor id", ("status", "--account", NOBODY, "--key", "x")),
    ("both order and id", ("status", "--account", NOBODY, "--key", "x", "--id", "1",
                           "--order-id", "1")),
    ("neither account nor endpoint", ("keys", "webhook")),
    ("both account and endpoint", ("keys", "webhook", "rotate", "--account", NOBODY,
                                   "--endpoint", "1")),
    ("one word too many", ("account", "list", "surplus")),
])
def usage(house: House, _: str, arguments: tuple) -> None:
    done = command(house.binary, *arguments, "--json")
    same(done.code, 64, f"exit code, with {done.err.strip()!r}")
    same(done.value()["error"]["code"], "usage", "code")
    plain = command(house.binary, *arguments)
    same((plain.code, plain.out), (64, ""), "exit code and output without --json")


@suite.table("what is refused ends with 1 and names the field: {}", [
    ("an account that is no UUID", ("keys", "list", "--account", "nobody"), ["account"]),
    ("an unknown account", ("keys", "list", "--account", NOBODY), []),
    ("settings of an unknown account", ("account", "set", "--account", NOBODY), []),
    ("endpoints of an unknown account", ("endpoint", "list", "--account", NOBODY), []),
    ("redirects of an unknown account", ("redirect", "list", "--account", NOBODY), []),
    ("an account of an unknown merchant", ("account", "create", "--merchant", NOBODY), []),
    ("an endpoint of an unknown account",
     ("endpoint", "add", "--account", NOBODY, "--url", "https://shop.example/n"), []),
    ("an endpoint of an unknown list",
     ("endpoint", "add", "--account", NOBODY, "--url", "https://shop.example/n", "--fields", "x"),
     ["fields"]),
    ("an endpoint with a rate of nothing",
     ("endpoint", "add", "--account", NOBODY, "--url", "https://shop.example/n", "--rate", "0"),
     ["rate"]),
    ("a rate and a concurrency beyond what may be asked for",
     ("endpoint", "set", "--account", NOBODY, "--id", "1", "--rate", "1001",
      "--concurrency", "65"), ["concurrency", "rate"]),
    ("a rate that is no number",
     ("endpoint", "set", "--account", NOBODY, "--id", "1", "--rate", "0.5"), ["rate"]),
    ("the secret of an unknown account", ("keys", "webhook", "--account", NOBODY), []),
    ("the secret of an unknown endpoint", ("keys", "webhook", "--endpoint", "999"), []),
    ("an account that is none, for a secret", ("keys", "webhook", "--account", "x"), ["account"]),
    ("an overlap beyond a month",
     ("keys", "webhook", "rotate", "--account", NOBODY, "--overlap-hours", "721"),
     ["overlap_hours"]),
    ("a merchant without a name", ("merchant", "create", "--name", "  "), ["name"]),
    ("a merchant with a long name", ("merchant", "create", "--name", "x" * 101), ["name"]),
    ("a control character in a name", ("merchant", "create", "--name", "a\tb"), ["name"]),
])
def refusals(house: House, _: str, arguments: tuple, fields: list) -> None:
    same(list(failed(house, 1, *arguments)["errors"]), fields, "fields")


@suite.table("a wrong setting is refused and changes nothing: {}", [
    (option,) for option in ("payments", "partial", "digest", "redirect-method", "redirect-sign")
])
def settings(house: House, option: str) -> None:
    before = house.must("account", "list")
    error = failed(house, 1, "account", "set", "--account", house.shop.account,
                   f"--{option}", "frobnicate")
    same(list(error["errors"]), [option.replace("-", "_")], "fields")
    same(house.must("account", "list"), before, "the accounts afterwards")


@suite.case("a merchant's further account is listed with its settings")
def accounts(house: House) -> None:
    made = house.must("account", "create", "--merchant", house.shop.merchant)
    listed = {each["account"]: each for each in house.must("account", "list")["accounts"]}
    same(listed[made["account"]]["merchant"], house.shop.merchant, "merchant")
    same(listed[made["account"]]["name"], "Kedai Ujian", "name")
    same({key: listed[made["account"]][key] for key in (
        "payments", "partial", "digest", "redirect_method", "redirect_sign")}, {
        "payments": "on", "partial": "refuse", "digest": "sha1", "redirect_method": "post",
        "redirect_sign": "paid"}, "settings")
    changed = house.must("account", "set", "--account", made["account"], "--digest", "sha256")
    same(changed["digest"], "sha256", "digest")
    same(house.must("account", "set", "--account", made["account"])["digest"], "sha256",
         "digest after an empty change")


@suite.table("{}s are added, refused and listed", [
    ("endpoint", ["get", "post_form", "post_json"]), ("redirect", ["post", "get"]),
])
def targets(house: House, noun: str, methods: list) -> None:
    whose = ("--account", house.shop.account)
    ids = [house.must(noun, "add", *whose, "--url", f"https://shop.example/{noun}/{method}",
                      "--method", method)["id"] for method in methods]
    ids.append(house.must(noun, "add", *whose, "--url", "http://127.0.0.1:1/é?a=b#c")["id"])
    expect(all(type(each) is int for each in ids) and len(set(ids)) == len(ids), f"ids {ids}")
    listed = house.must(noun, "list", *whose)[f"{noun}s"]
    same([(each["id"], each["method"]) for each in listed],
         list(zip(ids, [*methods, methods[0]])), "what is listed")
    error = failed(house, 1, noun, "add", *whose, "--url", "https://x.example", "--method", "put")
    same(list(error["errors"]), ["method"], "fields")
    for url in ("shop.example/n", "ftp://shop.example/", "http://", "https://x.example/ y", "/n",
                "javascript:alert(1)", "https://u:p@x.example/", "https://x.example/" + "y" * 255):
        same(list(failed(house, 1, noun, "add", *whose, "--url", url)["errors"]), ["url"],
             f"fields for {url[:40]}")
    same(len(house.must(noun, "list", *whose)[f"{noun}s"]), len(ids), "what is listed at last")


@suite.table("an endpoint's own query may not say what a notification says: {}", [
    ("an order", "?order_id=1"), ("a status", "?shop=7&payment_status=paid"),
    ("an escaped name", "?payment%5Fstatus=paid"), ("a signature", "?sign"),
])
def own_query(house: House, _: str, query: str) -> None:
    whose = ("--account", house.shop.account)
    error = failed(house, 1, "endpoint", "add", *whose, "--url", "https://shop.example/n" + query)
    same(list(error["errors"]), ["url"], "fields")
    made = house.must("endpoint", "add", *whose, "--url", "https://shop.example/n?id=7&x=%zz")
    error = failed(house, 1, "endpoint", "set", *whose, "--id", made["id"], "--url",
                   "https://shop.example/n" + query)
    same(list(error["errors"]), ["url"], "fields")


@suite.case("an endpoint's rate is set, listed, changed and taken away")
def rates(house: House) -> None:
    whose = ("--account", house.shop.account)
    made = house.must("endpoint", "add", *whose, "--url", "https://shop.example/rate",
                      "--rate", "20", "--concurrency", "2")["id"]

    def listed() -> tuple:
        [found] = [each for each in house.must("endpoint", "list", *whose)["endpoints"]
                   if each["id"] == made]
        return found["rate"], found["concurrency"]

    same(listed(), (20, 2), "rate and concurrency")
    house.must("endpoint", "set", *whose, "--id", made, "--rate", "1000")
    same(listed(), (1000, 2), "rate and concurrency after a change")
    house.must("endpoint", "set", *whose, "--id", made, "--concurrency", "64")
    same(listed(), (1000, 64), "rate and concurrency after another")
    error = failed(house, 1, "endpoint", "set", *whose, "--id", made, "--rate", "0")
    same(list(error["errors"]), ["rate"], "fields")
    same(house.must("endpoint", "set", *whose, "--id", made, "--rate", "none")["rate"], None,
         "the rate that is none")
    same(listed(), (None, 64), "rate and concurrency at last")


@suite.case("the example configuration is good, and is one JSON value")
def example(house: House) -> None:
    shown = command(house.binary, "config", "example")
    file = house.folder / "kaunter.json"
    file.write_text(shown.out)
    done = command(house.binary, "config", "check", "--config", file, "--json")
    same(done.code, 0, "exit code of config check")
    same([each.split(" has ")[0] for each in done.value()["warnings"]], ["money.holidays"],
         "warnings")
    same(json.loads(shown.out),
         command(house.binary, "config", "example", "--json").value(), "the example")


@suite.table("a configuration with {} ends with 78", [
    ("an unknown key", '{"listen": {"adress": "127.0.0.1:1"}}', ["adress"]),
    ("an unknown section", '{"lisen": {}}', ["lisen"]),
    ("several faults at once", '{"listen": {"address": 5, "connections": -1}, "log": '
     '{"level": "loud"}}', ["address", "connections", "level"]),
    ("no JSON in it", "listen = 1", []),
    ("an array in it", "[]", []),
    ("a huge number", '{"listen": {"connections": 1e999}}', ["connections"]),
    ("no end of nesting", "[" * 10_000, []),
])
def faulty(house: House, name: str, text: str, words: list) -> None:
    file = house.folder / "faulty.json"
    file.write_text(text)
    error = failed(house, 78, "config", "check", "--config", file)
    for word in words:
        expect(word in error["message"], f"{word} is not in {error['message']!r}")


@suite.case("a configuration file that is missing ends with 78")
def missing(house: House) -> None:
    failed(house, 78, "config", "check", "--config", house.folder / "nowhere.json")


@suite.case("a wrong environment ends with 78, and a password in it is not shown")
def wrong_environment(house: House) -> None:
    done = command(house.binary, "account", "list", "--json",
                   KAUNTER_DATABASE_URL="postgresql://u:hunter2secret@127.0.0.1:1/x")
    same(done.code, 69, f"exit code with {done.err!r}")
    expect("hunter2secret" not in done.out + done.err, "the password is shown")
    done = command(house.binary, "account", "list", "--json",
                   KAUNTER_DATABASE_URL="mysql://u:hunter2secret@127.0.0.1:1/x")
    same(done.code, 78, f"exit code with {done.err!r}")
    expect("hunter2secret" not in done.out + done.err, "the password is shown")


@suite.case("`demo --auto --json` pays, verifies, and ends with 0 and one value")
def demo(house: House) -> None:
    done = command(house.binary, "demo", "--auto", "--data", house.folder / "demo",
                   "--listen", f"127.0.0.1:{free_port()}", "--json")
    same(done.code, 0, f"exit code with {done.err[-400:]!r}")
    value = done.value()
    same((value["payment_status"], value["verified"]), ("paid", True), "the demo's answer")
    again = command(house.binary, "demo", "--auto", "--data", house.folder / "demo",
                    "--listen", f"127.0.0.1:{free_port()}")
    same(again.code, 0, f"exit code of a second demo, with {again.err[-400:]!r}")


@suite.case("`demo` without --auto goes on serving until it is ended")
def demo_serves(house: House) -> None:
    process = subprocess.Popen(
        [house.binary, "demo", "--data", house.folder / "demo",
         "--listen", f"127.0.0.1:{free_port()}"],
        env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)
    try:
        link = next((line.strip() for line in process.stdout if line.startswith("   http")), "")
        expect(link, "no link was printed")
        same(process.poll(), None, "exit code of the demo after its link")
        process.send_signal(signal.SIGTERM)
        same(process.wait(COMMAND_TIMEOUT_SECONDS), 0, "exit code after SIGTERM")
    finally:
        process.kill()
        process.communicate()


@suite.case("each command line in the documents is one that the program takes")
def documented(house: House) -> None:
    helps: dict[tuple, str] = {}
    groups = {words[:count] for words in COMMANDS for count in range(1, len(words))}
    seen = 0
    for file in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("Examples/**/*.md")]:
        text = re.sub(r"\\\n\s*", " ", file.read_text())
        for line in re.findall(r"(?:^|`|\$ |&& )kaunter ([a-z][^`\n]*)", text, re.MULTILINE):
            words = tuple(line.split())
            found = [words[:count] for count in (3, 2, 1) if words[:count] in COMMANDS]
            if not found:
                expect(any(words[:count] in groups for count in (1, 2)),
                       f"{file.name}: there is no command {line}")
                continue
            if found[0] not in helps:
                helps[found[0]] = command(house.binary, *found[0], "--help").out
            for option in re.findall(r"(?<![\w-])--[a-z0-9-]+", line):
                expect(re.search(re.escape(option) + r"(?![\w-])", helps[found[0]]),
                       f"{file.name}: no option {option} in {line}")
            seen += 1
    expect(seen > 100, f"only {seen} command lines were found")
