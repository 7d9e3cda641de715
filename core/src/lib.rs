//! Countersign: the rules and formats of an authenticator for work and school accounts.
//!
//! The core decides, the host acts: nothing here sends, signs with a device's key, asks a person, waits, or reads a
//! clock. What is to be done comes out as a value, and what came of it goes in again.
//!
//! - [`authenticator`] is where a host begins: an open vault and what can be done with it. It wires all the others.
//! - [`link`] says what a scanned or pasted text is: a set-up code of ours, or another system's, with the reason why
//!   it can't work here. [`qr`] reads those texts from camera frames and pictures, and draws them.
//! - [`otp`] makes one-time codes: TOTP (RFC 6238), HOTP (RFC 4226) and Steam's.
//! - [`account`] is what a person sees of an account, and what it can do: codes, approvals, or both.
//! - [`approval`] is the step machine: setting up, looking for requests, answering with the number, changing keys. One
//!   folder for each approval system; they share how a number is judged and which addresses are trusted.
//! - [`vault`] is the file: every row sealed under a key of its own, ways in, trash, and what background checks may read.
//! - [`transfer`] brings accounts in from other apps' files, and keeps all of them in a backup.
//! - [`reason`] names every refusal. The words for each are the hosts'.
//! - [`secret`], [`entropy`] and [`clock`] are what the rest stands on: bytes that wipe themselves, randomness and time
//!   as arguments.
//!
//! ```
//! use countersign::authenticator::{Authenticator, Scanned};
//! use countersign::clock::{Now, UnixTime};
//! use countersign::entropy::SystemEntropy;
//! use countersign::vault::NewWays;
//!
//! # let folder = tempfile::tempdir()?;
//! let path = folder.path().join("vault.db");
//! let now = Now { wall: UnixTime(59), steady_ms: 0 };
//! let ways = NewWays { platform: Some(&[7; 32]), recovery: true, ..NewWays::default() };
//! let (mut core, code) = Authenticator::create(&path, &ways, Box::new(SystemEntropy::new()), now)?;
//! assert!(code.is_some(), "shown once, to be written down");
//!
//! let scanned = Scanned::read(b"otpauth://totp/Example:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
//! let added = core.add(&scanned, now)?;
//! assert_eq!(core.codes_of(&added.id, now)?.current.as_str(), "287082");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]
// Tests may: what they index is their own.
#![cfg_attr(not(test), warn(clippy::as_conversions, clippy::indexing_slicing))]

pub mod account;
pub mod approval;
pub mod authenticator;
pub mod clock;
pub mod entropy;
mod hex;
pub mod link;
mod order;
pub mod otp;
pub mod qr;
pub mod reason;
pub mod secret;
pub mod transfer;
pub mod vault;
