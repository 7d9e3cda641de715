"""That the library's memory is wiped as it is freed, whoever frees it."""

import ctypes
import unittest

import countersign_ffi as library


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
