//! A door for the fuzz target `imports`, which can't make the MACs of what it tries.

use super::{Batch, Refused, kdbx};

/// Reads `bytes` as the content of a KeePass file, without its cipher and its compression.
///
/// # Errors
/// As [`super::Unlocking::step`].
pub fn keepass(bytes: &[u8]) -> Result<Batch, Refused> {
    kdbx::of_content(bytes)
}
