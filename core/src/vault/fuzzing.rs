//! A door for the fuzz target `vault`, which can't seal what it tries.

use super::codec::Reader;
use super::session::Extra;
use super::slot::Slot;
use super::{Way, book, page, recovery};

/// Reads `bytes` as each kind of content of a vault file. What is read is written again as the same bytes.
///
/// # Panics
/// When it is not.
pub fn contents(bytes: &[u8]) {
    if let Some(entries) = page::decode(bytes) {
        assert_eq!(page::encode(&entries).expose(), bytes);
    }
    book::Root::decode(bytes);
    let mut reader = Reader::new(bytes);
    if let Ok(Some(extra)) = Extra::decode(&[0; 16], &mut reader) {
        let written = extra.encode();
        assert!(bytes.starts_with(written.expose()));
    }
    for way in Way::ALL {
        if let Some(slot) = Slot::read_body(way, bytes) {
            assert!(slot.encode(&[0; 16]).starts_with(bytes));
        }
    }
    if let Ok(values) =
        std::str::from_utf8(bytes).map_err(drop).and_then(|text| recovery::read(text).map_err(drop))
    {
        assert!(values.expose().iter().all(|value| *value < 32));
    }
}
