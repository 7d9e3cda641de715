//! Why a request may be missing: the same checks for every system.

use super::dialect;
use super::io::{Io, Run, settled};
use super::list::List;
use super::outcome::{Check, CheckKind, Outcome};
use super::program::HostFacts;
use super::step::Why;
use crate::account::Registration;
use crate::reason::Reason;

/// The checks in the order in which each needs those before it.
const ORDER: [CheckKind; 7] = [
    CheckKind::Key,
    CheckKind::Network,
    CheckKind::Server,
    CheckKind::Clock,
    CheckKind::Client,
    CheckKind::Registration,
    CheckKind::Requests,
];

/// What a look that worked found; `None` where the system has no list of requests.
type Waiting = Option<List>;

pub(super) fn run(
    io: &mut Io<'_>,
    registration: &Registration,
    host: HostFacts,
    ended: &[String],
) -> Run<Outcome> {
    let mut found = settled(probe(io, registration))?.and_then(|found| found);
    let mut nothing = Reason::NothingWaits;
    if let Ok(Some(list)) = &mut found {
        list.keep_open(io);
        let count = list.challenges.len();
        list.challenges.retain(|challenge| !ended.contains(&challenge.id));
        if list.challenges.len() < count {
            nothing = Reason::RequestEnded;
        }
    }
    // A network without a way to the outside may still have the server in it: what was heard counts.
    if host.online == Some(false) && found.as_ref().is_err_and(|reason| !was_heard(*reason)) {
        found = Err(Reason::NoNetwork);
    }
    let failed = match found {
        // What was wrong with an answer that was the list is wrong with the requests in it.
        Err(_) if io.has_list => Some(CheckKind::Requests),
        Err(reason) => Some(CheckKind::of(reason).unwrap_or(CheckKind::Server)),
        Ok(_) => None,
    };
    let mut checks = Vec::new();
    for kind in ORDER {
        if let Err(reason) = found
            && failed == Some(kind)
        {
            checks.push(Check {
                figure: figure(io, kind).filter(|_| io.has_time),
                ..Check::fails(kind, reason)
            });
            break;
        }
        checks.extend(passed(io, kind, registration, &found, nothing, host));
    }
    let asks_one_phone = || dialect::open(registration).is_ok_and(|dialect| dialect.asks_one_phone());
    if matches!(&found, Ok(Some(list)) if list.challenges.is_empty()) && asks_one_phone() {
        checks.push(Check::unknown(CheckKind::OtherPhone, Reason::MaybeOnOtherPhone));
    }
    checks.extend(told(CheckKind::Notifications, host.notifications, Reason::NotificationsOff));
    checks.extend(told(CheckKind::Background, host.background, Reason::BackgroundLimited));
    Ok(Outcome::Tested { checks })
}

/// Uses what this phone keeps for the account, then the server.
fn probe(io: &mut Io<'_>, registration: &Registration) -> Run<Result<Waiting, Reason>> {
    let dialect = dialect::open(registration)?;
    if let Some(key) = &registration.key {
        let probe = io.random::<32>()?;
        io.sign(key, &probe, Why::Test)?;
    }
    dialect.probe(io)
}

/// What is told of a check that was come past; nothing where it has no meaning, or nothing is known of it. `nothing` is why
/// no request is told of where there is none.
fn passed(
    io: &Io<'_>,
    kind: CheckKind,
    registration: &Registration,
    found: &Result<Waiting, Reason>,
    nothing: Reason,
    host: HostFacts,
) -> Option<Check> {
    let is_known = match kind {
        CheckKind::Network => {
            host.online == Some(true) || !found.as_ref().is_err_and(|reason| !was_heard(*reason))
        }
        CheckKind::Clock => io.kept.context.offset.is_some(),
        // Without a list, only an answer to a sign-in tells.
        CheckKind::Registration => !matches!(found, Ok(None)),
        CheckKind::Client => dialect::open(registration).is_ok_and(|dialect| dialect.has_client()),
        _ => true,
    };
    let check = match (kind, found) {
        // It did not stand in the way, as approvals go by the server's; codes do not.
        (CheckKind::Clock, _) => {
            io.clocks_differ().map_or(Check::works(kind), |reason| Check::unknown(kind, reason))
        }
        (CheckKind::Registration, Ok(_)) if io.kept.context.locked_out => {
            Check::unknown(kind, Reason::AccountBlocked)
        }
        (CheckKind::Requests, Ok(None)) => Check::unknown(kind, Reason::ScanToAnswer),
        (CheckKind::Requests, Ok(Some(list))) => {
            let figure = i64::try_from(list.challenges.len()).ok();
            match list.hidden() {
                // Beside those that can be told there is one that can't.
                Some(reason) => Check { figure, ..Check::unknown(kind, reason) },
                None => Check {
                    reason: list.challenges.is_empty().then_some(nothing),
                    figure,
                    ..Check::works(kind)
                },
            }
        }
        _ => Check::works(kind),
    };
    is_known.then(|| Check { figure: check.figure.or_else(|| figure(io, kind)), ..check })
}

/// Seconds that the server is ahead, where the check is of that.
fn figure(io: &Io<'_>, kind: CheckKind) -> Option<i64> {
    io.kept.context.offset.filter(|_| kind == CheckKind::Clock).map(|offset| offset.seconds)
}

/// What the host told.
fn told(kind: CheckKind, works: Option<bool>, reason: Reason) -> Option<Check> {
    works.map(|works| if works { Check::works(kind) } else { Check::fails(kind, reason) })
}

/// Whether anything came back from the server, so that the network is there.
const fn was_heard(reason: Reason) -> bool {
    !matches!(
        reason,
        Reason::NoNetwork
            | Reason::ServerNotFound
            | Reason::ServerUnreachable
            | Reason::ServerSilent
            | Reason::ConnectionLost
    )
}
