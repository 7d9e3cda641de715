use super::parts::Link;
use super::{
    Odd, Recognised, app_authenticator, foreign, keycloak, organisation, otpauth, pin, push_token, tiqr,
};
use crate::reason::Reason;

/// Longest text that is looked at, in bytes: a set-up token of 16 KiB and the link around it.
pub const MAX_TEXT: usize = 20 * 1024;

/// What some editors and shells put before a text that they keep.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Says what a scanned or pasted text is. The text is a secret; nothing of it but names and hosts is in a `Foreign`.
///
/// ```
/// use countersign::link::{Recognised, recognise};
///
/// let text = "otpauth://totp/Example:alice@example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEE&issuer=Example";
/// let Recognised::Codes(link) = recognise(text) else { panic!() };
/// assert_eq!((link.issuer.as_str(), link.account.as_str()), ("Example", "alice@example.com"));
/// assert!(link.odd.is_empty());
/// ```
#[must_use]
pub fn recognise(text: &str) -> Recognised {
    if text.len() > MAX_TEXT {
        return Refusal::from(Reason::TextTooLong).into();
    }
    let is_around = |c: &char| c.is_whitespace() || *c == BYTE_ORDER_MARK;
    let around = text.chars().take_while(is_around).chain(text.chars().rev().take_while(is_around));
    let has_mark = around.into_iter().any(|c| c == BYTE_ORDER_MARK);
    let mut recognised = read(text.trim_matches(|c| is_around(&c))).unwrap_or_else(Recognised::from);
    if let Recognised::Codes(link) = &mut recognised
        && has_mark
    {
        link.odd.push(Odd::ByteOrderMark);
    }
    recognised
}

/// What a text is when it sets nothing up.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) reason: Reason,
    pub(super) host: Option<String>,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self { reason, host: None }
    }
}

impl From<Refusal> for Recognised {
    fn from(refusal: Refusal) -> Self {
        Self::Foreign { reason: refusal.reason, host: refusal.host }
    }
}

fn read(text: &str) -> Result<Recognised, Refusal> {
    let Some(link) = Link::split(text) else {
        return match keycloak::read_bare_token(text)? {
            Some(found) => Ok(found),
            None => Err(foreign::of_text(text)),
        };
    };
    let place = link.place.to_ascii_lowercase();
    match (link.scheme.as_str(), place.as_str()) {
        ("otpauth" | "pia", "pipush") => push_token::read_pipush(&link),
        ("edumfa-push", _) => push_token::read_edumfa(&link),
        ("otpauth" | "apple-otpauth", _) => otpauth::read(&link),
        ("steam", _) => otpauth::read_steam(&link),
        ("motp", _) => pin::read_motp(&link.labelled()),
        ("countersign", "organisation") => organisation::read(&link),
        ("tiqrenroll", _) => tiqr::read_enrolment(text),
        ("tiqrauth", _) => tiqr::read_sign_in(&link),
        _ => app_authenticator::read(text, &link)
            .or_else(|| keycloak::read(text, &link).transpose())
            .or_else(|| tiqr::read_universal(&link))
            .unwrap_or_else(|| Err(foreign::of_link(text, &link))),
    }
}

/// The part of a `Foreign` in `Recognised::kind`.
pub(super) const fn kind_of(reason: Reason) -> &'static str {
    match reason {
        Reason::NotASetupCode => "unknown",
        Reason::MicrosoftPush
        | Reason::MicrosoftActivation
        | Reason::OktaVerify
        | Reason::DuoMobile
        | Reason::PingPush
        | Reason::PingCombined
        | Reason::LinOtpPush
        | Reason::PrivacyIdeaContainer
        | Reason::PrivacyIdeaBackup
        | Reason::GoogleExport
        | Reason::Passkey
        | Reason::WifiNetwork
        | Reason::WebLink
        | Reason::CodeKindUnsupported => "foreign",
        _ => "damaged",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_length_is_looked_at_first() {
        for text in ["a".repeat(65_536), format!("otpauth://totp/x?secret={}", "A".repeat(65_536))] {
            let Recognised::Foreign { reason, .. } = recognise(&text) else { panic!() };
            assert_eq!(reason, Reason::TextTooLong);
        }
        let longest = format!("otpauth://totp/x?secret={}", "A".repeat(MAX_TEXT - 24));
        let Recognised::Foreign { reason, .. } = recognise(&longest) else { panic!() };
        assert_eq!(reason, Reason::SecretTooLong);
    }

    #[test]
    fn spaces_around_are_nothing() {
        let text = "otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXPJBSWY3DPEE";
        for (before, after, odd) in [
            (" \r\n\t", "\n", &[][..]),
            ("\u{feff}", "", &[Odd::ByteOrderMark]),
            ("\u{feff} \r\n\t", "\n", &[Odd::ByteOrderMark]),
            ("", "\n\u{feff}", &[Odd::ByteOrderMark]),
        ] {
            let Recognised::Codes(link) = recognise(&format!("{before}{text}{after}")) else { panic!() };
            assert_eq!((link.account.as_str(), &link.odd[..]), ("b", odd), "{before:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = recognise(&text).kind();
        }

        #[test]
        fn never_panics_behind_a_known_beginning(
            beginning in prop::sample::select(vec![
                "otpauth://totp/", "otpauth://hotp/", "otpauth://pipush/", "apple-otpauth://", "steam://", "pia://",
                "countersign://organisation?", "https://", "http://", "my-secure://enroll?token=",
                "x://?request_uri=", "edumfa-push://edumfa/", "eyJ", "duo://", "tiqrenroll://", "tiqrauth://", "phonefactor://activate_account?url=",
            ]),
            rest in "[ -~éß\u{202e}%&=?#:/.+]{0,200}",
        ) {
            let text = format!("{beginning}{rest}");
            let recognised = recognise(&text);
            prop_assert!(!recognised.kind().is_empty());
        }
    }
}
