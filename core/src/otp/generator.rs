//! What makes the codes of one account: totp-rs for the standards and Steam, and what no standard has.

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use ring::{digest, hmac as ring_hmac};
use sha2::{Sha224, Sha384};
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use super::{Algorithm, Code, Kind, MOTP_PERIOD, Otp, YANDEX_PERIOD};
use crate::secret::Secret;

/// Letters of a code of Yandex.
const YANDEX_LETTERS: usize = 8;

/// Codes by a number: the time in seconds, or the counter of codes by use.
pub(super) enum Generator {
    Common(Totp),
    Rare { hash: RareHash, seed: Secret, digits: u8, step: u64 },
    Motp { text: Secret, pin: Secret, digits: u8 },
    Yandex { key: ring_hmac::Key },
}

/// Hashes that totp-rs does not have.
#[derive(Clone, Copy)]
pub(super) enum RareHash {
    Sha224,
    Sha384,
    Md5,
}

impl Generator {
    pub(super) fn of(otp: &Otp) -> Self {
        let pin = otp.pin.clone().unwrap_or_default();
        match (otp.kind, otp.algorithm) {
            (Kind::Motp, _) => Self::Motp { text: otp.seed.clone(), pin, digits: otp.digits },
            (Kind::Yandex, _) => Self::Yandex { key: yandex_key(&otp.seed, &pin) },
            (Kind::Steam, _) => common(otp, totp_rs::Algorithm::Steam),
            (_, Algorithm::Sha1) => common(otp, totp_rs::Algorithm::SHA1),
            (_, Algorithm::Sha256) => common(otp, totp_rs::Algorithm::SHA256),
            (_, Algorithm::Sha512) => common(otp, totp_rs::Algorithm::SHA512),
            (_, Algorithm::Sha224) => rare(otp, RareHash::Sha224),
            (_, Algorithm::Sha384) => rare(otp, RareHash::Sha384),
            (_, Algorithm::Md5) => rare(otp, RareHash::Md5),
        }
    }

    pub(super) fn code(&self, number: u64) -> Code {
        match self {
            Self::Common(totp) => Code::of(&totp.generate(number)),
            Self::Rare { hash, seed, digits, step } => {
                let value = truncated(&hash.hmac(seed, number / step));
                let code = u64::from(value) % 10_u64.pow((*digits).into());
                Code::of(&format_args!("{code:0width$}", width = usize::from(*digits)))
            }
            Self::Motp { text, pin, digits } => motp(text, pin, *digits, number),
            Self::Yandex { key } => yandex(key, number),
        }
    }
}

/// A counter is a time with steps of one second.
fn step(otp: &Otp) -> u64 {
    otp.period().map_or(1, u64::from)
}

fn common(otp: &Otp, algorithm: totp_rs::Algorithm) -> Generator {
    let totp = Builder::new()
        .with_algorithm(algorithm)
        .with_digits(otp.digits)
        .with_step_duration(step(otp))
        // EXPOSE: the HMAC key; the generator wipes its copy.
        .with_secret(otp.seed.expose())
        // The checks of `build` are narrower than the servers in use: 6 to 8 digits, 128 bits.
        .build_noncompliant();
    Generator::Common(totp)
}

fn rare(otp: &Otp, hash: RareHash) -> Generator {
    Generator::Rare { hash, seed: otp.seed.clone(), digits: otp.digits, step: step(otp) }
}

impl RareHash {
    fn hmac(self, seed: &Secret, counter: u64) -> Zeroizing<Vec<u8>> {
        let counter = counter.to_be_bytes();
        // EXPOSE: the HMAC key.
        let key = seed.expose();
        let mac = match self {
            Self::Sha224 => mac::<Hmac<Sha224>>(key, &counter),
            Self::Sha384 => mac::<Hmac<Sha384>>(key, &counter),
            Self::Md5 => mac::<Hmac<Md5>>(key, &counter),
        };
        Zeroizing::new(mac.unwrap_or_default())
    }
}

