#!/usr/bin/env python3
"""Writes THIRD-PARTY.md: every crate that the products contain, with its licence.

    tests/third_party.py           prints the page
    tests/third_party.py --write   writes it
    tests/third_party.py --check   fails when the page in the repository is not this one

What counts is what a person receives: the command-line phone, the practice site and the library of the
apps, on every platform, without what only builds or tests them (macros are of the compiler's side).
"""

import collections
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "THIRD-PARTY.md"
PRODUCTS = {"c": "countersign-cli", "l": "countersign-bindings", "p": "countersign-practice"}
HEAD = """\
# Third-party software

Countersign is made with the work of these projects. The table is written by
`tests/third_party.py --write` from `Cargo.lock`; `./check deny` fails when it is out of date,
and checks each licence against `deny.toml`.

In which product a crate is: **c** command line, **l** library of the apps, **p** practice site.

| crate | version | in | licence |
| --- | --- | --- | --- |
"""
TAIL = """
`libsqlite3-sys` carries SQLite, which its authors have put in the public domain.
`ring` carries code of BoringSSL and fiat-crypto; its own `LICENSE` file has their notices.
"""


def contained(product: str) -> set[tuple[str, str, str]]:
    """Name, version and licence of each crate from outside that `product` contains."""
    command = ["cargo", "tree", "--locked", "--package", product, "--target", "all"]
    command += ["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}|{l}"]
    lines = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    crates = set()
    for line in lines.splitlines():
        package, licence = line.removesuffix(" (*)").split("|")
        name, version, *path = package.split(" ")
        if not path:
            crates.add((name, version.removeprefix("v"), " ".join(licence.replace("/", " OR ").split())))
    return crates


def page() -> str:
    where = collections.defaultdict(list)
    for letter, product in PRODUCTS.items():
        for crate in contained(product):
            where[crate].append(letter)
    rows = [
        f"| {name} | {version} | {' '.join(where[name, version, licence])} | {licence} |\n"
        for name, version, licence in sorted(where)
    ]
    return HEAD + "".join(rows) + TAIL


def main(arguments: list[str]) -> int:
    text = page()
    if arguments == ["--write"]:
        PAGE.write_text(text, encoding="utf-8")
    elif arguments == ["--check"]:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            print("THIRD-PARTY.md is out of date: run tests/third_party.py --write")
            return 1
    elif arguments:
        print(__doc__, file=sys.stderr)
        return 2
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
