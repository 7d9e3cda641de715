"""Backups: made, confirmed by what was read, opened again."""

import countersign_ffi as library
from countersign_ffi import BackupPlace, BackupWarning, CountersignError, ImportNote, Reason, Shelf, Way
from support import VaultTest, now

PASSWORD = b"correct horse battery"


def opened(unlocking):
    while not (progress := unlocking.step()).is_DONE():
        pass
    return progress.batch


class BackupTest(VaultTest):
    def backed_up(self):
        backup = self.core.backup(now())
        self.core.confirm_backup(backup, backup.bytes(), now())
        return backup.bytes()

    def test_it_counts_once_it_was_read(self):
        self.add("alice")
        self.refused(Reason.NO_BACKUP_PASSWORD, self.core.backup, now())
        state = self.core.backup_state(now())
        self.assertEqual((state.last, state.missing, state.ways, state.place), (None, 1, [], None))
        self.assertEqual((state.warning, library.backups_kept()), (BackupWarning.NONE_YET(), 10))
        self.core.set_backup_password(PASSWORD, now())
        backup = self.core.backup(now())
        self.assertEqual((backup.accounts(), backup.damaged()), (1, 0))
        for read in (b"", backup.bytes()[:-1], backup.bytes()[:-1] + b"x"):
            self.refused(Reason.BACKUP_UNVERIFIED, backup.check, read)
            self.refused(Reason.BACKUP_UNVERIFIED, self.core.confirm_backup, backup, read, now())
        self.assertTrue(self.core.is_backup_due(now()))
        backup.check(backup.bytes())
        last = self.core.confirm_backup(backup, backup.bytes(), now())
        self.assertEqual((last.at, last.accounts), (backup.made_at(), 1))
        state = self.core.backup_state(now())
        self.assertEqual((state.last, state.missing, state.old_for_days, state.ways), (last, 0, None, [Way.PASSWORD]))
        self.assertFalse(self.core.is_backup_due(now()))
        later = now(wall=last.at + 91 * 24 * 3600)
        self.assertEqual(self.core.backup_state(later).warning, BackupWarning.OLD(91))
        self.add("bob")
        self.assertTrue(self.core.is_backup_due(now()))
        self.assertEqual(self.core.backup_state(now()).warning, BackupWarning.MISSING(1))

    def test_everything_comes_back_by_password_and_by_code(self):
        kept, trashed = self.add("alice"), self.add("bob")
        self.core.set_tags(kept, ["work"], now())
        self.core.remove(trashed, now())
        self.core.set_backup_password(PASSWORD, now())
        code = self.core.new_backup_code(now())
        file = self.backed_up()
        self.assertTrue(library.is_backup(file) and not library.is_backup(b"{}"))

        other = library.create_with_platform(str(self.folder / "other.db"), self.KEY, now()).authenticator
        locked = library.open_import(file).file
        self.assertEqual((locked.kind().app, locked.takes_code()), ("Countersign", True))
        self.refused(Reason.RECOVERY_CODE_MISTYPED, locked.unlock_with_code, b"0")
        batch = opened(locked.unlock_with_code(code.text()))
        self.assertIsNotNone(batch.made_at())
        rows = other.preview_import(opened(locked.unlock(PASSWORD, 0)), now())
        self.assertEqual([(row.name, row.notes) for row in rows], [("alice", []), ("bob", [ImportNote.BACK_TO_TRASH])])
        other.import_entries(batch, [row.entry for row in rows if row.chosen], now())
        (summary,) = other.accounts(Shelf.IN_USE, now())
        self.assertEqual((summary.name, summary.tags), ("alice", ["work"]))
        self.assertEqual([there.name for there in other.accounts(Shelf.TRASH, now())], ["bob"])

    def test_where_they_go_and_which_are_old(self):
        place = BackupPlace(folder="content://backups", keep=2, is_automatic=True)
        self.core.set_backup_place(place, now())
        self.assertEqual(self.core.backup_state(now()).place, place)
        too_long = BackupPlace(folder="x" * 4097, keep=2, is_automatic=True)
        self.refused(Reason.VALUE_TOO_LARGE, self.core.set_backup_place, too_long, now())
        self.core.set_backup_place(None, now())
        self.assertIsNone(self.core.backup_state(now()).place)
        names = [self.core.backup_name(1_800_000_000 + second, 1) for second in range(3)]
        start = f"countersign-{self.core.vault_id()[:8]}-"
        self.assertEqual(names[0], f"{start}20270115T080000Z.backup")
        self.assertEqual(self.core.backup_name(1_800_000_000, 2), f"{start}20270115T080000Z-2.backup")
        self.assertEqual(self.core.superseded_backups([*names, "letter.txt"], names[2], 2), names[:1])

    def test_a_locked_vault_gives_none(self):
        self.core.set_backup_password(PASSWORD, now())
        self.core.lock()
        with self.assertRaises(CountersignError.Locked):
            self.core.backup(now())
