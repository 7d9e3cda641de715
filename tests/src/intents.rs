//! What a person does about a sign-in that is answered by yes or no.

use countersign::approval::Decision;

/// What a person means to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Approves.
    Approves,
    /// Would approve, but is not the right person.
    IsSomebodyElse,
    /// Declines.
    Declines,
    /// Leaves it.
    Nothing,
}

/// To pick from: half of all are approved.
pub const INTENTS: [Intent; 6] = [
    Intent::Approves,
    Intent::Approves,
    Intent::Approves,
    Intent::IsSomebodyElse,
    Intent::Declines,
    Intent::Nothing,
];

impl Intent {
    /// What is tapped; `None`: nothing.
    #[must_use]
    pub const fn decision(self) -> Option<Decision> {
        match self {
            Self::Nothing => None,
            Self::Declines => Some(Decision::Decline { reason: None }),
            Self::Approves | Self::IsSomebodyElse => Some(Decision::Approve { given: None }),
        }
    }
}
