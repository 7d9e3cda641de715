//! The practice site's help page has every reason that a phone's self-test can give, under its own name.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use countersign::approval::CheckKind;
use countersign::reason::Reason;
use countersign_practice::{Options, start};

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
    let told = Reason::ALL.iter().filter(|reason| CheckKind::of(**reason).is_some());
    let told: BTreeSet<_> = told.map(|reason| reason.name().to_owned()).collect();
    let site = start(Options::default()).unwrap();
    for language in ["en", "ja"] {
        let page = page(&site.base_url(), language);
        let ids: Vec<_> =
            page.split("<dt id=\"").skip(1).map(|rest| name_of(rest.split('"').next().unwrap())).collect();
        assert_eq!(ids.len(), told.len(), "{language}: one twice");
        assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), told, "{language}");
    }
    site.stop();
}
