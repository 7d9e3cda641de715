//! One-time codes: parameters in, code and validity out.
//!
//! TOTP is RFC 6238 and HOTP is RFC 4226; Steam's codes are TOTP with five characters of an alphabet of its own.
//! mOTP and Yandex's codes are by time as well, and need a PIN beside the seed. [`ocra`] answers challenges (RFC 6287).

mod code;
mod generator;
pub mod ocra;
mod sheet;

use serde::{Deserialize, Serialize};

pub use code::Code;
use generator::Generator;
pub use sheet::Sheet;

use crate::clock::UnixTime;
use crate::reason::Reason;
use crate::secret::Secret;

/// Longest seed that is taken, in bytes. RFC 2104 hashes what is longer than a block (64 or 128 bytes).
pub const MAX_SEED: usize = 512;

/// Characters of a Steam code.
pub const STEAM_DIGITS: u8 = 5;

/// Seconds that a Steam code lasts.
pub const STEAM_PERIOD: u32 = 30;

/// Seconds that a code of mOTP lasts.
pub const MOTP_PERIOD: u32 = 10;

/// Letters of a code of Yandex.
pub const YANDEX_DIGITS: u8 = 8;

/// Seconds that a code of Yandex lasts.
pub const YANDEX_PERIOD: u32 = 30;

/// Longest PIN that is taken, in bytes.
pub const MAX_PIN: usize = 64;

/// How a code changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// By time: a new code each `period` seconds, counted from Unix time 0 (RFC 6238, `X` and `T0`).
    Totp {
        /// Seconds, 1 or more.
        period: u32,
    },
    /// By use: `counter` is the one of the code to show next (RFC 4226, `C`).
    Hotp {
        /// The moving factor.
        counter: u64,
    },
    /// Steam's: by time, 30 s, five of `23456789BCDFGHJKMNPQRTVWXY`.
    Steam,
    /// mOTP (Mobile-OTP, 2003): by time, 10 s, the first hexadecimal digits of an MD5 over time, seed and PIN. The seed
    /// is the text that is hashed, which is hexadecimal as a rule.
    Motp,
    /// Yandex's: by time, 30 s, eight letters; seed and PIN make the key.
    Yandex,
}

impl Kind {
    /// `totp` or `hotp` as Key URI spells them; `steam`, `motp`, `yandex`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Totp { .. } => "totp",
            Self::Hotp { .. } => "hotp",
            Self::Steam => "steam",
            Self::Motp => "motp",
            Self::Yandex => "yandex",
        }
    }
}

/// The hash of the HMAC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// The default of RFC 4226 and of Key URI.
    #[default]
    Sha1,
    /// RFC 6238, section 1.2.
    Sha256,
    /// RFC 6238, section 1.2.
    Sha512,
    /// In no standard; 2FAS and FreeOTP have it.
    Sha224,
    /// In no standard; 2FAS and FreeOTP have it.
    Sha384,
    /// In no standard; Google Authenticator's exports can name it. Where the truncation of RFC 4226 reaches past the
    /// 16 bytes of an MD5, they count as 0.
    Md5,
}

impl Algorithm {
    /// The name as Key URI spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
            Self::Sha224 => "SHA224",
            Self::Sha384 => "SHA384",
            Self::Md5 => "MD5",
        }
    }
}

/// Everything that makes the codes of one account. Its parameters are in range: it can't be made otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Otp {
    kind: Kind,
    algorithm: Algorithm,
    digits: u8,
    seed: Secret,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pin: Option<Secret>,
}

/// The codes of one account at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codes {
    /// The code to type now.
    pub current: Code,
    /// The one after it.
    pub next: Code,
    /// The moment from which `current` is right.
    pub valid_from: UnixTime,
    /// The moment from which `next` is right.
    pub valid_until: UnixTime,
}

