use serde::{Deserialize, Serialize};

use super::keep::unless_damaged;
use super::{Authenticator, Error};
use crate::clock::{Now, UnixTime};
use crate::reason::Reason;
use crate::transfer::backup::{Backup, KeptSlot, OLD_AFTER_DAYS, Row, Ways, digest_of, seal};
use crate::vault::{Change, NewPassword, RecoveryCode, Shelf, Summary, ValueKind, VaultError, Way};

const WAYS: &str = "backup/ways";
const LAST: &str = "backup/last";
const PLACE: &str = "backup/place";

/// Longest path of a folder, in bytes, that is kept.
const MAX_FOLDER: usize = 4096;

/// A backup that was read back and opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    /// When it was made.
    pub at: UnixTime,
    /// How many accounts it holds, those in the trash included.
    pub accounts: u64,
    /// Of how many of them it has the names only.
    pub damaged: u64,
    /// The vault's generation that it holds.
    pub generation: u64,
    /// SHA-256 of the accounts in it: the same again needs no new one.
    digest: [u8; 32],
}

/// Where backups go by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPlace {
    /// A folder, as the host spells it.
    pub folder: String,
    /// How many backups stay there; 1 or more.
    pub keep: u32,
    /// Whether the host writes one after each change.
    pub is_automatic: bool,
}

/// How the vault stands with its backups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupState {
    /// The last one that was verified.
    pub last: Option<LastBackup>,
    /// Accounts in use that are in no backup, or in none as they are now.
    pub missing: u64,
    /// Whole days since the last one, where that is too long ago.
    pub old_for_days: Option<u64>,
    /// What opens the backups to come.
    pub ways: Vec<Way>,
    /// Where they go by themselves.
    pub place: Option<BackupPlace>,
}

/// What a person should be told about the backups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupWarning {
    /// There is none yet.
    NoneYet,
    /// So many accounts are in none, or in none as they are now.
    Missing(u64),
    /// The last one is so many days old.
    Old(u64),
}

impl BackupState {
    /// What the person should be told, if anything.
    #[must_use]
    pub const fn warning(&self) -> Option<BackupWarning> {
        match (&self.last, self.missing, self.old_for_days) {
            (_, 0, None) => None,
            (None, ..) => Some(BackupWarning::NoneYet),
            (Some(_), 0, Some(days)) => Some(BackupWarning::Old(days)),
            (Some(_), missing, _) => Some(BackupWarning::Missing(missing)),
        }
    }
}

