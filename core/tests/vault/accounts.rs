use countersign::clock::UnixTime;
use countersign::entropy::SeededEntropy;
use countersign::vault::{Shelf, Vault, VaultError};

use crate::kit::{NOW, Place, account, add};

fn names(vault: &mut Vault, text: &str) -> Vec<String> {
    vault.search(text, Shelf::InUse, NOW).unwrap().into_iter().map(|account| account.name.clone()).collect()
}

#[test]
fn same_issuer_and_name_never_overwrite() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let ids: Vec<_> = (0..3).map(|_| add(&mut vault, &account("Example", "alice"))).collect();
    assert_eq!(vault.accounts(Shelf::InUse, NOW).unwrap().len(), 3);
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids.iter().all(|id| id.len() == 16));
    let mut vault = place.open();
    for id in &ids {
        assert_eq!(vault.account(id, NOW).unwrap().unwrap().name, "alice");
    }
}

#[test]
fn an_account_comes_back_whole() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let mut given = account("Example", "alice");
    given.tags = vec!["work".into()];
    given.note = "spare phone".into();
    let id = add(&mut vault, &given);
    let mut vault = place.open();
    let back = vault.account(&id, NOW).unwrap().unwrap();
    assert_eq!(format!("{back:?}"), format!("{given:?}"));
    assert_eq!(back.otp, given.otp);
    let summary = vault.summary(&id, NOW).unwrap().unwrap();
    assert_eq!((summary.issuer.as_str(), summary.name.as_str()), ("Example", "alice"));
    assert!(summary.codes && !summary.approvals && summary.tags == ["work"]);
    assert!(vault.summary("0000000000000000", NOW).unwrap().is_none());
}

#[test]
fn search_takes_every_word_in_any_field_case_and_width() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    add(&mut vault, &account("Example Bank", "alice@example.com"));
    let mut second = account("ＧｉｔＨｕｂ", "ﾃｽﾄ");
    second.tags = vec!["Work".into()];
    second.note = "Ersatz für Straße".into();
    add(&mut vault, &second);
    for (text, found) in [
        ("", vec!["alice@example.com", "ﾃｽﾄ"]),
        ("  ", vec!["alice@example.com", "ﾃｽﾄ"]),
        ("BANK alice", vec!["alice@example.com"]),
        ("alice bank", vec!["alice@example.com"]),
        ("github", vec!["ﾃｽﾄ"]),
        ("ＷＯＲＫ テスト", vec!["ﾃｽﾄ"]),
        ("FÜR", vec!["ﾃｽﾄ"]),
        ("fu\u{308}r", vec!["ﾃｽﾄ"]),
        ("bank github", vec![]),
    ] {
        assert_eq!(names(&mut vault, text), found, "{text}");
    }
}

#[test]
fn favourites_first_then_the_persons_order() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let ids: Vec<_> = ["a", "b", "c", "d"].iter().map(|name| add(&mut vault, &account("", name))).collect();
    assert_eq!(names(&mut vault, "").concat(), "abcd");
    let mut moved = |id: &str, before: Option<&str>| {
        vault.change(&mut place.entropy, NOW, |change| change.move_account(id, before)).unwrap();
        names(&mut vault, "").concat()
    };
    assert_eq!(moved(&ids[3], Some(&ids[0])), "dabc");
    assert_eq!(moved(&ids[0], None), "dbca");
    assert_eq!(moved(&ids[0], Some(&ids[2])), "dbac");
    assert_eq!(moved(&ids[0], Some(&ids[0])), "dbac");
    vault
        .change(&mut place.entropy, NOW, |change| {
            let mut favourite = change.account(&ids[2])?.unwrap();
            favourite.favourite = true;
            change.put_account(&ids[2], &favourite)
        })
        .unwrap();
    assert_eq!(names(&mut vault, "").concat(), "cdba");
    assert_eq!(names(&mut place.open(), "").concat(), "cdba");
}

#[test]
fn a_place_between_two_neighbours_is_always_found() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let ids: Vec<_> = ["a", "b", "c"].iter().map(|name| add(&mut vault, &account("", name))).collect();
    vault
        .change(&mut place.entropy, NOW, |change| {
            // Each move halves the gap before the last: more moves than there are halves.
            for turn in 0..100 {
                change.move_account(&ids[turn % 2], Some(&ids[2]))?;
            }
            Ok::<_, VaultError>(())
        })
        .unwrap();
    assert_eq!(names(&mut vault, "").concat(), "abc");
    let unknown = "0000000000000000";
    for (id, before) in [(unknown, None), (ids[0].as_str(), Some(unknown)), (unknown, Some(unknown))] {
        let moved = vault.change(&mut place.entropy, NOW, |change| change.move_account(id, before));
        assert_eq!(moved, Err(VaultError::NoSuchAccount));
    }
}

