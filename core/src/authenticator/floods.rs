//! Sign-in requests that come one after the other, because somebody hopes that one is approved to be rid of them.

use super::keep::unless_damaged;
use super::watching::{WatchRow, record_id};
use super::{Authenticator, Error, PastRequest, found};
use crate::approval::{AnswerResult, DeclineReason, Request, Seen};
use crate::clock::{Now, UnixTime};
use crate::reason::Reason;
use crate::vault::{Change, ValueKind};

/// Requests are counted over so many minutes.
const MINUTES: u16 = 10;
/// So many in that time are still those of one person whose sign-in does not work.
const USUAL: usize = 4;
/// Most arrivals that are kept of one account: the count of a flood goes no higher.
const KEPT: usize = 50;
/// Longest id of a request that is kept, in bytes; a longer one is none that this phone could answer.
const MAX_ID: usize = 256;
/// Quiet lasts so many seconds.
const QUIET_S: i64 = 60 * 60;

/// More requests of one account than a person makes, or an account that was made quiet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flood {
    /// The account's id.
    pub account: String,
    /// Requests in the last minutes that the person neither approved nor called their own: more than 4 where it is a
    /// flood, fewer where it is over and the account still quiet, at most 50.
    pub requests: u32,
    /// How many minutes that is.
    pub minutes: u32,
    /// Background checks tell of no request of it until then.
    pub quiet_until: Option<UnixTime>,
}

impl Authenticator {
    /// Accounts with more than 4 requests in the last 10 minutes that the person neither approved nor declined as their
    /// own, and those that are quiet.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn floods(&mut self, now: Now) -> Result<Vec<Flood>, Error> {
        self.awake(now)?;
        let mut floods = Vec::new();
        for account in self.vault.ids(ValueKind::Watch, now)? {
            let row: Option<WatchRow> = unless_damaged(self.vault.get(ValueKind::Watch, &account, now))?;
            let Some(row) = row else { continue };
            let mut requests = 0_u32;
            for seen in row.arrivals.iter().filter(|seen| is_recent(seen, now)) {
                let id = record_id(&account, &seen.request);
                let past = unless_damaged(self.vault.get(ValueKind::History, &id, now))?;
                requests += u32::from(!past.as_ref().is_some_and(is_own));
            }
            let quiet_until = row.quiet_until(now);
            if usize::try_from(requests).is_ok_and(|requests| requests > USUAL) || quiet_until.is_some() {
                floods.push(Flood { account, requests, minutes: MINUTES.into(), quiet_until });
            }
        }
        Ok(floods)
    }

    /// Background checks tell of no request of this account for an hour. It is looked at as before: its requests are
    /// listed, counted, and can be answered.
    ///
    /// # Errors
    /// `NoSuchAccount`; `Refused(NoApprovals)` for one that answers no sign-ins, `Refused(ScanToAnswer)` for one whose
    /// sign-ins are scanned, so that none is told of; those of a change.
    pub fn be_quiet(&mut self, account: &str, now: Now) -> Result<(), Error> {
        self.set_quiet(account, Some(now.wall.plus(QUIET_S)), now)
    }

    /// Background checks tell of its requests again.
    ///
    /// # Errors
    /// Those of [`Self::be_quiet`].
    pub fn end_quiet(&mut self, account: &str, now: Now) -> Result<(), Error> {
        self.set_quiet(account, None, now)
    }

    fn set_quiet(&mut self, account: &str, until: Option<UnixTime>, now: Now) -> Result<(), Error> {
        self.awake(now)?;
        self.vault.change(&mut *self.entropy, now, |change: &mut Change<'_>| {
            let registration = found(change.account(account)?)?.registration;
            if registration.is_some_and(|registration| registration.is_scanned()) {
                return Err(Reason::ScanToAnswer.into());
            }
            let row: Option<WatchRow> = unless_damaged(change.get(ValueKind::Watch, account))?;
            let row = row.ok_or(Reason::NoApprovals)?;
            Ok(change.put(ValueKind::Watch, account, &WatchRow { quiet: until, ..row })?)
        })
    }
}

impl WatchRow {
    /// Until when background checks tell of no requests; `None` where they do. A clock that was set back makes no hour
    /// longer.
    pub(super) fn quiet_until(&self, now: Now) -> Option<UnixTime> {
        self.quiet.filter(|until| (1..=QUIET_S).contains(&until.since(now.wall)))
    }

    /// The arrivals once these requests wait: those that are new are noted, once each, and those of long ago go.
    pub(super) fn arrivals_with(&self, before: &[Request], requests: &[Request], now: Now) -> Vec<Seen> {
        let was_there = |id: &str| before.iter().any(|request| request.id == id);
        let was_noted = |id: &str| self.arrivals.iter().any(|seen| seen.request == id);
        // The list has the newest first.
        let new = requests.iter().rev().map(|request| request.id.as_str());
        let mut new = new.filter(|id| id.len() <= MAX_ID && !was_there(id) && !was_noted(id)).peekable();
        if new.peek().is_none() {
            return self.arrivals.clone();
        }
        let mut arrivals: Vec<_> =
            self.arrivals.iter().filter(|seen| is_recent(seen, now)).cloned().collect();
        arrivals.extend(new.map(|id| Seen { request: id.to_owned(), at: now.wall }));
        arrivals.drain(..arrivals.len().saturating_sub(KEPT));
        arrivals
    }
}

/// Whether it came in the time that is counted.
fn is_recent(seen: &Seen, now: Now) -> bool {
    (0..i64::from(MINUTES) * 60).contains(&now.wall.since(seen.at))
}

/// Whether the person has said that the request was theirs.
fn is_own(past: &PastRequest) -> bool {
    past.answer.is_some_and(|answer| match answer.result {
        AnswerResult::Approved => true,
        AnswerResult::Declined => answer.decline == Some(DeclineReason::Cancelled),
        _ => false,
    })
}
