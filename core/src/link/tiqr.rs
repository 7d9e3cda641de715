//! tiqr's codes: `tiqrenroll:` before the address that describes a new account, `tiqrauth:` for a sign-in, and both as
//! web addresses that a phone hands to its app, e.g. `https://eduid.nl/tiqrauth/?…`. Only what the code itself says is
//! used of a web address, never its host.
//!
//! Source: README of <https://github.com/Tiqr/tiqr-server-libphp>, 4.3.

use zeroize::Zeroizing;

use super::parts::{Link, Plus, decode};
use super::recognise::Refusal;
use super::{ApprovalLink, Origin, Recognised, SignInLink, TiqrLink, clean_name};
use crate::reason::Reason;
use crate::secret::Secret;

/// Longest name of a server or a user in a code, in bytes.
const MAX_ID: usize = 256;
/// Longest id of a sign-in and longest challenge, in characters: what an OCRA suite has room for.
const MAX_DIGITS: usize = 128;

/// `tiqrenroll://` and the address as it is.
pub(super) fn read_enrolment(text: &str) -> Result<Recognised, Refusal> {
    enrolment(text.split_once("://").map_or("", |(_, address)| address))
}

/// `tiqrauth://[USER@]SERVER/SESSION/CHALLENGE/…`. What follows, the service that is signed in to and a version, is
/// vouched for by nobody and not used.
pub(super) fn read_sign_in(link: &Link<'_>) -> Result<Recognised, Refusal> {
    let (user, server) = match link.place.rsplit_once('@') {
        Some((user, server)) => (Some(user), server),
        None => (None, link.place),
    };
    let mut parts = link.path.split('/');
    let (session, question) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    Ok(sign_in(Some(server), user, Some(session), Some(question))?)
}

/// The same as a web address; `None` where it is another one.
pub(super) fn read_universal(link: &Link<'_>) -> Option<Result<Recognised, Refusal>> {
    let query = link.query.without_fragment();
    match (link.scheme.as_str(), link.path.trim_end_matches('/')) {
        ("https", "tiqrenroll") => {
            let address = decode(query.get("metadata")?, Plus::Space);
            Some(enrolment(std::str::from_utf8(&address).unwrap_or_default()))
        }
        ("https", "tiqrauth") => {
            let read = sign_in(query.get("i"), query.get("u"), query.get("s"), query.get("q"));
            Some(read.map_err(Into::into))
        }
        _ => None,
    }
}

/// A code in capitals has the scheme so as well, and a browser that passes it on drops the colon behind `https`.
fn enrolment(address: &str) -> Result<Recognised, Refusal> {
    let behind = |scheme: &str| {
        let (begin, rest) = address.split_at_checked(scheme.len())?;
        begin.eq_ignore_ascii_case(scheme).then_some(rest)
    };
    let https = behind("https://").or_else(|| behind("https//"));
    let address = Zeroizing::new(https.map_or_else(|| address.to_owned(), |rest| format!("https://{rest}")));
    let origin = Origin::of_server(&address)?;
    let url = Secret::copy_of(address.as_bytes());
    Ok(Recognised::Approval(ApprovalLink::Tiqr(TiqrLink { origin, url })))
}

fn sign_in(
    server: Option<&str>,
    user: Option<&str>,
    session: Option<&str>,
    question: Option<&str>,
) -> Result<Recognised, Reason> {
    let is_session = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_question = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    Ok(Recognised::SignIn(SignInLink {
        server: value(server, MAX_ID)?,
        user: user.filter(|user| !user.is_empty()).map(|user| value(Some(user), MAX_ID)).transpose()?,
        session: value(session, MAX_DIGITS).and_then(|text| only(text, is_session))?,
        question: value(question, MAX_DIGITS).and_then(|text| only(text, is_question))?,
    }))
}

/// A value that is there, decoded, and fit to be shown as it is.
fn value(raw: Option<&str>, longest: usize) -> Result<String, Reason> {
    let bytes = decode(raw.unwrap_or_default(), Plus::Space);
    let text = std::str::from_utf8(&bytes).map_err(|_| Reason::LinkDamaged)?;
    let fits = (1..=longest).contains(&text.len()) && clean_name(text).text == text;
    if fits { Ok(text.to_owned()) } else { Err(Reason::LinkDamaged) }
}

fn only(text: String, is_right: impl Fn(&str) -> bool) -> Result<String, Reason> {
    if is_right(&text) { Ok(text) } else { Err(Reason::LinkDamaged) }
}

#[cfg(test)]
mod tests {
    use super::super::recognise;
    use super::*;

