"""Keys: issued, uploaded, overlapping, revoked."""

import os
import stat
import subprocess
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path

from commands import failed
from house import House, closing
from merchant import Merchant, openssl, refused
from suite import Suite, expect, same

FILES = ["password.txt", "private.pem", "public.pem"]


@contextmanager
def opening(binary: Path, folder: Path):
    with closing(House(binary, folder)) as house:
        house.start()
        house.shop = Merchant(house)
        yield house


suite = Suite("Keys", opening)


def mode(path: Path) -> int:
    """A path's permissions."""
    return stat.S_IMODE(path.stat().st_mode)


def made_key(folder: Path, *options: str) -> tuple[Path, Path]:
    """A key pair by openssl: the private and the public file."""
    private = folder / f"own-{time.monotonic_ns()}.pem"
    public = private.with_suffix(".public.pem")
    openssl("genpkey", *options, "-out", private)
    openssl("pkey", "-in", private, "-pubout", "-out", public)
    return private, public


def own_rsa(house: House) -> tuple[Path, Path]:
    """A key pair as a merchant makes it."""
    return made_key(house.folder, "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")


def upload(house: House, public: Path, account: str, role: str = "payment") -> tuple:
    """The words that upload a public key."""
    return ("keys", "upload", "--account", account, "--for", role, "--public", public)


def status_of(house: House, **signing) -> int:
    """The HTTP status of a signed call."""
    return house.shop.call("/v1/payment/history", {}, **signing).status


def check_archive(files: dict[str, bytes], folder: Path) -> None:
    """The archive's promises (contract §2)."""
    same(sorted(files), FILES, "files of the archive")
    password = files["password.txt"]
    expect(len(password) >= 20 and all(33 <= byte <= 126 for byte in password),
           "the password is not 20 printable ASCII characters or more")
    expect(b"ENCRYPTED" in files["private.pem"], "the private key is not encrypted")
    (folder / "p").write_bytes(files["private.pem"])
    (folder / "w").write_bytes(password)
    public = openssl("rsa", "-in", folder / "p", "-passin", f"file:{folder / 'w'}", "-pubout")
    same(public.split(), files["public.pem"].split(), "the public key")
    wrong = subprocess.run(["openssl", "rsa", "-in", folder / "p", "-passin", "pass:wrong"],
                           capture_output=True, timeout=60)
    expect(wrong.returncode != 0, "the private key opens with any password")
    text = openssl("rsa", "-pubin", "-in", "/dev/stdin", "-text", "-noout",
                   data=files["public.pem"])
    expect(b"(2048 bit)" in text, "the key has not 2048 bits")


@suite.case("an issued folder has exactly three files for its owner alone, and openssl opens it")
def folder(house: House) -> None:
    out = house.folder / "issued"
    old = os.umask(0)
    try:
        house.must("keys", "issue", "--account", house.shop.account, "--for", "payment",
                   "--out", out)
    finally:
        os.umask(old)
    same(mode(out), 0o700, "mode of the folder")
    same({mode(each) for each in out.iterdir()}, {0o600}, "modes of the files")
    check_archive({each.name: each.read_bytes() for each in out.iterdir()}, house.folder)


@suite.case("an issued zip holds the same, and is for its owner alone")
def zipped(house: House) -> None:
    out = house.folder / "issued.zip"
    house.must("keys", "issue", "--account", house.shop.account, "--for", "payout", "--out", out)
    same(mode(out), 0o600, "mode of the file")
    with zipfile.ZipFile(out) as archive:
        same(archive.testzip(), None, "the first damaged file")
        check_archive({name: archive.read(name) for name in archive.namelist()}, house.folder)


