//! A realm's public keys (RFC 7517) and signatures by them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::jose::{Algorithm, Jws};
use super::keys::p256_verifies;
use crate::reason::Reason;

/// More keys than a realm has.
const MAX_KEYS: usize = 64;

/// The keys of a realm that can be used to verify.
pub(super) struct RealmKeys(Vec<Key>);

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    // The members that make a key private (RFC 7518, section 6).
    d: Option<IgnoredAny>,
    p: Option<IgnoredAny>,
    q: Option<IgnoredAny>,
    dp: Option<IgnoredAny>,
    dq: Option<IgnoredAny>,
    qi: Option<IgnoredAny>,
    oth: Option<IgnoredAny>,
    k: Option<IgnoredAny>,
}

impl RealmKeys {
    /// Reads a key set. One with private parts in it is refused: its keys are no secret any more.
    pub(super) fn read(json: &[u8]) -> Result<Self, Reason> {
        let KeySet { keys } = serde_json::from_slice(json).map_err(|_| Reason::ReplyUnreadable)?;
        if keys.len() > MAX_KEYS {
            return Err(Reason::ReplyUnreadable);
        }
        if keys.iter().any(Key::is_private) {
            return Err(Reason::KeyHasPrivateParts);
        }
        Ok(Self(keys))
    }

    /// Verifies a token's signature with the key that it names.
    pub(super) fn verify(&self, token: &Jws<'_>) -> Result<(), Reason> {
        let mut candidates = self
            .0
            .iter()
            .filter(|key| token.key_id.is_none() || key.kid == token.key_id)
            .filter(|key| key.is_for(token.algorithm))
            .peekable();
        if candidates.peek().is_none() {
            return Err(Reason::SigningKeyUnknown);
        }
        if candidates.any(|key| key.verifies(token)) { Ok(()) } else { Err(Reason::SignatureWrong) }
    }
}

impl Key {
    fn is_private(&self) -> bool {
        let Self { d, p, q, dp, dq, qi, oth, k, .. } = self;
        [d, p, q, dp, dq, qi, oth, k].into_iter().any(Option::is_some)
    }

    /// Whether the key may be used so; a key that names its algorithm is for no other.
    fn is_for(&self, algorithm: Algorithm) -> bool {
        self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self.alg.as_deref().is_none_or(|name| Algorithm::of(name) == Some(algorithm))
    }

    fn verifies(&self, token: &Jws<'_>) -> bool {
        match token.algorithm {
            Algorithm::Rs256 => self.rsa(&RSA_PKCS1_2048_8192_SHA256, token),
            Algorithm::Rs384 => self.rsa(&RSA_PKCS1_2048_8192_SHA384, token),
            Algorithm::Rs512 => self.rsa(&RSA_PKCS1_2048_8192_SHA512, token),
            Algorithm::Ps256 => self.rsa(&RSA_PSS_2048_8192_SHA256, token),
            Algorithm::Ps384 => self.rsa(&RSA_PSS_2048_8192_SHA384, token),
            Algorithm::Ps512 => self.rsa(&RSA_PSS_2048_8192_SHA512, token),
            Algorithm::Es256 => self.ecdsa("P-256", 32, p256_verifies, token),
            Algorithm::Es384 => self.ecdsa("P-384", 48, p384_verifies, token),
        }
        .is_some()
    }

    fn rsa(&self, parameters: &'static RsaParameters, token: &Jws<'_>) -> Option<()> {
        let (n, e) = (number(self.n.as_deref()?)?, number(self.e.as_deref()?)?);
        let key = RsaPublicKeyComponents { n: &n, e: &e };
        (self.kty == "RSA" && key.verify(parameters, token.signed, &token.signature).is_ok()).then_some(())
    }

    fn ecdsa(
        &self,
        curve: &str,
        size: usize,
        verifies: fn(&[u8], &[u8], &[u8]) -> bool,
        token: &Jws<'_>,
    ) -> Option<()> {
        let coordinate = |text: &Option<String>| {
            URL_SAFE_NO_PAD.decode(text.as_deref()?).ok().filter(|bytes| bytes.len() == size)
        };
        let point = [&[4][..], &coordinate(&self.x)?, &coordinate(&self.y)?].concat();
        let fits = self.kty == "EC" && self.crv.as_deref() == Some(curve);
        (fits && verifies(&point, token.signed, &token.signature)).then_some(())
    }
}

/// As [`p256_verifies`], with SHA-384 and 48 bytes.
fn p384_verifies(point: &[u8], bytes: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point).verify(bytes, signature).is_ok()
}

/// A number in base64url, without leading zeros (RFC 7518, section 2).
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Some(bytes.get(zeros..)?.to_vec())
}

