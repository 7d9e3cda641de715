//! The vault: one file that keeps every account, sealed row by row.
//!
//! A vault is opened ([`Vault::open`]), then unlocked by a way in: [`Vault::derivation`] is quick,
//! [`Derivation::run`] is slow for a password and needs no vault, [`Vault::unlock`] is quick again. Every call that
//! reads or writes content takes the time and locks the vault when its grace time is over.
//!
//! What a background check needs is sealed under a key of its own, the watch key: see [`Watch`].
//! The format is described in `docs/vault-format.md`.

mod error;

use std::fmt;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use error::{CodeMistake, Part, VaultError};

use crate::account::Account;
use crate::clock::{Now, UnixTime};
use crate::entropy::Entropy;
use crate::secret::Secret;

/// A kind of way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// A password, by Argon2id.
    Password,
    /// 32 random bytes that the platform keeps.
    Platform,
    /// A printed code of 160 bits.
    Recovery,
}

/// What a person or the platform gives to open a vault.
#[derive(Clone, Copy)]
pub enum WayIn<'a> {
    /// The password, UTF-8; the same text in another Unicode form is the same password.
    Password(&'a [u8]),
    /// The bytes that the platform keeps.
    Platform(&'a [u8; 32]),
    /// The recovery code as typed.
    Recovery(&'a str),
}

/// The ways in of a new vault. Without a password a recovery code is required.
#[derive(Clone, Copy, Default)]
pub struct NewWays<'a> {
    /// 1 to 1,024 bytes.
    pub password: Option<&'a [u8]>,
    /// 32 random bytes that the platform will keep.
    pub platform: Option<&'a [u8; 32]>,
    /// Whether to make a recovery code.
    pub recovery: bool,
}

/// A kind of row other than accounts. Rows of a kind are told apart by an id of 1 to 256 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKind {
    /// An account. Written by the account calls of [`Change`] only.
    Account,
    /// An organisation's client credentials.
    Organisation,
    /// Tries and end of a sign-in request.
    Request,
    /// A setting.
    Setting,
    /// A host's own: software keys.
    Host,
    /// Under the watch key: what a background check of one account needs.
    Watch,
    /// Under the watch key: the state of a flow.
    Flow,
    /// Under the watch key: a request that is waiting.
    Pending,
}

/// The state of a vault, for a host to keep elsewhere: an older copy of the file is noticed by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Grows by one at each change of content under the master key.
    pub generation: u64,
    /// Differs between two vaults of the same generation.
    pub tag: [u8; 16],
}

/// What unlocking found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Unlocked, all as expected.
    Clean,
    /// Unlocked, but these ways in are damaged: set them anew.
    WaysDamaged(Vec<Way>),
    /// Still locked: the file is older than `known`, or forked from it. [`Vault::unlock_older`] takes it as it is.
    RolledBack {
        /// The head of the file.
        found: Head,
    },
}

/// What a list shows of an account, known without opening its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Id, 16 characters.
    pub id: String,
    /// Who the account is with.
    pub issuer: String,
    /// The account name.
    pub name: String,
    /// Has one-time codes.
    pub codes: bool,
    /// Approves sign-ins.
    pub approvals: bool,
    /// Shown first.
    pub favourite: bool,
    /// Words to group by.
    pub tags: Vec<String>,
    /// When it was put into the trash.
    pub trashed_at: Option<UnixTime>,
    /// Not yet in a backup as it is now.
    pub needs_backup: bool,
}

/// Which accounts a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Shelf {
    /// Those in use.
    #[default]
    InUse,
    /// Those in the trash.
    Trash,
}

/// A slow derivation, ready to run away from the vault.
pub struct Derivation;
impl Derivation {
    /// Derives and opens the way in: Argon2id for a password (64 MiB, about 0.15 s on a desktop), nothing to speak of
    /// for the others. Needs no vault, so no lock has to be held meanwhile.
    ///
    /// # Errors
    /// `WrongPassword`, `WrongRecoveryCode`, `PlatformKeyGone`, `System`.
    pub fn run(self) -> Result<OpenedSlot, VaultError> {
        unimplemented!()
    }
}

