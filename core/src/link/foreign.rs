//! Codes that are not for this app, each by name: so that a person learns what it is and what to tap instead.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use url::Url;

use super::MAX_ADDRESS;
use super::parts::{Link, Plus, Query, decode};
use super::recognise::Refusal;
use crate::reason::Reason;

/// A text that does not begin with a scheme.
pub(super) fn of_text(text: &str) -> Refusal {
    match duo_host(text) {
        Some(host) => Refusal { reason: Reason::DuoMobile, host: Some(host) },
        None if text.starts_with("www.") => Reason::WebLink.into(),
        None => Reason::NotASetupCode.into(),
    }
}

/// A link that no reader of ours takes.
pub(super) fn of_link(text: &str, link: &Link<'_>) -> Refusal {
    let query = link.query;
    let place = link.place.to_ascii_lowercase();
    let (reason, host) = match (link.scheme.as_str(), place.as_str()) {
        ("phonefactor", _) => (Reason::MicrosoftPush, host_in(query, "url")),
        ("msauth" | "microsoft-authenticator", _) => (Reason::MicrosoftActivation, host_in(query, "url")),
        ("oktaverify", _) => (Reason::OktaVerify, host_in(query, "s")),
        ("duo", _) => (Reason::DuoMobile, duo_host(link.place)),
        ("pushauth", _) => (Reason::PingPush, None),
        ("mfauth", _) => (Reason::PingCombined, None),
        ("lseqr", _) => (Reason::LinOtpPush, None),
        ("pia", "container") => (Reason::PrivacyIdeaContainer, None),
        ("pia", "qrbackup") => (Reason::PrivacyIdeaBackup, None),
        ("otpauth-migration", _) => (Reason::GoogleExport, None),
        ("fido", _) => (Reason::Passkey, None),
        ("wifi", _) => (Reason::WifiNetwork, None),
        ("https" | "http", _) => (of_web_address(text), host_of(text)),
        _ => (Reason::NotASetupCode, None),
    };
    Refusal { reason, host }
}

/// The host of a web address, in ASCII.
pub(super) fn host_of(address: &str) -> Option<String> {
    if address.len() > MAX_ADDRESS {
        return None;
    }
    let url = Url::parse(address).ok()?;
    let is_web = matches!(url.scheme(), "https" | "http");
    url.host_str().filter(|_| is_web).map(str::to_owned)
}

fn of_web_address(text: &str) -> Reason {
    let Some(url) = Url::parse(text).ok() else { return Reason::LinkDamaged };
    let host = url.host_str().unwrap_or_default();
    let path = url.path().to_ascii_lowercase();
    let is_of =
        |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.'));
    if is_of("duosecurity.com") && path.starts_with("/activate/") {
        Reason::DuoMobile
    } else if (host == "login.microsoftonline.com" && path.starts_with("/authenticatorapp/"))
        || host.starts_with("mobileappcommunicator.")
        || is_of("phonefactor.net")
    {
        Reason::MicrosoftActivation
    } else {
        Reason::WebLink
    }
}

/// The host of an address in a parameter.
fn host_in(query: Query<'_>, name: &str) -> Option<String> {
    let address = decode(query.get(name)?, Plus::Space);
    host_of(std::str::from_utf8(&address).ok()?)
}

