//! What one transaction does to a book: rows are written at once, pages and root when it is finished. The book in
//! memory follows only after the commit.

use std::collections::BTreeMap;

use super::book::{Book, Mark, Page, Root, find, page_of, row_place};
use super::page::{self, Card, Entry};
use super::row::MAX_ID;
use super::seal::{Opened, Place, TAG, tag_of};
use super::store::Tx;
use super::{Part, RowKind, VaultError};
use crate::clock::UnixTime;
use crate::entropy::Entropy;
use crate::secret::Secret;

pub(super) struct Draft<'a> {
    book: &'a Book,
    pages: BTreeMap<u8, Vec<Entry>>,
    extra: Option<Secret>,
    backup: Option<(u64, UnixTime)>,
    /// Set higher than the next one after an older copy was taken as it is.
    generation: u64,
    changed: bool,
}

/// What a book takes over after the commit.
pub(super) struct Done {
    root: Root,
    tag: [u8; TAG],
    pages: Vec<(u8, Page)>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(book: &'a Book) -> Result<Self, VaultError> {
        let generation = book.root.generation.checked_add(1).ok_or(VaultError::TooLarge)?;
        Ok(Self { book, pages: BTreeMap::new(), extra: None, backup: None, generation, changed: false })
    }

    /// The generation that the commit will make.
    pub(super) const fn generation(&self) -> u64 {
        self.generation
    }

    /// Makes the commit's generation at least this, and a commit even when nothing else changes.
    pub(super) fn lift(&mut self, generation: u64) {
        self.generation = self.generation.max(generation);
        self.changed = true;
    }

    pub(super) fn set_extra(&mut self, extra: Secret) {
        self.extra = Some(extra);
        self.changed = true;
    }

    pub(super) const fn set_backup(&mut self, generation: u64, at: UnixTime) {
        self.backup = Some((generation, at));
        self.changed = true;
    }

    pub(super) fn find(&self, kind: RowKind, id: &str) -> Result<Option<&Entry>, VaultError> {
        let locator = self.locator(kind, id)?;
        Ok(find(self.entries_of(page_of(&locator))?, &locator))
    }

    pub(super) fn open(&self, tx: &Tx<'_>, kind: RowKind, id: &str) -> Result<Option<Opened>, VaultError> {
        self.find(kind, id)?.map(|entry| self.book.open(tx, entry)).transpose()
    }

