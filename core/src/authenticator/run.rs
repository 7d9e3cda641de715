//! A run as it is kept: a flow with whom it belongs to.

use serde::{Deserialize, Serialize};

use crate::approval::{AnswerResult, Flow, Outcome, Step};
use crate::clock::Now;

/// After so many milliseconds without a turn, a run of another process counts as ended.
const LEASE_MS: u64 = 120_000;

/// A clock may have been read so many milliseconds before a turn that another process has kept since.
const READ_EARLIER_MS: u64 = 60_000;

/// A request to a server that is longer under way than this may be one of a process that was killed.
const ON_ITS_WAY_MS: u64 = 5_000;

/// A run as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) flow: Flow,
    pub(super) account: Option<String>,
    /// Device keys that no account has yet. Beside the flow, so that another version of the app can name them.
    pub(super) keys: Vec<String>,
    /// Who goes on with it: random, new at each resumption. A process that has slept too long finds another's here.
    pub(super) owner: String,
    /// Whether it changes the account's key: at most one such an account.
    pub(super) changes_key: bool,
    /// Whether it changes nothing at the server: after a kill it is simply begun anew.
    pub(super) only_looks: bool,
    /// When the last turn was handed out, by the steady clock.
    pub(super) renewed_ms: u64,
}

/// What of a stored run every version of the app can read.
#[derive(Deserialize)]
pub(super) struct Envelope {
    #[serde(default)]
    pub(super) account: Option<String>,
    #[serde(default)]
    pub(super) keys: Vec<String>,
    #[serde(default)]
    pub(super) owner: String,
    /// Long ago where it is not told: such a run can be given up.
    #[serde(default)]
    pub(super) renewed_ms: u64,
}

impl Run {
    /// Whether an answer of it may be on its way at this moment, also while it signs a second try.
    pub(super) fn is_sending(&self, now: Now) -> bool {
        let is_new = now.steady_ms.saturating_sub(self.renewed_ms) < ON_ITS_WAY_MS;
        let may_be_sent =
            self.flow.record().is_some_and(|record| record.unsettled.is_some() || record.is_declining);
        is_new && (may_be_sent || matches!(self.flow.current().step, Step::Send(_)))
    }

    /// Whether the server has said that it took the answer.
    pub(super) fn is_settled(&self) -> bool {
        let Step::Done(Outcome::Answered(answered)) = &self.flow.current().step else { return false };
        matches!(answered.result, AnswerResult::Approved | AnswerResult::Declined)
    }

    /// The request that it answers.
    pub(super) fn request(&self) -> Option<&str> {
        self.flow.record().map(|record| record.request.as_str())
    }

    pub(super) fn is_alive(&self, now: Now) -> bool {
        is_alive(self.renewed_ms, now)
    }
}

impl Envelope {
    /// Whether a process of another version may be at it.
    pub(super) fn is_alive(&self, now: Now) -> bool {
        is_alive(self.renewed_ms, now)
    }
}

fn is_alive(renewed_ms: u64, now: Now) -> bool {
    match now.steady_ms.checked_sub(renewed_ms) {
        Some(idle) => idle < LEASE_MS,
        // Another process went on after this one had read the clock. A steady clock that stands long before the last
        // turn is that of another start of the device.
        None => renewed_ms - now.steady_ms < READ_EARLIER_MS,
    }
}
