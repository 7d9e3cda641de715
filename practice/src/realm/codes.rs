//! One-time codes (RFC 6238): SHA-1, 6 digits, 30 seconds, what every authenticator app can.

use ring::hmac;

use super::change::Change;
use super::draw::{Draw, Seed};
use super::state::{CodeApp, State, User};

/// Length of a period in seconds.
const PERIOD: u64 = 30;
/// Codes of so many periods before and after the present one are taken.
const TOLERANCE: u64 = 1;
/// Length of a new secret in bytes, as RFC 4226 section 4 recommends.
const SECRET: usize = 20;

/// A secret that is shown to a person but not yet checked by a first code.
#[derive(Clone, Debug)]
pub struct CodeSetUp {
    /// The shared secret.
    pub secret: Vec<u8>,
    /// What the QR code says.
    pub uri: String,
}

impl CodeSetUp {
    /// So many apps a user, as Microsoft allows.
    pub const MAX_APPS: usize = 5;

    /// Draws a secret for `user`.
    #[must_use]
    pub fn new(state: &State, user: &User, seed: &Seed) -> Self {
        let secret = Draw::new(seed).bytes().into_iter().take(SECRET).collect();
        Self::of(state, user, secret)
    }

    /// The set-up of a secret that was drawn before.
    #[must_use]
    pub fn of(state: &State, user: &User, secret: Vec<u8>) -> Self {
        let issuer = &state.settings.organisation;
        let uri = format!(
            "otpauth://totp/{}:{}?secret={}&issuer={}",
            percent(issuer),
            percent(&user.name),
            base32_of(&secret),
            percent(issuer)
        );
        Self { secret, uri }
    }

    /// The secret in Base32, in groups of four as people type it.
    #[must_use]
    pub fn typed(&self) -> String {
        let text = base32_of(&self.secret).to_lowercase();
        let mut groups = String::with_capacity(text.len() * 2);
        for (at, letter) in text.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                groups.push(' ');
            }
            groups.push(letter);
        }
        groups
    }
}

impl State {
    /// Adds an app for codes, once a first `code` of it is right. `None` otherwise.
    #[must_use]
    pub fn add_codes(
        &self,
        user: &User,
        set_up: &CodeSetUp,
        code: &str,
        now: u64,
        seed: &Seed,
    ) -> Option<Vec<Change>> {
        let period = matching_period(&set_up.secret, code, now)?;
        if user.codes.len() >= CodeSetUp::MAX_APPS {
            return None;
        }
        let app = CodeApp {
            id: Draw::new(seed).uuid(),
            secret: set_up.secret.clone(),
            last_period: period,
            created_at: now,
        };
        Some(vec![Change::CodeAppAdded { user: user.id.clone(), app }])
    }

    /// Signs in with a code of any app of the user. `None` for a wrong code, and for one that was used before.
    #[must_use]
    pub fn use_code(&self, user: &User, code: &str, now: u64) -> Option<Vec<Change>> {
        let (app, period) = user.codes.iter().find_map(|app| {
            let period = matching_period(&app.secret, code, now)?;
            (period > app.last_period).then_some((app, period))
        })?;
        Some(vec![Change::CodeUsed { user: user.id.clone(), app: app.id.clone(), period }])
    }
}

/// The period in which `secret` gives this code, near `now`. Spaces in the code don't matter.
#[must_use]
pub fn matching_period(secret: &[u8], code: &str, now: u64) -> Option<u64> {
    let typed: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    let present = now / PERIOD;
    (present.saturating_sub(TOLERANCE)..=present + TOLERANCE)
        .rev()
        .find(|period| hotp(secret, *period) == typed)
}

/// The code that `secret` gives at `now`.
#[must_use]
pub fn code_at(secret: &[u8], now: u64) -> String {
    hotp(secret, now / PERIOD)
}

/// RFC 4226 section 5.3, with 6 digits.
fn hotp(secret: &[u8], counter: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let mac = hmac::sign(&key, &counter.to_be_bytes());
    let bytes = mac.as_ref();
    let offset = bytes.last().map_or(0, |last| usize::from(last & 15));
    let word = bytes.iter().skip(offset).take(4).fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

fn base32_of(bytes: &[u8]) -> String {
    base32::encode(base32::Alphabet::Rfc4648 { padding: false }, bytes)
}

/// Percent-encodes a part of an otpauth label, where a space is `%20` and never `+`.
fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::{code_at, hotp, matching_period};

    const SECRET: &[u8] = b"12345678901234567890";

    /// RFC 4226, appendix D.
    #[test]
    fn codes_of_the_standard() {
        let expected = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        for (counter, code) in (0..).zip(expected) {
            assert_eq!(hotp(SECRET, counter), code);
        }
    }

    /// RFC 6238, appendix B, cut to six digits.
    #[test]
    fn times_of_the_standard() {
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(code_at(SECRET, time), code);
        }
    }

    #[test]
    fn one_period_early_or_late_is_taken() {
        let now = 1_795_475_312;
        let code = code_at(SECRET, now);
        assert_eq!(matching_period(SECRET, &code, now + 30), Some(now / 30));
        assert_eq!(matching_period(SECRET, &code, now - 30), Some(now / 30));
        assert_eq!(matching_period(SECRET, &code, now + 60), None);
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(matching_period(SECRET, &spaced, now), Some(now / 30));
        assert_eq!(matching_period(SECRET, "", now), None);
    }
}