/// A way in that has been opened; unlocks its vault.
pub struct OpenedSlot;

/// A new password with its key derived, away from the vault as it is slow.
pub struct NewPassword;
impl NewPassword {
    /// Runs Argon2id.
    ///
    /// # Errors
    /// `NoWayBack` for an empty password, `TooLarge` over 1,024 bytes, `System`.
    pub fn derive(_password: &[u8], _entropy: &mut dyn Entropy) -> Result<Self, VaultError> {
        unimplemented!()
    }
}

/// A recovery code, shown once: eight groups, Base32 after Crockford, the last symbol a check.
pub struct RecoveryCode;
impl RecoveryCode {
    /// The whole text with dashes.
    #[must_use]
    pub fn text(&self) -> &Secret {
        unimplemented!()
    }
    /// Whether `typed` is the group `number` (1 to 8), typing mistakes like `O` for `0` forgiven: to check that it was written down.
    #[must_use]
    pub fn has_group(&self, _number: usize, _typed: &str) -> bool {
        unimplemented!()
    }
}

/// One open vault file, locked or unlocked.
pub struct Vault;

impl Vault {
    /// Makes a vault and leaves it unlocked. Slow with a password. Never overwrites a file; on an error no file is left.
    ///
    /// # Errors
    /// `NoWayBack`, `Exists`, `NotFound` (no such folder), `ReadOnly`, `DiskFull`, `TooLarge`, `System`.
    pub fn create(
        _path: &Path,
        _ways: &NewWays<'_>,
        _entropy: &mut dyn Entropy,
        _now: Now,
    ) -> Result<(Self, Option<RecoveryCode>), VaultError> {
        unimplemented!()
    }
    /// Opens a vault file, locked. An older format is brought up to date in one transaction.
    ///
    /// # Errors
    /// `NotFound`, `NotAVault`, `NewerVersion`, `Damaged`, `ReadOnly`, `InUse`, `DiskFull`, `System`.
    pub fn open(_path: &Path) -> Result<Self, VaultError> {
        unimplemented!()
    }
    /// Random id of the vault, 32 hexadecimal digits; the same for all copies.
    #[must_use]
    pub fn id(&self) -> &str {
        unimplemented!()
    }
    /// The ways in that the file has, locked or not.
    pub fn ways(&self) -> Result<Vec<Way>, VaultError> {
        unimplemented!()
    }
    /// Reads what opening by this way needs. Quick.
    ///
    /// # Errors
    /// `NoSuchWay`, `WrongRecoveryCode` (mistyped), `Damaged(Part::Way)`, `TooLarge`.
    pub fn derivation(&mut self, _way: WayIn<'_>) -> Result<Derivation, VaultError> {
        unimplemented!()
    }
    /// Unlocks; `known` is the last head that the host kept.
    ///
    /// # Errors
    /// `WrongPassword` and the like when the way in was changed meanwhile; `Damaged`.
    pub fn unlock(
        &mut self,
        _opened: &OpenedSlot,
        _known: Option<&Head>,
        _now: Now,
    ) -> Result<Finding, VaultError> {
        unimplemented!()
    }
    /// Unlocks a vault that is older than `known`, and lifts its generation over it.
    pub fn unlock_older(
        &mut self,
        _opened: &OpenedSlot,
        _known: &Head,
        _entropy: &mut dyn Entropy,
        _now: Now,
    ) -> Result<Finding, VaultError> {
        unimplemented!()
    }
    /// Wipes keys; the write-ahead log is emptied.
    pub fn lock(&mut self) {}
    /// The head after the last change; to be kept by the host after each change.
    ///
    /// # Errors
    /// `Locked`.
    pub fn head(&self) -> Result<Head, VaultError> {
        unimplemented!()
    }
    /// The `steady_ms` at which the vault will lock; `None` when locked, or without a grace time.
    #[must_use]
    pub fn lock_at(&self) -> Option<u64> {
        unimplemented!()
    }
    /// The time from the last [`Vault::touch`] to locking; `None` (the default) is without end.
    pub fn set_grace(&mut self, _ms: Option<u64>) {}
    /// A person did something: the grace time starts anew. Other calls do not extend it, as hosts also call by themselves.
    ///
    /// # Errors
    /// `Locked`.
    pub fn touch(&mut self, _now: Now) -> Result<(), VaultError> {
        unimplemented!()
    }
    /// Whether it is locked at `now` (locks when the grace time is over).
    pub fn is_locked(&mut self, _now: Now) -> bool {
        unimplemented!()
    }