    /// All entries as this transaction has left them.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        (0..=u8::MAX).filter_map(|number| self.entries_of(number).ok()).flatten()
    }

    /// All entries, or which page of them is damaged.
    pub(super) fn all_entries(&self) -> Result<Vec<&Entry>, VaultError> {
        let pages: Vec<_> =
            (0..=u8::MAX).map(|number| self.entries_of(number)).collect::<Result<_, VaultError>>()?;
        Ok(pages.into_iter().flatten().collect())
    }

    /// Writes a row; `card` for accounts only.
    pub(super) fn put(
        &mut self,
        tx: &Tx<'_>,
        (kind, id): (RowKind, &str),
        (content, card): (&[u8], Option<Box<Card>>),
        entropy: &mut dyn Entropy,
    ) -> Result<(), VaultError> {
        if id.is_empty() || id.len() > MAX_ID || content.len() > kind.max_value() {
            return Err(VaultError::TooLarge);
        }
        let locator = self.locator(kind, id)?;
        let revision = match find(self.entries_of(page_of(&locator))?, &locator) {
            Some(entry) => entry.revision.checked_add(1).ok_or(VaultError::TooLarge)?,
            None => 1,
        };
        let sealed = self.book.seal.seal(row_place(kind, &locator, revision), content, entropy)?;
        let tag = tag_of(&sealed).ok_or(VaultError::System)?;
        tx.set_row(self.book.seal.book, &locator, &sealed)?;
        self.set_entry(Entry { locator, kind, id: id.to_owned(), revision, tag, card })
    }

    /// Whether the row was there.
    pub(super) fn remove(&mut self, tx: &Tx<'_>, kind: RowKind, id: &str) -> Result<bool, VaultError> {
        let Some(locator) = self.find(kind, id)?.map(|entry| entry.locator) else { return Ok(false) };
        self.staged(page_of(&locator))?.retain(|entry| entry.locator != locator);
        tx.remove_row(self.book.seal.book, &locator)?;
        Ok(true)
    }

    /// Changes what the manifest says of an account, the row itself stays as it is.
    pub(super) fn edit_card(&mut self, id: &str, edit: impl FnOnce(&mut Card)) -> Result<(), VaultError> {
        let mut entry = self.find(RowKind::Account, id)?.cloned().ok_or(VaultError::NoSuchAccount)?;
        edit(entry.card.as_mut().ok_or(VaultError::NoSuchAccount)?);
        self.set_entry(entry)
    }

    /// Seals pages and root, when there is anything new. Nothing is final before the transaction commits.
    pub(super) fn finish(self, tx: &Tx<'_>, entropy: &mut dyn Entropy) -> Result<Option<Done>, VaultError> {
        if !self.changed {
            return Ok(None);
        }
        let Self { book, pages, extra, backup, generation, .. } = self;
        let mut all = Vec::with_capacity(pages.len());
        // Marks alone: the root needs no entries.
        let mut marks: Vec<_> =
            book.pages.iter().map(|page| Page { mark: page.mark, entries: None }).collect();
        for (number, entries) in pages {
            let mark = write_page(book, tx, (number, &entries), generation, entropy)?;
            if let Some(page) = marks.get_mut(usize::from(number)) {
                page.mark = mark;
            }
            all.push((number, Page { mark, entries: Some(entries) }));
        }
        let root = Root {
            generation,
            backup: backup.or(book.root.backup),
            extra: extra.unwrap_or_else(|| book.root.extra.clone()),
        };
        let content = root.encode(&marks);
        // EXPOSE: sealed right here.
        let sealed = book.seal.seal(Place::Root { key_id: &book.key_id }, content.expose(), entropy)?;
        tx.set_root(book.seal.book, &book.key_id, &sealed)?;
        let tag = tag_of(&sealed).ok_or(VaultError::System)?;
        Ok(Some(Done { root, tag, pages: all }))
    }

    fn locator(&self, kind: RowKind, id: &str) -> Result<[u8; 16], VaultError> {
        self.book.seal.locator(kind.number(), id)
    }

    fn entries_of(&self, number: u8) -> Result<&[Entry], VaultError> {
        match self.pages.get(&number) {
            Some(entries) => Ok(entries),
            None => self.book.entries_of(number),
        }
    }

    /// The page's own copy in this transaction.
    fn staged(&mut self, number: u8) -> Result<&mut Vec<Entry>, VaultError> {
        self.changed = true;
        if !self.pages.contains_key(&number) {
            self.pages.insert(number, self.book.entries_of(number)?.to_vec());
        }
        self.pages.get_mut(&number).ok_or(VaultError::Damaged(Part::Index(number)))
    }

    fn set_entry(&mut self, new: Entry) -> Result<(), VaultError> {
        let entries = self.staged(page_of(&new.locator))?;
        match entries.binary_search_by(|entry| entry.locator.cmp(&new.locator)) {
            Ok(index) => {
                if let Some(entry) = entries.get_mut(index) {
                    *entry = new;
                }
            }
            Err(index) => entries.insert(index, new),
        }
        Ok(())
    }
}

impl Book {
    /// Takes over what was committed.
    pub(super) fn follow(&mut self, done: Done) {
        let backup_moved = done.root.backup != self.root.backup;
        (self.root, self.tag) = (done.root, Some(done.tag));
        let held = self.root.backup.map_or(0, |(generation, _)| generation);
        for (number, mut page) in done.pages {
            for card in page.entries.iter_mut().flatten().filter_map(|entry| entry.card.as_mut()) {
                card.summary.needs_backup = card.changed > held;
            }
            if let Some(place) = self.pages.get_mut(usize::from(number)) {
                *place = page;
            }
        }
        if backup_moved {
            self.mark_backups();
        }
    }
}

fn write_page(
    book: &Book,
    tx: &Tx<'_>,
    (number, entries): (u8, &[Entry]),
    revision: u64,
    entropy: &mut dyn Entropy,
) -> Result<Option<Mark>, VaultError> {
    if entries.is_empty() {
        tx.remove_page(book.seal.book, number)?;
        return Ok(None);
    }
    let content = page::encode(entries);
    // EXPOSE: sealed right here.
    let sealed = book.seal.seal(Place::Page { number, revision }, content.expose(), entropy)?;
    tx.set_page(book.seal.book, number, &sealed)?;
    Ok(tag_of(&sealed).map(|tag| Mark::new(revision, tag)))
}
