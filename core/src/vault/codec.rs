//! The plain binary form inside pages, roots and slots: big-endian numbers, byte strings with their length first.

use crate::secret::{Secret, WipingWriter};

pub(super) struct Writer(WipingWriter);

impl Writer {
    pub(super) fn new() -> Self {
        Self(WipingWriter::new(256))
    }

    pub(super) fn finish(self) -> Secret {
        self.0.into_secret()
    }

    /// Bytes whose number the reader knows.
    pub(super) fn fixed(&mut self, bytes: &[u8]) {
        self.0.push(bytes);
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.fixed(&[value]);
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.fixed(&value.to_be_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.fixed(&value.to_be_bytes());
    }

    pub(super) fn i64(&mut self, value: i64) {
        self.fixed(&value.to_be_bytes());
    }

    /// A number of things, or a length. Everything counted here is far below 2³²: see the limits of the vault.
    pub(super) fn count(&mut self, value: usize) {
        self.u32(u32::try_from(value).unwrap_or(u32::MAX));
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.fixed(bytes);
    }
}

/// Reads what `Writer` wrote; `None` where it ends early or is out of range.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all was read.
    pub(crate) const fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes that are left.
    pub(crate) const fn left(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn fixed(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.fixed(N)?.try_into().ok()
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub(crate) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_be_bytes)
    }

    pub(crate) fn flag(&mut self) -> Option<bool> {
        match self.u8()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// A number of things that take at least `each` bytes: never more than can follow, so that a damaged count
    /// reserves nothing.
    pub(crate) fn count(&mut self, each: usize) -> Option<usize> {
        let count = usize::try_from(self.u32()?).ok()?;
        (count <= self.0.len() / each.max(1)).then_some(count)
    }

    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.count(1)?;
        self.fixed(length)
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        std::str::from_utf8(self.bytes()?).ok().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let mut writer = Writer::new();
        writer.u8(1);
        writer.u64(u64::MAX - 1);
        writer.i64(-5);
        writer.bytes("日本".as_bytes());
        writer.fixed(&[7; 3]);
        let bytes = writer.finish();
        let mut reader = Reader::new(bytes.expose());
        assert_eq!(reader.flag(), Some(true));
        assert_eq!(reader.u64(), Some(u64::MAX - 1));
        assert_eq!(reader.i64(), Some(-5));
        assert_eq!(reader.text().as_deref(), Some("日本"));
        assert!(!reader.is_at_end());
        assert_eq!(reader.array(), Some([7; 3]));
        assert!(reader.is_at_end());
    }

    #[test]
    fn what_ends_early_or_lies_about_its_length_is_none() {
        assert_eq!(Reader::new(&[0, 0, 0]).u32(), None);
        assert_eq!(Reader::new(&[0, 0, 0, 2, 65]).bytes(), None);
        assert_eq!(Reader::new(&[255; 8]).count(1), None);
        assert_eq!(Reader::new(&[0, 0, 0, 2, 1, 1, 1]).count(2), None);
        assert_eq!(Reader::new(&[2]).flag(), None);
        assert_eq!(Reader::new(&[0, 0, 0, 1, 255]).text(), None);
    }
}
