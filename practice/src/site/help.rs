//! Why a request may be missing: what a phone's self-test says, in the phone's own words.

use axum::response::Response;

use super::pages::{Cause, Help};
use super::session::Stage;
use super::visit::Visit;

/// The words that every phone has for its reasons, by language.
const ENGLISH: &str = include_str!("../../../words/reasons.en.properties");
const JAPANESE: &str = include_str!("../../../words/reasons.ja.properties");

/// The reasons by their keys there: first what is seldom a fault, then the checks in their order, last what only the
/// phone's system knows.
const REASONS: [&str; 14] = [
    "nothing_waits",
    "maybe_on_other_phone",
    "device_key_gone",
    "no_network",
    "server_not_found",
    "server_unreachable",
    "tls_failed",
    "server_silent",
    "clock_differs",
    "client_refused",
    "device_not_registered",
    "account_blocked",
    "notifications_off",
    "background_limited",
];

/// `GET /help`: also for who is on the way to sign in.
pub(super) async fn page(visit: Visit) -> Response {
    let words = if visit.words().lang == "ja" { JAPANESE } else { ENGLISH };
    let reasons = REASONS.iter().filter_map(|id| {
        Some(Cause { id, what: sentence(words, id, "")?, next: sentence(words, id, ".next")? })
    });
    // Back to the request that waits, which goes on meanwhile.
    let back = match (&visit.session.challenge, visit.session.stage) {
        (Some(_), Stage::Proving) => "/approve",
        (Some(_), _) => "/setup/try",
        (None, _) => "/",
    };
    visit.page(&Help { c: visit.chrome(), reasons: reasons.collect(), back })
}

fn sentence(words: &'static str, id: &str, part: &str) -> Option<&'static str> {
    words.lines().find_map(|line| line.strip_prefix(id)?.strip_prefix(part)?.strip_prefix(" = "))
}
