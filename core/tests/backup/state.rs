//! What the vault knows of its backups.

use countersign::authenticator::{Authenticator, BackupPlace};
use countersign::clock::Now;
use countersign::entropy::SystemEntropy;
use countersign::otp::Kind;
use countersign::reason::Reason;
use countersign::transfer::backup::OLD_AFTER_DAYS;
use countersign::vault::{NewWays, Shelf, Way};

use crate::kit::{NOW, PASSWORD, Phone, code, read};

fn after(days: i64) -> Now {
    Now { wall: NOW.wall.plus(days * 24 * 3600), ..NOW }
}

#[test]
fn a_change_that_is_in_no_backup_is_known_until_it_is_in_one() {
    let mut phone = Phone::with(&[code("A", "a", Kind::Steam), code("B", "b", Kind::Steam)]);
    let state = phone.core.backup_state(NOW).unwrap();
    assert_eq!(
        (state.last, state.missing, state.old_for_days, state.ways),
        (None, 2, None, vec![Way::Password])
    );
    assert!(phone.core.is_backup_due(NOW).unwrap());

    let backup = phone.backup();
    let id = phone.core.accounts(Shelf::InUse, NOW).unwrap()[0].id.clone();
    // Changed while the host was writing: that is not in it.
    phone.core.set_note(&id, "n", after(1)).unwrap();
    let last = phone.core.confirm_backup(&backup, backup.bytes(), NOW).unwrap();
    assert_eq!((last.at, last.accounts, last.damaged), (NOW.wall, 2, 0));
    let state = phone.core.backup_state(NOW).unwrap();
    assert_eq!((state.missing, state.last), (1, Some(last)));
    assert!(phone.core.is_backup_due(NOW).unwrap());

    let backup = phone.core.backup(after(1)).unwrap();
    phone.core.confirm_backup(&backup, backup.bytes(), NOW).unwrap();
    assert_eq!(phone.core.backup_state(NOW).unwrap().missing, 0);
    assert!(!phone.core.is_backup_due(NOW).unwrap());
    // What a backup does not hold makes none due; the trash and the order do.
    phone.core.new_backup_code(NOW).unwrap();
    assert!(!phone.core.is_backup_due(NOW).unwrap());
    phone.core.move_before(&id, None, NOW).unwrap();
    assert!(phone.core.is_backup_due(NOW).unwrap());
}

#[test]
fn an_old_one_is_told() {
    let mut phone = Phone::with(&[code("A", "a", Kind::Steam)]);
    let backup = phone.backup();
    phone.core.confirm_backup(&backup, backup.bytes(), NOW).unwrap();
    for (days, old) in
        [(0, None), (OLD_AFTER_DAYS - 1, None), (OLD_AFTER_DAYS, Some(90)), (400, Some(400)), (-5, None)]
    {
        assert_eq!(phone.core.backup_state(after(days)).unwrap().old_for_days, old, "{days}");
    }
}

#[test]
fn without_a_password_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let ways = NewWays { platform: Some(&[7; 32]), recovery: true, ..NewWays::default() };
    let path = folder.path().join("vault.db");
    let (mut core, _) = Authenticator::create(&path, &ways, Box::new(SystemEntropy::new()), NOW).unwrap();
    assert_eq!(core.backup(NOW).err(), Some(Reason::NoBackupPassword.into()));
    // A recovery code alone would be a paper that is lost with the rest.
    core.new_backup_code(NOW).unwrap();
    assert_eq!(core.backup(NOW).err(), Some(Reason::NoBackupPassword.into()));
}

#[test]
fn the_place_is_kept() {
    let mut phone = Phone::with(&[]);
    let place = BackupPlace { folder: "somewhere".to_owned(), keep: 0, is_automatic: true };
    phone.core.set_backup_place(Some(&place), NOW).unwrap();
    assert_eq!(phone.core.backup_state(NOW).unwrap().place, Some(BackupPlace { keep: 1, ..place.clone() }));
    let long = BackupPlace { folder: "x".repeat(5000), ..place };
    assert_eq!(phone.core.set_backup_place(Some(&long), NOW), Err(Reason::ValueTooLarge.into()));
    phone.core.set_backup_place(None, NOW).unwrap();
    assert_eq!(phone.core.backup_state(NOW).unwrap().place, None);
}

#[test]
fn more_than_fits_is_refused() {
    let note = "x".repeat(4096);
    let accounts: Vec<_> = (0..9000)
        .map(|n| countersign::account::Account {
            note: note.clone(),
            ..code("A", &n.to_string(), Kind::Steam)
        })
        .collect();
    let mut phone = Phone::with(&accounts);
    assert_eq!(phone.core.backup(NOW).err(), Some(Reason::BackupTooLarge.into()));
}

#[test]
fn of_a_damaged_account_the_names_are_kept() {
    let mut phone = Phone::with(&[code("A", "a", Kind::Steam), code("B", "b", Kind::Steam)]);
    let raw = rusqlite::Connection::open(phone.path()).unwrap();
    let rows: Vec<(Vec<u8>, Vec<u8>)> = {
        let mut rows = raw.prepare("SELECT locator, sealed FROM row WHERE book = 0").unwrap();
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let set = |locator: &[u8], sealed: &[u8]| {
        let set = "UPDATE row SET sealed = ? WHERE book = 0 AND locator = ?";
        assert_eq!(raw.execute(set, rusqlite::params![sealed, locator]).unwrap(), 1);
    };
    let mut lost = Vec::new();
    for (locator, sealed) in rows {
        set(&locator, &vec![0; sealed.len()]);
        // Without the row of its ways in there is no backup at all.
        if let Ok(backup) = phone.core.backup(NOW) {
            let batch = read(backup.bytes(), PASSWORD).unwrap();
            assert_eq!((batch.entries.len(), backup.damaged()), (2, 1));
            let entry = batch.entries.into_iter().find(|entry| entry.otp.is_err()).unwrap();
            assert_eq!(entry.otp, Err(Reason::EntryDamaged));
            lost.push(entry.name);
        }
        set(&locator, &sealed);
    }
    lost.sort();
    assert_eq!(lost, ["a", "b"]);
}
