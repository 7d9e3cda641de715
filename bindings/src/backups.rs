use countersign::authenticator::{self, BackupPlace, BackupWarning};
use countersign::clock::{Now, UnixTime};
use countersign::entropy::SystemEntropy;
use countersign::transfer::backup;
use countersign::vault::{self, Way};

use crate::authenticator::Authenticator;
use crate::error::Result;
use crate::ways::RecoveryCode;

/// A backup that has been made. It counts once `confirm_backup` has seen what the app read from its file.
#[derive(uniffi::Object)]
pub(crate) struct Backup {
    core: backup::Backup,
}

/// A backup that was read back and opened.
#[derive(uniffi::Record)]
pub(crate) struct LastBackup {
    at: UnixTime,
    /// How many accounts it holds, those in the trash included.
    accounts: u64,
    /// Of how many of them it has the names only.
    damaged: u64,
}

/// How the vault stands with its backups.
#[derive(uniffi::Record)]
pub(crate) struct BackupState {
    last: Option<LastBackup>,
    /// Accounts in use that are in no backup, or in none as they are now.
    missing: u64,
    /// Whole days since the last one, where that is too long ago.
    old_for_days: Option<u64>,
    /// What opens the backups to come.
    ways: Vec<Way>,
    /// Where they go by themselves.
    place: Option<BackupPlace>,
    /// What the person should be told, if anything.
    warning: Option<BackupWarning>,
}

/// How many backups stay in a folder unless the person says otherwise.
#[uniffi::export]
fn backups_kept() -> u32 {
    backup::KEPT
}

#[uniffi::export]
impl Backup {
    /// The file, encrypted.
    fn bytes(&self) -> Vec<u8> {
        self.core.bytes().to_vec()
    }

    fn made_at(&self) -> UnixTime {
        self.core.made_at()
    }

    /// How many accounts it holds, those in the trash included.
    fn accounts(&self) -> u64 {
        self.core.accounts()
    }

    /// Of how many of them it has the names only, as the vault is damaged there.
    fn damaged(&self) -> u64 {
        self.core.damaged()
    }

    /// Whether what was read from a file is this backup and opens. Fails with `Refused(BackupUnverified)`.
    fn check(&self, read: &[u8]) -> Result<()> {
        Ok(self.core.check(read)?)
    }
}

#[uniffi::export]
impl Authenticator {
    fn backup_state(&self, now: Now) -> Result<BackupState> {
        Ok(self.core.lock().backup_state(now)?.into())
    }

    /// Sets the password (1 to 1,024 bytes) of the backups to come; those that are there keep theirs. Slow; the object
    /// is free for other calls meanwhile.
    fn set_backup_password(&self, password: &[u8], now: Now) -> Result<()> {
        let new = vault::NewPassword::derive(password, &mut SystemEntropy::new())?;
        Ok(self.core.lock().set_backup_password(&new, now)?)
    }

    /// A recovery code as a second way into the backups to come; an old one opens those that are there.
    fn new_backup_code(&self, now: Now) -> Result<RecoveryCode> {
        Ok(RecoveryCode { code: self.core.lock().new_backup_code(now)? })
    }

    /// Keeps where backups go; none forgets it. Also fails with `Refused(ValueTooLarge)`.
    fn set_backup_place(&self, place: Option<BackupPlace>, now: Now) -> Result<()> {
        Ok(self.core.lock().set_backup_place(place.as_ref(), now)?)
    }

    /// Makes a backup of every account. Also fails with `Refused`: `NoBackupPassword`, `BackupTooLarge`.
    fn backup(&self, now: Now) -> Result<Backup> {
        Ok(Backup { core: self.core.lock().backup(now)? })
    }

    /// Whether the accounts are other than in the last backup.
    fn is_backup_due(&self, now: Now) -> Result<bool> {
        Ok(self.core.lock().is_backup_due(now)?)
    }

    /// Keeps a backup as the last one, by what the app read from its file. Also fails with
    /// `Refused(BackupUnverified)`.
    fn confirm_backup(&self, backup: &Backup, read: &[u8], now: Now) -> Result<LastBackup> {
        Ok(self.core.lock().confirm_backup(&backup.core, read, now)?.into())
    }

    /// The name of a backup's file; `number` counts, from 1, those of the same second.
    fn backup_name(&self, at: UnixTime, number: u32) -> String {
        backup::Names::of(self.core.lock().vault_id()).name(at, number)
    }

    /// Which of the files with these names are backups of this vault beyond the `keep` latest, of which `new` is one.
    fn superseded_backups(&self, there: Vec<String>, new: &str, keep: u32) -> Vec<String> {
        backup::Names::of(self.core.lock().vault_id()).superseded(there, new, keep)
    }
}

impl From<authenticator::LastBackup> for LastBackup {
    fn from(last: authenticator::LastBackup) -> Self {
        Self { at: last.at, accounts: last.accounts, damaged: last.damaged }
    }
}

impl From<authenticator::BackupState> for BackupState {
    fn from(state: authenticator::BackupState) -> Self {
        let warning = state.warning();
        let authenticator::BackupState { last, missing, old_for_days, ways, place } = state;
        Self { last: last.map(Into::into), missing, old_for_days, ways, place, warning }
    }
}
