use countersign::vault::{Finding, Part, ValueKind, VaultError, Watch};

use crate::kit::{NOW, Place, account, add, open_with_finding, raw};

fn key(vault: &mut countersign::vault::Vault) -> [u8; 32] {
    vault.watch_key(NOW).unwrap().expose().try_into().unwrap()
}

#[test]
fn reads_and_records_hints_and_nothing_else() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let id = add(&mut vault, &account("Example", "alice"));
    vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Watch, &id, "origin")).unwrap();
    vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Host, "key", "private")).unwrap();
    let head = vault.head().unwrap();
    let mut watch = Watch::open(&place.path(), &key(&mut vault)).unwrap();
    assert_eq!(watch.id(), vault.id());
    assert_eq!(watch.get::<String>(ValueKind::Watch, &id).unwrap().as_deref(), Some("origin"));
    for kind in
        [ValueKind::Flow, ValueKind::Organisation, ValueKind::Request, ValueKind::Setting, ValueKind::Host]
    {
        assert_eq!(watch.get::<String>(kind, "key"), Err(VaultError::Locked));
        assert_eq!(watch.ids(kind), Err(VaultError::Locked));
        let read = watch.change(&mut place.entropy, |change| change.get::<String>(kind, "key"));
        assert_eq!(read, Err(VaultError::Locked));
    }
    let read = watch.change(&mut place.entropy, |change| change.account(&id).map(|there| there.is_some()));
    assert_eq!(read, Err(VaultError::Locked));
    let put = watch.change(&mut place.entropy, |change| change.put(ValueKind::Host, "key", "mine"));
    assert_eq!(put, Err(VaultError::Locked));
    let added = watch.change(&mut place.entropy, |change| change.add_account(&account("", "")));
    assert_eq!(added, Err(VaultError::Locked));
    assert_eq!(
        watch.change(&mut place.entropy, |change| change.account(&id)).err(),
        Some(VaultError::Locked)
    );

    watch
        .change(&mut place.entropy, |change| {
            change.put(ValueKind::Pending, "request", &42)?;
            change.remove(ValueKind::Watch, &id)
        })
        .unwrap();
    assert_eq!(watch.ids(ValueKind::Pending).unwrap(), ["request"]);
    // Seen by the vault that is open, and no matter of its head.
    assert_eq!(vault.get::<u8>(ValueKind::Pending, "request", NOW).unwrap(), Some(42));
    assert_eq!(vault.get::<String>(ValueKind::Watch, &id, NOW).unwrap(), None);
    assert_eq!(vault.head().unwrap(), head);
    assert_eq!(vault.verify(NOW).unwrap(), []);
}

#[test]
fn works_while_the_vault_is_locked_and_the_vault_takes_it_up() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let key = key(&mut vault);
    vault.lock();
    let mut watch = Watch::open(&place.path(), &key).unwrap();
    watch.change(&mut place.entropy, |change| change.put(ValueKind::Pending, "a", "turn 3")).unwrap();
    assert_eq!(place.open().get::<String>(ValueKind::Pending, "a", NOW).unwrap().as_deref(), Some("turn 3"));
}

#[test]
fn a_wrong_key_is_told() {
    let mut place = Place::new();
    place.create();
    assert_eq!(Watch::open(&place.path(), &[1; 32]).err(), Some(VaultError::WrongWatchKey));
}

#[test]
fn a_key_that_is_replaced_meanwhile_is_told() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let mut watch = Watch::open(&place.path(), &key(&mut vault)).unwrap();
    vault.new_recovery_code(&mut place.entropy, NOW).unwrap();
    assert_eq!(watch.ids(ValueKind::Pending), Err(VaultError::WrongWatchKey));
    let put = watch.change(&mut place.entropy, |change| change.put(ValueKind::Pending, "a", &1));
    assert_eq!(put, Err(VaultError::WrongWatchKey));
}

#[test]
fn damaged_hints_keep_nobody_from_the_accounts_and_are_made_anew() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let id = add(&mut vault, &account("Example", "alice"));
    vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Watch, &id, "origin")).unwrap();
    let old = key(&mut vault);
    drop(vault);
    raw(&place.path())
        .execute("UPDATE root SET sealed = zeroblob(length(sealed)) WHERE book = 1", [])
        .unwrap();

    let (mut vault, finding) = open_with_finding(&place.path()).unwrap();
    assert_eq!(finding, Finding::Damaged(vec![Part::Watch]));
    assert_eq!(Watch::open(&place.path(), &old).err(), Some(VaultError::Damaged(Part::Watch)));
    assert_eq!(vault.account(&id, NOW).unwrap().unwrap().name, "alice");
    assert_eq!(vault.get::<String>(ValueKind::Watch, &id, NOW), Err(VaultError::Damaged(Part::Watch)));
    let put = vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Watch, &id, "origin"));
    assert_eq!(put, Err(VaultError::Damaged(Part::Watch)));
    vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Setting, "a", &1)).unwrap();

    vault.renew_watch(&mut place.entropy, NOW).unwrap();
    assert_ne!(key(&mut vault), old);
    vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Watch, &id, "origin")).unwrap();
    assert_eq!(vault.verify(NOW).unwrap(), []);
    assert_eq!(open_with_finding(&place.path()).unwrap().1, Finding::Clean);
    assert_eq!(Watch::open(&place.path(), &old).err(), Some(VaultError::WrongWatchKey));
}