impl Codes {
    /// The same codes, of a clock that is `seconds` ahead, with their times as a clock tells them that is not.
    pub(crate) const fn earlier_by(self, seconds: i64) -> Self {
        let back = seconds.saturating_neg();
        Self { valid_from: self.valid_from.plus(back), valid_until: self.valid_until.plus(back), ..self }
    }
}

impl Otp {
    /// Checks the parameters: 1 to 9 digits, a period of 1 s or more, a seed of 1 to 512 bytes. Steam's codes have
    /// SHA-1 and five characters, whatever is given.
    ///
    /// # Errors
    /// `DigitsUnsupported`, `PeriodUnsupported`, `SecretMissing`, `SecretTooLong`; `PinMissing` for a kind that has one.
    pub fn new(kind: Kind, algorithm: Algorithm, digits: u8, seed: Secret) -> Result<Self, Reason> {
        let (algorithm, digits) = match kind {
            Kind::Steam => (Algorithm::Sha1, STEAM_DIGITS),
            Kind::Totp { .. } | Kind::Hotp { .. } => (algorithm, digits),
            Kind::Motp | Kind::Yandex => return Err(Reason::PinMissing),
        };
        Self { kind, algorithm, digits, seed, pin: None }.checked()
    }

    /// The same for the kinds that have a PIN: mOTP of 1 to 9 digits, whose hash is MD5; Yandex's of eight letters,
    /// whose hash is SHA-256 and whose seed has 16 bytes, or 26 with its checksum.
    ///
    /// # Errors
    /// `DigitsUnsupported`, `SecretMissing`, `SecretTooLong`; `SecretUnusable` for another length of Yandex's;
    /// `PinMissing` for an empty PIN, `PinUnusable` for one of more than 64 bytes; `CodeKindUnsupported` for a kind
    /// without one.
    pub fn with_pin(kind: Kind, digits: u8, seed: Secret, pin: Secret) -> Result<Self, Reason> {
        let (algorithm, digits) = match kind {
            Kind::Motp => (Algorithm::Md5, digits),
            Kind::Yandex => (Algorithm::Sha256, YANDEX_DIGITS),
            Kind::Totp { .. } | Kind::Hotp { .. } | Kind::Steam => return Err(Reason::CodeKindUnsupported),
        };
        match pin.len() {
            0 => return Err(Reason::PinMissing),
            1..=MAX_PIN => {}
            _ => return Err(Reason::PinUnusable),
        }
        Self { kind, algorithm, digits, seed, pin: Some(pin) }.checked()
    }

    fn checked(self) -> Result<Self, Reason> {
        match (self.kind, self.digits, self.seed.len()) {
            (Kind::Totp { period: 0 }, ..) => Err(Reason::PeriodUnsupported),
            (_, 1..=9, 0) => Err(Reason::SecretMissing),
            (Kind::Yandex, _, 16 | 26) => Ok(self),
            (Kind::Yandex, ..) => Err(Reason::SecretUnusable),
            (_, 1..=9, 1..=MAX_SEED) => Ok(self),
            (_, 1..=9, _) => Err(Reason::SecretTooLong),
            _ => Err(Reason::DigitsUnsupported),
        }
    }

    /// How the code changes.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The hash of the HMAC.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Length of a code, 1 to 9.
    #[must_use]
    pub const fn digits(&self) -> u8 {
        self.digits
    }

    /// The shared secret.
    #[must_use]
    pub const fn seed(&self) -> &Secret {
        &self.seed
    }

    /// The PIN of mOTP and Yandex's codes.
    #[must_use]
    pub const fn pin(&self) -> Option<&Secret> {
        self.pin.as_ref()
    }

    /// Seconds that a code lasts; `None` for codes by use.
    #[must_use]
    pub const fn period(&self) -> Option<u32> {
        match self.kind {
            Kind::Totp { period } => Some(period),
            Kind::Steam => Some(STEAM_PERIOD),
            Kind::Motp => Some(MOTP_PERIOD),
            Kind::Yandex => Some(YANDEX_PERIOD),
            Kind::Hotp { .. } => None,
        }
    }

