//! Who calls: the access token and the proof of possession (RFC 9449) at the extension's endpoints.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde_json::{Map, Value};

use super::answer::Refusal;
use super::call::Call;
use super::input;
use super::jwk::DeviceKey;
use super::jws::{self, Jws, whole_seconds};
use super::state::{Phone, User};

/// How far a proof's time may be off, in seconds.
const TOLERANCE: u64 = 120;
/// How long a proof's `jti` is remembered, in seconds.
const REMEMBERED: u64 = 300;
/// Longest `jti`, in characters.
const MAX_JTI: usize = 128;

/// The enrolled phone that made the call, and whose it is.
pub(crate) struct Caller<'a> {
    pub(crate) user: &'a User,
    pub(crate) phone: &'a Phone,
}

/// Finds the phone that the call's proof names, and checks token and proof against its key.
pub(crate) fn caller<'a>(call: &mut Call<'a>) -> Result<Caller<'a>, Refusal> {
    let token = access_token(call)?;
    let header = proof_header(call)?;
    let proof = Proof::read(call, &header, &token)?;
    let user = call.state.user(&proof.subject).ok_or_else(|| Refusal::missing("User not found"))?;
    // The first phone with this id, as the real server does it: a second one with the same id is never found.
    let phone = user
        .phones
        .iter()
        .find(|phone| phone.device_id == proof.device_id)
        .ok_or_else(|| Refusal::forbidden("Device not registered for user"))?;
    proof.check(call, &token, &phone.key)?;
    Ok(Caller { user, phone })
}

/// Checks token and proof against a key that is only being enrolled.
pub(crate) fn enrolling(
    call: &mut Call<'_>,
    key: &DeviceKey,
    subject: &str,
    device_id: &str,
) -> Result<(), Refusal> {
    let token = access_token(call)?;
    let header = proof_header(call)?;
    let proof = Proof::read(call, &header, &token)?;
    if proof.subject != subject {
        return Err(Refusal::forbidden("DPoP proof sub mismatch"));
    }
    if proof.device_id != device_id {
        return Err(Refusal::forbidden("DPoP proof deviceId mismatch"));
    }
    proof.check(call, &token, key)
}

/// An access token of this realm that is still good.
struct AccessToken {
    /// The hash that the proof must name: `ath` of RFC 9449.
    hash: String,
    /// The thumbprint of the key it is bound to.
    bound_to: Option<String>,
}

fn access_token(call: &Call<'_>) -> Result<AccessToken, Refusal> {
    let authorization = call.request.header("Authorization").unwrap_or_default();
    let token = authorization
        .strip_prefix("DPoP ")
        .or_else(|| authorization.strip_prefix("Bearer "))
        .map(str::trim)
        .filter(|token| !token.is_empty())
        .ok_or_else(Refusal::unauthorized)?;
    input::short(token, input::MAX_JWT, "access token")?;
    let claims = realm_token(call, token).ok_or_else(|| Refusal::new(401, "Invalid access token"))?;
    Ok(AccessToken {
        hash: URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, token.as_bytes())),
        bound_to: claims.get("cnf").and_then(|cnf| cnf.get("jkt")).and_then(Value::as_str).map(str::to_owned),
    })
}

/// The claims of a token that this realm signed, for this address, and that hasn't ended.
fn realm_token(call: &Call<'_>, token: &str) -> Option<Map<String, Value>> {
    let token = Jws::parse(token)?;
    let kid = token.header("kid")?;
    let jwk = std::iter::once(call.state.key.jwk())
        .chain(&call.state.retired_keys)
        .find(|jwk| jwk.get("kid").and_then(Value::as_str) == Some(kid))?;
    let key = DeviceKey::from_jwk(jwk)?;
    if key.fits(token.algorithm()).is_err() || !key.signed(&token) {
        return None;
    }
    let claims = token.claims()?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let ends = claims.get("exp").and_then(whole_seconds)?;
    let good = text("iss") == Some(&call.issuer())
        && matches!(text("typ"), Some("Bearer" | "DPoP"))
        && i128::from(call.now) <= i128::from(ends);
    good.then_some(claims)
}

fn proof_header(call: &Call<'_>) -> Result<String, Refusal> {
    let header = call.request.header("DPoP").unwrap_or_default().trim();
    if header.is_empty() {
        return Err(Refusal::unauthorized());
    }
    input::short(header, input::MAX_JWT, "DPoP proof")?;
    Ok(header.to_owned())
}

/// A proof whose claims fit this call; its signature is still to be checked.
struct Proof<'t> {
    token: Jws<'t>,
    jti: String,
    subject: String,
    device_id: String,
}

impl<'t> Proof<'t> {
    fn read(call: &Call<'_>, header: &'t str, access: &AccessToken) -> Result<Self, Refusal> {
        let token = jws::device_token(header, "DPoP proof")?;
        if !token.header("typ").is_some_and(|typ| typ.eq_ignore_ascii_case("dpop+jwt")) {
            return Err(Refusal::bad("DPoP proof missing typ=dpop+jwt"));
        }
        let claims = token.claims().ok_or_else(|| Refusal::bad("Unable to parse DPoP proof"))?;
        let claim = |name: &str| input::text(&claims, name);

        let htm = input::required(claim("htm"), "htm")?;
        if !htm.eq_ignore_ascii_case(&call.request.method) {
            return Err(Refusal::forbidden("DPoP proof htm mismatch"));
        }
        let htu = input::required(claim("htu"), "htu")?;
        if htu.split(['?', '#']).next() != Some(call.address) {
            return Err(Refusal::forbidden("DPoP proof htu mismatch"));
        }
        let iat = claims
            .get("iat")
            .and_then(whole_seconds)
            .ok_or_else(|| Refusal::bad("DPoP proof missing iat"))?;
        if (i128::from(call.now) - i128::from(iat)).unsigned_abs() > u128::from(TOLERANCE) {
            return Err(Refusal::bad("DPoP proof expired"));
        }
        let jti = input::required(claim("jti"), "jti")?;
        input::short(&jti, MAX_JTI, "jti")?;
        let ath = input::required(claim("ath"), "ath")?;
        if ath != access.hash {
            return Err(Refusal::forbidden("DPoP proof ath mismatch"));
        }
        Ok(Self {
            subject: input::bounded(claim("sub"), input::MAX_USER_ID, "sub")?,
            device_id: input::bounded(claim("deviceId"), input::MAX_DEVICE_ID, "deviceId")?,
            token,
            jti,
        })
    }

    /// Signature, binding of the access token, first use: in this order.
    fn check(&self, call: &mut Call<'_>, access: &AccessToken, key: &DeviceKey) -> Result<(), Refusal> {
        key.fits(self.token.algorithm())?;
        if !key.signed(&self.token) {
            return Err(Refusal::forbidden("Invalid DPoP proof signature"));
        }
        let thumbprint = key.thumbprint();
        match &access.bound_to {
            None => return Err(Refusal::forbidden("Access token missing DPoP binding")),
            Some(bound_to) if *bound_to != thumbprint => {
                return Err(Refusal::forbidden("Access token DPoP binding mismatch"));
            }
            Some(_) => {}
        }
        let mark = format!("device {thumbprint} {}", self.jti);
        if !call.first_use(mark, call.now + REMEMBERED)? {
            return Err(Refusal::forbidden("DPoP proof replay detected"));
        }
        Ok(())
    }
}
