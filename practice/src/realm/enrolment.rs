//! Adding a phone: the token behind a set-up code, and the phone's answer to it.

use serde_json::json;

use super::answer::{Refusal, Response};
use super::call::Call;
use super::change::Change;
use super::input::{self, bounded, required, text, uuid};
use super::jwk::DeviceKey;
use super::jws;
use super::proof;
use super::state::{Phone, Standing};

/// What the phone sends, in the texts.
const TOKEN: &str = "enrollment token";
/// The label of a phone that has none.
const NO_LABEL: &str = "Push MFA Device";
/// So many phones a user: the real server has no limit, a hostile phone must not fill this one.
const MAX_PHONES: usize = 50;

/// `GET .../enroll/request-token/{handle}`: the enrolment token, made anew each time.
pub(crate) fn request_token(call: &Call<'_>, handle: &str) -> Result<Response, Refusal> {
    let handle = uuid(Some(handle.to_owned()), "requestHandle")?;
    let not_found = || Refusal::missing("Enrollment request not found");
    let enrolment = call
        .state
        .enrolments
        .values()
        .find(|enrolment| enrolment.handle == handle && call.now < enrolment.expires_at)
        .filter(|enrolment| enrolment.standing == Standing::Pending)
        .ok_or_else(not_found)?;
    let token = call.state.enrolment_token(enrolment, call.base, call.now).ok_or_else(not_found)?;
    Ok(Response::new(200, "application/jwt", token)
        .with("Cache-Control", "no-store")
        .with("Pragma", "no-cache"))
}

/// `POST .../enroll/complete`: the phone proves its new key and is added.
pub(crate) fn complete(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let body = call.json()?;
    let token = required(text(&body, "token"), "token")?;
    input::short(&token, input::MAX_JWT, "token")?;
    let token = jws::device_token(&token, TOKEN)?;
    let claims = token.claims().ok_or_else(|| Refusal::bad(format!("Unable to parse {TOKEN}")))?;
    let claim = |name: &str| text(&claims, name);

    let subject = bounded(claim("sub"), input::MAX_USER_ID, "sub")?;
    let user = call.state.user(&subject).ok_or_else(|| Refusal::missing("User not found"))?;
    let id = uuid(claim("enrollmentId"), "enrollmentId")?;
    let Some(enrolment) = call.state.enrolment(&id, call.now) else {
        return Err(match call.state.challenge(&id, call.now) {
            Some(_) => Refusal::bad("Challenge is not for enrollment"),
            None => Refusal::missing("Challenge not found"),
        });
    };
    if enrolment.user != user.id {
        return Err(Refusal::forbidden("Challenge does not belong to user"));
    }
    if enrolment.standing != Standing::Pending {
        return Err(Refusal::bad("Challenge already resolved or expired"));
    }
    jws::unexpired(&claims, call.now, TOKEN)?;
    if bounded(claim("nonce"), 256, "nonce")? != enrolment.nonce {
        return Err(Refusal::forbidden("Nonce mismatch"));
    }

    let jwk = claims
        .get("cnf")
        .and_then(|cnf| cnf.get("jwk"))
        .filter(|jwk| !jwk.is_null())
        .ok_or_else(|| Refusal::bad("Enrollment token is missing cnf.jwk claim"))?;
    if !jwk.is_object() {
        return Err(Refusal::bad("Enrollment token cnf.jwk must be an object"));
    }
    let key = DeviceKey::posted(jwk, "cnf.jwk")?;
    key.fits(token.algorithm())?;
    if !key.signed(&token) {
        return Err(Refusal::forbidden("Invalid enrollment token signature"));
    }
    let device_id = bounded(claim("deviceId"), input::MAX_DEVICE_ID, "deviceId")?;
    proof::enrolling(call, &key, &subject, &device_id)?;

    let device_type = bounded(claim("deviceType"), 64, "deviceType")?;
    let push_type = input::optional(claim("pushProviderType"), 64, "pushProviderType")?
        .unwrap_or_else(|| "none".to_owned());
    let push_id = input::optional(claim("pushProviderId"), 2048, "pushProviderId")?;
    if push_id.is_none() && push_type != "none" {
        return Err(Refusal::bad("pushProviderId required unless pushProviderType=none"));
    }
    let credential_id = bounded(claim("credentialId"), input::MAX_DEVICE_ID, "credentialId")?;
    let label =
        input::optional(claim("deviceLabel"), 128, "deviceLabel")?.unwrap_or_else(|| NO_LABEL.to_owned());

    if user.phones.len() >= MAX_PHONES || user.phones.iter().any(|phone| same_label(&phone.label, &label)) {
        // The real server has settled the code by then, and so the code can't be used again.
        call.changes.push(Change::EnrolmentSettled { id, standing: Standing::Denied, phone: None });
        return Err(Refusal::coded(409, "conflict", "Device already exists with the same name"));
    }
    let phone = Phone {
        id: call.draw.uuid(),
        label,
        device_type,
        credential_id,
        device_id,
        push_type,
        push_id,
        key,
        created_at: call.now,
    };
    call.changes.push(Change::EnrolmentSettled {
        id,
        standing: Standing::Approved,
        phone: Some(phone.id.clone()),
    });
    call.changes.push(Change::PhoneAdded { user: subject, phone });
    Ok(Response::done(&json!({"status": "enrolled"})))
}

fn same_label(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
