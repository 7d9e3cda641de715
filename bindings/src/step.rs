use countersign::account;
use countersign::approval::{self, KeyProtection, Method, Request, Why};
use countersign::link;
use countersign::secret::Secret;

use crate::outcome::Outcome;

/// One step of a run, with its number: 1 for the first, one more for each that follows. The number is handed back
/// with the event, so that a late or doubled event is told from the awaited one.
#[derive(uniffi::Record)]
pub(crate) struct Turn {
    number: u64,
    step: Step,
}

/// What the app does next.
#[derive(uniffi::Enum)]
pub(crate) enum Step {
    /// Send this once, follow no redirect, keep no cookie: `Event.Reply` or `Event.NoReply`.
    Send { request: HttpRequest },
    /// Make a key pair under this name, or take the one that is there: `Event.KeyCreated` or `Event.KeyRefused`.
    CreateKey { request: KeyRequest },
    /// Sign these bytes: `Event.Signed` or `Event.KeyRefused`.
    Sign { request: SignRequest },
    /// Ask the person: `Event.Confirmed`, `answer_typed` or `answer_client`, or `Event.NotAnswered`.
    Ask { question: Question },
    /// Come back after so many milliseconds, at most a minute: `Event.Woke`.
    Wait { ms: u64 },
    /// The end.
    Done { outcome: Outcome },
}

/// An HTTP request to carry out as it stands. It belongs in no log.
#[derive(uniffi::Record)]
pub(crate) struct HttpRequest {
    method: Method,
    /// Absolute.
    url: String,
    headers: Vec<HttpHeader>,
    body: Option<Vec<u8>>,
    /// From the first connection attempt to the last byte.
    timeout_ms: u64,
    /// A longer answer is given up as `NetworkFailure.TooLarge`, without reading it to its end.
    max_reply_bytes: u64,
}

/// One header of a request or a reply.
#[derive(uniffi::Record)]
pub(crate) struct HttpHeader {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// A key pair to make.
#[derive(uniffi::Record)]
pub(crate) struct KeyRequest {
    /// The name to keep it under: letters, digits and `-`.
    key_id: String,
    algorithm: KeyAlgorithm,
    protection: KeyProtection,
}

/// Signature algorithms of device keys (RFC 7518, section 3.1).
#[derive(uniffi::Enum)]
pub(crate) enum KeyAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256; 2048, 3072 or 4096 bits.
    Rs256 { bits: u32 },
}

/// Bytes to sign with the key's own algorithm; the hash is made by the signer.
#[derive(uniffi::Record)]
pub(crate) struct SignRequest {
    key_id: String,
    algorithm: KeyAlgorithm,
    bytes: Vec<u8>,
    /// For a prompt, where the key store shows one.
    why: Why,
}

/// What a person is asked.
#[derive(uniffi::Enum)]
pub(crate) enum Question {
    /// Is this the right server? Before anything is sent to it. What the link calls the organisation proves nothing;
    /// `system` is the name of the approval system.
    /// `Event.Confirmed`.
    Trust { origin: Origin, organisation: Option<String>, system: String },
    /// The client id, where it is not known yet, and secret of the organisation; `refused`: those given the last time
    /// were not taken. `answer_client`.
    Client { origin: Origin, id: Option<String>, refused: bool },
    /// The number, letters, word or PIN that the other screen shows. `tries_left` counts this one; `missed`: the last
    /// one was not right. `answer_typed`.
    Answer { request: Request, tries_left: u32, missed: bool },
    /// Is it you? Right before an approval; by the app's own lock. `Event.Confirmed`.
    Presence { request: Request },
    /// The account will be locked until an administrator opens it. `Event.Confirmed`.
    LockOut,
}

/// A server: what a person confirms before the first byte goes out.
#[derive(uniffi::Record)]
pub(crate) struct Origin {
    /// Scheme, host, port and path, in ASCII: shown as it is.
    text: String,
    host: String,
    port: u32,
    /// Spoken to without TLS, which is so on this machine only.
    plain_http: bool,
}

impl From<approval::Turn> for Turn {
    fn from(turn: approval::Turn) -> Self {
        Self { number: turn.number, step: turn.step.into() }
    }
}

impl From<approval::Step> for Step {
    fn from(step: approval::Step) -> Self {
        match step {
            approval::Step::Send(request) => Self::Send { request: request.into() },
            approval::Step::CreateKey(approval::KeyRequest { key_id, algorithm, protection }) => {
                Self::CreateKey { request: KeyRequest { key_id, algorithm: algorithm.into(), protection } }
            }
            approval::Step::Sign(approval::SignRequest { key_id, algorithm, bytes, why }) => {
                // EXPOSE: the app's key store signs them.
                let bytes = bytes.expose().to_vec();
                Self::Sign { request: SignRequest { key_id, algorithm: algorithm.into(), bytes, why } }
            }
            approval::Step::Ask(question) => Self::Ask { question: question.into() },
            approval::Step::Wait { ms } => Self::Wait { ms },
            approval::Step::Done(outcome) => Self::Done { outcome: outcome.into() },
        }
    }
}

impl From<approval::HttpRequest> for HttpRequest {
    fn from(request: approval::HttpRequest) -> Self {
        Self {
            method: request.method,
            url: request.url,
            headers: request.headers.into_iter().map(header).collect(),
            // EXPOSE: the app sends it.
            body: request.body.map(|body| body.expose().to_vec()),
            timeout_ms: request.timeout_ms,
            max_reply_bytes: request.max_reply_bytes as u64,
        }
    }
}

fn header((name, value): (&str, Secret)) -> HttpHeader {
    // EXPOSE: the app sends it. It is visible ASCII.
    HttpHeader { name: name.to_owned(), value: String::from_utf8_lossy(value.expose()).into_owned() }
}

impl From<account::KeyAlgorithm> for KeyAlgorithm {
    fn from(algorithm: account::KeyAlgorithm) -> Self {
        match algorithm {
            account::KeyAlgorithm::Es256 => Self::Es256,
            account::KeyAlgorithm::Rs256 { bits } => Self::Rs256 { bits: bits.into() },
        }
    }
}

impl From<approval::Question> for Question {
    fn from(question: approval::Question) -> Self {
        match question {
            approval::Question::Trust { origin, organisation, system } => Self::Trust {
                origin: (&origin).into(),
                organisation,
                system: system.names().title.to_owned(),
            },
            approval::Question::Client { origin, id, refused } => {
                Self::Client { origin: (&origin).into(), id, refused }
            }
            approval::Question::Answer { request, tries_left, missed } => {
                Self::Answer { request, tries_left: tries_left.into(), missed }
            }
            approval::Question::Presence { request } => Self::Presence { request },
            approval::Question::LockOut => Self::LockOut,
        }
    }
}

impl From<&link::Origin> for Origin {
    fn from(origin: &link::Origin) -> Self {
        let (host, port) = (origin.host().to_owned(), origin.port().into());
        Self { text: origin.to_string(), host, port, plain_http: origin.is_plain_http() }
    }
}