    /// The value of a row.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn get<T: DeserializeOwned>(
        &mut self,
        _kind: RowKind,
        _id: &str,
        _now: Now,
    ) -> Result<Option<T>, VaultError> {
        unimplemented!()
    }
    /// The ids of all rows of a kind, sorted.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn ids(&mut self, _kind: RowKind, _now: Now) -> Result<Vec<String>, VaultError> {
        unimplemented!()
    }
    /// One transaction: all of what `work` does, or nothing when it or the commit fails.
    ///
    /// # Errors
    /// Those of `work`; `Locked`, `InUse`, `DiskFull`, `ReadOnly`, `TooLarge`, `Damaged`, `System`.
    pub fn change<X, E: From<VaultError>>(
        &mut self,
        _entropy: &mut dyn Entropy,
        _now: Now,
        _work: impl FnOnce(&mut Change<'_>) -> Result<X, E>,
    ) -> Result<X, E> {
        unimplemented!()
    }

    /// Accounts in the person's order, favourites first.
    pub fn accounts(&mut self, _shelf: Shelf, _now: Now) -> Result<Vec<Summary>, VaultError> {
        unimplemented!()
    }
    /// Those whose issuer, name, tags and note hold every word of `text`, whatever the case and width (NFKC).
    pub fn search(&mut self, _text: &str, _shelf: Shelf, _now: Now) -> Result<Vec<Summary>, VaultError> {
        unimplemented!()
    }
    /// One account's summary.
    pub fn summary(&mut self, _id: &str, _now: Now) -> Result<Option<Summary>, VaultError> {
        unimplemented!()
    }
    /// One account, in use or in the trash.
    pub fn account(&mut self, _id: &str, _now: Now) -> Result<Option<Account>, VaultError> {
        unimplemented!()
    }
    /// When the last backup was noted by [`Change::backed_up`].
    pub fn last_backup(&mut self, _now: Now) -> Result<Option<UnixTime>, VaultError> {
        unimplemented!()
    }
    /// Checks every row and page; what is wrong, by name. Empty when all is well.
    pub fn verify(&mut self, _now: Now) -> Result<Vec<Part>, VaultError> {
        unimplemented!()
    }

    /// Sets or changes the password. A change makes new keys: every row is sealed again.
    pub fn set_password(
        &mut self,
        _new: &NewPassword,
        _entropy: &mut dyn Entropy,
        _now: Now,
    ) -> Result<(), VaultError> {
        unimplemented!()
    }
    /// Sets or replaces the platform's key; replacing makes new keys.
    pub fn set_platform(
        &mut self,
        _new: &[u8; 32],
        _entropy: &mut dyn Entropy,
        _now: Now,
    ) -> Result<(), VaultError> {
        unimplemented!()
    }
    /// A new recovery code; an old one is dead, by new keys.
    pub fn new_recovery_code(
        &mut self,
        _entropy: &mut dyn Entropy,
        _now: Now,
    ) -> Result<RecoveryCode, VaultError> {
        unimplemented!()
    }
    /// Takes a way in away, by new keys.
    ///
    /// # Errors
    /// `NoSuchWay`; `NoWayBack` when neither a password nor a recovery code would be left.
    pub fn remove_way(&mut self, _way: Way, _entropy: &mut dyn Entropy, _now: Now) -> Result<(), VaultError> {
        unimplemented!()
    }
    /// Whether `typed` is this vault's recovery code.
    ///
    /// # Errors
    /// `WrongRecoveryCode` only for what is mistyped; `NoSuchWay`.
    pub fn check_recovery(&mut self, _typed: &str) -> Result<bool, VaultError> {
        unimplemented!()
    }
    /// The watch key, 32 bytes: for the host to keep where no person is needed. A new one comes with new keys.
    pub fn watch_key(&mut self, _now: Now) -> Result<Secret, VaultError> {
        unimplemented!()
    }
}

