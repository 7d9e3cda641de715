//! Looking for requests.

use super::challenge::joined;
use super::dialect;
use super::io::{Io, Run, refuse};
use super::outcome::Outcome;
use crate::account::Registration;

pub(super) fn run(io: &mut Io<'_>, registration: &Registration) -> Run<Outcome> {
    let mut challenges = match dialect::open(registration)?.look(io)? {
        Ok(challenges) => joined(challenges),
        Err(reason) => return refuse(reason),
    };
    let now = io.server_time();
    challenges.retain(|challenge| now < challenge.expires_at);
    challenges.sort_by_key(|challenge| std::cmp::Reverse((challenge.asked_at, challenge.expires_at)));
    let offset = io.offset();
    Ok(Outcome::Checked { requests: challenges.iter().map(|challenge| challenge.request(offset)).collect() })
}
