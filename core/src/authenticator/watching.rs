//! What stands beside an account in the vault: the row that background checks read, the requests that were found, and
//! what was done about each.

use serde::{Deserialize, Serialize};

use super::found;
use super::keep::unless_damaged;
use super::rest::Rest;
use super::schedule::End;
use crate::account::Registration;
use crate::approval::{Context, Flow, Outcome, Request, Seen, Step};
use crate::clock::{ClockOffset, Now, UnixTime};
use crate::vault::{Change, Part, ValueKind, Vault, VaultError};

/// What background checks and flows know of an account: hints, never the last word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WatchRow {
    pub(super) registration: Registration,
    pub(super) context: Context,
    /// For notifications, where the person wants one.
    pub(super) label: Option<String>,
    /// After looks in the background that failed.
    #[serde(default)]
    pub(super) rest: Option<Rest>,
    /// Requests and when each was first seen, the oldest first: for what is more than usual.
    #[serde(default)]
    pub(super) arrivals: Vec<Seen>,
    /// Background checks tell of no requests until then.
    #[serde(default)]
    pub(super) quiet: Option<UnixTime>,
}

impl WatchRow {
    /// The row with this registration and context, and all else as it was.
    fn of(registration: Registration, context: Context, there: Option<Self>) -> Self {
        let (label, rest, arrivals, quiet) =
            there.map(|row| (row.label, row.rest, row.arrivals, row.quiet)).unwrap_or_default();
        Self { registration, context, label, rest, arrivals, quiet }
    }
}

/// What was learnt of the server, for the next flow and for background checks.
pub(super) fn keep_context(
    change: &mut Change<'_>,
    id: &str,
    registration: Option<Registration>,
    flow: &Flow,
) -> Result<(), VaultError> {
    let there: Option<WatchRow> = unless_damaged(change.get(ValueKind::Watch, id))?;
    let known = there.as_ref().map(|row| row.registration.clone());
    let Some(registration) = registration.or(known) else { return Ok(()) };
    if registration.is_scanned() {
        return keep_clock(change, id, flow.context());
    }
    let row = WatchRow::of(registration, flow.context().clone(), there.clone());
    if there.as_ref() != Some(&row) {
        change.put(ValueKind::Watch, id, &row)?;
    }
    Ok(())
}

/// What the server of an account without a row for background checks told of its clock, under the master key.
fn keep_clock(change: &mut Change<'_>, account: &str, context: &Context) -> Result<(), VaultError> {
    let (Some(offset), Some(measured_at)) = (context.offset, context.measured_at) else { return Ok(()) };
    let (row, told) = (clock_id(account), (offset, measured_at));
    let there: Option<(ClockOffset, UnixTime)> = unless_damaged(change.get(ValueKind::Setting, &row))?;
    if there == Some(told) { Ok(()) } else { change.put(ValueKind::Setting, &row, &told) }
}

/// The same, read: all that is known of such a server.
pub(super) fn clock_of(vault: &mut Vault, account: &str, now: Now) -> Result<Context, VaultError> {
    let there: Option<(ClockOffset, UnixTime)> =
        unless_damaged(vault.get(ValueKind::Setting, &clock_id(account), now))?;
    Ok(Context {
        offset: there.map(|(offset, _)| offset),
        measured_at: there.map(|(_, at)| at),
        ..Context::default()
    })
}

/// Forgets it.
pub(super) fn forget_clock(change: &mut Change<'_>, account: &str) -> Result<(), VaultError> {
    change.remove(ValueKind::Setting, &clock_id(account)).map(drop)
}

fn clock_id(account: &str) -> String {
    format!("clock {account}")
}

