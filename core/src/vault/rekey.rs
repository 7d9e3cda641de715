//! Changes of the ways in. Taking one away, or replacing it, makes new keys: who keeps an old way in and an old copy
//! of the file learns nothing that comes after.

use super::book::Book;
use super::draft::Draft;
use super::row::Under;
use super::session::{Extra, Session};
use super::slot::{Master, Slot, SlotRecord, digest_of};
use super::store::Tx;
use super::way::SlotDraft;
use super::{Part, VaultError, Way};
use crate::entropy::Entropy;

/// Sets a way in that the vault does not have yet, under the keys that it has.
pub(super) fn add(
    tx: &Tx<'_>,
    session: &mut Session,
    new: &SlotDraft,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let mut extra = Extra::of(&session.main)?;
    extra.slots.push(write_slot(tx, new, &session.main.seal.vault, &session.master(), entropy)?);
    let mut draft = Draft::new(&session.main)?;
    draft.set_extra(extra.encode());
    let done = draft.finish(tx, entropy)?;
    done.into_iter().for_each(|done| session.main.follow(done));
    Ok(())
}

/// Takes `way` away, puts `new` in its place if there is one, and seals everything under new keys. The books of the
/// session are those of the new keys afterwards: a caller that does not commit throws the session away.
pub(super) fn replace(
    tx: &Tx<'_>,
    session: &mut Session,
    way: Way,
    new: Option<&SlotDraft>,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let vault = session.main.seal.vault;
    let master = Master::random(&vault, entropy)?;
    let old = Extra::of(&session.main)?;
    let mut slots = Vec::new();
    for record in old.slots.into_iter().filter(|record| record.way != way) {
        slots.push(carry_over(tx, record, &vault, &master, entropy)?);
    }
    match new {
        Some(new) => slots.push(write_slot(tx, new, &vault, &master, entropy)?),
        None => tx.remove_slot(way.number())?,
    }
    let extra = Extra { watch: Master::random(&vault, entropy)?, slots };
    let watch = match &session.watch {
        Some(book) => reseal(tx, book, &extra.watch, None, entropy)?,
        None => empty_watch(tx, vault, &extra.watch, entropy)?,
    };
    session.main = reseal(tx, &session.main, &master, Some(&extra), entropy)?;
    session.watch = Some(watch);
    Ok(())
}

/// A new watch key and a book without rows under it.
pub(super) fn renew_watch(
    tx: &Tx<'_>,
    session: &mut Session,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let vault = session.main.seal.vault;
    let mut extra = Extra::of(&session.main)?;
    extra.watch = Master::random(&vault, entropy)?;
    session.watch = Some(empty_watch(tx, vault, &extra.watch, entropy)?);
    let mut draft = Draft::new(&session.main)?;
    draft.set_extra(extra.encode());
    let done = draft.finish(tx, entropy)?;
    done.into_iter().for_each(|done| session.main.follow(done));
    Ok(())
}

/// Both books of a new vault.
pub(super) fn first_books(
    tx: &Tx<'_>,
    vault: [u8; 16],
    slots: &[SlotDraft],
    entropy: &mut dyn Entropy,
) -> Result<Master, VaultError> {
    let master = Master::random(&vault, entropy)?;
    let watch = Master::random(&vault, entropy)?;
    let slots =
        slots.iter().map(|slot| write_slot(tx, slot, &vault, &master, entropy)).collect::<Result<_, _>>()?;
    empty_watch(tx, vault, &watch, entropy)?;
    let main = Book::empty(vault, Under::MasterKey.book(), &master, 0);
    let mut draft = Draft::new(&main)?;
    draft.set_extra(Extra { watch, slots }.encode());
    draft.finish(tx, entropy)?;
    Ok(master)
}

fn write_slot(
    tx: &Tx<'_>,
    new: &SlotDraft,
    vault: &[u8; 16],
    master: &Master,
    entropy: &mut dyn Entropy,
) -> Result<SlotRecord, VaultError> {
    let (mut slot, public) = Slot::new(new, vault, entropy)?;
    slot.reseal(vault, &public, master, entropy)?;
    tx.set_slot(slot.way.number(), &slot.encode(vault))?;
    Ok(slot.record(vault, public))
}

/// The same way in to a new master key. A damaged slot can't be helped and stays as it is: it has been told, and is
/// set anew by its own call.
fn carry_over(
    tx: &Tx<'_>,
    record: SlotRecord,
    vault: &[u8; 16],
    master: &Master,
    entropy: &mut dyn Entropy,
) -> Result<SlotRecord, VaultError> {
    let Some(content) = tx.slot(record.way.number())? else { return Ok(record) };
    if digest_of(vault, record.way, &content) != record.digest {
        return Ok(record);
    }
    let mut slot = Slot::decode(record.way, vault, &content)?;
    slot.reseal(vault, &record.public, master, entropy)?;
    tx.set_slot(slot.way.number(), &slot.encode(vault))?;
    Ok(slot.record(vault, record.public))
}

/// A book of the same rows under another key.
fn reseal(
    tx: &Tx<'_>,
    old: &Book,
    master: &Master,
    extra: Option<&Extra>,
    entropy: &mut dyn Entropy,
) -> Result<Book, VaultError> {
    // What can't be read can't be taken along, and must not be dropped.
    if let Some(number) = old.damaged_pages().first() {
        return Err(VaultError::Damaged(Part::Index(*number)));
    }
    let mut book = Book::empty(old.seal.vault, old.seal.book, master, old.root.generation);
    book.root.backup = old.root.backup;
    let mut draft = Draft::new(&book)?;
    for entry in old.entries() {
        let opened = match old.open(tx, entry) {
            Err(error) if error.is_of_row() && entry.kind.is_dispensable() => None,
            opened => Some(opened?),
        };
        tx.remove_row(old.seal.book, &entry.locator)?;
        if let Some(opened) = opened {
            let row = (opened.content(), entry.card.clone());
            draft.put(tx, (entry.kind, &entry.id), row, entropy)?;
        }
    }
    for number in 0..=u8::MAX {
        tx.remove_page(old.seal.book, number)?;
    }
    draft.lift(0);
    if let Some(extra) = extra {
        draft.set_extra(extra.encode());
    }
    let done = draft.finish(tx, entropy)?;
    done.into_iter().for_each(|done| book.follow(done));
    Ok(book)
}

fn empty_watch(
    tx: &Tx<'_>,
    vault: [u8; 16],
    master: &Master,
    entropy: &mut dyn Entropy,
) -> Result<Book, VaultError> {
    let number = Under::WatchKey.book();
    tx.clear(number)?;
    let mut book = Book::empty(vault, number, master, 0);
    let mut draft = Draft::new(&book)?;
    draft.lift(0);
    let done = draft.finish(tx, entropy)?;
    done.into_iter().for_each(|done| book.follow(done));
    Ok(book)
}
