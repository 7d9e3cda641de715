//! Sign-ins on the phone: what is pending, the answer, the lock-out.

use serde_json::{Map, Value, json};

use super::answer::{Refusal, Response};
use super::call::Call;
use super::change::Change;
use super::input::{self, bounded, required, text, uuid};
use super::jws;
use super::proof;
use super::state::{Challenge, Standing, User, Verification};

/// What the phone sends, in the texts.
const TOKEN: &str = "authentication token";

/// `GET .../login/pending?userId=`: the sign-ins that this phone can answer.
pub(crate) fn pending(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let user_id = bounded(call.query("userId"), input::MAX_USER_ID, "userId")?;
    let caller = proof::caller(call)?;
    let challenges: Vec<Value> = call
        .state
        .pending(&caller.user.id, call.now)
        .filter(|challenge| challenge.phone == caller.phone.id && caller.user.id == user_id)
        .map(|challenge| entry(call, caller.user, challenge))
        .collect();
    Ok(Response::done(&json!({"challenges": challenges})))
}

/// One entry of the list. What doesn't exist is left out, never null.
fn entry(call: &Call<'_>, user: &User, challenge: &Challenge) -> Value {
    let mut entry = json!({
        "userId": user.id,
        "username": user.name,
        "cid": challenge.id,
        "expiresAt": challenge.expires_at,
        "createdAt": challenge.created_at,
        "clientId": challenge.client,
    });
    let verification = match &challenge.verification {
        Verification::Number { options, .. } => Some(json!({"type": "number-match", "numbers": options})),
        Verification::Pin(pin) => Some(json!({"type": "pin", "pinLength": pin.chars().count()})),
        Verification::None => None,
    };
    let name = call.state.client(&challenge.client).and_then(|client| client.name.clone());
    if let Some(fields) = entry.as_object_mut() {
        fields.extend(name.map(|name| ("clientName".to_owned(), json!(name))));
        fields.extend(verification.map(|value| ("userVerification".to_owned(), value)));
    }
    entry
}

/// `POST .../login/challenges/{cid}/respond`: approves or declines one sign-in.
///
/// A wrong number leaves it pending, and tries are not counted: so is the real server.
pub(crate) fn respond(call: &mut Call<'_>, cid: &str) -> Result<Response, Refusal> {
    let body = call.json()?;
    let cid = uuid(Some(cid.to_owned()), "cid")?;
    let Some(challenge) = call.state.challenge(&cid, call.now) else {
        return Err(match call.state.enrolment(&cid, call.now) {
            Some(_) => Refusal::bad("Challenge is not for login"),
            None => Refusal::missing("Challenge not found"),
        });
    };
    if challenge.standing != Standing::Pending {
        return Err(Refusal::bad("Challenge already resolved or expired"));
    }
    let caller = proof::caller(call)?;
    if caller.user.id != challenge.user {
        return Err(Refusal::forbidden("Authentication token subject mismatch"));
    }
    if caller.phone.id != challenge.phone {
        return Err(Refusal::forbidden("Authentication token device mismatch"));
    }

    let token = required(text(&body, "token"), "token")?;
    input::short(&token, input::MAX_JWT, "token")?;
    let token = jws::device_token(&token, TOKEN)?;
    let claims = token.claims().ok_or_else(|| Refusal::bad(format!("Unable to parse {TOKEN}")))?;
    // An answer without an action approves.
    let action = text(&claims, "action").map_or_else(|| "approve".to_owned(), |action| action.to_lowercase());
    if uuid(text(&claims, "cid"), "cid")? != cid {
        return Err(Refusal::forbidden("Challenge mismatch"));
    }
    caller.phone.key.fits(token.algorithm())?;
    if !caller.phone.key.signed(&token) {
        return Err(Refusal::forbidden("Invalid authentication token signature"));
    }
    jws::unexpired(&claims, call.now, TOKEN)?;
    if bounded(text(&claims, "credId"), input::MAX_DEVICE_ID, "credId")? != caller.phone.credential_id {
        return Err(Refusal::forbidden("Authentication token credential mismatch"));
    }

    let (standing, status) = match action.as_str() {
        "deny" => (Standing::Denied, "denied"),
        "approve" => {
            verify(&challenge.verification, &claims)?;
            (Standing::Approved, "approved")
        }
        other => return Err(Refusal::bad(format!("Unsupported action: {other}"))),
    };
    call.changes.push(Change::ChallengeSettled { id: cid, standing });
    Ok(Response::done(&json!({"status": status})))
}

/// Compares what the person carried over with what the screen shows: as text, after trimming.
fn verify(expected: &Verification, claims: &Map<String, Value>) -> Result<(), Refusal> {
    let Some(answer) = expected.answer() else {
        return Ok(());
    };
    let given = match claims.get("userVerification") {
        None | Some(Value::Null) => None,
        Some(Value::String(given)) => Some(given.trim()),
        Some(_) => return Err(Refusal::bad("Invalid user verification value")),
    };
    match given.filter(|given| !given.is_empty()) {
        None => Err(Refusal::bad("Missing user verification")),
        Some(given) if given == answer => Ok(()),
        Some(_) => Err(Refusal::forbidden("User verification mismatch")),
    }
}

/// `POST .../login/lockout`: the panic button. Nobody signs in with this account until an administrator allows it
/// again; the phone itself stays enrolled.
pub(crate) fn lockout(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let user = proof::caller(call)?.user;
    call.changes.push(Change::UserEnabled { user: user.id.clone(), enabled: false });
    let settled = call.state.pending(&user.id, call.now).map(|challenge| Change::ChallengeSettled {
        id: challenge.id.clone(),
        standing: Standing::LockedOut,
    });
    call.changes.extend(settled);
    Ok(Response::done(&json!({"status": "locked_out"})))
}
