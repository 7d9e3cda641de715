//! Randomness as a value: one seed gives all the ids, nonces and numbers that one call needs.

use ring::hmac;

/// 32 fresh random bytes. A seed is used for one call only.
pub type Seed = [u8; 32];

/// A random UUID.
#[must_use]
pub fn new_id(seed: &Seed) -> String {
    Draw::new(seed).uuid()
}

/// A stream of bytes that a seed determines: HMAC-SHA-256 of a counter.
pub(crate) struct Draw {
    key: hmac::Key,
    counter: u64,
}

impl Draw {
    pub(crate) fn new(seed: &Seed) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, seed), counter: 0 }
    }

    /// The next 32 bytes.
    pub(crate) fn bytes(&mut self) -> [u8; 32] {
        let block = hmac::sign(&self.key, &self.counter.to_be_bytes());
        self.counter += 1;
        let mut bytes = [0; 32];
        bytes.copy_from_slice(block.as_ref());
        bytes
    }

    /// A random UUID (RFC 9562, version 4) in its 36-character form.
    pub(crate) fn uuid(&mut self) -> String {
        let bytes = self.bytes();
        let hex: String = bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let variant = ["8", "9", "a", "b"][usize::from(bytes[31] % 4)];
        format!("{}-{}-4{}-{variant}{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
    }

    /// A number from 0 up to but not including `end`, each as likely as the others.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        let end = end.max(1);
        // The last incomplete run of `end` numbers would make small ones likelier: draw again.
        let fair = u32::MAX - u32::MAX % end;
        loop {
            let bytes = self.bytes();
            let number = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            if number < fair {
                return number % end;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Draw;
    use crate::realm::input;

    #[test]
    fn a_seed_determines_everything() {
        let (mut one, mut same, mut other) = (Draw::new(&[1; 32]), Draw::new(&[1; 32]), Draw::new(&[2; 32]));
        assert_eq!(one.uuid(), same.uuid());
        assert_ne!(one.uuid(), other.uuid());
        assert_ne!(one.bytes(), one.bytes());
    }

    #[test]
    fn ids_are_uuids_and_numbers_stay_in_range() {
        let mut draw = Draw::new(&[7; 32]);
        let mut seen = [false; 90];
        for _ in 0..2000 {
            assert!(input::is_uuid(&draw.uuid()));
            seen[draw.below(90) as usize] = true;
        }
        assert!(seen.iter().all(|seen| *seen), "every number comes up");
    }
}
