//! The realm: what the server answers to a phone, as a pure function of the request, the state, the time and a
//! seed.
//!
//! It speaks the protocol of Keycloak 26.7 with the Push MFA extension 2.3: the same addresses, statuses and
//! texts, checked in the same order. `tests/recordings.rs` holds it against recorded exchanges with a real server.
//! It shares no code with the crate `countersign`: what both got wrong alike would go unnoticed.

mod answer;
mod browser;
mod call;
mod change;
mod codes;
mod device;
mod draw;
mod enrolment;
mod input;
mod jwk;
mod jws;
mod login;
mod proof;
mod realm_key;
mod state;
mod token;

pub use answer::Response;
pub use browser::{CannotStart, StartedEnrolment, StartedLogin};
pub use call::Request;
pub use change::Change;
pub use codes::{CodeSetUp, code_at, matching_period};
pub use draw::{Seed, new_id};
pub use jwk::DeviceKey;
pub use realm_key::RealmKey;
pub use state::{
    Challenge, Client, CodeApp, Enrolment, Phone, Settings, Standing, State, User, Verification,
    VerificationKind,
};

use answer::Refusal;
use call::Call;

/// What came of a request.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What the phone gets.
    pub response: Response,
    /// What to make of the state, also after a refusal: a proof is used up even where the rest is wrong.
    pub changes: Vec<Change>,
}

/// Judges one request of a phone (or of a browser that waits) at `now`, in Unix seconds.
///
/// Doesn't change the state: the caller applies the changes, or loses them, or delays them. The issuer is taken
/// from the request's own address, as Keycloak does it, so the caller must know that this address is one of its own.
#[must_use]
pub fn judge(request: &Request, state: &State, now: u64, seed: &Seed) -> Verdict {
    let prefers_page =
        request.header("Accept").is_some_and(|accept| accept.trim_start().starts_with("text/html"));
    let mut call = match Call::new(request, state, now, seed) {
        Ok(call) => call,
        Err(refusal) => {
            return Verdict { response: refusal.response(prefers_page), changes: Vec::new() };
        }
    };
    let answer = route(&mut call);
    Verdict {
        response: answer.unwrap_or_else(|refusal| refusal.response(prefers_page)),
        changes: call.changes,
    }
}

fn route(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let path: Vec<&str> = call.path.split('/').collect();
    let method = call.request.method.as_str();
    match (method, path.as_slice()) {
        ("POST", ["protocol", "openid-connect", "token"]) => token::token(call),
        ("GET", ["protocol", "openid-connect", "certs"]) => Ok(token::certs(call)),
        ("GET", [".well-known", "openid-configuration"]) => Ok(token::configuration(call)),
        ("GET", ["push-mfa", "enroll", "request-token", handle]) => enrolment::request_token(call, handle),
        ("POST", ["push-mfa", "enroll", "complete"]) => enrolment::complete(call),
        ("GET", ["push-mfa", "enroll", "challenges", id, "events"]) => browser::enrolment_event(call, id),
        ("GET", ["push-mfa", "login", "pending"]) => login::pending(call),
        ("POST", ["push-mfa", "login", "challenges", id, "respond"]) => login::respond(call, id),
        ("GET", ["push-mfa", "login", "challenges", id, "events"]) => browser::login_event(call, id),
        ("POST", ["push-mfa", "login", "lockout"]) => login::lockout(call),
        ("PUT", ["push-mfa", "device", "push-provider"]) => device::push_provider(call),
        ("PUT", ["push-mfa", "device", "rotate-key"]) => device::rotate_key(call),
        (
            _,
            ["protocol", "openid-connect", "token" | "certs"]
            | [".well-known", "openid-configuration"]
            | ["push-mfa", "enroll", "complete"]
            | ["push-mfa", "enroll", "request-token", _]
            | ["push-mfa", "login", "pending" | "lockout"]
            | ["push-mfa", "login", "challenges", _, "respond" | "events"]
            | ["push-mfa", "enroll", "challenges", _, "events"]
            | ["push-mfa", "device", "push-provider" | "rotate-key"],
        ) => Err(Refusal::new(405, "HTTP 405 Method Not Allowed")),
        _ => Err(Refusal::missing("HTTP 404 Not Found")),
    }
}
