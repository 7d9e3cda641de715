//! Restoring: a merge with a preview, in one transaction, with an undo; never an overwrite.

use countersign::account::Account;
use countersign::clock::{Now, UnixTime};
use countersign::otp::Kind;
use countersign::reason::Reason;
use countersign::transfer::import::{Differs, Standing};
use countersign::vault::Shelf;

use crate::kit::{NOW, PASSWORD, Phone, code, one_of_each, read};

#[test]
fn into_an_empty_vault_everything_comes_back_in_its_order() {
    let accounts = one_of_each();
    let batch = read(Phone::with(&accounts).backup().bytes(), PASSWORD).unwrap();
    let mut empty = Phone::with(&[]);
    let rows = empty.core.preview_import(&batch, NOW).unwrap();
    let chosen: Vec<_> = rows.iter().filter(|row| row.chosen).map(|row| row.entry).collect();
    assert_eq!(chosen, [0, 1, 2, 3, 4, 6]);
    assert_eq!(rows[5].standing, Standing::Refused { reason: Reason::NeedsNewSetUp });
    let imported = empty.core.import(&batch, &[], &chosen, NOW).unwrap();
    let back = empty.accounts();
    let names =
        |accounts: &[Account]| accounts.iter().map(|account| account.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&back), ["totp", "hotp", "steam", "motp", "yandex", "bob"]);
    assert_eq!(back[3].trashed_at, Some(UnixTime(1_750_000_000)));
    assert!(back.iter().all(|account| account.registration.is_none()));

    // The same once more: everything is there.
    let again = empty.core.preview_import(&batch, NOW).unwrap();
    assert!(again.iter().all(|row| !row.chosen));
    assert!(matches!(again[3].standing, Standing::Same { .. }), "{:?}", again[3]);
    assert_eq!(empty.core.undo_import(&imported.id.unwrap(), NOW).unwrap(), 5);
    assert_eq!(empty.core.accounts(Shelf::InUse, NOW).unwrap().len(), 0);
}

#[test]
fn an_account_that_has_got_its_name_since_needs_no_new_set_up() {
    let nameless = Account { name: String::new(), ..one_of_each()[5].clone() };
    let mut phone = Phone::with(&[nameless]);
    let batch = read(phone.backup().bytes(), PASSWORD).unwrap();
    let account = phone.core.accounts(Shelf::InUse, NOW).unwrap()[0].clone();
    for (issuer, is_here) in [(account.issuer.as_str(), true), ("Elsewhere", false)] {
        phone.core.rename(&account.id, issuer, "alice", NOW).unwrap();
        let rows = phone.core.preview_import(&batch, NOW).unwrap();
        assert_eq!(rows[0].standing == Standing::Same { account: account.id.clone() }, is_here);
        assert_eq!(rows[0].needs_new_set_up(&batch.entries[0]).is_none(), is_here);
    }
}

/// One of them may be set up, and the other not.
#[test]
fn of_two_without_a_name_none_is_taken_for_one_that_got_it() {
    let nameless = Account { name: String::new(), ..one_of_each()[5].clone() };
    let batch = read(Phone::with(&[nameless.clone(), nameless.clone()]).backup().bytes(), PASSWORD).unwrap();
    let mut phone = Phone::with(&[Account { name: "alice".to_owned(), ..nameless }]);
    let rows = phone.core.preview_import(&batch, NOW).unwrap();
    let refused = Standing::Refused { reason: Reason::NeedsNewSetUp };
    assert!(rows.iter().all(|row| row.standing == refused), "{rows:?}");
}

#[test]
fn an_account_that_was_deleted_once_and_set_up_again_comes_back_in_use() {
    let again = code("A", "twice", Kind::Steam);
    let deleted = Account { trashed_at: Some(UnixTime(1_750_000_000)), ..again.clone() };
    let batch = read(Phone::with(&[deleted, again]).backup().bytes(), PASSWORD).unwrap();
    let mut empty = Phone::with(&[]);
    let rows = empty.core.preview_import(&batch, NOW).unwrap();
    let chosen: Vec<_> = rows.iter().filter(|row| row.chosen).map(|row| row.entry).collect();
    empty.core.import(&batch, &[], &chosen, NOW).unwrap();
    let [back] = &empty.accounts()[..] else { panic!("not one") };
    assert_eq!(back.trashed_at, None);
}

#[test]
fn into_a_full_vault_nothing_is_written_over() {
    let old = [
        code("A", "same", Kind::Steam),
        code("B", "renamed", Kind::Steam),
        code("C", "counted", Kind::Hotp { counter: 3 }),
        code("D", "noted", Kind::Steam),
        code("E", "deleted", Kind::Steam),
        code("F", "gone", Kind::Steam),
    ];
    let mut phone = Phone::with(&old);
    let batch = read(phone.backup().bytes(), PASSWORD).unwrap();
    let id =
        |phone: &mut Phone, name: &str| phone.core.search(name, Shelf::InUse, NOW).unwrap()[0].id.clone();
    let later = Now { wall: NOW.wall.plus(60), ..NOW };
    let (renamed, counted, noted) =
        (id(&mut phone, "renamed"), id(&mut phone, "counted"), id(&mut phone, "noted"));
    let (deleted, gone) = (id(&mut phone, "deleted"), id(&mut phone, "gone"));
    phone.core.rename(&renamed, "B", "other", later).unwrap();
    phone.core.use_counter(&counted, later).unwrap();
    phone.core.set_note(&noted, "new", later).unwrap();
    phone.core.remove(&deleted, later).unwrap();
    phone.core.remove(&gone, later).unwrap();
    phone.core.purge(&gone, later).unwrap();
    let before = phone.accounts();

    let rows = phone.core.preview_import(&batch, later).unwrap();
    let differs = |account: String, what| Standing::Differs { account, what: vec![what] };
    assert!(matches!(rows[0].standing, Standing::Same { .. }));
    assert_eq!(rows[1].standing, differs(renamed, Differs::Names));
    assert_eq!(rows[2].standing, differs(counted, Differs::Counter));
    assert_eq!(rows[3].standing, differs(noted, Differs::Details));
    assert_eq!(rows[4].standing, Standing::InTrash { account: deleted });
    assert_eq!(rows[5].standing, Standing::New);
    let chosen: Vec<_> = rows.iter().map(|row| row.chosen).collect();
    assert_eq!(chosen, [false, true, false, false, true, true]);

    phone.core.import(&batch, &[], &[0, 1, 2, 3, 4, 5], later).unwrap();
    let after = phone.accounts();
    for (before, after) in before.iter().zip(&after) {
        let is_back = before.name == "deleted" && after.trashed_at.is_none();
        assert!(is_back || format!("{before:?}") == format!("{after:?}"), "{before:?} {after:?}");
    }
    assert_eq!(after.len(), before.len() + 5);
}

#[test]
fn an_account_that_approves_here_needs_no_new_set_up() {
    let mut phone = Phone::with(&one_of_each());
    let batch = read(phone.backup().bytes(), PASSWORD).unwrap();
    let rows = phone.core.preview_import(&batch, NOW).unwrap();
    assert!(matches!(rows[5].standing, Standing::Same { .. }), "{:?}", rows[5]);
}
