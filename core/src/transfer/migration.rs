//! The protocol buffers of Google Authenticator's `otpauth-migration://offline?data=`, read and written.

use prost::Message;
use prost::bytes::Bytes;

/// What one code holds.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Payload {
    #[prost(message, repeated, tag = "1")]
    pub(super) entries: Vec<Parameters>,
    #[prost(int32, tag = "2")]
    pub(super) version: i32,
    #[prost(int32, tag = "3")]
    pub(super) batch_size: i32,
    #[prost(int32, tag = "4")]
    pub(super) batch_index: i32,
    #[prost(int32, optional, tag = "5")]
    pub(super) batch_id: Option<i32>,
}

/// One account. `algorithm`: 1 SHA-1, 2 SHA-256, 3 SHA-512, 4 MD5; `digits`: 1 six, 2 eight; `kind`: 1 HOTP, 2 TOTP; 0 is
/// the default of each.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Parameters {
    /// Read and written without a second copy, so that it can be wiped.
    #[prost(bytes = "bytes", tag = "1")]
    pub(super) secret: Bytes,
    #[prost(string, tag = "2")]
    pub(super) name: String,
    #[prost(string, tag = "3")]
    pub(super) issuer: String,
    #[prost(int32, tag = "4")]
    pub(super) algorithm: i32,
    #[prost(int32, tag = "5")]
    pub(super) digits: i32,
    #[prost(int32, tag = "6")]
    pub(super) kind: i32,
    #[prost(int64, tag = "7")]
    pub(super) counter: i64,
    #[prost(string, tag = "8")]
    pub(super) unique_id: String,
}
