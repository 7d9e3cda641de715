//! OCRA (RFC 6287): the answer to a challenge, by a secret that phone and server share.
//!
//! A suite such as `OCRA-1:HOTP-SHA1-6:QH10-S` says how it is made: the HMAC's hash, the digits of the answer, and what
//! goes into the HMAC beside the suite's own name. Where the text of the RFC leaves something open, its reference
//! (appendix A) is followed.

use ring::hmac;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::generator::truncated;
use crate::reason::Reason;
use crate::secret::Secret;

/// Longest name of a suite, in bytes.
const MAX_SUITE: usize = 128;
/// Room for a challenge in the HMAC's text, in bytes.
const QUESTION: usize = 128;
/// Bytes of session information where the suite does not say: what tiqr means by a plain `S`.
const SESSION: usize = 64;

/// How an answer is made. It is kept by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Suite {
    name: String,
    hash: Hash,
    /// 4 to 10.
    digits: u32,
    has_counter: bool,
    question: Question,
    pin: Option<Hash>,
    /// In bytes.
    session: Option<usize>,
    /// Seconds of a step.
    step: Option<u64>,
}

/// What goes into an answer besides the challenge, as far as the suite wants it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inputs<'a> {
    /// A counter that both sides keep.
    pub counter: Option<u64>,
    /// A PIN that both sides know; its hash goes into the answer.
    pub pin: Option<&'a Secret>,
    /// What tells the session, in hexadecimal digits.
    pub session: Option<&'a str>,
    /// Seconds since 1970.
    pub time: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Sha1,
    Sha256,
    Sha512,
}

/// How a challenge is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    Decimal,
    Hexadecimal,
    Text,
}

impl Suite {
    /// Reads the name of a suite (RFC 6287, section 6).
    ///
    /// # Errors
    /// `OcraSuiteUnsupported` for one that is none, for the whole HMAC as the answer (0 digits), and for 512 bytes of
    /// session information, by which the RFC's text and its reference mean different lengths.
    pub fn read(name: &str) -> Result<Self, Reason> {
        Self::parse(name).filter(|_| name.len() <= MAX_SUITE).ok_or(Reason::OcraSuiteUnsupported)
    }

    fn parse(name: &str) -> Option<Self> {
        let upper = name.to_ascii_uppercase();
        let (function, inputs) = upper.strip_prefix("OCRA-1:HOTP-")?.split_once(':')?;
        let (hash, digits) = function.split_once('-')?;
        let mut inputs = inputs.split('-').peekable();
        let has_counter = inputs.next_if_eq(&"C").is_some();
        let question = Question::read(inputs.next()?)?;
        let pin = match inputs.next_if(|input| input.starts_with('P')) {
            Some(pin) => Some(Hash::read(pin.get(1..)?)?),
            None => None,
        };
        let session = match inputs.next_if(|input| input.starts_with('S')) {
            Some(session) => Some(session_length(session.get(1..)?)?),
            None => None,
        };
        let step = match inputs.next_if(|input| input.starts_with('T')) {
            Some(step) => Some(step_of(step.get(1..)?)?),
            None => None,
        };
        let digits = digits.parse().ok().filter(|digits| (4..=10).contains(digits))?;
        let suite = Self {
            name: name.to_owned(),
            hash: Hash::read(hash)?,
            digits,
            has_counter,
            question,
            pin,
            session,
            step,
        };
        inputs.next().is_none().then_some(suite)
    }

