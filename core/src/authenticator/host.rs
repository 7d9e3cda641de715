use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Authenticator, Error};
use crate::clock::Now;
use crate::secret::to_json;
use crate::vault::{ValueKind, VaultError};

/// Bytes of JSON.
const MAX_HOST_ROW: usize = 22 * 1024;

impl Authenticator {
    /// A row of the host's own, such as a software key: sealed like everything else.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn host_row<T: DeserializeOwned>(&mut self, id: &str, now: Now) -> Result<Option<T>, Error> {
        self.awake(now)?;
        Ok(self.vault.get(ValueKind::Host, id, now)?)
    }

    /// Writes a row of the host's own: 16 KiB, and the third more that Base64 in JSON takes.
    ///
    /// # Errors
    /// `Refused(ValueTooLarge)`, those of a change.
    pub fn put_host_row<T: Serialize>(&mut self, id: &str, value: &T, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        if to_json(value).map_or(true, |json| json.len() > MAX_HOST_ROW) {
            return Err(VaultError::TooLarge.into());
        }
        Ok(self.vault.change(&mut *self.entropy, now, |change| change.put(ValueKind::Host, id, value))?)
    }

    /// Removes rows of the host's own; those that are not there don't matter.
    ///
    /// # Errors
    /// Those of a change.
    pub fn remove_host_rows(&mut self, ids: &[String], now: Now) -> Result<(), Error> {
        self.awake(now)?;
        self.vault.change(&mut *self.entropy, now, |change| {
            ids.iter().try_for_each(|id| change.remove(ValueKind::Host, id).map(|_| ()))
        })?;
        Ok(())
    }
}
