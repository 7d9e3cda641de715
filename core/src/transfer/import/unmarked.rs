//! Files under a password that nothing marks: only what a password opens tells whose they are.

use super::derive::Derivation;
use super::locked::{Locked, Password, Sealed};
use super::{App, Batch, Refused, andotp, authenticator_plus};
use crate::reason::Reason;
use crate::secret::Secret;

/// What may be such a file: andOTP's, or Authenticator Plus's.
pub(super) fn locked(file: &[u8]) -> Option<Locked> {
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
