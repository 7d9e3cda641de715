//! What becomes of a file that was damaged or tampered with: it is named, and nothing wrong is ever shown.

use countersign::vault::{
    Finding, Head, NewWays, Part, RowKind, Shelf, ValueKind, Vault, VaultError, Way, WayIn,
};
use rusqlite::Connection;

use crate::kit::{NOW, PLATFORM, Place, account, add, open, open_with_finding, raw};

/// A vault with two accounts and two settings; ids of the accounts.
fn filled(place: &mut Place) -> (Vault, [String; 2]) {
    let (mut vault, _) = place.create();
    let ids = ["alice", "bob"].map(|name| add(&mut vault, &account("Example", name)));
    vault
        .change(&mut place.entropy, NOW, |change| {
            change.put(ValueKind::Setting, "a", "value a")?;
            change.put(ValueKind::Setting, "b", "value b")?;
            change.put(ValueKind::Watch, "w", "watch")
        })
        .unwrap();
    (vault, ids)
}

/// Sealed rows of the book under the master key, by locator.
fn rows(db: &Connection) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut statement =
        db.prepare("SELECT locator, sealed FROM row WHERE book = 0 ORDER BY locator").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn set_row(db: &Connection, locator: &[u8], sealed: &[u8]) {
    let sql = "INSERT OR REPLACE INTO row (book, locator, sealed) VALUES (0, ?1, ?2)";
    db.execute(sql, (locator, sealed)).unwrap();
}

/// How often each name is among the damages.
fn count(parts: &[Part], is: impl Fn(&Part) -> bool) -> usize {
    parts.iter().filter(|part| is(part)).count()
}

#[test]
fn a_removed_row_is_named_and_the_others_open() {
    let mut place = Place::new();
    let (mut vault, _) = filled(&mut place);
    let db = raw(&place.path());
    let gone = rows(&db).remove(0);
    db.execute("DELETE FROM row WHERE locator = ?1", [&gone.0]).unwrap();
    for vault in [&mut vault, &mut place.open()] {
        let found = vault.verify(NOW).unwrap();
        assert!(matches!(found[..], [Part::RowMissing { .. }]), "{found:?}");
    }
}

#[test]
fn swapped_rows_are_named() {
    let mut place = Place::new();
    let (mut vault, _) = filled(&mut place);
    let db = raw(&place.path());
    let rows = rows(&db);
    set_row(&db, &rows[0].0, &rows[1].1);
    set_row(&db, &rows[1].0, &rows[0].1);
    let found = vault.verify(NOW).unwrap();
    assert_eq!(
        (found.len(), count(&found, |part| matches!(part, Part::RowSwapped { .. }))),
        (2, 2),
        "{found:?}"
    );
}

#[test]
fn an_older_state_of_a_row_is_named() {
    let mut place = Place::new();
    let (mut vault, ids) = filled(&mut place);
    let db = raw(&place.path());
    let before = rows(&db);
    for _ in 0..3 {
        vault.change(&mut place.entropy, NOW, |change| change.trash_account(&ids[0], NOW.wall)).unwrap();
        vault.change(&mut place.entropy, NOW, |change| change.restore_account(&ids[0])).unwrap();
    }
    for (locator, sealed) in before {
        set_row(&db, &locator, &sealed);
    }
    let older = Part::RowOlder { kind: RowKind::Account, id: ids[0].clone() };
    assert_eq!(vault.verify(NOW).unwrap(), std::slice::from_ref(&older));
    assert_eq!(vault.account(&ids[0], NOW).err(), Some(VaultError::Damaged(older)));
    assert_eq!(vault.account(&ids[1], NOW).unwrap().unwrap().name, "bob");
}

