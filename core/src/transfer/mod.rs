//! Accounts on their way in and out.
//!
//! - [`import`]: files, pictures and texts of other apps.
//! - [`export`]: what other apps read, and a sheet to print.
//! - [`backup`]: our own file, from which everything comes back.

pub mod backup;
pub mod export;
pub mod import;
mod migration;
