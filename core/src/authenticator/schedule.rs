//! When each account is looked at for requests, by the steady clock alone.
//!
//! A pause is counted from the end of a look, so that a slow server is asked less and no account is looked at twice at
//! once. To each comes up to a fifth by chance: phones that were woken together do not go on asking together.

use std::collections::HashMap;

use crate::approval::{Flow, Outcome, Step};
use crate::link::Origin;
use crate::order::sort_short;
use crate::reason::Reason;

/// A sign-in is expected for so many milliseconds.
pub const EXPECTED_FOR_MS: u64 = 120_000;
/// After a failure that may be the server's, no account of it is asked sooner than it said; at most so late.
const LONGEST_LEFT_ALONE_MS: u64 = 60 * 60 * 1_000;
/// A host asks again after so many milliseconds at the latest: no [`Step::Wait`] is longer.
const LONGEST_WAIT_MS: u64 = 60_000;

/// So many requests of an account are remembered: more than the history has and one look finds.
const MAX_SEEN: usize = 400;

/// The pause between looks, and how long it grows while they fail. In milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    every_ms: u64,
    most_ms: u64,
}

/// While a sign-in is expected. The pause stays short: the person is waiting.
const EXPECTED: Pace = Pace { every_ms: 2_000, most_ms: 30_000 };
/// While the app is open.
const OPEN: Pace = Pace { every_ms: 15_000, most_ms: 5 * 60 * 1_000 };
/// While nobody is there; a single failure costs no wake-up where the platform has one each quarter of an hour.
pub(super) const BACKGROUND: Pace = Pace { every_ms: 5 * 60 * 1_000, most_ms: 2 * 60 * 60 * 1_000 };

impl Pace {
    /// The pause after so many failures in a row: doubled by each, up to the most, and up to a fifth more by chance.
    pub(super) fn pause_ms(self, failures: u32, chance: u8) -> u64 {
        let doubled = self.every_ms.saturating_mul(1_u64.checked_shl(failures.min(32)).unwrap_or(u64::MAX));
        let pause = doubled.min(self.most_ms);
        pause + pause / 5 * u64::from(chance) / u64::from(u8::MAX)
    }
}

/// What the end of a look says about the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The server said what waits.
    Seen {
        /// The ids of the requests.
        requests: Vec<String>,
    },
    /// The server did not, or the account can't be looked at.
    Failed {
        /// How long the server wants to be left alone.
        retry_after_ms: Option<u64>,
    },
    /// The phone or the server no longer has what a request needs: only a new set-up helps.
    Lost,
    /// Nothing about the server: the device has no network, so that nobody was asked.
    Neither,
}

impl End {
    /// How a look has ended that stands at this step; `None` for what is no look, or has not.
    pub(super) fn of(flow: &Flow, step: &Step) -> Option<Self> {
        let Step::Done(outcome) = step else { return None };
        flow.is_look().then(|| match outcome {
            Outcome::Checked { requests, .. } => {
                Self::Seen { requests: requests.iter().map(|request| request.id.clone()).collect() }
            }
            Outcome::Refused(Reason::NoNetwork) => Self::Neither,
            Outcome::Refused(reason) if reason.needs_new_set_up() => Self::Lost,
            _ => {
                Self::Failed { retry_after_ms: flow.retry_after_ms().map(|ms| ms.min(LONGEST_LEFT_ALONE_MS)) }
            }
        })
    }
}

/// Accounts whose look is to be begun now ([`Job::Check`](super::Job::Check)), the one that has waited longest first,
/// and how long to wait until asking again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looks {
    /// Ids of accounts. Each stays due until its look begins.
    pub due: Vec<String>,
    /// As with [`Step::Wait`]: at most so many milliseconds, and never more than a minute. A look that ends earlier is
    /// a reason to ask earlier.
    pub wait_ms: u64,
}

/// When each account is looked at.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    expected_since: Option<u64>,
    accounts: HashMap<String, Standing>,
}

/// What is known of one account's looks.
#[derive(Debug, Default)]
struct Standing {
    /// Of its server; none where the account can't be read.
    origin: Option<Origin>,
    /// Its requests are scanned: there is nothing to look for.
    is_scanned: bool,
    /// The last look found that only a new set-up helps.
    is_lost: bool,
    /// When the last look ended.
    ended_ms: Option<u64>,
    failures: u32,
    chance: u8,
    /// The next look waits for nothing.
    at_once: bool,
    /// The server wants to be left alone since then, for so long.
    left_alone: Option<(u64, u64)>,
    /// Requests that looks have found, those of the last one at the end.
    seen: Vec<String>,
}

/// When an account's next look is to begin, in milliseconds.
enum Turn {
    /// Now; it has been due for so long.
    DueFor(u64),
    In(u64),
}

