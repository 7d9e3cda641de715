//! What a phone changes about itself: where pushes go, and its key.

use serde_json::{Value, json};

use super::answer::{Refusal, Response};
use super::call::Call;
use super::change::Change;
use super::input::{bounded, optional, text};
use super::jwk::DeviceKey;
use super::jws;
use super::proof;

/// `PUT .../device/push-provider`: another address for pushes, or none.
pub(crate) fn push_provider(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let body = call.json()?;
    let caller = proof::caller(call)?;
    let push_id = bounded(text(&body, "pushProviderId"), 2048, "pushProviderId")?;
    let push_type = optional(text(&body, "pushProviderType"), 64, "pushProviderType")?
        .unwrap_or_else(|| caller.phone.push_type.clone());
    if caller.phone.push_id.as_ref() == Some(&push_id) && caller.phone.push_type == push_type {
        return Ok(Response::done(&json!({"status": "unchanged"})));
    }
    call.changes.push(Change::PushAddress {
        user: caller.user.id.clone(),
        phone: caller.phone.id.clone(),
        push_type,
        push_id,
    });
    Ok(Response::done(&json!({"status": "updated"})))
}

/// `PUT .../device/rotate-key`: another key for the same phone, asked for with the old one.
pub(crate) fn rotate_key(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let body = call.json()?;
    let caller = proof::caller(call)?;
    let posted = body
        .get("publicKeyJwk")
        .filter(|jwk| !jwk.is_null())
        .ok_or_else(|| Refusal::bad("Request missing publicKeyJwk"))?;
    if !posted.is_object() {
        return Err(Refusal::bad("publicKeyJwk must be an object"));
    }
    let algorithm =
        posted.get("alg").and_then(Value::as_str).filter(|algorithm| !algorithm.trim().is_empty());
    let key = DeviceKey::posted(posted, "publicKeyJwk")?;
    let algorithm = algorithm.ok_or_else(|| Refusal::bad("JWK missing alg"))?.to_uppercase();
    jws::supported(&algorithm, "rotate-key request")?;
    key.fits(&algorithm)?;
    call.changes.push(Change::KeyRotated {
        user: caller.user.id.clone(),
        phone: caller.phone.id.clone(),
        key,
        at: call.now,
    });
    Ok(Response::done(&json!({"status": "rotated"})))
}
