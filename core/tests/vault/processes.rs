//! Several openings of one file, as several processes have them: SQLite's locks are those between processes.

use std::path::Path;

use countersign::vault::{Part, Shelf, ValueKind, Vault, VaultError};
use rusqlite::Connection;

use crate::kit::{NOW, Place, account, add, open, raw};

#[test]
fn each_sees_what_the_other_committed() {
    let mut place = Place::new();
    let (mut first, _) = place.create();
    let mut second = place.open();
    let id = add(&mut first, &account("Example", "alice"));
    assert_eq!(second.account(&id, NOW).unwrap().unwrap().name, "alice");
    assert_eq!(second.accounts(Shelf::InUse, NOW).unwrap().len(), 1);
    assert_eq!(second.head().unwrap(), first.head().unwrap());
    second.change(&mut place.entropy, NOW, |change| change.trash_account(&id, NOW.wall)).unwrap();
    assert_eq!(first.accounts(Shelf::InUse, NOW).unwrap().len(), 0);
    // Changes in turn build on each other.
    for turn in 0..10_u8 {
        let vault = if turn % 2 == 0 { &mut first } else { &mut second };
        vault
            .change(&mut place.entropy, NOW, |change| {
                let count = change.get::<u8>(ValueKind::Setting, "count")?.unwrap_or(0);
                change.put(ValueKind::Setting, "count", &(count + 1))
            })
            .unwrap();
    }
    assert_eq!(first.get::<u8>(ValueKind::Setting, "count", NOW).unwrap(), Some(10));
    assert_eq!(second.verify(NOW).unwrap(), []);
}

/// The file is swapped under an open vault: for an older state, and for a fork that has as many changes.
#[test]
fn another_past_is_not_taken_up() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let mut put = |vault: &mut Vault, value: &str| {
        vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Setting, "a", value))
    };
    put(&mut vault, "before").unwrap();
    let path = place.folder.path().join("vault.db");
    let fork_path = place.folder.path().join("fork.db");
    raw(&path).execute("VACUUM INTO ?1", [fork_path.to_str().unwrap()]).unwrap();
    let older = raw(&fork_path);
    put(&mut vault, "here").unwrap();
    swap_rows(&path, &older);
    assert_eq!(vault.get::<String>(ValueKind::Setting, "a", NOW), Err(VaultError::Damaged(Part::Root)));

    let mut fork = open(&fork_path).unwrap();
    put(&mut fork, "elsewhere").unwrap();
    assert_eq!(fork.head().unwrap().generation, vault.head().unwrap().generation);
    swap_rows(&path, &raw(&fork_path));
    assert_eq!(vault.get::<String>(ValueKind::Setting, "a", NOW), Err(VaultError::Damaged(Part::Root)));
    assert_eq!(put(&mut vault, "on top of it"), Err(VaultError::Damaged(Part::Root)));
    put(&mut fork, "one more").unwrap();
    swap_rows(&path, &raw(&fork_path));
    // A longer past can't be told from what another process has done.
    assert_eq!(vault.get::<String>(ValueKind::Setting, "a", NOW).unwrap().as_deref(), Some("one more"));
}

/// Puts the content of another file in the place of a vault's, as whoever can write it may.
fn swap_rows(path: &Path, from: &Connection) {
    let to = raw(path);
    to.execute("ATTACH ?1 AS other", [from.path().unwrap()]).unwrap();
    for table in ["row", "page", "root", "slot"] {
        to.execute(&format!("DELETE FROM main.{table}"), []).unwrap();
        to.execute(&format!("INSERT INTO main.{table} SELECT * FROM other.{table}"), []).unwrap();
    }
}

#[test]
fn new_keys_by_another_process_lock_this_one() {
    let mut place = Place::new();
    let (mut first, _) = place.create();
    let mut second = place.open();
    first.new_recovery_code(&mut place.entropy, NOW).unwrap();
    assert_eq!(second.accounts(Shelf::InUse, NOW).err(), Some(VaultError::Locked));
    assert!(second.is_locked(NOW));
    assert!(place.open().accounts(Shelf::InUse, NOW).is_ok());
}

#[test]
fn a_new_watch_key_by_another_process_is_taken_up() {
    let mut place = Place::new();
    let (mut first, _) = place.create();
    let mut second = place.open();
    first.renew_watch(&mut place.entropy, NOW).unwrap();
    assert_eq!(second.watch_key(NOW).unwrap(), first.watch_key(NOW).unwrap());
    second.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Pending, "a", &1)).unwrap();
    assert_eq!(first.get::<u8>(ValueKind::Pending, "a", NOW).unwrap(), Some(1));
}

#[test]
fn a_writer_that_does_not_end_is_told_and_readers_go_on() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let other = raw(&place.path());
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(vault.get::<u8>(ValueKind::Setting, "a", NOW), Ok(None));
    let put = vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Setting, "a", &1));
    assert_eq!(put, Err(VaultError::InUse));
    other.execute_batch("ROLLBACK").unwrap();
    let put = vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Setting, "a", &1));
    assert_eq!(put, Ok(()));
}
