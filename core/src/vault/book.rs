//! A book: the rows under one key and their manifest. The vault has two, under the master key and the watch key.
//!
//! The manifest is a sealed root that lists up to 256 sealed pages (number, revision, tag), and each page lists its
//! rows (locator, kind, id, revision, tag). A row, page or slot that is missing, older or from elsewhere does not
//! fit what the level above says. A change seals anew its rows, their pages and the root.

use super::codec::{Reader, Writer};
use super::page::{self, Entry};
use super::seal::{Opened, Place, Seal, TAG, tag_of};
use super::slot::Master;
use super::store::Tx;
use super::{Part, RowKind, VaultError};
use crate::clock::UnixTime;
use crate::secret::Secret;

/// Pages of a manifest: one for each first byte of a locator. With 10,000 rows a change seals 40 entries anew.
pub(super) const PAGES: usize = 256;

/// How many earlier states of a row are tried to tell "older" from "changed".
const STATES_TRIED: u64 = 64;

pub(super) struct Book {
    pub(super) seal: Seal,
    pub(super) key_id: [u8; 16],
    pub(super) root: Root,
    /// The tag of the sealed root; `None` before one was read or written.
    pub(super) tag: Option<[u8; TAG]>,
    pub(super) pages: Vec<Page>,
}

/// What a sealed root holds.
#[derive(Clone, Default)]
pub(super) struct Root {
    /// Grows by one at each change.
    pub(super) generation: u64,
    /// The generation that the last backup held, and when it was made.
    pub(super) backup: Option<(u64, UnixTime)>,
    /// Under the master key: watch key and slots.
    pub(super) extra: Secret,
}

/// What the root says of a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    revision: u64,
    tag: [u8; TAG],
}

#[derive(Clone, Default)]
pub(super) struct Page {
    /// `None` for a page without rows, which has no place in the file.
    pub(super) mark: Option<Mark>,
    /// Sorted by locator. `None`: the page is damaged, its rows are unknown.
    pub(super) entries: Option<Vec<Entry>>,
}

impl Page {
    const EMPTY: Self = Self { mark: None, entries: Some(Vec::new()) };
}

impl Book {
    /// A book without rows that is in no file yet.
    pub(super) fn empty(vault: [u8; 16], book: u8, master: &Master, generation: u64) -> Self {
        Self {
            seal: Seal { vault, book, key: master.key.clone() },
            key_id: master.id,
            root: Root { generation, ..Root::default() },
            tag: None,
            pages: vec![Page::EMPTY; PAGES],
        }
    }

    /// Reads root and pages. A damaged page is kept as such; a damaged root is an error.
    pub(super) fn load(tx: &Tx<'_>, vault: [u8; 16], book: u8, master: &Master) -> Result<Self, VaultError> {
        let mut loaded = Self::empty(vault, book, master, 0);
        loaded.refresh(tx)?;
        Ok(loaded)
    }

    /// Takes in what other processes have committed since.
    ///
    /// # Errors
    /// `Locked` when the book is under another key now.
    pub(super) fn refresh(&mut self, tx: &Tx<'_>) -> Result<(), VaultError> {
        let damaged = || VaultError::Damaged(self.root_part());
        let (key_id, sealed) = tx.root(self.seal.book)?.ok_or_else(damaged)?;
        if key_id != self.key_id {
            return Err(VaultError::Locked);
        }
        let tag = tag_of(&sealed);
        if tag.is_some() && tag == self.tag {
            return Ok(());
        }
        let opened = self.seal.open(Place::Root { key_id: &key_id }, sealed).ok_or_else(damaged)?;
        let (root, listed) = Root::decode(opened.content()).ok_or_else(damaged)?;
        // An open vault only goes forward; an older state, or another one of the same generation, was put under our feet.
        if self.tag.is_some() && root.generation <= self.root.generation {
            return Err(damaged());
        }
        let mut marks = [None; PAGES];
        for (number, mark) in listed {
            if let Some(place) = marks.get_mut(usize::from(number)) {
                *place = Some(mark);
            }
        }
        for ((number, page), mark) in (0..=u8::MAX).zip(&mut self.pages).zip(marks) {
            if page.mark != mark {
                let entries = match mark {
                    Some(mark) => read_page(tx, &self.seal, number, mark)?,
                    None => Some(Vec::new()),
                };
                *page = Page { mark, entries };
            }
        }
        (self.root, self.tag) = (root, tag);
        self.mark_backups();
        Ok(())
    }

    /// The manifest's entry of a row.
    pub(super) fn find(&self, locator: &[u8; 16]) -> Result<Option<&Entry>, VaultError> {
        Ok(find(self.entries_of(page_of(locator))?, locator))
    }

    /// The entries of one page.
    pub(super) fn entries_of(&self, number: u8) -> Result<&[Entry], VaultError> {
        self.pages
            .get(usize::from(number))
            .and_then(|page| page.entries.as_deref())
            .ok_or(VaultError::Damaged(Part::Index(number)))
    }

