//! `otpauth:` and its relatives: Google's Key URI format as it is written in the wild.

use std::str::FromStr;

use super::base32::read_seed;
use super::names::{Name, clean_name, clean_name_bytes};
use super::parts::{Link, Plus, Query, decode, has_lone_percent};
use super::recognise::Refusal;
use super::{CodesLink, Odd, Recognised, pin};
use crate::otp::{Algorithm, Kind, Otp, STEAM_DIGITS, STEAM_PERIOD};
use crate::reason::Reason;

pub(super) const DIGITS: u8 = 6;
const PERIOD: u32 = 30;

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
    for name in ["secret", "issuer", "algorithm", "digits", "period", "counter"] {
        odd.tell_if(query.all(name).nth(1).is_some(), Odd::ParameterRepeated);
    }
    odd.tell_if(query.is_html_escaped(), Odd::HtmlEscaped);
    odd.tell_if(query.has("enrollment_tx_id"), Odd::Auth0Guardian);
    odd.tell_if(!link.has_slashes, Odd::SlashesMissing);

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
    kind == "totp" && named && unfit_for_steam(query).next().is_none()
}

fn read_steam_parameters(query: Query<'_>, odd: &mut Oddities) -> Result<Otp, Reason> {
    odd.tell(Odd::SteamMarker);
    odd.tell_if(unfit_for_steam(query).next().is_some() || query.has("counter"), Odd::ParameterIgnored);
    let seed = read_secret(query.get("secret").ok_or(Reason::SecretMissing)?, odd)?;
    Otp::new(Kind::Steam, Algorithm::Sha1, STEAM_DIGITS, seed)
}

