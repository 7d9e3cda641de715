//! Everything worth keeping goes in and comes out.

use countersign::account::{Account, MAX_NOTE, MAX_TAG, MAX_TAGS};
use countersign::clock::UnixTime;
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::transfer::import::{App, Note};
use proptest::prelude::*;

use crate::kit::{NOW, PASSWORD, Phone, code, one_of_each, read, read_with_code};

#[test]
fn every_kind_with_everything_about_it() {
    let accounts = one_of_each();
    let mut phone = Phone::with(&accounts);
    let backup = phone.backup();
    let batch = read(backup.bytes(), PASSWORD).unwrap();
    assert_eq!(
        (batch.app, batch.format, batch.made_at),
        (App::Countersign, "countersign_backup", Some(NOW.wall))
    );
    assert_eq!((backup.accounts(), backup.damaged()), (7, 0));
    for (account, entry) in accounts.iter().zip(&batch.entries) {
        assert_eq!((&account.issuer, &account.name), (&entry.issuer, &entry.name));
        let expected = account.otp.clone().ok_or(Reason::NeedsNewSetUp);
        assert_eq!(entry.otp, expected);
        assert_eq!(
            (account.favourite, &account.tags, &account.note),
            (entry.favourite, &entry.tags, &entry.note)
        );
        let kept = entry.kept.as_ref().unwrap();
        assert_eq!((kept.added_at, kept.trashed_at), (account.added_at, account.trashed_at));
    }
    let approval = batch.entries[5].kept.as_ref().unwrap().approval.as_ref().unwrap();
    assert_eq!(
        (approval.system.as_str(), approval.origin.as_str()),
        ("keycloak_push", "https://login.example/realms/staff")
    );
    assert_eq!(
        (&batch.entries[3].notes, &batch.entries[6].notes),
        (&vec![Note::BackToTrash], &vec![Note::ApprovalLeft])
    );
}

#[test]
fn no_key_and_no_name_stands_in_the_file() {
    let mut phone = Phone::with(&one_of_each());
    let backup = phone.backup();
    for word in ["alice", "example", "ClientSecret", "PublicKey", "seed"] {
        let found = backup.bytes().windows(word.len()).any(|window| window == word.as_bytes());
        assert!(!found, "{word}");
    }
}

#[test]
fn a_recovery_code_opens_as_well() {
    let mut phone = Phone::with(&[code("A", "a", Kind::Steam)]);
    let without = phone.backup();
    let typed = phone.core.new_backup_code(NOW).unwrap();
    let typed = typed.text().expose_str().unwrap();
    let with = phone.backup();
    assert_eq!(
        read_with_code(with.bytes(), &typed.to_lowercase().replace('-', " ")).unwrap().entries.len(),
        1
    );
    assert_eq!(read(with.bytes(), PASSWORD).unwrap().entries.len(), 1);
    assert_eq!(read_with_code(without.bytes(), typed).unwrap_err(), Reason::NoCodeSlot);

    // Said at once, without any derivation.
    let first = if typed.starts_with('2') { "3" } else { "2" };
    let mistyped = format!("{first}{}", &typed[1..]);
    assert_eq!(read_with_code(with.bytes(), &mistyped).unwrap_err(), Reason::RecoveryCodeMistyped);
    assert_eq!(read_with_code(with.bytes(), "").unwrap_err(), Reason::RecoveryCodeMistyped);
    let other = phone.core.new_backup_code(NOW).unwrap();
    let other = other.text().expose_str().unwrap();
    assert_eq!(read_with_code(with.bytes(), other).unwrap_err(), Reason::ImportWrongRecoveryCode);
    assert!(read_with_code(phone.backup().bytes(), other).is_ok());
}

#[test]
fn a_password_in_another_unicode_form_is_the_same() {
    let mut phone = Phone::with(&[]);
    let backup = phone.backup();
    assert!(read(backup.bytes(), "correct horse u\u{308}".as_bytes()).is_ok());
    for wrong in [&b""[..], b"correct horse", &[b'x'; 2000], &[b'x'; 5000]] {
        assert_eq!(read(backup.bytes(), wrong).unwrap_err(), Reason::ImportWrongPassword);
    }
}

