//! The vault: one file that keeps every account, sealed row by row.
//!
//! A vault is opened ([`Vault::open`]), then unlocked by a way in: [`Vault::derivation`] is quick,
//! [`Derivation::run`] is slow for a password and needs no vault, [`Vault::unlock`] is quick again. Every call that
//! reads or writes content takes the time and locks the vault when its grace time is over.
//!
//! Content is JSON, sealed one row at a time; what lists need is in the manifest, so that a vault of 10,000 accounts
//! opens without opening 10,000 rows. Writing is one transaction a change ([`Vault::change`]), all or nothing. What
//! a background check needs is under a key of its own: see [`Watch`].
//!
//! The format, and what it protects from, is described in `docs/vault-format.md`.
//!
//! ```
//! use countersign::clock::{Now, UnixTime};
//! use countersign::entropy::SystemEntropy;
//! use countersign::vault::{Finding, NewWays, ValueKind, Vault, VaultError, WayIn};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("vault.db");
//! let (mut entropy, now) = (SystemEntropy::new(), Now { wall: UnixTime(1_800_000_000), steady_ms: 0 });
//! let ways = NewWays { platform: Some(&[7; 32]), recovery: true, ..NewWays::default() };
//! let (mut vault, code) = Vault::create(&path, &ways, &mut entropy, now)?;
//! assert!(code.is_some());
//! vault.change(&mut entropy, now, |change| change.put(ValueKind::Setting, "language", "ja"))?;
//! drop(vault);
//!
//! let mut vault = Vault::open(&path)?;
//! let opened = vault.derivation(WayIn::Platform(&[7; 32]))?.run()?;
//! assert_eq!(vault.unlock(&opened, None, now)?, Finding::Clean);
//! assert_eq!(vault.get::<String>(ValueKind::Setting, "language", now)?.as_deref(), Some("ja"));
//! # Ok::<(), VaultError>(())
//! ```

mod accounts;
mod book;
mod change;
pub(crate) mod codec;
mod draft;
mod error;
#[cfg(fuzzing)]
pub mod fuzzing;
pub(crate) mod hybrid;
mod page;
pub(crate) mod recovery;
mod rekey;
mod row;
pub(crate) mod seal;
mod session;
mod slot;
mod store;
mod unlock;
mod verify;
mod watch;
pub(crate) mod way;
mod ways;

use serde::de::DeserializeOwned;

pub use accounts::Shelf;
pub use change::Change;
pub use error::{CodeMistake, Part, VaultError};
pub use page::Summary;
pub use recovery::RecoveryCode;
pub use row::{MAX_ID, MAX_VALUE, RowKind, ValueKind};
pub use unlock::Finding;
pub use watch::Watch;
pub use way::{Derivation, MAX_PASSWORD, NewPassword, NewWays, OpenedSlot, Way, WayIn};

use crate::account::Account;
use crate::clock::{Now, UnixTime};
use crate::entropy::Entropy;
use crate::hex::hex;
use session::Session;
use store::{Store, Tx};

/// The version of the format, bound to every sealed text.
const FORMAT: u32 = 1;

/// The state of a vault, for a host to keep elsewhere after each change: an older copy of the file is noticed by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Grows at each change of content under the master key.
    pub generation: u64,
    /// Differs between two states of the same generation.
    pub tag: [u8; 16],
}

/// One open vault file, locked or unlocked.
pub struct Vault {
    store: Store,
    id: VaultId,
    session: Option<Session>,
    grace_ms: Option<u64>,
}

/// State of the lock.
impl Vault {
    /// Random id of the vault, 32 hexadecimal digits; the same for all copies of the file.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.text()
    }

    /// Wipes keys and seeds, drops the list, and empties the write-ahead log.
    pub fn lock(&mut self) {
        self.session = None;
        self.store.checkpoint();
    }

    /// Whether it is locked at `now`; locks it when the grace time is over.
    pub fn is_locked(&mut self, now: Now) -> bool {
        self.unlocked(now).is_err()
    }

    /// The `steady_ms` at which the vault will lock; `None` when it is locked, or without a grace time.
    #[must_use]
    pub fn lock_at(&self) -> Option<u64> {
        Some(self.session.as_ref()?.lock_at(self.grace_ms?))
    }

    /// The time from the last [`Vault::touch`] to locking; `None`, as at first, is without end.
    pub const fn set_grace(&mut self, grace_ms: Option<u64>) {
        self.grace_ms = grace_ms;
    }

    /// A person did something: the grace time starts anew. No other call does that, as hosts call by themselves too.
    ///
    /// # Errors
    /// `Locked`.
    pub fn touch(&mut self, now: Now) -> Result<(), VaultError> {
        self.unlocked(now).map(|session| session.touch(now))
    }

    /// The head after the last change that this process has seen.
    ///
    /// # Errors
    /// `Locked`.
    pub fn head(&self) -> Result<Head, VaultError> {
        self.session.as_ref().map(Session::head).ok_or(VaultError::Locked)
    }
}

/// Reading and writing.
impl Vault {
    /// The value of a row.
    ///
    /// # Errors
    /// `Locked`; `Damaged`, by the row's name.
    pub fn get<T: DeserializeOwned>(
        &mut self,
        kind: ValueKind,
        id: &str,
        now: Now,
    ) -> Result<Option<T>, VaultError> {
        self.read(kind.into(), id, now)
    }

