//! Looking for requests.

use super::dialect;
use super::io::{Io, Run, refuse};
use super::list::MAX_TOLD;
use super::outcome::Outcome;
use crate::account::Registration;
use crate::order::sort_short;

pub(super) fn run(io: &mut Io<'_>, registration: &Registration) -> Run<Outcome> {
    let mut list = match dialect::open(registration)?.look(io)? {
        Ok(list) => list,
        Err(reason) => return refuse(reason),
    };
    list.keep_open(io);
    let offset = io.offset();
    let mut requests: Vec<_> = list.challenges.iter().map(|challenge| challenge.request(offset)).collect();
    sort_short(&mut requests, |one, other| one.newest_first(other).is_lt());
    requests.truncate(MAX_TOLD);
    match list.hidden() {
        Some(reason) if requests.is_empty() => refuse(reason),
        hidden => Ok(Outcome::Checked { requests, hidden }),
    }
}
