//! A realm's public keys (RFC 7517) and signatures by them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::jose::{Algorithm, Jws};
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
            Algorithm::Es256 => self.ecdsa("P-256", 32, &ECDSA_P256_SHA256_FIXED, token),
            Algorithm::Es384 => self.ecdsa("P-384", 48, &ECDSA_P384_SHA384_FIXED, token),
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
        algorithm: &'static dyn VerificationAlgorithm,
        token: &Jws<'_>,
    ) -> Option<()> {
        let coordinate = |text: &Option<String>| {
            URL_SAFE_NO_PAD.decode(text.as_deref()?).ok().filter(|bytes| bytes.len() == size)
        };
        let point = [&[4][..], &coordinate(&self.x)?, &coordinate(&self.y)?].concat();
        let key = UnparsedPublicKey::new(algorithm, point);
        let fits = self.kty == "EC" && self.crv.as_deref() == Some(curve);
        (fits && key.verify(token.signed, &token.signature).is_ok()).then_some(())
    }
}

/// A number in base64url, without leading zeros (RFC 7518, section 2).
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Some(bytes.get(zeros..)?.to_vec())
}
