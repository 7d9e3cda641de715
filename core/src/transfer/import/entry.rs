//! One entry of a file: what it says, judged in one place for all formats.

use super::json::Number;
use super::shared;
use crate::account::{MAX_NOTE, MAX_TAG, MAX_TAGS};
use crate::clock::UnixTime;
use crate::link::{
    Described, Odd, Oddities, Recognised, clean_file_name, clean_name, described, read_algorithm, read_seed,
    recognise,
};
use crate::otp::{
    Algorithm, Kind, MOTP_PERIOD, Otp, STEAM_DIGITS, STEAM_PERIOD, YANDEX_DIGITS, YANDEX_PERIOD,
};
use crate::reason::Reason;
use crate::secret::Secret;
use crate::transfer::backup::{Approval, Row};
use zeroize::Zeroizing;

const DIGITS: i64 = 6;
const PERIOD: i64 = 30;
/// Longest word of a file for a kind or an algorithm that is shown, in bytes.
const MAX_WORD: usize = 24;

/// One entry of a file. Its codes are made of `otp`; the rest is for people to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who issues the codes; may be empty.
    pub issuer: String,
    /// The account name; may be empty.
    pub name: String,
    /// As the file has them, also of an entry that can't be used.
    pub parameters: Parameters,
    /// What makes the codes, or why there are none.
    pub otp: Result<Otp, Reason>,
    /// Free text.
    pub note: String,
    /// Shown first there.
    pub favourite: bool,
    /// Folders, groups and tags there.
    pub tags: Vec<String>,
    /// What was odd and how it was read.
    pub odd: Vec<Odd>,
    /// What else the person should know.
    pub notes: Vec<Note>,
    /// What a backup of ours keeps beside.
    pub kept: Option<Kept>,
    /// The app's own id of the entry: the same entry in two pictures is one.
    pub(super) unique_id: Option<String>,
}

/// What only a backup of ours keeps of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// When it was added.
    pub added_at: UnixTime,
    /// When it was last changed.
    pub changed_at: UnixTime,
    /// When it was put into the trash: it comes back there.
    pub trashed_at: Option<UnixTime>,
    /// It approved sign-ins, which needs a new set-up.
    pub approval: Option<Approval>,
}

/// The parameters of a code as a file has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// `totp`, `hotp`, `steam`, or the file's own word, in small letters: empty where it is longer than 24
    /// bytes, or the file has none.
    pub kind: String,
    /// As the file spells it; empty where it does not say.
    pub algorithm: String,
    /// Length of a code.
    pub digits: Option<i64>,
    /// Seconds.
    pub period: Option<i64>,
    /// Of codes by use: the one to use next. `None` beyond 2⁶³ − 1, which no app counts to: the code is right all the same.
    pub counter: Option<i64>,
}

/// What a person should know of an entry that is taken all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// It lies in the other app's trash: not taken unless chosen.
    InTrash,
    /// The note or the tags were longer than is kept; they were cut.
    Shortened,
    /// It lay in the trash when the backup was made, and comes back there.
    BackToTrash,
    /// It approved sign-ins as well, which needs a new set-up.
    ApprovalLeft,
}

/// An entry as a format reads it, before it is judged.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) kind: String,
    pub(super) issuer: String,
    pub(super) name: String,
    pub(super) seed: Seed,
    pub(super) algorithm: String,
    pub(super) digits: Number,
    pub(super) period: Number,
    pub(super) counter: Number,
    pub(super) pin: Secret,
    pub(super) extra: Extra,
}

/// What stands beside the codes.
#[derive(Debug, Default)]
pub(super) struct Extra {
    pub(super) note: String,
    pub(super) favourite: bool,
    pub(super) tags: Vec<String>,
    pub(super) in_trash: bool,
    pub(super) unique_id: Option<String>,
}

/// A seed as a format writes it.
#[derive(Debug, Default)]
pub(super) enum Seed {
    #[default]
    Missing,
    Base32(Secret),
    Bytes(Secret),
    /// Of mOTP: the text that is hashed.
    Text(Secret),
}

impl Entry {
    /// Whether it lay in the trash there.
    pub(super) fn lay_in_trash(&self) -> bool {
        self.notes.iter().any(|note| matches!(note, Note::InTrash | Note::BackToTrash))
    }