@suite.table("`keys issue` writes over nothing: {}", [
    ("a folder that has files", "full"), ("a file", "file"), ("a zip", "old.zip"),
    ("a place whose folder is missing", "no/where"), ("a zip without a folder", "no/x.zip"),
])
def taken(house: House, _: str, name: str) -> None:
    place = house.folder / name
    if name == "full":
        place.mkdir()
        (place / "notes").write_text("mine")
    elif not name.startswith("no/"):
        place.write_text("mine")
    before = house.must("keys", "list", "--account", house.shop.account)
    failed(house, 73, "keys", "issue", "--account", house.shop.account, "--for", "payment",
           "--out", place)
    if name == "full":
        same([each.name for each in place.iterdir()], ["notes"], "files of the folder")
    elif place.exists():
        same(place.read_text(), "mine", "the file")
    same(house.must("keys", "list", "--account", house.shop.account), before, "the keys")


@suite.table("a refused `keys issue` leaves nothing behind: {}", [
    ("unknown account", "00000000-0000-4000-8000-000000000000", "payment", "gone"),
    ("wrong role", None, "notification", "gone.zip"),
])
def given_back(house: House, _: str, account: str | None, role: str, name: str) -> None:
    failed(house, 1, "keys", "issue", "--account", account or house.shop.account, "--for", role,
           "--out", house.folder / name)
    expect(not (house.folder / name).exists(), "something is left")


@suite.case("a refused `keys issue` leaves an empty folder of its caller's where it was")
def empty_folder(house: House) -> None:
    place = house.folder / "empty"
    place.mkdir()
    failed(house, 1, "keys", "issue", "--account", "00000000-0000-4000-8000-000000000000",
           "--for", "payment", "--out", place)
    expect(place.is_dir(), "the folder is gone")


@suite.case("a key can be given an end, which every other node and `doctor` know of")
def ends(house: House) -> None:
    private, public = own_rsa(house)
    account = house.shop.account
    made = house.must(*upload(house, public, account), "--days", "40")
    expect(made["ends_at"] and made["in_force"], f"it answers {made}")
    house.must("keys", "revoke", "--account", account, "--key", made["key"], "--in-days", "2")
    house.must("keys", "revoke", "--account", account, "--key", made["key"], "--in-days", "9")
    same(status_of(house, key=private), 200, "status before its end")
    house.must("clock", "advance", "2d")
    time.sleep(1)
    same(status_of(house, key=private), 401, "status after its end")
    listed = {each["key"]: each for each in house.must("keys", "list", "--account", account)["keys"]}
    same(listed[made["key"]]["in_force"], False, "whether it is in force")
    failed(house, 1, "keys", "revoke", "--account", account, "--key", made["key"], "--in-days", "9")
    for days in ("0", "3651", "-1"):
        failed(house, 1, *upload(house, own_rsa(house)[1], account), f"--days={days}")


@suite.case("a file that `keys master` or `keys notification` can't make ends with 73")
def cannot_make(house: House) -> None:
    place = house.folder / "precious"
    place.write_text("mine")
    failed(house, 73, "keys", "master", "--out", place)
    same(place.read_text(), "mine", "the file after keys master")
    failed(house, 73, "keys", "notification", "--account", house.shop.account,
           "--out", house.folder / "no" / "where.pem")


@suite.case("an uploaded key signs; its SHA-1 is refused if it was uploaded so")
def uploaded(house: House) -> None:
    private, public = own_rsa(house)
    house.must(*upload(house, public, house.shop.account))
    same([status_of(house, key=private, digest=each) for each in ("sha1", "sha256", "sha512")],
         [200, 200, 401], "statuses of SHA-1, SHA-256 and SHA-512")
    private, public = own_rsa(house)
    house.must(*upload(house, public, house.shop.account), "--digest", "sha256")
    same([status_of(house, key=private, digest=each) for each in ("sha1", "sha256")],
         [401, 200], "statuses of SHA-1 and SHA-256 with a SHA-256 key")


