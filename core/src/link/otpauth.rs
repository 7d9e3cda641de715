//! `otpauth:` and its relatives: Google's Key URI format as it is written in the wild.

use std::str::FromStr;

use super::base32::read_seed;
use super::names::{Name, clean_name, clean_name_bytes};
use super::parts::{Link, Plus, Query, decode, has_lone_percent};
use super::recognise::Refusal;
use super::{CodesLink, Odd, Recognised, pin};
use crate::otp::{Algorithm, Kind, Otp, STEAM_DIGITS, STEAM_PERIOD};
use crate::reason::Reason;
use crate::secret::Secret;

pub(super) const DIGITS: u8 = 6;
const PERIOD: u32 = 30;
/// What Steam's codes have, whatever a link says.
const STEAM: (Algorithm, u8, u32) = (Algorithm::Sha1, STEAM_DIGITS, STEAM_PERIOD);
/// A seed of fewer bytes is told as short.
pub(super) const SHORT: usize = 16;

/// Reads `otpauth://TYPE/LABEL?secret=…`.
pub(super) fn read(link: &Link<'_>) -> Result<Recognised, Refusal> {
    let mut odd = Oddities::default();
    let kind = match link.place.to_ascii_lowercase().as_str() {
        "totp" | "hotp" | "steam" => link.place.to_ascii_lowercase(),
        "yaotp" => return pin::read_yandex(link),
        "" => return Err(Reason::LinkDamaged.into()),
        _ => return Err(Reason::CodeKindUnsupported.into()),
    };
    // The seed that such a code carries is a half only: its codes would be wrong (RFC 4226 has no such thing).
    if ["2step_salt", "2step_output", "2step_difficulty"].iter().any(|name| link.query.has(name)) {
        return Err(Reason::TwoStepEnrolment.into());
    }
    let names = read_names(link, &mut odd);
    let query = link.query;
    odd.tell_of(link);
    odd.tell_if(query.has("enrollment_tx_id"), Odd::Auth0Guardian);

    let otp = if kind == "steam" || has_steam_marker(query) || looks_like_steam(&kind, &names, query) {
        read_steam_parameters(query, &mut odd)?
    } else {
        read_parameters(&kind, query, &mut odd)?
    };
    let Names { issuer, account, label_issuer } = names;
    Ok(Recognised::Codes(CodesLink { issuer, account, label_issuer, otp, odd: odd.0 }))
}

/// Reads `steam://SECRET`, as password managers write it.
pub(super) fn read_steam(link: &Link<'_>) -> Result<Recognised, Refusal> {
    // `steam://run/440` starts a game.
    if !link.path.is_empty() {
        return Err(Reason::NotASetupCode.into());
    }
    let mut odd = Oddities::default();
    odd.tell(Odd::SteamMarker);
    odd.tell_if(!link.has_slashes, Odd::SlashesMissing);
    let seed = read_secret(link.place, &mut odd)?;
    let otp = Otp::new(Kind::Steam, Algorithm::Sha1, STEAM_DIGITS, seed)?;
    let issuer = "Steam".to_owned();
    Ok(Recognised::Codes(CodesLink { issuer, account: String::new(), label_issuer: None, otp, odd: odd.0 }))
}

/// What a set-up code that can't be used says, so that a person knows which one it is. Its parameters are as spelt.
#[derive(Default)]
pub(crate) struct Described {
    pub(crate) issuer: String,
    pub(crate) account: String,
    /// `totp`, or the link's own word; `yandex` and `motp` by their names here.
    pub(crate) kind: String,
    pub(crate) algorithm: String,
    pub(crate) digits: String,
    pub(crate) period: String,
    pub(crate) counter: String,
}

pub(crate) fn described(link: &str) -> Described {
    let Some(link) = Link::split(link) else { return Described::default() };
    let kind = match (link.scheme.as_str(), link.place.to_ascii_lowercase()) {
        ("motp", _) => "motp".to_owned(),
        ("steam", _) => "steam".to_owned(),
        (_, place) if place == "yaotp" => "yandex".to_owned(),
        (_, place) => clean_name(&place).text,
    };
    // What `steam:` has in that place is the secret.
    let link = if kind == "motp" { link.labelled() } else { link };
    let Names { issuer, account, .. } = read_names(&link, &mut Oddities::default());
    let shown = |name| link.query.get(name).map(|raw| clean_name(&text(raw)).text).unwrap_or_default();
    Described {
        issuer,
        account,
        kind,
        algorithm: shown("algorithm"),
        digits: shown("digits"),
        period: shown("period"),
        counter: shown("counter"),
    }
}

/// What was odd, each once.
#[derive(Default)]
pub(crate) struct Oddities(pub(crate) Vec<Odd>);

impl Oddities {
    fn tell(&mut self, odd: Odd) {
        if !self.0.contains(&odd) {
            self.0.push(odd);
        }
    }

    pub(crate) fn tell_if(&mut self, is_so: bool, odd: Odd) {
        if is_so {
            self.tell(odd);
        }
    }

