use countersign::authenticator::{Flood, Looks};
use countersign::clock::Now;

use crate::authenticator::Authenticator;
use crate::error::Result;

/// When to look: begin `Job.Check` for each account of `next_looks`, wait as `Step.Wait` is waited for, and ask again. How
/// each look ends is noted by itself.
#[uniffi::export]
impl Authenticator {
    /// A sign-in is expected for two minutes, or until a request comes: looks every two seconds instead of 15.
    fn expect_sign_in(&self, now: Now) -> Result<()> {
        Ok(self.core.lock().expect_sign_in(now)?)
    }

    /// A sign-in is expected no more.
    fn stop_expecting(&self, now: Now) -> Result<()> {
        Ok(self.core.lock().stop_expecting(now)?)
    }

    /// How long a sign-in is still expected, in milliseconds; none: it is not.
    fn expecting_ms(&self, now: Now) -> Option<u64> {
        self.core.lock().expecting_ms(now)
    }

    /// Every account is due for one look, whatever it waits for: a push came, or the person asked.
    fn look_now(&self) {
        self.core.lock().look_now();
    }

    /// Accounts whose look is to be begun now, and for how long to wait at most until asking again. An account whose
    /// look is under way is not due; after failures it waits longer.
    fn next_looks(&self, now: Now) -> Result<Looks> {
        Ok(self.core.lock().next_looks(now)?)
    }

    /// Accounts with more than 4 requests in 10 minutes that are not the person's own, and those that are quiet.
    fn floods(&self, now: Now) -> Result<Vec<Flood>> {
        Ok(self.core.lock().floods(now)?)
    }

    /// Background checks tell of no request of this account for an hour; requests stay listed and can be answered.
    /// Fails with `NoSuchAccount`, `Refused(NoApprovals)`, `Refused(ScanToAnswer)`.
    fn be_quiet(&self, account: &str, now: Now) -> Result<()> {
        Ok(self.core.lock().be_quiet(account, now)?)
    }

    /// Background checks tell of its requests again.
    fn end_quiet(&self, account: &str, now: Now) -> Result<()> {
        Ok(self.core.lock().end_quiet(account, now)?)
    }
}
