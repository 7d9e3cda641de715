//! What can be done with a server, and what a flow for it starts with.

use super::keep::{has_ended, unless_damaged};
use super::run::Run;
use super::watching::{WatchRow, clock_of, record_id};
use super::{Authenticator, Error, Scanned};
use crate::account::Registration;
use crate::approval::{
    AnswerRequest, Client, Context, Decision, DeviceInfo, EnrolRequest, Flow, HostFacts, PushAddress,
    Request, RequestRecord, scanned_request,
};
use crate::clock::Now;
use crate::link::Recognised;
use crate::reason::Reason;
use crate::secret::Secret;
use crate::vault::ValueKind;

/// Longest time that a request is taken to be open, in seconds.
const MAX_REQUEST_S: i64 = 24 * 60 * 60;

/// Something to do with a server. Accounts are named by id.
#[derive(Clone, Debug)]
pub enum Job<'a> {
    /// Set up the account of a scanned code.
    Enrol(Enrol<'a>),
    /// Look for requests.
    Check {
        /// Whose.
        account: &'a str,
    },
    /// Answer a request.
    Answer {
        /// Whose.
        account: &'a str,
        /// Which, and how.
        request: AnswerRequest,
    },
    /// Answer a sign-in that was scanned.
    AnswerScanned {
        /// Whose: one of [`Authenticator::scanned_requests`].
        account: &'a str,
        /// The code of the sign-in page.
        scanned: &'a Scanned,
        /// How.
        decision: Decision,
    },
    /// Give the account a new device key.
    RotateKey {
        /// Whose.
        account: &'a str,
    },
    /// Tell the server where pushes go.
    SetPushAddress {
        /// Whose.
        account: &'a str,
        /// Where to.
        address: PushAddress,
    },
    /// Lock the account at the server.
    LockOut {
        /// Which.
        account: &'a str,
    },
    /// Look why a request may be missing.
    SelfTest {
        /// Whose.
        account: &'a str,
        /// What only the host can tell.
        host: HostFacts,
    },
}

/// What a set-up is given.
#[derive(Clone, Debug)]
pub struct Enrol<'a> {
    /// The set-up code.
    pub scanned: &'a Scanned,
    /// A client id for this account; goes before the code's own and the organisation's.
    pub client_id: Option<String>,
    /// A client secret for this account; goes before the code's own and the organisation's.
    pub client_secret: Option<Secret>,
    /// How this device calls itself.
    pub device: DeviceInfo,
    /// Whether `http:` to this machine is allowed.
    pub allow_plain_http: bool,
}

impl Job<'_> {
    /// The account whose key it changes.
    pub(super) const fn key_of(&self) -> Option<&str> {
        match self {
            Self::RotateKey { account } => Some(account),
            _ => None,
        }
    }
}

pub(super) fn run_of(core: &mut Authenticator, job: &Job<'_>, now: Now) -> Result<Run, Error> {
    let (flow, account) = match job {
        Job::Enrol(enrol) => (enrolment(core, enrol, now)?, None),
        Job::Check { account } => {
            let (registration, context) = known(core, account, now)?;
            (Flow::check(registration, core.start(context, now)?), Some(*account))
        }
        Job::Answer { account, request } => {
            let (registration, context) = certain(core, account, now)?;
            let record = record_of(core, account, &request.request, now)?;
            let start = core.start(context, now)?;
            (Flow::answer(registration, request.clone(), record, start), Some(*account))
        }
        Job::AnswerScanned { account, scanned, decision } => {
            let link = match scanned.recognised() {
                Recognised::SignIn(link) => link.clone(),
                Recognised::Foreign { reason, .. } => return Err((*reason).into()),
                _ => return Err(Reason::NotAddedThisWay.into()),
            };
            let (registration, context) = certain(core, account, now)?;
            if scanned_request(&registration, &link, now.wall).is_none() {
                return Err(Reason::SignInAccountUnknown.into());
            }
            let record = record_of(core, account, &link.session, now)?;
            let start = core.start(context, now)?;
            (Flow::answer_scanned(registration, link, decision.clone(), record, start), Some(*account))
        }
        Job::RotateKey { account } => {
            let (registration, context) = certain(core, account, now)?;
            (Flow::rotate_key(registration, core.start(context, now)?), Some(*account))
        }
        Job::SetPushAddress { account, address } => {
            let (registration, context) = certain(core, account, now)?;
            (Flow::set_push_address(registration, address.clone(), core.start(context, now)?), Some(*account))
        }
        Job::LockOut { account } => {
            let (registration, context) = certain(core, account, now)?;
            (Flow::lock_out(registration, core.start(context, now)?), Some(*account))
        }
        Job::SelfTest { account, host } => {
            let (registration, context) = known(core, account, now)?;
            let ended = ended_here(core, account, now)?;
            (Flow::self_test(registration, *host, ended, core.start(context, now)?), Some(*account))
        }
    };
    Ok(Run {
        flow,
        account: account.map(ToOwned::to_owned),
        changes_key: job.key_of().is_some(),
        only_looks: matches!(job, Job::Check { .. } | Job::SelfTest { .. }),
        keys: Vec::new(),
        owner: String::new(),
        renewed_ms: now.steady_ms,
    })
}

