//! Accounts: the list and the search, and what a transaction can do with them.

use super::change::{Change, parse, sorted_ids};
use super::page::{Card, Entry, Summary};
use super::{RowKind, VaultError};
use crate::account::Account;
use crate::clock::UnixTime;
use crate::entropy::random;
use crate::secret::to_json;
use icu_normalizer::ComposingNormalizerBorrowed;

/// Which accounts a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Shelf {
    /// Those in use.
    #[default]
    InUse,
    /// Those in the trash.
    Trash,
}

/// The distance between neighbours in the order, so that many moves fit in between.
const GAP: i64 = 1 << 32;

impl Change<'_> {
    /// Adds an account at the end of the order, under a new id. It never takes another's place, whatever its names.
    ///
    /// # Errors
    /// `TooLarge` for names, tags, a note or details over their limits; those of a write.
    pub fn add_account(&mut self, account: &Account) -> Result<String, VaultError> {
        let id = self.new_id()?;
        let draft = self.draft(RowKind::Account)?;
        let last = self.last_position.or_else(|| draft.entries().filter_map(position_of).max());
        let position = last.unwrap_or(0).checked_add(GAP).ok_or(VaultError::TooLarge)?;
        self.write(&id, account, position, draft.generation())?;
        self.last_position = Some(position);
        Ok(id)
    }

    /// One account, in use or in the trash.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn account(&self, id: &str) -> Result<Option<Account>, VaultError> {
        let opened = self.draft(RowKind::Account)?.open(self.tx, RowKind::Account, id)?;
        opened.map(|opened| parse(&opened, RowKind::Account, id)).transpose()
    }

    /// The ids of the accounts of exactly these names, and whether each is in the trash.
    ///
    /// # Errors
    /// `Locked` without the master key.
    pub fn namesakes(&self, issuer: &str, name: &str) -> Result<Vec<(String, bool)>, VaultError> {
        let cards = self.draft(RowKind::Account)?.entries().filter_map(|entry| entry.card.as_deref());
        let called = cards.map(|card| &card.summary).filter(|it| it.issuer == issuer && it.name == name);
        Ok(called.map(|it| (it.id.clone(), it.trashed_at.is_some())).collect())
    }

    /// The ids of all accounts, in use or in the trash, sorted.
    ///
    /// # Errors
    /// `Locked` without the master key.
    pub fn account_ids(&self) -> Result<Vec<String>, VaultError> {
        Ok(sorted_ids(self.draft(RowKind::Account)?.entries(), RowKind::Account))
    }

    /// What a list shows of every account, in use or in the trash, in the person's order: favourites do not come first.
    ///
    /// # Errors
    /// `Locked` without the master key; `Damaged` where a page of the list is: it would not be every account.
    pub fn in_order(&self) -> Result<Vec<&Summary>, VaultError> {
        let entries = self.draft(RowKind::Account)?.all_entries()?;
        let mut cards: Vec<_> = entries.into_iter().filter_map(|entry| entry.card.as_deref()).collect();
        cards.sort_unstable_by_key(|card| card.position);
        Ok(cards.into_iter().map(|card| &card.summary).collect())
    }

    /// Writes an account that is there: names, tags, note, favourite, counter. With another `changed_at` than before
    /// it needs a backup again.
    ///
    /// # Errors
    /// `NoSuchAccount`; those of [`Change::add_account`].
    pub fn put_account(&mut self, id: &str, account: &Account) -> Result<(), VaultError> {
        let before = self.account(id)?.ok_or(VaultError::NoSuchAccount)?;
        let draft = self.draft(RowKind::Account)?;
        let card = draft.find(RowKind::Account, id)?.and_then(|entry| entry.card.as_ref());
        let card = card.ok_or(VaultError::NoSuchAccount)?;
        let changed = if account.changed_at == before.changed_at { card.changed } else { draft.generation() };
        self.write(id, account, card.position, changed)
    }

    /// Puts an account right before another in the order, or at the end. Favourites still come first.
    ///
    /// # Errors
    /// `NoSuchAccount` for either.
    pub fn move_account(&mut self, id: &str, before: Option<&str>) -> Result<(), VaultError> {
        if before == Some(id) {
            return self.edit(id, |_| ());
        }
        let position = match self.gap_before(id, before)? {
            Some(position) => position,
            None => {
                self.spread()?;
                self.gap_before(id, before)?.ok_or(VaultError::TooLarge)?
            }
        };
        // It may be the end of the order now, or no longer.
        self.last_position = None;
        self.edit(id, |card| card.position = position)
    }

    /// Puts an account into the trash.
    ///
    /// # Errors
    /// `NoSuchAccount`; those of a write.
    pub fn trash_account(&mut self, id: &str, at: UnixTime) -> Result<(), VaultError> {
        self.set_trashed(id, Some(at))
    }

    /// Takes an account out of the trash, to its old place.
    ///
    /// # Errors
    /// `NoSuchAccount`; those of a write.
    pub fn restore_account(&mut self, id: &str) -> Result<(), VaultError> {
        self.set_trashed(id, None)
    }

    /// Removes an account that is in the trash, for good.
    ///
    /// # Errors
    /// `NoSuchAccount` also for one that is not in the trash.
    pub fn purge_account(&mut self, id: &str) -> Result<(), VaultError> {
        let is_trashed = self
            .draft(RowKind::Account)?
            .find(RowKind::Account, id)?
            .and_then(|entry| entry.card.as_ref())
            .is_some_and(|card| card.summary.trashed_at.is_some());
        if !is_trashed {
            return Err(VaultError::NoSuchAccount);
        }
        let (tx, draft, _) = self.parts(RowKind::Account)?;
        draft.remove(tx, RowKind::Account, id).map(drop)
    }

    /// Notes that a backup, read back and found good, holds every account as it was at `generation`.
    ///
    /// # Errors
    /// `Locked` without the master key.
    pub fn backed_up(&mut self, generation: u64, at: UnixTime) -> Result<(), VaultError> {
        let (_, draft, _) = self.parts(RowKind::Account)?;
        draft.set_backup(generation, at);
        Ok(())
    }

    /// The list goes by the card: an account whose row is damaged can be put away too.
    fn set_trashed(&mut self, id: &str, at: Option<UnixTime>) -> Result<(), VaultError> {
        match self.account(id) {
            Err(error) if error.is_of_row() => self.edit(id, |card| card.summary.trashed_at = at),
            account => {
                let mut account = account?.ok_or(VaultError::NoSuchAccount)?;
                account.trashed_at = at;
                self.put_account(id, &account)
            }
        }
    }

    fn write(&mut self, id: &str, account: &Account, position: i64, changed: u64) -> Result<(), VaultError> {
        if !account.is_within_limits() {
            return Err(VaultError::TooLarge);
        }
        let card =
            Box::new(Card { summary: summary(id, account), position, changed, folded: folded(account) });
        let content = to_json(account).map_err(|_| VaultError::TooLarge)?;
        let (tx, draft, entropy) = self.parts(RowKind::Account)?;
        // EXPOSE: sealed by the draft.
        draft.put(tx, (RowKind::Account, id), (content.expose(), Some(card)), entropy)
    }

    fn edit(&mut self, id: &str, edit: impl FnOnce(&mut Card)) -> Result<(), VaultError> {
        let (_, draft, _) = self.parts(RowKind::Account)?;
        draft.edit_card(id, edit)
    }

    /// A new id: 80 random bits in Crockford's Base32, in lower case.
    fn new_id(&mut self) -> Result<String, VaultError> {
        let bytes = random::<10>(self.entropy)?;
        Ok(base32::encode(base32::Alphabet::Crockford, &bytes).to_ascii_lowercase())
    }

    /// A position between `before` and the account in front of it, `id` left out; `None` when there is no room.
    fn gap_before(&self, id: &str, before: Option<&str>) -> Result<Option<i64>, VaultError> {
        let draft = self.draft(RowKind::Account)?;
        let others = || draft.entries().filter(|entry| entry.id != id).filter_map(position_of);
        let Some(before) = before else {
            return Ok(others().max().unwrap_or(0).checked_add(GAP));
        };
        let found = draft.find(RowKind::Account, before)?.and_then(position_of);
        let below = found.ok_or(VaultError::NoSuchAccount)?;
        let above = others().filter(|position| *position < below).max();
        let above = above.or(below.checked_sub(2 * GAP));
        let middle = above.map(|above| above.midpoint(below));
        Ok(middle.filter(|middle| Some(*middle) != above))
    }

    /// Numbers the whole order anew, with full gaps.
    fn spread(&mut self) -> Result<(), VaultError> {
        let mut order: Vec<_> = self
            .draft(RowKind::Account)?
            .entries()
            .filter_map(|entry| position_of(entry).map(|position| (position, entry.id.clone())))
            .collect();
        order.sort_unstable();
        let mut place = 0_i64;
        for (_, id) in order {
            place = place.checked_add(GAP).ok_or(VaultError::TooLarge)?;
            self.edit(&id, |card| card.position = place)?;
        }
        Ok(())
    }
}