/// Duo's activation code: `CODE-` and the host in Base64.
fn duo_host(text: &str) -> Option<String> {
    let (code, host) = text.split_once('-')?;
    let host = host.trim_end_matches('=');
    if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let bytes = STANDARD_NO_PAD.decode(host).or_else(|_| URL_SAFE_NO_PAD.decode(host)).ok()?;
    let host = host_of(&format!("https://{}", std::str::from_utf8(&bytes).ok()?))?;
    (host.ends_with(".duosecurity.com") || host.ends_with(".duofederal.com")).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::super::{Recognised, recognise};
    use super::*;

    #[test]
    fn each_by_name_and_host() {
        for (text, expected, expected_host) in [
            (
                "phonefactor://activate_account?code=518227904&url=https%3a%2f%2fmobileappcommunicator.auth.microsoft.com%2factivatev2%2f863602595%2fSASPUBKRCAZ1FD043",
                Reason::MicrosoftPush,
                "mobileappcommunicator.auth.microsoft.com",
            ),
            (
                "PHONEFACTOR://activate_account?code=1&url=https%3A%2F%2Fexample.phonefactor.net%2Fpad%2F123",
                Reason::MicrosoftPush,
                "example.phonefactor.net",
            ),
            ("phonefactor://activate_account?code=1", Reason::MicrosoftPush, ""),
            (
                "https://login.microsoftonline.com/authenticatorApp/activateAccount?code=1&url=x",
                Reason::MicrosoftActivation,
                "login.microsoftonline.com",
            ),
            (
                "https://mobileappcommunicator.auth.microsoft.com/activatev2/863602595/SASPUBKRCAZ1FD043",
                Reason::MicrosoftActivation,
                "mobileappcommunicator.auth.microsoft.com",
            ),
            (
                "https://cys01pad.phonefactor.net/pad/1",
                Reason::MicrosoftActivation,
                "cys01pad.phonefactor.net",
            ),
            (
                "oktaverify://alice@example.com/?t=abc&f=def&s=https://example.okta.com&issuer=Example&isIdxEnabled=true",
                Reason::OktaVerify,
                "example.okta.com",
            ),
            (
                "duo://abcDEF123-YXBpLTEyMzQ1Njc4LmR1b3NlY3VyaXR5LmNvbQ",
                Reason::DuoMobile,
                "api-12345678.duosecurity.com",
            ),
            (
                "abcDEF123-YXBpLTEyMzQ1Njc4LmR1b3NlY3VyaXR5LmNvbQ==",
                Reason::DuoMobile,
                "api-12345678.duosecurity.com",
            ),
            (
                "https://m-12345678.duosecurity.com/activate/abcDEF",
                Reason::DuoMobile,
                "m-12345678.duosecurity.com",
            ),
            ("pushauth://push/Example:alice?a=aHR0cHM&r=aHR0cHM&s=c2Vj&c=Y2g&m=1", Reason::PingPush, ""),
            ("mfauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP&a=aHR0cHM", Reason::PingCombined, ""),
            ("lseqr://pair/AgAB", Reason::LinOtpPush, ""),
            ("lseqr://push/AgAB", Reason::LinOtpPush, ""),
            (
                "pia://container/SMPH00000001?issuer=privacyIDEA&ttl=10&nonce=1",
                Reason::PrivacyIdeaContainer,
                "",
            ),
            ("pia://qrbackup/x", Reason::PrivacyIdeaBackup, ""),
            ("otpauth-migration://offline?data=CiEKCkhlbGxvId6tvu8=", Reason::GoogleExport, ""),
            (
                "FIDO:/13086400838107303667332719012595115747821895775708323189557153075146383351399743589971313508078026948312026786722471666005727649643501784024544726574771401798171307406596245",
                Reason::Passkey,
                "",
            ),
            ("WIFI:S:Guest;T:WPA;P:secret;;", Reason::WifiNetwork, ""),
            ("https://B\u{fc}cher.example/a?b#c", Reason::WebLink, "xn--bcher-kva.example"),
            ("http://a.example", Reason::WebLink, "a.example"),
            ("www.example.com", Reason::WebLink, ""),
            ("https://", Reason::LinkDamaged, ""),
            (
                "https://duosecurity.com.evil.example/activate/x",
                Reason::WebLink,
                "duosecurity.com.evil.example",
            ),
            ("https://evilphonefactor.net/", Reason::WebLink, "evilphonefactor.net"),
            ("mailto:alice@example.com", Reason::NotASetupCode, ""),
            ("tel:+4912345", Reason::NotASetupCode, ""),
            ("geo:48.1,11.5", Reason::NotASetupCode, ""),
            ("BEGIN:VCARD\nFN:Alice\nEND:VCARD", Reason::NotASetupCode, ""),
            ("pia://other/x", Reason::NotASetupCode, ""),
            ("steam://run/440", Reason::NotASetupCode, ""),
            ("4006381333931", Reason::NotASetupCode, ""),
            ("hello-world", Reason::NotASetupCode, ""),
            ("", Reason::NotASetupCode, ""),
        ] {
            let Recognised::Foreign { reason, host } = recognise(text) else { panic!("{text}") };
            assert_eq!((reason, host.unwrap_or_default().as_str()), (expected, expected_host), "{text}");
        }
    }

    #[test]
    fn kinds() {
        for (text, kind) in [
            ("phonefactor://x", "foreign"),
            ("https://a.example", "foreign"),
            ("https://", "damaged"),
            ("otpauth://totp/x", "damaged"),
            ("hello", "unknown"),
        ] {
            assert_eq!(recognise(text).kind(), kind, "{text}");
        }
    }
}