    /// Whether something in it was read in a way that the person should look at. A short secret, or Steam's marker, is
    /// told as well, but nothing was done about it.
    #[must_use]
    pub fn is_odd(&self) -> bool {
        let is_harmless = |odd: &Odd| matches!(odd, Odd::SecretShort | Odd::SteamMarker);
        let is_plain = |note: &Note| matches!(note, Note::BackToTrash);
        !self.notes.iter().all(is_plain) || !self.odd.iter().all(is_harmless)
    }

    /// Judges what a format has read.
    pub(super) fn of(raw: Raw) -> Self {
        let mut odd = Oddities::default();
        let otp = otp_of(&raw, &mut odd);
        let issuer = odd.name(clean_file_name(&raw.issuer));
        let name = odd.name(clean_file_name(&raw.name));
        let parameters = match &otp {
            Ok(otp) => parameters_of(otp),
            Err(_) => Parameters::of_raw(&raw),
        };
        Self::new(issuer, name, parameters, otp, odd.0).with(raw.extra)
    }

    /// Reads a set-up code. Without an issuer or a name of its own it gets these.
    pub(super) fn of_link(link: &str, issuer: &str, name: &str, extra: Extra) -> Self {
        let mut entry = match recognise(link) {
            Recognised::Codes(link) => {
                let parameters = parameters_of(&link.otp);
                let mut entry = Self::new(link.issuer, link.account, parameters, Ok(link.otp), link.odd);
                entry.note = link.label_issuer.unwrap_or_default();
                entry
            }
            Recognised::Foreign { reason, .. } => {
                let link = described(link);
                let parameters = Parameters::of_link(&link);
                Self::new(link.issuer, link.account, parameters, Err(reason), Vec::new())
            }
            _ => Self::refused(Reason::NotAddedThisWay),
        };
        if entry.issuer.is_empty() {
            entry.issuer = clean_file_name(issuer).text;
        }
        if entry.name.is_empty() {
            entry.name = clean_file_name(name).text;
        }
        entry.with(extra)
    }

    /// What password managers keep in a field for codes: a set-up code, or its secret alone.
    pub(super) fn of_field(field: &str, issuer: &str, name: &str, extra: Extra) -> Self {
        let field = field.trim();
        if field.contains("://") {
            return Self::of_link(field, issuer, name, extra);
        }
        let seed = Seed::Base32(Secret::copy_of(field.as_bytes()));
        let (issuer, name) = (shared::name(issuer).to_owned(), shared::name(name).to_owned());
        Self::of(Raw { kind: "totp".to_owned(), issuer, name, seed, extra, ..Raw::default() })
    }

    /// An account of a backup of ours, which was judged when it came in.
    pub(super) fn of_backup(row: Row) -> Self {
        let otp = row.otp();
        let parameters = otp.as_ref().map_or_else(|_| Parameters::default(), parameters_of);
        let (issuer, name) = (clean_file_name(&row.issuer).text, clean_file_name(&row.name).text);
        let extra = Extra { note: row.note, favourite: row.favourite, tags: row.tags, ..Extra::default() };
        let mut entry = Self::new(issuer, name, parameters, otp, Vec::new()).with(extra);
        entry.notes.extend(row.trashed_at.is_some().then_some(Note::BackToTrash));
        entry.notes.extend((row.code.is_some() && row.approval.is_some()).then_some(Note::ApprovalLeft));
        entry.kept = Some(Kept {
            added_at: row.added_at,
            changed_at: row.changed_at,
            trashed_at: row.trashed_at,
            approval: row.approval,
        });
        entry
    }

    /// An entry of which all but the secret can be read.
    pub(super) fn without_seed(raw: &Raw, reason: Reason) -> Self {
        let (issuer, name) = (clean_file_name(&raw.issuer).text, clean_file_name(&raw.name).text);
        Self::new(issuer, name, Parameters::of_raw(raw), Err(reason), Vec::new())
    }

    /// An entry of which nothing could be read.
    pub(super) fn refused(reason: Reason) -> Self {
        Self::new(String::new(), String::new(), Parameters::default(), Err(reason), Vec::new())
    }

    fn new(
        issuer: String,
        name: String,
        parameters: Parameters,
        otp: Result<Otp, Reason>,
        odd: Vec<Odd>,
    ) -> Self {
        Self {
            issuer,
            name,
            parameters,
            otp,
            note: String::new(),
            favourite: false,
            tags: Vec::new(),
            odd,
            notes: Vec::new(),
            kept: None,
            unique_id: None,
        }
    }

