use std::sync::Arc;

use countersign::approval::{self, DeclineReason};
use countersign::authenticator as core;
use countersign::secret::Secret;

use crate::scan::Scanned;

/// Bits of the RSA keys that are made for servers that take no other kind.
const RSA_BITS: u16 = 3072;

/// Something to do with a server. Accounts are named by id.
#[derive(uniffi::Enum)]
pub(crate) enum Job {
    /// Set up the account of a scanned code.
    Enrol { scanned: Arc<Scanned>, device: Device },
    /// Look for requests.
    Check { account: String },
    /// Answer a request, named by the server's id of it.
    Answer { account: String, request: String, decision: Decision },
    /// Give the account a new device key.
    RotateKey { account: String },
    /// Tell the server where pushes go.
    SetPushAddress { account: String, address: PushAddress },
    /// Lock the account at the server.
    LockOut { account: String },
    /// Look at what works and what does not.
    SelfTest { account: String },
}

/// How a device calls itself.
#[derive(uniffi::Record)]
pub(crate) struct Device {
    /// Its name, e.g. `Pixel 8`; something random is added. Shown on the server's account page.
    label: String,
    /// `android` or `ios`.
    kind: String,
    /// Whether `http:` to this machine is allowed: in test builds.
    allow_plain_http: bool,
}

/// Yes or no.
#[derive(Clone, Copy, uniffi::Enum)]
pub(crate) enum Decision {
    /// The run asks for what the server wants to be typed.
    Approve,
    /// The reason is sent where the server takes one.
    Decline { reason: Option<DeclineReason> },
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
            Self::Enrol { scanned, device } => core::Job::Enrol(core::Enrol {
                scanned: scanned.core(),
                client_id: None,
                client_secret: None,
                device: device.into(),
                allow_plain_http: device.allow_plain_http,
            }),
            Self::Check { account } => core::Job::Check { account },
            Self::Answer { account, request, decision } => core::Job::Answer {
                account,
                request: approval::AnswerRequest { request: request.clone(), decision: (*decision).into() },
            },
            Self::RotateKey { account } => core::Job::RotateKey { account },
            Self::SetPushAddress { account, address } => {
                core::Job::SetPushAddress { account, address: address.into() }
            }
            Self::LockOut { account } => core::Job::LockOut { account },
            Self::SelfTest { account } => core::Job::SelfTest { account },
        }
    }
}

impl From<&Device> for approval::DeviceInfo {
    fn from(device: &Device) -> Self {
        Self { label: device.label.clone(), kind: device.kind.clone(), rsa_bits: RSA_BITS }
    }
}

impl From<Decision> for approval::Decision {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Approve => Self::Approve { given: None },
            Decision::Decline { reason } => Self::Decline { reason },
        }
    }
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
