//! What the server says. Its own signature over whole answers is by a key that no phone knows.

use serde::{Deserialize, de::DeserializeOwned};

use super::super::step::HttpReply;
use crate::reason::Reason;

#[derive(Deserialize)]
struct Envelope<T> {
    result: Verdict<T>,
    detail: Option<Detail>,
}

#[derive(Deserialize)]
struct Verdict<T> {
    status: bool,
    value: Option<T>,
}

#[derive(Deserialize)]
struct Failed {
    result: FailedResult,
}

#[derive(Deserialize)]
struct FailedResult {
    error: FailedError,
}

#[derive(Deserialize)]
struct FailedError {
    code: Option<i64>,
    message: Option<String>,
}

/// What may come beside a value.
#[derive(Default, Deserialize)]
pub(super) struct Detail {
    /// At enrolment: the server's key for this token.
    pub(super) public_key: Option<String>,
    /// After an approval: to type at the other screen.
    pub(super) display_code: Option<String>,
}

/// The value of an answer, or why there is none.
pub(super) fn read<T: DeserializeOwned>(reply: &HttpReply) -> Result<(T, Detail), Reason> {
    // EXPOSE: an answer is read.
    let body = reply.body.expose();
    if reply.status >= 300 {
        return Err(refusal(reply.status, body));
    }
    let Envelope { result, detail } =
        serde_json::from_slice::<Envelope<T>>(body).map_err(|_| Reason::ReplyUnreadable)?;
    match result {
        Verdict { status: true, value: Some(value) } => Ok((value, detail.unwrap_or_default())),
        Verdict { .. } => Err(refusal(reply.status, body)),
    }
}

fn refusal(status: u16, body: &[u8]) -> Reason {
    let error = serde_json::from_slice::<Failed>(body).ok().map(|failed| failed.result.error);
    let (code, text) = error.map(|error| (error.code, error.message.unwrap_or_default())).unwrap_or_default();
    let says = |words: &str| text.contains(words);
    match (status, code) {
        _ if says("Timestamp") && says("not in valid range") => Reason::ClockDiffers,
        // Also said of a serial that the server does not know.
        _ if says("Could not verify signature") => Reason::DeviceNotRegistered,
        (_, Some(601)) => Reason::SetupUsed,
        _ if says("enrollment credential") || says("rollout state") => Reason::SetupUsed,
        (401 | 403, _) => Reason::ServerForbids,
        (404, None) => Reason::ExtensionMissing,
        _ => Reason::RequestNotUnderstood,
    }
}
