use countersign::entropy::Entropy;
use countersign::vault::{
    CodeMistake, Finding, NewPassword, NewWays, Part, RowKind, Shelf, ValueKind, Vault, VaultError, Watch,
    Way, WayIn,
};

use crate::kit::{NOW, PLATFORM, Place, account, add, raw};

const PASSWORD: &[u8] = "correct horse が".as_bytes();

fn unlock(vault: &mut Vault, way_in: WayIn<'_>) -> Result<Finding, VaultError> {
    let opened = vault.derivation(way_in)?.run()?;
    vault.unlock(&opened, None, NOW)
}

fn with_password(place: &mut Place) -> Vault {
    let ways = NewWays { password: Some(PASSWORD), platform: Some(&PLATFORM), recovery: false };
    let (vault, code) = Vault::create(&place.path(), &ways, &mut place.entropy, NOW).unwrap();
    assert!(code.is_none());
    vault
}

#[test]
fn a_way_back_is_required() {
    let mut place = Place::new();
    for ways in [
        NewWays::default(),
        NewWays { platform: Some(&PLATFORM), ..NewWays::default() },
        NewWays { password: Some(b""), recovery: true, ..NewWays::default() },
    ] {
        let made = Vault::create(&place.path(), &ways, &mut place.entropy, NOW);
        assert_eq!(made.err(), Some(VaultError::NoWayBack));
    }
    let long = NewWays { password: Some(&[b'a'; 1025]), ..NewWays::default() };
    assert_eq!(
        Vault::create(&place.path(), &long, &mut place.entropy, NOW).err(),
        Some(VaultError::TooLarge)
    );
    assert_eq!(place.names(), [""; 0]);
    assert_eq!(NewPassword::derive(b"", &mut place.entropy).err(), Some(VaultError::NoWayBack));
}

#[test]
fn every_way_opens_and_what_is_wrong_has_its_name() {
    let mut place = Place::new();
    let (mut vault, code) = place.create();
    let id = add(&mut vault, &account("Example", "alice"));
    vault
        .set_password(&NewPassword::derive(PASSWORD, &mut place.entropy).unwrap(), &mut place.entropy, NOW)
        .unwrap();
    drop(vault);

    let code = code.text().expose_str().unwrap();
    let typed = code.to_lowercase().replace('-', " ").replace('0', "o");
    let mut vault = Vault::open(&place.path()).unwrap();
    assert_eq!(vault.ways().unwrap(), [Way::Password, Way::Platform, Way::Recovery]);
    for way_in in [WayIn::Password(PASSWORD), WayIn::Platform(&PLATFORM), WayIn::Recovery(&typed)] {
        assert_eq!(unlock(&mut vault, way_in), Ok(Finding::Clean));
        assert_eq!(vault.account(&id, NOW).unwrap().unwrap().name, "alice");
        vault.lock();
    }
    for (way_in, error) in [
        (WayIn::Password(b"correct horse"), VaultError::WrongPassword),
        (WayIn::Password(b""), VaultError::WrongPassword),
        (WayIn::Platform(&[8; 32]), VaultError::PlatformKeyGone),
        (WayIn::Recovery(&code[1..]), VaultError::WrongRecoveryCode(CodeMistake::Length(32))),
    ] {
        assert_eq!(unlock(&mut vault, way_in), Err(error));
        assert!(vault.is_locked(NOW));
    }
}

#[test]
fn another_vaults_recovery_code_is_told_as_such() {
    let mut place = Place::new();
    let (mut vault, code) = place.create();
    let mut other = Place::new();
    other.entropy = countersign::entropy::SeededEntropy::new(b"another");
    let (_, others_code) = other.create();
    assert_eq!(vault.check_recovery(code.text().expose_str().unwrap()), Ok(true));
    assert_eq!(vault.check_recovery(others_code.text().expose_str().unwrap()), Ok(false));
    assert!(matches!(
        vault.check_recovery("1234"),
        Err(VaultError::WrongRecoveryCode(CodeMistake::Length(4)))
    ));
}