#[test]
fn a_doubled_row_is_counted_and_a_changed_one_named() {
    let mut place = Place::new();
    let (mut vault, _) = filled(&mut place);
    let db = raw(&place.path());
    let rows = rows(&db);
    set_row(&db, &[9; 16], &rows[0].1);
    assert_eq!(vault.verify(NOW).unwrap(), [Part::RowsExtra(1)]);
    db.execute("DELETE FROM row WHERE locator = ?1", [[9_u8; 16].as_slice()]).unwrap();
    let mut sealed = rows[0].1.clone();
    sealed[40] ^= 1;
    set_row(&db, &rows[0].0, &sealed);
    let mut found = vault.verify(NOW).unwrap();
    assert!(matches!(found.remove(0), Part::RowChanged { .. }) && found.is_empty());
    *sealed.last_mut().unwrap() ^= 1;
    set_row(&db, &rows[0].0, &sealed);
    assert!(matches!(vault.verify(NOW).unwrap()[..], [Part::RowChanged { .. }]));
    set_row(&db, &rows[0].0, b"short");
    assert!(matches!(vault.verify(NOW).unwrap()[..], [Part::RowChanged { .. }]));
}

#[test]
fn a_damaged_or_older_page_is_told_and_the_rest_goes_on() {
    let mut place = Place::new();
    let (mut vault, ids) = filled(&mut place);
    let page_of = |db: &Connection, sql: &str| -> (i64, Vec<u8>) {
        db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    };
    let db = raw(&place.path());
    let pages: Vec<(i64, Vec<u8>)> = {
        let mut statement = db.prepare("SELECT number, sealed FROM page WHERE number < 256").unwrap();
        statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    };
    // Every page sealed anew, then each put back to its state of before.
    for id in &ids {
        vault.change(&mut place.entropy, NOW, |change| change.trash_account(id, NOW.wall)).unwrap();
    }
    vault
        .change(&mut place.entropy, NOW, |change| {
            change.put(ValueKind::Setting, "a", "new a")?;
            change.put(ValueKind::Setting, "b", "new b")
        })
        .unwrap();
    drop(vault);
    for (number, old) in &pages {
        let now = page_of(&db, &format!("SELECT number, sealed FROM page WHERE number = {number}"));
        for bad in [old.clone(), vec![0; old.len()], Vec::new()] {
            db.execute("UPDATE page SET sealed = ?1 WHERE number = ?2", (&bad, number)).unwrap();
            let (mut vault, finding) = open_with_finding(&place.path()).unwrap();
            let part = Part::Index(u8::try_from(*number).unwrap());
            assert_eq!(finding, Finding::Damaged(vec![part.clone()]));
            let listed = vault.accounts(Shelf::Trash, NOW).unwrap().len();
            let settings = vault.ids(ValueKind::Setting, NOW).unwrap().len();
            assert!(listed + settings < 4, "what the page lists is not known");
            let reads: Vec<_> = ids.iter().map(|id| vault.account(id, NOW).map(drop)).collect();
            assert!(
                reads.iter().all(|read| *read == Ok(()) || *read == Err(VaultError::Damaged(part.clone())))
            );
        }
        db.execute("UPDATE page SET sealed = ?1 WHERE number = ?2", (&now.1, number)).unwrap();
    }
    assert_eq!(place.open().verify(NOW).unwrap(), []);
}

#[test]
fn a_page_whose_rows_are_unknown_is_not_written_over() {
    let mut place = Place::new();
    let (vault, ids) = filled(&mut place);
    drop(vault);
    let db = raw(&place.path());
    db.execute("DELETE FROM page WHERE number < 256", []).unwrap();
    let mut vault = place.open();
    for id in &ids {
        let put = vault.change(&mut place.entropy, NOW, |change| change.trash_account(id, NOW.wall));
        assert!(matches!(put, Err(VaultError::Damaged(Part::Index(_)))));
    }
    let rekeyed = vault.new_recovery_code(&mut place.entropy, NOW);
    assert!(matches!(rekeyed, Err(VaultError::Damaged(Part::Index(_)))));
    assert_eq!(rows(&db).len(), 4);
}

