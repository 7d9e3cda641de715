//! Looking for requests.

use super::challenge::{Challenge, joined};
use super::dialect;
use super::io::{Io, Run, refuse};
use super::outcome::Outcome;
use crate::account::Registration;
use crate::order::sort_short;

pub(super) fn run(io: &mut Io<'_>, registration: &Registration) -> Run<Outcome> {
    let mut challenges = match dialect::open(registration)?.look(io)? {
        Ok(challenges) => joined(challenges),
        Err(reason) => return refuse(reason),
    };
    keep_open(io, &mut challenges);
    let times = |challenge: &Challenge| (challenge.asked_at, challenge.expires_at);
    sort_short(&mut challenges, |one, other| times(one) > times(other));
    let offset = io.offset();
    Ok(Outcome::Checked { requests: challenges.iter().map(|challenge| challenge.request(offset)).collect() })
}

/// Leaves those whose time is not over. An account that has any is not locked, or not any more.
pub(super) fn keep_open(io: &mut Io<'_>, challenges: &mut Vec<Challenge>) {
    let now = io.server_time();
    challenges.retain(|challenge| now < challenge.expires_at);
    io.kept.context.locked_out &= challenges.is_empty();
}
