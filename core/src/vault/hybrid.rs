//! Sealing to a public key: HPKE (RFC 9180) in base mode, DHKEM(X25519, HKDF-SHA-256), HKDF-SHA-256, AES-256-GCM.

use std::convert::Infallible;

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable as _, Kem, OpModeR, OpModeS, Serializable as _};
use zeroize::Zeroize as _;

use super::VaultError;
use super::seal::Key;
use crate::entropy::Entropy;
use crate::secret::Secret;

type Private = <X25519HkdfSha256 as Kem>::PrivateKey;
type Public = <X25519HkdfSha256 as Kem>::PublicKey;
type Encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey;

/// Length of an X25519 public key, and so of what stands in front of a sealed text.
const PUBLIC: usize = 32;

/// A new key pair: the private half and the public one.
pub(crate) fn key_pair(entropy: &mut dyn Entropy) -> Result<(Key, [u8; PUBLIC]), VaultError> {
    let material = Key::random(entropy)?;
    // EXPOSE: the key pair is made from it.
    let (private, public) = X25519HkdfSha256::derive_keypair(material.expose());
    let mut bytes = private.to_bytes();
    let key = Key::from_slice(&bytes).ok_or(VaultError::System);
    bytes.as_mut_slice().zeroize();
    Ok((key?, public.to_bytes().into()))
}

/// Seals `content` to a public key: encapsulated key, ciphertext, tag. `info` binds it to its use.
pub(crate) fn seal_to(
    public: &[u8; PUBLIC],
    info: &[u8],
    content: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, VaultError> {
    let public = Public::from_bytes(public).map_err(|_| VaultError::System)?;
    let mut source = Source { entropy, failed: false };
    let sealed = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        info,
        content,
        &[],
        &mut source,
    );
    match sealed {
        Ok((encapsulated, text)) if !source.failed => Ok([&encapsulated.to_bytes()[..], &text].concat()),
        _ => Err(VaultError::System),
    }
}

/// Opens what `seal_to` made for the public half of this key.
pub(crate) fn open_with(private: &Key, info: &[u8], sealed: &[u8]) -> Option<Secret> {
    let (encapsulated, text) = sealed.split_at_checked(PUBLIC)?;
    // EXPOSE: opening needs the private half.
    let private = Private::from_bytes(private.expose()).ok()?;
    let encapsulated = Encapsulated::from_bytes(encapsulated).ok()?;
    hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        info,
        text,
        &[],
    )
    .ok()
    .map(Secret::from)
}

/// Our randomness in the form that the library takes, which has no place for a failure: what was made after one is
/// thrown away.
struct Source<'a> {
    entropy: &'a mut dyn Entropy,
    failed: bool,
}

impl TryRng for Source<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.failed |= self.entropy.fill(out).is_err();
        Ok(())
    }
}

impl TryCryptoRng for Source<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::{NoEntropy, SeededEntropy};

    #[test]
    fn opens_with_the_private_half_for_the_same_use_only() {
        let mut entropy = SeededEntropy::new(b"hybrid");
        let (private, public) = key_pair(&mut entropy).unwrap();
        let (other, _) = key_pair(&mut entropy).unwrap();
        let sealed = seal_to(&public, b"use", b"master key", &mut entropy).unwrap();
        assert_eq!(open_with(&private, b"use", &sealed).unwrap().expose(), b"master key");
        assert!(open_with(&private, b"other use", &sealed).is_none());
        assert!(open_with(&other, b"use", &sealed).is_none());
        assert!(open_with(&private, b"use", &sealed[..20]).is_none());
        for place in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[place] ^= 1;
            assert!(open_with(&private, b"use", &flipped).is_none(), "{place}");
        }
    }

    #[test]
    fn nothing_is_sealed_without_randomness() {
        struct Dry;
        impl Entropy for Dry {
            fn fill(&mut self, _: &mut [u8]) -> Result<(), NoEntropy> {
                Err(NoEntropy)
            }
        }
        let (_, public) = key_pair(&mut SeededEntropy::new(b"hybrid")).unwrap();
        assert_eq!(seal_to(&public, b"", b"x", &mut Dry), Err(VaultError::System));
        assert!(key_pair(&mut Dry).is_err());
    }
}