#[test]
fn a_password_change_kills_the_old_password_and_the_old_watch_key() {
    let mut place = Place::new();
    let mut vault = with_password(&mut place);
    let id = add(&mut vault, &account("Example", "alice"));
    vault
        .change(&mut place.entropy, NOW, |change| {
            change.put(ValueKind::Watch, "w", "hint")?;
            change.put(ValueKind::Host, "h", "key")?;
            change.backed_up(1, NOW.wall)
        })
        .unwrap();
    let old_key: [u8; 32] = vault.watch_key(NOW).unwrap().expose().try_into().unwrap();
    let generation = vault.head().unwrap().generation;
    let file = |table: &str, column: &str| -> Vec<Vec<u8>> {
        let db = raw(&place.folder.path().join("vault.db"));
        let sql = format!("SELECT {column} FROM {table} ORDER BY {column}");
        let mut statement = db.prepare(&sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let (rows, locators, pages, roots) =
        (file("row", "sealed"), file("row", "locator"), file("page", "sealed"), file("root", "sealed"));
    assert_eq!(rows.len(), 3);

    let new = NewPassword::derive(b"new", &mut place.entropy).unwrap();
    vault.set_password(&new, &mut place.entropy, NOW).unwrap();

    for (old, new) in [
        (rows, file("row", "sealed")),
        (locators, file("row", "locator")),
        (pages, file("page", "sealed")),
        (roots, file("root", "sealed")),
    ] {
        assert!(new.iter().all(|sealed| !old.contains(sealed)));
    }
    assert_eq!(vault.head().unwrap().generation, generation + 1);
    let new_key: [u8; 32] = vault.watch_key(NOW).unwrap().expose().try_into().unwrap();
    assert_ne!(old_key, new_key);
    assert_eq!(Watch::open(&place.path(), &old_key).err(), Some(VaultError::WrongWatchKey));
    let mut watch = Watch::open(&place.path(), &new_key).unwrap();
    assert_eq!(watch.get::<String>(ValueKind::Watch, "w").unwrap().as_deref(), Some("hint"));
    drop(watch);
    assert_eq!(vault.last_backup(NOW).unwrap(), Some(NOW.wall));
    assert_eq!(vault.verify(NOW).unwrap(), []);
    drop(vault);

    let mut vault = Vault::open(&place.path()).unwrap();
    assert_eq!(unlock(&mut vault, WayIn::Password(PASSWORD)), Err(VaultError::WrongPassword));
    // The platform was not at hand, and its way in leads to the new keys.
    for way_in in [WayIn::Platform(&PLATFORM), WayIn::Password(b"new")] {
        assert_eq!(unlock(&mut vault, way_in), Ok(Finding::Clean));
        assert_eq!(vault.account(&id, NOW).unwrap().unwrap().name, "alice");
        assert_eq!(vault.get::<String>(ValueKind::Host, "h", NOW).unwrap().as_deref(), Some("key"));
        vault.lock();
    }
}

#[test]
fn the_log_holds_nothing_after_a_change_of_ways() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    add(&mut vault, &account("Example", "alice"));
    let log = || std::fs::metadata(place.folder.path().join("vault.db-wal")).unwrap().len();
    assert!(log() > 0);
    vault.set_platform(&[9; 32], &mut place.entropy, NOW).unwrap();
    assert_eq!(log(), 0);
    add(&mut vault, &account("Example", "bob"));
    assert!(log() > 0);
    vault.lock();
    assert_eq!(log(), 0);
}

#[test]
fn a_new_recovery_code_kills_the_old_one() {
    let mut place = Place::new();
    let (mut vault, old) = place.create();
    let new = vault.new_recovery_code(&mut place.entropy, NOW).unwrap();
    let (old, new) = (old.text().expose_str().unwrap(), new.text().expose_str().unwrap());
    assert_eq!((vault.check_recovery(old), vault.check_recovery(new)), (Ok(false), Ok(true)));
    assert_eq!(unlock(&mut Vault::open(&place.path()).unwrap(), WayIn::Recovery(new)), Ok(Finding::Clean));
    assert_eq!(
        unlock(&mut Vault::open(&place.path()).unwrap(), WayIn::Recovery(old)),
        Err(VaultError::WrongRecoveryCode(CodeMistake::Other))
    );
}

#[test]
fn a_way_taken_away_is_gone_and_the_last_way_back_stays() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let entropy = &mut place.entropy;
    assert_eq!(vault.remove_way(Way::Password, entropy, NOW), Err(VaultError::NoSuchWay(Way::Password)));
    assert_eq!(vault.remove_way(Way::Recovery, entropy, NOW), Err(VaultError::NoWayBack));
    vault.remove_way(Way::Platform, entropy, NOW).unwrap();
    assert_eq!(vault.ways().unwrap(), [Way::Recovery]);
    assert_eq!(
        vault.derivation(WayIn::Platform(&PLATFORM)).err(),
        Some(VaultError::NoSuchWay(Way::Platform))
    );
    let password = NewPassword::derive(PASSWORD, entropy).unwrap();
    vault.set_password(&password, entropy, NOW).unwrap();
    vault.remove_way(Way::Recovery, entropy, NOW).unwrap();
    assert_eq!(vault.ways().unwrap(), [Way::Password]);
    drop(vault);
    assert_eq!(
        unlock(&mut Vault::open(&place.path()).unwrap(), WayIn::Password(PASSWORD)),
        Ok(Finding::Clean)
    );
}