#[test]
fn a_root_that_is_older_damaged_or_gone_is_told() {
    let mut place = Place::new();
    let (mut vault, _) = filled(&mut place);
    let db = raw(&place.path());
    let old: Vec<u8> = db.query_row("SELECT sealed FROM root WHERE book = 0", [], |row| row.get(0)).unwrap();
    vault.change(&mut place.entropy, NOW, |change| change.put(ValueKind::Setting, "a", "new")).unwrap();
    db.execute("UPDATE root SET sealed = ?1 WHERE book = 0", [&old]).unwrap();
    // An open vault knows better; one that is opened finds pages that the root does not know.
    assert_eq!(vault.accounts(Shelf::InUse, NOW).err(), Some(VaultError::Damaged(Part::Root)));
    assert!(matches!(open_with_finding(&place.path()).unwrap().1, Finding::Damaged(_)));
    for sql in [
        "UPDATE root SET sealed = zeroblob(length(sealed)) WHERE book = 0",
        "UPDATE root SET sealed = zeroblob(0) WHERE book = 0",
        "UPDATE root SET key_id = zeroblob(16) WHERE book = 0",
        "DELETE FROM root WHERE book = 0",
    ] {
        db.execute(sql, []).unwrap();
        assert_eq!(open(&place.path()).err(), Some(VaultError::Damaged(Part::Root)), "{sql}");
    }
}

#[test]
fn a_slot_that_is_damaged_foreign_or_older_is_told() {
    let mut place = Place::new();
    let (mut vault, code) = place.create();
    let code = code.text().expose_str().unwrap();
    let db = raw(&place.path());
    let slot = |way: u8| -> Vec<u8> {
        db.query_row("SELECT content FROM slot WHERE way = ?1", [way], |row| row.get(0)).unwrap()
    };
    let recovery = slot(3);
    for place in 0..recovery.len() {
        let mut bad = recovery.clone();
        bad[place] ^= 0x10;
        db.execute("UPDATE slot SET content = ?1 WHERE way = 3", [&bad]).unwrap();
        // Damage is not taken for a wrong code.
        let derivation = vault.derivation(WayIn::Recovery(code));
        assert_eq!(derivation.err(), Some(VaultError::Damaged(Part::Way(Way::Recovery))), "byte {place}");
    }
    let (mut other_way, finding) = open_with_finding(&place.path()).unwrap();
    assert_eq!(finding, Finding::Damaged(vec![Part::Way(Way::Recovery)]));
    // The damaged way in is set anew, which is what the finding is for.
    other_way.new_recovery_code(&mut place.entropy, NOW).unwrap();
    assert_eq!(open_with_finding(&place.path()).unwrap().1, Finding::Clean);

    db.execute("UPDATE slot SET content = ?1 WHERE way = 3", [&recovery]).unwrap();
    let (_, finding) = open_with_finding(&place.path()).unwrap();
    assert_eq!(finding, Finding::Damaged(vec![Part::Way(Way::Recovery)]));
    db.execute("INSERT INTO slot (way, content) SELECT 1, content FROM slot WHERE way = 2", []).unwrap();
    db.execute("DELETE FROM slot WHERE way = 3", []).unwrap();
    let (mut vault, finding) = open_with_finding(&place.path()).unwrap();
    let parts = vec![Part::Way(Way::Password), Part::Way(Way::Recovery)];
    assert_eq!(finding, Finding::Damaged(parts.clone()));
    assert_eq!(vault.verify(NOW).unwrap(), parts);
}

#[test]
fn another_vaults_slot_leads_nowhere() {
    let mut place = Place::new();
    let (vault, _) = filled(&mut place);
    drop(vault);
    let mut other = Place::new();
    other.entropy = countersign::entropy::SeededEntropy::new(b"another");
    drop(other.create());
    let foreign: Vec<u8> =
        raw(&other.path()).query_row("SELECT content FROM slot WHERE way = 2", [], |row| row.get(0)).unwrap();
    raw(&place.path()).execute("UPDATE slot SET content = ?1 WHERE way = 2", [&foreign]).unwrap();
    assert_eq!(open(&place.path()).err(), Some(VaultError::Damaged(Part::Way(Way::Platform))));
}

