//! One damaged row costs what stood in that row, and nothing else.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;

use countersign::approval::{AnswerResult, Outcome};
use countersign::authenticator::{Authenticator, BackupPlace, Job, Scanned};
use countersign::clock::Now;
use countersign::entropy::SystemEntropy;
use countersign::reason::Reason;
use countersign::transfer::import::{Batch, Opened, open};
use countersign::vault::{NewPassword, Part, RowKind, Shelf, Way};
use countersign_practice::Settings;
use countersign_tests::phone::{Phone, World as _};
use countersign_tests::place::{Place, approval};
use countersign_tests::realm::SignIn;
use rusqlite::Connection;

/// Writes zeros over the row at this place of a book, in the order of the file; whether there is one.
fn damage(folder: &Path, book: u8, place: u32) -> bool {
    let db = Connection::open(folder.join("vault.db")).unwrap();
    let sql = "UPDATE row SET sealed = zeroblob(200) WHERE book = ?1 AND locator = \
               (SELECT locator FROM row WHERE book = ?1 ORDER BY locator LIMIT 1 OFFSET ?2)";
    db.execute(sql, (book, place)).unwrap() == 1
}

fn code(name: &str, secret: &str) -> Scanned {
    Scanned::read(format!("otpauth://totp/Example:{name}?secret={secret}").as_bytes())
}

fn reason<T>(done: Result<T, countersign::authenticator::Error>) -> Reason {
    match done {
        Ok(_) => panic!("done"),
        Err(error) => error.reason(),
    }
}

fn ids(core: &mut Authenticator, shelf: Shelf, now: Now) -> Vec<String> {
    core.accounts(shelf, now).unwrap().into_iter().map(|account| account.id.clone()).collect()
}

#[test]
fn the_other_accounts_go_on_and_the_damaged_one_can_be_removed() {
    const NAMES: [&str; 3] = ["ann", "bob", "eve"];
    for place in 0..3 {
        let (world, folder) = (Place::new(Settings::default()), tempfile::tempdir().unwrap());
        let now = world.now();
        let mut phone = Phone::new(folder.path(), 5, now);
        let all = NAMES.map(|name| phone.core().add(&code(name, "GEZDGNBVGY3TQOJQ"), now).unwrap().id);
        assert!(damage(folder.path(), 0, place));

        phone.start_again(now);
        let core = phone.core();
        let shown = core.codes(&all, now).unwrap();
        let dark: Vec<_> = all.iter().zip(shown).filter(|(_, codes)| codes.is_none()).collect();
        let [(damaged, _)] = dark[..] else { panic!("{} without a code", dark.len()) };
        let found = core.verify(now).unwrap();
        assert!(matches!(&found[..], [Part::RowChanged { kind: RowKind::Account, id }] if id == damaged));

        // Whether it is the same as the damaged one nobody can tell: it is another account.
        for name in NAMES {
            assert!(core.add(&code(name, "MFRGGZDFMZTWQ2LK"), now).unwrap().added);
        }
        assert_eq!(reason(core.new_recovery_code(now)), Reason::VaultDamaged);
        assert_eq!(reason(core.use_counter(damaged, now)), Reason::VaultDamaged);
        core.remove(damaged, now).unwrap();
        assert_eq!(ids(core, Shelf::Trash, now), std::slice::from_ref(damaged));
        core.restore(damaged, now).unwrap();
        assert!(ids(core, Shelf::InUse, now).contains(damaged));
        core.remove(damaged, now).unwrap();
        assert!(core.purge(damaged, now).unwrap().is_empty(), "its keys stand in what is damaged");
        assert!(core.verify(now).unwrap().is_empty());
        core.new_recovery_code(now).unwrap();
        assert_eq!(ids(core, Shelf::InUse, now).len(), 5);
    }
}

fn batch(name: &str) -> Batch {
    let link = format!("otpauth://totp/Example:{name}?secret=MFRGGZDFMZTWQ2LK");
    let Ok(Opened::Entries(batch)) = open(link.as_bytes()) else { panic!() };
    batch
}

