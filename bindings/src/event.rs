use countersign::approval::{self, KeyFailure, NetworkFailure};
use countersign::secret::Secret;

use crate::step::HttpHeader;

/// What came of a step.
#[derive(uniffi::Enum)]
pub(crate) enum Event {
    /// The server answered, with whatever status.
    Reply { reply: HttpReply },
    /// No whole answer came.
    NoReply { failure: NetworkFailure },
    /// There is a key pair: SubjectPublicKeyInfo, an uncompressed point (ANSI X9.63) or `RSAPublicKey` (PKCS #1).
    KeyCreated { public_key: Vec<u8> },
    /// ECDSA as DER or as r and s (RFC 7518, section 3.4), or RSA as it is.
    Signed { signature: Vec<u8> },
    /// The key store did not do it.
    KeyRefused { failure: KeyFailure },
    /// The person said yes or no. What was typed goes by `answer_typed` and `answer_client` instead.
    Confirmed { yes: bool },
    /// The person gave no answer, or there is nobody to ask.
    NotAnswered,
    /// The waiting is over.
    Woke,
}

/// A client id that was typed for a turn; its secret goes beside it.
#[derive(uniffi::Record)]
pub(crate) struct ClientAnswer {
    pub(crate) turn: u64,
    pub(crate) id: String,
}

/// An answer of a server, judged by the core and not by the app.
#[derive(uniffi::Record)]
pub(crate) struct HttpReply {
    /// 100 to 599.
    status: u32,
    headers: Vec<HttpHeader>,
    /// At most `max_reply_bytes`.
    body: Vec<u8>,
}

impl From<Event> for approval::Event {
    fn from(event: Event) -> Self {
        match event {
            Event::Reply { reply } => Self::Reply(reply.into()),
            Event::NoReply { failure } => Self::NoReply(failure),
            Event::KeyCreated { public_key } => Self::KeyCreated(approval::PublicKey(public_key)),
            Event::Signed { signature } => Self::Signed(approval::Signature(signature)),
            Event::KeyRefused { failure } => Self::KeyRefused(failure),
            Event::Confirmed { yes } => Self::Answered(approval::Answer::Confirmed(yes)),
            Event::NotAnswered => Self::Answered(approval::Answer::None),
            Event::Woke => Self::Woke,
        }
    }
}

impl From<HttpReply> for approval::HttpReply {
    fn from(reply: HttpReply) -> Self {
        Self {
            // No server's status: taken for one that means nothing.
            status: reply.status.try_into().unwrap_or(u16::MAX),
            headers: reply.headers.into_iter().map(|header| (header.name, header.value)).collect(),
            body: Secret::from(reply.body),
        }
    }
}

/// What was typed for a question.
pub(crate) fn typed(answer: &[u8]) -> approval::Event {
    approval::Event::Answered(approval::Answer::Typed(Secret::copy_of(answer)))
}

/// Client credentials that were typed for a question.
pub(crate) fn client(id: String, secret: &[u8]) -> approval::Event {
    approval::Event::Answered(approval::Answer::Client(approval::Client {
        id,
        secret: Secret::copy_of(secret),
    }))
}