/// Parameters that Steam's codes can't have.
fn unfit_for_steam(query: Query<'_>) -> impl Iterator<Item = &'static str> {
    ["algorithm", "digits", "period", "counter"].into_iter().filter(move |name| {
        let Some(value) = query.get(name).map(text).filter(|value| !is_default(value)) else { return false };
        match *name {
            "algorithm" => read_algorithm(&value) != Some(Algorithm::Sha1),
            "digits" => read_number(&value) != Some(STEAM_DIGITS),
            "period" => read_number(&value) != Some(STEAM_PERIOD),
            _ => false,
        }
    })
}

fn read_secret(raw: &str, odd: &mut Oddities) -> Result<crate::secret::Secret, Reason> {
    let bytes = decode(raw, Plus::Space);
    let seed = read_seed(std::str::from_utf8(&bytes).map_err(|_| Reason::SecretNotBase32)?)?;
    odd.tell_if(seed.spaced, Odd::SecretSpaced);
    odd.tell_if(seed.odd_length, Odd::SecretOddLength);
    odd.tell_if(seed.bytes.len() < 16, Odd::SecretShort);
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
mod tests {
    use proptest::prelude::*;

    use super::super::{otpauth_uri, recognise};
    use super::*;
    use crate::clock::UnixTime;
    use crate::secret::Secret;

    const S: &str = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn codes(text: &str) -> CodesLink {
        match recognise(text) {
            Recognised::Codes(link) => link,
            other => panic!("{text}: {other:?}"),
        }
    }

    /// `S` stands for a secret of 20 bytes.
    fn read(text: &str) -> CodesLink {
        codes(&text.replace("S&", &format!("{S}&")).replace("?S", &format!("?{S}")))
    }

    fn refused(text: &str, expected: Reason) {
        match recognise(&text.replace("?S", &format!("?{S}"))) {
            Recognised::Foreign { reason, .. } => assert_eq!(reason, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn microsoft_365_with_a_label_written_as_a_form() {
        let link = codes(
            "otpauth://totp/Test+Und%2BFirma%3Atest%40firma.onmicrosoft.com?secret=frjlnxsknymgykjx&issuer=Microsoft",
        );
        assert_eq!(
            (link.issuer.as_str(), link.account.as_str()),
            ("Microsoft", "test@firma.onmicrosoft.com")
        );
        assert_eq!(link.label_issuer.as_deref(), Some("Test Und+Firma"));
        assert_eq!(link.odd, [Odd::PlusReadAsSpace, Odd::IssuersDiffer, Odd::SecretShort]);
        assert_eq!((link.otp.kind(), link.otp.digits()), (Kind::Totp { period: 30 }, 6));
        assert_eq!(link.otp.seed().len(), 10);
    }

    #[test]
    fn names() {
        for (text, issuer, account, odd) in [
            ("otpauth://totp/alice?S", "", "alice", &[Odd::IssuerMissing][..]),
            ("otpauth://totp/Example:alice?S", "Example", "alice", &[]),
            ("otpauth:totp/Example:alice?S", "Example", "alice", &[Odd::SlashesMissing]),
            ("otpauth://totp/Example:?S", "Example", "", &[Odd::AccountMissing]),
            ("otpauth://totp/Example:%20?S&issuer=Example", "Example", "", &[Odd::AccountMissing]),
            ("otpauth://totp/Example%3aalice?S&issuer=Example", "Example", "alice", &[]),
            ("otpauth://totp/Example%3A%20alice?S&issuer=Example", "Example", "alice", &[]),
            ("otpauth://totp/%20Example%20:alice?S&issuer=Example", "Example", "alice", &[]),
            ("otpauth://totp/a:b%3Ac:d?S", "a", "b:c:d", &[]),
            ("otpauth://totp/:alice?S&issuer=Example", "Example", "alice", &[]),
            ("otpauth://totp/:alice?S&issuer", "", "alice", &[Odd::IssuerMissing]),
            ("otpauth://totp/Other:alice?S&issuer=", "Other", "alice", &[]),
            ("otpauth://totp/Other:alice?S&issuer=Example", "Example", "alice", &[Odd::IssuersDiffer]),
            ("otpauth://totp/?S", "", "", &[Odd::IssuerMissing, Odd::AccountMissing]),
            ("otpauth://totp?S", "", "", &[Odd::IssuerMissing, Odd::AccountMissing]),
            ("OTPAUTH://TOTP/alice?S", "", "alice", &[Odd::IssuerMissing]),
            ("apple-otpauth://totp/Example:alice?S&issuer=Example", "Example", "alice", &[]),
            // A plus in an e-mail address is a plus.
            ("otpauth://totp/Example:a+b@example.com?S&issuer=Example", "Example", "a+b@example.com", &[]),
            (
                "otpauth://totp/Microsoft:a+b@example.com?S&issuer=Microsoft",
                "Microsoft",
                "a+b@example.com",
                &[],
            ),
            (
                "otpauth://totp/a.b%2Bc%40example.com?S&issuer=Microsoft",
                "Microsoft",
                "a.b+c@example.com",
                &[],
            ),
            ("otpauth://totp/a/b:c/d?S", "a/b", "c/d", &[]),
            // A plus in the issuer is what the label says; else a space.
            (
                "otpauth://hotp/Air%20Canada:Bob?S&issuer=Air+Canada&counter=5",
                "Air Canada",
                "Bob",
                &[Odd::PlusReadAsSpace],
            ),
            ("otpauth://totp/Fit+:Bob?S&issuer=Fit+", "Fit+", "Bob", &[]),
            ("otpauth://totp/Bob?S&issuer=Air+Canada", "Air Canada", "Bob", &[Odd::PlusReadAsSpace]),
            ("otpauth://totp/Bob?S&issuer=Canal%2B", "Canal+", "Bob", &[]),
            ("otpauth://totp/Team #1:bob?S&issuer=Team%20%231", "Team #1", "bob", &[Odd::HashInLabel]),
            ("otpauth://totp/A&amp;B:bob?S&amp;issuer=A%26B&amp;digits=6", "A&B", "bob", &[Odd::HtmlEscaped]),
            ("otpauth://totp/A&B:bob?S&issuer=A%26B", "A&B", "bob", &[]),
            ("otpauth://totp/100%:bob?S&issuer=100%25", "100%", "bob", &[Odd::PercentAlone]),
            ("otpauth://totp/bob?S&issuer=100%", "100%", "bob", &[Odd::PercentAlone]),
            ("otpauth://totp/bob?S&issuer=Team%20#1", "Team #1", "bob", &[Odd::HashInLabel]),
            // Keycloak, with display names of all sorts.
            (
                "otpauth://totp/Example%20%26%20Sons%20%20Ltd:alice?S&digits=6&algorithm=SHA1&issuer=Example%20%26%20Sons%20%20Ltd&period=30",
                "Example & Sons  Ltd",
                "alice",
                &[],
            ),
            ("otpauth://totp/%E4%BC%9A%E7%A4%BE:alice?S&issuer=%E4%BC%9A%E7%A4%BE", "会社", "alice", &[]),
            (
                "otpauth://totp/%3Cb%3EBold%3C%2Fb%3E%20Realm:a.b%2Bc@example.com?S&issuer=%3Cb%3EBold%3C%2Fb%3E%20Realm",
                "<b>Bold</b> Realm",
                "a.b+c@example.com",
                &[],
            ),
            ("otpauth://totp/Ex%E2%80%AEample:al%00ice?S", "Example", "alice", &[Odd::NameCleaned]),
            ("otpauth://totp/x:%ff%fe?S", "x", "\u{fffd}\u{fffd}", &[Odd::NameCleaned]),
        ] {
            let link = read(text);
            assert_eq!((link.issuer.as_str(), link.account.as_str()), (issuer, account), "{text}");
            assert_eq!(link.odd, odd, "{text}");
            assert_eq!(link.label_issuer.is_some(), odd.contains(&Odd::IssuersDiffer), "{text}");
        }
        let long = read(&format!("otpauth://totp/A:{}?S", "x".repeat(2000)));
        assert_eq!((long.account.len(), long.odd), (256, vec![Odd::NameShortened]));
    }

    #[test]
    fn parameters() {
        let totp = |period| Kind::Totp { period };
        for (query, kind, algorithm, digits, odd) in [
            ("", totp(30), Algorithm::Sha1, 6, &[][..]),
            ("algorithm=SHA256&period=60&digits=8", totp(60), Algorithm::Sha256, 8, &[]),
            ("algorithm=sha512&period=1&digits=1", totp(1), Algorithm::Sha512, 1, &[]),
            ("algorithm=HmacSHA256&digits=9", totp(30), Algorithm::Sha256, 9, &[Odd::UnusualSpelling]),
            ("algorithm=SHA-1", totp(30), Algorithm::Sha1, 6, &[Odd::UnusualSpelling]),
            ("algorithm=Algorithm.sha256", totp(30), Algorithm::Sha256, 6, &[Odd::UnusualSpelling]),
            ("algorithm=HMAC-SHA-512", totp(30), Algorithm::Sha512, 6, &[Odd::UnusualSpelling]),
            ("algorithm=SHA224", totp(30), Algorithm::Sha224, 6, &[]),
            ("algorithm=SHA384", totp(30), Algorithm::Sha384, 6, &[]),
            ("algorithm=md5", totp(30), Algorithm::Md5, 6, &[]),
            ("period=4294967295", totp(u32::MAX), Algorithm::Sha1, 6, &[]),
            ("digits=%206", totp(30), Algorithm::Sha1, 6, &[Odd::UnusualSpelling]),
            ("digits=+7", totp(30), Algorithm::Sha1, 7, &[Odd::UnusualSpelling]),
            ("digits=08&period=+60", totp(60), Algorithm::Sha1, 8, &[Odd::UnusualSpelling]),
            ("algorithm=+sha256", totp(30), Algorithm::Sha256, 6, &[Odd::UnusualSpelling]),
            ("digits=+null", totp(30), Algorithm::Sha1, 6, &[Odd::DefaultTaken]),
            ("counter=5", totp(30), Algorithm::Sha1, 6, &[Odd::ParameterIgnored]),
            ("counter=", totp(30), Algorithm::Sha1, 6, &[]),
            ("algorithm=null", totp(30), Algorithm::Sha1, 6, &[Odd::DefaultTaken]),
            ("digits=&period=", totp(30), Algorithm::Sha1, 6, &[Odd::DefaultTaken]),
            ("digits=null&period=NULL", totp(30), Algorithm::Sha1, 6, &[Odd::DefaultTaken]),
            ("digits=7&digits=8", totp(30), Algorithm::Sha1, 7, &[Odd::ParameterRepeated]),
            (
                "image=https://a.example/i.png&creator=privacyidea&serial=TOTP1&color=red",
                totp(30),
                Algorithm::Sha1,
                6,
                &[],
            ),
            (
                "enrollment_tx_id=x&id=y&base_url=https://t.example",
                totp(30),
                Algorithm::Sha1,
                6,
                &[Odd::Auth0Guardian],
            ),
        ] {
            let link = read(&format!("otpauth://totp/A:b?S&{query}"));
            let found = (link.otp.kind(), link.otp.algorithm(), link.otp.digits());
            assert_eq!((found, &link.odd[..]), ((kind, algorithm, digits), odd), "{query}");
        }
        for (query, counter, odd) in [
            ("counter=0", 0, &[][..]),
            ("counter=18446744073709551615&digits=6", u64::MAX, &[]),
            ("counter=+7", 7, &[Odd::UnusualSpelling]),
            ("counter=7&period=30", 7, &[Odd::ParameterIgnored]),
            ("", 0, &[Odd::CounterMissing]),
            ("counter=", 0, &[Odd::CounterMissing]),
            ("counter=null", 0, &[Odd::CounterMissing]),
        ] {
            let link = read(&format!("otpauth://hotp/A:b?S&{query}"));
            assert_eq!((link.otp.kind(), &link.odd[..]), (Kind::Hotp { counter }, odd), "{query}");
        }
    }

    #[test]
    fn refused_by_name() {
        for (text, reason) in [
            ("otpauth://totp/a", Reason::SecretMissing),
            ("otpauth://totp/a?secret=", Reason::SecretMissing),
            ("otpauth://totp/a?secret=%20", Reason::SecretMissing),
            ("otpauth://totp/a?secret=PIUD1IS!EQYA=", Reason::SecretNotBase32),
            ("otpauth://totp/a?secret=%ff%fe", Reason::SecretNotBase32),
            ("otpauth://totp/a?secret=ABC%00", Reason::SecretNotBase32),
            ("otpauth://totp/a?S&digits=0", Reason::DigitsUnsupported),
            ("otpauth://totp/a?S&digits=10", Reason::DigitsUnsupported),
            ("otpauth://totp/a?S&digits=-6", Reason::DigitsUnsupported),
            ("otpauth://totp/a?S&digits=%2B6", Reason::DigitsUnsupported),
            ("otpauth://totp/a?S&digits=6.0", Reason::DigitsUnsupported),
            ("otpauth://totp/a?S&digits=99999999999999999999999999", Reason::DigitsUnsupported),
            ("otpauth://totp/a?S&digits=６", Reason::DigitsUnsupported),
            ("otpauth://totp/a?S&period=0", Reason::PeriodUnsupported),
            ("otpauth://totp/a?S&period=-30", Reason::PeriodUnsupported),
            ("otpauth://totp/a?S&period=4294967296", Reason::PeriodUnsupported),
            ("otpauth://totp/a?S&period=30s", Reason::PeriodUnsupported),
            ("otpauth://hotp/a?S&counter=-1", Reason::CounterUnreadable),
            ("otpauth://hotp/a?S&counter=x", Reason::CounterUnreadable),
            ("otpauth://hotp/a?S&counter=18446744073709551616", Reason::CounterUnreadable),
            ("otpauth://totp/a?S&algorithm=RIPEMD160", Reason::AlgorithmUnsupported),
            ("otpauth://totp/a?S&algorithm=SHA512/256", Reason::AlgorithmUnsupported),
            ("otpauth://totp/a?S&algorithm=0", Reason::AlgorithmUnsupported),
            (
                "otpauth://totp/a?S&2step_salt=8&2step_output=20&2step_difficulty=10000",
                Reason::TwoStepEnrolment,
            ),
            ("otpauth://other/a?S", Reason::CodeKindUnsupported),
            ("otpauth://?S", Reason::LinkDamaged),
            ("otpauth:", Reason::LinkDamaged),
            ("steam://not!base32", Reason::SecretNotBase32),
            ("steam://", Reason::SecretMissing),
        ] {
            refused(text, reason);
        }
    }

    #[test]
    fn steam_by_its_markers() {
        let marked = &[Odd::SteamMarker][..];
        let ignored = &[Odd::SteamMarker, Odd::ParameterIgnored][..];
        for (text, odd) in [
            ("otpauth://steam/Boeing:Sophia?S&issuer=Boeing&algorithm=SHA1&digits=5&period=30", marked),
            // Keycloak, with a policy that it does not check.
            ("otpauth://steam/totp:alice?S&digits=6&algorithm=SHA1&issuer=totp", ignored),
            ("otpauth://totp/Example:alice?S&issuer=Example&steam", marked),
            ("otpauth://totp/Example:alice?S&encoder=steam", marked),
            ("otpauth://totp/Example:alice?S&encoder=steam&counter=1", ignored),
            ("otpauth://totp/Steam:alice?S&issuer=Steam", marked),
            ("otpauth://totp/Steam:alice?S&digits=5&period=30", marked),
        ] {
            let link = read(text);
            assert_eq!((link.otp.kind(), &link.odd[..]), (Kind::Steam, odd), "{text}");
            assert_eq!(link.otp.digits(), STEAM_DIGITS);
        }
        for text in [
            "otpauth://totp/Steam:alice?S&issuer=Steam&digits=6",
            "otpauth://totp/Steam:alice?S&issuer=Steam&period=60",
            "otpauth://totp/Steam:alice?S&issuer=Steam&algorithm=SHA256",
            "otpauth://hotp/Steam:alice?S&issuer=Steam&counter=1",
            "otpauth://totp/steam:alice?S&issuer=steam",
        ] {
            assert_ne!(read(text).otp.kind(), Kind::Steam, "{text}");
        }
        let bare = codes("steam://GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!((bare.issuer.as_str(), bare.otp.kind()), ("Steam", Kind::Steam));
    }

    #[test]
    fn a_lenient_secret_gives_the_same_codes_and_is_told() {
        let plain = read("otpauth://totp/a?S&digits=8");
        let at = |link: &CodesLink| link.otp.codes_at(UnixTime(59)).unwrap().current.as_str().to_owned();
        assert_eq!(at(&plain), "94287082");
        for secret in ["gezd gnbv gy3t qojq gezd gnbv gy3t qojq", "GEZD-GNBV-GY3T-QOJQ-GEZD+GNBV%20GY3T_QOJQ"]
        {
            let link = codes(&format!("otpauth://totp/A:b?digits=8&secret={secret}"));
            assert_eq!((at(&link), link.odd), ("94287082".to_owned(), vec![Odd::SecretSpaced]));
        }
        let odd = codes(&format!("otpauth://totp/A:b?digits=8&{S}A"));
        assert_eq!((at(&odd), odd.odd), ("94287082".to_owned(), vec![Odd::SecretOddLength]));
    }

    fn otp() -> impl Strategy<Value = Otp> {
        let kind = prop_oneof![
            (1_u32..).prop_map(|period| Kind::Totp { period }),
            any::<u64>().prop_map(|counter| Kind::Hotp { counter }),
            Just(Kind::Steam),
        ];
        let algorithm = prop::sample::select(vec![
            Algorithm::Sha1,
            Algorithm::Sha256,
            Algorithm::Sha512,
            Algorithm::Sha224,
            Algorithm::Sha384,
            Algorithm::Md5,
        ]);
        (kind, algorithm, 1_u8..=9, prop::collection::vec(any::<u8>(), 16..100)).prop_map(
            |(kind, algorithm, digits, seed)| Otp::new(kind, algorithm, digits, Secret::from(seed)).unwrap(),
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(issuer in "\\PC{0,40}", account in "\\PC{0,40}", otp in otp()) {
            let clean = |name: &str| crate::link::clean_name(name).text;
            let (issuer, account) = (clean(&issuer), clean(&account));
            let uri = otpauth_uri(&issuer, &account, &otp);
            let link = codes(uri.expose_str().unwrap());
            let odd = [
                (issuer.is_empty(), Odd::IssuerMissing),
                (account.is_empty(), Odd::AccountMissing),
                (otp.kind() == Kind::Steam, Odd::SteamMarker),
            ];
            let odd: Vec<_> = odd.into_iter().filter_map(|(is_so, odd)| is_so.then_some(odd)).collect();
            prop_assert_eq!((link.issuer, link.account), (issuer, account));
            prop_assert_eq!(link.odd, odd);
            prop_assert_eq!(link.otp, otp);
        }
    }

    #[test]
    fn names_with_colons_come_back() {
        let otp = read("otpauth://totp/a?S").otp;
        for (issuer, account) in
            [("a:b", "c"), ("", "a:b"), ("a", "b:c"), ("a:b", ""), ("a+b", "c+d"), ("", "")]
        {
            let link = codes(otpauth_uri(issuer, account, &otp).expose_str().unwrap());
            assert_eq!((link.issuer.as_str(), link.account.as_str()), (issuer, account));
            let is_told = |odd| link.odd.contains(&odd);
            assert_eq!(is_told(Odd::IssuerMissing), issuer.is_empty());
            assert_eq!(is_told(Odd::AccountMissing), account.is_empty());
            assert_eq!(link.otp, otp);
        }
    }
}
