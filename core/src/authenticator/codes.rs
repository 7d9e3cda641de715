use super::{Authenticator, Error, found};
use crate::clock::Now;
use crate::otp::{Code, Codes, Kind, Sheet};
use crate::reason::Reason;

impl Authenticator {
    /// The codes of these accounts, in their order; none for an account without codes by time, or whose row is
    /// damaged: the others' codes are shown. Called at each tick it costs next to nothing: accounts are opened when
    /// the list or the vault changes, codes are computed when a period begins.
    ///
    /// # Errors
    /// `NoSuchAccount`, `Locked`; `Damaged` for more than single rows.
    pub fn codes(&mut self, ids: &[String], now: Now) -> Result<&[Option<Codes>], Error> {
        self.awake(now)?;
        let generation = self.vault.generation(now)?;
        if self.shown != ids || self.shown_at != generation {
            self.forget_codes();
            let mut accounts = Vec::with_capacity(ids.len());
            for id in ids {
                let account = match self.vault.account(id, now) {
                    Err(error) if error.is_of_row() => None,
                    account => Some(found(account?)?),
                };
                accounts.push(account.and_then(|account| account.otp));
            }
            self.sheet = Sheet::new(accounts.iter().map(Option::as_ref));
            (self.shown, self.shown_at) = (ids.to_vec(), generation);
        }
        Ok(self.sheet.at(now.wall))
    }

    /// One account's codes by time at `now`.
    ///
    /// # Errors
    /// `NoSuchAccount`, `Refused(SecretMissing)` without codes by time, `Locked`, `Damaged`.
    pub fn codes_of(&mut self, id: &str, now: Now) -> Result<Codes, Error> {
        self.awake(now)?;
        let codes = self.account(id, now)?.otp.and_then(|otp| otp.codes_at(now.wall));
        Ok(codes.ok_or(Reason::SecretMissing)?)
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
