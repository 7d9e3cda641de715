"""That the library's memory is wiped as it is freed, whoever frees it."""

import ctypes
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import countersign_ffi as library

HERE = Path(__file__).parent


class MemoryTest(unittest.TestCase):
    def test_a_returned_buffer_is_wiped_when_it_is_freed(self):
        # As generated code does it: the library fills a buffer, the app reads it and has it freed. Small enough for a
        # heap that stays mapped; its first bytes are the heap's own once it is free.
        size, of_heap = 4096, 64
        status = library._UniffiRustCallStatus.default()
        buffer = library._UniffiLib.ffi_countersign_ffi_rustbuffer_alloc(size, ctypes.byref(status))
        ctypes.memset(buffer.data, 0x5A, size)
        address = ctypes.addressof(buffer.data.contents)
        self.assertEqual(ctypes.string_at(address, size), b"\x5a" * size)
        library._UniffiLib.ffi_countersign_ffi_rustbuffer_free(buffer, ctypes.byref(status))
        self.assertNotIn(0x5A, ctypes.string_at(address + of_heap, size - 2 * of_heap))

    @unittest.skipUnless(sys.platform == "linux", "the spy is preloaded as on Linux")
    def test_no_block_that_the_library_frees_has_a_secret_in_it(self):
        with tempfile.TemporaryDirectory() as folder:
            spy = Path(folder) / "spy.so"
            compiler = [os.environ.get("CC", "cc"), "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
            subprocess.run([*compiler, "-o", spy, HERE / "spy.c"], check=True)
            environment = {**os.environ, "LD_PRELOAD": str(spy)}
            run = subprocess.run(
                [sys.executable, HERE / "spied.py"], env=environment, capture_output=True, text=True, timeout=300
            )
        print(run.stdout)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        # A spy that sees nothing finds nothing.
        self.assertRegex(run.stdout, r"counted: bindings: \d{4,} blocks freed by the library, 0 with a secret in")