    /// The codes at `time`; `None` for codes by use. Times before 1970 count as 1970.
    ///
    /// ```
    /// use countersign::clock::UnixTime;
    /// use countersign::otp::{Algorithm, Kind, Otp};
    /// use countersign::secret::Secret;
    ///
    /// // RFC 6238, appendix B.
    /// let seed = Secret::copy_of(b"12345678901234567890");
    /// let otp = Otp::new(Kind::Totp { period: 30 }, Algorithm::Sha1, 8, seed)?;
    /// let codes = otp.codes_at(UnixTime(59)).unwrap();
    /// assert_eq!(codes.current.as_str(), "94287082");
    /// assert_eq!(codes.valid_until, UnixTime(60));
    /// # Ok::<(), countersign::reason::Reason>(())
    /// ```
    #[must_use]
    pub fn codes_at(&self, time: UnixTime) -> Option<Codes> {
        let generator = Generator::of(self);
        self.period().map(|period| codes_at(&generator, period, time))
    }

    /// The code of `counter` (RFC 4226, section 5.3); `None` for codes by time.
    #[must_use]
    pub fn code_of_counter(&self) -> Option<Code> {
        match self.kind {
            Kind::Hotp { counter } => Some(Generator::of(self).code(counter)),
            Kind::Totp { .. } | Kind::Steam | Kind::Motp | Kind::Yandex => None,
        }
    }

    /// The same account one use later; an account by time stays as it is. The counter ends at 2⁶⁴ − 1.
    #[must_use]
    pub fn after_use(mut self) -> Self {
        if let Kind::Hotp { counter } = &mut self.kind {
            *counter = counter.saturating_add(1);
        }
        self
    }
}

fn codes_at(generator: &Generator, period: u32, time: UnixTime) -> Codes {
    let seconds = time.0.max(0).unsigned_abs();
    let from = seconds - seconds % u64::from(period);
    let until = from + u64::from(period);
    Codes {
        current: generator.code(from),
        next: generator.code(until),
        valid_from: UnixTime(from.try_into().unwrap_or(i64::MAX)),
        valid_until: UnixTime(until.try_into().unwrap_or(i64::MAX)),
    }
}

/// What is read from a vault or a file, before the checks of `Otp::new`.
#[derive(Deserialize)]
struct Unchecked {
    kind: Kind,
    algorithm: Algorithm,
    digits: u8,
    seed: Secret,
    #[serde(default)]
    pin: Option<Secret>,
}

