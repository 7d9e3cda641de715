//! What the tests share.

use std::path::{Path, PathBuf};

use countersign::account::Account;
use countersign::clock::{Now, UnixTime};
use countersign::entropy::SeededEntropy;
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::secret::Secret;
use countersign::vault::{Finding, NewWays, RecoveryCode, Vault, VaultError, WayIn};
use tempfile::TempDir;

/// The bytes that the platform keeps in these tests: opening by them is quick.
pub(crate) const PLATFORM: [u8; 32] = [7; 32];

pub(crate) const NOW: Now = at(1_000);

pub(crate) const fn at(steady_ms: u64) -> Now {
    Now { wall: UnixTime(1_800_000_000), steady_ms }
}

/// A folder with a vault in it.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) entropy: SeededEntropy,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), entropy: SeededEntropy::new(b"vault tests") }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("vault.db")
    }

    /// A vault with a platform key and a recovery code.
    pub(crate) fn create(&mut self) -> (Vault, RecoveryCode) {
        let ways = NewWays { platform: Some(&PLATFORM), recovery: true, ..NewWays::default() };
        let (vault, code) = Vault::create(&self.path(), &ways, &mut self.entropy, NOW).unwrap();
        (vault, code.unwrap())
    }

    pub(crate) fn open(&self) -> Vault {
        open(&self.path()).unwrap()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// Opens by the platform key and unlocks, whatever is found damaged.
pub(crate) fn open(path: &Path) -> Result<Vault, VaultError> {
    open_with_finding(path).map(|(vault, _)| vault)
}

pub(crate) fn open_with_finding(path: &Path) -> Result<(Vault, Finding), VaultError> {
    let mut vault = Vault::open(path)?;
    let opened = vault.derivation(WayIn::Platform(&PLATFORM))?.run()?;
    let finding = vault.unlock(&opened, None, NOW)?;
    Ok((vault, finding))
}

pub(crate) fn account(issuer: &str, name: &str) -> Account {
    let seed = Secret::copy_of(format!("seed of {issuer} {name}").as_bytes());
    Account {
        otp: Some(Otp::new(Kind::Totp { period: 30 }, Algorithm::Sha1, 6, seed).unwrap()),
        ..Account::new(issuer, name, NOW.wall)
    }
}

pub(crate) fn add(vault: &mut Vault, account: &Account) -> String {
    let mut entropy = countersign::entropy::SystemEntropy::new();
    vault.change(&mut entropy, NOW, |change| change.add_account(account)).unwrap()
}

/// Raw access to the file, as whoever can write it has.
pub(crate) fn raw(path: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path).unwrap()
}
