//! What the server says, in its own texts, and what that means.

use serde::Deserialize;

use super::super::http::{self, Failure, Received};
use super::super::step::{HttpReply, NetworkFailure};
use crate::reason::Reason;

/// What came of a call.
pub(super) enum Said<'r> {
    /// It was done; the answer's body.
    Done(&'r [u8]),
    /// The access token is not taken: get another.
    TokenRefused,
    /// The server's clock is another than thought.
    ClockDiffers,
    /// The challenge is no longer open.
    Gone,
    /// The number or PIN is not the right one; the challenge is still open.
    WrongAnswer,
    /// It can't be said what was done: look.
    Unclear(Failure),
    /// Not done, and not to be had by trying again.
    Refused(Reason),
}

/// Texts that are whole, by what they mean.
const TEXTS: &[(&str, Meaning)] = &[
    ("Invalid access token", Meaning::TokenRefused),
    ("DPoP proof is not active", Meaning::ClockDiffers),
    ("DPoP proof expired", Meaning::ClockDiffers),
    ("authentication token expired", Meaning::ClockDiffers),
    ("Challenge already resolved or expired", Meaning::Gone),
    ("Challenge not found", Meaning::Gone),
    ("Enrollment request not found", Meaning::Gone),
    ("User verification mismatch", Meaning::WrongAnswer),
    ("Invalid user verification value", Meaning::WrongAnswer),
    // A proof is used once, so the network delivered this one twice.
    ("DPoP proof replay detected", Meaning::Unclear),
    ("DPoP proof has already been used", Meaning::Unclear),
    ("Challenge is currently being resolved", Meaning::Unclear),
    ("Missing user verification", Meaning::Refused(Reason::AnswerNeeded)),
    ("Device already exists with the same name", Meaning::Refused(Reason::DeviceNameTaken)),
    ("Nonce mismatch", Meaning::Refused(Reason::SetupTokenDamaged)),
    ("Challenge is not for enrollment", Meaning::Refused(Reason::SetupTokenDamaged)),
    ("Challenge is not for login", Meaning::Refused(Reason::RequestNotFound)),
    ("Challenge does not belong to user", Meaning::Refused(Reason::RequestNotFound)),
    ("Device not registered for user", Meaning::Refused(Reason::DeviceNotRegistered)),
    ("Credential not found", Meaning::Refused(Reason::DeviceNotRegistered)),
    ("User not found", Meaning::Refused(Reason::UserNotFound)),
    ("Invalid DPoP proof signature", Meaning::Refused(Reason::DeviceKeyRefused)),
    ("Access token DPoP binding mismatch", Meaning::Refused(Reason::DeviceKeyRefused)),
    ("Access token missing DPoP binding", Meaning::Refused(Reason::TokenNotBound)),
    ("DPoP proof htu mismatch", Meaning::Refused(Reason::ServerAddressDiffers)),
    ("DPoP HTTP URL mismatch", Meaning::Refused(Reason::ServerAddressDiffers)),
    ("Public client not allowed to retrieve service account", Meaning::Refused(Reason::ClientRefused)),
    ("Invalid client or Invalid client credentials", Meaning::Refused(Reason::ClientRefused)),
    ("Realm does not exist", Meaning::Refused(Reason::RealmNotFound)),
    ("HTTP 401 Unauthorized", Meaning::Refused(Reason::CallNotAuthorised)),
    ("HTTP 404 Not Found", Meaning::Refused(Reason::ExtensionMissing)),
];

#[derive(Clone, Copy)]
enum Meaning {
    TokenRefused,
    ClockDiffers,
    Gone,
    WrongAnswer,
    Unclear,
    Refused(Reason),
}

/// Errors come as `error` alone or with a description (RFC 6749, section 5.2).
#[derive(Deserialize)]
struct ErrorBody {
    error: String,
    error_description: Option<String>,
}

/// Judges what came of a call.
pub(super) fn judge(received: Result<&HttpReply, NetworkFailure>) -> Said<'_> {
    let reply = match http::judge(received) {
        Received::Answer(reply) => reply,
        Received::Failed(failure) => return Said::Unclear(failure),
        Received::Refused(reason) => return Said::Refused(reason),
    };
    if reply.status < 300 {
        // EXPOSE: an answer is read.
        return Said::Done(reply.body.expose());
    }
    match meaning(reply) {
        Meaning::TokenRefused => Said::TokenRefused,
        Meaning::ClockDiffers => Said::ClockDiffers,
        Meaning::Gone => Said::Gone,
        Meaning::WrongAnswer => Said::WrongAnswer,
        Meaning::Refused(reason) => Said::Refused(reason),
        Meaning::Unclear => {
            Said::Unclear(Failure { reason: Reason::ConnectionLost, maybe_done: true, retry_after_ms: None })
        }
    }
}

fn meaning(reply: &HttpReply) -> Meaning {
    // EXPOSE: an error is read.
    let body: Option<ErrorBody> = serde_json::from_slice(reply.body.expose()).ok();
    if let Some(ErrorBody { error, error_description }) = &body {
        let text = error_description.as_ref().unwrap_or(error);
        if let Some((_, meaning)) = TEXTS.iter().find(|(known, _)| known == text) {
            return *meaning;
        }
        if text.starts_with("Challenge already resolved") {
            return Meaning::Gone;
        }
        if matches!(error.as_str(), "unauthorized_client" | "invalid_client") {
            return Meaning::Refused(Reason::ClientRefused);
        }
    }
    Meaning::Refused(match (reply.status, body.is_some()) {
        (401, _) => Reason::CallNotAuthorised,
        (404, false) => Reason::ExtensionMissing,
        (409, _) => return Meaning::Unclear,
        _ => Reason::RequestNotUnderstood,
    })
}