#[test]
fn an_older_copy_of_the_file_is_a_finding_with_a_choice() {
    let mut place = Place::new();
    let (mut vault, _) = filled(&mut place);
    vault.lock();
    let copy = std::fs::read(place.path()).unwrap();
    let opened = vault.derivation(WayIn::Platform(&PLATFORM)).unwrap().run().unwrap();
    assert_eq!(vault.unlock(&opened, None, NOW), Ok(Finding::Clean));
    let older = vault.head().unwrap();
    let put = |vault: &mut Vault, value: &str| {
        let mut entropy = countersign::entropy::SystemEntropy::new();
        vault.change(&mut entropy, NOW, |change| change.put(ValueKind::Setting, "a", value)).unwrap();
        vault.head().unwrap()
    };
    let known = put(&mut vault, "one");
    drop(vault);
    std::fs::write(place.path(), &copy).unwrap();

    let mut vault = Vault::open(&place.path()).unwrap();
    for head in [None, Some(&older), Some(&Head { generation: 1, ..known })] {
        assert_eq!(vault.unlock(&opened, head, NOW), Ok(Finding::Clean));
        vault.lock();
    }
    assert_eq!(vault.unlock(&opened, Some(&known), NOW), Ok(Finding::RolledBack { found: older }));
    assert!(vault.is_locked(NOW));
    // The same generation with another content: a fork.
    assert_eq!(vault.unlock(&opened, None, NOW), Ok(Finding::Clean));
    let fork = put(&mut vault, "two");
    assert_eq!(fork.generation, known.generation);
    vault.lock();
    assert_eq!(vault.unlock(&opened, Some(&known), NOW), Ok(Finding::RolledBack { found: fork }));
    assert_eq!(vault.unlock(&opened, Some(&fork), NOW), Ok(Finding::Clean));
    vault.lock();

    assert_eq!(vault.unlock_older(&opened, &known, &mut place.entropy, NOW), Ok(Finding::Clean));
    let accepted = vault.head().unwrap();
    assert!(accepted.generation > known.generation);
    assert_eq!(vault.get::<String>(ValueKind::Setting, "a", NOW).unwrap().as_deref(), Some("two"));
    vault.lock();
    assert_eq!(vault.unlock(&opened, Some(&accepted), NOW), Ok(Finding::Clean));
    vault.lock();
    // Accepting what is not older changes nothing.
    assert_eq!(vault.unlock_older(&opened, &accepted, &mut place.entropy, NOW), Ok(Finding::Clean));
    assert_eq!(vault.head().unwrap(), accepted);
}

/// What a person sees: every account, setting and watch row, or the errors in their place.
fn everything(vault: &mut Vault, ids: &[String]) -> Vec<Result<Option<String>, VaultError>> {
    let mut seen: Vec<_> = ids
        .iter()
        .map(|id| vault.account(id, NOW).map(|account| account.map(|account| format!("{account:?}"))))
        .collect();
    for (kind, id) in [(ValueKind::Setting, "a"), (ValueKind::Setting, "b"), (ValueKind::Watch, "w")] {
        seen.push(vault.get::<String>(kind, id, NOW));
    }
    seen
}

