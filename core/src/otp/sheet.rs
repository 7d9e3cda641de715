use super::{Codes, Generator, Otp, codes_at};
use crate::clock::UnixTime;

/// The codes of many accounts, each computed once a period: between two changes a call costs nothing, and at a
/// change the old next code becomes the current one.
#[derive(Default)]
pub struct Sheet {
    rows: Vec<Option<Row>>,
    codes: Vec<Option<Codes>>,
    /// All of `codes` are right from here …
    from: UnixTime,
    /// … to just before here.
    until: UnixTime,
}

/// An account with codes by time.
struct Row {
    generator: Generator,
    period: u32,
    /// Seconds that the clock of its codes is ahead.
    ahead: i64,
}

impl Sheet {
    /// A sheet of these accounts, in this order, each with the seconds that the clock of its codes is ahead. Those
    /// without codes by time keep their place and show none.
    pub fn new<'a>(accounts: impl IntoIterator<Item = (Option<&'a Otp>, i64)>) -> Self {
        let row = |(otp, ahead): (Option<&'a Otp>, i64)| {
            let otp = otp?;
            otp.period().map(|period| Row { generator: Generator::of(otp), period, ahead })
        };
        let rows: Vec<_> = accounts.into_iter().map(row).collect();
        Self { codes: vec![None; rows.len()], rows, ..Self::default() }
    }

    /// The codes at `time`, in the order of the accounts.
    pub fn at(&mut self, time: UnixTime) -> &[Option<Codes>] {
        if time < self.from || self.until <= time {
            self.refresh(time);
        }
        &self.codes
    }

    fn refresh(&mut self, time: UnixTime) {
        (self.from, self.until) = (UnixTime(i64::MIN), UnixTime(i64::MAX));
        for (row, slot) in self.rows.iter().zip(&mut self.codes) {
            let Some(row) = row else { continue };
            let codes = match *slot {
                Some(codes) if codes.valid_from <= time && time < codes.valid_until => codes,
                Some(codes)
                    if codes.valid_until <= time && time < codes.valid_until.plus(row.period.into()) =>
                {
                    row.after(codes)
                }
                _ => codes_at(&row.generator, row.period, time.plus(row.ahead)).earlier_by(row.ahead),
            };
            *slot = Some(codes);
            self.from = self.from.max(codes.valid_from);
            self.until = self.until.min(codes.valid_until);
        }
    }
}

impl Row {
    /// One period later: only the new next code is computed.
    fn after(&self, codes: Codes) -> Codes {
        let until = codes.valid_until.plus(self.period.into());
        let next = self.generator.code(until.plus(self.ahead).0.unsigned_abs());
        Codes { current: codes.next, next, valid_from: codes.valid_until, valid_until: until }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::{Algorithm, Kind};
    use crate::secret::Secret;

    fn account(kind: Kind) -> Otp {
        Otp::new(kind, Algorithm::Sha1, 6, Secret::copy_of(b"12345678901234567890")).unwrap()
    }

    #[test]
    fn always_what_a_single_call_gives() {
        let accounts = [
            account(Kind::Totp { period: 30 }),
            account(Kind::Hotp { counter: 0 }),
            account(Kind::Totp { period: 7 }),
            account(Kind::Steam),
        ];
        for ahead in [0, 12, -47, 86_400] {
            let mut sheet = Sheet::new(accounts.iter().map(|otp| (Some(otp), ahead)));
            // Forwards by seconds, a jump ahead, backwards, before 1970.
            for time in (0..100).chain([10_000, 10_001, 9_000, 8_999, 3, -5, 20]) {
                let at_server = |otp: &Otp| Some(otp.codes_at(UnixTime(time + ahead))?.earlier_by(ahead));
                let expected: Vec<_> = accounts.iter().map(at_server).collect();
                assert_eq!(sheet.at(UnixTime(time)), expected, "at {time}, {ahead} ahead");
            }
        }
    }

    #[test]
    fn each_account_has_its_own_clock() {
        let account = account(Kind::Totp { period: 30 });
        let mut sheet = Sheet::new([(Some(&account), 0), (Some(&account), 20)]);
        let [Some(device), Some(server)] = *sheet.at(UnixTime(15)) else { panic!("no codes") };
        assert_eq!((device.valid_from, device.valid_until), (UnixTime(0), UnixTime(30)));
        assert_eq!((server.valid_from, server.valid_until), (UnixTime(10), UnixTime(40)));
        assert_eq!(
            (device.next, account.codes_at(UnixTime(35)).unwrap().current),
            (server.current, server.current)
        );
    }

    #[test]
    fn nothing_is_computed_between_two_changes() {
        let accounts = [account(Kind::Totp { period: 30 })];
        let mut sheet = Sheet::new(accounts.iter().map(|otp| (Some(otp), 0)));
        sheet.at(UnixTime(30));
        assert_eq!(sheet.until, UnixTime(60));
        sheet.rows.clear();
        assert_eq!(sheet.at(UnixTime(59)), [accounts[0].codes_at(UnixTime(59))]);
    }

    #[test]
    fn an_empty_sheet_never_changes() {
        let mut sheet = Sheet::default();
        assert!(sheet.at(UnixTime(5)).is_empty());
        assert_eq!(sheet.until, UnixTime(i64::MAX));
    }
}