    /// What is odd about a link of any kind of codes.
    pub(super) fn tell_of(&mut self, link: &Link<'_>) {
        let query = link.query;
        for name in ["secret", "issuer", "algorithm", "digits", "period", "counter", "pin"] {
            self.tell_if(query.all(name).nth(1).is_some(), Odd::ParameterRepeated);
        }
        self.tell_if(query.is_html_escaped(), Odd::HtmlEscaped);
        self.tell_if(!link.has_slashes, Odd::SlashesMissing);
    }

    pub(crate) fn name(&mut self, name: Name) -> String {
        self.tell_if(name.cleaned, Odd::NameCleaned);
        self.tell_if(name.shortened, Odd::NameShortened);
        name.text
    }
}

pub(super) struct Names {
    pub(super) issuer: String,
    pub(super) account: String,
    pub(super) label_issuer: Option<String>,
}

/// The label is `account` or `issuer:account`, split at the first colon, be it encoded or not. The parameter
/// `issuer` wins over the label's.
pub(super) fn read_names(link: &Link<'_>, odd: &mut Oddities) -> Names {
    let parts = [Some(link.path), link.query.get("issuer")];
    odd.tell_if(parts.iter().flatten().any(|raw| raw.contains('#')), Odd::HashInLabel);
    odd.tell_if(parts.iter().flatten().any(|raw| has_lone_percent(raw)), Odd::PercentAlone);
    odd.tell_if(link.path.contains("&amp;"), Odd::HtmlEscaped);
    let label = link.path.replace("&amp;", "&");
    let (prefix, account) = split_label(&label);

    let literal_prefix = prefix.map(|prefix| clean_name_bytes(&decode(prefix, Plus::Plus)).text);
    let issuer = link.query.get("issuer").and_then(|raw| read_issuer(raw, literal_prefix.as_deref(), odd));

    // Microsoft writes labels as forms; others have a plus in e-mail addresses. An address with a bare `@` was not
    // encoded as a form, and it can't have a space.
    let form = issuer.as_deref().is_some_and(|issuer| issuer.eq_ignore_ascii_case("Microsoft"));
    let mut read = |raw: &str| {
        let plus = if form && !raw.contains('@') { Plus::Space } else { Plus::Plus };
        odd.tell_if(plus == Plus::Space && raw.contains('+'), Odd::PlusReadAsSpace);
        odd.name(clean_name_bytes(&decode(raw, plus)))
    };
    let prefix = prefix.map(&mut read).filter(|prefix| !prefix.is_empty());
    let account = read(account);
    odd.tell_if(issuer.is_none() && prefix.is_none(), Odd::IssuerMissing);
    odd.tell_if(account.is_empty(), Odd::AccountMissing);
    match (issuer, prefix) {
        (Some(issuer), Some(prefix)) if issuer != prefix => {
            odd.tell(Odd::IssuersDiffer);
            Names { issuer, account, label_issuer: Some(prefix) }
        }
        (issuer, prefix) => {
            Names { issuer: issuer.or(prefix).unwrap_or_default(), account, label_issuer: None }
        }
    }
}

fn split_label(label: &str) -> (Option<&str>, &str) {
    let colons = [":", "%3A", "%3a"];
    let first =
        colons.iter().filter_map(|colon| label.split_once(colon)).min_by_key(|(prefix, _)| prefix.len());
    first.map_or((None, label), |(prefix, account)| (Some(prefix), account))
}

/// `+` in the issuer is a space in some programs and a plus in others: the label's issuer tells which; without it
/// the form's reading is taken. `None` for an empty one.
fn read_issuer(raw: &str, prefix: Option<&str>, odd: &mut Oddities) -> Option<String> {
    let literal = clean_name_bytes(&decode(raw, Plus::Plus));
    let name = if !raw.contains('+') || prefix == Some(literal.text.as_str()) {
        literal
    } else {
        odd.tell(Odd::PlusReadAsSpace);
        clean_name_bytes(&decode(raw, Plus::Space))
    };
    let name = odd.name(name);
    (!name.is_empty()).then_some(name)
}

fn read_parameters(kind: &str, query: Query<'_>, odd: &mut Oddities) -> Result<Otp, Reason> {
    let seed = read_secret(query.get("secret").ok_or(Reason::SecretMissing)?, odd)?;
    let algorithm = match value(query, "algorithm", odd) {
        None => Algorithm::default(),
        Some(name) => {
            let algorithm = read_algorithm(&name).ok_or(Reason::AlgorithmUnsupported)?;
            odd.tell_if(!name.eq_ignore_ascii_case(algorithm.name()), Odd::UnusualSpelling);
            algorithm
        }
    };
    let digits = match value(query, "digits", odd) {
        None => DIGITS,
        Some(digits) => number(&digits, odd).ok_or(Reason::DigitsUnsupported)?,
    };
    let unused = if kind == "hotp" { "period" } else { "counter" };
    odd.tell_if(query.get(unused).is_some_and(|value| !is_default(&text(value))), Odd::ParameterIgnored);
    let kind = if kind == "hotp" {
        Kind::Hotp { counter: read_counter(query, odd)? }
    } else {
        let period = match value(query, "period", odd) {
            None => PERIOD,
            Some(period) => number(&period, odd).ok_or(Reason::PeriodUnsupported)?,
        };
        Kind::Totp { period }
    };
    Otp::new(kind, algorithm, digits, seed)
}

