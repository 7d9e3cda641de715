use super::{Codes, Generator, Otp, codes_at};
use crate::clock::UnixTime;

/// The codes of many accounts, each computed once a period: between two changes a call costs nothing, and at a
/// change the old next code becomes the current one.
#[derive(Default)]
pub struct Sheet {
    generators: Vec<Option<(Generator, u32)>>,
    codes: Vec<Option<Codes>>,
    /// All of `codes` are right from here …
    from: UnixTime,
    /// … to just before here.
    until: UnixTime,
}

impl Sheet {
    /// A sheet of these accounts, in this order. Those without codes by time keep their place and show none.
    pub fn new<'a>(accounts: impl IntoIterator<Item = Option<&'a Otp>>) -> Self {
        let generators: Vec<_> = accounts
            .into_iter()
            .map(|otp| otp.and_then(|otp| otp.period().map(|period| (Generator::of(otp), period))))
            .collect();
        Self { codes: vec![None; generators.len()], generators, ..Self::default() }
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
        for (generator, slot) in self.generators.iter().zip(&mut self.codes) {
            let Some((generator, period)) = generator else { continue };
            let codes = match *slot {
                Some(codes) if codes.valid_from <= time && time < codes.valid_until => codes,
                Some(codes)
                    if codes.valid_until <= time && time < codes.valid_until.plus((*period).into()) =>
                {
                    shifted(codes, generator, *period)
                }
                _ => codes_at(generator, *period, time),
            };
            *slot = Some(codes);
            self.from = self.from.max(codes.valid_from);
            self.until = self.until.min(codes.valid_until);
        }
    }
}

/// One period later: only the new next code is computed.
fn shifted(codes: Codes, generator: &Generator, period: u32) -> Codes {
    let until = codes.valid_until.plus(period.into());
    let next = generator.code(until.0.unsigned_abs());
    Codes { current: codes.next, next, valid_from: codes.valid_until, valid_until: until }
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
        let mut sheet = Sheet::new(accounts.iter().map(Some));
        // Forwards by seconds, a jump ahead, backwards, before 1970.
        for time in (0..100).chain([10_000, 10_001, 9_000, 8_999, 3, -5, 20]) {
            let expected: Vec<_> = accounts.iter().map(|otp| otp.codes_at(UnixTime(time))).collect();
            assert_eq!(sheet.at(UnixTime(time)), expected, "at {time}");
        }
    }

    #[test]
    fn nothing_is_computed_between_two_changes() {
        let accounts = [account(Kind::Totp { period: 30 })];
        let mut sheet = Sheet::new(accounts.iter().map(Some));
        sheet.at(UnixTime(30));
        assert_eq!(sheet.until, UnixTime(60));
        sheet.generators.clear();
        assert_eq!(sheet.at(UnixTime(59)), [accounts[0].codes_at(UnixTime(59))]);
    }

    #[test]
    fn an_empty_sheet_never_changes() {
        let mut sheet = Sheet::default();
        assert!(sheet.at(UnixTime(5)).is_empty());
        assert_eq!(sheet.until, UnixTime(i64::MAX));
    }
}
