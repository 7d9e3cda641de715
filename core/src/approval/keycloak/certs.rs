//! The enrolment token: signed by the realm, for this realm, not yet over.

use serde::Deserialize;

use super::super::http::{self, header};
use super::super::io::{Io, Run};
use super::super::jose::Jws;
use super::super::jwks::RealmKeys;
use super::super::step::Method;
use super::call::address;
use super::texts::{Said, judge};
use crate::clock::UnixTime;
use crate::link::Origin;
use crate::reason::Reason;

/// Longest key set that is read: a realm's certificates are in it.
const MAX_KEY_SET: usize = 256 * 1024;

/// What the realm says about an enrolment, verified.
pub(super) struct Enrolment {
    pub(super) id: String,
    /// Echoed as it is.
    pub(super) nonce: String,
    pub(super) user_id: String,
    pub(super) username: String,
    pub(super) issued_at: UnixTime,
    pub(super) expires_at: UnixTime,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    typ: String,
    sub: String,
    username: Option<String>,
    #[serde(rename = "enrollmentId")]
    enrolment_id: String,
    nonce: String,
    iat: i64,
    exp: i64,
}

/// One name or several (RFC 7519, section 4.1.3).
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// The realm's keys, fetched from the issuer.
pub(super) fn fetch_keys(io: &mut Io<'_>, issuer: &str) -> Run<Result<RealmKeys, Reason>> {
    let url = address(issuer, "/protocol/openid-connect/certs");
    let mut request = http::request(Method::Get, url, vec![header("Accept", "application/json")], None);
    request.max_reply_bytes = MAX_KEY_SET;
    let reply = match http::read(io, &request)? {
        Ok(reply) => reply,
        Err(reason) => return Ok(Err(reason)),
    };
    Ok(match judge(Ok(reply)) {
        Said::Done(body) => RealmKeys::read(body),
        Said::Refused(reason) => Err(reason),
        _ => Err(Reason::RequestNotUnderstood),
    })
}

/// The issuer that a token names, unverified: whose keys verify it.
pub(super) fn issuer(token: &str, origin: &Origin) -> Result<String, Reason> {
    let claims = claims(&Jws::read(token)?)?;
    if Origin::of(&claims.iss).as_ref() == Ok(origin) { Ok(claims.iss) } else { Err(Reason::OriginDiffers) }
}

/// Verifies an enrolment token in everything but its time.
pub(super) fn verify(token: &str, keys: &RealmKeys, issuer: &str) -> Result<Enrolment, Reason> {
    let read = Jws::read(token)?;
    keys.verify(&read)?;
    let claims = claims(&read)?;
    let realm = issuer.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let realm = percent_decoded(realm);
    let is_for_realm = match &claims.aud {
        Audience::One(name) => *name == realm,
        Audience::Several(names) => names.contains(&realm),
    };
    if claims.iss != issuer {
        return Err(Reason::OriginDiffers);
    }
    if !is_for_realm {
        return Err(Reason::SetupForOtherRealm);
    }
    // The extension's own limits.
    let fits = is_text(&claims.enrolment_id, 36) && is_text(&claims.nonce, 256) && is_text(&claims.sub, 128);
    if claims.typ != "push-enroll-challenge" || !fits {
        return Err(Reason::SetupTokenDamaged);
    }
    Ok(Enrolment {
        id: claims.enrolment_id,
        nonce: claims.nonce,
        user_id: claims.sub,
        username: claims.username.unwrap_or_default(),
        issued_at: UnixTime(claims.iat),
        expires_at: UnixTime(claims.exp),
    })
}

fn claims(token: &Jws<'_>) -> Result<Claims, Reason> {
    serde_json::from_slice(&token.payload).map_err(|_| Reason::SetupTokenDamaged)
}

fn is_text(text: &str, longest: usize) -> bool {
    !text.is_empty() && text.len() <= longest && !text.chars().any(char::is_control)
}

fn percent_decoded(segment: &str) -> String {
    // The name of a form field is decoded in the same way, but for `+`.
    let field = segment.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    url::form_urlencoded::parse(field.as_bytes())
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}
