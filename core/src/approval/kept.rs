//! What outlives a flow and goes into the next one: kept by the vault, in the same transaction as the flow.

use serde::{Deserialize, Serialize};

use crate::clock::{ClockOffset, UnixTime};
use crate::reason::Reason;
use crate::secret::Secret;

/// What one account knows of its server between flows. All of it can be lost without harm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// How far the server's clock is ahead, once measured.
    pub offset: Option<ClockOffset>,
    /// When that was, to the hour, by this device's clock. Not kept by earlier versions.
    #[serde(default)]
    pub measured_at: Option<UnixTime>,
    /// An access token that may still be good.
    pub token: Option<AccessToken>,
    /// When requests were first seen, for systems that do not tell when they end.
    pub seen: Vec<Seen>,
    /// This phone had the server lock the account, and has seen no request since.
    #[serde(default)]
    pub locked_out: bool,
}

/// An access token (RFC 6749), bound to a device key (RFC 9449).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// The token.
    pub value: Secret,
    /// The key that it is bound to.
    pub key_id: String,
    /// By the server's clock.
    pub expires_at: UnixTime,
}

/// A request and when it was first seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The server's id of it.
    pub request: String,
    /// By this device's clock.
    pub at: UnixTime,
}

/// What this phone did about one request, kept across processes until the request's time is long over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRecord {
    /// The server's id of it.
    pub request: String,
    /// Answers that were not right.
    pub tries_used: u8,
    /// The answer that was sent without learning what became of it: another one is a second try.
    pub unsettled: Option<Secret>,
    /// A decline may have been sent.
    #[serde(default)]
    pub is_declining: bool,
    /// Set once the request can't be answered here again.
    pub ended: Option<Ended>,
    /// By this device's clock; not known before the request was seen.
    pub expires_at: Option<UnixTime>,
}

impl RequestRecord {
    /// Of a request about which nothing was done yet.
    #[must_use]
    pub fn new(request: &str) -> Self {
        Self {
            request: request.to_owned(),
            tries_used: 0,
            unsettled: None,
            is_declining: false,
            ended: None,
            expires_at: None,
        }
    }

    /// Whether the request was never seen and nothing was sent about it: an id that somebody made up.
    pub(crate) const fn is_of_nothing(&self) -> bool {
        self.expires_at.is_none()
            && self.tries_used == 0
            && self.unsettled.is_none()
            && !self.is_declining
            && matches!(self.ended, None | Some(Ended::Gone))
    }
}

/// How a request ended here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ended {
    /// The server took the approval.
    Approved,
    /// The person declined, or two answers were not right; also when that could not be sent.
    Declined {
        /// Where it was not the person's own wish.
        reason: Option<Reason>,
    },
    /// It went away: its time was over, or somebody else ended it.
    Gone,
}
