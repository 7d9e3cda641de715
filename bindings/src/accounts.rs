use countersign::authenticator::Added;
use countersign::clock::{Now, UnixTime};
use countersign::otp;
use countersign::qr;
use countersign::vault::{Shelf, Summary};

use crate::authenticator::Authenticator;
use crate::details::AccountDetails;
use crate::error::Result;
use crate::scan::Scanned;

/// The codes of one account at one moment.
#[derive(uniffi::Record)]
pub(crate) struct Codes {
    current: String,
    next: String,
    /// The moment from which `current` is right.
    valid_from: UnixTime,
    /// The moment from which `next` is right: nothing changes before it.
    valid_until: UnixTime,
}

#[uniffi::export]
impl Authenticator {
    /// Adds the account of a set-up code for one-time codes. One that is there already, the same in secret,
    /// parameters and names, is not added again; one in the trash comes back. Anything else is a new account.
    ///
    /// A set-up code for approvals is begun as `Job.Enrol`.
    fn add(&self, scanned: &Scanned, now: Now) -> Result<Added> {
        Ok(self.core.lock().add(&scanned.core, now)?)
    }

    /// Accounts in the person's order, favourites first.
    fn accounts(&self, shelf: Shelf, now: Now) -> Result<Vec<Summary>> {
        Ok(self.core.lock().accounts(shelf, now)?.into_iter().cloned().collect())
    }

    /// Accounts whose names, tags or note hold every word of `text`.
    fn search(&self, text: &str, shelf: Shelf, now: Now) -> Result<Vec<Summary>> {
        Ok(self.core.lock().search(text, shelf, now)?.into_iter().cloned().collect())
    }

    /// One account's summary, in use or in the trash.
    fn summary(&self, id: &str, now: Now) -> Result<Summary> {
        Ok(self.core.lock().summary(id, now)?.clone())
    }

    /// The rest about one account, without its secrets.
    fn details(&self, id: &str, now: Now) -> Result<AccountDetails> {
        Ok(self.core.lock().account(id, now)?.into())
    }

    /// The codes of these accounts, in their order; none for an account without codes by time. Called at each tick it
    /// costs next to nothing: codes are computed when a period begins. Also fails with `NoSuchAccount`.
    fn codes(&self, ids: Vec<String>, now: Now) -> Result<Vec<Option<Codes>>> {
        Ok(self.core.lock().codes(&ids, now)?.iter().map(|codes| codes.map(Into::into)).collect())
    }

    /// The next code by use of an account. Its counter moves on in the same transaction, before the code is shown.
    fn use_counter(&self, id: &str, now: Now) -> Result<String> {
        Ok(self.core.lock().use_counter(id, now)?.as_str().to_owned())
    }

    /// Other names. They are cleaned as scanned ones are, but not cut: one of more than 256 characters is refused with
    /// `ValueTooLarge`.
    fn rename(&self, id: &str, issuer: &str, name: &str, now: Now) -> Result<()> {
        Ok(self.core.lock().rename(id, issuer, name, now)?)
    }

    /// Shown first, or not any more.
    fn set_favourite(&self, id: &str, favourite: bool, now: Now) -> Result<()> {
        Ok(self.core.lock().set_favourite(id, favourite, now)?)
    }

    /// The words to group by, all of them anew.
    fn set_tags(&self, id: &str, tags: Vec<String>, now: Now) -> Result<()> {
        Ok(self.core.lock().set_tags(id, &tags, now)?)
    }

    /// Free text.
    fn set_note(&self, id: &str, note: &str, now: Now) -> Result<()> {
        Ok(self.core.lock().set_note(id, note, now)?)
    }

    /// Puts an account right before another, or at the end.
    fn move_before(&self, id: &str, before: Option<String>, now: Now) -> Result<()> {
        Ok(self.core.lock().move_before(id, before.as_deref(), now)?)
    }

    /// Into the trash.
    fn remove(&self, id: &str, now: Now) -> Result<()> {
        Ok(self.core.lock().remove(id, now)?)
    }

    /// Out of the trash, to its old place.
    fn restore(&self, id: &str, now: Now) -> Result<()> {
        Ok(self.core.lock().restore(id, now)?)
    }

    /// Removes an account that is in the trash, for good. Gives the ids of its device keys, two after a change of key
    /// that came to no certain end: the host deletes them.
    fn purge(&self, id: &str, now: Now) -> Result<Vec<String>> {
        Ok(self.core.lock().purge(id, now)?)
    }

    /// What a notification calls the account: whoever holds the locked phone can read it.
    fn set_label(&self, id: &str, label: Option<String>, now: Now) -> Result<()> {
        Ok(self.core.lock().set_label(id, label.as_deref(), now)?)
    }

    /// The set-up code of an account's one-time codes (Key URI), ASCII: whoever sees it has the account.
    fn setup_text(&self, id: &str, now: Now) -> Result<Vec<u8>> {
        // EXPOSE: the person asked for it.
        Ok(self.core.lock().setup_text(id, now)?.expose().to_vec())
    }

    /// The same as a QR picture, SVG.
    fn setup_svg(&self, id: &str, now: Now) -> Result<Vec<u8>> {
        let text = self.core.lock().setup_text(id, now)?;
        // EXPOSE: the person asked for it.
        Ok(qr::svg(text.expose_str().unwrap_or_default())?.expose().to_vec())
    }

    /// The same as a QR picture, PNG; each module is `scale` pixels wide, 1 to 64.
    fn setup_png(&self, id: &str, scale: u32, now: Now) -> Result<Vec<u8>> {
        let text = self.core.lock().setup_text(id, now)?;
        // EXPOSE: the person asked for it.
        let picture = qr::png(text.expose_str().unwrap_or_default(), scale.try_into().unwrap_or(u8::MAX))?;
        Ok(picture.expose().to_vec())
    }
}

impl From<otp::Codes> for Codes {
    fn from(codes: otp::Codes) -> Self {
        Self {
            current: codes.current.as_str().to_owned(),
            next: codes.next.as_str().to_owned(),
            valid_from: codes.valid_from,
            valid_until: codes.valid_until,
        }
    }
}