    /// The ids of all rows of a kind, sorted.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn ids(&mut self, kind: ValueKind, now: Now) -> Result<Vec<String>, VaultError> {
        let (_, session) = self.reading(now)?;
        let kind = RowKind::from(kind);
        Ok(change::sorted_ids(session.book(kind.under())?.entries(), kind))
    }

    /// One transaction: all of what `work` does, or nothing when it or the commit fails.
    ///
    /// # Errors
    /// Those of `work`; `Locked`, `InUse`, `DiskFull`, `ReadOnly`, `TooLarge`, `Damaged`, `System`.
    pub fn change<X, E: From<VaultError>>(
        &mut self,
        entropy: &mut dyn Entropy,
        now: Now,
        work: impl FnOnce(&mut Change<'_>) -> Result<X, E>,
    ) -> Result<X, E> {
        let (tx, session) = self.writing(now)?;
        change::run(tx, Some(&mut session.main), session.watch.as_mut(), entropy, work)
    }

    /// The accounts of a shelf: favourites first, then the person's order.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn accounts(&mut self, shelf: Shelf, now: Now) -> Result<Vec<&Summary>, VaultError> {
        self.search("", shelf, now)
    }

    /// Those whose issuer, name, tags or note hold each word of `text`, whatever its case and width (NFKC).
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn search(&mut self, text: &str, shelf: Shelf, now: Now) -> Result<Vec<&Summary>, VaultError> {
        let (_, session) = self.reading(now)?;
        Ok(accounts::list(session.main.entries(), shelf, text))
    }

    /// What a list shows of one account.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn summary(&mut self, id: &str, now: Now) -> Result<Option<&Summary>, VaultError> {
        let (_, session) = self.reading(now)?;
        let locator = session.main.seal.locator(RowKind::Account.number(), id)?;
        let entry = session.main.find(&locator)?;
        Ok(entry.and_then(|entry| entry.card.as_ref()).map(|card| &card.summary))
    }

    /// One account, in use or in the trash.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn account(&mut self, id: &str, now: Now) -> Result<Option<Account>, VaultError> {
        self.read(RowKind::Account, id, now)
    }

    fn read<T: DeserializeOwned>(
        &mut self,
        kind: RowKind,
        id: &str,
        now: Now,
    ) -> Result<Option<T>, VaultError> {
        let (tx, session) = self.reading(now)?;
        let book = session.book(kind.under())?;
        let locator = book.seal.locator(kind.number(), id)?;
        let Some(entry) = book.find(&locator)? else { return Ok(None) };
        change::parse(&book.open(&tx, entry)?, kind, id).map(Some)
    }

    /// When the last backup was made, as noted by [`Change::backed_up`].
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn last_backup(&mut self, now: Now) -> Result<Option<UnixTime>, VaultError> {
        let (_, session) = self.reading(now)?;
        Ok(session.main.root.backup.map(|(_, at)| at))
    }

    /// How many changes all under the master key has seen, and all under the watch key, those of other processes as well.
    /// What was read at the same numbers is what is there now.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn generations(&mut self, now: Now) -> Result<(u64, u64), VaultError> {
        let (_, session) = self.reading(now)?;
        // Where that part is damaged nothing of it is read.
        let watch = session.watch.as_ref().map_or(0, |watch| watch.root.generation);
        Ok((session.main.root.generation, watch))
    }

    /// Looks at every page and row, and names all that is wrong; empty when all is well. Takes about 10 µs a row.
    ///
    /// # Errors
    /// `Locked`; `Damaged` when the root or the database itself is.
    pub fn verify(&mut self, now: Now) -> Result<Vec<Part>, VaultError> {
        let (tx, session) = self.reading(now)?;
        let mut wrong = session.damaged_ways(&tx)?;
        wrong.extend(verify::book(&tx, &session.main)?);
        match &session.watch {
            Some(watch) => wrong.extend(verify::book(&tx, watch)?),
            None => wrong.push(Part::Watch),
        }
        if !tx.is_sound()? {
            wrong.push(Part::File);
        }
        Ok(wrong)
    }
}

impl Vault {
    /// The session, unless the vault is locked or has to be at `now`.
    fn unlocked(&mut self, now: Now) -> Result<&mut Session, VaultError> {
        if self.session.as_mut().is_some_and(|session| session.is_over(self.grace_ms, now)) {
            self.lock();
        }
        self.session.as_mut().ok_or(VaultError::Locked)
    }

    /// A consistent view of the file with the session brought up to date in it.
    fn reading(&mut self, now: Now) -> Result<(Tx<'_>, &Session), VaultError> {
        self.up_to_date(now, Store::read).map(|(tx, session)| (tx, &*session))
    }

    fn writing(&mut self, now: Now) -> Result<(Tx<'_>, &mut Session), VaultError> {
        self.up_to_date(now, Store::write)
    }

    fn up_to_date(
        &mut self,
        now: Now,
        begin: impl Fn(&mut Store) -> Result<Tx<'_>, VaultError>,
    ) -> Result<(Tx<'_>, &mut Session), VaultError> {
        self.unlocked(now)?;
        let Self { store, session, .. } = self;
        let tx = begin(store)?;
        let refreshed = session.as_mut().map_or(Err(VaultError::Locked), |session| session.refresh(&tx));
        if refreshed == Err(VaultError::Locked) {
            // Another process has changed the keys: these are of no use any more.
            *session = None;
        }
        refreshed?;
        Ok((tx, session.as_mut().ok_or(VaultError::Locked)?))
    }
}

/// The vault's id as bytes and as text.
struct VaultId {
    bytes: [u8; 16],
    text: String,
}

impl VaultId {
    fn new(bytes: [u8; 16]) -> Self {
        Self { bytes, text: hex(&bytes) }
    }

    fn read(tx: &Tx<'_>) -> Result<Self, VaultError> {
        tx.vault_id()?.map(Self::new).ok_or(VaultError::Damaged(Part::File))
    }

    fn text(&self) -> &str {
        &self.text
    }
}
