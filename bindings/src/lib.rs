//! The library that apps carry: the facade of `countersign` for Kotlin, Swift and Python.
//!
//! Nothing is decided here. Each call locks the object, hands over to the core and turns the result into plain
//! records; types that need no turning are the core's own (`values`). What apps see is what `uniffi::export` and the
//! derives name, so nothing else is public.
//!
//! - Time is an argument: every call that depends on it takes `Now`.
//! - What must stay secret for long (passwords, keys, set-up texts) goes in as a byte slice of its own, which the
//!   caller overwrites afterwards, and comes out as bytes only where the person asked for it. No record and no error
//!   holds any.
//! - Reading a picture may have Rust write "thread … panicked at …" to standard error: the library that finds QR codes
//!   panics at some pictures that hold none. The core catches that and takes it for "not a code"; nothing else comes of
//!   it. What is written names a place in that library. Apps have their standard error where nobody sees it; a program
//!   at a terminal has to expect it.
//! - Objects may be used from any thread. A password is derived without holding the object: other calls go on.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

mod accounts;
mod approvals;
mod authenticator;
mod background;
mod backups;
mod details;
mod error;
mod event;
mod exports;
mod guarded;
mod history;
mod imports;
mod jobs;
mod looks;
mod open;
mod outcome;
mod scan;
mod step;
mod values;
mod ways;

/// Every block is wiped when it is freed: also what UniFFI hands over and frees by itself.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

uniffi::setup_scaffolding!();
