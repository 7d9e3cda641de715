//! The ciphers of other apps, for opening only.

use aes_gcm::AesGcm;
use aes_gcm::aead::consts::U16;
use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::Pkcs7};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::digest;
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

/// The same with a nonce of 16 bytes, which `ring` does not take.
pub(super) fn gcm_with_long_nonce(
    key: &Secret,
    nonce: &[u8; 16],
    sealed: &[u8],
    tag: &[u8; 16],
) -> Option<Secret> {
    // EXPOSE: the key of the cipher.
    let cipher = AesGcm::<aes::Aes256, U16>::new_from_slice(key.expose()).ok()?;
    let mut bytes = Zeroizing::new(sealed.to_vec());
    cipher.decrypt_inout_detached(nonce.into(), &[], bytes.as_mut_slice().into(), tag.into()).ok()?;
    Some(Secret::copy_of(&bytes))
}

/// AES-256-CBC with the padding of PKCS #7; `None` where that is not right. It has no MAC.
pub(super) fn cbc(key: &Secret, iv: &[u8; 16], sealed: &[u8]) -> Option<Secret> {
    // EXPOSE: the key of the cipher.
    let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(key.expose(), iv).ok()?;
    let mut bytes = Zeroizing::new(sealed.to_vec());
    let opened = cipher.decrypt_padded::<Pkcs7>(&mut bytes).ok()?;
    Some(Secret::copy_of(opened))
}

/// A hash of a secret, so that no copies of secrets lie in a table.
pub(super) fn mark(secret: &Secret) -> Vec<u8> {
    // EXPOSE: hashed.
    digest::digest(&digest::SHA256, secret.expose()).as_ref().to_vec()
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
    hex_bytes(text).and_then(|bytes| bytes.try_into().ok()).ok_or(Reason::ImportDamaged)
}

/// Hexadecimal digits, in a block of the final size: one that grows would leave copies behind.
pub(super) fn hex_bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(pairs.len()));
    for [high, low] in pairs {
        bytes.push(digit(*high)? << 4 | digit(*low)?);
    }
    Some(std::mem::take(&mut *bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits() {
        assert_eq!(hex::<2>("a0Ff"), Ok([0xa0, 0xff]));
        for wrong in ["a0f", "a0ff00", "+0ff", "g0ff", ""] {
            assert_eq!(hex::<2>(wrong), Err(Reason::ImportDamaged), "{wrong}");
        }
    }
}
