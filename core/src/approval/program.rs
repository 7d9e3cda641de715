//! The procedures by name, and what each is given.

use serde::{Deserialize, Serialize};

use super::io::{Io, LOOK_MS, Run, refuse};
use super::kept::RequestRecord;
use super::outcome::{Outcome, Request};
use super::step::Client;
use super::{abilities, answer, check, dialect, self_test};
use crate::account::Registration;
use crate::clock::UnixTime;
use crate::link::{Origin, SignInLink};
use crate::reason::Reason;
use crate::secret::Secret;

/// What an enrolment is given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The set-up code as it was scanned.
    pub code: Secret,
    /// A client id that was given for this account; goes before the link's own.
    pub client_id: Option<String>,
    /// A client secret that was given for this account; goes before the link's own.
    pub client_secret: Option<Secret>,
    /// The credentials of the organisation with exactly this origin.
    pub organisation: Option<Client>,
    /// How this device calls itself.
    pub device: DeviceInfo,
    /// Whether `http:` to this machine is allowed: for tests and the practice site.
    pub allow_plain_http: bool,
}

/// How a device calls itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// Its name, e.g. `Pixel 8`; something random is added. Shown on the server's account page.
    pub label: String,
    /// `android`, `ios` or `cli`.
    pub kind: String,
    /// Bits of an RSA key, where the server takes no other: 2048, 3072 or 4096.
    pub rsa_bits: u16,
}

/// Which request, and what to do with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnswerRequest {
    /// The server's id of it.
    pub request: String,
    /// Yes or no.
    pub decision: Decision,
}

/// Yes or no.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Decision {
    /// Approve, with the answer that was given, or asking for it where one is needed.
    Approve {
        /// An answer given before the flow: when it is not right the flow ends and says how many tries are left.
        given: Option<Given>,
    },
    /// Decline; the reason is sent where the server takes one.
    Decline {
        /// Why.
        reason: Option<DeclineReason>,
    },
}

impl Decision {
    /// Why it is a decline, where that was said.
    #[must_use]
    pub const fn decline_reason(&self) -> Option<DeclineReason> {
        match self {
            Self::Decline { reason } => *reason,
            Self::Approve { .. } => None,
        }
    }
}

/// An answer given before the flow.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Given {
    /// A number or a PIN; does not fit a request for letters or words.
    Number(Secret),
    /// Whatever the request wants.
    Any(Secret),
}

/// Why a person declines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeclineReason {
    /// "It was not me."
    NotMe,
    /// "It was me, but I don't want to go on."
    Cancelled,
}

/// Where pushes go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PushAddress {
    /// Nowhere: the phone looks by itself.
    None,
    /// Firebase Cloud Messaging.
    Fcm {
        /// The registration token.
        token: Secret,
    },
    /// UnifiedPush.
    UnifiedPush {
        /// The endpoint.
        endpoint: Secret,
    },
}

/// Longest push address that is taken, in bytes, as by the Push MFA extension of Keycloak.
const MAX_PUSH_ADDRESS: usize = 2048;

impl PushAddress {
    /// Whether it can be one: a registration token is visible ASCII, an endpoint an `https:` address. Plain HTTP is for
    /// endpoints on this machine, of an account whose own server is spoken to so.
    fn fits(&self, registration: &Registration) -> bool {
        let address = match self {
            Self::None => return true,
            Self::Fcm { token: address } | Self::UnifiedPush { endpoint: address } => address,
        };
        // EXPOSE: its spelling is looked at.
        let address = address.expose_str().unwrap_or_default();
        let is_spelt = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let is_address = |text: &str| {
            Origin::of_server(text)
                .is_ok_and(|origin| !origin.is_plain_http() || registration.origin.is_plain_http())
        };
        address.len() <= MAX_PUSH_ADDRESS
            && is_spelt(address)
            && (matches!(self, Self::Fcm { .. }) || is_address(address))
    }
}

/// What a self-test can't see by itself. `None`: the host does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostFacts {
    /// Whether the device has a network.
    pub online: Option<bool>,
    /// Whether the app may show notifications.
    pub notifications: Option<bool>,
    /// Whether the app may look in the background as often as it asks to.
    pub background: Option<bool>,
}

/// A procedure with what it was given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Program {
    Enrol(Box<EnrolRequest>),
    Check {
        registration: Registration,
    },
    Answer {
        registration: Registration,
        request: AnswerRequest,
        record: RequestRecord,
        /// The request itself, where it was scanned.
        #[serde(default)]
        scanned: Option<SignInLink>,
    },
    RotateKey {
        registration: Registration,
    },
    SetPushAddress {
        registration: Registration,
        address: PushAddress,
    },
    LockOut {
        registration: Registration,
    },
    SelfTest {
        registration: Registration,
        host: HostFacts,
        ended: Vec<String>,
    },
}

impl Program {
    pub(super) const fn registration(&self) -> Option<&Registration> {
        match self {
            Self::Enrol(_) => None,
            Self::Check { registration }
            | Self::Answer { registration, .. }
            | Self::RotateKey { registration }
            | Self::SetPushAddress { registration, .. }
            | Self::LockOut { registration }
            | Self::SelfTest { registration, .. } => Some(registration),
        }
    }

    pub(super) const fn record(&self) -> Option<&RequestRecord> {
        if let Self::Answer { record, .. } = self { Some(record) } else { None }
    }

    pub(super) const fn decision(&self) -> Option<&Decision> {
        if let Self::Answer { request, .. } = self { Some(&request.decision) } else { None }
    }

    /// The request itself as it is at `now`, where it was scanned.
    pub(super) fn scanned_request(&self, now: UnixTime) -> Option<Request> {
        let Self::Answer { registration, scanned: Some(link), .. } = self else { return None };
        abilities::scanned_request(registration, link, now)
    }

    pub(super) fn run(&self, io: &mut Io<'_>) -> Run<Outcome> {
        io.longest_ms = matches!(self, Self::Check { .. } | Self::SelfTest { .. }).then_some(LOOK_MS);
        match self {
            Self::Enrol(request) => dialect::enrol(io, request),
            Self::Check { registration } => check::run(io, registration),
            Self::Answer { registration, request, scanned, .. } => {
                answer::run(io, registration, request, scanned.as_ref())
            }
            Self::RotateKey { registration } => dialect::open(registration)?.rotate_key(io),
            Self::SetPushAddress { registration, address } if address.fits(registration) => {
                dialect::open(registration)?.set_push_address(io, address)
            }
            Self::SetPushAddress { .. } => refuse(Reason::PushAddressUnusable),
            Self::LockOut { registration } => {
                let outcome = dialect::open(registration)?.lock_out(io)?;
                io.kept.context.locked_out = matches!(outcome, Outcome::LockedOut);
                Ok(outcome)
            }
            Self::SelfTest { registration, host, ended } => self_test::run(io, registration, *host, ended),
        }
    }
}