fn read_counter(query: Query<'_>, odd: &mut Oddities) -> Result<u64, Reason> {
    match query.get("counter").map(text) {
        Some(counter) if !is_default(&counter) => number(&counter, odd).ok_or(Reason::CounterUnreadable),
        _ => {
            odd.tell(Odd::CounterMissing);
            Ok(0)
        }
    }
}

/// Programs that mark Steam's codes by a parameter: Stratum, Raivo, 2FAS.
fn has_steam_marker(query: Query<'_>) -> bool {
    query.has("steam") || query.get("encoder").is_some_and(|encoder| encoder.eq_ignore_ascii_case("steam"))
}

/// Stratum and FreeOTP mark them by the issuer alone. Taken so only where no parameter says otherwise: ordinary
/// codes of an issuer with that name have six digits and say so.
fn looks_like_steam(kind: &str, names: &Names, query: Query<'_>) -> bool {
    let named = names.issuer == "Steam" || names.label_issuer.as_deref() == Some("Steam");
    kind == "totp" && named && !is_unfit(query, STEAM)
}

fn read_steam_parameters(query: Query<'_>, odd: &mut Oddities) -> Result<Otp, Reason> {
    odd.tell(Odd::SteamMarker);
    odd.tell_if(is_unfit(query, STEAM) || query.has("counter"), Odd::ParameterIgnored);
    let seed = read_secret(query.get("secret").ok_or(Reason::SecretMissing)?, odd)?;
    Otp::new(Kind::Steam, Algorithm::Sha1, STEAM_DIGITS, seed)
}

/// Whether a parameter says what codes can't have whose hash, digits and period are these.
pub(super) fn is_unfit(query: Query<'_>, (algorithm, digits, period): (Algorithm, u8, u32)) -> bool {
    let says = |name| query.get(name).map(text).filter(|value| !is_default(value));
    says("algorithm").is_some_and(|value| read_algorithm(&value) != Some(algorithm))
        || says("digits").is_some_and(|value| read_number(&value) != Some(digits))
        || says("period").is_some_and(|value| read_number(&value) != Some(period))
}

pub(super) fn read_secret(raw: &str, odd: &mut Oddities) -> Result<Secret, Reason> {
    let bytes = decode(raw, Plus::Space);
    let seed = read_seed(std::str::from_utf8(&bytes).map_err(|_| Reason::SecretNotBase32)?)?;
    odd.tell_if(seed.spaced, Odd::SecretSpaced);
    odd.tell_if(seed.odd_length, Odd::SecretOddLength);
    odd.tell_if(seed.bytes.len() < SHORT, Odd::SecretShort);
    Ok(seed.bytes)
}

/// SHA-1, SHA-2 or MD5, also as Java (`HmacSHA1`) and Dart (`Algorithm.sha1`) spell them.
pub(crate) fn read_algorithm(name: &str) -> Option<Algorithm> {
    let upper = name.trim().to_ascii_uppercase();
    let upper = upper.strip_prefix("ALGORITHM.").unwrap_or(&upper);
    let hash = upper.strip_prefix("HMAC").unwrap_or(upper).trim_start_matches(['-', '_']);
    match hash {
        "SHA1" | "SHA-1" => Some(Algorithm::Sha1),
        "SHA256" | "SHA-256" => Some(Algorithm::Sha256),
        "SHA512" | "SHA-512" => Some(Algorithm::Sha512),
        "SHA224" | "SHA-224" => Some(Algorithm::Sha224),
        "SHA384" | "SHA-384" => Some(Algorithm::Sha384),
        "MD5" => Some(Algorithm::Md5),
        _ => None,
    }
}

/// The value of a parameter that has a default; `None` where the default is to be taken.
pub(super) fn value(query: Query<'_>, name: &str, odd: &mut Oddities) -> Option<String> {
    let value = text(query.get(name)?);
    let is_default = is_default(&value);
    odd.tell_if(is_default, Odd::DefaultTaken);
    (!is_default).then_some(value)
}

fn text(raw: &str) -> String {
    String::from_utf8_lossy(&decode(raw, Plus::Space)).into_owned()
}

fn is_default(value: &str) -> bool {
    let value = value.trim();
    value.is_empty() || value.eq_ignore_ascii_case("null")
}

/// A number; told where it is not spelt as it would be written.
pub(super) fn number<T: FromStr + ToString>(text: &str, odd: &mut Oddities) -> Option<T> {
    let number: T = read_number(text)?;
    odd.tell_if(number.to_string() != text, Odd::UnusualSpelling);
    Some(number)
}

/// Digits only, with spaces around (a form's `+` is one): Rust's own reading would take a sign.
fn read_number<T: FromStr>(text: &str) -> Option<T> {
    let text = text.trim();
    text.bytes().all(|digit| digit.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
