//! Backups: what goes in comes out, whatever is done to the file is said by name, and nothing is overwritten.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test reads files")]
#![allow(clippy::indexing_slicing, reason = "what a test indexes is its own")]

mod damage;
mod hostile;
mod kept;
mod kit;
mod restore;
mod round_trip;
mod state;
