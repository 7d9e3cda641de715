use countersign::clock::{Now, UnixTime};
use countersign::otp;

use crate::authenticator::Authenticator;
use crate::error::CountersignError;

/// The codes of one account at one moment.
#[derive(uniffi::Record)]
pub(crate) struct Codes {
    /// The code to type now.
    current: String,
    /// The one after it.
    next: String,
    /// The moment from which `current` is right.
    valid_from: UnixTime,
    /// The moment from which `next` is right: nothing changes before it.
    valid_until: UnixTime,
}

#[uniffi::export]
impl Authenticator {
    /// The codes of these accounts, in their order; none for an account without codes by time. Called at each tick it
    /// costs next to nothing: codes are computed when a period begins. Also fails with `NoSuchAccount`.
    fn codes(&self, ids: Vec<String>, now: Now) -> Result<Vec<Option<Codes>>, CountersignError> {
        let shown = self.core.lock().codes(&ids, now)?;
        Ok(shown.into_iter().map(|shown| shown.codes.map(Into::into)).collect())
    }

    /// The next code by use of an account. Its counter moves on in the same transaction, before the code is shown.
    fn use_counter(&self, id: &str, now: Now) -> Result<String, CountersignError> {
        Ok(self.core.lock().use_counter(id, now)?.as_str().to_owned())
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