#[test]
fn bits_flipped_in_every_part_of_every_page_show_nothing_wrong() {
    let mut place = Place::new();
    let (mut vault, ids) = filled(&mut place);
    let right = everything(&mut vault, &ids);
    drop(vault);
    let good = std::fs::read(place.path()).unwrap();
    let (mut told, mut unused) = (0, 0);
    // A prime step walks through every page of 4,096 bytes at ever other offsets.
    for offset in (0..good.len()).step_by(97) {
        let mut bad = good.clone();
        bad[offset] ^= 1 << (offset % 8);
        std::fs::write(place.path(), &bad).unwrap();
        let is_told = match open_with_finding(&place.path()) {
            Err(error) => {
                let named = matches!(
                    error,
                    VaultError::Damaged(_) | VaultError::NotAVault | VaultError::NewerVersion(_)
                );
                assert!(named, "{error:?} at {offset}");
                true
            }
            Ok((mut vault, finding)) => {
                for (seen, right) in everything(&mut vault, &ids).iter().zip(&right) {
                    assert!(
                        seen == right || matches!(seen, Err(VaultError::Damaged(_))),
                        "{seen:?} at {offset}"
                    );
                }
                finding != Finding::Clean || vault.verify(NOW) != Ok(Vec::new())
            }
        };
        if is_told {
            told += 1
        } else {
            unused += 1
        }
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(place.folder.path().join(format!("vault.db{end}")));
        }
    }
    println!("{told} flipped bits told, {unused} where nothing is kept");
    assert!(told > 60, "{told}");
    std::fs::write(place.path(), &good).unwrap();
    assert_eq!(everything(&mut place.open(), &ids), right);
}

#[test]
fn a_file_cut_anywhere_is_told() {
    let mut place = Place::new();
    let (vault, _) = filled(&mut place);
    drop(vault);
    let good = std::fs::read(place.path()).unwrap();
    for length in (0..good.len()).step_by(1024).chain([1, 15, 16, 71, 72, 99, 100, 511]) {
        std::fs::write(place.path(), &good[..length]).unwrap();
        let error = open(&place.path()).err();
        assert!(
            matches!(error, Some(VaultError::Damaged(_) | VaultError::NotAVault)),
            "{error:?} at {length}"
        );
        assert_eq!(std::fs::read(place.path()).unwrap(), &good[..length], "written to at {length}");
    }
}

#[test]
fn tables_and_triggers_put_in_are_told() {
    for sql in [
        "CREATE TRIGGER t AFTER UPDATE ON root BEGIN DELETE FROM row; END",
        "CREATE VIEW v AS SELECT * FROM row",
        "CREATE TABLE more (a)",
        "CREATE INDEX i ON page (sealed)",
        "ALTER TABLE vault ADD COLUMN more TEXT",
        "DROP TABLE slot",
    ] {
        let mut place = Place::new();
        drop(place.create());
        raw(&place.path()).execute_batch(sql).unwrap();
        assert_eq!(Vault::open(&place.path()).err(), Some(VaultError::Damaged(Part::File)), "{sql}");
    }
}

#[test]
fn an_unbearable_password_cost_is_not_run() {
    let mut place = Place::new();
    let ways = NewWays { password: Some(b"password"), ..NewWays::default() };
    let (vault, _) = Vault::create(&place.path(), &ways, &mut place.entropy, NOW).unwrap();
    let id: Vec<u8> = vault
        .id()
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    drop(vault);
    let db = raw(&place.path());
    let mut slot: Vec<u8> = db.query_row("SELECT content FROM slot", [], |row| row.get(0)).unwrap();
    // 4 TiB of memory, with the right checksum: whoever writes the file can make one.
    slot[16..20].copy_from_slice(&u32::MAX.to_be_bytes());
    let body = slot.len() - 8;
    let sum = ring::digest::digest(&ring::digest::SHA256, &[&id[..], &[1], &slot[..body]].concat());
    slot[body..].copy_from_slice(&sum.as_ref()[..8]);
    db.execute("UPDATE slot SET content = ?1", [&slot]).unwrap();
    let mut vault = Vault::open(&place.path()).unwrap();
    let error = vault.derivation(WayIn::Password(b"password")).err();
    assert_eq!(error, Some(VaultError::Damaged(Part::Way(Way::Password))));
}
