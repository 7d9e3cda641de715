//! What a flow asks of its host, and what the host tells back.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::outcome::{Outcome, Request};
use crate::account::{KeyAlgorithm, System};
use crate::link::Origin;
use crate::secret::Secret;

/// One step of a flow with its number: 1 for the first, one more for each that follows.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Handed back with the event, so that a late or doubled event is told from the awaited one.
    pub number: u64,
    /// What to do now.
    pub step: Step,
}

/// What the host does next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Send this once, follow no redirect, keep no cookie: [`Event::Reply`] or [`Event::NoReply`].
    Send(HttpRequest),
    /// Make a key pair under this name, or take the one that is there: [`Event::KeyCreated`] or
    /// [`Event::KeyRefused`].
    CreateKey(KeyRequest),
    /// Sign these bytes: [`Event::Signed`] or [`Event::KeyRefused`].
    Sign(SignRequest),
    /// Ask the person, or answer by what was said before: [`Event::Answered`].
    Ask(Question),
    /// Come back after so many milliseconds: [`Event::Woke`].
    Wait {
        /// At most a minute.
        ms: u64,
    },
    /// The end.
    Done(Outcome),
}

/// What came of a step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Event {
    /// The server answered, with whatever status.
    Reply(HttpReply),
    /// No whole answer came.
    NoReply(NetworkFailure),
    /// The public half of the new key.
    KeyCreated(PublicKey),
    /// The signature.
    Signed(Signature),
    /// The key store did not do it.
    KeyRefused(KeyFailure),
    /// What the person said.
    Answered(Answer),
    /// The waiting is over.
    Woke,
}

/// An HTTP request to carry out as it stands.
#[derive(Clone)]
pub struct HttpRequest {
    /// `GET`, `POST` or `PUT`.
    pub method: Method,
    /// Absolute. May hold a capability or a signature: it belongs in no log.
    pub url: String,
    /// Names and values; visible ASCII and spaces.
    pub headers: Vec<(&'static str, Secret)>,
    /// The body, of the type that the headers name.
    pub body: Option<Secret>,
    /// From the first connection attempt to the last byte.
    pub timeout_ms: u64,
    /// A longer answer is given up as [`NetworkFailure::TooLarge`], without reading it to its end.
    pub max_reply_bytes: usize,
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

/// The methods that are used (RFC 9110, section 9.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Enrols, answers, asks for a token.
    Post,
    /// Replaces a key or an address.
    Put,
}

impl Method {
    /// As it stands in the request line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// An answer of a server, judged here and not by the host.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HttpReply {
    /// 100 to 599.
    pub status: u16,
    /// Names in any case. All may be given; few are kept.
    pub headers: Vec<(String, String)>,
    /// At most `max_reply_bytes`.
    pub body: Secret,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NetworkFailure {
    /// The device has no network. Nothing was sent.
    Offline,
    /// The host name is not known. Nothing was sent.
    NameUnknown,
    /// No connection came about. Nothing was sent.
    NotConnected,
    /// TLS did not come about, or the certificate is not trusted. Nothing was sent.
    TlsFailed,
    /// The time was over. The request may have arrived.
    TimedOut,
    /// The connection broke off. The request may have arrived.
    Cut,
    /// The answer was longer than allowed. The request has arrived.
    TooLarge,
    /// The app ended while this was under way. The request may have arrived.
    Interrupted,
}

/// A key pair to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRequest {
    /// The name to keep it under: letters, digits and `-`.
    pub key_id: String,
    /// What it will sign with.
    pub algorithm: KeyAlgorithm,
    /// When it must be usable.
    pub protection: KeyProtection,
}

/// When a device key can be used. Whether the right person is there is asked apart from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyProtection {
    /// Also while the device is locked: looking in the background needs it.
    Background,
    /// Only while the device is unlocked.
    DeviceUnlocked,
}

/// A public key from the host: SubjectPublicKeyInfo (RFC 5280), an uncompressed point (ANSI X9.63) or
/// `RSAPublicKey` (PKCS #1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey(pub Vec<u8>);

/// Bytes to sign with the key's own algorithm; the hash is made by the signer.
#[derive(Clone)]
pub struct SignRequest {
    /// The name that the key is kept under.
    pub key_id: String,
    /// The algorithm of that key.
    pub algorithm: KeyAlgorithm,
    /// What is signed.
    pub bytes: Secret,
    /// For a prompt, where the key store shows one.
    pub why: Why,
}

