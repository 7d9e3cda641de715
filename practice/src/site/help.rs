//! Why a request may be missing: what a phone's self-test says, in the phone's own words.

use axum::response::Response;

use super::pages::{Cause, Help};
use super::session::Stage;
use super::visit::Visit;

/// The words that every phone has for its reasons, by language.
const ENGLISH: &str = include_str!("../../../words/reasons.en.properties");
const JAPANESE: &str = include_str!("../../../words/reasons.ja.properties");

/// All reasons that a self-test can give, by their keys there: first what is seldom a fault, then the checks in their
/// order, last what only the phone's system knows.
const REASONS: [&str; 43] = [
    "nothing_waits",
    "request_ended",
    "scan_to_answer",
    "maybe_on_other_phone",
    "device_key_gone",
    "device_key_locked",
    "device_key_not_allowed",
    "device_key_failed",
    "device_key_unusable",
    "registration_damaged",
    "no_network",
    "server_not_found",
    "server_unreachable",
    "tls_failed",
    "server_silent",
    "connection_lost",
    "server_busy",
    "server_failed",
    "redirect_refused",
    "reply_too_large",
    "reply_unreadable",
    "request_not_understood",
    "extension_missing",
    "realm_not_found",
    "server_address_differs",
    "key_has_private_parts",
    "clock_differs",
    "signing_too_slow",
    "client_refused",
    "client_secret_missing",
    "token_not_bound",
    "access_token_refused",
    "call_not_authorised",
    "device_not_registered",
    "device_key_refused",
    "user_not_found",
    "server_forbids",
    "account_blocked",
    "too_many_requests",
    "signature_wrong",
    "origin_differs",
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
