//! A set-up code is a stranger: its server is confirmed before the first byte goes out, and kept to afterwards.

use super::io::{Io, Run, refuse};
use super::step::{Answer, Question};
use crate::account::System;
use crate::link::Origin;
use crate::reason::Reason;

/// Asks whether `origin` is the right server.
pub(super) fn ask(
    io: &mut Io<'_>,
    system: System,
    origin: &Origin,
    organisation: Option<&str>,
    allow_plain_http: bool,
) -> Run<()> {
    if origin.is_plain_http() && !allow_plain_http {
        return refuse(Reason::PlainHttp);
    }
    let question = Question::Trust {
        origin: origin.clone(),
        organisation: organisation.filter(|name| !name.is_empty()).map(str::to_owned),
        system,
    };
    match io.ask(question)? {
        Answer::Confirmed(true) => Ok(()),
        Answer::Confirmed(false) => refuse(Reason::TrustRefused),
        _ => refuse(Reason::TrustNeeded),
    }
}

/// Ends the flow unless an account's own address is the origin that was trusted.
pub(super) fn same(origin: &Origin, address: &str) -> Run<()> {
    if Origin::of(address).as_ref() == Ok(origin) { Ok(()) } else { refuse(Reason::OriginDiffers) }
}

/// Ends the flow unless `address` is `origin` or lies under it.
pub(super) fn keep_to(origin: &Origin, address: &str) -> Run<()> {
    if origin.contains(address) { Ok(()) } else { refuse(Reason::OriginDiffers) }
}
