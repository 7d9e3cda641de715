//! The encrypted backup: one file that holds everything worth keeping of every account.
//!
//! A file is sealed under a random key of its own, which is sealed to each way in: a password, and a recovery code
//! where one is wished. The vault keeps the public half of each way in, so that the next backup needs no password.
//! Writing is the host's: it writes what [`Backup::bytes`] gives, reads the file back, and hands that to
//! `Authenticator::confirm_backup`, which opens it before it counts. Reading is an import like any other, by
//! [`import::open`](super::import::open).
//!
//! The format, and what it protects from, is described in `docs/backup-format.md`.

mod content;
#[cfg(fuzzing)]
pub mod fuzzing;
mod header;
mod names;
mod sealed;
mod slot;

pub use content::Approval;
pub(crate) use content::{Row, Written, digest_of};
pub use header::is_backup;
pub use names::Names;
pub use sealed::Backup;
pub(crate) use sealed::{File, seal};
pub(crate) use slot::{KeptSlot, Slot, Ways};

/// Version of the format that is written, and the latest that is read.
pub const VERSION: u32 = 1;

/// Days after which a backup is old: a quarter of a year.
pub const OLD_AFTER_DAYS: i64 = 90;

/// Backups that a folder keeps unless the person says otherwise.
pub const KEPT: u32 = 10;

/// Largest content, in bytes, before it is padded: so the file stays well under
/// [`MAX_FILE`](super::import::MAX_FILE), which is as much as is read.
const MAX_CONTENT: usize = 32 * 1024 * 1024 - 4;
