//! Randomness, always an argument: the system's in the product, a seeded one in tests.

use ring::hkdf;
use ring::rand::{SecureRandom, SystemRandom};
use thiserror::Error;

use crate::secret::Secret;

/// A source of random bytes.
pub trait Entropy: Send {
    /// Fills `out`.
    ///
    /// # Errors
    /// When the source cannot deliver; nothing in `out` may be used then.
    fn fill(&mut self, out: &mut [u8]) -> Result<(), NoEntropy>;
}

impl Entropy for Box<dyn Entropy> {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), NoEntropy> {
        (**self).fill(out)
    }
}

/// The system has no random bytes to give.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("no randomness")]
pub struct NoEntropy;

/// An array of random bytes.
///
/// # Errors
/// When the source cannot deliver.
pub fn random<const N: usize>(entropy: &mut dyn Entropy) -> Result<[u8; N], NoEntropy> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes)?;
    Ok(bytes)
}

/// The operating system's generator, by `ring`.
#[derive(Debug, Clone)]
pub struct SystemEntropy(SystemRandom);

impl Default for SystemEntropy {
    fn default() -> Self {
        Self::new()
    }
}

impl SystemEntropy {
    /// The generator; opening it costs nothing.
    #[must_use]
    pub fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Entropy for SystemEntropy {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), NoEntropy> {
        self.0.fill(out).map_err(|_| NoEntropy)
    }
}

/// Bytes that follow from a seed (HKDF-SHA-256, RFC 5869, one info per block): the same seed, the same bytes.
///
/// With a secret random seed the output is as good as random; that is how a stored flow stays a pure function
/// of its state. With a fixed seed it is for tests.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct SeededEntropy {
    seed: Secret,
    block: u64,
}

impl SeededEntropy {
    /// Bytes that follow from `seed`.
    #[must_use]
    pub fn new(seed: &[u8]) -> Self {
        Self { seed: Secret::copy_of(seed), block: 0 }
    }

    /// Seeded with 32 bytes of another source.
    ///
    /// # Errors
    /// When that source cannot deliver.
    pub fn from_entropy(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        let seed = zeroize::Zeroizing::new(random::<32>(entropy)?);
        Ok(Self::new(&*seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), NoEntropy> {
        // EXPOSE: the seed is the key material that the bytes are derived from.
        let key =
            hkdf::Salt::new(hkdf::HKDF_SHA256, b"countersign seeded entropy").extract(self.seed.expose());
        for chunk in out.chunks_mut(32) {
            let block = self.block.to_be_bytes();
            self.block = self.block.checked_add(1).ok_or(NoEntropy)?;
            let mut bytes = zeroize::Zeroizing::new([0; 32]);
            key.expand(&[&block], hkdf::HKDF_SHA256)
                .and_then(|derived| derived.fill(&mut *bytes))
                .map_err(|_| NoEntropy)?;
            chunk.iter_mut().zip(bytes.iter()).for_each(|(to, from)| *to = *from);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_bytes_differ() {
        let mut entropy = SystemEntropy::new();
        assert_ne!(random::<32>(&mut entropy).unwrap(), random::<32>(&mut entropy).unwrap());
    }

    #[test]
    fn seeded_bytes_repeat_by_seed_and_never_within_one() {
        let (mut a, mut b) = (SeededEntropy::new(b"1"), SeededEntropy::new(b"1"));
        let first = random::<80>(&mut a).unwrap();
        assert_eq!(first, random::<80>(&mut b).unwrap());
        assert_ne!(first, random::<80>(&mut a).unwrap());
        assert_ne!(first[..32], first[32..64]);
        assert_ne!(first, random::<80>(&mut SeededEntropy::new(b"2")).unwrap());
    }
}
