use countersign::vault::{Shelf, ValueKind, VaultError};

use crate::kit::{NOW, Place, at};

#[test]
fn locks_when_the_grace_time_is_over() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    assert_eq!(vault.lock_at(), None);
    vault.set_grace(Some(500));
    assert_eq!(vault.lock_at(), Some(1_500));
    assert!(vault.accounts(Shelf::InUse, at(1_499)).is_ok());
    assert_eq!(vault.lock_at(), Some(1_500), "calls alone do not extend it");
    vault.touch(at(1_499)).unwrap();
    assert_eq!(vault.lock_at(), Some(1_999));
    assert!(!vault.is_locked(at(1_998)));
    assert_eq!(vault.accounts(Shelf::InUse, at(1_999)).err(), Some(VaultError::Locked));
    assert_eq!(vault.lock_at(), None);
    assert_eq!(vault.head(), Err(VaultError::Locked));
    assert_eq!(vault.touch(at(1_999)), Err(VaultError::Locked));
}

#[test]
fn locks_when_the_steady_clock_goes_back() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    assert!(!vault.is_locked(at(100_000)));
    // A thread that waited for another read its clock before it.
    assert!(!vault.is_locked(at(40_000)));
    assert!(vault.is_locked(at(39_999)));
    assert!(vault.is_locked(at(100_000)));
}

#[test]
fn locked_gives_and_takes_nothing() {
    let mut place = Place::new();
    let (mut vault, code) = place.create();
    vault.lock();
    let entropy = &mut place.entropy;
    assert_eq!(vault.get::<u8>(ValueKind::Setting, "a", NOW), Err(VaultError::Locked));
    assert_eq!(vault.get::<u8>(ValueKind::Watch, "a", NOW), Err(VaultError::Locked));
    assert_eq!(vault.ids(ValueKind::Setting, NOW), Err(VaultError::Locked));
    assert_eq!(vault.account("a", NOW).err(), Some(VaultError::Locked));
    assert_eq!(vault.search("a", Shelf::InUse, NOW), Err(VaultError::Locked));
    assert_eq!(vault.watch_key(NOW).err(), Some(VaultError::Locked));
    assert_eq!(vault.verify(NOW), Err(VaultError::Locked));
    assert_eq!(vault.last_backup(NOW), Err(VaultError::Locked));
    assert_eq!(vault.set_platform(&[1; 32], entropy, NOW), Err(VaultError::Locked));
    assert_eq!(vault.new_recovery_code(entropy, NOW), Err(VaultError::Locked));
    assert_eq!(vault.renew_watch(entropy, NOW), Err(VaultError::Locked));
    let changed = vault.change(entropy, NOW, |change| change.put(ValueKind::Setting, "a", &1));
    assert_eq!(changed, Err(VaultError::Locked));
    // What the file shows anyway, and the look at a printed code, need no key.
    assert_eq!(vault.ways().unwrap().len(), 2);
    assert_eq!(vault.check_recovery(code.text().expose_str().unwrap()), Ok(true));
}
