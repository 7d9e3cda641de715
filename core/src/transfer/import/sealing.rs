//! The ciphers of other apps, for opening only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::reason::Reason;
use crate::secret::Secret;

/// AES-256-GCM with the tag behind the ciphertext; `None` where key or content is not right.
pub(super) fn gcm(key: &Secret, nonce: &[u8; 12], aad: &[u8], sealed: &[u8]) -> Option<Secret> {
    // EXPOSE: the key of the cipher.
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).ok()?);
    let mut bytes = Zeroizing::new(sealed.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let opened = key.open_in_place(nonce, Aad::from(aad), &mut bytes).ok()?;
    Some(Secret::copy_of(opened))
}

/// Standard Base64, with padding.
pub(super) fn base64(text: &str) -> Result<Vec<u8>, Reason> {
    STANDARD.decode(text.trim()).map_err(|_| Reason::ImportDamaged)
}

/// Base64 of exactly so many bytes.
pub(super) fn base64_of<const N: usize>(text: &str) -> Result<[u8; N], Reason> {
    base64(text)?.try_into().map_err(|_| Reason::ImportDamaged)
}

/// Hexadecimal digits of exactly so many bytes.
pub(super) fn hex<const N: usize>(text: &str) -> Result<[u8; N], Reason> {
    let digits = text.as_bytes();
    let mut bytes = [0; N];
    if digits.len() != 2 * N {
        return Err(Reason::ImportDamaged);
    }
    for (place, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| !pair.contains('+'));
        *place = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or(Reason::ImportDamaged)?;
    }
    Ok(bytes)
}