@suite.table("a key is refused: {}", [
    ("elliptic", ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")),
    ("of 1024 bits", ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024")),
    ("Ed25519", ("-algorithm", "ED25519")),
])
def unfit(house: House, _: str, options: tuple) -> None:
    private, public = made_key(house.folder, *options)
    same(list(failed(house, 1, *upload(house, public, house.shop.account))["errors"]),
         ["public"], "fields")


@suite.case("a private key, a text, nothing and a missing file are refused as public keys")
def no_keys(house: House) -> None:
    private, _ = own_rsa(house)
    junk = house.folder / "junk.pem"
    failed(house, 1, *upload(house, private, house.shop.account))
    for text in ("", "hello", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"):
        junk.write_text(text)
        failed(house, 1, *upload(house, junk, house.shop.account))
    failed(house, 1, *upload(house, house.folder / "nowhere.pem", house.shop.account))


@suite.case("one key is known once: no second account, no second role, not after revoking")
def once(house: House) -> None:
    other = house.must("account", "create", "--merchant", house.shop.merchant)["account"]
    private, public = own_rsa(house)
    key = house.must(*upload(house, public, house.shop.account))["key"]
    pkcs1 = house.folder / "same.pem"
    openssl("rsa", "-pubin", "-in", public, "-RSAPublicKey_out", "-out", pkcs1)
    refusals = [upload(house, public, house.shop.account), upload(house, public, other),
                upload(house, public, house.shop.account, "payout")]
    for each in refusals:
        failed(house, 1, *each)
    failed(house, 1, *upload(house, pkcs1, other))
    house.must("keys", "revoke", "--account", house.shop.account, "--key", key)
    for each in refusals:
        failed(house, 1, *each)
    issued = house.folder / "issued" / "public.pem"
    failed(house, 1, *upload(house, issued, other))
    failed(house, 1, *upload(house, house.shop.notification_key, other))


@suite.case("keys overlap until one is revoked, which is felt within a second")
def overlap(house: House) -> None:
    new, new_id = house.shop.new_key("payment")
    same([status_of(house, key=each) for each in (house.shop.key, new)], [200, 200],
         "statuses of the old and the new key")
    body = house.shop.order()
    same(house.shop.call("/v1/payment", body, key=new).body,
         house.shop.call("/v1/payment", body).body, "answers to either key")
    same(house.command("keys", "revoke", "--account", house.shop.account, "--key", new_id).value(),
         {}, "what revoke prints")
    time.sleep(1)
    same([status_of(house, key=each) for each in (house.shop.key, new)], [200, 401],
         "statuses of the old and the revoked key")
    listed = {each["key"]: each for each in
              house.must("keys", "list", "--account", house.shop.account)["keys"]}
    expect(listed[new_id]["revoked_at"], "the revoked key is not shown as revoked")
    expect(listed[house.shop.key_id]["revoked_at"] is None, "the old key is shown as revoked")


@suite.case("a payout key does not sign payments, nor does a stranger's or a notification key")
def roles(house: House) -> None:
    payout, _ = house.shop.new_key("payout")
    stranger = Merchant(house)
    same([status_of(house, key=each) for each in (payout, stranger.key)], [401, 401], "statuses")
    refused(house.ask("POST", "/v1/payment/history", b"{}", {
        **house.shop.headers(b"{}"), "Account": stranger.account}), 401, [])


@suite.case("a key of another account, an unknown key and the notification key are not revoked")
def not_revoked(house: House) -> None:
    other = house.must("account", "create", "--merchant", house.shop.merchant)["account"]
    listed = house.must("keys", "list", "--account", house.shop.account)["keys"]
    notification = [each["key"] for each in listed if each["for"] == "notification"]
    failed(house, 1, "keys", "revoke", "--account", other, "--key", house.shop.key_id)
    failed(house, 1, "keys", "revoke", "--account", house.shop.account, "--key", other)
    for each in notification:
        failed(house, 1, "keys", "revoke", "--account", house.shop.account, "--key", each)
    same(status_of(house), 200, "status of a call with the key")
