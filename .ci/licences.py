#!/usr/bin/env python3
"""The licences of everything that is compiled into the released programs, with their texts, on stdout.

    .ci/licences.py TARGET

cargo names the crates; the texts are those in each crate, the compiler's for the standard library, and Debian's copy
for glibc, which is linked into the programs for Linux.
"""

import json
import subprocess
import sys
from pathlib import Path

NAMES = ("LICEN", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT")
RULE = "\n" + "=" * 100 + "\n"
LGPL = Path("/usr/share/common-licenses/LGPL-2.1")


def cargo(*arguments: str) -> str:
    return subprocess.run(["cargo", *arguments], check=True, capture_output=True, text=True).stdout


def compiled(target: str) -> set[tuple[str, str]]:
    """Name and version of each crate in one of the programs; not what runs while they are compiled."""
    tree = ["tree", "--locked", "--target", target, "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]
    printed = cargo(*tree, "-p", "builder", "-p", "publisher", "-p", "reader", "-p", "lambda")
    return {(name, version[1:]) for name, version, *_ in (line.split() for line in printed.splitlines() if line)}


def texts(directory: Path, names: tuple[str, ...] = NAMES) -> list[str]:
    paths = sorted(path for path in directory.iterdir() if path.is_file() and path.name.upper().startswith(names))
    return [path.read_text(errors="replace").strip() for path in paths]


def parts(target: str) -> list[tuple[str, list[str]]]:
    """What the programs contain, and the texts that go with it."""
    wanted = compiled(target)
    packages = json.loads(cargo("metadata", "--locked", "--all-features", "--format-version", "1"))["packages"]
    if unknown := wanted - {(package["name"], package["version"]) for package in packages}:
        sys.exit(f"error: cargo metadata has no package for {sorted(unknown)}")
    found: list[tuple[str, list[str]]] = []
    for package in sorted(packages, key=lambda package: (package["name"], package["version"])):
        if (package["name"], package["version"]) in wanted and package["source"] is not None:
            crate = f"{package['name']} {package['version']}: {package['license'] or 'see its text'}"
            found.append((crate, texts(Path(package["manifest_path"]).parent)))
    sysroot = Path(subprocess.run(["rustc", "--print", "sysroot"], check=True, capture_output=True, text=True).stdout.strip())
    rust = texts(sysroot / "share/doc/rust/licenses", ("APACHE-2.0", "MIT"))
    found.append(("the Rust standard library: MIT OR Apache-2.0", rust))
    if "linux-gnu" in target:
        glibc = "the GNU C Library: LGPL-2.1-or-later; to link another version of it, compile the sources with `make tools`"
        found.append((glibc, [LGPL.read_text().strip()]))
    return found


def main(target: str) -> None:
    found = parts(target)
    print("Coldpress is under the MIT licence, in LICENSE. Its programs contain:\n")
    # A text that many have is printed once, under all of them.
    users: dict[str, tuple[str, list[str]]] = {}
    for name, licences in found:
        print(name if licences else f"{name} (has no copy of the text)")
        for text in licences:
            users.setdefault(" ".join(text.split()), (text, []))[1].append(name.split(":")[0])
    for text, names in users.values():
        print(RULE, ", ".join(names), "", text, sep="\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: licences.py TARGET")
    main(sys.argv[1])