/// `None` for a key of a length that does not fit; HMAC takes any.
fn mac<M: Mac + KeyInit>(key: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let mac = <M as KeyInit>::new_from_slice(key).ok()?;
    Some(mac.chain_update(bytes).finalize().into_bytes().to_vec())
}

/// RFC 4226, section 5.3; bytes past the end count as 0.
pub(super) fn truncated(mac: &[u8]) -> u32 {
    u32::from_be_bytes(window::<4>(mac)) & 0x7fff_ffff
}

/// `N` bytes from the offset that the last four bits give.
fn window<const N: usize>(mac: &[u8]) -> [u8; N] {
    let offset = mac.last().map_or(0, |last| usize::from(last & 15));
    let mut bytes = [0; N];
    bytes.iter_mut().zip(mac.iter().skip(offset)).for_each(|(place, byte)| *place = *byte);
    bytes
}

fn motp(text: &Secret, pin: &Secret, digits: u8, time: u64) -> Code {
    let mut hash = Md5::new_with_prefix((time / u64::from(MOTP_PERIOD)).to_string());
    // EXPOSE: hashed.
    hash.update(text.expose());
    // EXPOSE: hashed.
    hash.update(pin.expose());
    let hash = hash.finalize();
    // Of its whole size: a text that grows would leave the code behind.
    let mut hex = Zeroizing::new(String::with_capacity(2 * hash.len()));
    for digit in hash.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
        hex.extend(char::from_digit(digit.into(), 16));
    }
    Code::of(&hex.get(..usize::from(digits)).unwrap_or_default())
}

/// The hash of PIN and seed, without a zero byte at its beginning. What stands behind the first 16 bytes of the seed is
/// a checksum.
fn yandex_key(seed: &Secret, pin: &Secret) -> ring_hmac::Key {
    let mut hash = digest::Context::new(&digest::SHA256);
    // EXPOSE: hashed.
    hash.update(pin.expose());
    // EXPOSE: hashed.
    hash.update(seed.expose().get(..16).unwrap_or_default());
    let hash = Zeroizing::new(hash.finish().as_ref().to_vec());
    let key = hash.strip_prefix(&[0]).unwrap_or(&hash);
    ring_hmac::Key::new(ring_hmac::HMAC_SHA256, key)
}