    fn with(mut self, extra: Extra) -> Self {
        let mut cut = false;
        let mut fit = |text: &str, most: usize| {
            let short: String = text.chars().take(most).collect();
            cut |= short.len() < text.len();
            short
        };
        if !extra.note.is_empty() {
            self.note = fit(&extra.note, MAX_NOTE);
        }
        let cleaned = extra.tags.iter().map(|tag| clean_name(tag).text).filter(|tag| !tag.is_empty());
        let mut tags: Vec<_> = cleaned.map(|tag| fit(&tag, MAX_TAG)).collect();
        tags.sort_unstable();
        tags.dedup();
        cut |= tags.len() > MAX_TAGS;
        tags.truncate(MAX_TAGS);
        self.tags = tags;
        self.favourite = extra.favourite;
        self.unique_id = extra.unique_id;
        self.notes.extend(extra.in_trash.then_some(Note::InTrash));
        self.notes.extend(cut.then_some(Note::Shortened));
        self
    }
}

impl Parameters {
    /// Of an entry that can't be used: as the file has them, and what they mean where it has none.
    fn of_raw(raw: &Raw) -> Self {
        let by_use = raw.kind == "hotp";
        let (algorithm, digits, period) = match raw.kind.as_str() {
            "motp" => ("MD5", DIGITS, Some(MOTP_PERIOD)),
            "yandex" => ("SHA256", YANDEX_DIGITS.into(), Some(YANDEX_PERIOD)),
            "steam" => ("SHA1", STEAM_DIGITS.into(), Some(STEAM_PERIOD)),
            _ => ("SHA1", DIGITS, None),
        };
        let shown = |number: Number, default| match number {
            Number::Missing => default,
            number => number.shown(),
        };
        Self {
            kind: word(&raw.kind),
            algorithm: match raw.algorithm.trim() {
                "" => algorithm.to_owned(),
                name => read_algorithm(name).map_or_else(|| word(name), |hash| hash.name().to_owned()),
            },
            digits: shown(raw.digits, Some(digits)),
            period: match period {
                Some(fixed) => Some(fixed.into()),
                None if by_use => None,
                None => shown(raw.period, Some(PERIOD)),
            },
            counter: if by_use { shown(raw.counter, Some(0)) } else { None },
        }
    }

    fn of_link(link: &Described) -> Self {
        Self::of_raw(&Raw {
            kind: link.kind.clone(),
            algorithm: link.algorithm.clone(),
            digits: Number::of_text(&link.digits),
            period: Number::of_text(&link.period),
            counter: Number::of_text(&link.counter),
            ..Raw::default()
        })
    }
}

/// A file's own word as it is shown. What is longer is none: a secret, or a set-up code with one, may stand in its place.
fn word(text: &str) -> String {
    let is_shown = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' ');
    if text.len() > MAX_WORD { String::new() } else { text.chars().filter(is_shown).collect() }
}

fn parameters_of(otp: &Otp) -> Parameters {
    let counter = match otp.kind() {
        Kind::Hotp { counter } => i64::try_from(counter).ok(),
        Kind::Totp { .. } | Kind::Steam | Kind::Motp | Kind::Yandex => None,
    };
    Parameters {
        kind: otp.kind().name().to_owned(),
        algorithm: otp.algorithm().name().to_owned(),
        digits: Some(otp.digits().into()),
        period: otp.period().map(i64::from),
        counter,
    }
}