    /// The answer to `question`. An input that the suite has no use for is passed over.
    ///
    /// # Errors
    /// `OcraSuiteUnsupported` where the suite wants an input that is not given, `ChallengeUnusable` for a challenge or a
    /// session that the suite can't take.
    pub fn answer(&self, key: &Secret, question: &str, inputs: Inputs<'_>) -> Result<Secret, Reason> {
        let lacking = Reason::OcraSuiteUnsupported;
        let mut text = Zeroizing::new(Vec::with_capacity(self.name.len() + 512));
        text.extend_from_slice(self.name.as_bytes());
        text.push(0);
        if self.has_counter {
            text.extend_from_slice(&inputs.counter.ok_or(lacking)?.to_be_bytes());
        }
        let question = self.question.digits(question).ok_or(Reason::ChallengeUnusable)?;
        // Half a byte at the end is filled up like the rest.
        text.extend_from_slice(&packed(&format!("{question:0<width$}", width = 2 * QUESTION)));
        if let Some(hash) = self.pin {
            // EXPOSE: hashed.
            let pin = inputs.pin.ok_or(lacking)?.expose();
            text.extend_from_slice(ring::digest::digest(hash.digest(), pin).as_ref());
        }
        if let Some(length) = self.session {
            let session = inputs.session.ok_or(lacking)?;
            if session.len() > 2 * length || !is_hexadecimal(session) {
                return Err(Reason::ChallengeUnusable);
            }
            text.extend_from_slice(&packed(&format!("{session:0>width$}", width = 2 * length)));
        }
        if let Some(step) = self.step {
            text.extend_from_slice(&(inputs.time.ok_or(lacking)? / step).to_be_bytes());
        }
        // EXPOSE: the HMAC key.
        let mac = hmac::sign(&hmac::Key::new(self.hash.hmac(), key.expose()), &text);
        let code = u64::from(truncated(mac.as_ref())) % 10_u64.pow(self.digits);
        let width = usize::try_from(self.digits).unwrap_or_default();
        Ok(Secret::from(format!("{code:0width$}")))
    }
}

impl TryFrom<String> for Suite {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::read(&name).map_err(Reason::name)
    }
}

impl From<Suite> for String {
    fn from(suite: Suite) -> Self {
        suite.name
    }
}

impl Hash {
    fn read(name: &str) -> Option<Self> {
        match name {
            "SHA1" => Some(Self::Sha1),
            "SHA256" => Some(Self::Sha256),
            "SHA512" => Some(Self::Sha512),
            _ => None,
        }
    }

    const fn hmac(self) -> hmac::Algorithm {
        match self {
            Self::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => hmac::HMAC_SHA256,
            Self::Sha512 => hmac::HMAC_SHA512,
        }
    }

    const fn digest(self) -> &'static ring::digest::Algorithm {
        match self {
            Self::Sha1 => &ring::digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &ring::digest::SHA256,
            Self::Sha512 => &ring::digest::SHA512,
        }
    }
}

impl Question {
    /// `QN08` and the like. The length is that of one side's challenge: where both sides ask, two stand together.
    fn read(input: &str) -> Option<Self> {
        let (kind, length) = (input.get(..2)?, input.get(2..)?);
        let length: u32 = length.parse().ok()?;
        let kind = match kind {
            "QN" => Self::Decimal,
            "QH" => Self::Hexadecimal,
            "QA" => Self::Text,
            _ => return None,
        };
        (4..=64).contains(&length).then_some(kind)
    }

    /// A challenge in hexadecimal digits, without those that fill it up.
    fn digits(self, question: &str) -> Option<String> {
        let digits = match self {
            Self::Decimal => decimal_to_hexadecimal(question)?,
            Self::Hexadecimal => question.to_owned(),
            Self::Text => crate::hex::hex(question.as_bytes()),
        };
        let is_usable = !question.is_empty() && digits.len() <= 2 * QUESTION && is_hexadecimal(&digits);
        is_usable.then_some(digits)
    }
}

fn session_length(digits: &str) -> Option<usize> {
    match digits {
        "" => Some(SESSION),
        "064" | "128" | "256" => digits.parse().ok(),
        _ => None,
    }
}

/// `1M`: so many seconds, minutes or hours.
fn step_of(step: &str) -> Option<u64> {
    let (unit, most) = match step.as_bytes().last()? {
        b'S' => (1, 59),
        b'M' => (60, 59),
        b'H' => (3_600, 48),
        _ => return None,
    };
    let count: u64 = step.get(..step.len() - 1)?.parse().ok()?;
    (1..=most).contains(&count).then_some(count * unit)
}

