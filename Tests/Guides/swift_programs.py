"""Compiles the guide's Swift programs, and makes the SDK's documentation, of what the build made.

A package of its own would build the whole graph a second time. SwiftPM describes its build in
`description.json`: from there come the flags of the modules and the objects of their targets.
"""

import json
import platform
import re
import shutil
import subprocess
from functools import cached_property
from pathlib import Path

from blocks import Block, blocks_of
from suite import expect

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "Sources" / "KaunterClient" / "Documentation.docc"
# The modules of the SDK, and the catalogue of pages that one of them has.
DOCUMENTED = {"KaunterClient": [CATALOGUE], "KaunterAPI": []}
COMPILE_TIMEOUT_SECONDS = 300

# What the blocks of that page have from their reader.
FROM_THE_READER = """
let (notificationKey, webhookSecret, rawQuery) = ("", "", "")
let (rawBody, headers): ([UInt8], [(name: String, value: String)]) = ([], [])
"""

# The products of others on which the guide's package may depend, and the targets behind them.
FOREIGN_PRODUCTS = {"Hummingbird": ["Hummingbird"]}


class Build:
    """The build to which a binary belongs."""

    def __init__(self, binary: Path):
        self.folder = binary.resolve().parent

    @cached_property
    def description(self) -> dict:
        """SwiftPM's own description of the build."""
        return json.loads((self.folder / "description.json").read_text())

    @cached_property
    def module_flags(self) -> list[str]:
        """What the compiler needs to find the modules, and the C modules which they import."""
        commands = self.description["swiftCommands"].values()
        given = next(each["otherArguments"] for each in commands
                     if each["moduleName"] == "kaunter")
        flags = ["-I", str(self.folder / "Modules")]
        for at, flag in enumerate(given):
            if flag == "-Xcc":
                flags += given[at:at + 2]
        return flags

    @cached_property
    def products(self) -> dict[str, list[str]]:
        """The products that our own manifest offers, and the targets of each."""
        return {each["name"]: each["targets"] for each in manifest(ROOT)["products"]}

    def objects(self, targets: list[str]) -> list[str]:
        """The object files of these targets and of all on which they depend, as linkers read it."""
        depends, found, open_targets = self.description["targetDependencyMap"], set(), list(targets)
        while open_targets:
            target = open_targets.pop()
            if target not in found:
                found.add(target)
                open_targets += depends.get(target, [])
        listed = (self.folder / "kaunter.product" / "Objects.LinkFileList").read_text()
        return [line for line in listed.splitlines()
                if any(f"/{target}.build/" in line for target in found)]

    def compile(self, source: Path, products: list[str], program: Path) -> None:
        """Compiles a main.swift with warnings as errors, and links it with these products."""
        objects = program.with_suffix(".objects")
        known = self.products | FOREIGN_PRODUCTS
        for each in products:
            expect(each in known, f"there is no product {each}")
        targets = [target for each in products for target in known[each]]
        objects.write_text("\n".join(self.objects(targets)))
        run(["swiftc", "-swift-version", "6", "-warnings-as-errors", "-module-name", program.name,
             *self.module_flags, source, "-o", program, f"@{objects}", "-lstdc++", "-lz"])

    def document(self, module: str, folder: Path) -> None:
        """Makes a module's documentation; a warning, such as a broken link, is an error."""
        symbols = folder / f"{module}-symbols"
        symbols.mkdir()
        run([toolchain("swift-symbolgraph-extract"), "-module-name", module,
             "-target", f"{platform.machine()}-unknown-linux-gnu", *self.module_flags,
             "-minimum-access-level", "public", "-output-dir", symbols])
        run([toolchain("docc"), "convert", *DOCUMENTED[module],
             "--additional-symbol-graph-dir", symbols, "--fallback-display-name", module,
             "--fallback-bundle-identifier", module, "--warnings-as-errors",
             "--output-path", folder / f"{module}.doccarchive"])


    def check(self, page: Path, folder: Path) -> None:
        """Has the compiler check the blocks of the SDK's page, each in a function of its own."""
        blocks = [each for each in blocks_of(page) if each.kind == "swift"]
        expect(blocks != [], f"{page.name} has no code")
        imports, functions = {"import Foundation"}, []
        for block in blocks:
            lines = block.text.splitlines()
            imports |= {line for line in lines if line.startswith("import ")}
            body = "\n".join(line for line in lines if not line.startswith("import "))
            functions.append(f"func line{block.line}() async throws {{\n{body}\n}}\n")
        source = folder / "page.swift"
        source.write_text("\n".join([*sorted(imports), FROM_THE_READER, *functions]))
        run(["swiftc", "-swift-version", "6", "-typecheck", *self.module_flags, source])


def described(folder: Path) -> dict[str, list[str]]:
    """The targets of the package in this folder, and the products on which each depends."""
    return {
        target["name"]: [each["product"][0] for each in target["dependencies"]]
        for target in manifest(folder)["targets"]
    }


def manifest(folder: Path) -> dict:
    """What the manifest in this folder says. Nothing is resolved or built."""
    return json.loads(run(["swift", "package", "--package-path", folder, "dump-package"]))


def compile_for(block: Block, work: Path, programs: Path, build: Build) -> None:
    """Compiles what a block runs by `swift run NAME`, with what the manifest gives that target."""
    targets = described(work)
    for name in re.findall(r"swift run (\w+)", block.text):
        expect(name in targets, f"the manifest has no {name}")
        build.compile(work / "Sources" / name / "main.swift", targets[name], programs / name)


def toolchain(tool: str) -> Path:
    """A tool that stands beside the compiler; its absence is a failure."""
    compiler = shutil.which("swiftc")
    expect(compiler is not None, "swiftc is not on PATH")
    path = Path(compiler).resolve().parent / tool
    expect(path.exists(), f"the toolchain has no {tool}")
    return path


def run(command: list) -> str:
    """Runs a tool; fails with what it said."""
    done = subprocess.run([str(each) for each in command], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=COMPILE_TIMEOUT_SECONDS)
    expect(done.returncode == 0, f"{Path(command[0]).name}: {done.stdout}{done.stderr}"[-3000:])
    return done.stdout