/// What is known of a request from earlier runs.
fn record_of(
    core: &mut Authenticator,
    account: &str,
    request: &str,
    now: Now,
) -> Result<RequestRecord, Error> {
    let record = core.vault.get(ValueKind::Request, &record_id(account, request), now)?;
    let mut record: RequestRecord = record.unwrap_or_else(|| RequestRecord::new(request));
    if record.expires_at.is_none() {
        // Once it is no longer listed, only this tells an expired request from one that never was.
        let seen: Option<Vec<Request>> = unless_damaged(core.vault.get(ValueKind::Pending, account, now))?;
        // A server has no say in how long a record stays.
        let latest = now.wall.plus(MAX_REQUEST_S);
        record.expires_at =
            seen.iter().flatten().find(|seen| seen.id == request).map(|seen| seen.expires_at.min(latest));
    }
    Ok(record)
}

/// The requests of an account that this phone is done with: where the server lists one still, it is none that waits.
fn ended_here(core: &mut Authenticator, account: &str, now: Now) -> Result<Vec<String>, Error> {
    let of_account = record_id(account, "");
    let mut ended = Vec::new();
    for id in core.vault.ids(ValueKind::Request, now)? {
        let Some(request) = id.strip_prefix(&of_account) else { continue };
        if has_ended(unless_damaged(core.vault.get(ValueKind::Request, &id, now))?) {
            ended.push(request.to_owned());
        }
    }
    Ok(ended)
}

fn enrolment(core: &mut Authenticator, enrol: &Enrol<'_>, now: Now) -> Result<Flow, Error> {
    match enrol.scanned.recognised() {
        Recognised::Approval(_) => {}
        Recognised::Foreign { reason, .. } => return Err((*reason).into()),
        Recognised::SignIn(_) => return Err(Reason::SignInScanned.into()),
        _ => return Err(Reason::NotAddedThisWay.into()),
    }
    let organisation = match enrol.scanned.origin() {
        Some(origin) => core.organisation_for(origin, now)?,
        None => None,
    };
    let request = EnrolRequest {
        code: enrol.scanned.code().clone(),
        client_id: enrol.client_id.clone(),
        client_secret: enrol.client_secret.clone(),
        organisation: organisation
            .and_then(|there| Some(Client { id: there.client_id, secret: there.client_secret? })),
        device: enrol.device.clone(),
        allow_plain_http: enrol.allow_plain_http,
    };
    Ok(Flow::enrol(request, core.start(Context::default(), now)?))
}

/// The account's registration, and what background checks know of it.
fn rows(
    core: &mut Authenticator,
    account: &str,
    now: Now,
) -> Result<(Registration, Option<WatchRow>), Error> {
    let registration = core.account(account, now)?.registration.ok_or(Reason::NoApprovals)?;
    // A damaged one is written anew when the run has ended.
    Ok((registration, unless_damaged(core.vault.get(ValueKind::Watch, account, now))?))
}

/// The account's registration, and what is known of its server.
fn known(core: &mut Authenticator, account: &str, now: Now) -> Result<(Registration, Context), Error> {
    let (registration, row) = rows(core, account, now)?;
    let context = context_of(core, account, row, now)?;
    Ok((registration, context))
}

/// What is known of the server: in the row, or beside the account where it has none.
fn context_of(
    core: &mut Authenticator,
    account: &str,
    row: Option<WatchRow>,
    now: Now,
) -> Result<Context, Error> {
    Ok(match row {
        Some(row) => row.context,
        None => clock_of(&mut core.vault, account, now)?,
    })
}

/// The same before anything is changed at the server: what background checks use must still be what the account says.
/// If it is not, it is set right and nothing is sent this time.
fn certain(core: &mut Authenticator, account: &str, now: Now) -> Result<(Registration, Context), Error> {
    let (registration, row) = rows(core, account, now)?;
    match row {
        Some(row) if row.registration != registration => {
            let right = WatchRow { registration, context: Context::default(), ..row };
            core.vault
                .change(&mut *core.entropy, now, |change| change.put(ValueKind::Watch, account, &right))?;
            Err(Reason::WatchRecordDiffers.into())
        }
        row => Ok((registration, context_of(core, account, row, now)?)),
    }
}
