//! What the tests share.

use std::sync::OnceLock;

use countersign::account::{Account, DeviceKey, KeyAlgorithm, Registration, System};
use countersign::authenticator::Authenticator;
use countersign::clock::{Now, UnixTime};
use countersign::entropy::SystemEntropy;
use countersign::link::Origin;
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::transfer::backup::Backup;
use countersign::transfer::import::{Batch, Limits, Opened, Progress, Unlocking, open};
use countersign::vault::{NewPassword, NewWays, Vault, WayIn};
use tempfile::TempDir;

pub(crate) const PASSWORD: &[u8] = "correct horse ü".as_bytes();
pub(crate) const NOW: Now = Now { wall: UnixTime(1_800_000_000), steady_ms: 1 };
const PLATFORM: [u8; 32] = [7; 32];

/// A vault in a folder, with a password for backups.
pub(crate) struct Phone {
    folder: TempDir,
    pub(crate) core: Authenticator,
}

/// Argon2id is run once for all tests that do not look at it.
fn password() -> &'static NewPassword {
    static DERIVED: OnceLock<NewPassword> = OnceLock::new();
    DERIVED.get_or_init(|| NewPassword::derive(PASSWORD, &mut SystemEntropy::new()).unwrap())
}

impl Phone {
    /// With these accounts, put in as they are.
    pub(crate) fn with(accounts: &[Account]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.db");
        let ways = NewWays { platform: Some(&PLATFORM), recovery: true, ..NewWays::default() };
        let mut entropy = SystemEntropy::new();
        let (mut vault, _) = Vault::create(&path, &ways, &mut entropy, NOW).unwrap();
        vault
            .change(&mut entropy, NOW, |change| {
                accounts.iter().try_for_each(|account| change.add_account(account).map(drop))
            })
            .unwrap();
        drop(vault);
        let mut core = Authenticator::open(&path, Box::new(SystemEntropy::new())).unwrap();
        let opened = core.derivation(WayIn::Platform(&PLATFORM)).unwrap().run().unwrap();
        core.unlock(&opened, None, NOW).unwrap();
        core.set_backup_password(password(), NOW).unwrap();
        Self { folder, core }
    }

    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("vault.db")
    }

    /// Every account as the vault has it, in the person's order.
    pub(crate) fn accounts(&self) -> Vec<Account> {
        let mut vault = Vault::open(&self.path()).unwrap();
        let opened = vault.derivation(WayIn::Platform(&PLATFORM)).unwrap().run().unwrap();
        vault.unlock(&opened, None, NOW).unwrap();
        let mut entropy = SystemEntropy::new();
        vault
            .change(&mut entropy, NOW, |change| {
                let ids: Vec<_> = change.in_order()?.into_iter().map(|there| there.id.clone()).collect();
                ids.iter().map(|id| Ok(change.account(id)?.unwrap())).collect()
            })
            .map_err(|error: countersign::vault::VaultError| error)
            .unwrap()
    }

    pub(crate) fn backup(&mut self) -> Backup {
        self.core.backup(NOW).unwrap()
    }
}

pub(crate) fn code(issuer: &str, name: &str, kind: Kind) -> Account {
    let seed = Secret::copy_of(format!("seed of {issuer} {name}").as_bytes());
    let otp = match kind {
        Kind::Motp | Kind::Yandex => {
            let seed = Secret::copy_of(&seed.expose().repeat(2)[..16]);
            Otp::with_pin(kind, 6, seed, Secret::copy_of(b"1234")).unwrap()
        }
        _ => Otp::new(kind, Algorithm::Sha256, 8, seed).unwrap(),
    };
    Account { otp: Some(otp), ..Account::new(issuer, name, UnixTime(1_700_000_000)) }
}

pub(crate) fn approver(issuer: &str, name: &str) -> Account {
    let registration = Registration {
        system: System::KeycloakPush,
        origin: Origin::of("https://login.example/realms/staff").unwrap(),
        key: Some(DeviceKey {
            id: "key".to_owned(),
            algorithm: KeyAlgorithm::Es256,
            spki: b"PublicKeyOfTheDevice".to_vec(),
        }),
        details: Secret::copy_of(b"ClientSecretOfTheOrganisation"),
    };
    Account { registration: Some(registration), ..Account::new(issuer, name, UnixTime(1_700_000_001)) }
}

/// One of each kind, with everything about it.
pub(crate) fn one_of_each() -> Vec<Account> {
    let kinds =
        [Kind::Totp { period: 45 }, Kind::Hotp { counter: u64::MAX }, Kind::Steam, Kind::Motp, Kind::Yandex];
    let mut accounts: Vec<_> = kinds.into_iter().map(|kind| code("日本商店", kind.name(), kind)).collect();
    accounts[1].favourite = true;
    accounts[2].tags = vec!["work".to_owned(), "Ünï".to_owned()];
    accounts[2].note = "two\nlines \"quoted\"".to_owned();
    accounts[3].trashed_at = Some(UnixTime(1_750_000_000));
    accounts.push(approver("Example Ltd", "alice@example.com"));
    accounts.push(Account { otp: accounts[0].otp.clone(), ..approver("Both", "bob") });
    accounts
}

pub(crate) fn run(mut unlocking: Unlocking) -> Result<Batch, Reason> {
    loop {
        if let Progress::Done(batch) = unlocking.step().map_err(|refused| refused.reason)? {
            return Ok(batch);
        }
    }
}

/// Opens a file as an import does.
pub(crate) fn read(file: &[u8], password: &[u8]) -> Result<Batch, Reason> {
    match open(file).map_err(|refused| refused.reason)? {
        Opened::Locked(locked) => {
            run(locked.unlock(password, Limits::default()).map_err(|refused| refused.reason)?)
        }
        Opened::Entries(_) => panic!("no password was asked for"),
    }
}

pub(crate) fn read_with_code(file: &[u8], typed: &str) -> Result<Batch, Reason> {
    match open(file).map_err(|refused| refused.reason)? {
        Opened::Locked(locked) => run(locked.unlock_with_code(typed).map_err(|refused| refused.reason)?),
        Opened::Entries(_) => panic!("no code was asked for"),
    }
}
