//! The clocks of servers: how far each is ahead of this device's, and whose codes are made by it.

use super::keep::unless_damaged;
use super::watching::{WatchRow, clock_of};
use super::{Authenticator, Error, found};
use crate::account::{Account, Registration};
use crate::clock::{ClockOffset, Now, UnixTime};
use crate::link::Origin;
use crate::order::sort_short;
use crate::reason::Reason;
use crate::vault::{Part, Shelf, Summary, ValueKind, VaultError};

/// Most seconds that the clock of codes is ahead or behind.
const MAX_AHEAD: u64 = 24 * 60 * 60;
/// By so many seconds a clock may be set back that is kept right.
const MAX_EARLY: i64 = 60;
/// By so many seconds it may differ from what the person agreed to.
const MAX_DRIFT: u64 = 60;

/// A server's clock, as the accounts that approve sign-ins there have learnt it: what was told last counts for all of
/// them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerClock {
    /// The server.
    pub origin: String,
    /// The account that approves sign-ins there.
    pub account: String,
    /// Seconds that the server is ahead of this device; negative: behind.
    pub offset: i64,
    /// When that was told, to the hour, by this device's clock.
    pub measured_at: UnixTime,
    /// Whether the codes below are made by this clock: the person agreed, and it is still within a minute of what it was
    /// then.
    pub used_for_codes: bool,
    /// The accounts with codes that are this one or have its issuer and account name.
    pub codes: Vec<String>,
}

impl Authenticator {
    /// The clocks of all servers that have told their time, in the order of the accounts. A look brings newer ones.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn clocks(&mut self, now: Now) -> Result<Vec<ServerClock>, Error> {
        let accounts: Vec<Summary> = self.accounts(Shelf::InUse, now)?.into_iter().cloned().collect();
        let mut told = Vec::new();
        for own in accounts.iter().filter(|account| account.approvals) {
            told.extend(self.measured(&own.id, now)?.map(|measured| (own, measured)));
        }
        let mut clocks = Vec::new();
        for (own, (origin, ..)) in &told {
            let same = told.iter().filter(|(_, (other, ..))| other.shares_server(origin));
            let Some((_, (_, offset, measured_at))) = same.max_by_key(|(_, (.., at))| *at) else { continue };
            let account = unless_damaged(self.vault.account(&own.id, now))?;
            let is_its = |other: &&Summary| other.codes && (other.id == own.id || are_namesakes(other, own));
            clocks.push(ServerClock {
                origin: origin.to_string(),
                account: own.id.clone(),
                offset: offset.seconds,
                measured_at: *measured_at,
                used_for_codes: account.is_some_and(|account| is_agreed(&account, offset.seconds)),
                codes: accounts.iter().filter(is_its).map(|account| account.id.clone()).collect(),
            });
        }
        Ok(clocks)
    }

    /// The clock that differs most: what is worth telling first. `None` before any server has told its time.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn clock_offset(&mut self, now: Now) -> Result<Option<ClockOffset>, Error> {
        let offsets = self.clocks(now)?.into_iter().map(|clock| ClockOffset { seconds: clock.offset });
        Ok(offsets.max_by_key(|offset| offset.seconds.unsigned_abs()))
    }

    /// Makes the codes of this account's issuer and account name by its server's clock, or no more. `account` is one
    /// that approves sign-ins. What is agreed to is how far that clock is ahead now: when it is more than a minute off
    /// that, codes go by this device's clock. It is kept on this device alone: no backup has it.
    ///
    /// # Errors
    /// `NoSuchAccount`, `Refused(NoApprovals)`, `Refused(ClockNotMeasured)` where the server has not told its time,
    /// `Refused(ClockDiffers)` where that is more than a day off, and those of a change.
    pub fn use_for_codes(&mut self, account: &str, used: bool, now: Now) -> Result<(), Error> {
        if self.account(account, now)?.registration.is_none() {
            return Err(Reason::NoApprovals.into());
        }
        let mut ahead = None;
        if used {
            let clock = self.clocks(now)?.into_iter().find(|clock| clock.account == account);
            let ServerClock { offset, .. } = clock.ok_or(Reason::ClockNotMeasured)?;
            if offset.unsigned_abs() > MAX_AHEAD {
                return Err(Reason::ClockDiffers.into());
            }
            ahead = Some(offset);
        }
        Ok(self.vault.change(&mut *self.entropy, now, |change| {
            let mut there = found(change.account(account)?)?;
            if there.codes_ahead == ahead {
                return Ok(());
            }
            there.codes_ahead = ahead;
            change.put_account(account, &there)
        })?)
    }

    /// The accounts whose codes are made by a server's clock, each with the seconds that it is ahead; of two clocks for
    /// the same codes the one that was measured last comes last.
    pub(super) fn clocks_of_codes(&mut self, now: Now) -> Result<Vec<(String, i64)>, Error> {
        let mut used = self.clocks(now)?;
        used.retain(|clock| clock.used_for_codes);
        sort_short(&mut used, |one, other| one.measured_at < other.measured_at);
        let each =
            used.into_iter().flat_map(|clock| clock.codes.into_iter().map(move |id| (id, clock.offset)));
        Ok(each.collect())
    }

    /// What a server told of its clock, and when. Rows of before the time was kept wait for the next look, and so do those
    /// of a time that is more than a minute to come: this device's clock was set back since, so that the offset is of
    /// another one.
    fn measured(
        &mut self,
        account: &str,
        now: Now,
    ) -> Result<Option<(Origin, ClockOffset, UnixTime)>, Error> {
        let row: Option<WatchRow> = match unless_damaged(self.vault.get(ValueKind::Watch, account, now)) {
            // All that background checks read is damaged: codes are shown nevertheless, by this device's clock.
            Err(VaultError::Damaged(Part::Watch)) => None,
            row => row?,
        };
        let (registration, context) = match row {
            Some(row) => (Some(row.registration), row.context),
            None => {
                let there = unless_damaged(self.vault.account(account, now))?;
                let scanned = there.and_then(|there| there.registration).filter(Registration::is_scanned);
                (scanned, clock_of(&mut self.vault, account, now)?)
            }
        };
        let measured_at = context.measured_at.filter(|at| at.since(now.wall) <= MAX_EARLY);
        Ok(registration.and_then(|registration| Some((registration.origin, context.offset?, measured_at?))))
    }
}

/// Whether the person agreed to a clock that is so far ahead, or nearly so: a clock goes wrong by seconds, and a row that
/// the watch key opens must not choose the time that codes are of.
fn is_agreed(account: &Account, seconds: i64) -> bool {
    account.codes_ahead.is_some_and(|agreed| seconds.abs_diff(agreed) <= MAX_DRIFT)
}

/// Whether two accounts are one to the person and to the server: the set-up code of codes names no server, and its names
/// are all that can be held against the other's.
fn are_namesakes(one: &Summary, other: &Summary) -> bool {
    !one.name.is_empty() && (&one.issuer, &one.name) == (&other.issuer, &other.name)
}