    const SESSION: &str = "0da1c51c3c3be54441527d4e5bde3710";

    #[test]
    fn set_up_codes_as_servers_write_them() {
        for text in [
            "tiqrenroll://https://tiqr.example.org/get_metadata/?enrollment_key=f835ae8f",
            "TIQRENROLL://https//tiqr.example.org/get_metadata/?enrollment_key=f835ae8f",
            "tiqrenroll://HTTPS//tiqr.example.org/get_metadata/?enrollment_key=f835ae8f",
            "TIQRENROLL://HTTPS://tiqr.example.org/get_metadata/?enrollment_key=f835ae8f",
            "https://eduid.nl/tiqrenroll/?metadata=https%3A%2F%2Ftiqr.example.org%2Fget_metadata%2F%3Fenrollment_key%3Df835ae8f",
        ] {
            let Recognised::Approval(ApprovalLink::Tiqr(link)) = recognise(text) else { panic!("{text}") };
            assert_eq!(link.origin.to_string(), "https://tiqr.example.org");
            assert_eq!(
                link.url.expose_str().unwrap(),
                "https://tiqr.example.org/get_metadata/?enrollment_key=f835ae8f"
            );
            assert_eq!(recognise(text).kind(), "tiqr");
            assert!(!format!("{link:?}").contains("f835ae8f"));
        }
    }

    #[test]
    fn sign_ins_as_servers_write_them() {
        let named = SignInLink {
            server: "tiqr.example.org".to_owned(),
            user: Some("a b@c".to_owned()),
            session: SESSION.to_owned(),
            question: "747d558f3d".to_owned(),
        };
        let anybody = SignInLink { user: None, ..named.clone() };
        for (text, expected) in [
            (format!("tiqrauth://a+b%40c@tiqr.example.org/{SESSION}/747d558f3d/sp.example/2"), &named),
            (format!("tiqrauth://a%20b@c@tiqr.example.org/{SESSION}/747d558f3d"), &named),
            (format!("tiqrauth://tiqr.example.org/{SESSION}/747d558f3d/sp/2?https://back.example"), &anybody),
            (
                format!(
                    "https://eduid.nl/tiqrauth/?u=a%20b%40c&s={SESSION}&q=747d558f3d&i=tiqr.example.org&v=2"
                ),
                &named,
            ),
            (format!("TIQRAUTH://tiqr.example.org/{SESSION}/747d558f3d"), &anybody),
            (format!("https://x.example/tiqrauth?s={SESSION}&q=747d558f3d&i=tiqr.example.org&u="), &anybody),
        ] {
            let Recognised::SignIn(link) = recognise(&text) else { panic!("{text}") };
            assert_eq!(link, *expected, "{text}");
            assert_eq!(recognise(&text).kind(), "tiqr_sign_in");
        }
    }

    #[test]
    fn refused_by_name() {
        let long = "a".repeat(129);
        for (text, expected) in [
            ("tiqrenroll://", Reason::AddressDamaged),
            ("tiqrenroll:https://a.example", Reason::AddressDamaged),
            ("tiqrenroll://a.example/x", Reason::AddressDamaged),
            ("tiqrenroll://http://a.example/x", Reason::PlainHttp),
            ("tiqrenroll://https://u@a.example/x", Reason::UserInfoInAddress),
            ("https://eduid.nl/tiqrenroll?metadata=x", Reason::AddressDamaged),
            ("https://eduid.nl/tiqrenroll?x=y", Reason::WebLink),
            ("https://eduid.nl/other?metadata=https://a.example", Reason::WebLink),
            ("tiqrauth://a.example", Reason::LinkDamaged),
            ("tiqrauth://a.example/0a", Reason::LinkDamaged),
            ("tiqrauth:///0a/0b", Reason::LinkDamaged),
            ("tiqrauth://a.example/xy/0b", Reason::LinkDamaged),
            ("tiqrauth://a.example/0a/0-b", Reason::LinkDamaged),
            ("tiqrauth://a%0ab@a.example/0a/0b", Reason::LinkDamaged),
            ("tiqrauth://%ff@a.example/0a/0b", Reason::LinkDamaged),
            ("tiqrauth://a\u{202e}b@a.example/0a/0b", Reason::LinkDamaged),
            ("https://eduid.nl/tiqrauth/?u=a", Reason::LinkDamaged),
            (&format!("tiqrauth://a.example/0a/{long}"), Reason::LinkDamaged),
        ] {
            let recognised = recognise(text);
            assert!(
                matches!(recognised, Recognised::Foreign { reason, .. } if reason == expected),
                "{text}: {recognised:?}"
            );
        }
    }
}