#[test]
fn a_gone_platform_key_leaves_the_vault_to_another_way_in() {
    let mut place = Place::new();
    let (mut vault, code) = place.create();
    add(&mut vault, &account("Example", "alice"));
    drop(vault);
    let before = std::fs::read(place.path()).unwrap();
    let mut vault = Vault::open(&place.path()).unwrap();
    for _ in 0..20 {
        assert_eq!(unlock(&mut vault, WayIn::Platform(&[0; 32])), Err(VaultError::PlatformKeyGone));
    }
    drop(vault);
    assert_eq!(std::fs::read(place.path()).unwrap(), before);

    let mut vault = Vault::open(&place.path()).unwrap();
    unlock(&mut vault, WayIn::Recovery(code.text().expose_str().unwrap())).unwrap();
    vault.set_platform(&[1; 32], &mut place.entropy, NOW).unwrap();
    vault.lock();
    assert_eq!(unlock(&mut vault, WayIn::Platform(&[1; 32])), Ok(Finding::Clean));
    assert_eq!(vault.accounts(Shelf::InUse, NOW).unwrap().len(), 1);
}

#[test]
fn a_derivation_from_before_a_change_does_not_open() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let opened = vault.derivation(WayIn::Platform(&PLATFORM)).unwrap().run().unwrap();
    vault.set_platform(&PLATFORM, &mut place.entropy, NOW).unwrap();
    vault.lock();
    assert_eq!(vault.unlock(&opened, None, NOW), Err(VaultError::PlatformKeyGone));
}

#[test]
fn a_change_of_ways_that_fails_leaves_the_vault_as_it_was() {
    struct Runs(u32, countersign::entropy::SystemEntropy);
    impl Entropy for Runs {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), countersign::entropy::NoEntropy> {
            self.0 = self.0.checked_sub(1).ok_or(countersign::entropy::NoEntropy)?;
            self.1.fill(out)
        }
    }
    let mut place = Place::new();
    let (mut vault, code) = place.create();
    let code = code.text().expose_str().unwrap();
    let id = add(&mut vault, &account("Example", "alice"));
    let mut failures = 0;
    for draws in 0.. {
        let mut entropy = Runs(draws, countersign::entropy::SystemEntropy::new());
        match vault.new_recovery_code(&mut entropy, NOW) {
            Ok(_) => break,
            Err(error) => assert_eq!(error, VaultError::System),
        }
        failures += 1;
        assert_eq!(vault.account(&id, NOW).unwrap().unwrap().name, "alice");
        assert_eq!(vault.check_recovery(code), Ok(true));
        assert_eq!(vault.verify(NOW).unwrap(), []);
        // Writing goes on as well.
        vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Setting, "n", &draws)).unwrap();
    }
    assert!(failures > 8, "{failures}");
    assert_eq!(vault.check_recovery(code), Ok(false));
}

#[test]
fn a_row_that_cannot_be_read_stops_a_change_of_ways() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let id = add(&mut vault, &account("Example", "alice"));
    raw(&place.path()).execute("UPDATE row SET sealed = zeroblob(length(sealed))", []).unwrap();
    let changed = vault.new_recovery_code(&mut place.entropy, NOW);
    assert_eq!(changed, Err(VaultError::Damaged(Part::RowChanged { kind: RowKind::Account, id })));
    drop(vault);
    assert_eq!(place.open().accounts(Shelf::InUse, NOW).unwrap().len(), 1);
}
