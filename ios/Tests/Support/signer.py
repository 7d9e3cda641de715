"""Keeps P-256 keys for tests and signs with them: `create ID` and `sign ID HEX` on standard input, hex on standard output."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tests/bindings"))

import p256  # noqa: E402  # found by the line above

keys = {}
for line in sys.stdin:
    command, name, *rest = line.split()
    if command == "create":
        print(keys.setdefault(name, p256.Key()).public.hex(), flush=True)
    else:
        print(keys[name].sign(bytes.fromhex(rest[0])).hex() if name in keys else "gone", flush=True)
