//! Tests that need more than one crate, a program of their own, or a look at the repository itself. The tests
//! are in `tests/`, the real servers in `servers/`, the browser in `web/`; here is what they share.

pub mod files;
#[cfg(target_os = "linux")]
pub mod powerloss;
pub mod steps;