/// The accounts of a shelf in order: favourites first, then the person's order.
pub(super) fn list<'e>(
    entries: impl Iterator<Item = &'e Entry>,
    shelf: Shelf,
    text: &str,
) -> Vec<&'e Summary> {
    let text = fold(text);
    let words: Vec<_> = text.split_whitespace().collect();
    let mut cards: Vec<&Card> = entries
        .filter_map(|entry| entry.card.as_deref())
        .filter(|card| card.summary.trashed_at.is_some() == (shelf == Shelf::Trash))
        .filter(|card| words.iter().all(|word| card.folded.contains(word)))
        .collect();
    cards.sort_unstable_by_key(|card| (!card.summary.favourite, card.position));
    cards.into_iter().map(|card| &card.summary).collect()
}

fn position_of(entry: &Entry) -> Option<i64> {
    entry.card.as_ref().map(|card| card.position)
}

fn summary(id: &str, account: &Account) -> Summary {
    Summary {
        id: id.to_owned(),
        issuer: account.issuer.clone(),
        name: account.name.clone(),
        codes: account.otp.is_some(),
        approvals: account.registration.is_some(),
        favourite: account.favourite,
        tags: account.tags.clone(),
        trashed_at: account.trashed_at,
        needs_backup: true,
    }
}

fn folded(account: &Account) -> String {
    let mut text = format!("{}\n{}\n{}", account.issuer, account.name, account.note);
    for tag in &account.tags {
        text.push('\n');
        text.push_str(tag);
    }
    fold(&text)
}

/// Without regard to case and width: NFKC in lower case.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let form = ComposingNormalizerBorrowed::new_nfkc();
    form.normalize_iter(form.normalize_iter(text.chars()).flat_map(char::to_lowercase)).collect()
}
