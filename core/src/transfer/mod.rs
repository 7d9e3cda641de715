//! Accounts on their way in and out.
//!
//! - [`import`]: files, pictures and texts of other apps.
//! - [`backup`]: our own file, from which everything comes back.

pub mod backup;
pub mod import;
