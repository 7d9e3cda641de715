use countersign::authenticator::Stored;
use countersign::clock::Now;
use countersign::secret::Secret;

use crate::authenticator::Authenticator;
use crate::error::CountersignError;
use crate::scan::Scanned;

#[uniffi::export]
impl Authenticator {
    /// Stores an organisation link's credentials; the app has asked about its origin before. Others of the same
    /// issuer are replaced only when `replace` says so: `Refused(OrganisationExists)`.
    fn store_organisation(
        &self,
        scanned: &Scanned,
        replace: bool,
        now: Now,
    ) -> Result<Stored, CountersignError> {
        Ok(self.core.lock().store_organisation(scanned.core(), replace, now)?)
    }

    /// A row of the app's own, such as a software key: sealed like everything else.
    fn host_row(&self, id: &str, now: Now) -> Result<Option<Vec<u8>>, CountersignError> {
        let row: Option<Secret> = self.core.lock().host_row(id, now)?;
        // EXPOSE: the app asked for what it has kept.
        Ok(row.map(|row| row.expose().to_vec()))
    }

    /// Writes a row of the app's own, up to 16 KiB.
    fn put_host_row(&self, id: &str, value: &[u8], now: Now) -> Result<(), CountersignError> {
        Ok(self.core.lock().put_host_row(id, &Secret::copy_of(value), now)?)
    }

    /// Removes rows of the app's own; those that are not there don't matter.
    fn remove_host_rows(&self, ids: Vec<String>, now: Now) -> Result<(), CountersignError> {
        Ok(self.core.lock().remove_host_rows(&ids, now)?)
    }
}
