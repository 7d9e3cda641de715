//! A door for the fuzz target `backup`, which can't seal what it tries.

use super::header;
use super::sealed::File;
use crate::transfer::import::{Batch, countersign};

/// Reads `bytes` as a file and as the content of one. What is read of a header is written again as the same bytes.
///
/// # Panics
/// When it is not.
pub fn contents(bytes: &[u8]) -> Option<Batch> {
    if let Ok((read, length)) = header::decode(bytes) {
        let ways: Vec<_> =
            read.ways.iter().map(|(slot, key)| [slot.encode().as_slice(), key].concat()).collect();
        let written = header::encode(&read.file, &ways, read.content);
        assert_eq!(Some(written.as_slice()), bytes.get(..length));
    }
    if let Ok(file) = File::read(bytes) {
        assert!((1..=2).contains(&file.slots().count()));
    }
    countersign::read(bytes).ok()
}
