//! Randomness whose keys the spy knows.

use countersign::entropy::{Entropy, NoEntropy, SystemEntropy};

use crate::spy::know;

/// Of 32 bytes are master keys, watch keys, keys of files, and the key pairs of slots and of one time.
pub struct Known(pub SystemEntropy);

impl Entropy for Known {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), NoEntropy> {
        self.0.fill(out)?;
        if out.len() == 32 {
            know(out);
        }
        Ok(())
    }
}
