//! An open vault file as far as the watch key reaches.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::book::Book;
use super::change::{self, Change, parse, sorted_ids};
use super::row::{RowKind, Under, ValueKind};
use super::seal::Key;
use super::slot::Master;
use super::store::Store;
use super::{VaultError, VaultId};
use crate::entropy::Entropy;

/// What a check in the background can read and record: rows of the kinds `Watch` and `Pending`. It never sees an
/// account, a code or a name that is not in those rows. Rows of other kinds are `Locked`.
pub struct Watch {
    store: Store,
    id: VaultId,
    book: Book,
}

impl Watch {
    /// Opens a vault file with the 32 bytes of [`Vault::watch_key`](super::Vault::watch_key).
    ///
    /// # Errors
    /// `WrongWatchKey`; `Damaged(Part::Watch)`; those of [`Vault::open`](super::Vault::open).
    pub fn open(path: &Path, watch_key: &[u8; 32]) -> Result<Self, VaultError> {
        let mut store = Store::open(path)?;
        let tx = store.read()?;
        let id = VaultId::read(&tx)?;
        let master = Master::new(&id.bytes, Key::copy_of(watch_key))?;
        let book = Book::load(&tx, id.bytes, Under::WatchKey.book(), &master).map_err(by_watch_key)?;
        drop(tx);
        Ok(Self { store, id, book })
    }

    /// The vault's id, 32 hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.text()
    }

    /// The value of a row.
    ///
    /// # Errors
    /// `WrongWatchKey` once the vault has a new one; `Damaged`; `Locked` for a kind under the master key.
    pub fn get<T: DeserializeOwned>(&mut self, kind: ValueKind, id: &str) -> Result<Option<T>, VaultError> {
        let kind = watch_kind(kind)?;
        let tx = self.store.read()?;
        self.book.refresh(&tx).map_err(by_watch_key)?;
        let locator = self.book.seal.locator(kind.number(), id)?;
        let Some(entry) = self.book.find(&locator)? else { return Ok(None) };
        parse(&self.book.open(&tx, entry)?, kind, id).map(Some)
    }

    /// The ids of all rows of a kind, sorted.
    ///
    /// # Errors
    /// Those of [`Watch::get`].
    pub fn ids(&mut self, kind: ValueKind) -> Result<Vec<String>, VaultError> {
        let kind = watch_kind(kind)?;
        let tx = self.store.read()?;
        self.book.refresh(&tx).map_err(by_watch_key)?;
        Ok(sorted_ids(self.book.entries(), kind))
    }

    /// One transaction: all of what `work` does, or nothing when it or the commit fails.
    ///
    /// # Errors
    /// Those of `work` and of a write; `WrongWatchKey`.
    pub fn change<X, E: From<VaultError>>(
        &mut self,
        entropy: &mut dyn Entropy,
        work: impl FnOnce(&mut Change<'_>) -> Result<X, E>,
    ) -> Result<X, E> {
        let tx = self.store.write()?;
        self.book.refresh(&tx).map_err(by_watch_key)?;
        change::run(tx, None, Some(&mut self.book), entropy, work)
    }
}

/// Under another key than ours, the watch key has been replaced.
fn by_watch_key(error: VaultError) -> VaultError {
    match error {
        VaultError::Locked => VaultError::WrongWatchKey,
        other => other,
    }
}

fn watch_kind(kind: ValueKind) -> Result<RowKind, VaultError> {
    let kind = RowKind::from(kind);
    match kind.under() {
        Under::WatchKey => Ok(kind),
        Under::MasterKey => Err(VaultError::Locked),
    }
}