impl fmt::Debug for SignRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignRequest")
            .field("key_id", &self.key_id)
            .field("algorithm", &self.algorithm)
            .field("why", &self.why)
            .finish_non_exhaustive()
    }
}

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// To show the server that a call comes from this device.
    Call,
    /// To set up the account.
    Enrol,
    /// To approve a sign-in.
    Approve,
    /// To decline a sign-in.
    Decline,
    /// To see whether the key works.
    Test,
}

/// ECDSA as DER or as r and s (RFC 7518, section 3.4), or RSA as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature(pub Vec<u8>);

/// Why the key store did not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyFailure {
    /// There is no such key, or it was made unusable for good.
    Gone,
    /// Not while the device is locked.
    Locked,
    /// The person stopped it.
    Cancelled,
    /// The key store can't do this, or failed.
    Failed,
}

/// What a person is asked.
#[derive(Clone, Debug)]
pub enum Question {
    /// Is this the right server? Before anything is sent to it. [`Answer::Confirmed`].
    Trust {
        /// Shown as it is: ASCII.
        origin: Origin,
        /// What the link calls the organisation; it proves nothing.
        organisation: Option<String>,
        /// The system that will be spoken to.
        system: System,
    },
    /// The client id and secret of the organisation. [`Answer::Client`].
    Client {
        /// Whose.
        origin: Origin,
        /// The id that is already known.
        id: Option<String>,
        /// Those given the last time were refused.
        refused: bool,
    },
    /// The number, letters, word or PIN that the other screen shows. [`Answer::Typed`].
    Answer {
        /// What is answered.
        request: Request,
        /// How many tries there are, this one included.
        tries_left: u8,
        /// The last one was not right.
        missed: bool,
    },
    /// Is it you? Right before an approval; by the host's own lock. [`Answer::Confirmed`].
    Presence {
        /// What is about to be approved.
        request: Request,
    },
    /// The account will be locked until an administrator opens it. [`Answer::Confirmed`].
    LockOut,
}

impl Question {
    /// The request that it is about.
    pub(crate) const fn request(&self) -> Option<&Request> {
        match self {
            Self::Answer { request, .. } | Self::Presence { request } => Some(request),
            Self::Trust { .. } | Self::Client { .. } | Self::LockOut => None,
        }
    }
}

/// What a person said.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Answer {
    /// Yes or no.
    Confirmed(bool),
    /// A client id and secret.
    Client(Client),
    /// A number, letters, a word, a PIN, as typed.
    Typed(Secret),
    /// No answer, or nobody to ask.
    None,
}

/// OAuth client credentials (RFC 6749, section 2.3.1), the same for all phones of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The client id.
    pub id: String,
    /// The client secret.
    pub secret: Secret,
}

/// Longest answer that is taken from a person, in bytes.
pub const MAX_TYPED: usize = 1024;
/// Longest public key or signature that is taken from a host, in bytes.
const MAX_KEY: usize = 4096;

impl Step {
    /// Whether `event` is one of those that this step waits for.
    #[must_use]
    pub fn awaits(&self, event: &Event) -> bool {
        match (self, event) {
            (Self::Send(_), Event::Reply(_) | Event::NoReply(_))
            | (Self::CreateKey(_) | Self::Sign(_), Event::KeyRefused(_))
            | (Self::Wait { .. }, Event::Woke) => true,
            (Self::CreateKey(_), Event::KeyCreated(PublicKey(bytes)))
            | (Self::Sign(_), Event::Signed(Signature(bytes))) => bytes.len() <= MAX_KEY,
            (Self::Ask(question), Event::Answered(answer)) => question.takes(answer),
            _ => false,
        }
    }
}

impl Question {
    fn takes(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (_, Answer::None)
            | (Self::Trust { .. } | Self::Presence { .. } | Self::LockOut, Answer::Confirmed(_)) => true,
            (Self::Client { .. }, Answer::Client(Client { id, secret })) => {
                id.len() <= MAX_TYPED && secret.len() <= MAX_TYPED
            }
            (Self::Answer { .. }, Answer::Typed(text)) => text.len() <= MAX_TYPED,
            _ => false,
        }
    }
}

impl NetworkFailure {
    /// Whether the server may have got the request.
    #[must_use]
    pub const fn may_have_arrived(self) -> bool {
        matches!(self, Self::TimedOut | Self::Cut | Self::TooLarge | Self::Interrupted)
    }
}
