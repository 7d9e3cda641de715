//! A phone's clock that is off. The server tells no time: a date that is far off it refuses, and to one that is before
//! the request's own it says that the request is over. So the clock is tried against other dates.

use super::super::io::{Io, Run};
use super::AppAuthenticator;
use super::poll::Listed;
use super::signature::AHEAD_MS;
use crate::reason::Reason;

/// Between dates that are tried first, in seconds: the server takes those of the last minute, and of the next ten
/// seconds.
const STEP: i64 = 60;
/// How far off a clock is looked for, in seconds.
const FARTHEST: i64 = 5 * STEP;
/// So long after a date that is taken none is, in seconds: longer than from the first such date to the last.
const REACH: i64 = 75;
/// How near the last date that is taken is found, in seconds.
const NEAR: i64 = 5;
/// How much later than usual that date is by a clock that is right, in seconds, give or take half of [`NEAR`].
const LAST: i64 = 3;

/// Between dates that are tried after one that was not refused, in seconds: the server takes one that is so far ahead.
const FINE_STEP: i64 = 10;
/// The latest such date, in seconds: what is more than a minute behind is refused, so that this one is too far ahead.
const MAX_BEHIND: i64 = 70;

impl AppAuthenticator<'_> {
    /// Finds the server's time after a call was refused for its date. `Err` says why it can't be known.
    pub(super) fn find_clock(&self, io: &mut Io<'_>) -> Run<Result<(), Reason>> {
        let mut dates = (1..=FARTHEST / STEP).flat_map(|step| [-step * STEP, step * STEP]);
        let mut taken = loop {
            let Some(date) = dates.next().filter(|_| io.has_time(0)) else {
                return Ok(Err(Reason::ClockDiffers));
            };
            match self.takes(io, date)? {
                Ok(true) => break date,
                Ok(false) => {}
                Err(reason) => return Ok(Err(reason)),
            }
        };
        let mut refused = taken + REACH;
        while refused - taken > NEAR {
            let date = taken + (refused - taken) / NEAR / 2 * NEAR;
            match self.takes(io, date)? {
                Ok(true) => taken = date,
                Ok(false) => refused = date,
                Err(reason) => return Ok(Err(reason)),
            }
        }
        io.learn_time(io.server_time().plus(taken - LAST));
        Ok(Ok(()))
    }

    /// Whether the server takes a date that is so many seconds later than usual.
    fn takes(&self, io: &mut Io<'_>, later: i64) -> Run<Result<bool, Reason>> {
        Ok(match self.read(io, AHEAD_MS + later * 1_000)? {
            Ok(_) => Ok(true),
            Err(Reason::ClockDiffers) => Ok(false),
            Err(reason) => Err(reason),
        })
    }

    /// The list by later and later dates, where the request seems to be over: it may be younger than the last date. One that
    /// is too far ahead ends that, at once where the clock is as it is known to be. What is learnt is of when the call was
    /// signed, as it may be long on its way, and never that the clock is ahead: of that the server tells by itself.
    pub(super) fn read_later(&self, io: &mut Io<'_>) -> Run<Result<Listed, Reason>> {
        let mut behind = 0;
        loop {
            let (signed_at, later) = (io.server_time(), behind + FINE_STEP);
            let read = self.read(io, AHEAD_MS + later * 1_000)?;
            match read {
                Ok(Listed::Over) if later < MAX_BEHIND => behind = later,
                // Too far ahead: the last date that was not is the right one.
                Err(Reason::ClockDiffers) => {
                    io.learn_time(signed_at.plus(behind).max(io.server_time()));
                    return Ok(Ok(Listed::Over));
                }
                Ok(Listed::Entries(_)) => {
                    io.learn_time(signed_at.plus(later).max(io.server_time()));
                    return Ok(read);
                }
                read => return Ok(read),
            }
        }
    }
}