impl TryFrom<Unchecked> for Otp {
    type Error = &'static str;
    fn try_from(otp: Unchecked) -> Result<Self, Self::Error> {
        match otp.pin {
            None => Self::new(otp.kind, otp.algorithm, otp.digits, otp.seed),
            Some(pin) => Self::with_pin(otp.kind, otp.digits, otp.seed, pin),
        }
        .map_err(Reason::name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::secret::{from_json, to_json};

    fn otp(kind: Kind, algorithm: Algorithm, digits: u8, seed: &[u8]) -> Otp {
        Otp::new(kind, algorithm, digits, Secret::copy_of(seed)).unwrap()
    }

    #[test]
    fn rfc_4226_appendix_d() {
        let mut otp = otp(Kind::Hotp { counter: 0 }, Algorithm::Sha1, 6, b"12345678901234567890");
        for expected in [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ] {
            assert_eq!(otp.code_of_counter().unwrap().as_str(), expected);
            otp = otp.after_use();
        }
        assert_eq!(otp.codes_at(UnixTime(0)), None);
    }

    #[test]
    fn rfc_6238_appendix_b() {
        let seed = |length| b"1234567890".iter().copied().cycle().take(length).collect::<Vec<_>>();
        for (time, sha1, sha256, sha512) in [
            (59, "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"),
            (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ] {
            for (algorithm, length, expected) in [
                (Algorithm::Sha1, 20, sha1),
                (Algorithm::Sha256, 32, sha256),
                (Algorithm::Sha512, 64, sha512),
            ] {
                let codes =
                    otp(Kind::Totp { period: 30 }, algorithm, 8, &seed(length)).codes_at(UnixTime(time));
                assert_eq!(codes.unwrap().current.as_str(), expected, "{algorithm:?} at {time}");
            }
        }
    }

    #[test]
    fn steam() {
        // From the definition: the truncated value written in base 26, least significant first.
        let steam = otp(Kind::Steam, Algorithm::Sha512, 9, b"12345678901234567890");
        let mut value = 1_094_287_082_u32 & 0x7fff_ffff; // RFC 6238, appendix B, SHA-1 at 59: ...94287082
        let alphabet = b"23456789BCDFGHJKMNPQRTVWXY";
        let expected: String = (0..5)
            .map(|_| {
                let letter = alphabet[(value % 26) as usize];
                value /= 26;
                char::from(letter)
            })
            .collect();
        assert_eq!(steam.codes_at(UnixTime(59)).unwrap().current.as_str(), expected);
        assert_eq!((steam.algorithm(), steam.digits(), steam.period()), (Algorithm::Sha1, 5, Some(30)));
    }

    #[test]
    fn out_of_range_is_refused_by_name() {
        let seed = || Secret::copy_of(b"12345678901234567890");
        let totp = Kind::Totp { period: 30 };
        for (kind, digits, seed, reason) in [
            (totp, 0, seed(), Reason::DigitsUnsupported),
            (totp, 10, seed(), Reason::DigitsUnsupported),
            (Kind::Totp { period: 0 }, 6, seed(), Reason::PeriodUnsupported),
            (totp, 6, Secret::default(), Reason::SecretMissing),
            (Kind::Steam, 6, Secret::default(), Reason::SecretMissing),
            (totp, 6, Secret::from(vec![1; MAX_SEED + 1]), Reason::SecretTooLong),
        ] {
            assert_eq!(Otp::new(kind, Algorithm::Sha1, digits, seed), Err(reason));
        }
    }

    #[test]
    fn a_pin_is_stored_with_its_account() {
        let pin = Secret::copy_of(b"1234");
        let motp = Otp::with_pin(Kind::Motp, 6, Secret::copy_of(b"7ac61d4736f51a2b"), pin).unwrap();
        let json = to_json(&motp).unwrap();
        assert_eq!(from_json::<Otp>(json.expose()).unwrap(), motp);
        let without = json.expose_str().unwrap().replace("\"pin\"", "\"pie\"");
        assert!(from_json::<Otp>(without.as_bytes()).is_err());
    }

    #[test]
    fn a_stored_account_out_of_range_is_not_read() {
        let good = to_json(&otp(Kind::Totp { period: 30 }, Algorithm::Sha1, 6, b"x")).unwrap();
        let text = good.expose_str().unwrap();
        assert!(from_json::<Otp>(text.as_bytes()).is_ok());
        for bad in [text.replace("\"digits\":6", "\"digits\":10"), text.replace("30", "0")] {
            assert!(from_json::<Otp>(bad.as_bytes()).is_err());
        }
    }

    proptest! {
        #[test]
        fn next_is_the_code_that_comes(
            period in 1_u32.., digits in 1_u8..=9, time in 0_i64..100_000_000_000, seed in prop::collection::vec(any::<u8>(), 1..40),
        ) {
            let otp = otp(Kind::Totp { period }, Algorithm::Sha256, digits, &seed);
            let codes = otp.codes_at(UnixTime(time)).unwrap();
            prop_assert!(codes.valid_from <= UnixTime(time) && UnixTime(time) < codes.valid_until);
            prop_assert_eq!(codes.valid_until.since(codes.valid_from), i64::from(period));
            prop_assert_eq!(codes.current.as_str().len(), usize::from(digits));
            let after = otp.codes_at(codes.valid_until).unwrap();
            prop_assert_eq!(after.current, codes.next);
        }
    }
}
