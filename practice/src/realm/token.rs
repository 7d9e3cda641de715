//! The realm's OpenID Connect side: access tokens for phones, the key set, the description of the endpoints.

use serde_json::{Map, Value, json};

use super::answer::{Refusal, Response};
use super::call::Call;
use super::input;
use super::jwk::{self, DeviceKey};
use super::jws::{Jws, whole_seconds};
use super::state::Client;

/// How long an access token is good, in seconds.
const ACCESS_SECONDS: u64 = 300;
/// How old a proof may be when it comes, plus the clock skew allowed either way, in seconds: Keycloak's defaults.
const LIFETIME: i64 = 10;
const SKEW: i64 = 15;

/// `POST .../protocol/openid-connect/token`: an access token for a client's own account, bound to the key of the
/// proof (RFC 9449 section 5).
pub(crate) fn token(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let response = answer(call).map_or_else(
        |refusal| refusal.response(false),
        |token| Response::new(200, "application/json", token.to_string()),
    );
    Ok(response.with("Cache-Control", "no-store"))
}

fn answer(call: &mut Call<'_>) -> Result<Value, Refusal> {
    let form = call.form();
    let client = authenticate(call, &form)?;
    let proof = call.request.header("DPoP").map(str::to_owned);
    let bound_to = match proof {
        None if client.demands_proof => return Err(invalid("DPoP proof is missing")),
        None => None,
        Some(proof) => Some(check_proof(call, &proof)?),
    };
    match input::text(&form, "grant_type").as_deref() {
        Some("client_credentials") => {}
        None => return Err(invalid("Missing form parameter: grant_type")),
        Some(_) => {
            return Err(Refusal::coded(400, "unsupported_grant_type", "Unsupported grant_type"));
        }
    }
    let token_type = if bound_to.is_some() { "DPoP" } else { "Bearer" };
    let mut claims = json!({
        "exp": call.now + ACCESS_SECONDS,
        "iat": call.now,
        "jti": call.draw.uuid(),
        "iss": call.issuer(),
        "aud": "account",
        "sub": format!("service-account-{}", client.id),
        "typ": token_type,
        "azp": client.id,
        "acr": "1",
        "scope": "profile email",
        "client_id": client.id,
    });
    if let (Some(jkt), Some(fields)) = (bound_to, claims.as_object_mut()) {
        fields.insert("cnf".to_owned(), json!({"jkt": jkt, "kc-jkt-type": "DPoP"}));
    }
    let access_token = call.state.key.sign(&claims).ok_or_else(Refusal::server_error)?;
    Ok(json!({
        "access_token": access_token,
        "expires_in": ACCESS_SECONDS,
        "refresh_expires_in": 0,
        "token_type": token_type,
        "not-before-policy": 0,
        "scope": "profile email",
    }))
}

fn authenticate<'a>(call: &Call<'a>, form: &Map<String, Value>) -> Result<&'a Client, Refusal> {
    let unauthorized = |why: &'static str| Refusal::coded(401, "unauthorized_client", why);
    let client = input::text(form, "client_id").and_then(|id| call.state.client(&id));
    let client = client.ok_or_else(|| {
        Refusal::coded(401, "invalid_client", "Invalid client or Invalid client credentials")
    })?;
    let Some(secret) = &client.secret else {
        return Err(unauthorized("Public client not allowed to retrieve service account"));
    };
    let given = input::text(form, "client_secret").unwrap_or_default();
    if !same_text(secret, &given) {
        return Err(unauthorized("Invalid client or Invalid client credentials"));
    }
    Ok(client)
}

/// Checks the proof the way Keycloak's token endpoint does: it brings its own key, and its time is judged far more
/// tightly than at the extension's endpoints. Gives the key's thumbprint.
fn check_proof(call: &mut Call<'_>, proof: &str) -> Result<String, Refusal> {
    let proof = Jws::parse(proof.trim()).ok_or_else(|| invalid("DPoP header verification failure"))?;
    if proof.header("typ") != Some("dpop+jwt") {
        let given = proof.header("typ").unwrap_or("null");
        return Err(invalid(format!("Invalid or missing type in DPoP header: {given}")));
    }
    let algorithm = proof.algorithm();
    if algorithm == "none" || algorithm.starts_with("HS") {
        return Err(invalid(format!("Unsupported DPoP algorithm: {algorithm}")));
    }
    let jwk = proof.jwk().ok_or_else(|| invalid("No JWK in DPoP header"))?;
    jwk::refuse_private(jwk).map_err(|_| invalid("Private key is present in DPoP header"))?;
    let key = DeviceKey::from_jwk(jwk).ok_or_else(|| invalid("Unsupported key type in DPoP header"))?;
    if !key.signed(&proof) {
        return Err(invalid("DPoP verification failure: Invalid token signature"));
    }

    let claims = proof.claims().unwrap_or_default();
    let claim = |name: &str| input::text(&claims, name).filter(|text| !text.trim().is_empty());
    let (Some(jti), Some(htm), Some(htu), Some(iat)) =
        (claim("jti"), claim("htm"), claim("htu"), claims.get("iat").and_then(whole_seconds))
    else {
        return Err(invalid("DPoP mandatory claims are missing"));
    };
    if htm != call.request.method {
        return Err(invalid("DPoP HTTP method mismatch"));
    }
    if htu.split(['?', '#']).next() != Some(call.address) {
        return Err(invalid("DPoP HTTP URL mismatch"));
    }
    let age = i64::try_from(call.now).unwrap_or(i64::MAX).saturating_sub(iat);
    if !(-SKEW..=LIFETIME + SKEW).contains(&age) {
        return Err(invalid("DPoP proof is not active"));
    }
    if age == LIFETIME + SKEW {
        // Keycloak would keep the proof's mark for 0 seconds, which its cache refuses.
        return Err(Refusal::server_error());
    }
    let end = call.now.saturating_add_signed(LIFETIME + SKEW - age);
    if !call.first_use(format!("token {htu} {jti}"), end)? {
        return Err(invalid("DPoP proof has already been used"));
    }
    Ok(key.thumbprint())
}

/// `GET .../protocol/openid-connect/certs`: the public keys.
pub(crate) fn certs(call: &Call<'_>) -> Response {
    let keys: Vec<&Value> = std::iter::once(call.state.key.jwk()).chain(&call.state.retired_keys).collect();
    Response::new(200, "application/json", json!({"keys": keys}).to_string())
        .with("Cache-Control", "no-cache")
}

/// `GET .../.well-known/openid-configuration`, cut down to what this server has.
pub(crate) fn configuration(call: &Call<'_>) -> Response {
    let issuer = call.issuer();
    let endpoint = |name: &str| format!("{issuer}/protocol/openid-connect/{name}");
    let description = json!({
        "issuer": issuer,
        "token_endpoint": endpoint("token"),
        "jwks_uri": endpoint("certs"),
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "dpop_signing_alg_values_supported": ["ES256", "ES384", "RS256", "RS384", "RS512"],
    });
    Response::new(200, "application/json;charset=UTF-8", description.to_string())
        .with("Cache-Control", "no-cache, must-revalidate, no-transform, no-store")
}

fn invalid(why: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::coded(400, "invalid_request", why)
}

/// Compares two secrets by their digests, so that the time taken says nothing about where they differ.
fn same_text(one: &str, other: &str) -> bool {
    let digest = |text: &str| ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    digest(one).as_ref() == digest(other).as_ref()
}
