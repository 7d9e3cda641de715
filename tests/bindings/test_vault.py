"""Opening, locking, ways in, and every error of a vault."""

import contextlib
import hashlib
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import countersign_ffi as library
from countersign_ffi import Authenticator, Background, CodeMistake, CountersignError, Finding, Head, Reason, Way
from support import PASSWORD, VaultTest, now

HOLD = """
import sqlite3, sys
sqlite3.connect(sys.argv[1], isolation_level=None).execute("BEGIN IMMEDIATE")
print(flush=True)
sys.stdin.read()
"""


class VaultFileTest(VaultTest):
    def test_a_recovery_code_is_shown_once_and_opens(self):
        code = self.created.recovery_code
        text = code.text()
        groups = text.split(b"-")
        self.assertEqual(len(groups), 8)
        self.assertTrue(all(code.has_group(number, group) for number, group in enumerate(groups, 1)))
        self.assertFalse(code.has_group(1, groups[1] if groups[1] != groups[0] else b"none"))
        self.assertFalse(code.has_group(0, b"\xff") or code.has_group(2**32 - 1, groups[0]))
        self.assertTrue(self.core.check_recovery_code(text))
        core = Authenticator.open(self.path)
        self.assertIsInstance(core.unlock(core.open_by_recovery_code(text), None, now()), Finding.CLEAN)
        new = self.core.new_recovery_code(now())
        self.assertFalse(self.core.check_recovery_code(text))
        self.assertTrue(self.core.check_recovery_code(new.text()))

    def test_every_mistake_of_a_recovery_code(self):
        text = self.created.recovery_code.text()
        other = library.create_with_platform(str(self.folder / "other.db"), self.KEY, now()).recovery_code.text()
        changed = (b"2" if text[:1] != b"2" else b"3") + text[1:]
        for typed, kind in (
            (b"", CodeMistake.LENGTH),
            (b"\xff\xfe", CodeMistake.LENGTH),
            (b"!" + text[1:], CodeMistake.SYMBOL),
            (changed, CodeMistake.CHECK),
            (other, CodeMistake.OTHER),
        ):
            with self.assertRaises(CountersignError.WrongRecoveryCode) as caught:
                self.core.open_by_recovery_code(typed)
            self.assertIsInstance(caught.exception.mistake, kind)

    def test_a_password(self):
        path = str(self.folder / "with-password.db")
        created = library.create_with_password(path, PASSWORD, False, now())
        self.assertIsNone(created.recovery_code)
        core = created.authenticator
        self.assertEqual(self.core.ways(), [Way.PLATFORM, Way.RECOVERY])
        self.assertEqual(core.ways(), [Way.PASSWORD])
        with self.assertRaises(CountersignError.WrongPassword):
            core.open_by_password(b"another")
        self.refused(Reason.NO_SUCH_WAY, core.open_by_platform, self.KEY)
        self.refused(Reason.NO_WAY_BACK, core.set_password, b"", now())
        self.refused(Reason.VALUE_TOO_LARGE, core.set_password, b"x" * 2000, now())
        self.refused(Reason.NO_WAY_BACK, core.remove_way, Way.PASSWORD, now())
        core.set_password(b"another", now())
        with self.assertRaises(CountersignError.WrongPassword):
            core.open_by_password(PASSWORD)
        core.lock()
        core.unlock(core.open_by_password(b"another"), None, now())
        core.set_platform(self.KEY, now())
        core.remove_way(Way.PLATFORM, now())
        self.assertEqual(core.ways(), [Way.PASSWORD])
        self.refused(Reason.NO_WAY_BACK, library.create_with_password, path + "2", b"", True, now())

    def test_locking(self):
        account = self.add()
        start = now()
        self.core.touch(start)
        self.assertIsNone(self.core.lock_at())
        self.core.set_grace(1000)
        self.core.touch(start)
        self.assertEqual(self.core.lock_at(), start.steady_ms + 1000)
        late = now(steady_ms=start.steady_ms + 1000)
        self.assertFalse(self.core.is_locked(start))
        self.assertTrue(self.core.is_locked(late))
        opened = self.core.open_by_platform(self.KEY)
        for call in (
            lambda: self.core.head(),
            lambda: self.core.touch(late),
            lambda: self.core.accounts(library.Shelf.IN_USE, late),
            lambda: self.core.search("x", library.Shelf.IN_USE, late),
            lambda: self.core.codes([account], late),
            lambda: self.core.details(account, late),
            lambda: self.core.rename(account, "a", "b", late),
            lambda: self.core.watch_key(late),
            lambda: self.core.begin(library.Job.CHECK(account), late),
            lambda: self.core.unfinished(late),
            lambda: self.core.set_platform(bytes(32), late),
            lambda: self.core.new_recovery_code(late),
            lambda: self.core.add(library.recognise(b"otpauth://totp/a?secret=GEZDGNBV"), late),
        ):
            with self.assertRaises(CountersignError.Locked):
                call()
        self.core.unlock(opened, None, late)
        self.assertFalse(self.core.is_locked(late))
        # Threads call in another order than they read the clock; another start of the device is further back.
        self.assertFalse(self.core.is_locked(start))
        self.assertTrue(self.core.is_locked(now(steady_ms=max(0, late.steady_ms - 120_000))))

    def test_an_older_copy_is_noticed(self):
        self.add()
        self.core.lock()
        copy = self.folder / "copy.db"
        copy.write_bytes((self.folder / "vault.db").read_bytes())
        self.core = self.reopened()
        self.add("bob")
        head = self.core.head()
        older = Authenticator.open(str(copy))
        self.assertEqual(older.vault_id(), self.core.vault_id())
        opened = older.open_by_platform(self.KEY)
        finding = older.unlock(opened, head, now())
        self.assertIsInstance(finding, Finding.ROLLED_BACK)
        self.assertLess(finding.found.generation, head.generation)
        self.assertTrue(older.is_locked(now()))
        self.assertIsInstance(older.unlock_older(opened, head, now()), Finding.CLEAN)
        self.assertGreater(older.head().generation, head.generation)
        with self.assertRaises(CountersignError.WrongLength):
            older.unlock(opened, Head(generation=1, tag=b"short"), now())

    def test_bytes_of_the_wrong_length(self):
        for call in (
            lambda: self.core.open_by_platform(b"short"),
            lambda: self.core.set_platform(b"", now()),
            lambda: library.create_with_platform(self.path + "2", bytes(33), now()),
            lambda: Background.open(self.path, b""),
        ):
            with self.assertRaises(CountersignError.WrongLength):
                call()
        self.assertFalse(Path(self.path + "2").exists())

    def test_keys_of_another_vault(self):
        with self.assertRaises(CountersignError.PlatformKeyGone):
            self.core.open_by_platform(bytes(32))
        with self.assertRaises(CountersignError.WrongWatchKey):
            Background.open(self.path, bytes(32))
        old = self.core.watch_key(now())
        self.core.set_platform(bytes(32), now())
        with self.assertRaises(CountersignError.WrongWatchKey):
            Background.open(self.path, old)
        old = self.core.watch_key(now())
        self.core.renew_watch(now())
        with self.assertRaises(CountersignError.WrongWatchKey):
            Background.open(self.path, old)
        self.assertEqual(self.core.verify(now()), [])

    def test_files_that_are_no_vault(self):
        with self.assertRaises(CountersignError.VaultExists):
            library.create_with_platform(self.path, self.KEY, now())
        for call in (Authenticator.open, lambda path: library.create_with_platform(path, self.KEY, now())):
            with self.assertRaises(CountersignError.NoVault):
                call(str(self.folder / "none" / "vault.db"))
        for content in (b"", b"x" * 5000, b"SQLite format 3\0" + bytes(5000)):
            path = self.folder / "other.db"
            path.write_bytes(content)
            with self.assertRaises(CountersignError.Unreadable) as caught:
                Authenticator.open(str(path))
            self.assertIn(caught.exception.reason, (Reason.NOT_A_VAULT, Reason.VAULT_DAMAGED))

    def test_a_damaged_vault(self):
        path = self.changed_copy("UPDATE root SET sealed = zeroblob(length(sealed)) WHERE book = 0")
        damaged = Authenticator.open(path)
        opened = damaged.open_by_platform(self.KEY)
        with self.assertRaises(CountersignError.Unreadable) as caught:
            damaged.unlock(opened, None, now())
        self.assertEqual(caught.exception.reason, Reason.VAULT_DAMAGED)

    def test_a_newer_vault(self):
        newer = self.changed_copy("PRAGMA user_version = 1000")
        with self.assertRaises(CountersignError.Unreadable) as caught:
            Authenticator.open(newer)
        self.assertEqual(caught.exception.reason, Reason.NEWER_VERSION)

    def changed_copy(self, change):
        """The path of a copy of the vault in which somebody has run this."""
        self.core.lock()
        path = str(self.folder / "changed.db")
        with contextlib.closing(sqlite3.connect(self.path)) as file:
            file.execute("VACUUM INTO ?", (path,))
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.execute(change)
        return path

    def test_a_place_that_cannot_be_written(self):
        with self.assertRaises((CountersignError.NotWritten, CountersignError.NoVault)) as caught:
            library.create_with_platform("/sys/countersign.db", self.KEY, now())
        reason = getattr(caught.exception, "reason", None)
        self.assertIn(reason, (Reason.READ_ONLY, Reason.SYSTEM_FAILED, None))

    def test_another_process_that_writes(self):
        account = self.add()
        # Locks of files are a process's own: another one has to hold it.
        with subprocess.Popen([sys.executable, "-c", HOLD, self.path], stdin=-1, stdout=-1) as other:
            other.stdout.readline()
            with self.assertRaises(CountersignError.InUse):
                self.core.rename(account, "a", "b", now())
        self.core.rename(account, "a", "b", now())

    def test_rows_of_the_app(self):
        key = hashlib.sha256(b"key").digest()
        self.assertIsNone(self.core.host_row("key-1", now()))
        self.core.put_host_row("key-1", key, now())
        self.assertEqual(self.reopened().host_row("key-1", now()), key)
        self.core.remove_host_rows(["key-1", "key-2"], now())
        self.assertIsNone(self.core.host_row("key-1", now()))
        self.refused(Reason.VALUE_TOO_LARGE, self.core.put_host_row, "key-1", bytes(200_000), now())

    def test_no_text_of_an_error_tells_a_secret(self):
        with self.assertRaises(CountersignError) as caught:
            self.core.open_by_recovery_code(b"hunter2 hunter2")
        self.assertNotIn("hunter2", f"{caught.exception} {caught.exception!r}")

    def test_a_password_is_derived_without_holding_the_vault(self):
        self.core.set_password(PASSWORD, now())
        slow = threading.Thread(target=self.core.open_by_password, args=[PASSWORD])
        slow.start()
        calls = 0
        while slow.is_alive():
            self.core.is_locked(now())
            calls += 1
        slow.join()
        # If the object were held, one call at most would go through, the first.
        self.assertGreater(calls, 5)
