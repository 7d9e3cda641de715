//! The practice site's help page has the reasons that a phone's self-test can give, under their own names.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use countersign::reason::Reason;
use countersign_practice::{Options, start};

/// What a self-test says why a request is missing: nothing of the phone's, its network's or its system's is left out.
/// Reasons that are rarer, and those that a server gives once and no more, are told by the phone alone.
const REASONS: [Reason; 14] = [
    Reason::NothingWaits,
    Reason::MaybeOnOtherPhone,
    Reason::DeviceKeyGone,
    Reason::NoNetwork,
    Reason::ServerNotFound,
    Reason::ServerUnreachable,
    Reason::TlsFailed,
    Reason::ServerSilent,
    Reason::ClockDiffers,
    Reason::ClientRefused,
    Reason::DeviceNotRegistered,
    Reason::AccountBlocked,
    Reason::NotificationsOff,
    Reason::BackgroundLimited,
];

fn page(base: &str, language: &str) -> String {
    let host = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let request = format!(
        "GET /help HTTP/1.1\r\nHost: {host}\r\nAccept-Language: {language}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    page
}

/// `NothingWaits` of `nothing_waits`.
fn name_of(id: &str) -> String {
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    id.split('_').map(capital).collect()
}

#[test]
fn the_help_page_has_the_reasons_of_the_self_test() {
    let site = start(Options::default()).unwrap();
    for language in ["en", "ja"] {
        let page = page(&site.base_url(), language);
        let ids: Vec<_> =
            page.split("<dt id=\"").skip(1).map(|rest| name_of(rest.split('"').next().unwrap())).collect();
        assert_eq!(ids, REASONS.map(|reason| reason.name().to_owned()), "{language}");
    }
    site.stop();
}
