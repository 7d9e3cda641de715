//! One entry of a file: what it says, judged in one place for all formats.

use super::json::Number;
use crate::account::{MAX_NOTE, MAX_TAG, MAX_TAGS};
use crate::link::{
    Odd, Oddities, Recognised, clean_file_name, clean_name, label_names, read_algorithm, read_seed, recognise,
};
use crate::otp::{Algorithm, Kind, Otp, STEAM_DIGITS};
use crate::reason::Reason;
use crate::secret::Secret;

const DIGITS: i64 = 6;
const PERIOD: i64 = 30;

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
    /// The app's own id of the entry: the same entry in two pictures is one.
    pub(super) unique_id: Option<String>,
}

/// The parameters of a code as a file has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// `totp`, `hotp`, `steam`, or the file's own word, in small letters.
    pub kind: String,
    /// As the file spells it; empty where it does not say.
    pub algorithm: String,
    /// Length of a code.
    pub digits: Option<i64>,
    /// Seconds.
    pub period: Option<i64>,
    /// Of codes by use: the one to use next.
    pub counter: Option<i64>,
}

/// What a person should know of an entry that is taken all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// It lies in the other app's trash: not taken unless chosen.
    InTrash,
    /// The note or the tags were longer than is kept; they were cut.
    Shortened,
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
}

impl Entry {
    /// Judges what a format has read.
    pub(super) fn of(raw: Raw) -> Self {
        let mut odd = Oddities::default();
        let otp = otp_of(&raw, &mut odd);
        let issuer = odd.name(clean_file_name(&raw.issuer));
        let name = odd.name(clean_file_name(&raw.name));
        let parameters = match &otp {
            Ok(otp) => parameters_of(otp),
            Err(_) => Parameters {
                kind: raw.kind,
                algorithm: raw.algorithm,
                digits: raw.digits.shown(),
                period: raw.period.shown(),
                counter: raw.counter.shown(),
            },
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
                let (issuer, name) = label_names(link);
                Self::new(issuer, name, Parameters::default(), Err(reason), Vec::new())
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
        let (issuer, name) = (issuer.to_owned(), name.to_owned());
        Self::of(Raw { kind: "totp".to_owned(), issuer, name, seed, extra, ..Raw::default() })
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

fn parameters_of(otp: &Otp) -> Parameters {
    let counter = match otp.kind() {
        Kind::Hotp { counter } => Some(i64::try_from(counter).unwrap_or(i64::MAX)),
        Kind::Totp { .. } | Kind::Steam => None,
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
    let seed = seed_of(&raw.seed, odd)?;
    let algorithm = match raw.algorithm.trim() {
        "" => Algorithm::default(),
        name => read_algorithm(name).ok_or(Reason::AlgorithmUnsupported)?,
    };
    let digits = whole(raw.digits, DIGITS, Reason::DigitsUnsupported)?;
    let kind = match raw.kind.as_str() {
        "totp" => Kind::Totp { period: whole(raw.period, PERIOD, Reason::PeriodUnsupported)? },
        "hotp" => {
            odd.tell_if(raw.counter == Number::Missing, Odd::CounterMissing);
            Kind::Hotp { counter: whole(raw.counter, 0, Reason::CounterUnreadable)? }
        }
        "steam" => {
            let fits = matches!(raw.digits, Number::Missing | Number::Is(5))
                && matches!(raw.period, Number::Missing | Number::Is(30))
                && algorithm == Algorithm::Sha1;
            odd.tell_if(!fits, Odd::ParameterIgnored);
            return Otp::new(Kind::Steam, Algorithm::Sha1, STEAM_DIGITS, seed);
        }
        _ => return Err(Reason::CodeKindUnsupported),
    };
    Otp::new(kind, algorithm, digits, seed)
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
        Seed::Bytes(bytes) => bytes.clone(),
    };
    odd.tell_if(bytes.len() < 16, Odd::SecretShort);
    Ok(bytes)
}
