"""Accounts of other apps: opened, previewed, imported, undone."""

import json

import countersign_ffi as library
from countersign_ffi import Differs, ImportNote, Odd, Reason, Shelf
from support import ROOT, SECRET, VaultTest, now, python_name

FILES = ROOT / "tests/fixtures/import"
PASSWORD = "correct horse ü".encode()


def opened(file):
    """The entries of a file, with the password of the fixtures where one is wanted."""
    found = library.open_import(file)
    if found.is_ENTRIES():
        return found.batch
    return run(found.file.unlock(PASSWORD, 0))


def run(unlocking):
    """Opens it to the end."""
    while not (progress := unlocking.step()).is_DONE():
        assert progress.done <= progress.of
    return progress.batch


class ImportTest(VaultTest):
    def test_every_file_of_ours_shows_its_entries(self):
        for name, expected in json.loads((FILES / "expected.json").read_text(encoding="utf-8")).items():
            if expected["password"] not in (None, PASSWORD.decode()):
                continue
            if "reason" in expected:
                reason = library.Reason[python_name(expected["reason"])]
                self.refused(reason, opened, (FILES / name).read_bytes())
                continue
            batch = opened((FILES / name).read_bytes())
            self.assertTrue(batch.kind().app and batch.kind().format)
            rows = self.core.preview_import(batch, now())
            shown = [(row.kind, row.issuer, row.name, row.algorithm, row.digits, row.period, row.counter) for row in rows]
            fields = "type", "issuer", "account", "algorithm", "digits", "period", "counter"
            self.assertEqual(shown, [tuple(entry.get(field) for field in fields) for entry in expected["entries"]], name)

    def test_chosen_entries_come_in_and_go_again(self):
        display = "&codeDisplay=%7B%22trashed%22%3Atrue%7D"
        lines = f"otpauth://totp/A:a?secret={SECRET}\notpauth://totp/B:b?secret=1\notpauth://totp/A:a?secret={SECRET}\n"
        lines += f"otpauth://totp/C:c?secret={SECRET}B&digits=8{display}"
        batch = opened(lines.encode())
        rows = self.core.preview_import(batch, now())
        self.assertEqual([row.chosen for row in rows], [True, False, False, False])
        self.assertTrue(rows[0].standing.is_NEW() and not rows[0].is_odd)
        self.assertEqual(rows[1].standing.reason, Reason.SECRET_NOT_BASE32)
        self.assertEqual(rows[2].standing.entry, 0)
        self.assertEqual((rows[3].odd, rows[3].notes), ([Odd.SECRET_ODD_LENGTH], [ImportNote.IN_TRASH]))
        self.refused(Reason.SECRET_NOT_BASE32, self.core.import_entries, batch, [0, 1], now())
        self.refused(Reason.NO_SUCH_ENTRY, self.core.import_entries, batch, [2**64 - 1], now())
        self.assertEqual(self.core.accounts(Shelf.IN_USE, now()), [])

        imported = self.core.import_entries(batch, [0, 3], now())
        self.assertEqual(len(imported.accounts), 2)
        again = self.core.preview_import(batch, now())
        self.assertEqual(again[0].standing.account, imported.accounts[0])
        renamed = opened(f"otpauth://totp/Z:z?secret={SECRET}".encode())
        self.assertEqual(self.core.preview_import(renamed, now())[0].standing.what, [Differs.NAMES])
        (past,) = self.core.past_imports(now())
        self.assertEqual((past.id, past.accounts), (imported.id, 2))
        self.assertEqual(self.core.undo_import(past.id, now()), 2)
        self.assertEqual(self.core.accounts(Shelf.IN_USE, now()), [])
        self.assertTrue(self.core.preview_import(batch, now())[0].standing.is_IN_TRASH())
        self.refused(Reason.NO_SUCH_IMPORT, self.core.undo_import, past.id, now())

    def test_a_password_and_what_it_costs(self):
        file = (FILES / "ente/encrypted.txt").read_bytes()
        locked = library.open_import(file).file
        self.assertEqual((locked.kind().app, locked.kind().format), ("Ente Auth", "ente_encrypted"))
        (cost,) = locked.costs()
        self.assertEqual((cost.memory_kib, cost.rounds, cost.in_slices), (1024, 2, False))
        self.assertEqual(locked.trial(), 0)
        self.assertFalse(locked.takes_code())
        self.refused(Reason.NO_CODE_SLOT, locked.unlock_with_code, b"")
        self.assertIsNone(locked.over_limit(0))
        over = locked.over_limit(1000)
        self.assertEqual((over.wanted, over.most, over.unit), (1024, 1000, "KiB"))
        self.refused(Reason.DERIVATION_TOO_COSTLY, locked.unlock, PASSWORD, 1000)
        self.refused(Reason.IMPORT_WRONG_PASSWORD, locked.unlock(b"no", 0).step)

    def test_parts_in_any_order(self):
        last, first, middle, _ = (opened(line) for line in (FILES / "google/version2.txt").read_bytes().split(b"\n"))
        two = last.joined(first)
        self.assertEqual((two.missing_parts(), two.part_count()), ([2], 3))
        self.assertEqual(len(self.core.preview_import(two.joined(first).joined(middle), now())), 3)

    def test_what_is_no_export(self):
        for file, reason in (
            (b"", Reason.NOT_AN_IMPORT),
            (b"\x89PNG\r\n\x1a\n" + bytes(50), Reason.PICTURE_DAMAGED),
            (b'{"a":' * 100_000, Reason.IMPORT_DAMAGED),
        ):
            self.refused(reason, library.open_import, file)