/// Whichever row it is: there can be a backup, and just then it is wanted; an import can come in and be undone.
#[test]
fn backups_and_imports_go_on_whatever_row_is_damaged() {
    let password = NewPassword::derive(b"password", &mut SystemEntropy::new()).unwrap();
    let mut rows = 0;
    while rows < 20 {
        let (world, folder) = (Place::new(Settings::default()), tempfile::tempdir().unwrap());
        let now = world.now();
        let mut phone = Phone::new(folder.path(), 5, now);
        let core = phone.core();
        core.import(&batch("ann"), &[], &[0], now).unwrap();
        core.set_backup_password(&password, now).unwrap();
        let place = BackupPlace { folder: "f".to_owned(), keep: 3, is_automatic: true };
        core.set_backup_place(Some(&place), now).unwrap();
        let backup = core.backup(now).unwrap();
        core.confirm_backup(&backup, backup.bytes(), now).unwrap();
        if !damage(folder.path(), 0, rows) {
            break;
        }

        phone.start_again(now);
        let core = phone.core();
        core.backup_state(now).unwrap();
        core.is_backup_due(now).unwrap();
        core.set_backup_password(&password, now).unwrap();
        let backup = core.backup(now).unwrap();
        core.confirm_backup(&backup, backup.bytes(), now).unwrap();
        assert_eq!(core.backup_state(now).unwrap().ways, [Way::Password]);
        let second = core.import(&batch("bob"), &[], &[0], now).unwrap();
        let past = core.past_imports(now).unwrap();
        assert_eq!(past.last().map(|past| past.id.clone()), second.id);
        for import in &past {
            core.undo_import(&import.id, now).unwrap();
        }
        assert!(core.past_imports(now).unwrap().is_empty());
        rows += 1;
    }
    assert!((6..20).contains(&rows), "{rows} rows");
}

/// A phone whose account is asked to approve a sign-in.
fn asked(folder: &Path) -> (Place, Phone, String, SignIn) {
    let mut world = Place::new(Settings::default());
    let mut phone = Phone::new(folder, 5, world.now());
    let set_up = world.realm.show_set_up_code("alice", world.clock.server());
    let account = phone.enrol(&set_up, &mut world).unwrap().1.unwrap();
    let sign_in = world.realm.sign_in("alice", world.clock.server());
    world.person.sign_in = Some(sign_in.clone());
    (world, phone, account, sign_in)
}

/// What background checks and requests leave in the vault is made anew: a sign-in is approved all the same.
#[test]
fn a_damaged_hint_stops_no_approval() {
    for place in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let (mut world, mut phone, account, sign_in) = asked(folder.path());
        let look = Job::Check { account: &account };
        phone.run(&look, &mut world).unwrap();
        if !damage(folder.path(), 1, place) {
            assert_eq!(place, 2, "what background checks need, and the waiting request");
            break;
        }
        phone.start_again(world.now());
        let Outcome::Checked { requests, .. } = phone.run(&look, &mut world).unwrap() else {
            panic!("no list")
        };
        assert_eq!(requests.len(), 1);
        let answer = Job::Answer { account: &account, request: approval(&sign_in) };
        let Outcome::Answered(answered) = phone.run(&answer, &mut world).unwrap() else {
            panic!("no answer")
        };
        assert_eq!(answered.result, AnswerResult::Approved);
        assert!(phone.core().verify(world.now()).unwrap().is_empty(), "it was made anew");
    }
}

/// A change of the ways in seals everything anew, and leaves behind what is read as if it were not there.
#[test]
fn a_damaged_record_of_a_request_stops_no_change_of_the_ways_in() {
    let mut changed = Vec::new();
    for place in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let (mut world, mut phone, account, sign_in) = asked(folder.path());
        phone.run(&Job::Answer { account: &account, request: approval(&sign_in) }, &mut world).unwrap();
        assert!(
            damage(folder.path(), 0, place),
            "the account, what was done about its request, and that in the history"
        );
        let (core, now) = (phone.core(), world.now());
        let found = core.verify(now).unwrap();
        let [part] = &found[..] else { panic!("{found:?}") };
        let (kind, _) = part.row().unwrap();
        match kind {
            RowKind::Account => assert_eq!(reason(core.new_recovery_code(now)), Reason::VaultDamaged),
            _ => {
                core.new_recovery_code(now).unwrap();
                assert!(core.verify(now).unwrap().is_empty());
            }
        }
        changed.push(kind);
    }
    changed.sort_unstable();
    assert_eq!(changed, [RowKind::Account, RowKind::Request, RowKind::History]);
}
