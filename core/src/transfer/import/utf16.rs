//! Text in UTF-16, as programs of Windows write it.

use zeroize::Zeroizing;

/// The text of a file that begins with a byte order mark of UTF-16; `None` where it is none.
pub(super) fn read(file: &[u8]) -> Option<Zeroizing<String>> {
    let (mark, rest) = file.split_first_chunk::<2>()?;
    let unit = match mark {
        [0xff, 0xfe] => u16::from_le_bytes,
        [0xfe, 0xff] => u16::from_be_bytes,
        _ => return None,
    };
    let (pairs, odd) = rest.as_chunks::<2>();
    if !odd.is_empty() {
        return None;
    }
    // In a block of the final size: one that grows would leave copies behind.
    let mut text = Zeroizing::new(String::with_capacity(pairs.len().checked_mul(3)?));
    for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        text.push(c.ok()?);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::super::{App, Opened, open};
    use super::*;

    #[test]
    fn both_orders_are_read_as_text_and_nothing_else_is() {
        let line = "otpauth://totp/\u{5c71}\u{1f511}?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\r\n";
        let units: Vec<u16> = format!("\u{feff}{line}").encode_utf16().collect();
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let file: Vec<u8> = units.iter().flat_map(|unit| bytes(*unit)).collect();
            assert_eq!(read(&file).unwrap().as_str(), line);
            let Ok(Opened::Entries(batch)) = open(&file) else { panic!() };
            assert_eq!((batch.app, batch.entries[0].name.as_str()), (App::OtpauthList, "\u{5c71}\u{1f511}"));
        }
        for other in [&b"\xff\xfea"[..], b"\xff\xfe\0\xd8", b"ab", b"\xff", b""] {
            assert_eq!(read(other), None);
        }
    }
}
