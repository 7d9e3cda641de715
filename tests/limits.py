"""Compares what the benchmarks measured with the limits that this project has set itself.

    limits.py CRITERION LOG LIBRARY

CRITERION is the folder of Criterion's results, LOG what the benchmarks printed, LIBRARY the library for phones. A time
depends on the machine and on what else it does: it fails when it is more than twice its limit, and is told when it is
above it. A size does not: it fails above its limit. A figure that is not there fails as well.
"""

import json
import math
import os
import re
import sys
from pathlib import Path

US, MS = 1e3, 1e6  # in nanoseconds, as Criterion counts
TWICE = 2

TIMES = {
    "exports/otpauth, 10,000 accounts": 100 * MS,
    "exports/Aegis, plain, 10,000 accounts": 100 * MS,
    "imports/otpauth, 10,000 accounts": 100 * MS,
    "imports/Aegis, plain, 10,000 accounts": 100 * MS,
    "imports/Google, 100 parts": 100 * MS,
    "otp/1000 accounts, nothing changed": 20 * US,
    "otp/1000 accounts, a period begins": 0.4 * MS,
    "vault/open 10,000 and show 50": 30 * MS,
    'vault/search 10,000 for "e"': 5 * MS,
    'vault/search 10,000 for "lastname77"': 5 * MS,
    'vault/search 10,000 for "work example 42"': 5 * MS,
    'vault/search 10,000 for "nothing like it"': 5 * MS,
    "vault/one change in 10,000 with its sync": 10 * MS,
    "qr/frame of 1 megapixel, with a code": 3 * MS,
    "qr/frame of 1 megapixel, a scene without": 5 * MS,
    "qr/frame of 1 megapixel, noise": 20 * MS,
    "qr/picture of 12 megapixels/a scene without": 2000 * MS,
    "qr/picture of 12 megapixels/noise": 2000 * MS,
    "approval/Keycloak Push MFA, ES256": 2 * MS,
    "approval/Keycloak Push MFA, ES256, keys of the command line": 2 * MS,
    "approval/eduMFA, ES256": 2 * MS,
    "approval/App Authenticator, ES256": 2 * MS,
    "approval/look at 50 accounts of Keycloak Push MFA": 50 * MS,
    "approval/look at 50 accounts of App Authenticator": 50 * MS,
    "approval/look at 50 accounts of eduMFA": 50 * MS,
    "approval/look at 50 accounts of privacyIDEA, RSA-3072, without its signatures": 50 * MS,
    "approval/look at 50 accounts of eduMFA's older form, RSA-3072, without its signatures": 50 * MS,
}
REPORTED = [  # an RSA signature takes what it takes
    "approval/privacyIDEA, RSA-3072",
    "approval/privacyIDEA, RSA-4096",
    "approval/eduMFA's older form, RSA-3072",
    "approval/eduMFA's older form, RSA-4096",
    "approval/look at 50 accounts of privacyIDEA, RSA-3072",
    "approval/look at 50 accounts of eduMFA's older form, RSA-3072",
    "approval/tiqr, OCRA",
]
RATIOS = [("otp/one account, current and next", "otp/the same by bare totp_rs", 1.2)]
if Path(os.environ.get("COUNTERSIGN_FIXTURES") or "none").is_dir():  # else its files are not there to be measured
    RATIOS.append(("imports/every file", "imports/the keys of every file", 1.1))
MEMORY = [  # the largest of what the pattern finds
    ("memory of opening 10,000 accounts (kB)", r"vault/memory of opening 10,000: (\d+) kB", 25_000),
    ("memory of 50 approvals (kB)", r"approval/memory of 50 flows, .*: (\d+) kB", 1_000),
]
LIBRARY_BYTES = 5_000_000


def medians(folder):
    """Nanoseconds of each benchmark, by its name."""
    found = {}
    for benchmark in folder.glob("**/new/benchmark.json"):
        estimates = json.loads(benchmark.with_name("estimates.json").read_text(encoding="utf-8"))
        name = json.loads(benchmark.read_text(encoding="utf-8"))["full_id"]
        found[name] = estimates["median"]["point_estimate"]
    return found


def figures(folder, log, library):
    """Name, figure or None, limit, and how many times the limit fails."""
    times = medians(folder)
    for name, limit in TIMES.items():
        yield f"{name} (ms)", name in times and times[name] / MS, limit / MS, TWICE
    for ours, bare, limit in RATIOS:
        name = f"{ours} / {bare.partition('/')[2]}"
        yield name, {ours, bare} <= times.keys() and times[ours] / times[bare], limit, TWICE
    printed = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    for name, pattern, limit in MEMORY:
        yield name, max(map(int, re.findall(pattern, printed)), default=None), limit, 1
    for name in REPORTED:
        yield f"{name} (ms)", name in times and times[name] / MS, math.inf, 1
    yield "library for phones (bytes)", library.is_file() and library.stat().st_size, LIBRARY_BYTES, 1


def judge(figure, limit, times):
    """What is said of a figure, and whether it fails."""
    if figure is None or figure is False:
        return "NOT MEASURED", True
    if figure > limit * times:
        return "FAR ABOVE ITS LIMIT" if times > 1 else "ABOVE ITS LIMIT", True
    return "above its limit, on this machine and at this time" if figure > limit else "within", False


def shown(number):
    if not number:
        return "-"
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def main(folder, log, library):
    bad = 0
    for name, figure, limit, times in figures(Path(folder), Path(log), Path(library)):
        verdict, fails = judge(figure, limit, times)
        print(f"{name}: {shown(figure)}" + (f", limit {shown(limit)}: {verdict}" if limit < math.inf or fails else ""))
        bad += fails
    return bad


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) > 0)