/// A number of any length in another base, without zeros before it.
fn decimal_to_hexadecimal(decimal: &str) -> Option<String> {
    if decimal.len() > 2 * 64 {
        return None;
    }
    // The lowest digit first.
    let mut digits = vec![0_u32];
    for digit in decimal.chars() {
        let mut carry = digit.to_digit(10)?;
        for place in &mut digits {
            let value = *place * 10 + carry;
            (*place, carry) = (value % 16, value / 16);
        }
        if carry > 0 {
            digits.push(carry);
        }
    }
    digits.iter().rev().map(|digit| char::from_digit(*digit, 16)).collect()
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The bytes of an even number of hexadecimal digits.
fn packed(digits: &str) -> Vec<u8> {
    let value = |digit: &u8| char::from(*digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| pair.iter().filter_map(value).fold(0, |byte, digit| byte << 4 | digit))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"1234567890123456789012345678901234567890123456789012345678901234";
    /// 2008-03-25 12:06:30 UTC, the RFC's.
    const TIME: u64 = 0x132_d0b6 * 60;

    /// Answers by the RFC's keys (appendix C): 20, 32 or 64 bytes, by the hash.
    fn answer(name: &str, question: &str, counter: u64) -> String {
        let suite = Suite::read(name).unwrap();
        let length = match suite.hash {
            Hash::Sha1 => 20,
            Hash::Sha256 => 32,
            Hash::Sha512 => 64,
        };
        let pin = Secret::copy_of(b"1234");
        let inputs = Inputs { counter: Some(counter), pin: Some(&pin), session: None, time: Some(TIME) };
        let answer = suite.answer(&Secret::copy_of(&KEY[..length]), question, inputs).unwrap();
        answer.expose_str().unwrap().to_owned()
    }

    /// The questions `00000000` to `99999999`, with the counters 0 to 9.
    fn repdigits(name: &str, answers: &[&str]) {
        for (digit, expected) in (0..).zip(answers) {
            assert_eq!(answer(name, &format!("{digit}").repeat(8), digit), *expected, "{name} {digit}");
        }
    }

    fn all(name: &str, answers: &[(&str, &str)]) {
        for (question, expected) in answers {
            assert_eq!(answer(name, question, 0), *expected, "{name} {question}");
        }
    }

    #[test]
    fn one_way_vectors_of_the_rfc() {
        repdigits(
            "OCRA-1:HOTP-SHA1-6:QN08",
            &[
                "237653", "243178", "653583", "740991", "608993", "388898", "816933", "224598", "750600",
                "294470",
            ],
        );
        let counted = [
            "65347737", "86775851", "78192410", "71565254", "10104329", "65983500", "70069104", "91771096",
            "75011558", "08522129",
        ];
        for (counter, expected) in (0..).zip(counted) {
            assert_eq!(answer("OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1", "12345678", counter), expected);
        }
        repdigits(
            "OCRA-1:HOTP-SHA256-8:QN08-PSHA1",
            &["83238735", "01501458", "17957585", "86776967", "86807031"],
        );
        repdigits(
            "OCRA-1:HOTP-SHA512-8:C-QN08",
            &[
                "07016083", "63947962", "70123924", "25341727", "33203315", "34205738", "44343969",
                "51946085", "20403879", "31409299",
            ],
        );
        repdigits(
            "OCRA-1:HOTP-SHA512-8:QN08-T1M",
            &["95209754", "55907591", "22048402", "24218844", "36209546"],
        );
    }

    #[test]
    fn mutual_vectors_of_the_rfc() {
        all(
            "OCRA-1:HOTP-SHA256-8:QA08",
            &[
                ("CLI22220SRV11110", "28247970"),
                ("CLI22221SRV11111", "01984843"),
                ("CLI22222SRV11112", "65387857"),
                ("CLI22223SRV11113", "03351211"),
                ("CLI22224SRV11114", "83412541"),
                ("SRV11110CLI22220", "15510767"),
                ("SRV11111CLI22221", "90175646"),
                ("SRV11112CLI22222", "33777207"),
                ("SRV11113CLI22223", "95285278"),
                ("SRV11114CLI22224", "28934924"),
            ],
        );
        all(
            "OCRA-1:HOTP-SHA512-8:QA08",
            &[
                ("CLI22220SRV11110", "79496648"),
                ("CLI22221SRV11111", "76831980"),
                ("CLI22222SRV11112", "12250499"),
                ("CLI22223SRV11113", "90856481"),
                ("CLI22224SRV11114", "12761449"),
            ],
        );
        all(
            "OCRA-1:HOTP-SHA512-8:QA08-PSHA1",
            &[
                ("SRV11110CLI22220", "18806276"),
                ("SRV11111CLI22221", "70020315"),
                ("SRV11112CLI22222", "01600026"),
                ("SRV11113CLI22223", "18951020"),
                ("SRV11114CLI22224", "32528969"),
            ],
        );
    }

    #[test]
    fn signature_vectors_of_the_rfc() {
        all(
            "OCRA-1:HOTP-SHA256-8:QA08",
            &[
                ("SIG10000", "53095496"),
                ("SIG11000", "04110475"),
                ("SIG12000", "31331128"),
                ("SIG13000", "76028668"),
                ("SIG14000", "46554205"),
            ],
        );
        all(
            "OCRA-1:HOTP-SHA512-8:QA10-T1M",
            &[
                ("SIG1000000", "77537423"),
                ("SIG1100000", "31970405"),
                ("SIG1200000", "10235557"),
                ("SIG1300000", "95213541"),
                ("SIG1400000", "65360607"),
            ],
        );
    }

    #[test]
    fn a_plain_session_is_64_bytes_in_the_suites_own_name() {
        let key = Secret::copy_of(&KEY[..32]);
        let of = |name: &str, session| {
            let inputs = Inputs { session: Some(session), ..Inputs::default() };
            Suite::read(name).unwrap().answer(&key, "747d558f3d", inputs)
        };
        // HMAC-SHA1 of the whole text, made by hand.
        let mut text = b"OCRA-1:HOTP-SHA1-6:QH10-S\0".to_vec();
        text.extend(packed("747d558f3d"));
        text.resize(26 + 128 + 63, 0);
        text.push(0xab);
        let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &KEY[..32]), &text);
        let expected = format!("{:06}", truncated(mac.as_ref()) % 1_000_000);
        assert_eq!(of("OCRA-1:HOTP-SHA1-6:QH10-S", "ab").unwrap().expose(), expected.as_bytes());
        assert_ne!(of("OCRA-1:HOTP-SHA1-6:QH10-S064", "ab").unwrap().expose(), expected.as_bytes());
        for session in ["xy", &"0".repeat(129)] {
            assert_eq!(of("OCRA-1:HOTP-SHA1-6:QH10-S", session), Err(Reason::ChallengeUnusable));
        }
    }

    #[test]
    fn what_is_not_made_is_refused_by_name() {
        for name in [
            "",
            "OCRA-1:HOTP-SHA1-6",
            "OCRA-2:HOTP-SHA1-6:QN08",
            "OCRA-1:TOTP-SHA1-6:QN08",
            "OCRA-1:HOTP-MD5-6:QN08",
            "OCRA-1:HOTP-SHA1-0:QN08",
            "OCRA-1:HOTP-SHA1-11:QN08",
            "OCRA-1:HOTP-SHA1-6:C",
            "OCRA-1:HOTP-SHA1-6:QX08",
            "OCRA-1:HOTP-SHA1-6:QN99",
            "OCRA-1:HOTP-SHA1-6:QN08-S512",
            "OCRA-1:HOTP-SHA1-6:QN08-PMD5",
            "OCRA-1:HOTP-SHA1-6:QN08-T0M",
            "OCRA-1:HOTP-SHA1-6:QN08-T\u{e9}",
            "OCRA-1:HOTP-SHA1-6:QN08-QN08",
            "OCRA-1:HOTP-SHA1-6:QN08-",
        ] {
            assert_eq!(Suite::read(name), Err(Reason::OcraSuiteUnsupported), "{name}");
        }
        let wants_more = Suite::read("OCRA-1:HOTP-SHA1-6:C-QN08-PSHA1-S-T1M").unwrap();
        let answer = wants_more.answer(&Secret::default(), "1", Inputs::default());
        assert_eq!(answer, Err(Reason::OcraSuiteUnsupported));
        let numbers = Suite::read("OCRA-1:HOTP-SHA1-6:QN08").unwrap();
        for question in ["", "12x4", "-1", &"9".repeat(129)] {
            let answer = numbers.answer(&Secret::default(), question, Inputs::default());
            assert_eq!(answer, Err(Reason::ChallengeUnusable), "{question}");
        }
    }

    #[test]
    fn numbers_of_any_length_change_their_base() {
        for (decimal, hexadecimal) in
            [("0", "0"), ("00000000", "0"), ("255", "ff"), ("18446744073709551616", "10000000000000000")]
        {
            assert_eq!(decimal_to_hexadecimal(decimal).as_deref(), Some(hexadecimal));
        }
    }
}
