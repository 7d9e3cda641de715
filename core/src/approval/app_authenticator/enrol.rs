//! Setting up a device. The code is an action link of Keycloak; what the device has to say is added to it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::super::http::{self, Received, header};
use super::super::io::{Io, Run, refuse, unknown};
use super::super::outcome::{Enrolled, Outcome};
use super::super::program::EnrolRequest;
use super::super::step::Method;
use super::AppAuthenticator;
use super::details::Details;
use crate::account::{KeyAlgorithm, Registration, System};
use crate::link::AppAuthenticatorLink;
use crate::reason::Reason;
use crate::secret::to_json;

/// How often the step is sent at most, each time after looking.
const SENDS: u32 = 3;
/// Between looks after a set-up whose answer was lost.
const LOOKS_MS: [u64; 4] = [500, 2_000, 5_000, 10_000];
/// A set-up code that is over by more than this, in seconds, is old whatever this device's clock says: the server says
/// it of others.
const OLD: i64 = 24 * 60 * 60;

pub(in super::super) fn run(
    io: &mut Io<'_>,
    link: &AppAuthenticatorLink,
    request: &EnrolRequest,
) -> Run<Outcome> {
    // It was made a moment ago, and not after now by the server's clock.
    if link.issued_at > io.server_time() {
        io.learn_time(link.issued_at);
    }
    let spare = if io.kept.context.offset.is_some() { 0 } else { OLD };
    if io.server_time() >= link.expires_at.plus(spare) {
        return refuse(Reason::SetupExpired);
    }
    let key = io.create_key(KeyAlgorithm::Es256)?;
    let details = Details { issuer: link.issuer.clone(), device_id: io.random_hex::<16>()? };
    let Ok(kept) = to_json(&details) else { return refuse(Reason::RegistrationDamaged) };
    let registration = Registration {
        system: System::AppAuthenticator,
        origin: link.origin.clone(),
        key: Some(key.clone()),
        details: kept,
    };
    register(
        io,
        link,
        &AppAuthenticator { registration: &registration, key: &key, details },
        &request.device.kind,
    )?;
    io.key_in_use(&key);
    Ok(Outcome::Enrolled(Enrolled {
        registration,
        issuer: link.origin.host().to_owned(),
        // The server tells the user's name with the first request only.
        account: String::new(),
    }))
}

/// Gives the server the device's key. Its answer is a page without a word to rely on, so a yes is looked after as well.
fn register(
    io: &mut Io<'_>,
    link: &AppAuthenticatorLink,
    device: &AppAuthenticator<'_>,
    kind: &str,
) -> Run<()> {
    let url = address(link, device, kind);
    let mut not_known = Reason::ReplyUnreadable;
    for _ in 0..SENDS {
        let request = http::request(Method::Get, url.to_string(), vec![header("Accept", "*/*")], None);
        let refused = match http::judge(io.send(request)?) {
            Received::Answer(reply) if reply.status < 300 => None,
            Received::Answer(reply) => Some(refusal(reply.status, link, io)),
            Received::Refused(reason) => return refuse(reason),
            Received::Failed(failure) if failure.maybe_done => None,
            Received::Failed(failure) => match io.pause_ms(&failure, 0) {
                Some(pause) => {
                    not_known = failure.reason;
                    io.wait(pause)?;
                    continue;
                }
                None => return refuse(failure.reason),
            },
        };
        // A no can be the second answer to a call that the network doubled.
        match (is_known(io, link, device)?, refused) {
            (true, _) => return Ok(()),
            (false, Some(reason)) => return refuse(reason),
            (false, None) => {}
        }
    }
    refuse(not_known)
}

/// The code's own address and what the server wants to know of a device.
fn address(link: &AppAuthenticatorLink, device: &AppAuthenticator<'_>, kind: &str) -> Zeroizing<String> {
    let kind: String = kind.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("device_id", &device.details.device_id)
        .append_pair("device_os", &kind)
        .append_pair("public_key", &STANDARD.encode(&device.key.spki))
        .append_pair("key_algorithm", "EC")
        .append_pair("signature_algorithm", "SHA256withECDSA")
        .finish();
    // EXPOSE: the address is a capability and is used as one.
    Zeroizing::new(format!("{}&{query}", link.url.expose_str().unwrap_or_default()))
}

/// Whether the server knows the new key: it answers only devices that it knows.
fn is_known(io: &mut Io<'_>, link: &AppAuthenticatorLink, device: &AppAuthenticator<'_>) -> Run<bool> {
    for pause in LOOKS_MS {
        let mut look = device.poll(io)?;
        if matches!(look, Err(Reason::ClockDiffers)) {
            // Too far off to be found by trying; the code was made a moment ago.
            io.learn_time(link.issued_at);
            look = device.poll(io)?;
        }
        match look {
            Ok(_) => return Ok(true),
            Err(Reason::DeviceNotRegistered) => return Ok(false),
            Err(Reason::ClockDiffers) => return unknown(Reason::ClockDiffers),
            Err(_) => io.wait(pause)?,
        }
    }
    unknown(Reason::EnrolmentUnknown)
}

fn refusal(status: u16, link: &AppAuthenticatorLink, io: &Io<'_>) -> Reason {
    match status {
        400 | 401 | 403 if io.server_time() >= link.expires_at => Reason::SetupExpired,
        // 403: the page that showed the code is gone.
        403 => Reason::SetupExpired,
        400 | 401 | 409 => Reason::SetupUsed,
        404 => Reason::RealmNotFound,
        _ => Reason::RequestNotUnderstood,
    }
}
