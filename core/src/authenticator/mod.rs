//! The facade: an open vault and what can be done with it.
//!
//! A host opens a vault, unlocks it, and then lists accounts, shows codes, adds what it scanned, and carries out the
//! steps of approvals ([`Authenticator::begin`], [`Authenticator::next`]).

mod accounts;
mod background;
mod backups;
mod clocks;
mod codes;
mod error;
mod exports;
mod floods;
mod history;
mod host;
mod imports;
mod jobs;
mod keep;
mod looks;
mod organisations;
mod rest;
mod run;
mod runs;
mod scanned;
mod schedule;
mod watching;

use std::path::Path;

pub use accounts::Added;
pub use background::Background;
pub use backups::{BackupPlace, BackupState, BackupWarning, LastBackup};
pub use clocks::ServerClock;
pub use error::Error;
pub use exports::{ExportRow, Exported};
pub use floods::Flood;
pub use history::{PastAnswer, PastRequest, PastStanding};
pub use imports::{Imported, PastImport};
pub use jobs::{Enrol, Job};
pub use organisations::{Organisation, Stored};
pub use runs::{Finished, RunId, Unfinished};
pub use scanned::Scanned;
pub use schedule::{EXPECTED_FOR_MS, Looks};

use crate::clock::{Now, UnixTime};
use crate::entropy::Entropy;
use crate::otp::Sheet;
use crate::secret::Secret;
use crate::vault::{
    Derivation, Finding, Head, NewPassword, NewWays, OpenedSlot, Part, RecoveryCode, Vault, VaultError, Way,
    WayIn,
};

/// An open vault and its host's randomness.
pub struct Authenticator {
    vault: Vault,
    entropy: Box<dyn Entropy>,
    /// The accounts whose codes are on the screen.
    shown: Vec<String>,
    /// The vault's generations that they were opened in.
    shown_at: (u64, u64),
    /// When they were asked for last.
    shown_until: UnixTime,
    /// The clocks by which they are made.
    shown_by: Vec<(String, i64)>,
    sheet: Sheet,
    runs: runs::Runs,
    schedule: schedule::Schedule,
}

impl Authenticator {
    /// Makes a vault; it is unlocked. A recovery code is shown once: it can't be shown again.
    ///
    /// # Errors
    /// As [`Vault::create`].
    pub fn create(
        path: &Path,
        ways: &NewWays<'_>,
        mut entropy: Box<dyn Entropy>,
        now: Now,
    ) -> Result<(Self, Option<RecoveryCode>), Error> {
        let (vault, code) = Vault::create(path, ways, &mut *entropy, now)?;
        Ok((Self::over(vault, entropy), code))
    }

