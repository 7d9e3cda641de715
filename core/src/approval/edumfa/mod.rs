//! eduMFA (servers from 2.9 on), which began as a fork of privacyIDEA 3.9: a push token with a P-256 key, or an RSA key
//! for the older form. No options to choose from, no reasons, no codes for the other screen.

use serde::Deserialize;

use super::challenge::Demand;
use super::io::{Io, Run};
use super::outcome::Outcome;
use super::program::EnrolRequest;
use super::push_token::{self, PushToken, Variant, Wanted};
use crate::account::{KeyAlgorithm, System};
use crate::link::PushTokenLink;
use crate::reason::Reason;

/// One token at an eduMFA.
pub(super) type EduMfa<'r> = PushToken<'r, Own>;

/// What only eduMFA has.
pub(super) struct Own;

/// Nothing.
#[derive(Deserialize)]
pub(super) struct More {}

impl Variant for Own {
    const SYSTEM: System = System::EduMfa;
    const CAPABILITIES: Option<&'static str> = None;
    // An answer after the end of its request gets a yes, and signs nobody in.
    const REFUSES_LATE_ANSWERS: bool = false;
    type More = More;

    fn signed(_: &More) -> Option<&str> {
        None
    }

    fn wanted(_: More, _: &str, _: impl Fn(&str, &str) -> bool) -> Result<Wanted, Reason> {
        Ok(Wanted { demand: Demand::None, takes_decline_reason: false })
    }
}

/// With a P-256 key where the server takes one.
pub(super) fn enrol(io: &mut Io<'_>, link: &PushTokenLink, request: &EnrolRequest) -> Run<Outcome> {
    let algorithm = if link.takes_p256 {
        KeyAlgorithm::Es256
    } else {
        KeyAlgorithm::Rs256 { bits: request.device.rsa_bits }
    };
    push_token::enrol::<Own>(io, link, algorithm)
}