fn yandex(key: &ring_hmac::Key, time: u64) -> Code {
    let mac = ring_hmac::sign(key, &(time / u64::from(YANDEX_PERIOD)).to_be_bytes());
    let mut value = u64::from_be_bytes(window::<8>(mac.as_ref())) & (u64::MAX >> 1);
    let mut letters = [b'a'; YANDEX_LETTERS];
    for letter in letters.iter_mut().rev() {
        *letter += u8::try_from(value % 26).unwrap_or_default();
        value /= 26;
    }
    Code::of(&std::str::from_utf8(&letters).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::UnixTime;
    use crate::reason::Reason;

    fn code(otp: &Otp, time: i64) -> String {
        otp.codes_at(UnixTime(time)).unwrap().current.as_str().to_owned()
    }

    /// Published with the first free implementation of these codes (KeeYaOtp); the seeds carry their checksum.
    #[test]
    fn yandex_codes() {
        for (pin, seed, time, expected) in [
            ("5239", "6SB2IKNM6OBZPAVBVTOHDKS4FAAAAAAADFUTQMBTRY", 1_641_559_648, "umozdicq"),
            ("7586", "LA2V6KMCGYMWWVEW64RNP3JA3IAAAAAAHTSG4HRZPI", 1_581_064_020, "oactmacq"),
            ("7586", "LA2V6KMCGYMWWVEW64RNP3JA3IAAAAAAHTSG4HRZPI", 1_581_090_810, "wemdwrix"),
            ("5210481216086702", "JBGSAU4G7IEZG6OY4UAXX62JU4AAAAAAHTSG4HXU3M", 1_581_091_469, "dfrpywob"),
            ("5210481216086702", "JBGSAU4G7IEZG6OY4UAXX62JU4AAAAAAHTSG4HXU3M", 1_581_093_059, "vunyprpd"),
        ] {
            let bytes = base32::decode(base32::Alphabet::Rfc4648 { padding: false }, seed).unwrap();
            for length in [16, bytes.len()] {
                let otp = Otp::with_pin(
                    Kind::Yandex,
                    6,
                    Secret::copy_of(&bytes[..length]),
                    Secret::copy_of(pin.as_bytes()),
                );
                assert_eq!(code(&otp.unwrap(), time), expected);
            }
        }
    }

    /// From the definition, by Python's `hashlib`: MD5 of time, seed and PIN.
    #[test]
    fn motp_codes() {
        for (seed, pin, digits, time, expected) in [
            ("e3152afee62599c8", "1234", 6, 165_892_298, "e7d8b6"),
            ("e3152afee62599c8", "1234", 6, 123_456_789, "4ebfb2"),
            ("7ac61d4736f51a2b", "5239", 6, 1_700_000_000, "e0f8b0"),
            ("7ac61d4736f51a2b", "5239", 8, 59, "64b9f601"),
        ] {
            let (seed, pin) = (Secret::copy_of(seed.as_bytes()), Secret::copy_of(pin.as_bytes()));
            let otp = Otp::with_pin(Kind::Motp, digits, seed, pin).unwrap();
            assert_eq!((code(&otp, time), otp.period()), (expected.to_owned(), Some(10)));
        }
    }

    /// From the definition (RFC 6238 with another hash), by Python's `hmac`; seeds as in its appendix B.
    #[test]
    fn rare_hashes() {
        for (time, sha224, sha384, md5) in [
            (59, "32201820", "12260385", "85931907"),
            (1_111_111_109, "82019503", "93607533", "48407180"),
            (2_000_000_000, "97691324", "45679189", "24615425"),
        ] {
            for (algorithm, length, expected) in
                [(Algorithm::Sha224, 28, sha224), (Algorithm::Sha384, 48, sha384), (Algorithm::Md5, 16, md5)]
            {
                let seed: Vec<u8> = b"1234567890".iter().copied().cycle().take(length).collect();
                let otp = Otp::new(Kind::Totp { period: 30 }, algorithm, 8, Secret::from(seed)).unwrap();
                assert_eq!(code(&otp, time), expected, "{algorithm:?} at {time}");
            }
        }
    }

    #[test]
    fn bytes_past_the_end_of_an_md5_are_zeros() {
        for (counter, expected) in [(0, "310336"), (7, "155328"), (10, "964608")] {
            let seed = Secret::copy_of(b"1234567890123456");
            let otp = Otp::new(Kind::Hotp { counter }, Algorithm::Md5, 6, seed).unwrap();
            assert_eq!(otp.code_of_counter().unwrap().as_str(), expected);
        }
    }

    #[test]
    fn what_fits_no_kind_is_refused_by_name() {
        let secret = |length| Secret::from(vec![1; length]);
        for (kind, seed, pin, reason) in [
            (Kind::Motp, 16, 0, Reason::PinMissing),
            (Kind::Motp, 16, super::super::MAX_PIN + 1, Reason::PinUnusable),
            (Kind::Motp, 0, 4, Reason::SecretMissing),
            (Kind::Yandex, 20, 4, Reason::SecretUnusable),
            (Kind::Steam, 20, 4, Reason::CodeKindUnsupported),
        ] {
            assert_eq!(Otp::with_pin(kind, 6, secret(seed), secret(pin)), Err(reason));
        }
        assert_eq!(Otp::new(Kind::Yandex, Algorithm::Sha256, 8, secret(16)), Err(Reason::PinMissing));
    }
}
