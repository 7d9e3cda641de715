//! Writes what `otpauth` reads.

use zeroize::Zeroizing;

use super::base32::write_seed;
use crate::otp::{Kind, MAX_PIN, MAX_SEED, Otp};
use crate::secret::Secret;

/// The Key URI of an account with one-time codes. Every parameter is written, as readers differ in their defaults.
#[must_use]
pub fn otpauth_uri(issuer: &str, account: &str, otp: &Otp) -> Secret {
    let beginning = match otp.kind() {
        Kind::Motp => "motp://",
        Kind::Yandex => "otpauth://yaotp/",
        Kind::Totp { .. } => "otpauth://totp/",
        Kind::Hotp { .. } => "otpauth://hotp/",
        Kind::Steam => "otpauth://steam/",
    };
    // Room for the seed and every name at three bytes for one: a block that grows would leave a copy behind.
    let room = 6 * issuer.len() + 3 * account.len() + MAX_SEED * 3 + MAX_PIN * 3 + 128;
    let mut text = Zeroizing::new(String::with_capacity(room));
    text.push_str(beginning);
    // The first colon splits: an issuer with one inside stands in its parameter alone, and an account name with one
    // behind a colon of its own.
    let in_label = if issuer.contains(':') { "" } else { issuer };
    write_name(in_label, &mut text);
    if !in_label.is_empty() || account.contains(':') {
        text.push(':');
    }
    write_name(account, &mut text);
    text.push_str("?secret=");
    // EXPOSE: the link that sets the account up elsewhere holds its seed.
    let seed = otp.seed().expose();
    match otp.kind() {
        Kind::Motp => write_bytes(seed, &mut text),
        _ => write_seed(seed, &mut text),
    }
    if !issuer.is_empty() {
        text.push_str("&issuer=");
        write_name(issuer, &mut text);
    }
    text.extend(["&algorithm=", otp.algorithm().name(), "&digits=", &otp.digits().to_string()]);
    match otp.kind() {
        Kind::Hotp { counter } => text.extend(["&counter=", &counter.to_string()]),
        Kind::Totp { .. } | Kind::Steam | Kind::Motp | Kind::Yandex => {
            text.extend(["&period=", &otp.period().unwrap_or_default().to_string()]);
        }
    }
    if let Some(pin) = otp.pin() {
        text.push_str("&pin=");
        // EXPOSE: the link that sets the account up elsewhere holds its PIN.
        let pin = pin.expose();
        match otp.kind() {
            Kind::Yandex => write_seed(pin, &mut text),
            _ => write_bytes(pin, &mut text),
        }
    }
    Secret::copy_of(text.as_bytes())
}

/// Percent-encodes all but the unreserved characters of RFC 3986, section 2.3.
fn write_name(name: &str, text: &mut Zeroizing<String>) {
    write_bytes(name.as_bytes(), text);
}

fn write_bytes(bytes: &[u8], text: &mut Zeroizing<String>) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || matches!(*byte, b'-' | b'.' | b'_' | b'~') {
            text.push(char::from(*byte));
        } else {
            let digit = |value: u8| HEX.get(usize::from(value)).copied().unwrap_or('0');
            text.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}