fn otp_of(raw: &Raw, odd: &mut Oddities) -> Result<Otp, Reason> {
    let digits = |default: i64| whole(raw.digits, default, Reason::DigitsUnsupported);
    let algorithm = || match raw.algorithm.trim() {
        "" => Ok(Algorithm::default()),
        name => read_algorithm(name).ok_or(Reason::AlgorithmUnsupported),
    };
    match raw.kind.as_str() {
        "totp" => {
            let seed = seed_of(&raw.seed, odd)?;
            let kind = Kind::Totp { period: whole(raw.period, PERIOD, Reason::PeriodUnsupported)? };
            Otp::new(kind, algorithm()?, digits(DIGITS)?, seed)
        }
        "hotp" => {
            let seed = seed_of(&raw.seed, odd)?;
            odd.tell_if(raw.counter == Number::Missing, Odd::CounterMissing);
            let kind = Kind::Hotp { counter: whole(raw.counter, 0, Reason::CounterUnreadable)? };
            Otp::new(kind, algorithm()?, digits(DIGITS)?, seed)
        }
        "steam" => {
            let fits = matches!(raw.digits, Number::Missing | Number::Is(5))
                && matches!(raw.period, Number::Missing | Number::Is(30))
                && algorithm().is_ok_and(|algorithm| algorithm == Algorithm::Sha1);
            let seed = seed_of(&raw.seed, odd)?;
            odd.tell_if(!fits, Odd::ParameterIgnored);
            Otp::new(Kind::Steam, Algorithm::Sha1, STEAM_DIGITS, seed)
        }
        "motp" => Otp::with_pin(Kind::Motp, digits(DIGITS)?, text_of(&raw.seed)?, raw.pin.clone()),
        "yandex" => {
            let seed = seed_of(&raw.seed, odd)?;
            Otp::with_pin(Kind::Yandex, YANDEX_DIGITS, seed, raw.pin.clone())
        }
        _ => Err(Reason::CodeKindUnsupported),
    }
}

fn whole<T: TryFrom<i64>>(number: Number, default: i64, reason: Reason) -> Result<T, Reason> {
    let number = match number {
        Number::Missing => default,
        Number::Is(number) => number,
        Number::Unreadable => return Err(reason),
    };
    T::try_from(number).map_err(|_| reason)
}

fn seed_of(seed: &Seed, odd: &mut Oddities) -> Result<Secret, Reason> {
    let bytes = match seed {
        Seed::Missing => return Err(Reason::SecretMissing),
        Seed::Base32(text) => {
            // EXPOSE: read as a seed.
            let seed = read_seed(text.expose_str().ok_or(Reason::SecretNotBase32)?)?;
            odd.tell_if(seed.spaced, Odd::SecretSpaced);
            odd.tell_if(seed.odd_length, Odd::SecretOddLength);
            seed.bytes
        }
        Seed::Bytes(bytes) | Seed::Text(bytes) => bytes.clone(),
    };
    odd.tell_if(bytes.len() < 16, Odd::SecretShort);
    Ok(bytes)
}

/// The bytes of a Base32 text.
pub(super) fn decoded(text: &Secret) -> Option<Secret> {
    // EXPOSE: written in another way.
    Some(read_seed(text.expose_str()?).ok()?.bytes)
}

/// The text of mOTP's seed: hexadecimal, in small letters, where a format keeps the bytes.
fn text_of(seed: &Seed) -> Result<Secret, Reason> {
    match seed {
        Seed::Text(text) => Ok(text.clone()),
        other => {
            let bytes = seed_of(other, &mut Oddities::default())?;
            let mut hex = Zeroizing::new(Vec::with_capacity(2 * bytes.len()));
            // EXPOSE: written in another way.
            for byte in bytes.expose() {
                hex.extend(
                    [byte >> 4, byte & 15].iter().filter_map(|d| b"0123456789abcdef".get(usize::from(*d))),
                );
            }
            Ok(Secret::copy_of(&hex))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_without_a_number_is_not_shown() {
        for (counter, shown) in [(i64::MAX.unsigned_abs(), Some(i64::MAX)), (1 << 63, None), (u64::MAX, None)]
        {
            let link = format!("otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQ&counter={counter}");
            let entry = Entry::of_link(&link, "", "", Extra::default());
            assert_eq!(entry.otp.unwrap().kind(), Kind::Hotp { counter });
            assert_eq!(entry.parameters.counter, shown);
        }
    }

    #[test]
    fn what_stands_in_the_place_of_a_word_is_not_shown() {
        let shown = |text: &str| {
            let raw = Raw { kind: text.to_owned(), algorithm: text.to_owned(), ..Raw::default() };
            let Parameters { kind, algorithm, .. } = Parameters::of_raw(&raw);
            assert_eq!(kind, algorithm);
            kind
        };
        assert_eq!(shown("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "");
        assert_eq!(shown("a://b?secret=GEZDG"), "absecretGEZDG");
        assert_eq!(shown("SHA3-256_x 7"), "SHA3-256_x 7");
    }
}
