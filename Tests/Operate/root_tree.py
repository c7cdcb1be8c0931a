"""The root file system of an image, built from the packages that its Containerfile names."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from container_file import Stage
from suite import expect

TIMEOUT_SECONDS = 60
# Debian's own: /bin and its likes are links into /usr.
MERGED = ("bin", "sbin", "lib", "lib64")
LEFT_OUT = ("/usr/share/", "/var/cache/", "/usr/include/")


def output(*command: object) -> str:
    """What a command prints that has to succeed."""
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True,
                          timeout=TIMEOUT_SECONDS)
    expect(done.returncode == 0, f"{command[0]} failed: {done.stderr[-500:]}")
    return done.stdout


def owners(files: list[str]) -> set[str]:
    """The packages that files belong to, by their names."""
    found = set()
    for file in files:
        for spelling in (os.path.realpath(file), file):
            done = subprocess.run(["dpkg-query", "--search", spelling], capture_output=True,
                                  text=True, timeout=TIMEOUT_SECONDS)
            if done.returncode == 0:
                found.add(done.stdout.split(":")[0])
                break
        else:
            raise AssertionError(f"{file} belongs to no package")
    return found


def closure(packages: set[str]) -> set[str]:
    """These packages and all that they depend on, those that every Debian has included."""
    depends: dict[str, set[str]] = {}
    wanted = set(packages)
    shown = "${Package}\t${Priority}\t${Pre-Depends}, ${Depends}\n"
    for line in output("dpkg-query", "--show", f"--showformat={shown}").splitlines():
        name, priority, text = line.split("\t")
        # Of alternatives the first that is installed here will do; versions are Debian's matter.
        depends[name] = {re.split(r"[ (:]", each.split("|")[0].strip())[0]
                         for each in text.split(",") if each.strip()}
        if priority == "required":
            wanted.add(name)
    missing = packages - set(depends)
    expect(not missing, f"not installed here, so not to be tried: {missing}")
    todo = list(wanted)
    while todo:
        new = {each for each in depends.get(todo.pop(), set()) if each in depends} - wanted
        wanted |= new
        todo += new
    return wanted


def fill(root: Path, packages: set[str]) -> None:
    """Lays the files of packages, and nothing else, into an empty folder."""
    for name in MERGED:
        (root / "usr" / name).mkdir(parents=True)
        (root / name).symlink_to(f"usr/{name}")
    for name in ("etc", "proc", "dev", "tmp", "run/secrets", "var/lib"):
        (root / name).mkdir(parents=True)
    for path in output("dpkg-query", "--listfiles", *sorted(packages)).splitlines():
        is_file = os.path.islink(path) or os.path.isfile(path)
        if path.startswith("/") and is_file and not path.startswith(LEFT_OUT):
            target = root / path[1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            if not os.path.lexists(target):
                shutil.copy2(path, target, follow_symlinks=False)
    # What packages make when they are set up.
    for name in ("passwd", "group"):
        shutil.copy(f"/usr/share/base-passwd/{name}.master", root / "etc" / name)
    subprocess.run(["ldconfig", "-r", root], check=True, timeout=TIMEOUT_SECONDS)


def copy_swift(root: Path, binary: Path) -> None:
    """Lays the Swift libraries of a build that has them outside beside it, at the same place.

    The image's program has them inside (`--static-swift-stdlib`).
    """
    for path in re.findall(r"=> (/\S+)", output("ldd", binary)):
        if not path.startswith(("/lib", "/usr/lib")):
            (root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, root / path[1:])


def copy_program(root: Path, binary: Path, stage: Stage) -> None:
    """Does what the stage's COPY lines do, with a build of ours for that of the first stage."""
    for line in stage.all("COPY"):
        words = line.split()
        if words[0].startswith("--from="):
            target = root / words[-1].strip("/")
            target.mkdir(parents=True)
            shutil.copy2(binary, target)
            for resources in binary.parent.glob("*.resources"):
                shutil.copytree(resources, target / resources.name)