#[test]
fn trash_restore_purge() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let ids: Vec<_> = ["a", "b", "c"].iter().map(|name| add(&mut vault, &account("", name))).collect();
    let purge = |vault: &mut Vault, entropy: &mut SeededEntropy| {
        vault.change(entropy, NOW, |change| change.purge_account(&ids[1]))
    };
    assert_eq!(purge(&mut vault, &mut place.entropy), Err(VaultError::NoSuchAccount));
    vault.change(&mut place.entropy, NOW, |change| change.trash_account(&ids[1], UnixTime(5))).unwrap();
    assert_eq!(names(&mut vault, "").concat(), "ac");
    let trash = vault.accounts(Shelf::Trash, NOW).unwrap();
    assert_eq!((trash.len(), trash[0].trashed_at), (1, Some(UnixTime(5))));
    assert_eq!(vault.account(&ids[1], NOW).unwrap().unwrap().trashed_at, Some(UnixTime(5)));

    vault.change(&mut place.entropy, NOW, |change| change.restore_account(&ids[1])).unwrap();
    assert_eq!(names(&mut vault, "").concat(), "abc");
    assert_eq!(vault.account(&ids[1], NOW).unwrap().unwrap().trashed_at, None);

    vault.change(&mut place.entropy, NOW, |change| change.trash_account(&ids[1], UnixTime(6))).unwrap();
    assert_eq!(purge(&mut vault, &mut place.entropy), Ok(()));
    assert!(vault.account(&ids[1], NOW).unwrap().is_none());
    assert!(vault.accounts(Shelf::Trash, NOW).unwrap().is_empty());
    assert_eq!(vault.verify(NOW).unwrap(), []);
}

#[test]
fn a_backup_is_needed_until_made_and_again_after_a_change() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let id = add(&mut vault, &account("", "a"));
    let needs = |vault: &mut Vault, id: &str| vault.summary(id, NOW).unwrap().unwrap().needs_backup;
    assert!(needs(&mut vault, &id));
    assert_eq!(vault.last_backup(NOW).unwrap(), None);

    let held = vault.head().unwrap().generation;
    let later = add(&mut vault, &account("", "added while the backup was written"));
    vault.change(&mut place.entropy, NOW, |change| change.backed_up(held, UnixTime(9))).unwrap();
    for vault in [&mut vault, &mut place.open()] {
        assert!(!needs(vault, &id) && needs(vault, &later));
        assert_eq!(vault.last_backup(NOW).unwrap(), Some(UnixTime(9)));
    }
    // A use of a counter is no change of what `changed_at` stands for; a new name is.
    let mut put = |changed_at| {
        vault
            .change(&mut place.entropy, NOW, |change| {
                let mut account = change.account(&id)?.unwrap();
                account.changed_at = changed_at;
                change.put_account(&id, &account)
            })
            .unwrap();
        needs(&mut vault, &id)
    };
    assert!(!put(NOW.wall));
    assert!(put(NOW.wall.plus(-3600)));
}

#[test]
fn names_and_notes_have_limits() {
    let mut place = Place::new();
    let (mut vault, _) = place.create();
    let mut add = |edit: &dyn Fn(&mut countersign::account::Account)| {
        let mut account = account("", "");
        edit(&mut account);
        vault.change(&mut place.entropy, NOW, |change| change.add_account(&account)).map(drop)
    };
    assert_eq!(add(&|account| account.name = "あ".repeat(256)), Ok(()));
    assert_eq!(add(&|account| account.note = "あ".repeat(4096)), Ok(()));
    for edit in [
        &|account: &mut countersign::account::Account| account.name = "a".repeat(257),
        &|account: &mut countersign::account::Account| account.issuer = "a".repeat(257),
        &|account: &mut countersign::account::Account| account.note = "a".repeat(4097),
        &|account: &mut countersign::account::Account| account.tags = vec!["a".into(); 33],
        &|account: &mut countersign::account::Account| account.tags = vec!["a".repeat(65)],
    ] as [&dyn Fn(&mut countersign::account::Account); 5]
    {
        assert_eq!(add(edit), Err(VaultError::TooLarge));
    }
}
