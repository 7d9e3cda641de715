//! Signed tokens: JWS in compact form (RFC 7515, section 3.1), read strictly and written by a device key; DPoP
//! (RFC 9449); key thumbprints (RFC 7638).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::io::{Io, Run, refuse};
use super::keys;
use super::step::Why;
use crate::account::DeviceKey;
use crate::link::MAX_TOKEN;
use crate::reason::Reason;

/// The signatures that are taken from servers (RFC 7518, section 3.1). `none` and the HS family are not among them:
/// with those, anybody who knows the public key could sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
}

impl Algorithm {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "RS384" => Self::Rs384,
            "RS512" => Self::Rs512,
            "PS256" => Self::Ps256,
            "PS384" => Self::Ps384,
            "PS512" => Self::Ps512,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            _ => return None,
        })
    }
}

/// A token of a server, taken apart and not yet verified.
pub(super) struct Jws<'t> {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    /// What the signature is over.
    pub(super) signed: &'t [u8],
    pub(super) payload: Zeroizing<Vec<u8>>,
    pub(super) signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<IgnoredAny>,
}

impl<'t> Jws<'t> {
    /// Takes a token apart. Keys that its header brings along or points to are not looked at.
    pub(super) fn read(token: &'t str) -> Result<Self, Reason> {
        const DAMAGED: Reason = Reason::SetupTokenDamaged;
        if token.len() > MAX_TOKEN {
            return Err(DAMAGED);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(DAMAGED)?;
        let (header, payload) = signed.split_once('.').ok_or(DAMAGED)?;
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| DAMAGED)?;
        let is_jwt = header.typ.is_none_or(|typ| typ.eq_ignore_ascii_case("jwt"));
        if !is_jwt || header.crit.is_some() {
            return Err(DAMAGED);
        }
        Ok(Self {
            algorithm: Algorithm::of(&header.alg).ok_or(Reason::TokenAlgorithmRefused)?,
            key_id: header.kid,
            signed: signed.as_bytes(),
            payload: decode(payload)?,
            signature: decode(signature)?.to_vec(),
        })
    }
}

fn decode(part: &str) -> Result<Zeroizing<Vec<u8>>, Reason> {
    URL_SAFE_NO_PAD.decode(part).map(Zeroizing::new).map_err(|_| Reason::SetupTokenDamaged)
}

/// The claims of a token of which only the claims are wanted, such as an access token's: `None` when it has none.
pub(super) fn unverified_claims<T: for<'de> Deserialize<'de>>(token: &str) -> Option<T> {
    let (_, rest) = token.split_once('.')?;
    let (payload, _) = rest.split_once('.')?;
    serde_json::from_slice(&decode(payload).ok()?).ok()
}

/// Signs a token with a device key.
pub(super) fn sign<H: Serialize, C: Serialize>(
    io: &mut Io<'_>,
    key: &DeviceKey,
    header: &H,
    claims: &C,
    why: Why,
) -> Run<String> {
    let (Ok(header), Ok(claims)) = (serde_json::to_vec(header), serde_json::to_vec(claims)) else {
        return refuse(Reason::DeviceKeyUnusable);
    };
    let mut token = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = io.sign(key, token.as_bytes(), why)?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

/// The public half of a device key (RFC 7517), P-256 with ES256.
#[derive(Clone, Serialize)]
pub(super) struct Jwk {
    crv: &'static str,
    kty: &'static str,
    x: String,
    y: String,
    alg: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
}

impl Jwk {
    /// `None` for a key of another kind.
    pub(super) fn of(key: &DeviceKey) -> Option<Self> {
        let (x, y) = keys::coordinates(key)?;
        let [x, y] = [x, y].map(|number| URL_SAFE_NO_PAD.encode(number));
        Some(Self { crv: "P-256", kty: "EC", x, y, alg: "ES256", usage: "sig" })
    }

    /// The SHA-256 thumbprint in base64url (RFC 7638): over the required members, in order, without spaces.
    pub(super) fn thumbprint(&self) -> String {
        let Self { crv, kty, x, y, .. } = self;
        sha256(format!(r#"{{"crv":"{crv}","kty":"{kty}","x":"{x}","y":"{y}"}}"#).as_bytes())
    }
}

/// SHA-256 in base64url: how a proof names its access token (RFC 9449, section 4.2, `ath`).
pub(super) fn sha256(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes))
}

#[cfg(test)]
mod tests {
    use super::super::jwks::RealmKeys;
    use super::*;
    use crate::account::KeyAlgorithm;

    /// RFC 7515, appendix A.3.
    const ES256: &str = concat!(
        "eyJhbGciOiJFUzI1NiJ9.",
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    );
    const ES256_KEY: &str = r#"{"keys":[{"kty":"EC","crv":"P-256",
        "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;

    /// The key and the token of RFC 9449, sections 4.1 and 7.1.
    fn dpop_key() -> DeviceKey {
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let x = decode("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs");
        let y = decode("9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA");
        let point = [&[4][..], &x, &y].concat();
        let algorithm = KeyAlgorithm::Es256;
        DeviceKey { id: String::new(), algorithm, spki: keys::to_spki(algorithm, &point).unwrap() }
    }

    #[test]
    fn thumbprint_and_token_hash_of_rfc_9449() {
        let jwk = Jwk::of(&dpop_key()).unwrap();
        assert_eq!(jwk.thumbprint(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        let token = b"Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
        assert_eq!(sha256(token), "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    }

    #[test]
    fn a_signature_of_rfc_7515() {
        let keys = RealmKeys::read(ES256_KEY.as_bytes()).unwrap();
        keys.verify(&Jws::read(ES256).unwrap()).unwrap();
        let other = ES256.replace("eyJpc3Mi", "eyJpc3Ni");
        assert_eq!(keys.verify(&Jws::read(&other).unwrap()), Err(Reason::SignatureWrong));
    }

    #[test]
    fn what_is_no_token() {
        let header = |json: &str| format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode(json));
        for token in [
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            "a.b".to_owned(),
            format!("{ES256}."),
            format!("{ES256}="),
            ES256.replace('-', "+"),
            header("{}"),
            header("[]"),
            header(r#"{"alg":7}"#),
            header(r#"{"alg":"ES256","alg":"none"}"#),
            header(r#"{"alg":"ES256","typ":"dpop+jwt"}"#),
            header(r#"{"alg":"ES256","crit":["x"]}"#),
            format!("{ES256}{}", "A".repeat(MAX_TOKEN)),
        ] {
            assert_eq!(Jws::read(&token).err(), Some(Reason::SetupTokenDamaged), "{token}");
        }
        for alg in ["none", "HS256", "HS512", "EdDSA", "ES512", "RSA-OAEP", "es256"] {
            let token = header(&format!(r#"{{"alg":"{alg}"}}"#));
            assert_eq!(Jws::read(&token).err(), Some(Reason::TokenAlgorithmRefused), "{alg}");
        }
    }
}
