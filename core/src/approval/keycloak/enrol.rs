//! Setting up an account.

use serde::Serialize;

use super::super::http::{self, header};
use super::super::io::{Io, Run, refuse, unknown};
use super::super::jose::{self, Jwk};
use super::super::outcome::{Enrolled, Outcome};
use super::super::program::{DeviceInfo, EnrolRequest};
use super::super::step::{Client, Method, Why};
use super::super::trust;
use super::LOOKS_MS;
use super::call::{Call, Called, Session, change};
use super::certs::{self, Enrolment};
use super::credentials::Credentials;
use super::details::Details;
use super::pending;
use super::texts::{Said, judge};
use super::token::access_token;
use crate::account::{DeviceKey, KeyAlgorithm, Registration, System};
use crate::clock::UnixTime;
use crate::link::{KeycloakGrant, KeycloakPushLink, MAX_TOKEN, clean_name};
use crate::reason::Reason;
use crate::secret::Secret;

/// A set-up code that is over by more than this, in seconds, is old whatever the clocks say.
const OLD: i64 = 600;

pub(in super::super) fn run(
    io: &mut Io<'_>,
    link: &KeycloakPushLink,
    request: &EnrolRequest,
) -> Run<Outcome> {
    // Before the first byte: without them the set-up can't be done, and its code would be used up for nothing.
    let mut credentials = Credentials::find(io, link, request)?;
    let enrolment = match verified(io, link)? {
        Ok(enrolment) => enrolment,
        Err(reason) => return refuse(reason),
    };
    let key = io.create_key(KeyAlgorithm::Es256)?;
    let device = Device::new(io, &request.device)?;
    loop {
        let session = device.session(link, &enrolment, &credentials.client, &key);
        match access_token(io, &session)? {
            Ok(_) => break,
            Err(Reason::ClientRefused) => credentials.ask_again(io)?,
            Err(reason) => return refuse(reason),
        }
    }
    // The token told the server's time.
    if io.server_time() >= enrolment.expires_at {
        return refuse(Reason::SetupExpired);
    }
    let session = device.session(link, &enrolment, &credentials.client, &key);
    complete(io, &session, &device, &enrolment)?;
    io.key_in_use(&key);
    enrolled(link, &enrolment, credentials.client, device, key)
}

/// The enrolment token, fetched where the code only says where it is, and verified with the realm's keys.
fn verified(io: &mut Io<'_>, link: &KeycloakPushLink) -> Run<Result<Enrolment, Reason>> {
    let token = match &link.grant {
        KeycloakGrant::Token(token) => token.clone(),
        KeycloakGrant::RequestUri(address) => match fetch(io, link, address)? {
            Ok(token) => token,
            Err(reason) => return Ok(Err(reason)),
        },
    };
    // EXPOSE: the token is read and verified.
    let token = token.expose_str().unwrap_or_default();
    let issuer = match certs::issuer(token, &link.origin) {
        Ok(issuer) => issuer,
        Err(reason) => return Ok(Err(reason)),
    };
    let keys = match certs::fetch_keys(io, &link.issuer)? {
        Ok(keys) => keys,
        Err(reason) => return Ok(Err(reason)),
    };
    let enrolment = match certs::verify(token, &keys, &issuer) {
        Ok(enrolment) => enrolment,
        Err(reason) => return Ok(Err(reason)),
    };
    if matches!(link.grant, KeycloakGrant::RequestUri(_)) {
        // Made at the moment of the fetch.
        io.learn_time(enrolment.issued_at);
    }
    let spare = if io.kept.context.offset.is_some() { 0 } else { OLD };
    if io.server_time() >= enrolment.expires_at.plus(spare) {
        return Ok(Err(Reason::SetupExpired));
    }
    Ok(Ok(enrolment))
}

fn fetch(io: &mut Io<'_>, link: &KeycloakPushLink, address: &Secret) -> Run<Result<Secret, Reason>> {
    // EXPOSE: the address is a capability and is used as one.
    let address = address.expose_str().unwrap_or_default();
    trust::keep_to(&link.origin, address)?;
    let headers = vec![header("Accept", "application/jwt")];
    let mut request = http::request(Method::Get, address.to_owned(), headers, None);
    request.max_reply_bytes = MAX_TOKEN + 2;
    let reply = match http::read(io, &request)? {
        Ok(reply) => reply,
        Err(reason) => return Ok(Err(reason)),
    };
    Ok(match judge(Ok(reply)) {
        Said::Done(body) => Ok(Secret::copy_of(body.trim_ascii())),
        Said::Gone => Err(Reason::SetupUsed),
        Said::Refused(reason) => Err(reason),
        _ => Err(Reason::RequestNotUnderstood),
    })
}

/// What this device calls itself, new for each enrolment: the server finds the first credential with a device's id,
/// so an id that it knows from before would lead to the old key.
struct Device {
    id: String,
    credential_id: String,
    label: String,
    kind: String,
}

impl Device {
    fn new(io: &mut Io<'_>, info: &DeviceInfo) -> Run<Self> {
        // Names in use cost the person a new code, so each has something random in it.
        let mark = io.random_hex::<2>()?.to_uppercase();
        let label: String = clean_name(&info.label).text.chars().take(40).collect();
        let kind: String = info.kind.chars().filter(|c| !c.is_control()).take(32).collect();
        Ok(Self {
            id: io.random_hex::<16>()?,
            credential_id: io.random_hex::<16>()?,
            label: format!("{label} \u{b7} {mark}"),
            kind,
        })
    }