/// Backups: the host writes and reads files, and what it read decides whether one counts.
impl Authenticator {
    /// How the vault stands with its backups. Opens no account.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn backup_state(&mut self, now: Now) -> Result<BackupState, Error> {
        self.awake(now)?;
        let last: Option<LastBackup> = unless_damaged(self.vault.get(ValueKind::Setting, LAST, now))?;
        let accounts = self.vault.accounts(Shelf::InUse, now)?;
        let missing = accounts.iter().filter(|account| account.needs_backup).count();
        let days = last.as_ref().map(|last| now.wall.since(last.at) / (24 * 3600));
        let old = days.filter(|days| *days >= OLD_AFTER_DAYS).map(i64::unsigned_abs);
        Ok(BackupState {
            last,
            missing: u64::try_from(missing).unwrap_or(u64::MAX),
            old_for_days: old,
            ways: unless_damaged(self.vault.get::<Ways>(ValueKind::Setting, WAYS, now))?
                .unwrap_or_default()
                .kinds(),
            place: unless_damaged(self.vault.get(ValueKind::Setting, PLACE, now))?,
        })
    }

    /// Sets the password of the backups to come. Those that are there keep theirs.
    ///
    /// # Errors
    /// `Locked` and those of a change.
    pub fn set_backup_password(&mut self, new: &NewPassword, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        let slot = KeptSlot::new(&new.draft, &mut *self.entropy)?;
        Ok(self.vault.change(&mut *self.entropy, now, |change| set_way(change, slot))?)
    }

    /// A recovery code as a second way into the backups to come; an old one opens those that are there.
    ///
    /// # Errors
    /// `Locked` and those of a change.
    pub fn new_backup_code(&mut self, now: Now) -> Result<RecoveryCode, Error> {
        self.awake(now)?;
        let code = RecoveryCode::new(&mut *self.entropy)?;
        let draft = code.slot(&mut *self.entropy)?;
        let slot = KeptSlot::new(&draft, &mut *self.entropy)?;
        self.vault.change(&mut *self.entropy, now, |change| set_way(change, slot))?;
        Ok(code)
    }

    /// Keeps where backups go; `None` forgets it.
    ///
    /// # Errors
    /// `Refused(ValueTooLarge)` for a path of more than 4,096 bytes; those of a change.
    pub fn set_backup_place(&mut self, place: Option<&BackupPlace>, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        if place.is_some_and(|place| place.folder.len() > MAX_FOLDER) {
            return Err(Reason::ValueTooLarge.into());
        }
        Ok(self.vault.change(&mut *self.entropy, now, |change| match place {
            Some(place) => {
                let keep = place.keep.max(1);
                change.put(ValueKind::Setting, PLACE, &BackupPlace { keep, ..place.clone() })
            }
            None => change.remove(ValueKind::Setting, PLACE).map(|_| ()),
        })?)
    }

    /// Makes a backup of every account. Of one whose row is damaged it holds the names. It counts once
    /// [`Self::confirm_backup`] has seen what the host read from its file.
    ///
    /// # Errors
    /// `Refused(NoBackupPassword)`, `Refused(BackupTooLarge)`; `Locked`; `Damaged` where the list of accounts is.
    pub fn backup(&mut self, now: Now) -> Result<Backup, Error> {
        self.awake(now)?;
        let (ways, rows) = self.vault.change(&mut *self.entropy, now, |change| {
            Ok::<_, VaultError>((ways_of(change)?, rows_of(change)?))
        })?;
        if !ways.kinds().contains(&Way::Password) {
            return Err(Reason::NoBackupPassword.into());
        }
        let generation = self.vault.head()?.generation;
        match seal(&rows, &ways, (now.wall, generation), &mut *self.entropy) {
            Err(VaultError::TooLarge) => Err(Reason::BackupTooLarge.into()),
            sealed => Ok(sealed?),
        }
    }

    /// Whether the accounts are other than in the last backup. Opens every account where the vault has changed since.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn is_backup_due(&mut self, now: Now) -> Result<bool, Error> {
        self.awake(now)?;
        let Some(last) = unless_damaged(self.vault.get::<LastBackup>(ValueKind::Setting, LAST, now))? else {
            return Ok(true);
        };
        // That it is the last one was noted by the change after it.
        if self.vault.head()?.generation <= last.generation.saturating_add(1) {
            return Ok(false);
        }
        let rows = self.vault.change(&mut *self.entropy, now, rows_of)?;
        Ok(digest_of(&rows)? != last.digest)
    }

    /// Holds what the host read from the written file against the backup, opens it, and keeps it as the last one.
    ///
    /// # Errors
    /// `Refused(BackupUnverified)`: nothing is kept of it. Those of a change.
    pub fn confirm_backup(&mut self, backup: &Backup, read: &[u8], now: Now) -> Result<LastBackup, Error> {
        self.awake(now)?;
        backup.check(read)?;
        let last = LastBackup {
            at: backup.made_at(),
            accounts: backup.accounts(),
            damaged: backup.damaged(),
            generation: backup.generation(),
            digest: backup.digest(),
        };
        self.vault.change(&mut *self.entropy, now, |change| {
            change.put(ValueKind::Setting, LAST, &last)?;
            change.backed_up(last.generation, last.at)
        })?;
        Ok(last)
    }
}

fn ways_of(change: &Change<'_>) -> Result<Ways, VaultError> {
    // Damaged ones are made anew: the person sets a password again.
    Ok(unless_damaged(change.get(ValueKind::Setting, WAYS))?.unwrap_or_default())
}

fn set_way(change: &mut Change<'_>, slot: KeptSlot) -> Result<(), VaultError> {
    let mut ways = ways_of(change)?;
    ways.set(slot);
    change.put(ValueKind::Setting, WAYS, &ways)
}

/// Every account in the person's order.
fn rows_of(change: &mut Change<'_>) -> Result<Vec<Row>, VaultError> {
    let one = |summary: &Summary| match change.account(&summary.id) {
        Ok(Some(account)) => Ok(Row::of(&account)),
        Err(error) if !error.is_of_row() => Err(error),
        Ok(None) | Err(_) => Ok(Row::of_damaged(summary)),
    };
    change.in_order()?.into_iter().map(one).collect()
}