/// One transaction on a vault. What was put is read back by `get` in the same transaction.
pub struct Change<'a>(std::marker::PhantomData<&'a ()>);

impl Change<'_> {
    /// The value of a row, as this transaction has left it.
    pub fn get<T: DeserializeOwned>(&mut self, _kind: RowKind, _id: &str) -> Result<Option<T>, VaultError> {
        unimplemented!()
    }
    /// Ids of a kind, sorted.
    pub fn ids(&mut self, _kind: RowKind) -> Result<Vec<String>, VaultError> {
        unimplemented!()
    }
    /// Writes a row, new or not; up to 64 KiB of JSON. Not for `RowKind::Account`.
    pub fn put<T: Serialize + ?Sized>(
        &mut self,
        _kind: RowKind,
        _id: &str,
        _value: &T,
    ) -> Result<(), VaultError> {
        unimplemented!()
    }
    /// Removes a row; whether it was there. Not for `RowKind::Account`.
    pub fn remove(&mut self, _kind: RowKind, _id: &str) -> Result<bool, VaultError> {
        unimplemented!()
    }
    /// Adds an account at the end of the order, under a new id; never overwrites.
    pub fn add_account(&mut self, _account: &Account) -> Result<String, VaultError> {
        unimplemented!()
    }
    /// One account.
    pub fn account(&mut self, _id: &str) -> Result<Option<Account>, VaultError> {
        unimplemented!()
    }
    /// Writes an account that is there: names, tags, note, favourite, counter. With another `changed_at` than before it needs a backup again.
    pub fn put_account(&mut self, _id: &str, _account: &Account) -> Result<(), VaultError> {
        unimplemented!()
    }
    /// Puts an account right before another in the order, or at the end.
    pub fn move_account(&mut self, _id: &str, _before: Option<&str>) -> Result<(), VaultError> {
        unimplemented!()
    }
    /// Into the trash.
    pub fn trash_account(&mut self, _id: &str, _at: UnixTime) -> Result<(), VaultError> {
        unimplemented!()
    }
    /// Out of the trash, to its old place.
    pub fn restore_account(&mut self, _id: &str) -> Result<(), VaultError> {
        unimplemented!()
    }
    /// Removes an account that is in the trash, for good.
    pub fn purge_account(&mut self, _id: &str) -> Result<(), VaultError> {
        unimplemented!()
    }
    /// Notes that a backup holds all accounts as they were at `generation`.
    pub fn backed_up(&mut self, _generation: u64, _at: UnixTime) -> Result<(), VaultError> {
        unimplemented!()
    }
}

/// An open vault file as far as the watch key reaches: rows of the kinds `Watch`, `Flow` and `Pending`.
pub struct Watch;

impl Watch {
    /// Opens a vault file for a check in the background.
    ///
    /// # Errors
    /// `WrongWatchKey` and those of [`Vault::open`].
    pub fn open(_path: &Path, _watch_key: &[u8; 32]) -> Result<Self, VaultError> {
        unimplemented!()
    }
    /// The vault's id.
    #[must_use]
    pub fn id(&self) -> &str {
        unimplemented!()
    }
    /// The value of a row. Other kinds than those of the watch key: `None`.
    pub fn get<T: DeserializeOwned>(&mut self, _kind: RowKind, _id: &str) -> Result<Option<T>, VaultError> {
        unimplemented!()
    }
    /// Ids of a kind, sorted.
    pub fn ids(&mut self, _kind: RowKind) -> Result<Vec<String>, VaultError> {
        unimplemented!()
    }
    /// One transaction; account calls and kinds of the master key give `Locked`.
    pub fn change<X, E: From<VaultError>>(
        &mut self,
        _entropy: &mut dyn Entropy,
        _work: impl FnOnce(&mut Change<'_>) -> Result<X, E>,
    ) -> Result<X, E> {
        unimplemented!()
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password => "password",
            Self::Platform => "platform",
            Self::Recovery => "recovery",
        })
    }
}

impl fmt::Display for RowKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