#[cfg(test)]
mod tests {
    use ring::signature::{
        RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512,
        RsaEncoding, RsaKeyPair,
    };
    use rsa::pkcs8::EncodePrivateKey as _;

    use super::*;

    /// Random enough for a test's key, and the same each time.
    struct Count(u8);

    impl rsa::rand_core::TryRng for Count {
        type Error = std::convert::Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            let mut bytes = [0; 4];
            self.try_fill_bytes(&mut bytes)?;
            Ok(u32::from_le_bytes(bytes))
        }

        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            let mut bytes = [0; 8];
            self.try_fill_bytes(&mut bytes)?;
            Ok(u64::from_le_bytes(bytes))
        }

        fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
            for chunk in out.chunks_mut(32) {
                self.0 = self.0.wrapping_add(1);
                let digest = ring::digest::digest(&ring::digest::SHA256, &[self.0, out_of(chunk.len())]);
                chunk.copy_from_slice(&digest.as_ref()[..chunk.len()]);
            }
            Ok(())
        }
    }

    fn out_of(length: usize) -> u8 {
        u8::try_from(length).unwrap_or_default()
    }

    impl rsa::rand_core::TryCryptoRng for Count {}

    fn token(pair: &RsaKeyPair, alg: &str, padding: &'static dyn RsaEncoding) -> String {
        let header = format!(r#"{{"alg":"{alg}","kid":"1"}}"#);
        let signed = format!("{}.e30", URL_SAFE_NO_PAD.encode(header));
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(padding, &ring::rand::SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    #[test]
    fn each_rsa_signature_is_verified_and_for_its_own_algorithm_only() {
        let key = rsa::PrivateKey::new(&mut Count(0), 2048).unwrap();
        let pair = RsaKeyPair::from_pkcs8(key.to_pkcs8_der().unwrap().as_bytes()).unwrap();
        let public: ring::rsa::PublicKeyComponents<Vec<u8>> = pair.public().into();
        let (n, e) = (URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e));
        let set = |alg: &str| {
            let json = format!(r#"{{"keys":[{{"kty":"RSA","kid":"1","n":"{n}","e":"{e}"{alg}}}]}}"#);
            RealmKeys::read(json.as_bytes()).unwrap()
        };
        let padding: [(&str, &'static dyn RsaEncoding); 6] = [
            ("RS256", &RSA_PKCS1_SHA256),
            ("RS384", &RSA_PKCS1_SHA384),
            ("RS512", &RSA_PKCS1_SHA512),
            ("PS256", &RSA_PSS_SHA256),
            ("PS384", &RSA_PSS_SHA384),
            ("PS512", &RSA_PSS_SHA512),
        ];
        for (alg, signer) in padding {
            let good = token(&pair, alg, signer);
            set("").verify(&Jws::read(&good).unwrap()).unwrap();
            set(&format!(r#","alg":"{alg}","use":"sig""#)).verify(&Jws::read(&good).unwrap()).unwrap();
            for other in [r#","alg":"RSA-OAEP""#, r#","alg":"ES256""#, r#","use":"enc""#] {
                let judged = set(other).verify(&Jws::read(&good).unwrap());
                assert_eq!(judged, Err(Reason::SigningKeyUnknown), "{alg} {other}");
            }
            for (_, other) in padding.iter().filter(|(name, _)| *name != alg) {
                let crossed = token(&pair, alg, *other);
                let judged = set("").verify(&Jws::read(&crossed).unwrap());
                assert_eq!(judged, Err(Reason::SignatureWrong), "{alg}");
            }
        }
        let of_curve = token(&pair, "ES256", &RSA_PKCS1_SHA256);
        assert_eq!(set("").verify(&Jws::read(&of_curve).unwrap()), Err(Reason::SignatureWrong));
    }

    #[test]
    fn what_is_no_key_set() {
        for json in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[7]}"#, r#"{"keys":[{"kty":"RSA","n":7}]}"#]
        {
            assert_eq!(RealmKeys::read(json.as_bytes()).err(), Some(Reason::ReplyUnreadable), "{json}");
        }
        let many = format!(r#"{{"keys":[{}]}}"#, vec![r#"{"kty":"RSA"}"#; MAX_KEYS + 1].join(","));
        assert_eq!(RealmKeys::read(many.as_bytes()).err(), Some(Reason::ReplyUnreadable));
        for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            let json = format!(r#"{{"keys":[{{"kty":"RSA","{member}":[]}}]}}"#);
            assert_eq!(RealmKeys::read(json.as_bytes()).err(), Some(Reason::KeyHasPrivateParts), "{member}");
        }
    }
}