#[test]
fn the_size_tells_little() {
    let size = |count: usize| {
        let accounts: Vec<_> = (0..count).map(|n| code("Example", &n.to_string(), Kind::Steam)).collect();
        Phone::with(&accounts).backup().bytes().len()
    };
    let (none, some, more) = (size(0), size(40), size(100));
    assert_eq!(none, some);
    assert!((16 * 1024..17 * 1024).contains(&none), "{none}");
    assert_eq!(more - none, 16 * 1024);
}

#[test]
fn two_backups_of_the_same_share_no_key() {
    let mut phone = Phone::with(&[code("A", "a", Kind::Steam)]);
    let (one, other) = (phone.backup(), phone.backup());
    let same = one.bytes().iter().zip(other.bytes()).skip(300).filter(|(a, b)| a == b).count();
    assert!(same < 200, "{same} bytes of 16,000 are equal; by chance it is 64");
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![
        (1..=u32::MAX).prop_map(|period| Kind::Totp { period }),
        any::<u64>().prop_map(|counter| Kind::Hotp { counter }),
        Just(Kind::Steam),
    ]
}

fn algorithms() -> impl Strategy<Value = Algorithm> {
    prop::sample::select(vec![
        Algorithm::Sha1,
        Algorithm::Sha256,
        Algorithm::Sha512,
        Algorithm::Sha224,
        Algorithm::Sha384,
        Algorithm::Md5,
    ])
}

fn accounts() -> impl Strategy<Value = Account> {
    let otp = (kinds(), algorithms(), 1..=9_u8, prop::collection::vec(any::<u8>(), 1..100)).prop_map(
        |(kind, algorithm, digits, seed)| Otp::new(kind, algorithm, digits, Secret::from(seed)).unwrap(),
    );
    let names = ("[a-z あ]{0,20}", "[a-z@.]{0,40}");
    let more = (
        any::<bool>(),
        prop::collection::btree_set("[a-z]{1,64}", 0..4),
        "\\PC{0,100}",
        prop::option::of(any::<i64>()),
        any::<i64>(),
    );
    (names, otp, more).prop_map(|((issuer, name), otp, (favourite, tags, note, trashed_at, added_at))| {
        Account {
            otp: Some(otp),
            favourite,
            tags: tags.into_iter().collect(),
            note,
            trashed_at: trashed_at.map(UnixTime),
            ..Account::new(issuer.trim(), name, UnixTime(added_at))
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn any_accounts(accounts in prop::collection::vec(accounts(), 0..20)) {
        let mut phone = Phone::with(&accounts);
        let batch = read(phone.backup().bytes(), PASSWORD).unwrap();
        prop_assert_eq!(batch.entries.len(), accounts.len());
        // Into an empty vault, everything as it was.
        let mut other = Phone::with(&[]);
        let all: Vec<_> = (0..accounts.len()).collect();
        other.core.import(&batch, &[], &all, NOW).unwrap();
        // What is the same twice comes in twice where it was chosen.
        for (before, after) in accounts.iter().zip(other.accounts()) {
            prop_assert_eq!(&before.otp, &after.otp);
            prop_assert_eq!((&before.issuer, &before.name), (&after.issuer, &after.name));
            prop_assert_eq!((before.favourite, &before.tags, &before.note), (after.favourite, &after.tags, &after.note));
            prop_assert_eq!((before.added_at, before.trashed_at), (after.added_at, after.trashed_at));
        }
    }
}

#[test]
fn the_longest_that_an_account_may_have() {
    let account = Account {
        tags: (0..MAX_TAGS).map(|n| format!("{n:0>width$}", width = MAX_TAG)).collect(),
        note: "あ".repeat(MAX_NOTE),
        ..code("A", "a", Kind::Steam)
    };
    let mut phone = Phone::with(std::slice::from_ref(&account));
    let batch = read(phone.backup().bytes(), PASSWORD).unwrap();
    assert_eq!((&batch.entries[0].tags, &batch.entries[0].note), (&account.tags, &account.note));
    assert_eq!(batch.entries[0].notes, []);
}
