//! The vault from outside: its calls, and what becomes of damaged files.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests look at files as whoever can write them"
)]

mod accounts;
mod damage;
mod files;
mod kit;
mod locking;
mod processes;
mod reasons;
mod rows;
mod watch;
mod ways;
