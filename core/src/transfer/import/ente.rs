//! Ente Auth's encrypted export: lines of set-up codes inside one message of libsodium's secret stream.

use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use chacha20::{ChaCha20, R20, hchacha};
use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::derive::{Derivation, Function};
use super::json::{Number, frame};
use super::locked::{Locked, Password, Sealed};
use super::sealing::{base64, base64_of};
use super::{App, Batch, Refused, text};
use crate::reason::Reason;
use crate::secret::{Secret, same};

const BLOCK: usize = 64;
const TAG: usize = 16;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(default)]
    version: Number,
    kdf_params: KdfParams,
    encrypted_data: String,
    encryption_nonce: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KdfParams {
    /// Bytes.
    mem_limit: u64,
    ops_limit: u64,
    salt: String,
}

pub(super) fn read(json: &[u8]) -> Result<Locked, Refused> {
    let file: File = frame(json)?;
    match file.version {
        Number::Is(1) | Number::Missing => {}
        Number::Is(_) => return Err(Reason::NewerFormat.into()),
        Number::Unreadable => return Err(Reason::ImportDamaged.into()),
    }
    let KdfParams { mem_limit, ops_limit, salt } = file.kdf_params;
    let function = Function::Argon2id { memory_kib: mem_limit / 1024, passes: ops_limit, lanes: 1 };
    let derivation = Derivation { function, salt: base64(&salt)? };
    let message = base64(&file.encrypted_data)?;
    if message.len() < 1 + TAG {
        return Err(Reason::ImportDamaged.into());
    }
    let stream = Stream { header: base64_of(&file.encryption_nonce)?, message };
    Ok(Locked::new(App::EnteAuth, "ente_encrypted", vec![(derivation, Password::Plain)], stream))
}

struct Stream {
    header: [u8; 24],
    message: Vec<u8>,
}

impl Sealed for Stream {
    fn open(&self, _: usize, key: &Secret) -> Result<Batch, Refused> {
        let content = first_message(key, &self.header, &self.message).ok_or(Reason::ImportWrongPassword)?;
        // EXPOSE: read as set-up codes.
        let text = content.expose_str().ok_or(Reason::ImportDamaged)?;
        let batch = text::of_lines(text.lines())?;
        Ok(Batch { app: App::EnteAuth, format: "ente_encrypted", ..batch })
    }
}

/// The first message of a stream (`crypto_secretstream_xchacha20poly1305` of libsodium): a byte that says what kind of
/// message it is, enciphered in a block of its own, the ciphertext, and the tag of both.
fn first_message(key: &Secret, header: &[u8; 24], message: &[u8]) -> Option<Secret> {
    let (start, end) = header.split_first_chunk::<16>()?;
    // EXPOSE: the key of the stream.
    let key: &[u8; 32] = key.expose().try_into().ok()?;
    let subkey = Zeroizing::new(<[u8; 32]>::from(hchacha::<R20>(key.into(), start.into())));
    let mut nonce = [0; 12];
    // The number of the message, little-endian, before the rest of the header.
    nonce.iter_mut().zip([1, 0, 0, 0].iter().chain(end)).for_each(|(place, byte)| *place = *byte);
    let mut cipher = ChaCha20::new((&*subkey).into(), &nonce.into());

    let (sealed, tag) = message.split_at_checked(message.len().checked_sub(TAG)?)?;
    let (kind, ciphertext) = sealed.split_first()?;
    let mut mac_key = Zeroizing::new([0; 32]);
    cipher.apply_keystream(&mut *mac_key);
    cipher.seek(BLOCK);
    let mut block = Zeroizing::new([0; BLOCK]);
    cipher.apply_keystream(&mut *block);
    if let Some(first) = block.first_mut() {
        *first = *kind;
    }

    let mac = Poly1305::new((&*mac_key).into());
    // Padded as libsodium does: by the length of the ciphertext, not up to a multiple of 16.
    let padding = (0x10_usize.wrapping_sub(BLOCK).wrapping_add(ciphertext.len())) & 0xf;
    let mut authenticated = Zeroizing::new(Vec::with_capacity(BLOCK + ciphertext.len() + 32));
    authenticated.extend_from_slice(&*block);
    authenticated.extend_from_slice(ciphertext);
    authenticated.extend(std::iter::repeat_n(0, padding));
    authenticated.extend_from_slice(&0_u64.to_le_bytes());
    authenticated.extend_from_slice(&u64::try_from(BLOCK + ciphertext.len()).ok()?.to_le_bytes());
    if !same(mac.compute_unpadded(&authenticated).as_slice(), tag) {
        return None;
    }

    let mut content = Zeroizing::new(ciphertext.to_vec());
    cipher.apply_keystream(&mut content);
    Some(Secret::copy_of(&content))
}

/// Whether a text is its page to print: for people, in words of their language.
pub(super) fn is_page(text: &str) -> bool {
    let start = text.get(..64).unwrap_or(text).to_ascii_lowercase();
    start.contains("<!doctype html") && text.contains("Ente") && text.contains("OTP Data Export")
}
