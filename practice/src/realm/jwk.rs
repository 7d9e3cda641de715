//! Public keys of phones (RFC 7517, RFC 7518): reading, checking signatures, thumbprints (RFC 7638).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use ring::signature::{self, UnparsedPublicKey};
use serde_json::Value;

use super::answer::Refusal;
use super::input;
use super::jws::Jws;

/// Parts that only a private or a symmetric key has.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// The public key of a phone: P-256, P-384, or RSA of 2048 to 8192 bits.
///
/// Keycloak takes P-521 too; no library here checks it, so such a key is refused as `Unsupported JWK`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceKey {
    json: String,
    algorithm: Option<String>,
    parts: Parts,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Parts {
    Ec { curve: Curve, x: Vec<u8>, y: Vec<u8> },
    Rsa { n: Vec<u8>, e: Vec<u8> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Curve {
    P256,
    P384,
}

impl Curve {
    fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    fn coordinate_len(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }
}

impl DeviceKey {
    /// Reads a key that a phone posted as `field`.
    pub(crate) fn posted(jwk: &Value, field: &str) -> Result<Self, Refusal> {
        refuse_private(jwk)?;
        input::short(&jwk.to_string(), input::MAX_JWK, field)?;
        Self::from_jwk(jwk).ok_or_else(|| Refusal::bad("Unsupported JWK"))
    }

    /// Reads the key from a parsed JWK; `None` for a kind or a size that is not taken.
    pub(crate) fn from_jwk(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        let parts = match text("kty")? {
            "EC" => {
                let curve = match text("crv")? {
                    "P-256" => Curve::P256,
                    "P-384" => Curve::P384,
                    _ => return None,
                };
                let (x, y) = (bytes("x")?, bytes("y")?);
                if x.len() != curve.coordinate_len() || y.len() != curve.coordinate_len() {
                    return None;
                }
                Parts::Ec { curve, x, y }
            }
            "RSA" => {
                let (n, e) = (bytes("n")?, bytes("e")?);
                if !(256..=1025).contains(&n.len()) || e.is_empty() || e.len() > 8 {
                    return None;
                }
                Parts::Rsa { n, e }
            }
            _ => return None,
        };
        Some(Self { json: jwk.to_string(), algorithm: text("alg").map(str::to_owned), parts })
    }

    /// Reads the key back from [`DeviceKey::json`].
    pub(crate) fn from_json(json: &str) -> Option<Self> {
        Self::from_jwk(&serde_json::from_str(json).ok()?)
    }

    /// The key as the phone wrote it.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// SHA-256 thumbprint in base64url (RFC 7638): what `cnf.jkt` of an access token holds.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let canonical = match &self.parts {
            Parts::Ec { curve, x, y } => {
                format!(r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#, curve.name(), encode(x), encode(y))
            }
            Parts::Rsa { n, e } => {
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, encode(e), encode(n))
            }
        };
        encode(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref())
    }

    /// Refuses an algorithm that this key can't sign with.
    pub(crate) fn fits(&self, algorithm: &str) -> Result<(), Refusal> {
        if self.algorithm.as_deref().is_some_and(|own| !own.eq_ignore_ascii_case(algorithm)) {
            return Err(Refusal::bad("JWK algorithm mismatch"));
        }
        match &self.parts {
            Parts::Rsa { .. } if !algorithm.starts_with("RS") => {
                Err(Refusal::bad("RSA keys require RS* algorithms"))
            }
            Parts::Ec { .. } if !algorithm.starts_with("ES") => {
                Err(Refusal::bad("EC keys require ES* algorithms"))
            }
            Parts::Ec { curve, .. } if ec_algorithm(*curve) != algorithm => {
                Err(Refusal::bad(format!("EC curve {} incompatible with {algorithm}", curve.name())))
            }
            _ => Ok(()),
        }
    }

    /// Whether this key made the token's signature.
    pub(crate) fn signed(&self, token: &Jws<'_>) -> bool {
        let message = token.signed.as_bytes();
        match &self.parts {
            Parts::Ec { curve, x, y } => {
                let algorithm: &dyn signature::VerificationAlgorithm = match curve {
                    Curve::P256 => &signature::ECDSA_P256_SHA256_FIXED,
                    Curve::P384 => &signature::ECDSA_P384_SHA384_FIXED,
                };
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                token.algorithm() == ec_algorithm(*curve)
                    && UnparsedPublicKey::new(algorithm, point).verify(message, &token.signature).is_ok()
            }
            Parts::Rsa { n, e } => {
                let parameters = match token.algorithm() {
                    "RS256" => &signature::RSA_PKCS1_2048_8192_SHA256,
                    "RS384" => &signature::RSA_PKCS1_2048_8192_SHA384,
                    "RS512" => &signature::RSA_PKCS1_2048_8192_SHA512,
                    _ => return false,
                };
                // ring wants the modulus without leading zeros.
                let n = n.iter().position(|byte| *byte != 0).and_then(|start| n.get(start..));
                signature::RsaPublicKeyComponents { n: n.unwrap_or_default(), e }
                    .verify(parameters, message, &token.signature)
                    .is_ok()
            }
        }
    }
}

/// Refuses a JWK that gives away more than a public key.
pub(crate) fn refuse_private(jwk: &Value) -> Result<(), Refusal> {
    if PRIVATE.iter().any(|part| jwk.get(part).is_some()) {
        return Err(Refusal::bad("JWK must not contain private key parameters"));
    }
    Ok(())
}

fn ec_algorithm(curve: Curve) -> &'static str {
    match curve {
        Curve::P256 => "ES256",
        Curve::P384 => "ES384",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::DeviceKey;

    /// The key and its thumbprint in RFC 7638, section 3.1.
    #[test]
    fn thumbprint_of_the_standard() {
        let jwk = json!({
            "kty": "RSA",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            "e": "AQAB",
            "alg": "RS256",
            "kid": "2011-04-29"
        });
        let key = DeviceKey::from_jwk(&jwk).expect("a key");
        assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        assert_eq!(key.fits("ES256").unwrap_err().error, "JWK algorithm mismatch");
    }

    #[test]
    fn refuses_keys_that_are_not_taken() {
        let flaw = |jwk| DeviceKey::posted(&jwk, "cnf.jwk").unwrap_err().error.into_owned();
        let x = "nDTCuwnpl7TMcpSnvn4qVdvgZfTuGos_sqlcL1vvK-w";
        assert_eq!(flaw(json!({"kty": "oct", "k": "AAAA"})), "JWK must not contain private key parameters");
        assert_eq!(flaw(json!({"kty": "EC", "crv": "P-256", "x": x, "y": "AA"})), "Unsupported JWK");
        assert_eq!(flaw(json!({"kty": "EC", "crv": "P-521", "x": x, "y": x})), "Unsupported JWK");
        assert_eq!(flaw(json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"})), "Unsupported JWK");
        assert_eq!(flaw(json!({"kty": "EC", "x": x, "note": "n".repeat(9000)})), "Field too long: cnf.jwk");
        let key = DeviceKey::from_jwk(&json!({"kty": "EC", "crv": "P-256", "x": x, "y": x})).expect("a key");
        assert_eq!(key.fits("RS256").unwrap_err().error, "EC keys require ES* algorithms");
        assert_eq!(key.fits("ES384").unwrap_err().error, "EC curve P-256 incompatible with ES384");
    }
}
