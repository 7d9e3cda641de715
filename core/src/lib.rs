//! Countersign: the rules and formats of an authenticator for work and school accounts.

#![forbid(unsafe_code)]

pub mod account;
pub mod approval;
pub mod authenticator;
pub mod clock;
pub mod entropy;
pub mod link;
pub mod otp;
pub mod qr;
pub mod reason;
pub mod secret;
pub mod transfer;
pub mod vault;