    /// Opens a vault file; it is locked.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open(path: &Path, entropy: Box<dyn Entropy>) -> Result<Self, Error> {
        Ok(Self::over(Vault::open(path)?, entropy))
    }

    fn over(vault: Vault, entropy: Box<dyn Entropy>) -> Self {
        Self {
            vault,
            entropy,
            shown: Vec::new(),
            shown_at: (0, 0),
            shown_until: UnixTime(0),
            shown_by: Vec::new(),
            sheet: Sheet::default(),
            runs: runs::Runs::default(),
            schedule: schedule::Schedule::default(),
        }
    }

    /// Random id of the vault, 32 hexadecimal digits.
    #[must_use]
    pub fn vault_id(&self) -> &str {
        self.vault.id()
    }

    /// The ways in that the vault has.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn ways(&mut self) -> Result<Vec<Way>, Error> {
        Ok(self.vault.ways()?)
    }

    /// What opening by this way needs; [`Derivation::run`] is the slow part and needs no lock on this object.
    ///
    /// # Errors
    /// As [`Vault::derivation`].
    pub fn derivation(&mut self, way: WayIn<'_>) -> Result<Derivation, Error> {
        Ok(self.vault.derivation(way)?)
    }

    /// Unlocks. `known` is the last head that the host kept, if it keeps one.
    ///
    /// # Errors
    /// As [`Vault::unlock`].
    pub fn unlock(&mut self, opened: &OpenedSlot, known: Option<&Head>, now: Now) -> Result<Finding, Error> {
        Ok(self.vault.unlock(opened, known, now)?)
    }

    /// Unlocks although the file is older than `known`: the person chose so.
    ///
    /// # Errors
    /// As [`Vault::unlock`].
    pub fn unlock_older(&mut self, opened: &OpenedSlot, known: &Head, now: Now) -> Result<Finding, Error> {
        Ok(self.vault.unlock_older(opened, known, &mut *self.entropy, now)?)
    }

    /// Locks and wipes keys and seeds.
    pub fn lock(&mut self) {
        self.forget_codes();
        self.runs = runs::Runs::default();
        self.vault.lock();
    }

    /// Whether it is locked at `now`.
    pub fn is_locked(&mut self, now: Now) -> bool {
        let locked = self.vault.is_locked(now);
        if locked {
            self.forget_codes();
            self.runs = runs::Runs::default();
        }
        locked
    }

    /// The `steady_ms` at which it will lock by itself.
    #[must_use]
    pub fn lock_at(&self) -> Option<u64> {
        self.vault.lock_at()
    }

    /// The time without [`Self::touch`] after which it locks, in milliseconds; `None`: never.
    pub fn set_grace(&mut self, ms: Option<u64>) {
        self.vault.set_grace(ms);
    }

    /// A person did something: the grace time starts anew.
    ///
    /// # Errors
    /// `Locked`.
    pub fn touch(&mut self, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        Ok(self.vault.touch(now)?)
    }

    /// The head after the last change, for the host to keep.
    ///
    /// # Errors
    /// `Locked`.
    pub fn head(&self) -> Result<Head, Error> {
        Ok(self.vault.head()?)
    }

    /// Sets or changes the password. A change makes new keys: the old password opens nothing any more.
    ///
    /// # Errors
    /// `Locked` and those of a change.
    pub fn set_password(&mut self, new: &NewPassword, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        Ok(self.vault.set_password(new, &mut *self.entropy, now)?)
    }

    /// A new recovery code; an old one is dead.
    ///
    /// # Errors
    /// `Locked` and those of a change.
    pub fn new_recovery_code(&mut self, now: Now) -> Result<RecoveryCode, Error> {
        self.awake(now)?;
        Ok(self.vault.new_recovery_code(&mut *self.entropy, now)?)
    }

    /// Whether `typed` is this vault's recovery code.
    ///
    /// # Errors
    /// `WrongRecoveryCode` where it can be none; `NoSuchWay`.
    pub fn check_recovery(&mut self, typed: &str) -> Result<bool, Error> {
        Ok(self.vault.check_recovery(typed)?)
    }

    /// Sets or replaces the platform's way in; replacing makes new keys.
    ///
    /// # Errors
    /// `Locked` and those of a change.
    pub fn set_platform(&mut self, new: &[u8; 32], now: Now) -> Result<(), Error> {
        self.awake(now)?;
        Ok(self.vault.set_platform(new, &mut *self.entropy, now)?)
    }

    /// Takes a way in away, by new keys.
    ///
    /// # Errors
    /// `NoSuchWay`, `NoWayBack` and those of a change.
    pub fn remove_way(&mut self, way: Way, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        Ok(self.vault.remove_way(way, &mut *self.entropy, now)?)
    }

    /// The watch key, for background checks.
    ///
    /// # Errors
    /// `Locked`.
    pub fn watch_key(&mut self, now: Now) -> Result<Secret, Error> {
        self.awake(now)?;
        Ok(self.vault.watch_key(now)?)
    }

    /// A new watch key, and all that background checks use written anew from the accounts: after damage to it, or when
    /// the key may be known to somebody. Requests as they were seen last are forgotten.
    ///
    /// # Errors
    /// `Locked` and those of a change.
    pub fn renew_watch(&mut self, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        self.vault.renew_watch(&mut *self.entropy, now)?;
        // In a transaction of its own: after a kill in between the next look or call writes what is lacking.
        self.vault.change(&mut *self.entropy, now, |change| {
            for id in change.account_ids()? {
                watching::start_if_readable(change, &id)?;
            }
            Ok::<_, VaultError>(())
        })?;
        Ok(())
    }

    /// Reads all of the file; what is damaged, by name. Nothing is changed.
    ///
    /// # Errors
    /// `Locked`; `Damaged` when the root or the database itself is.
    pub fn verify(&mut self, now: Now) -> Result<Vec<Part>, Error> {
        self.awake(now)?;
        Ok(self.vault.verify(now)?)
    }

    /// What every call begins with: once the grace time is over, nothing is shown and no run goes on.
    fn awake(&mut self, now: Now) -> Result<(), Error> {
        if self.is_locked(now) { Err(VaultError::Locked.into()) } else { Ok(()) }
    }

    fn forget_codes(&mut self) {
        self.shown = Vec::new();
        self.sheet = Sheet::default();
    }
}

/// What a missing account is called.
fn found<T>(account: Option<T>) -> Result<T, VaultError> {
    account.ok_or(VaultError::NoSuchAccount)
}
