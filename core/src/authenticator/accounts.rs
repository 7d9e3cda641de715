use super::keep::{forget_keys, unless_damaged};
use super::{Authenticator, Error, Scanned, found, history, watching};
use crate::account::Account;
use crate::approval::device_keys;
use crate::clock::{Now, UnixTime};
use crate::link::{CodesLink, Odd, Recognised, clean_name, otpauth_uri};
use crate::order::sort_short;
use crate::otp::{Kind, Otp};
use crate::reason::Reason;
use crate::secret::Secret;
use crate::vault::{Change, Shelf, Summary, VaultError};

/// What became of adding an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// The account's id.
    pub id: String,
    /// False where the same account was there already.
    pub added: bool,
    /// What was odd in the code and how it was read.
    pub odd: Vec<Odd>,
}

impl Authenticator {
    /// Adds the account of a set-up code for one-time codes. One that is there already, the same in secret,
    /// parameters and names, is not added again; one in the trash comes back. Anything else is a new account.
    ///
    /// # Errors
    /// `Refused` for what is no such code (an approval's set-up is begun by [`Self::begin`]); those of a change.
    pub fn add(&mut self, scanned: &Scanned, now: Now) -> Result<Added, Error> {
        self.awake(now)?;
        let link = match scanned.recognised() {
            Recognised::Codes(link) => link,
            Recognised::Foreign { reason, .. } => return Err((*reason).into()),
            Recognised::SignIn(_) => return Err(Reason::SignInScanned.into()),
            _ => return Err(Reason::NotAddedThisWay.into()),
        };
        let account = account_of(link, now.wall);
        let (id, added) =
            self.vault.change(&mut *self.entropy, now, |change| match same_as(change, link)? {
                Some((id, true)) => {
                    change.restore_account(&id)?;
                    watching::start_if_readable(change, &id)?;
                    Ok((id, true))
                }
                Some((id, false)) => Ok((id, false)),
                None => Ok::<_, VaultError>((change.add_account(&account)?, true)),
            })?;
        Ok(Added { id, added, odd: link.odd.clone() })
    }

