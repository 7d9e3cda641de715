//! Accounts on their way in and out.
//!
//! - [`import`]: files, pictures and texts of other apps.

pub mod import;
