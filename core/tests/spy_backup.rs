//! A spy in the place of the allocator looks into each block that is freed while a backup is made and restored.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]

mod spy;
#[path = "spy/entropy.rs"]
mod spy_entropy;

use countersign::account::Account;
use countersign::authenticator::Authenticator;
use countersign::clock::{Now, UnixTime};
use countersign::entropy::SystemEntropy;
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::secret::Secret;
use countersign::transfer::import::{Batch, Limits, Opened, Progress, Unlocking, open};
use countersign::vault::{NewPassword, NewWays, Vault, WayIn};
use spy::{know, spied};
use spy_entropy::Known;

const SEED: &[u8] = b"Seed:4f0c5e9b7a2d8163";
/// `SEED` as it stands in the sealed JSON.
const SEED_BASE64: &[u8] = b"U2VlZDo0ZjBjNWU5YjdhMmQ4MTYz";
const PIN: &[u8] = b"Pin:0192837465564738";
const PASSWORD: &[u8] = b"Password:0d1f6b7c";
const PLATFORM: [u8; 32] = *b"Platform:8a7b6c5d4e3f20191817161";
const NOW: Now = Now { wall: UnixTime(1_800_000_000), steady_ms: 1 };

fn phone(folder: &std::path::Path, name: &str) -> Authenticator {
    let ways = NewWays { platform: Some(&PLATFORM), recovery: true, ..NewWays::default() };
    let entropy = Box::new(Known(SystemEntropy::new()));
    Authenticator::create(&folder.join(name), &ways, entropy, NOW).unwrap().0
}

fn run(mut unlocking: Unlocking) -> Batch {
    loop {
        if let Progress::Done(batch) = unlocking.step().unwrap() {
            return batch;
        }
    }
}

// One test, as blocks freed by another at the same time would be looked at too.
#[test]
fn no_freed_block_holds_a_secret() {
    for secret in [SEED, SEED_BASE64, PIN, PASSWORD, &PLATFORM] {
        know(secret);
    }
    assert!(spy::sees(SEED), "the spy sees what it should");

    let folder = tempfile::tempdir().unwrap();
    drop(phone(folder.path(), "vault.db"));
    let path = folder.path().join("vault.db");
    let mut vault = Vault::open(&path).unwrap();
    let opened = vault.derivation(WayIn::Platform(&PLATFORM)).unwrap().run().unwrap();
    vault.unlock(&opened, None, NOW).unwrap();
    let seed = || Secret::copy_of(SEED);
    let otps = [
        Otp::new(Kind::Hotp { counter: 0 }, Algorithm::Sha1, 6, seed()).unwrap(),
        Otp::with_pin(Kind::Motp, 6, seed(), Secret::copy_of(PIN)).unwrap(),
    ];
    for otp in otps {
        let account = Account { otp: Some(otp), ..Account::new("Example", "alice", NOW.wall) };
        let mut entropy = SystemEntropy::new();
        vault.change(&mut entropy, NOW, |change| change.add_account(&account)).unwrap();
    }
    drop(vault);

    let mut core = Authenticator::open(&path, Box::new(Known(SystemEntropy::new()))).unwrap();
    let opened = core.derivation(WayIn::Platform(&PLATFORM)).unwrap().run().unwrap();
    core.unlock(&opened, None, NOW).unwrap();
    spied("password", || {
        let new = NewPassword::derive(PASSWORD, &mut Known(SystemEntropy::new())).unwrap();
        core.set_backup_password(&new, NOW).unwrap();
    });
    let code = spied("recovery code", || core.new_backup_code(NOW)).unwrap();
    know(code.text().expose());
    let backup = spied("backup", || core.backup(NOW)).unwrap();
    let file = backup.bytes().to_vec();
    spied("confirm", || core.confirm_backup(&backup, &file, NOW)).unwrap();
    spied("due", || core.is_backup_due(NOW)).unwrap();
    spied("drop", || drop(backup));

    let mut other = phone(folder.path(), "other.db");
    spied("restore by password", || {
        let Ok(Opened::Locked(locked)) = open(&file) else { panic!() };
        let batch = run(locked.unlock(PASSWORD, Limits::default()).unwrap());
        assert!(other.preview_import(&batch, NOW).unwrap().iter().any(|row| row.chosen));
        other.import(&batch, &[], &[0, 1], NOW).unwrap();
    });
    spied("restore by recovery code", || {
        let Ok(Opened::Locked(locked)) = open(&file) else { panic!() };
        let batch = run(locked.unlock_with_code(code.text().expose_str().unwrap()).unwrap());
        assert_eq!(other.preview_import(&batch, NOW).unwrap().len(), 2);
    });
    spied("wrong password", || {
        let Ok(Opened::Locked(locked)) = open(&file) else { panic!() };
        assert!(locked.unlock(SEED, Limits::default()).unwrap().step().is_err());
    });
    spied("close", || drop((core, other, code)));
    println!("counted: backup: {} secrets known to the spy, 0 freed blocks with one in", spy::known());
}