    /// Accounts in the person's order, favourites first.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn accounts(&mut self, shelf: Shelf, now: Now) -> Result<Vec<&Summary>, Error> {
        self.awake(now)?;
        Ok(self.vault.accounts(shelf, now)?)
    }

    /// Accounts whose names, tags or note hold every word of `text`.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn search(&mut self, text: &str, shelf: Shelf, now: Now) -> Result<Vec<&Summary>, Error> {
        self.awake(now)?;
        Ok(self.vault.search(text, shelf, now)?)
    }

    /// One account's summary, in use or in the trash.
    ///
    /// # Errors
    /// `NoSuchAccount`, `Locked`, `Damaged`.
    pub fn summary(&mut self, id: &str, now: Now) -> Result<&Summary, Error> {
        self.awake(now)?;
        Ok(found(self.vault.summary(id, now)?)?)
    }

    /// Everything about one account, its secrets included: they redact themselves.
    ///
    /// # Errors
    /// `NoSuchAccount`, `Locked`, `Damaged`.
    pub fn account(&mut self, id: &str, now: Now) -> Result<Account, Error> {
        self.awake(now)?;
        Ok(found(self.vault.account(id, now)?)?)
    }

    /// Other names. They are cleaned as scanned ones are, but not cut.
    ///
    /// # Errors
    /// `NoSuchAccount`, `TooLarge` for a name of more than [`MAX_NAME`](crate::account::MAX_NAME) characters, and those
    /// of a change.
    pub fn rename(&mut self, id: &str, issuer: &str, name: &str, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        let (issuer, name) = (typed_name(issuer)?, typed_name(name)?);
        self.edit(id, now, |account| {
            account.issuer = issuer;
            account.name = name;
        })
    }

    /// Shown first, or not any more.
    ///
    /// # Errors
    /// `NoSuchAccount` and those of a change.
    pub fn set_favourite(&mut self, id: &str, favourite: bool, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        self.edit(id, now, |account| account.favourite = favourite)
    }

    /// The words to group by, all of them anew.
    ///
    /// # Errors
    /// `NoSuchAccount`, `TooLarge` for a tag of more than [`MAX_TAG`](crate::account::MAX_TAG) characters or more than
    /// [`MAX_TAGS`](crate::account::MAX_TAGS) of them, and those of a change.
    pub fn set_tags(&mut self, id: &str, tags: &[String], now: Now) -> Result<(), Error> {
        self.awake(now)?;
        let mut tags = tags.iter().map(|tag| typed_name(tag)).collect::<Result<Vec<_>, _>>()?;
        tags.retain(|tag| !tag.is_empty());
        tags.sort_unstable();
        tags.dedup();
        self.edit(id, now, |account| account.tags = tags)
    }

    /// Free text.
    ///
    /// # Errors
    /// `NoSuchAccount` and those of a change.
    pub fn set_note(&mut self, id: &str, note: &str, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        self.edit(id, now, |account| note.clone_into(&mut account.note))
    }

    /// Puts an account right before another, or at the end.
    ///
    /// # Errors
    /// `NoSuchAccount` and those of a change.
    pub fn move_before(&mut self, id: &str, before: Option<&str>, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        Ok(self.vault.change(&mut *self.entropy, now, |change| change.move_account(id, before))?)
    }

    /// Into the trash. Background checks do not look at it there.
    ///
    /// # Errors
    /// `NoSuchAccount` and those of a change.
    pub fn remove(&mut self, id: &str, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        Ok(self.vault.change(&mut *self.entropy, now, |change| {
            change.trash_account(id, now.wall)?;
            watching::stop(change, id)
        })?)
    }

    /// Out of the trash, to its old place.
    ///
    /// # Errors
    /// `NoSuchAccount` and those of a change.
    pub fn restore(&mut self, id: &str, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        Ok(self.vault.change(&mut *self.entropy, now, |change| {
            change.restore_account(id)?;
            watching::start_if_readable(change, id)
        })?)
    }

    /// Removes an account that is in the trash, for good. Gives the ids of its device keys, two after a change of key
    /// that came to no certain end: the host deletes them; its own rows of these names are gone with the account.
    ///
    /// # Errors
    /// `NoSuchAccount` and those of a change.
    pub fn purge(&mut self, id: &str, now: Now) -> Result<Vec<String>, Error> {
        self.awake(now)?;
        Ok(self.vault.change(&mut *self.entropy, now, |change| {
            // One whose row is damaged can be removed as well; its keys stay with the host.
            let account = unless_damaged(change.account(id))?;
            change.purge_account(id)?;
            watching::forget_requests(change, id)?;
            watching::forget_clock(change, id)?;
            history::forget(change, id)?;
            let registration = account.and_then(|account| account.registration);
            let keys = registration.as_ref().map(device_keys).unwrap_or_default();
            forget_keys(change, &keys)?;
            Ok::<_, VaultError>(keys)
        })?)
    }

    /// What a notification calls the account: whoever holds the locked phone can read it. `None`: not by name.
    ///
    /// # Errors
    /// `NoSuchAccount`, `Refused(NoApprovals)`, `TooLarge` for more than [`MAX_NAME`](crate::account::MAX_NAME)
    /// characters, and those of a change.
    pub fn set_label(&mut self, id: &str, label: Option<&str>, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        let label = label.map(typed_name).transpose()?.filter(|label| !label.is_empty());
        self.vault.change(&mut *self.entropy, now, |change| {
            let mut account = found(change.account(id)?)?;
            if account.registration.is_none() {
                return Err(Error::Refused(Reason::NoApprovals));
            }
            account.label = label;
            account.changed_at = now.wall;
            change.put_account(id, &account)?;
            Ok(watching::start(change, id)?)
        })
    }

    /// The set-up code of an account's one-time codes (Key URI): whoever sees it has the account.
    ///
    /// # Errors
    /// `NoSuchAccount`, `Refused(SecretMissing)` for an account without codes, `Locked`, `Damaged`.
    pub fn setup_text(&mut self, id: &str, now: Now) -> Result<Secret, Error> {
        self.awake(now)?;
        let account = self.account(id, now)?;
        let otp = account.otp.as_ref().ok_or(Reason::SecretMissing)?;
        Ok(otpauth_uri(&account.issuer, &account.name, otp))
    }

    fn edit(&mut self, id: &str, now: Now, edit: impl FnOnce(&mut Account)) -> Result<(), Error> {
        Ok(self.vault.change(&mut *self.entropy, now, |change| {
            let mut account = found(change.account(id)?)?;
            edit(&mut account);
            account.changed_at = now.wall;
            change.put_account(id, &account)
        })?)
    }
}

/// The account that this code set up before, and whether it is in the trash.
fn same_as(change: &Change<'_>, link: &CodesLink) -> Result<Option<(String, bool)>, VaultError> {
    let mut namesakes = change.namesakes(&link.issuer, &link.account)?;
    // One in use comes before one in the trash.
    sort_short(&mut namesakes, |(_, in_trash), (_, others)| in_trash < others);
    for (id, in_trash) in namesakes {
        // What can't be read is not known to be the same.
        let account = unless_damaged(change.account(&id))?;
        let otp = account.and_then(|account| account.otp);
        if otp.is_some_and(|otp| is_same_setup(&otp, &link.otp)) {
            return Ok(Some((id, in_trash)));
        }
    }
    Ok(None)
}

/// A name that a person typed, cleaned. One that would have to be cut is refused: it would be another than the typed.
fn typed_name(text: &str) -> Result<String, VaultError> {
    let name = clean_name(text);
    if name.shortened { Err(VaultError::TooLarge) } else { Ok(name.text) }
}

/// The same parameters and secret. A counter moves on with use, so an older one is the same set-up too.
fn is_same_setup(there: &Otp, new: &Otp) -> bool {
    match (there.kind(), new.kind()) {
        (Kind::Hotp { counter: there_now }, Kind::Hotp { counter: first }) => {
            first <= there_now
                && (there.algorithm(), there.digits(), there.seed())
                    == (new.algorithm(), new.digits(), new.seed())
        }
        _ => there == new,
    }
}

fn account_of(link: &CodesLink, at: UnixTime) -> Account {
    Account {
        otp: Some(link.otp.clone()),
        // Microsoft writes the organisation's name where others repeat the issuer: kept, found by search.
        note: link.label_issuer.clone().unwrap_or_default(),
        ..Account::new(link.issuer.clone(), link.account.clone(), at)
    }
}
