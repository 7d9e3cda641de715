//! Software device keys: made, kept sealed in the vault as host rows, and used here.
//!
//! A phone keeps such keys in its secure hardware; a computer without one has the vault.

use std::fmt;

use countersign::account::KeyAlgorithm;
use countersign::entropy::{Entropy, SystemEntropy, random};
use countersign::secret::Secret;
use p256::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::rand_core::{TryCryptoRng, TryRng};
use thiserror::Error;
use zeroize::Zeroizing;

/// A private key in PKCS#8 (RFC 5208) and the public key that belongs to it.
pub struct SoftwareKey {
    algorithm: KeyAlgorithm,
    pkcs8: Secret,
    spki: Vec<u8>,
}

/// The key is not one, or the system has no randomness to make one.
#[derive(Debug, Error)]
#[error("device key unusable")]
pub struct KeyError;

impl SoftwareKey {
    /// Makes a key pair. RSA takes a second or two.
    pub fn make(algorithm: KeyAlgorithm) -> Result<Self, KeyError> {
        match algorithm {
            KeyAlgorithm::Es256 => {
                let scalar = Zeroizing::new(random::<32>(&mut SystemEntropy::new()).map_err(|_| KeyError)?);
                // Zero or a value above the group order, once in 2³² at most: the person tries again.
                let key = p256::SecretKey::from_slice(&*scalar).map_err(|_| KeyError)?;
                let pkcs8 = Secret::copy_of(key.to_pkcs8_der().map_err(|_| KeyError)?.as_bytes());
                let spki = key.public_key().to_public_key_der().map_err(|_| KeyError)?.into_vec();
                Ok(Self { algorithm, pkcs8, spki })
            }
            KeyAlgorithm::Rs256 { bits } => {
                let key = rsa::PrivateKey::new(&mut Randomness(SystemEntropy::new()), bits.into())
                    .map_err(|_| KeyError)?;
                let pkcs8 = Secret::copy_of(key.to_pkcs8_der().map_err(|_| KeyError)?.as_bytes());
                let spki = key.to_public_key().to_public_key_der().map_err(|_| KeyError)?.into_vec();
                Ok(Self { algorithm, pkcs8, spki })
            }
        }
    }

    /// The key that `pkcs8` holds.
    pub fn stored(algorithm: KeyAlgorithm, pkcs8: Secret) -> Self {
        Self { algorithm, pkcs8, spki: Vec::new() }
    }

    /// SubjectPublicKeyInfo, DER; empty for a stored key, whose public side the account holds.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// PKCS#8, for the vault.
    pub const fn pkcs8(&self) -> &Secret {
        &self.pkcs8
    }

    /// Signs `bytes`: ECDSA (DER) or RSASSA-PKCS1-v1_5, both with SHA-256.
    pub fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, KeyError> {
        // EXPOSE: the private key signs; `ring` borrows it.
        let (pkcs8, random) = (self.pkcs8.expose(), SystemRandom::new());
        match self.algorithm {
            KeyAlgorithm::Es256 => {
                // The key is read for each of the three signatures of an approval: by `p256` that alone takes a millisecond.
                let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
                let key = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8, &random).map_err(|_| KeyError)?;
                Ok(key.sign(&random, bytes).map_err(|_| KeyError)?.as_ref().to_vec())
            }
            KeyAlgorithm::Rs256 { .. } => {
                let key = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| KeyError)?;
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature).map_err(|_| KeyError)?;
                Ok(signature)
            }
        }
    }
}

impl fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SoftwareKey({:?})", self.algorithm)
    }
}

/// The system's randomness in the shape that `rsa` wants.
struct Randomness(SystemEntropy);

impl TryRng for Randomness {
    type Error = countersign::entropy::NoEntropy;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        random(&mut self.0).map(u32::from_ne_bytes)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        random(&mut self.0).map(u64::from_ne_bytes)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(out)
    }
}

impl TryCryptoRng for Randomness {}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    use super::*;

    #[test]
    fn what_is_signed_verifies_with_the_public_key() {
        let key = SoftwareKey::make(KeyAlgorithm::Es256).unwrap();
        let stored = SoftwareKey::stored(KeyAlgorithm::Es256, key.pkcs8().clone());
        // The last 65 bytes of the SPKI of P-256 are the point.
        let point = &key.spki()[key.spki().len() - 65..];
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point);
        public.verify(b"text", &stored.sign(b"text").unwrap()).unwrap();
        assert!(public.verify(b"other", &stored.sign(b"text").unwrap()).is_err());
    }

    #[test]
    fn rsa_too() {
        let key = SoftwareKey::make(KeyAlgorithm::Rs256 { bits: 2048 }).unwrap();
        // The SPKI of RSA is 24 bytes of header before the RSAPublicKey, for moduli of 2048 bits.
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &key.spki()[24..]);
        public.verify(b"text", &key.sign(b"text").unwrap()).unwrap();
    }

    #[test]
    fn debug_has_no_key() {
        let key = SoftwareKey::make(KeyAlgorithm::Es256).unwrap();
        assert_eq!(format!("{key:?}"), "SoftwareKey(Es256)");
    }
}
