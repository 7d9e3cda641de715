use countersign::approval::{AnswerResult, DeclineReason};
use countersign::authenticator as core;
use countersign::clock::{Now, UnixTime};
use countersign::reason::Reason;

use crate::authenticator::Authenticator;
use crate::error::Result;

/// A sign-in request of the past, or one that still waits; or the lock-out of an account.
#[derive(uniffi::Record)]
pub(crate) struct PastRequest {
    /// The account's id; it may have been purged since.
    account: String,
    issuer: String,
    /// The account name.
    name: String,
    /// The server's id of the request; empty for a lock-out.
    request: String,
    /// What was signed in to; empty where the server did not say.
    application: String,
    /// Where the sign-in came from, where the server told it.
    came_from: Option<String>,
    /// When this phone saw it first.
    seen_at: UnixTime,
    answered_at: Option<UnixTime>,
    standing: PastStanding,
    /// Why it ended so, where that is not what the person wanted.
    reason: Option<Reason>,
    /// Why the person declined.
    decline: Option<DeclineReason>,
    /// The reason by which Microsoft Entra's sign-in log would know it.
    entra_reason: Option<String>,
}

/// How a request of the past stands.
#[derive(uniffi::Enum)]
pub(crate) enum PastStanding {
    Waiting,
    /// This phone did nothing about it in its time.
    Unanswered,
    Answered {
        result: AnswerResult,
    },
    /// No request: the person had the server lock the account.
    LockedOut,
}

#[uniffi::export]
impl Authenticator {
    /// The latest 200 requests that a look or an answer has seen, and lock-outs, the newest first.
    fn history(&self, now: Now) -> Result<Vec<PastRequest>> {
        Ok(self.core.lock().history(now)?.into_iter().map(|past| PastRequest::of(past, now)).collect())
    }

    /// Forgets the requests of the past; gives how many.
    fn clear_history(&self, now: Now) -> Result<u64> {
        Ok(self.core.lock().clear_history(now)?)
    }
}

impl PastRequest {
    fn of(past: core::PastRequest, now: Now) -> Self {
        let (standing, answered_at) = (past.standing(now).into(), past.answered_at(now));
        let entra_reason = past.entra_reason(now).map(ToOwned::to_owned);
        let core::PastRequest { account, issuer, name, request, application, from, seen_at, answer, .. } =
            past;
        Self {
            account,
            issuer,
            name,
            request,
            application,
            came_from: from,
            seen_at,
            answered_at,
            standing,
            reason: answer.and_then(|answer| answer.reason),
            decline: answer.and_then(|answer| answer.decline),
            entra_reason,
        }
    }
}

impl From<core::PastStanding> for PastStanding {
    fn from(standing: core::PastStanding) -> Self {
        match standing {
            core::PastStanding::Waiting => Self::Waiting,
            core::PastStanding::Unanswered => Self::Unanswered,
            core::PastStanding::Answered(result) => Self::Answered { result },
            core::PastStanding::LockedOut => Self::LockedOut,
        }
    }
}