/// The requests that a look has found; not of an account that was removed while it was looked at. Its server answers,
/// so background checks wait for nothing.
pub(super) fn keep_requests(
    change: &mut Change<'_>,
    account: &str,
    requests: &[Request],
    now: Now,
) -> Result<(), VaultError> {
    let Some(row) = unless_damaged(change.get::<WatchRow>(ValueKind::Watch, account))? else {
        return Ok(());
    };
    let arrivals = keep_pending(change, account, &row, requests, now)?;
    if row.rest.is_none() && arrivals == row.arrivals {
        return Ok(());
    }
    change.put(ValueKind::Watch, account, &WatchRow { rest: None, arrivals, ..row })
}

/// What a look in the background leaves behind; `chance` is random. The row is written once, and only where it is another.
pub(super) fn keep_look(
    change: &mut Change<'_>,
    account: &str,
    flow: &Flow,
    chance: u8,
    now: Now,
) -> Result<(), VaultError> {
    let Some(there) = unless_damaged(change.get::<WatchRow>(ValueKind::Watch, account))? else {
        return Ok(());
    };
    let mut row = WatchRow { context: flow.context().clone(), ..there.clone() };
    if let Some(end) = End::of(flow, &flow.current().step) {
        row.rest = Rest::after(there.rest.as_ref(), &end, chance, now);
    }
    if let Step::Done(Outcome::Checked { requests, .. }) = &flow.current().step {
        row.arrivals = keep_pending(change, account, &there, requests, now)?;
    }
    if row == there { Ok(()) } else { change.put(ValueKind::Watch, account, &row) }
}

/// Writes the requests that wait; the arrivals once they do.
fn keep_pending(
    change: &mut Change<'_>,
    account: &str,
    row: &WatchRow,
    requests: &[Request],
    now: Now,
) -> Result<Vec<Seen>, VaultError> {
    let there: Option<Vec<Request>> = unless_damaged(change.get(ValueKind::Pending, account))?;
    let there = there.unwrap_or_default();
    if there != requests {
        change.put(ValueKind::Pending, account, requests)?;
    }
    Ok(row.arrivals_with(&there, requests, now))
}

/// Two servers may use the same id for a request.
pub(super) fn record_id(account: &str, request: &str) -> String {
    format!("{account} {request}")
}

/// Lets background checks look at an account that has approvals, by what the account says.
pub(super) fn start(change: &mut Change<'_>, id: &str) -> Result<(), VaultError> {
    let account = found(change.account(id)?)?;
    let in_use = account.registration.filter(|_| account.trashed_at.is_none());
    let Some(registration) = in_use.filter(|registration| !registration.is_scanned()) else { return Ok(()) };
    let there: Option<WatchRow> = unless_damaged(change.get(ValueKind::Watch, id))?;
    let context = there.as_ref().map(|row| row.context.clone()).unwrap_or_default();
    let row = WatchRow::of(registration, context, there);
    change.put(ValueKind::Watch, id, &WatchRow { label: account.label, ..row })
}

/// The same, but for an account whose row is damaged: it can't be looked at, the others can.
pub(super) fn start_if_readable(change: &mut Change<'_>, id: &str) -> Result<(), VaultError> {
    match start(change, id) {
        Err(error) if error.is_of_row() => Ok(()),
        started => started,
    }
}

/// Lets background checks look at an account no more. Where what they read is damaged there is nothing to stop.
pub(super) fn stop(change: &mut Change<'_>, id: &str) -> Result<(), VaultError> {
    for kind in [ValueKind::Watch, ValueKind::Pending] {
        match change.remove(kind, id) {
            Err(VaultError::Damaged(Part::Watch)) => {}
            removed => drop(removed?),
        }
    }
    Ok(())
}

/// Forgets what was done about the requests of an account.
pub(super) fn forget_requests(change: &mut Change<'_>, account: &str) -> Result<(), VaultError> {
    let start = record_id(account, "");
    for id in change.ids(ValueKind::Request)?.iter().filter(|id| id.starts_with(&start)) {
        change.remove(ValueKind::Request, id)?;
    }
    Ok(())
}
