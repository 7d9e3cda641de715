use super::history;
use super::keep::unless_damaged;
use super::schedule::{End, Looks};
use super::{Authenticator, Error};
use crate::account::Registration;
use crate::approval::Request;
use crate::clock::Now;
use crate::vault::{Shelf, ValueKind};

/// Looks for requests, as a host carries them out: it asks [`Self::next_looks`], begins what is due, and waits. How each
/// look ends is noted by itself.
impl Authenticator {
    /// A sign-in is expected for two minutes from now: each account is looked at every two seconds, until a request
    /// comes that was not there before, or every account needs a new set-up.
    ///
    /// # Errors
    /// `Locked`.
    pub fn expect_sign_in(&mut self, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        self.schedule.expect(now.steady_ms);
        Ok(())
    }

    /// A sign-in is expected no more.
    ///
    /// # Errors
    /// `Locked`.
    pub fn stop_expecting(&mut self, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        self.schedule.stop_expecting();
        Ok(())
    }

    /// How many milliseconds a sign-in is still expected; `None`: it is not.
    #[must_use]
    pub fn expecting_ms(&self, now: Now) -> Option<u64> {
        self.schedule.expecting_ms(now.steady_ms)
    }

    /// Every account is due at once, also one that waits after a failure: a push came, or the person asked. It is one
    /// look each, and the pauses stay what they were.
    pub fn look_now(&mut self) {
        self.schedule.look_now();
    }

    /// What is to be looked at now and how long to wait: every 15 seconds while this is asked, every two while a sign-in
    /// is expected. After failures the pause doubles, up to 5 minutes (30 seconds), and is at least what the server
    /// asked for; a look that succeeds ends that. Accounts whose requests are scanned are never due.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn next_looks(&mut self, now: Now) -> Result<Looks, Error> {
        let approving = self.accounts(Shelf::InUse, now)?.into_iter().filter(|account| account.approvals);
        let ids: Vec<_> = approving.map(|account| account.id.clone()).collect();
        self.schedule.keep_to(&ids);
        for id in &ids {
            if !self.schedule.knows(id) {
                self.take_up(id, now)?;
            }
        }
        let runs = &self.runs;
        Ok(self.schedule.next(|account| runs.is_looking_at(account, now), now.steady_ms))
    }

    fn take_up(&mut self, account: &str, now: Now) -> Result<(), Error> {
        // One that is damaged is looked at: the look says so.
        let there = unless_damaged(self.vault.account(account, now))?;
        let registration = there.and_then(|account| account.registration);
        let is_scanned = registration.as_ref().is_some_and(Registration::is_scanned);
        let origin = registration.map(|registration| registration.origin);
        let waiting: Option<Vec<Request>> = unless_damaged(self.vault.get(ValueKind::Pending, account, now))?;
        let mut seen = history::seen(&mut self.vault, account, now)?;
        // Those of the last look at the end.
        let waiting: Vec<_> = waiting.into_iter().flatten().map(|request| request.id).collect();
        seen.retain(|request| !waiting.contains(request));
        seen.extend(waiting);
        self.schedule.take_up(account, origin, is_scanned, seen);
        Ok(())
    }

    /// Notes that a look begins, and gives its end where it can't.
    pub(super) fn look_begins(&mut self, account: &str, now: Now) -> Result<(), Error> {
        if !self.schedule.knows(account) {
            self.take_up(account, now)?;
        }
        let [chance] = crate::entropy::random::<1>(&mut *self.entropy)?;
        self.schedule.begun(account, chance);
        Ok(())
    }

    /// Notes that a look could not begin, or was given up.
    pub(super) fn look_failed(&mut self, account: &str, now: Now) {
        self.schedule.ended(account, End::Failed { retry_after_ms: None }, now.steady_ms);
    }
}
