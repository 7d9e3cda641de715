use countersign::approval::{self, AnswerResult, Check, Request};
use countersign::reason::Reason;

/// The end of a run.
#[derive(uniffi::Enum)]
pub(crate) enum Outcome {
    /// The account is set up; `finished` tells its id.
    Enrolled { issuer: String, account: String },
    /// The requests that wait, the newest first; may be none. `hidden`: why the server has more than can be told.
    Checked { requests: Vec<Request>, hidden: Option<Reason> },
    /// What became of a request.
    Answered { answered: Answered },
    /// The server knows the new key; `finished` tells which keys are no longer needed.
    Rotated,
    /// The server knows where to send pushes.
    PushAddressSet,
    /// The account is locked until an administrator opens it.
    LockedOut,
    /// Why a request may be missing, in the order in which the checks need each other; those after the first that failed
    /// may be missing, but for what the app told.
    Tested { checks: Vec<Check> },
    /// It was not done.
    Refused { reason: Reason },
    /// Whether it was done can't be known.
    Unknown { reason: Reason },
}

/// What became of a request that this phone answered, or meant to.
#[derive(uniffi::Record)]
pub(crate) struct Answered {
    /// The server's id of it.
    request: String,
    result: AnswerResult,
    /// Why, where it is not what was asked for.
    reason: Option<Reason>,
    /// After an answer that was not right: how many more this phone gives before the request ends here.
    tries_left: Option<u32>,
    /// After an answer that the server refused: how many more it takes before it blocks the account, where it says.
    before_block: Option<u32>,
    /// The code to type at the other screen, where the server wants that.
    display_code: Option<String>,
}

impl From<approval::Outcome> for Outcome {
    fn from(outcome: approval::Outcome) -> Self {
        match outcome {
            approval::Outcome::Enrolled(new) => Self::Enrolled { issuer: new.issuer, account: new.account },
            approval::Outcome::Checked { requests, hidden } => Self::Checked { requests, hidden },
            approval::Outcome::Answered(answered) => Self::Answered { answered: answered.into() },
            approval::Outcome::Rotated { .. } => Self::Rotated,
            approval::Outcome::PushAddressSet => Self::PushAddressSet,
            approval::Outcome::LockedOut => Self::LockedOut,
            approval::Outcome::Tested { checks } => Self::Tested { checks },
            approval::Outcome::Refused(reason) => Self::Refused { reason },
            approval::Outcome::Unknown(reason) => Self::Unknown { reason },
        }
    }
}

impl From<approval::Answered> for Answered {
    fn from(answered: approval::Answered) -> Self {
        let approval::Answered { request, result, reason, tries_left, before_block, display_code } = answered;
        let (tries_left, before_block) = (tries_left.map(u32::from), before_block.map(u32::from));
        Self { request, result, reason, tries_left, before_block, display_code }
    }
}
