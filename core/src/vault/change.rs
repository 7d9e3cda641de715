//! One transaction on a vault, as its caller sees it.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::book::Book;
use super::draft::{Done, Draft};
use super::page::Entry;
use super::row::Under;
use super::seal::Opened;
use super::store::Tx;
use super::{Part, RowKind, ValueKind, VaultError};
use crate::entropy::Entropy;
use crate::secret::{from_json, to_json};

/// One transaction. What was put is read back by `get` in the same transaction; nothing is final before it ends well.
pub struct Change<'a> {
    pub(super) tx: &'a Tx<'a>,
    pub(super) entropy: &'a mut dyn Entropy,
    /// `None` without the master key.
    pub(super) main: Option<Draft<'a>>,
    /// `None` when its root is damaged.
    pub(super) watch: Option<Draft<'a>>,
    /// The end of the accounts' order, once it was looked for.
    pub(super) last_position: Option<i64>,
}

impl<'a> Change<'a> {
    /// The value of a row, as this transaction has left it.
    ///
    /// # Errors
    /// `Damaged`, by the row's name; `Locked` for a kind that is not under the key at hand.
    pub fn get<T: DeserializeOwned>(&self, kind: ValueKind, id: &str) -> Result<Option<T>, VaultError> {
        let kind = RowKind::from(kind);
        let opened = self.draft(kind)?.open(self.tx, kind, id)?;
        opened.map(|opened| parse(&opened, kind, id)).transpose()
    }

    /// The ids of all rows of a kind, sorted.
    ///
    /// # Errors
    /// `Locked` for a kind that is not under the key at hand.
    pub fn ids(&self, kind: ValueKind) -> Result<Vec<String>, VaultError> {
        let kind = RowKind::from(kind);
        Ok(sorted_ids(self.draft(kind)?.entries(), kind))
    }

    /// Writes a row, new or not.
    ///
    /// # Errors
    /// `TooLarge` for an id that is empty or over 256 bytes and for more than 64 KiB of JSON (a flow, requests that wait:
    /// 2 MiB); those of a write.
    pub fn put<T: Serialize + ?Sized>(
        &mut self,
        kind: ValueKind,
        id: &str,
        value: &T,
    ) -> Result<(), VaultError> {
        let kind = RowKind::from(kind);
        // A value that is no JSON is a mistake of the program; it has no size that would do.
        let content = to_json(value).map_err(|_| VaultError::TooLarge)?;
        let (tx, draft, entropy) = self.parts(kind)?;
        // EXPOSE: sealed by the draft.
        draft.put(tx, (kind, id), (content.expose(), None), entropy)
    }

    /// Removes a row; whether it was there.
    ///
    /// # Errors
    /// Those of a write.
    pub fn remove(&mut self, kind: ValueKind, id: &str) -> Result<bool, VaultError> {
        let kind = RowKind::from(kind);
        let (tx, draft, _) = self.parts(kind)?;
        draft.remove(tx, kind, id)
    }

    /// The book of a kind, for reading.
    pub(super) fn draft(&self, kind: RowKind) -> Result<&Draft<'a>, VaultError> {
        match kind.under() {
            Under::MasterKey => self.main.as_ref().ok_or(VaultError::Locked),
            Under::WatchKey => self.watch.as_ref().ok_or(VaultError::Damaged(Part::Watch)),
        }
    }

    /// What writing to the book of a kind takes.
    pub(super) fn parts(
        &mut self,
        kind: RowKind,
    ) -> Result<(&'a Tx<'a>, &mut Draft<'a>, &mut dyn Entropy), VaultError> {
        let draft = match kind.under() {
            Under::MasterKey => self.main.as_mut().ok_or(VaultError::Locked),
            Under::WatchKey => self.watch.as_mut().ok_or(VaultError::Damaged(Part::Watch)),
        };
        Ok((self.tx, draft?, &mut *self.entropy))
    }
}

/// Runs `work` in one transaction on these books, which have been brought up to date in it. They follow after the
/// commit only.
pub(super) fn run<X, E: From<VaultError>>(
    tx: Tx<'_>,
    main: Option<&mut Book>,
    watch: Option<&mut Book>,
    entropy: &mut dyn Entropy,
    work: impl FnOnce(&mut Change<'_>) -> Result<X, E>,
) -> Result<X, E> {
    let mut change = begin(&tx, main.as_deref(), watch.as_deref(), entropy)?;
    let value = work(&mut change)?;
    let done = end(change)?;
    commit(tx, main, watch, done)?;
    Ok(value)
}

// What is the same for all work is compiled once: `run` is for each, and there are many.

fn begin<'a>(
    tx: &'a Tx<'a>,
    main: Option<&'a Book>,
    watch: Option<&'a Book>,
    entropy: &'a mut dyn Entropy,
) -> Result<Change<'a>, VaultError> {
    let main = main.map(Draft::new).transpose()?;
    let watch = watch.map(Draft::new).transpose()?;
    Ok(Change { tx, entropy, main, watch, last_position: None })
}

/// What is to become of both books.
fn end(change: Change<'_>) -> Result<[Option<Done>; 2], VaultError> {
    let Change { tx, entropy, main, watch, .. } = change;
    let mut finish = |draft: Option<Draft<'_>>| draft.map_or(Ok(None), |draft| draft.finish(tx, entropy));
    Ok([finish(main)?, finish(watch)?])
}

fn commit(
    tx: Tx<'_>,
    main: Option<&mut Book>,
    watch: Option<&mut Book>,
    done: [Option<Done>; 2],
) -> Result<(), VaultError> {
    tx.commit()?;
    for (book, done) in [main, watch].into_iter().zip(done) {
        if let (Some(book), Some(done)) = (book, done) {
            book.follow(done);
        }
    }
    Ok(())
}

/// The value of an opened row. What was sealed by us and is not of that shape counts as changed.
pub(super) fn parse<T: DeserializeOwned>(opened: &Opened, kind: RowKind, id: &str) -> Result<T, VaultError> {
    from_json(opened.content()).map_err(|_| VaultError::Damaged(Part::RowChanged { kind, id: id.to_owned() }))
}

pub(super) fn sorted_ids<'e>(entries: impl Iterator<Item = &'e Entry>, kind: RowKind) -> Vec<String> {
    let mut ids: Vec<_> = entries.filter(|entry| entry.kind == kind).map(|entry| entry.id.clone()).collect();
    ids.sort_unstable();
    ids
}
