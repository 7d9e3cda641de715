//! Signed tokens (RFC 7515, compact form) as they come from a phone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::answer::Refusal;
use super::input;

/// A token that was taken apart. Nothing in it is to be believed before its signature was checked.
pub(crate) struct Jws<'t> {
    header: Map<String, Value>,
    payload: Vec<u8>,
    /// Header and payload as sent: what the signature is over.
    pub(crate) signed: &'t str,
    pub(crate) signature: Vec<u8>,
}

impl<'t> Jws<'t> {
    /// Three parts of unpadded base64url, the first of them a JSON object that names a known algorithm.
    pub(crate) fn parse(token: &'t str) -> Option<Self> {
        if token.len() > input::MAX_JWT {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        let jws = Self {
            header,
            payload: URL_SAFE_NO_PAD.decode(payload).ok()?,
            signed,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        };
        KNOWN.contains(&jws.algorithm()).then_some(jws)
    }

    /// The `alg` of the header; empty if there is none.
    pub(crate) fn algorithm(&self) -> &str {
        self.header("alg").unwrap_or_default()
    }

    /// A header field that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// The key that the token brings with it.
    pub(crate) fn jwk(&self) -> Option<&Value> {
        self.header.get("jwk")
    }

    /// The claims, if the payload is a JSON object.
    pub(crate) fn claims(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(&self.payload).ok()
    }
}

/// Algorithms that have a name in Keycloak; any other makes the whole token unreadable.
const KNOWN: [&str; 14] = [
    "none", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
    "ES384", "ES512", "EdDSA",
];

/// Reads a token of the phone: `what` is its name in the texts, such as `enrollment token`.
pub(crate) fn device_token<'t>(token: &'t str, what: &str) -> Result<Jws<'t>, Refusal> {
    let jws = Jws::parse(token).ok_or_else(|| Refusal::bad(format!("Invalid {what}")))?;
    supported(jws.algorithm(), what)?;
    Ok(jws)
}

/// Device keys sign with `RS*` or `ES*`.
pub(crate) fn supported(algorithm: &str, what: &str) -> Result<(), Refusal> {
    if algorithm.starts_with("RS") || algorithm.starts_with("ES") {
        return Ok(());
    }
    Err(Refusal::bad(format!("Unsupported {what} algorithm: {algorithm}")))
}

/// Refuses a token whose `exp` has passed. Without `exp` it doesn't end.
pub(crate) fn unexpired(claims: &Map<String, Value>, now: u64, what: &str) -> Result<(), Refusal> {
    match claims.get("exp").and_then(whole_seconds) {
        Some(end) if i128::from(now) > i128::from(end) => Err(Refusal::bad(format!("{what} expired"))),
        _ => Ok(()),
    }
}

/// A number of seconds, cut to whole ones.
pub(crate) fn whole_seconds(value: &Value) -> Option<i64> {
    // A float that is too large saturates, and any absurd time is refused by its distance from now.
    value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::{Jws, device_token};

    fn token(header: &str, payload: &str) -> String {
        format!(
            "{}.{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(payload),
            URL_SAFE_NO_PAD.encode([1, 2])
        )
    }

    #[test]
    fn takes_a_token_apart() {
        let text = token(r#"{"alg":"ES256","typ":"JWT"}"#, r#"{"sub":"x"}"#);
        let jws = Jws::parse(&text).expect("a token");
        assert_eq!(jws.algorithm(), "ES256");
        assert_eq!(jws.header("typ"), Some("JWT"));
        assert_eq!(jws.claims().and_then(|claims| claims.get("sub").cloned()), Some("x".into()));
        assert_eq!(jws.signature, [1, 2]);
    }

    #[test]
    fn refuses_what_is_no_token() {
        for text in ["", "a.b", "a.b.c.d", "....", "e30.e30.", "!.e30.AA"] {
            assert!(Jws::parse(text).is_none(), "{text}");
        }
        assert!(Jws::parse(&token(r#"{"alg":"XX1"}"#, "{}")).is_none());
        assert!(Jws::parse(&"a".repeat(20_000)).is_none());
    }

    #[test]
    fn refuses_algorithms_that_prove_nothing() {
        for algorithm in ["none", "HS256", "PS256", "EdDSA"] {
            let text = token(&format!(r#"{{"alg":"{algorithm}"}}"#), "{}");
            let refusal = device_token(&text, "enrollment token").err().expect("refused");
            assert_eq!(refusal.error, format!("Unsupported enrollment token algorithm: {algorithm}"));
        }
    }
}
