//! The realm's own key: it signs access tokens, enrolment tokens and confirm tokens, always with RS256.

use std::fmt;
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use rsa::pkcs8::EncodePrivateKey as _;
use rsa::rand_core::{TryCryptoRng, TryRng};
use serde_json::{Value, json};

use super::jwk::DeviceKey;

/// Size of the realm's key in bits, as Keycloak makes it.
const BITS: usize = 2048;

/// An RSA key of 2048 bits.
pub struct RealmKey {
    pkcs8: Vec<u8>,
    pair: RsaKeyPair,
    jwk: Value,
    kid: String,
}

impl RealmKey {
    /// Makes a new key from the system's randomness. Takes about a second at worst.
    ///
    /// # Errors
    /// The system has no randomness, or the key could not be made.
    pub fn generate() -> io::Result<Self> {
        let key = rsa::PrivateKey::new(&mut System(SystemRandom::new()), BITS).map_err(io::Error::other)?;
        let pkcs8 = key.to_pkcs8_der().map_err(io::Error::other)?;
        Self::from_pkcs8(pkcs8.as_bytes())
    }

    /// Reads a kept key.
    ///
    /// # Errors
    /// `InvalidData` for anything but an RSA key of at least 2048 bits in PKCS#8.
    pub fn from_pkcs8(pkcs8: &[u8]) -> io::Result<Self> {
        let pair = RsaKeyPair::from_pkcs8(pkcs8)
            .map_err(|flaw| io::Error::new(io::ErrorKind::InvalidData, flaw.to_string()))?;
        let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        let public = json!({
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "n": URL_SAFE_NO_PAD.encode(n),
            "e": URL_SAFE_NO_PAD.encode(e),
        });
        let kid = DeviceKey::from_jwk(&public).ok_or(io::ErrorKind::InvalidData)?.thumbprint();
        let mut jwk = public;
        if let Some(fields) = jwk.as_object_mut() {
            fields.insert("kid".to_owned(), json!(kid));
        }
        Ok(Self { pkcs8: pkcs8.to_vec(), pair, jwk, kid })
    }

    /// The private key in PKCS#8, to keep it.
    #[must_use]
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The public key as it stands in the realm's key set.
    #[must_use]
    pub fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// A token with these claims. The same claims give the same token (RSASSA-PKCS1-v1_5 has no salt).
    pub(crate) fn sign(&self, claims: &Value) -> Option<String> {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.kid});
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl fmt::Debug for RealmKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RealmKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// The system's randomness in the shape that the `rsa` crate asks for.
struct System(SystemRandom);

impl TryRng for System {
    type Error = io::Error;

    fn try_next_u32(&mut self) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.0.fill(bytes).map_err(|_| io::Error::other("no randomness"))
    }
}

impl TryCryptoRng for System {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::RealmKey;
    use crate::realm::jwk::DeviceKey;
    use crate::realm::jws::Jws;

    #[test]
    fn its_tokens_verify_with_the_published_key() {
        let key = RealmKey::generate().expect("a key");
        let again = RealmKey::from_pkcs8(key.pkcs8()).expect("the same key");
        let token = key.sign(&json!({"sub": "x"})).expect("a token");
        assert_eq!(again.sign(&json!({"sub": "x"})), Some(token.clone()));
        let public = DeviceKey::from_jwk(again.jwk()).expect("a public key");
        assert!(public.signed(&Jws::parse(&token).expect("a token")));
        let other = RealmKey::generate().expect("another key");
        let other = DeviceKey::from_jwk(other.jwk()).expect("a public key");
        assert!(!other.signed(&Jws::parse(&token).expect("a token")));
        assert!(!format!("{key:?}").contains("pkcs8"));
        assert!(RealmKey::from_pkcs8(b"no key").is_err());
    }
}
