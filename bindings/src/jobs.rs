use std::sync::Arc;

use countersign::approval::{self, DeclineReason, HostFacts};
use countersign::authenticator as core;
use countersign::secret::Secret;

use crate::scan::Scanned;

/// Bits of the RSA keys that are made for servers that take no other kind.
const RSA_BITS: u16 = 3072;

/// Something to do with a server. Accounts are named by id.
#[derive(uniffi::Enum)]
pub(crate) enum Job {
    /// Set up the account of a scanned code. The device calls itself by a label, e.g. `Pixel 8`, which the server's
    /// account page shows, and by its kind, `android` or `ios`. Plain HTTP is to this machine only, in test builds.
    Enrol { scanned: Arc<Scanned>, device_label: String, device_kind: String, allow_plain_http: bool },
    /// Look for requests.
    Check { account: String },
    /// Approve a request, named by the server's id of it. The run asks for what the server wants to be typed.
    Approve { account: String, request: String },
    /// Decline a request. The reason is sent where the server takes one.
    Decline { account: String, request: String, reason: Option<DeclineReason> },
    /// Approve a sign-in that was scanned, by one of the accounts of `scanned_requests`.
    ApproveScanned { account: String, scanned: Arc<Scanned> },
    /// Decline it. No server is told, as the systems that have such codes take no decline: it is declined here, with
    /// `NoDecline` as the outcome's reason, and can't be approved here any more. The person's reason stands in the history.
    DeclineScanned { account: String, scanned: Arc<Scanned>, reason: Option<DeclineReason> },
    /// Give the account a new device key.
    RotateKey { account: String },
    /// Tell the server where pushes go.
    SetPushAddress { account: String, address: PushAddress },
    /// Lock the account at the server.
    LockOut { account: String },
    /// Look why a request may be missing.
    SelfTest { account: String, host: HostFacts },
}

/// Where pushes go.
#[derive(uniffi::Enum)]
pub(crate) enum PushAddress {
    /// Nowhere: the phone looks by itself.
    NoPush,
    /// Firebase Cloud Messaging, by its registration token.
    Fcm {
        token: String,
    },
    UnifiedPush {
        endpoint: String,
    },
}

impl Job {
    pub(crate) fn as_core(&self) -> core::Job<'_> {
        match self {
            Self::Enrol { scanned, device_label, device_kind, allow_plain_http } => {
                core::Job::Enrol(core::Enrol {
                    scanned: &scanned.core,
                    client_id: None,
                    client_secret: None,
                    device: approval::DeviceInfo {
                        label: device_label.clone(),
                        kind: device_kind.clone(),
                        rsa_bits: RSA_BITS,
                    },
                    allow_plain_http: *allow_plain_http,
                })
            }
            Self::Check { account } => core::Job::Check { account },
            Self::Approve { account, request } => {
                answer(account, request, approval::Decision::Approve { given: None })
            }
            Self::Decline { account, request, reason } => {
                answer(account, request, approval::Decision::Decline { reason: *reason })
            }
            Self::ApproveScanned { account, scanned } => core::Job::AnswerScanned {
                account,
                scanned: &scanned.core,
                decision: approval::Decision::Approve { given: None },
            },
            Self::DeclineScanned { account, scanned, reason } => core::Job::AnswerScanned {
                account,
                scanned: &scanned.core,
                decision: approval::Decision::Decline { reason: *reason },
            },
            Self::RotateKey { account } => core::Job::RotateKey { account },
            Self::SetPushAddress { account, address } => {
                core::Job::SetPushAddress { account, address: address.into() }
            }
            Self::LockOut { account } => core::Job::LockOut { account },
            Self::SelfTest { account, host } => core::Job::SelfTest { account, host: *host },
        }
    }
}

fn answer<'a>(account: &'a str, request: &str, decision: approval::Decision) -> core::Job<'a> {
    core::Job::Answer { account, request: approval::AnswerRequest { request: request.to_owned(), decision } }
}

impl From<&PushAddress> for approval::PushAddress {
    fn from(address: &PushAddress) -> Self {
        match address {
            PushAddress::NoPush => Self::None,
            PushAddress::Fcm { token } => Self::Fcm { token: Secret::copy_of(token.as_bytes()) },
            PushAddress::UnifiedPush { endpoint } => {
                Self::UnifiedPush { endpoint: Secret::copy_of(endpoint.as_bytes()) }
            }
        }
    }
}