    /// All entries of the pages that are sound.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.pages.iter().filter_map(|page| page.entries.as_deref()).flatten()
    }

    /// Numbers of the damaged pages.
    pub(super) fn damaged_pages(&self) -> Vec<u8> {
        (0..=u8::MAX)
            .zip(&self.pages)
            .filter(|(_, page)| page.entries.is_none())
            .map(|(number, _)| number)
            .collect()
    }

    /// Opens the row of an entry, or names what is wrong with it.
    pub(super) fn open(&self, tx: &Tx<'_>, entry: &Entry) -> Result<Opened, VaultError> {
        let missing = || VaultError::Damaged(Part::RowMissing { kind: entry.kind, id: entry.id.clone() });
        let sealed = tx.row(self.seal.book, &entry.locator)?.ok_or_else(missing)?;
        if tag_of(&sealed) != Some(entry.tag) {
            return Err(VaultError::Damaged(self.what_happened(entry, &sealed)));
        }
        let changed = || VaultError::Damaged(Part::RowChanged { kind: entry.kind, id: entry.id.clone() });
        self.seal.open(place_of(entry, entry.revision), sealed).ok_or_else(changed)
    }

    /// Why a row does not have the tag that the manifest says.
    fn what_happened(&self, entry: &Entry, sealed: &[u8]) -> Part {
        let id = entry.id.clone();
        let tag = tag_of(sealed);
        if self.entries().any(|other| Some(other.tag) == tag) {
            return Part::RowSwapped { kind: entry.kind, id };
        }
        let oldest = entry.revision.saturating_sub(STATES_TRIED);
        let is_older = (oldest..=entry.revision)
            .any(|revision| self.seal.open(place_of(entry, revision), sealed.to_vec()).is_some());
        if is_older {
            Part::RowOlder { kind: entry.kind, id }
        } else {
            Part::RowChanged { kind: entry.kind, id }
        }
    }

    pub(super) const fn root_part(&self) -> Part {
        if self.seal.book == 0 { Part::Root } else { Part::Watch }
    }

    /// Sets in each summary whether the account needs a backup.
    pub(super) fn mark_backups(&mut self) {
        let held = self.root.backup.map_or(0, |(generation, _)| generation);
        for card in self
            .pages
            .iter_mut()
            .filter_map(|page| page.entries.as_mut())
            .flatten()
            .filter_map(|entry| entry.card.as_mut())
        {
            card.summary.needs_backup = card.changed > held;
        }
    }
}

impl Root {
    pub(super) fn encode(&self, pages: &[Page]) -> Secret {
        let mut out = Writer::new();
        out.u64(self.generation);
        out.u8(u8::from(self.backup.is_some()));
        let (generation, at) = self.backup.unwrap_or_default();
        out.u64(generation);
        out.i64(at.0);
        // EXPOSE: sealed within the root.
        out.bytes(self.extra.expose());
        let marks: Vec<_> = (0..=u8::MAX)
            .zip(pages)
            .filter_map(|(number, page)| page.mark.map(|mark| (number, mark)))
            .collect();
        out.count(marks.len());
        for (number, mark) in marks {
            out.u8(number);
            out.u64(mark.revision);
            out.fixed(&mark.tag);
        }
        out.finish()
    }

    /// The root and the number and mark of each page.
    pub(super) fn decode(bytes: &[u8]) -> Option<(Self, Vec<(u8, Mark)>)> {
        let mut reader = Reader::new(bytes);
        let generation = reader.u64()?;
        let has_backup = reader.flag()?;
        let backup = (reader.u64()?, UnixTime(reader.i64()?));
        let extra = Secret::copy_of(reader.bytes()?);
        let pages = (0..reader.count(1 + 8 + TAG)?)
            .map(|_| {
                let number = reader.u8()?;
                Some((number, Mark { revision: reader.u64()?, tag: reader.array()? }))
            })
            .collect::<Option<_>>()?;
        let root = Self { generation, backup: has_backup.then_some(backup), extra };
        reader.is_at_end().then_some((root, pages))
    }
}

impl Mark {
    pub(super) const fn new(revision: u64, tag: [u8; TAG]) -> Self {
        Self { revision, tag }
    }
}

/// The page that lists a row.
pub(super) const fn page_of(locator: &[u8; 16]) -> u8 {
    locator[0]
}

pub(super) fn find<'a>(entries: &'a [Entry], locator: &[u8; 16]) -> Option<&'a Entry> {
    let found = entries.binary_search_by(|entry| entry.locator.cmp(locator)).ok();
    found.and_then(|index| entries.get(index))
}

pub(super) const fn place_of(entry: &Entry, revision: u64) -> Place<'_> {
    row_place(entry.kind, &entry.locator, revision)
}

pub(super) const fn row_place(kind: RowKind, locator: &[u8; 16], revision: u64) -> Place<'_> {
    Place::Row { kind: kind.number(), locator, revision }
}

/// `None` when the page is not what the root says.
fn read_page(tx: &Tx<'_>, seal: &Seal, number: u8, mark: Mark) -> Result<Option<Vec<Entry>>, VaultError> {
    let Some(sealed) = tx.page(seal.book, number)? else { return Ok(None) };
    if tag_of(&sealed) != Some(mark.tag) {
        return Ok(None);
    }
    let opened = seal.open(Place::Page { number, revision: mark.revision }, sealed);
    Ok(opened.and_then(|opened| page::decode(opened.content())))
}
