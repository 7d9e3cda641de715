//! `motp:` and `otpauth://yaotp/`: codes that need a PIN beside the secret. Aegis writes Yandex's PIN into the link;
//! with mOTP none is usual, and ours is read again.

use super::base32::read_seed;
use super::otpauth::{DIGITS, Oddities, SHORT, is_unfit, number, read_names, read_secret, value};
use super::parts::{Link, Plus, decode};
use super::recognise::Refusal;
use super::{CodesLink, Odd, Recognised};
use crate::otp::{Kind, Otp, YANDEX_DIGITS};
use crate::reason::Reason;
use crate::secret::Secret;

/// Reads `motp://issuer:account?secret=HEX&pin=PIN`. The secret is used as text: in small letters, as its makers do.
pub(super) fn read_motp(link: &Link<'_>) -> Result<Recognised, Refusal> {
    let secret = decode(link.query.get("secret").unwrap_or_default(), Plus::Space);
    if !secret.iter().all(u8::is_ascii_hexdigit) {
        return Err(Reason::SecretUnusable.into());
    }
    let pin = Secret::copy_of(&decode(link.query.get("pin").unwrap_or_default(), Plus::Plus));
    let mut odd = Oddities::default();
    odd.tell_if(secret.len() < SHORT, Odd::SecretShort);
    let digits = match value(link.query, "digits", &mut odd) {
        None => DIGITS,
        Some(digits) => number(&digits, &mut odd).ok_or(Reason::DigitsUnsupported)?,
    };
    codes(link, Otp::with_pin(Kind::Motp, digits, Secret::from(secret.to_ascii_lowercase()), pin)?, odd)
}

/// Reads `otpauth://yaotp/issuer:account?secret=BASE32&pin=BASE32`.
pub(super) fn read_yandex(link: &Link<'_>) -> Result<Recognised, Refusal> {
    let mut odd = Oddities::default();
    let seed = read_secret(link.query.get("secret").ok_or(Reason::SecretMissing)?, &mut odd)?;
    let pin = decode(link.query.get("pin").unwrap_or_default(), Plus::Plus);
    let pin = match std::str::from_utf8(&pin).map(read_seed) {
        Ok(Ok(pin)) => pin.bytes,
        Ok(Err(Reason::SecretMissing)) => return Err(Reason::PinMissing.into()),
        _ => return Err(Reason::PinUnusable.into()),
    };
    codes(link, Otp::with_pin(Kind::Yandex, YANDEX_DIGITS, seed, pin)?, odd)
}

fn codes(link: &Link<'_>, otp: Otp, mut odd: Oddities) -> Result<Recognised, Refusal> {
    let names = read_names(link, &mut odd);
    odd.tell_of(link);
    let fixed = (otp.algorithm(), otp.digits(), otp.period().unwrap_or_default());
    odd.tell_if(is_unfit(link.query, fixed) || link.query.has("counter"), Odd::ParameterIgnored);
    let (issuer, account, label_issuer) = (names.issuer, names.account, names.label_issuer);
    Ok(Recognised::Codes(CodesLink { issuer, account, label_issuer, otp, odd: odd.0 }))
}

#[cfg(test)]
mod tests {
    use super::super::{otpauth_uri, recognise};
    use super::*;
    use crate::clock::UnixTime;

    fn read(text: &str) -> Result<CodesLink, Reason> {
        match recognise(text) {
            Recognised::Codes(link) => Ok(link),
            Recognised::Foreign { reason, .. } => Err(reason),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn codes_with_a_pin() {
        for (text, kind, time, code) in [
            ("motp://Example:alice?secret=E3152AFEE62599c8&pin=1234", Kind::Motp, 123_456_789, "4ebfb2"),
            ("motp://Example%3Aalice?secret=7ac61d4736f51a2b&pin=5239&digits=8", Kind::Motp, 59, "64b9f601"),
            (
                "otpauth://yaotp/Example:alice?secret=6SB2IKNM6OBZPAVBVTOHDKS4FAAAAAAADFUTQMBTRY&pin=GUZDGOI%3D",
                Kind::Yandex,
                1_641_559_648,
                "umozdicq",
            ),
        ] {
            let link = read(text).unwrap();
            assert_eq!((link.issuer.as_str(), link.account.as_str()), ("Example", "alice"), "{text}");
            assert_eq!(link.otp.kind(), kind);
            assert_eq!(link.otp.codes_at(UnixTime(time)).unwrap().current.as_str(), code, "{text}");
            let written = otpauth_uri(&link.issuer, &link.account, &link.otp);
            assert_eq!(read(written.expose_str().unwrap()), Ok(link));
        }
    }

    #[test]
    fn what_is_odd_is_told_as_with_other_codes() {
        for (text, odd) in [
            ("motp://E:a?secret=7ac61d4736f51a2b&pin=5239&algorithm=MD5&period=10", vec![]),
            ("motp://E:a?secret=7ac61d4736&pin=5239", vec![Odd::SecretShort]),
            ("motp://E:a?secret=7ac61d4736f51a2b&pin=5239&pin=1", vec![Odd::ParameterRepeated]),
            ("motp://E:a?secret=7ac61d4736f51a2b&pin=5239&period=30", vec![Odd::ParameterIgnored]),
            ("motp:E:a?secret=7ac61d4736f51a2b&pin=5239", vec![Odd::SlashesMissing]),
            ("otpauth://yaotp/E:a?secret=LA2V6KMCGYMWWVEW64RNP3JA3I&pin=G42TQNQ", vec![]),
            ("otpauth://yaotp/E:a?secret=LA2V+6KMCGYMWWVEW64RNP3JA3I&pin=G42TQNQ", vec![Odd::SecretSpaced]),
            ("otpauth://yaotp/E:a?secret=LA2V6KMCGYMWWVEW64RNP3JA3J&pin=G42TQNQ", vec![Odd::SecretOddLength]),
            (
                "otpauth://yaotp/E:a?secret=LA2V6KMCGYMWWVEW64RNP3JA3I&amp;pin=G42TQNQ&digits=6",
                vec![Odd::HtmlEscaped, Odd::ParameterIgnored],
            ),
        ] {
            assert_eq!(read(text).map(|link| link.odd), Ok(odd), "{text}");
        }
    }

    #[test]
    fn without_a_pin_there_are_no_codes() {
        for (text, reason) in [
            ("motp://Example:alice?secret=7ac61d4736f51a2b", Reason::PinMissing),
            ("motp://Example:alice?secret=7ac61d4736f51a2b&pin=1&digits=x", Reason::DigitsUnsupported),
            ("motp://Example:alice?secret=xyz&pin=1234", Reason::SecretUnusable),
            ("motp://Example:alice?pin=1234", Reason::SecretMissing),
            (
                "otpauth://yaotp/a?secret=6SB2IKNM6OBZPAVBVTOHDKS4FAAAAAAADFUTQMBTRY&pin_length=4",
                Reason::PinMissing,
            ),
            ("otpauth://yaotp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&pin=GUZDGOI", Reason::SecretUnusable),
            ("otpauth://yaotp/a?secret=LA2V6KMCGYMWWVEW64RNP3JA3I&pin=5239", Reason::PinUnusable),
            ("otpauth://yaotp/a?secret=LA2V6KMCGYMWWVEW64RNP3JA3I&pin=%ff", Reason::PinUnusable),
        ] {
            assert_eq!(read(text), Err(reason), "{text}");
        }
    }
}
