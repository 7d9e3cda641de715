//! The cipher of other apps' files, for writing.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::entropy::{Entropy, random};
use crate::reason::Reason;
use crate::secret::Secret;

/// Bytes of the tag of AES-GCM.
pub(super) const TAG: usize = 16;

/// What AES-256-GCM made of a plaintext.
pub(super) struct Sealed {
    pub(super) nonce: [u8; 12],
    /// As long as the plaintext, then the tag.
    pub(super) bytes: Vec<u8>,
}

/// AES-256-GCM under a random nonce.
pub(super) fn gcm(key: &Secret, plain: &[u8], entropy: &mut dyn Entropy) -> Result<Sealed, Reason> {
    let failed = Reason::SystemFailed;
    let nonce = random(entropy).map_err(|_| failed)?;
    // EXPOSE: the key of the cipher.
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).map_err(|_| failed)?);
    // Room for the tag: a block that grows would leave the plaintext behind.
    let mut bytes = Vec::with_capacity(plain.len() + TAG);
    bytes.extend_from_slice(plain);
    let sealed = key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut bytes);
    match sealed {
        Ok(()) => Ok(Sealed { nonce, bytes }),
        Err(_) => {
            zeroize::Zeroize::zeroize(&mut bytes);
            Err(failed)
        }
    }
}

/// Random bytes: a key or a salt.
pub(super) fn fresh<const N: usize>(entropy: &mut dyn Entropy) -> Result<[u8; N], Reason> {
    random(entropy).map_err(|_| Reason::SystemFailed)
}
