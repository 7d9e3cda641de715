use std::mem;

use super::{Authenticator, Error, found};
use crate::clock::Now;
use crate::otp::{Code, Codes, Kind, Sheet};
use crate::reason::Reason;

impl Authenticator {
    /// The codes of these accounts, in their order; none for an account without codes by time, or whose row is
    /// damaged: the others' codes are shown. Called at each tick it costs next to nothing: accounts are opened when
    /// the list, an account or a clock changes, codes are computed when a period begins. Codes that are made by a server's clock
    /// ([`Self::use_for_codes`]) are the server's; when they change is told by this device's clock, as for all others.
    ///
    /// # Errors
    /// `NoSuchAccount`, `Locked`; `Damaged` for more than single rows.
    pub fn codes(&mut self, ids: &[String], now: Now) -> Result<&[Option<Codes>], Error> {
        self.awake(now)?;
        let generations = self.vault.generations(now)?;
        // A clock that was set back makes what servers told of theirs untrue.
        let is_set_back = now.wall < mem::replace(&mut self.shown_until, now.wall);
        if is_set_back || self.shown != ids || self.shown_at != generations {
            let clocks = self.clocks_of_codes(now)?;
            // Each look may write what background checks read: no reason to open the accounts again.
            if self.shown == ids && self.shown_at.0 == generations.0 && self.shown_by == clocks {
                self.shown_at = generations;
                return Ok(self.sheet.at(now.wall));
            }
            self.forget_codes();
            let mut accounts = Vec::with_capacity(ids.len());
            for id in ids {
                let account = match self.vault.account(id, now) {
                    Err(error) if error.is_of_row() => None,
                    account => Some(found(account?)?),
                };
                accounts.push((account.and_then(|account| account.otp), ahead_of(id, &clocks)));
            }
            self.sheet = Sheet::new(accounts.iter().map(|(otp, ahead)| (otp.as_ref(), *ahead)));
            (self.shown, self.shown_at, self.shown_by) = (ids.to_vec(), generations, clocks);
        }
        Ok(self.sheet.at(now.wall))
    }

    /// One account's codes by time at `now`, as [`Self::codes`] has them.
    ///
    /// # Errors
    /// `NoSuchAccount`, `Refused(SecretMissing)` without codes by time, `Locked`, `Damaged`.
    pub fn codes_of(&mut self, id: &str, now: Now) -> Result<Codes, Error> {
        self.awake(now)?;
        let otp = self.account(id, now)?.otp.ok_or(Reason::SecretMissing)?;
        let ahead = self.codes_ahead(id, now)?;
        let codes = otp.codes_at(now.wall.plus(ahead)).ok_or(Reason::SecretMissing)?;
        Ok(codes.earlier_by(ahead))
    }

    /// Seconds that the clock by which an account's codes are made is ahead of this device's: 0, unless the person chose
    /// a server's.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn codes_ahead(&mut self, id: &str, now: Now) -> Result<i64, Error> {
        Ok(ahead_of(id, &self.clocks_of_codes(now)?))
    }

    /// The next code by use of an account. Its counter moves on in the same transaction, before the code is shown:
    /// no code is shown twice, whatever happens.
    ///
    /// # Errors
    /// `NoSuchAccount`, `Refused(SecretMissing)` without codes by use, those of a change.
    pub fn use_counter(&mut self, id: &str, now: Now) -> Result<Code, Error> {
        self.awake(now)?;
        self.vault.change(&mut *self.entropy, now, |change| {
            let mut account = found(change.account(id)?)?;
            let otp = account.otp.take().ok_or(Reason::SecretMissing)?;
            let code = otp.code_of_counter().ok_or(Reason::SecretMissing)?;
            if otp.kind() == (Kind::Hotp { counter: u64::MAX }) {
                return Err(Error::Refused(Reason::CounterSpent));
            }
            account.otp = Some(otp.after_use());
            account.changed_at = now.wall;
            change.put_account(id, &account)?;
            Ok(code)
        })
    }
}

fn ahead_of(id: &str, clocks: &[(String, i64)]) -> i64 {
    clocks.iter().rev().find(|(account, _)| account == id).map_or(0, |(_, ahead)| *ahead)
}
