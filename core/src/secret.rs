//! Bytes that must not leak: they redact themselves, compare in constant time and are wiped when dropped.
//!
//! A place that opens one says why in a comment, `// EXPOSE: why`.

use std::fmt;
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{self, DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, Zeroizing};

/// A secret of any length: a seed, a key, a password, a token.
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Copies `bytes` into a block of its own, of exactly that size.
    #[must_use]
    pub fn copy_of(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// The bytes. Each caller says why in a comment `// EXPOSE: why`.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text, or `None` where they are not UTF-8.
    #[must_use]
    pub fn expose_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is not a single byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<u8>> for Secret {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text.into_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

impl Eq for Secret {}

/// Whether two byte strings are equal, in a time that depends on their lengths only.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Base64 in what gets sealed: an alphabet that JSON never escapes, so that reading needs no second copy.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(STANDARD.encode(&self.0)))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Base64;
        impl Visitor<'_> for Base64 {
            type Value = Secret;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("Base64")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
                // Decoded into a block of the final size: a block that grows leaves copies behind.
                let mut bytes = Zeroizing::new(vec![0; text.len() / 4 * 3 + 3]);
                let used = STANDARD.decode_slice(text, &mut bytes).map_err(|_| E::custom("not Base64"))?;
                Ok(Secret::copy_of(bytes.get(..used).unwrap_or_default()))
            }
        }
        deserializer.deserialize_str(Base64)
    }
}

/// JSON of `value` in a buffer that leaves no copy behind, however often it grows.
///
/// # Errors
/// When `value` has a map whose keys are not text.
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Secret> {
    let mut writer = WipingWriter::new(512);
    serde_json::to_writer(&mut writer, value)?;
    Ok(writer.into_secret())
}

/// The value that `to_json` wrote.
///
/// # Errors
/// When `json` is not JSON of that shape.
pub fn from_json<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(json)
}

/// A buffer that leaves no copy behind when it grows.
pub(crate) struct WipingWriter(Zeroizing<Vec<u8>>);

impl WipingWriter {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(capacity)))
    }

    pub(crate) fn into_secret(self) -> Secret {
        Secret(self.0)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut larger = Vec::with_capacity(needed.max(self.0.capacity() * 2));
            larger.extend_from_slice(&self.0);
            self.0.zeroize();
            self.0 = Zeroizing::new(larger);
        }
        self.0.extend_from_slice(bytes);
    }
}

impl io::Write for WipingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_nothing() {
        assert_eq!(format!("{:?}", Secret::copy_of(b"hunter2")), "[secret]");
    }

    #[test]
    fn equality_looks_at_every_byte_and_the_length() {
        assert_eq!(Secret::copy_of(b"abc"), Secret::copy_of(b"abc"));
        for other in [&b"abd"[..], b"bbc", b"ab", b"abcd", b""] {
            assert_ne!(Secret::copy_of(b"abc"), Secret::copy_of(other));
        }
    }

    #[test]
    fn json_round_trip_of_any_length() {
        for length in 0..70_u8 {
            let secret = Secret::from((0..length).collect::<Vec<_>>());
            let json = to_json(&vec![secret.clone(); 20]).unwrap();
            let back: Vec<Secret> = from_json(json.expose()).unwrap();
            assert_eq!(back, vec![secret; 20]);
        }
    }

    #[test]
    fn not_base64_is_an_error() {
        assert!(from_json::<Secret>(br#""a*b=""#).is_err());
        assert!(from_json::<Secret>(b"7").is_err());
    }
}
