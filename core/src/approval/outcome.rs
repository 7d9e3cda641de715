//! How flows end.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::account::Registration;
use crate::clock::UnixTime;
use crate::reason::Reason;

/// The end of a flow.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The account is set up.
    Enrolled(Enrolled),
    /// The requests that wait, the newest first.
    Checked {
        /// May be empty.
        requests: Vec<Request>,
        /// Why the server has more that waits than can be told.
        hidden: Option<Reason>,
    },
    /// What became of a request.
    Answered(Answered),
    /// The server knows the new key; the registration holds it.
    Rotated {
        /// To keep instead of the old one.
        registration: Registration,
    },
    /// The server knows where to send pushes.
    PushAddressSet,
    /// The account is locked until an administrator opens it.
    LockedOut,
    /// Why a request may be missing.
    Tested {
        /// In the order in which they need each other; those after the first that failed may be missing, but for what the
        /// host told.
        checks: Vec<Check>,
    },
    /// It was not done, for a reason.
    Refused(Reason),
    /// Whether it was done can't be known, for a reason.
    Unknown(Reason),
}

/// A new registration.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// What the account keeps.
    pub registration: Registration,
    /// Who the account is with, cleaned.
    pub issuer: String,
    /// The account name, cleaned.
    pub account: String,
}

/// A sign-in that waits for an answer. The offered numbers are not in it: a number is typed, not picked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The server's id of it.
    pub id: String,
    /// What is signed in to, as the server calls it, cleaned; empty where it does not say.
    pub application: String,
    /// Whose sign-in it is, as the server calls it, cleaned; empty where it does not say.
    pub account: String,
    /// The server's own words, cleaned; empty where it has none.
    pub question: String,
    /// When it was asked, by this device's clock. `None` where the server does not say.
    pub asked_at: Option<UnixTime>,
    /// When this device saw it first, by its clock, where the server lists it and does not say when it was asked.
    pub seen_at: Option<UnixTime>,
    /// When its time is over, by this device's clock. With `seen_at` a guess, which a look moves on while the server still
    /// lists the request: 120 s after the first sight, or 30 s after the last look where that is later.
    pub expires_at: UnixTime,
    /// What an approval needs.
    pub answer: AnswerKind,
    /// Whether the server takes a reason with a decline.
    pub takes_decline_reason: bool,
    /// Where the sign-in comes from, as the server tells it, cleaned: address, browser, system. `None` where it does
    /// not say.
    pub from: Option<String>,
}

impl Request {
    /// The order in which requests are listed, whatever account they are of: the newest first.
    #[must_use]
    pub fn newest_first(&self, other: &Self) -> Ordering {
        let age = |request: &Self| (request.asked_at.or(request.seen_at), request.expires_at);
        age(other).cmp(&age(self))
    }
}

/// What an approval needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnswerKind {
    /// The number that the other screen shows.
    Number,
    /// The letters that the other screen shows.
    Text,
    /// The PIN that the other screen shows.
    Pin {
        /// In characters.
        length: u32,
    },
    /// One of an organisation's own words.
    Choice {
        /// To pick from, cleaned.
        words: Vec<String>,
    },
    /// Yes or no.
    None,
    /// Something that this app can't ask for: such a request can only be declined, so that it is in no other's way.
    Unsupported {
        /// Why.
        reason: Reason,
    },
}

/// What became of a request that this phone answered, or meant to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The server's id of it.
    pub request: String,
    /// What became of it.
    pub result: AnswerResult,
    /// Why, where it is not what was asked for.
    pub reason: Option<Reason>,
    /// After an answer that was not right: how many more this phone gives before the request ends here.
    pub tries_left: Option<u8>,
    /// After an answer that the server refused: how many more it takes before it blocks the account, where it says.
    pub before_block: Option<u8>,
    /// The code to type at the other screen, where the server wants that.
    pub display_code: Option<String>,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AnswerResult {
    /// The server took the approval.
    Approved,
    /// The server took the decline; with `NoDecline` as the reason there is no server that takes any, and the request has
    /// ended here alone.
    Declined,
    /// Its time was over.
    Expired,
    /// It waits no more, and this phone has not ended it: somebody else has, or another phone, or its time was over where
    /// the server tells no time.
    AnsweredElsewhere,
    /// The answer was not right. With tries left the request still waits; with none it has ended here.
    WrongAnswer,
    /// An answer was sent and it can't be known what became of it.
    Unknown,
}

/// One thing that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub kind: CheckKind,
    /// Why it does not work; also what to know where it does, or where nobody can tell.
    pub reason: Option<Reason>,
    /// Whether it works; `None` where nobody can tell, and of clocks that differ where approvals make up for it.
    pub works: Option<bool>,
    /// Of the clock: seconds that the server is ahead of this device. Of requests: how many wait. Both where known.
    pub figure: Option<i64>,
}

impl Check {
    pub(super) const fn works(kind: CheckKind) -> Self {
        Self { kind, reason: None, works: Some(true), figure: None }
    }

    pub(super) const fn fails(kind: CheckKind, reason: Reason) -> Self {
        Self { kind, reason: Some(reason), works: Some(false), figure: None }
    }

    pub(super) const fn unknown(kind: CheckKind, reason: Reason) -> Self {
        Self { kind, reason: Some(reason), works: None, figure: None }
    }
}

/// What a self-test looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CheckKind {
    /// What this phone keeps for the account: the device key signs, a shared secret can be read.
    Key,
    /// This device has a network.
    Network,
    /// The server answers.
    Server,
    /// The clocks agree to within half a minute.
    Clock,
    /// The server takes the organisation's client credentials.
    Client,
    /// The server knows this device, and has not locked the account.
    Registration,
    /// Requests that wait.
    Requests,
    /// Whether a request may be on another phone of the same account.
    OtherPhone,
    /// The app may show notifications.
    Notifications,
    /// The app may look in the background.
    Background,
}
