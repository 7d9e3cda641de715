//! Makes the vault that is kept for the tests of later versions, once for each version of the format:
//! `cargo run -p countersign --example keep_a_vault -- tests/fixtures/vault/vN.db`

#![allow(clippy::unwrap_used, reason = "whoever keeps a vault sees what is wrong")]
#![allow(clippy::disallowed_methods, reason = "a program, not the core")]

use std::path::Path;

use countersign::account::Account;
use countersign::clock::{Now, UnixTime};
use countersign::entropy::SystemEntropy;
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::secret::Secret;
use countersign::vault::{NewWays, ValueKind, Vault};

const NOW: Now = Now { wall: UnixTime(1_800_000_000), steady_ms: 1_000 };

fn main() {
    let file = std::env::args().nth(1).unwrap();
    let mut entropy = SystemEntropy::new();
    let platform = std::array::from_fn(|index| u8::try_from(index).unwrap() + 1);
    let ways = NewWays { password: Some(b"correct horse"), platform: Some(&platform), recovery: true };
    let (mut vault, _) = Vault::create(Path::new(&file), &ways, &mut entropy, NOW).unwrap();
    vault
        .change(&mut entropy, NOW, |change| {
            let mut first = account("Example", "alice@example.com");
            first.tags = vec!["work".into()];
            first.note = "a note".into();
            change.add_account(&first)?;
            change.add_account(&account("日本商店", "花子"))?;
            let mut favourite = account("Example", "bob@example.com");
            favourite.favourite = true;
            change.add_account(&favourite)?;
            let gone = change.add_account(&account("Example", "old"))?;
            change.trash_account(&gone, NOW.wall)?;
            change.put(ValueKind::Setting, "language", "ja")?;
            change.put(ValueKind::Watch, "hint", "origin")
        })
        .unwrap();
    vault.new_recovery_code(&mut entropy, NOW).unwrap();
}

fn account(issuer: &str, name: &str) -> Account {
    // The seed of RFC 4226 and RFC 6238.
    let seed = Secret::copy_of(b"12345678901234567890");
    Account {
        otp: Some(Otp::new(Kind::Totp { period: 30 }, Algorithm::Sha1, 6, seed).unwrap()),
        ..Account::new(issuer, name, NOW.wall)
    }
}
