//! Scanned and pasted texts: what is taken for codes can be written and read again, and names are fit to show.

#![no_main]

use countersign::link::{ApprovalLink, MAX_NAME, Recognised, otpauth_uri, recognise};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let recognised = recognise(text);
    assert!(!recognised.kind().is_empty());
    match recognised {
        Recognised::Codes(link) => {
            fit_to_show(&link.issuer);
            fit_to_show(&link.account);
            let uri = otpauth_uri(&link.issuer, &link.account, &link.otp);
            let Recognised::Codes(again) = recognise(uri.expose_str().unwrap()) else { panic!() };
            assert_eq!((again.issuer, again.account), (link.issuer, link.account));
            assert_eq!(again.otp.seed(), link.otp.seed());
        }
        Recognised::Approval(link) => {
            fit_to_show(link.about().issuer);
            fit_to_show(link.about().account);
            match link {
                ApprovalLink::KeycloakPush(link) => assert!(link.origin.contains(&link.issuer)),
                ApprovalLink::PrivacyIdea(link) | ApprovalLink::EduMfa(link) => {
                    assert!(link.origin.contains(&link.url) && !link.serial.contains('|'));
                }
                ApprovalLink::AppAuthenticator(link) => {
                    assert!(link.origin.contains(&link.issuer));
                    assert!(link.url.expose_str().is_some_and(str::is_ascii));
                }
                ApprovalLink::Tiqr(link) => {
                    assert!(link.url.expose_str().is_some_and(|url| link.origin.contains(url)));
                }
            }
        }
        Recognised::SignIn(link) => {
            fit_to_show(&link.server);
            link.user.iter().for_each(|name| fit_to_show(name));
            assert!(link.session.is_ascii() && link.question.is_ascii());
        }
        Recognised::Organisation(link) => {
            fit_to_show(&link.name);
            assert!(link.origin.contains(&link.issuer));
        }
        Recognised::LookNow(_) => {}
        Recognised::Foreign { host, .. } => assert!(host.is_none_or(|host| host.is_ascii())),
    }
});

fn fit_to_show(name: &str) {
    assert!(name.chars().count() <= MAX_NAME && !name.contains(|c: char| c.is_control() || c == '\u{202e}'));
    assert_eq!(name.trim(), name);
}
