//! Setting up a token: the second step, the first being the set-up code.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::http::{self, Received};
use super::super::io::{Io, Run, refuse, unknown};
use super::super::keys;
use super::super::outcome::{Enrolled, Outcome};
use super::details::Details;
use super::replies::{self, Detail};
use super::{NO_PUSH, PushToken, Variant, post};
use crate::account::{DeviceKey, KeyAlgorithm, Registration};
use crate::link::PushTokenLink;
use crate::reason::Reason;
use crate::secret::to_json;

/// Sizes of a server's key, in bits.
const SERVER_KEY: std::ops::RangeInclusive<usize> = 2048..=8192;
/// How often the step is sent at most, each time after looking.
const SENDS: u32 = 3;

/// With a new device key of this algorithm.
pub(in super::super) fn run<V: Variant>(
    io: &mut Io<'_>,
    link: &PushTokenLink,
    algorithm: KeyAlgorithm,
) -> Run<Outcome> {
    let key = io.create_key(algorithm)?;
    // The code says how long it is good, not since when: longer than that since it was scanned is over for sure.
    let longest_ms = u64::from(link.ttl_minutes) * 60_000;
    if io.now().ms_since(io.started()).is_some_and(|ms| ms >= longest_ms) {
        return refuse(Reason::SetupExpired);
    }
    let details = Details {
        url: link.url.clone(),
        serial: link.serial.clone(),
        account: link.account.clone(),
        server_key: Vec::new(),
    };
    let mut registration = register::<V>(link, &key, &details)?;
    let server_key = exchange_keys::<V>(io, link, &key, &registration)?;
    io.key_in_use(&key);
    registration.details = register::<V>(link, &key, &Details { server_key, ..details })?.details;
    Ok(Outcome::Enrolled(Enrolled {
        registration,
        issuer: if link.issuer.is_empty() { link.origin.host().to_owned() } else { link.issuer.clone() },
        account: link.account.clone(),
    }))
}

fn register<V: Variant>(link: &PushTokenLink, key: &DeviceKey, details: &Details) -> Run<Registration> {
    let Ok(details) = to_json(details) else { return refuse(Reason::RegistrationDamaged) };
    let (origin, key) = (link.origin.clone(), Some(key.clone()));
    Ok(Registration { system: V::SYSTEM, origin, key, details })
}

/// Gives the server the device's key and takes the server's. When the answer is lost but the device's key arrived, the
/// server's key is lost with it: it is told once.
fn exchange_keys<V: Variant>(
    io: &mut Io<'_>,
    link: &PushTokenLink,
    key: &DeviceKey,
    registration: &Registration,
) -> Run<Vec<u8>> {
    let pubkey = STANDARD.encode(&key.spki);
    for _ in 0..SENDS {
        // EXPOSE: the credential is sent to the server that it is for.
        let credential = link.enrollment_credential.expose_str().unwrap_or_default();
        let mut fields = vec![
            ("serial", link.serial.as_str()),
            ("enrollment_credential", credential),
            ("fbtoken", NO_PUSH),
            ("pubkey", &pubkey),
        ];
        fields.extend(V::CAPABILITIES.map(|capabilities| ("capabilities", capabilities)));
        let failure = match http::judge(post(io, &link.url, &fields)?) {
            Received::Answer(reply) => match replies::read::<bool>(reply) {
                Ok((true, detail)) => return server_key(detail),
                Ok((false, _)) => return refuse(Reason::SetupUsed),
                Err(Reason::ReplyUnreadable) => return refuse(Reason::EnrolmentReplyLost),
                Err(reason) => return refuse(reason),
            },
            Received::Refused(reason) => return refuse(reason),
            Received::Failed(failure) => failure,
        };
        if failure.maybe_done {
            match PushToken::<V>::open(registration)?.poll(io)? {
                Ok(_) | Err(Reason::SignatureWrong) => return refuse(Reason::EnrolmentReplyLost),
                Err(Reason::DeviceNotRegistered) => {}
                Err(_) => return unknown(Reason::EnrolmentUnknown),
            }
        } else {
            match io.pause_ms(&failure, 0) {
                Some(pause) => io.wait(pause)?,
                None => return refuse(failure.reason),
            }
        }
    }
    unknown(Reason::EnrolmentUnknown)
}

/// `RSAPublicKey` in Base64 with line ends.
fn server_key(detail: Detail) -> Run<Vec<u8>> {
    let text: String = detail.public_key.unwrap_or_default().split_ascii_whitespace().collect();
    match STANDARD.decode(text) {
        Ok(key) if keys::rsa_bits(&key).is_some_and(|bits| SERVER_KEY.contains(&bits)) => Ok(key),
        _ => refuse(Reason::ServerKeyUnusable),
    }
}
