//! A look at several accounts: what it found, and what a person is told while some servers have not answered.

use std::ops::ControlFlow;

use countersign::approval::{Outcome, Request};
use countersign::authenticator::Job;
use countersign::reason::Reason;
use countersign::vault::Summary;

use crate::failure::Failure;
use crate::host;
use crate::http::Sender;
use crate::output::Console;
use crate::session::Session;
use crate::text::title_of;
use crate::words;

/// After so many milliseconds it is said who is awaited.
const PATIENCE_MS: u64 = 1_000;
/// It is said anew after so many, when it is fewer.
const AGAIN_MS: u64 = 4_000;
/// So many accounts are named at most.
const NAMED: usize = 4;

/// Once a server has what is looked for, the others have so many milliseconds more: which one is the quickest decides
/// nothing, and a silent one keeps nobody.
pub const GRACE_MS: u64 = 2_000;

/// What a look at all accounts found.
#[derive(Default)]
pub struct Look {
    /// The requests, each with its account.
    pub requests: Vec<(Summary, Request)>,
    /// The accounts that could not be looked at, or not at all that waits there, and why.
    pub failed: Vec<(Summary, Failure)>,
    /// The accounts whose requests are scanned: nothing is wrong with them.
    pub scanned: Vec<Summary>,
}

impl Look {
    /// Takes how the look at an account ended, in the place of the one before.
    pub fn take(&mut self, account: &Summary, end: Result<Outcome, Failure>) {
        self.failed.retain(|(failed, _)| failed.id != account.id);
        self.requests.retain(|(of, _)| of.id != account.id);
        match end {
            Ok(Outcome::Checked { requests, hidden }) => {
                self.requests.extend(requests.into_iter().map(|request| (account.clone(), request)));
                self.failed.extend(hidden.map(|reason| (account.clone(), reason.into())));
            }
            Ok(Outcome::Refused(Reason::ScanToAnswer)) => self.scanned.push(account.clone()),
            Ok(outcome) => self.failed.push((account.clone(), host::failure_of(&outcome))),
            Err(failure) => self.failed.push((account.clone(), failure)),
        }
    }

    /// The newest request first, whatever account it is of and whichever server was the first to answer.
    pub fn sort(&mut self) {
        self.requests.sort_by(|(account, one), (another, other)| {
            one.newest_first(other).then_with(|| account.id.cmp(&another.id))
        });
    }

    /// Those of which nothing is known, and why.
    pub fn unseen(&self) -> impl Iterator<Item = (&Summary, Failure)> {
        let scanned = self.scanned.iter().map(|account| (account, Reason::ScanToAnswer.into()));
        self.failed.iter().map(|(account, failure)| (account, failure.clone())).chain(scanned)
    }
}

/// Looks at these accounts, and says who is awaited.
pub fn look(session: &mut Session, sender: &Sender, accounts: &[Summary]) -> Look {
    look_until(session, sender, accounts, |_, _, _| ControlFlow::Continue(()))
}

/// The same; `came` gets what was found so far whenever there is more, and once
/// the person has waited for a while; with `Break` the others are not waited for.
pub fn look_until(
    session: &mut Session,
    sender: &Sender,
    accounts: &[Summary],
    mut came: impl FnMut(&mut Session, &Look, bool) -> ControlFlow<()>,
) -> Look {
    let jobs: Vec<_> = accounts.iter().map(|account| Job::Check { account: &account.id }).collect();
    let mut found = Look::default();
    let mut progress = Progress::begun(session);
    host::run_each(session, sender, &jobs, |session, ended, awaited| {
        if let Some((account, end)) = ended.and_then(|(place, end)| Some((accounts.get(place)?, end))) {
            found.take(account, end);
        }
        let has_waited = progress.has_waited(session);
        let flow = came(session, &found, has_waited);
        if has_waited && flow.is_continue() {
            progress.tell(session, awaited.iter().filter_map(|place| accounts.get(*place)));
        }
        flow
    });
    found
}

/// What a person is told while they wait.
struct Progress {
    begun_ms: u64,
    /// When something was told, and of how many accounts.
    told: Option<(u64, usize)>,
}

impl Progress {
    fn begun(session: &Session) -> Self {
        Self { begun_ms: session.now().steady_ms, told: None }
    }

    fn has_waited(&self, session: &Session) -> bool {
        session.now().steady_ms.saturating_sub(self.begun_ms) >= PATIENCE_MS
    }

    /// Names who is awaited, unless that was done a moment ago or is the same.
    fn tell<'a>(&mut self, session: &Session, awaited: impl Iterator<Item = &'a Summary>) {
        let (now, console) = (session.now().steady_ms, session.console);
        let names: Vec<_> = awaited.map(|account| title_of(&account.issuer, &account.name)).collect();
        let is_news = |(at, count): (u64, usize)| count != names.len() && now.saturating_sub(at) >= AGAIN_MS;
        if !names.is_empty() && self.told.is_none_or(is_news) {
            console.note(&awaiting(console, &names));
            self.told = Some((now, names.len()));
        }
    }
}

fn awaiting(console: Console, names: &[String]) -> String {
    let (named, others) = names.split_at(names.len().min(NAMED));
    let named = named.join(", ");
    match others.len() {
        0 => words::awaiting(console.language, &named),
        more => words::awaiting_more(console.language, &named, &more),
    }
}