impl Standing {
    fn turn(&self, pace: Pace, now_ms: u64) -> Turn {
        // A steady clock that went back is that of another start of the device.
        let since = self.ended_ms.and_then(|ended| now_ms.checked_sub(ended));
        let Some(since) = since.filter(|_| !self.at_once) else { return Turn::DueFor(u64::MAX) };
        let pause = pace.pause_ms(self.failures, self.chance);
        let left_alone = self.left_alone.and_then(|(from, ms)| ms.checked_sub(now_ms.checked_sub(from)?));
        match pause.saturating_sub(since).max(left_alone.unwrap_or(0)) {
            0 => Turn::DueFor(since.saturating_sub(pause)),
            left => Turn::In(left),
        }
    }
}

impl Schedule {
    pub(super) fn expect(&mut self, now_ms: u64) {
        self.expected_since = Some(now_ms);
    }

    pub(super) fn stop_expecting(&mut self) {
        self.expected_since = None;
    }

    /// How long a sign-in is still expected.
    pub(super) fn expecting_ms(&self, now_ms: u64) -> Option<u64> {
        let since = now_ms.checked_sub(self.expected_since?)?;
        EXPECTED_FOR_MS.checked_sub(since).filter(|left| *left > 0)
    }

    /// Every account is due, whatever it waits for; one whose look is under way, once more after it.
    pub(super) fn look_now(&mut self) {
        for standing in self.accounts.values_mut() {
            standing.at_once = true;
        }
    }

    /// Whether the account has been taken up.
    pub(super) fn knows(&self, account: &str) -> bool {
        self.accounts.contains_key(account)
    }

    /// Takes up an account: it is due at once. What was seen before, as by an earlier process, is nothing new.
    pub(super) fn take_up(
        &mut self,
        account: &str,
        server: Option<Origin>,
        is_scanned: bool,
        seen: Vec<String>,
    ) {
        let standing = self.accounts.entry(account.to_owned()).or_default();
        (standing.origin, standing.is_scanned, standing.seen) = (server, is_scanned, seen);
    }

    /// Forgets all accounts but these.
    pub(super) fn keep_to(&mut self, accounts: &[String]) {
        self.accounts.retain(|account, _| accounts.contains(account));
    }

    /// A look is about to begin; `chance` is random.
    pub(super) fn begun(&mut self, account: &str, chance: u8) {
        let standing = self.accounts.entry(account.to_owned()).or_default();
        (standing.at_once, standing.chance) = (false, chance);
    }

    /// A look has ended. What is expected has come with a request that no look has found before, and can't come where
    /// every account is lost.
    pub(super) fn ended(&mut self, account: &str, end: End, now_ms: u64) {
        let standing = self.accounts.entry(account.to_owned()).or_default();
        standing.ended_ms = Some(now_ms);
        standing.is_lost = end == End::Lost;
        match end {
            End::Seen { requests } => {
                if requests.iter().any(|request| !standing.seen.contains(request)) {
                    self.expected_since = None;
                }
                standing.seen.retain(|request| !requests.contains(request));
                standing.seen.extend(requests);
                standing.seen.drain(..standing.seen.len().saturating_sub(MAX_SEEN));
                (standing.failures, standing.left_alone) = (0, None);
            }
            End::Failed { retry_after_ms } => {
                standing.failures = standing.failures.saturating_add(1);
                if let Some(ms) = retry_after_ms {
                    standing.left_alone = Some((now_ms, ms));
                    let origin = standing.origin.clone();
                    self.leave_alone(origin.as_ref(), now_ms, ms);
                }
            }
            End::Lost => {
                standing.failures = standing.failures.saturating_add(1);
                if self.accounts.values().all(|standing| standing.is_lost || standing.is_scanned) {
                    self.expected_since = None;
                }
            }
            End::Neither => {}
        }
    }

    /// A busy server is left alone by all of its accounts.
    fn leave_alone(&mut self, origin: Option<&Origin>, now_ms: u64, ms: u64) {
        let Some(origin) = origin else { return };
        let same = |standing: &&mut Standing| {
            standing.origin.as_ref().is_some_and(|other| other.shares_server(origin))
        };
        for standing in self.accounts.values_mut().filter(same) {
            standing.left_alone = Some((now_ms, ms));
        }
    }

    /// What is due, but for accounts whose look is under way.
    pub(super) fn next(&self, is_under_way: impl Fn(&str) -> bool, now_ms: u64) -> Looks {
        let pace = if self.expecting_ms(now_ms).is_some() { EXPECTED } else { OPEN };
        let (mut due, mut wait_ms) = (Vec::new(), LONGEST_WAIT_MS);
        for (account, standing) in self.accounts.iter().filter(|(_, standing)| !standing.is_scanned) {
            // What begins now or is under way is due again after a pause at the soonest.
            let mut left = pace.every_ms;
            if !is_under_way(account) {
                match standing.turn(pace, now_ms) {
                    Turn::In(ms) => left = ms,
                    Turn::DueFor(ms) => due.push((ms, account)),
                }
            }
            wait_ms = wait_ms.min(left);
        }
        sort_short(&mut due, |(waited, account), (other, others)| (other, account) < (waited, others));
        Looks { due: due.into_iter().map(|(_, account)| account.clone()).collect(), wait_ms }
    }
}

#[cfg(test)]
mod tests;
