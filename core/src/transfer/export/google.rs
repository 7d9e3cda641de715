//! Google Authenticator's transfer codes, in version 1 of the format: Google's app reads both, and this one marks the
//! codes of one transfer, so that those of two are not mixed up.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost::Message as _;
use zeroize::{Zeroize as _, Zeroizing};

use super::carried::counter_above;
use super::sealing::fresh;
use super::{Chosen, LeftOut};
use crate::account::Account;
use crate::entropy::Entropy;
use crate::otp::{Algorithm, Kind, Otp};
use crate::qr;
use crate::reason::Reason;
use crate::secret::Secret;
use crate::transfer::migration::{Parameters, Payload};

const VERSION: i32 = 1;
/// Most accounts of a code, as in Google's app.
const MOST: usize = 10;
/// Most bytes of a code's accounts, as protocol buffers: 1.3 KB of text, which phones still scan from a screen.
const MOST_BYTES: usize = 900;
const PERIOD: u32 = 30;
const BEGINNING: &str = "otpauth-migration://offline?data=";

pub(super) fn left_out(account: &Account, otp: &Otp) -> Option<LeftOut> {
    match otp.kind() {
        Kind::Steam | Kind::Motp | Kind::Yandex => return Some(LeftOut::Kind),
        Kind::Totp { period } if period != PERIOD => return Some(LeftOut::Period),
        Kind::Totp { .. } | Kind::Hotp { .. } => {}
    }
    if algorithm(otp).is_none() {
        return Some(LeftOut::Algorithm);
    }
    if digits(otp).is_none() {
        return Some(LeftOut::Digits);
    }
    counter_above(otp, i64::MAX.unsigned_abs()).or_else(|| {
        let alone = Wiped(parameters(account, otp).into_iter().collect());
        (link(alone, (i32::MAX, i32::MAX, i32::MAX)).len() > qr::MAX_TEXT).then_some(LeftOut::TooLong)
    })
}

/// The text of each code.
pub(super) fn write(accounts: &[Chosen<'_>], entropy: &mut dyn Entropy) -> Result<Vec<Secret>, Reason> {
    let mut batches: Vec<Wiped> = Vec::new();
    let mut bytes = 0;
    for entry in accounts.iter().filter_map(|chosen| parameters(chosen.account, chosen.otp)) {
        let length = entry.encoded_len();
        bytes += length;
        match batches.last_mut() {
            Some(last) if last.0.len() < MOST && bytes <= MOST_BYTES => last.0.push(entry),
            _ => {
                bytes = length;
                batches.push(Wiped(vec![entry]));
            }
        }
    }
    let size = i32::try_from(batches.len()).map_err(|_| Reason::SystemFailed)?;
    // Positive: a negative one takes ten bytes, and not every reader sign-extends it.
    let id = i32::from_be_bytes(fresh(entropy)?) & i32::MAX;
    Ok((0..size).zip(batches).map(|(index, batch)| link(batch, (size, index, id))).collect())
}

/// Entries whose seeds are wiped when they are done with.
struct Wiped(Vec<Parameters>);

impl Drop for Wiped {
    fn drop(&mut self) {
        for entry in &mut self.0 {
            Vec::from(std::mem::take(&mut entry.secret)).zeroize();
        }
    }
}

fn link(mut batch: Wiped, (batch_size, batch_index, batch_id): (i32, i32, i32)) -> Secret {
    let entries = std::mem::take(&mut batch.0);
    let payload = Payload { entries, version: VERSION, batch_size, batch_index, batch_id: Some(batch_id) };
    // In blocks of their final sizes: one that grows would leave a copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(payload.encoded_len()));
    // The only failure is a buffer without room, and a vector grows.
    let _ = payload.encode(&mut *bytes);
    drop(Wiped(payload.entries));
    let data = Zeroizing::new(STANDARD.encode(&*bytes));
    let mut text = Zeroizing::new(Vec::with_capacity(BEGINNING.len() + 3 * data.len()));
    text.extend_from_slice(BEGINNING.as_bytes());
    for symbol in data.bytes() {
        match symbol {
            b'+' => text.extend_from_slice(b"%2B"),
            b'/' => text.extend_from_slice(b"%2F"),
            b'=' => text.extend_from_slice(b"%3D"),
            symbol => text.push(symbol),
        }
    }
    Secret::copy_of(&text)
}

/// `None` for what the format does not have.
fn parameters(account: &Account, otp: &Otp) -> Option<Parameters> {
    let (kind, counter) = match otp.kind() {
        Kind::Totp { .. } => (2, 0),
        Kind::Hotp { counter } => (1, i64::try_from(counter).ok()?),
        Kind::Steam | Kind::Motp | Kind::Yandex => return None,
    };
    Some(Parameters {
        // EXPOSE: the seed is what is exported; it is wiped with its entry.
        secret: otp.seed().expose().to_vec().into(),
        name: name(&account.issuer, &account.name),
        issuer: account.issuer.clone(),
        algorithm: algorithm(otp)?,
        digits: digits(otp)?,
        kind,
        counter,
        unique_id: String::new(),
    })
}

/// Readers take what is before a colon for the issuer where there is no issuer, or the same one: such a name gets the
/// issuer before it, which they take off again.
fn name(issuer: &str, name: &str) -> String {
    match name.split_once(':') {
        Some((prefix, _)) if issuer.is_empty() || prefix.trim() == issuer.trim() => {
            format!("{issuer}:{name}")
        }
        _ => name.to_owned(),
    }
}

const fn algorithm(otp: &Otp) -> Option<i32> {
    match otp.algorithm() {
        Algorithm::Sha1 => Some(1),
        Algorithm::Sha256 => Some(2),
        Algorithm::Sha512 => Some(3),
        Algorithm::Md5 => Some(4),
        Algorithm::Sha224 | Algorithm::Sha384 => None,
    }
}

const fn digits(otp: &Otp) -> Option<i32> {
    match otp.digits() {
        6 => Some(1),
        8 => Some(2),
        _ => None,
    }
}
