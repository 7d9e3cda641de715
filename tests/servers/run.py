"""The tests of all servers side by side: each has servers and phones of its own, and much of it is waiting.

    python3 tests/servers/run.py

One class alone, in this folder: `python3 -m unittest -v test_edumfa.Missing`. Either way COUNTERSIGN_BIN and
COUNTERSIGN_SERVERS say where the phone and the servers are, and PYTHONPATH where the library of the apps is, as
`./check servers` sets them.
"""

import concurrent.futures
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def run(module: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "unittest", "--verbose", module]
    return subprocess.run(command, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def main() -> int:
    modules = sorted(file.stem for file in HERE.glob("test_*.py"))
    with concurrent.futures.ThreadPoolExecutor(len(modules)) as pool:
        runs = {pool.submit(run, module): module for module in modules}
        failed = False
        for done in concurrent.futures.as_completed(runs):
            ended = done.result()
            # In one piece: whoever counts finds its sums.
            print(f"{runs[done]}:\n{ended.stdout}", flush=True)
            if ended.returncode != 0:
                # Also one that was killed after it said OK; negative: by that signal.
                print(f"{runs[done]} ended with {ended.returncode}", flush=True)
                failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main())
