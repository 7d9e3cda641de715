//! Set-up links, one a line. Each parameter is written, as readers differ in their defaults.

use super::Chosen;
use crate::link::otpauth_uri;
use crate::secret::{Secret, WipingWriter};

pub(super) fn write(accounts: &[Chosen<'_>]) -> Secret {
    let mut file = WipingWriter::new(256 * accounts.len());
    for Chosen { account, otp, .. } in accounts {
        // EXPOSE: the link is what is exported.
        file.push(otpauth_uri(&account.issuer, &account.name, otp).expose());
        file.push(b"\n");
    }
    file.into_secret()
}
