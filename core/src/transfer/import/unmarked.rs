//! Files under a password that nothing marks: only what a password opens tells whose they are.

use super::derive::Derivation;
use super::locked::{Locked, Password, Sealed};
use super::{App, Batch, Refused, andotp, authenticator_plus};
use crate::reason::Reason;
use crate::secret::Secret;

/// What may be such a file: andOTP's, or Authenticator Plus's.
pub(super) fn locked(file: &[u8]) -> Option<Locked> {
    if !looks_random(file) {
        return None;
    }
    let mut tries: Vec<(Derivation, Form)> =
        andotp::forms(file).into_iter().map(|(derivation, form)| (derivation, Form::AndOtp(form))).collect();
    let mut named = (App::AndOtp, andotp::FORMAT);
    if authenticator_plus::may_be(file) {
        // One file of andOTP in a thousand has such a length; its forms are tried all the same.
        named = (App::AuthenticatorPlus, authenticator_plus::FORMAT);
        tries.push((authenticator_plus::derivation(file), Form::AuthenticatorPlus(file.to_vec())));
    }
    if tries.is_empty() {
        return None;
    }
    let (derivations, forms) = tries.into_iter().map(|(one, form)| ((one, Password::Plain), form)).unzip();
    let (app, format) = named;
    Some(Locked::new(app, format, derivations, Forms(forms)))
}

/// Whether the first bytes are spread evenly, as those of a ciphertext are: by Pearson's test of their upper halves.
fn looks_random(file: &[u8]) -> bool {
    /// Of 15 degrees of freedom: one ciphertext in millions is beyond it, and every text and table of numbers.
    const MOST: usize = 60;
    let start = file.get(..1024).unwrap_or(file);
    let mut counts = [0_usize; 16];
    for byte in start {
        if let Some(count) = counts.get_mut(usize::from(byte >> 4)) {
            *count += 1;
        }
    }
    // The sum of (count - n/16)^2 / (n/16) is 16/n times the sum of squares, less n.
    let squares: usize = counts.iter().map(|count| count * count).sum();
    16 * squares <= start.len() * (start.len() + MOST)
}

enum Form {
    AndOtp(andotp::Form),
    AuthenticatorPlus(Vec<u8>),
}

/// In the order of their derivations.
struct Forms(Vec<Form>);

impl Sealed for Forms {
    fn open(&self, at: usize, key: &Secret) -> Result<Batch, Refused> {
        match self.0.get(at).ok_or(Reason::ImportDamaged)? {
            Form::AndOtp(form) => form.open(key),
            Form::AuthenticatorPlus(file) => authenticator_plus::open(file, key),
        }
    }
}

#[cfg(test)]
mod tests {
    use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
    use ring::digest;

    use super::super::{Limits, Opened, Progress, open};
    use super::*;
    use crate::entropy::{Entropy as _, SeededEntropy};

    fn noise(length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        SeededEntropy::new(b"noise").fill(&mut bytes).unwrap();
        bytes
    }

    fn opened(file: &[u8], password: &[u8]) -> Result<Batch, Reason> {
        let Ok(Opened::Locked(locked)) = open(file) else { panic!() };
        let mut unlocking = locked.unlock(password, Limits::default()).unwrap();
        loop {
            if let Progress::Done(batch) = unlocking.step().map_err(|refused| refused.reason)? {
                return Ok(batch);
            }
        }
    }

    #[test]
    fn pages_may_be_either_and_other_lengths_are_andotp() {
        let name = |file: &[u8]| locked(file).map(|locked| (locked.app, locked.costs().count()));
        assert_eq!(name(&noise(1023)), Some((App::AndOtp, 1)));
        assert_eq!(name(&noise(1024)), Some((App::AuthenticatorPlus, 2)));
        assert_eq!(name(&noise(29)), None);
        assert_eq!(opened(&noise(2048), b"no").unwrap_err(), Reason::ImportWrongPassword);
    }

    #[test]
    fn a_file_of_andotp_as_long_as_pages_is_opened() {
        let json = format!("[{}]", " ".repeat(1024 - 12 - 16 - 2));
        let key = digest::digest(&digest::SHA256, b"password");
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_ref()).unwrap());
        let mut sealed = json.into_bytes();
        // A nonce that begins as JSON does.
        let nonce = *b"[\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed).unwrap();
        let file = [&nonce[..], &sealed].concat();
        assert_eq!(file.len(), 1024);
        let batch = opened(&file, b"password").unwrap();
        assert_eq!((batch.app, batch.format), (App::AndOtp, "andotp_encrypted_old"));
    }

    #[test]
    fn a_damaged_page_is_told_from_a_wrong_password() {
        let file = include_bytes!("../../../../tests/fixtures/import/authenticator_plus/backup.db");
        let password = "correct horse ü".as_bytes();
        assert_eq!(opened(file, password).unwrap().entries.len(), 3);
        for (place, reason) in [(500, Reason::ImportWrongPassword), (1500, Reason::ImportDamaged)] {
            let mut changed = file.to_vec();
            changed[place] ^= 1;
            assert_eq!(opened(&changed, password).unwrap_err(), reason, "{place}");
        }
        // Without its last page it is what SQLite calls damaged.
        assert_eq!(opened(&file[..2048], password).unwrap_err(), Reason::ImportDamaged);
    }
}
