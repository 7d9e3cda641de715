//! privacyIDEA (servers from 3.6 on): a push token with an RSA key, options to choose from, reasons for declining, and
//! codes for the other screen.

mod wanted;

use super::io::{Io, Run};
use super::outcome::Outcome;
use super::program::EnrolRequest;
use super::push_token::{self, PushToken, Variant, Wanted};
use crate::account::{KeyAlgorithm, System};
use crate::link::PushTokenLink;
use crate::reason::Reason;

/// One token at a privacyIDEA.
pub(super) type PrivacyIdea<'r> = PushToken<'r, Own>;

/// What only privacyIDEA has.
pub(super) struct Own;

impl Variant for Own {
    const SYSTEM: System = System::PrivacyIdea;
    const CAPABILITIES: Option<&'static str> = Some(r#"["decline_reason"]"#);
    const REFUSES_LATE_ANSWERS: bool = true;
    type More = wanted::More;

    fn signed(more: &Self::More) -> Option<&str> {
        more.require_presence.as_deref()
    }

    fn wanted(
        more: Self::More,
        nonce: &str,
        is_signed: impl Fn(&str, &str) -> bool,
    ) -> Result<Wanted, Reason> {
        let takes_decline_reason = more.takes_decline_reason(nonce, is_signed)?;
        Ok(Wanted { demand: more.demand(), takes_decline_reason })
    }
}

/// The server takes RSA keys only.
pub(super) fn enrol(io: &mut Io<'_>, link: &PushTokenLink, request: &EnrolRequest) -> Run<Outcome> {
    push_token::enrol::<Own>(io, link, KeyAlgorithm::Rs256 { bits: request.device.rsa_bits })
}
