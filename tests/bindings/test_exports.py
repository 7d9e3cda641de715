"""Accounts for other apps and for paper: foretold, written, read again."""

import inspect
import json

import countersign_ffi as library
from countersign_ffi import AegisKey, Carried, CountersignError, ExportFormat, ExportTarget, LeftOut, Lost, Reason, TwoFasKey
from support import SECRET, VaultTest, now

PASSWORD = b"correct horse"


def words():
    """Words of a sheet, each its own name."""
    texts = {name: name for name in inspect.signature(library.SheetWords).parameters}
    return library.SheetWords(**{**texts, "paragraphs": ["print it", "keep it"]})


class ExportTest(VaultTest):
    def setUp(self):
        super().setUp()
        self.alice = self.add("alice")
        self.seven = self.add("seven", "&digits=7")
        self.core.set_note(self.alice, "a note", now())

    def export(self, target, accounts=None):
        return self.core.export(target, accounts, now())

    def entries(self, file):
        """What our own import reads of it."""
        rows = self.core.preview_import(library.open_import(file).batch, now())
        return [(row.issuer, row.name, row.digits or 6, row.standing.is_SAME()) for row in rows]

    def test_what_a_format_carries_is_known_before(self):
        rows = self.core.preview_export(ExportFormat.GOOGLE, None, now())
        self.assertEqual([row.id for row in rows], [self.alice, self.seven])
        self.assertEqual([row.carried for row in rows], [Carried.WITHOUT([Lost.NOTE]), Carried.LEFT_OUT(LeftOut.DIGITS)])
        self.assertEqual(self.export(ExportTarget.GOOGLE()).rows(), rows)
        (whole,) = self.core.preview_export(ExportFormat.AEGIS, [self.alice], now())
        self.assertEqual((whole.issuer, whole.name, whole.carried), ("Example", "alice", Carried.WHOLE()))
        with self.assertRaises(CountersignError.NoSuchAccount):
            self.core.preview_export(ExportFormat.CXF, ["nobody"], now())

    def test_files_are_read_again(self):
        both = [("Example", "alice", 6, True), ("Example", "seven", 7, True)]
        for target in (ExportTarget.OTPAUTH(), ExportTarget.AEGIS(None), ExportTarget.CXF()):
            export = self.export(target)
            self.assertEqual((self.entries(export.file()), export.code_count()), (both, 0), target)
        self.assertEqual(self.entries(self.export(ExportTarget.TWO_FAS(None), [self.alice]).file()), both[:1])
        page = self.export(ExportTarget.SHEET(words())).file().decode()
        for word in ("<html", "print it", "keep it", "title", "made"):
            self.assertIn(word, page)
        self.core.rename(self.alice, "Example", "alice@example.com", now())
        table = self.export(ExportTarget.ENTRA()).file().decode()
        self.assertIn(f",{SECRET},", table)

    def test_under_a_password(self):
        takes = [format.name for format in ExportFormat if library.export_takes_password(format)]
        self.assertEqual(takes, ["AEGIS", "TWO_FAS"])
        for target in (
            ExportTarget.AEGIS(AegisKey.derive(PASSWORD)),
            ExportTarget.TWO_FAS(TwoFasKey.derive(PASSWORD)),
        ):
            file = self.export(target, [self.alice]).file()
            self.assertTrue(json.loads(file) and SECRET.encode() not in file)
            locked = library.open_import(file).file
            unlocking = locked.unlock(PASSWORD, 0)
            while not (progress := unlocking.step()).is_DONE():
                self.assertLessEqual(progress.done, progress.of)
            (row,) = self.core.preview_import(progress.batch, now())
            self.assertEqual(row.standing.account, self.alice)

    def test_codes_to_scan(self):
        for name in range(12):
            self.add(f"account{name}")
        export = self.export(ExportTarget.GOOGLE())
        self.assertIsNone(export.file())
        self.assertGreater(export.code_count(), 1)
        batches = [library.open_import(export.code_png(place, 4)).batch for place in range(export.code_count())]
        self.assertTrue(batches[1].missing_parts())
        whole = batches[0]
        for batch in batches[1:]:
            whole = whole.joined(batch)
        self.assertEqual((whole.missing_parts(), len(self.core.preview_import(whole, now()))), ([], 13))
        self.refused(Reason.NO_SUCH_ENTRY, export.code_png, export.code_count(), 4)

    def test_what_a_file_is_called(self):
        names = [library.export_file_name(format) for format in ExportFormat]
        self.assertEqual((names.count(None), library.export_file_name(ExportFormat.GOOGLE)), (1, None))
        self.assertEqual(library.export_file_name(ExportFormat.TWO_FAS), "countersign.2fas")
