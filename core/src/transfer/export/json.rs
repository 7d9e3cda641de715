//! Secrets and ids as JSON has them, written without a copy that stays.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::entropy::{Entropy, random};
use crate::link::seed_text;
use crate::reason::Reason;
use crate::secret::{Secret, to_json};

/// A seed in Base32, without padding.
pub(super) struct Base32<'a>(pub(super) &'a Secret);

impl Serialize for Base32<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // EXPOSE: the seed is what is exported.
        serializer.serialize_str(&seed_text(self.0.expose()))
    }
}

/// A random UUID (RFC 9562, version 4).
#[derive(Clone, Copy)]
pub(super) struct Uuid([u8; 16]);

impl Uuid {
    pub(super) fn random(entropy: &mut dyn Entropy) -> Result<Self, Reason> {
        let number = u128::from_be_bytes(random(entropy).map_err(|_| Reason::SystemFailed)?);
        let (version, variant) = (0xf << 76, 0b11 << 62);
        Ok(Self((number & !version & !variant | 0x4 << 76 | 0b10 << 62).to_be_bytes()))
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl Serialize for Uuid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Hexadecimal digits, small.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file of JSON.
pub(super) fn file<T: Serialize>(value: &T) -> Result<Secret, Reason> {
    // The only failure is a map whose keys are no text, and there is none.
    to_json(value).map_err(|_| Reason::SystemFailed)
}
