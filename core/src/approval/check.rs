//! Looking for requests.

use super::challenge::{Challenge, MAX_CHALLENGES, joined};
use super::dialect;
use super::io::{Io, Run, refuse};
use super::outcome::Outcome;
use crate::account::Registration;
use crate::order::sort_short;
use crate::reason::Reason;

pub(super) fn run(io: &mut Io<'_>, registration: &Registration) -> Run<Outcome> {
    let mut challenges = match dialect::open(registration)?.look(io)? {
        Ok(challenges) => joined(challenges),
        Err(reason) => return refuse(reason),
    };
    keep_open(io, &mut challenges);
    let offset = io.offset();
    let mut requests: Vec<_> = challenges.iter().map(|challenge| challenge.request(offset)).collect();
    sort_short(&mut requests, |one, other| one.newest_first(other).is_lt());
    let hidden = hidden(io, requests.len());
    requests.truncate(MAX_CHALLENGES);
    match hidden {
        Some(reason) if requests.is_empty() => refuse(reason),
        hidden => Ok(Outcome::Checked { requests, hidden }),
    }
}

/// Why the server has more that waits than can be told, where so many of its last list can be read.
pub(super) fn hidden(io: &Io<'_>, count: usize) -> Option<Reason> {
    io.hidden.or((count > MAX_CHALLENGES).then_some(Reason::TooManyRequests))
}

/// Leaves those whose time is not over. An account that has any is not locked, or not any more.
pub(super) fn keep_open(io: &mut Io<'_>, challenges: &mut Vec<Challenge>) {
    let now = io.server_time();
    challenges.retain(|challenge| now < challenge.expires_at);
    io.kept.context.locked_out &= challenges.is_empty();
}
