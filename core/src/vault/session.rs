//! An unlocked vault: both books, and what the root keeps beside them.

use super::book::Book;
use super::codec::{Reader, Writer};
use super::row::Under;
use super::seal::Key;
use super::slot::{Master, SlotRecord};
use super::store::Tx;
use super::{Head, Part, VaultError, Way};
use crate::clock::Now;
use crate::secret::Secret;

/// Threads call in another order than they read the clock, as far apart as one waits for another. What is further
/// back, in milliseconds, is another clock.
const OUT_OF_ORDER_MS: u64 = 60_000;

pub(super) struct Session {
    pub(super) main: Book,
    /// `None`: its root is damaged.
    pub(super) watch: Option<Book>,
    /// When a person last did something.
    touched_ms: u64,
    /// The latest time seen: a steady clock that goes back is that of another start of the device.
    latest_ms: u64,
}

/// What the root of the master key's book keeps: the watch key, and the slots that there are.
pub(super) struct Extra {
    pub(super) watch: Master,
    pub(super) slots: Vec<SlotRecord>,
}

impl Session {
    pub(super) const fn new(main: Book, watch: Option<Book>, now: Now) -> Self {
        Self { main, watch, touched_ms: now.steady_ms, latest_ms: now.steady_ms }
    }

    /// Reads both books with the master key, and says what is damaged.
    pub(super) fn load(
        tx: &Tx<'_>,
        vault: [u8; 16],
        master: &Master,
        now: Now,
    ) -> Result<(Self, Vec<Part>), VaultError> {
        let main = Book::load(tx, vault, Under::MasterKey.book(), master)?;
        let extra = Extra::of(&main)?;
        let watch = load_watch(tx, vault, &extra.watch)?;
        let mut damaged = extra.damaged_ways(tx, &vault)?;
        damaged.extend(main.damaged_pages().into_iter().map(Part::Index));
        damaged.extend(watch.is_none().then_some(Part::Watch));
        Ok((Self::new(main, watch, now), damaged))
    }

    /// Takes in what other processes have committed since.
    pub(super) fn refresh(&mut self, tx: &Tx<'_>) -> Result<(), VaultError> {
        self.main.refresh(tx)?;
        let watch = Extra::of(&self.main)?.watch;
        let refreshed = match &mut self.watch {
            Some(book) if book.key_id == watch.id => book.refresh(tx),
            _ => Err(VaultError::Locked),
        };
        match refreshed {
            Err(VaultError::Locked | VaultError::Damaged(_)) => {
                self.watch = load_watch(tx, self.main.seal.vault, &watch)?;
                Ok(())
            }
            other => other,
        }
    }

    /// Ways in whose slot in the file is not the one that the root knows.
    pub(super) fn damaged_ways(&self, tx: &Tx<'_>) -> Result<Vec<Part>, VaultError> {
        Extra::of(&self.main)?.damaged_ways(tx, &self.main.seal.vault)
    }

    pub(super) fn book(&self, under: Under) -> Result<&Book, VaultError> {
        match under {
            Under::MasterKey => Ok(&self.main),
            Under::WatchKey => self.watch.as_ref().ok_or(VaultError::Damaged(Part::Watch)),
        }
    }

    /// A session is made of books that were read, so there is a tag.
    pub(super) fn head(&self) -> Head {
        Head { generation: self.main.root.generation, tag: self.main.tag.unwrap_or_default() }
    }

    pub(super) fn master(&self) -> Master {
        Master { id: self.main.key_id, key: self.main.seal.key.clone() }
    }

    pub(super) fn touch(&mut self, now: Now) {
        self.touched_ms = self.touched_ms.max(now.steady_ms);
    }

    pub(super) const fn lock_at(&self, grace_ms: u64) -> u64 {
        self.touched_ms.saturating_add(grace_ms)
    }

    /// Whether it has to be locked at `now`.
    pub(super) fn is_over(&mut self, grace_ms: Option<u64>, now: Now) -> bool {
        let went_back = now.steady_ms.saturating_add(OUT_OF_ORDER_MS) < self.latest_ms;
        self.latest_ms = self.latest_ms.max(now.steady_ms);
        went_back || grace_ms.is_some_and(|grace_ms| self.lock_at(grace_ms) <= now.steady_ms)
    }
}

fn load_watch(tx: &Tx<'_>, vault: [u8; 16], master: &Master) -> Result<Option<Book>, VaultError> {
    match Book::load(tx, vault, Under::WatchKey.book(), master) {
        Ok(book) => Ok(Some(book)),
        // Hints: their loss must not keep a person from the codes.
        Err(VaultError::Damaged(Part::Watch) | VaultError::Locked) => Ok(None),
        Err(other) => Err(other),
    }
}

impl Extra {
    pub(super) fn of(main: &Book) -> Result<Self, VaultError> {
        // EXPOSE: read from the opened root.
        let mut reader = Reader::new(main.root.extra.expose());
        Self::decode(&main.seal.vault, &mut reader)?
            .filter(|_| reader.is_at_end())
            .ok_or(VaultError::Damaged(Part::Root))
    }

    pub(super) fn encode(&self) -> Secret {
        let mut out = Writer::new();
        // EXPOSE: sealed within the root.
        out.fixed(self.watch.key.expose());
        out.count(self.slots.len());
        for slot in &self.slots {
            out.u8(slot.way.number());
            out.fixed(&slot.public);
            out.fixed(&slot.digest);
        }
        out.finish()
    }

    pub(super) fn slot(&self, way: Way) -> Option<&SlotRecord> {
        self.slots.iter().find(|slot| slot.way == way)
    }

    fn damaged_ways(&self, tx: &Tx<'_>, vault: &[u8; 16]) -> Result<Vec<Part>, VaultError> {
        let mut damaged = Vec::new();
        for way in Way::ALL {
            let found = tx.slot(way.number())?.map(|content| super::slot::digest_of(vault, way, &content));
            if found != self.slot(way).map(|slot| slot.digest) {
                damaged.push(Part::Way(way));
            }
        }
        Ok(damaged)
    }

    pub(super) fn decode(vault: &[u8; 16], reader: &mut Reader<'_>) -> Result<Option<Self>, VaultError> {
        let Some(key) = reader.fixed(32).and_then(Key::from_slice) else { return Ok(None) };
        let watch = Master::new(vault, key)?;
        let slots =
            reader.count(1 + 32 + 32).and_then(|count| (0..count).map(|_| read_slot(reader)).collect());
        Ok(slots.map(|slots| Self { watch, slots }))
    }
}

fn read_slot(reader: &mut Reader<'_>) -> Option<SlotRecord> {
    Some(SlotRecord { way: Way::of_number(reader.u8()?)?, public: reader.array()?, digest: reader.array()? })
}