    fn session<'a>(
        &'a self,
        link: &'a KeycloakPushLink,
        enrolment: &'a Enrolment,
        client: &'a Client,
        key: &'a DeviceKey,
    ) -> Session<'a> {
        let is_fetched = matches!(link.grant, KeycloakGrant::RequestUri(_));
        Session {
            issuer: &link.issuer,
            user_id: &enrolment.user_id,
            device_id: &self.id,
            client,
            key,
            window: (!is_fetched).then_some((enrolment.issued_at, enrolment.expires_at)),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Claims<'a> {
    #[serde(rename = "enrollmentId")]
    enrolment_id: &'a str,
    nonce: &'a str,
    sub: &'a str,
    device_type: &'a str,
    credential_id: &'a str,
    device_id: &'a str,
    device_label: &'a str,
    push_provider_type: &'static str,
    cnf: Confirmation,
    iat: UnixTime,
    exp: UnixTime,
}

#[derive(Serialize)]
struct Confirmation {
    jwk: Jwk,
}

/// Sends the new key, and after a lost answer looks whether the server knows it before sending it again.
fn complete(io: &mut Io<'_>, session: &Session<'_>, device: &Device, enrolment: &Enrolment) -> Run<()> {
    let Some(jwk) = Jwk::of(session.key) else { return refuse(Reason::DeviceKeyUnusable) };
    let wanted = Call {
        method: Method::Post,
        path: "/push-mfa/enroll/complete",
        query: "",
        max_reply: http::MAX_REPLY,
    };
    let mut maybe_done = false;
    for _ in 0..2 {
        let called = change(io, session, &wanted, &["enrolled"], &mut |io| {
            let now = io.server_time();
            let claims = Claims {
                enrolment_id: &enrolment.id,
                nonce: &enrolment.nonce,
                sub: &enrolment.user_id,
                device_type: &device.kind,
                credential_id: &device.credential_id,
                device_id: &device.id,
                device_label: &device.label,
                push_provider_type: "none",
                cnf: Confirmation { jwk: jwk.clone() },
                iat: now,
                exp: now.plus(120),
            };
            device_token(io, session.key, &claims, Why::Enrol)
        })?;
        match called {
            Called::Done(_) => return Ok(()),
            Called::Refused(reason) if !maybe_done => return refuse(reason),
            Called::WrongAnswer => return refuse(Reason::RequestNotUnderstood),
            Called::NotSent(failure) => match io.pause_ms(&failure, 0) {
                Some(pause) => io.wait(pause)?,
                None if maybe_done => return unknown(Reason::EnrolmentUnknown),
                None => return refuse(failure.reason),
            },
            Called::Lost(_) => {
                maybe_done = true;
                if is_known(io, session)? {
                    return Ok(());
                }
            }
            // The one before may have arrived late, and a network may double a call and bring the second answer.
            Called::Gone | Called::Refused(_) if is_known(io, session)? => return Ok(()),
            Called::Gone => return refuse(Reason::SetupUsed),
            Called::Refused(reason) => return refuse(reason),
        }
    }
    unknown(Reason::EnrolmentUnknown)
}

/// Whether the server knows the new key: it answers only devices that it knows.
fn is_known(io: &mut Io<'_>, session: &Session<'_>) -> Run<bool> {
    for pause in LOOKS_MS {
        match pending::fetch(io, session)? {
            Ok(_) => return Ok(true),
            Err(Reason::DeviceNotRegistered) => return Ok(false),
            Err(_) => io.wait(pause)?,
        }
    }
    unknown(Reason::EnrolmentUnknown)
}

#[derive(Serialize)]
struct DeviceHeader<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
}

#[derive(Serialize)]
struct TokenBody {
    token: String,
}

/// A body with a token of this device.
pub(super) fn device_token<C: Serialize>(
    io: &mut Io<'_>,
    key: &DeviceKey,
    claims: &C,
    why: Why,
) -> Run<Option<Secret>> {
    let header = DeviceHeader { alg: "ES256", typ: "JWT", kid: &key.id };
    let token = jose::sign(io, key, &header, claims, why)?;
    match crate::secret::to_json(&TokenBody { token }) {
        Ok(body) => Ok(Some(body)),
        Err(_) => refuse(Reason::DeviceKeyUnusable),
    }
}

fn enrolled(
    link: &KeycloakPushLink,
    enrolment: &Enrolment,
    client: Client,
    device: Device,
    key: DeviceKey,
) -> Run<Outcome> {
    let details = Details {
        issuer: link.issuer.clone(),
        user_id: enrolment.user_id.clone(),
        username: enrolment.username.clone(),
        device_id: device.id,
        credential_id: device.credential_id,
        client,
        other_key: None,
    };
    let registration = details.put_into(Registration {
        system: System::KeycloakPush,
        origin: link.origin.clone(),
        key: Some(key),
        details: Secret::default(),
    })?;
    let issuer = link.organisation.clone().filter(|name| !name.is_empty());
    Ok(Outcome::Enrolled(Enrolled {
        registration,
        issuer: issuer.unwrap_or_else(|| link.origin.host().to_owned()),
        account: clean_name(&enrolment.username).text,
    }))
}
