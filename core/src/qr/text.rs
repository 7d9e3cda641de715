//! From the bytes of a code to text.

use std::collections::BTreeMap;

use rxing::common::ECIStringBuilder;
use rxing::common::cpp_essentials::DecoderResult;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// What a code holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Text(Secret),
    /// Bytes that are no text.
    Binary,
    /// One of several codes that hold something together.
    Part(Part),
}

/// A code of a series (structured append: ISO/IEC 18004, section 8). Read alone it would be a text that was cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The same for all codes of a series.
    series: String,
    place: i32,
    count: i32,
    bytes: Secret,
}

/// What a decoded code holds.
pub(super) fn content_of<T>(decoded: &DecoderResult<T>) -> Content
where
    T: Copy + Clone + Default + Eq,
{
    let series = decoded.structuredAppend();
    if series.count < 2 {
        return content(decoded.content());
    }
    Content::Part(Part {
        series: series.id.clone(),
        place: series.index,
        count: series.count,
        bytes: Secret::copy_of(decoded.content().bytes()),
    })
}

/// Puts the parts of each series that is all there together.
pub(super) fn joined(found: Vec<Content>) -> Vec<Content> {
    let mut series: BTreeMap<(String, i32), BTreeMap<i32, Part>> = BTreeMap::new();
    let mut whole = Vec::with_capacity(found.len());
    for content in found {
        match content {
            Content::Part(part) => {
                series.entry((part.series.clone(), part.count)).or_default().insert(part.place, part);
            }
            content => whole.push(content),
        }
    }
    for ((_, count), mut parts) in series {
        if i32::try_from(parts.len()) == Ok(count) {
            whole.push(joined_text(parts.values()));
        } else {
            whole.extend(parts.pop_first().map(|(_, part)| Content::Part(part)));
        }
    }
    whole
}

fn joined_text<'p>(parts: impl Iterator<Item = &'p Part> + Clone) -> Content {
    let length = parts.clone().map(|part| part.bytes.len()).sum();
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    for part in parts {
        // EXPOSE: what belongs together.
        bytes.extend_from_slice(part.bytes.expose());
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) if is_text(text) => Content::Text(Secret::copy_of(&bytes)),
        _ => Content::Binary,
    }
}

/// UTF-8 where the bytes are, as nearly all codes are written today, else what the code declares (ECI, Kanji), else
/// the library's guess (Shift JIS, ISO 8859-1).
pub(super) fn content(decoded: &ECIStringBuilder) -> Content {
    let text = match std::str::from_utf8(decoded.bytes()) {
        Ok(text) if !decoded.has_eci => Secret::copy_of(text.as_bytes()),
        _ => {
            let text = Secret::from(decoded.to_string());
            // EXPOSE: looked at for bytes that were none of the declared characters.
            if text.expose_str().is_none_or(|text| text.contains(char::REPLACEMENT_CHARACTER)) {
                return Content::Binary;
            }
            text
        }
    };
    // EXPOSE: looked at for characters that no text has.
    match text.expose_str() {
        Some(visible) if is_text(visible) => Content::Text(text),
        _ => Content::Binary,
    }
}

/// Codes of goods and cards separate fields by control characters; more than a fifth is no text.
fn is_text(text: &str) -> bool {
    let controls = text.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')).count();
    !text.is_empty() && !text.contains('\0') && controls <= text.chars().count() / 5
}

#[cfg(test)]
mod tests {
    use rxing::common::{CharacterSet, ECIStringBuilder};

    use super::*;

    fn read(bytes: &[u8], declared: Option<CharacterSet>) -> Option<String> {
        let mut decoded = ECIStringBuilder::default();
        decoded.switch_encoding(declared.unwrap_or(CharacterSet::Unknown), declared.is_some());
        decoded.append_bytes(bytes);
        match content(&decoded) {
            Content::Text(text) => text.expose_str().map(str::to_owned),
            Content::Binary | Content::Part(_) => None,
        }
    }

    #[test]
    fn utf_8_first_then_what_is_declared_then_a_guess() {
        for (bytes, declared, text) in [
            ("é 会社".as_bytes(), None, "é 会社"),
            ("é".as_bytes(), Some(CharacterSet::UTF8), "é"),
            ("é".as_bytes(), Some(CharacterSet::ISO8859_1), "Ã©"),
            (b"\xe9t\xe9", Some(CharacterSet::ISO8859_1), "été"),
            (b"\xe9t\xe9", None, "été"),
            (b"\x93\xfa\x96{\x8c\xea", None, "日本語"),
            (b"\x93\xfa\x96{\x8c\xea", Some(CharacterSet::Shift_JIS), "日本語"),
            (b"01\x1d10\x1e\x04 1234567890 1234567890", None, "01\u{1d}10\u{1e}\u{4} 1234567890 1234567890"),
            ("\u{fffd}x".as_bytes(), None, "\u{fffd}x"),
        ] {
            assert_eq!(read(bytes, declared).as_deref(), Some(text));
        }
    }

    #[test]
    fn bytes_that_are_no_text() {
        for bytes in [&b""[..], b"\0", b"abc\0def", b"\x01\x02\x03\x04", b"\xff\xd8\xff\xe0\x80JFIF\x81\x90"]
        {
            assert_eq!(read(bytes, None), None, "{bytes:?}");
        }
        assert_eq!(read(b"\xff\xfe\xfd", Some(CharacterSet::UTF8)), None);
    }
}
