//! Jobs of the engine: looks, answers, set-ups and lock-outs, side by side.

use countersign::approval::{Answer, Outcome, Question};
use countersign::authenticator::Job;
use countersign::reason::Reason;
use countersign::vault::Summary;

use super::engine::Engine;
use super::event::News;
use crate::commands::{accounts, floods};
use crate::failure::Failure;
use crate::host::{
    Flow, LATE_MS, Told, can_lock_out, end_of_leftover, end_of_lock_out, failure_of, reason_of, title_in,
};
use crate::session::Session;
use crate::text::title_of;

/// What a job is for.
pub enum What {
    Look(Summary),
    Answer {
        account: String,
        request: String,
        is_not_me: bool,
    },
    SetUp,
    /// The lock-out of an account.
    LockOut(Summary),
    /// What an earlier process left unfinished, of the account of this title.
    Leftover(Option<String>),
}

impl What {
    /// What the account is called that it is about; none of a set-up.
    pub(super) fn title(self, session: &mut Session) -> Option<String> {
        match self {
            Self::Look(account) | Self::LockOut(account) => Some(title_of(&account.issuer, &account.name)),
            Self::Answer { account, .. } => title_in(session, &account),
            Self::SetUp => None,
            Self::Leftover(title) => title,
        }
    }
}

impl Engine<'_> {
    /// Begins the looks that are due, as long as there is room; tells when all have ended but those that are late.
    pub(super) fn look_on(&mut self) {
        let now = self.session.now().steady_ms;
        if !self.is_locked && self.ask_ms <= now {
            match self.due() {
                Ok(wait_ms) => self.ask_ms = now.saturating_add(wait_ms),
                Err(failure) => {
                    self.ask_ms = now.saturating_add(LATE_MS);
                    self.failed(&What::Leftover(None), &failure);
                }
            }
        }
        while self.jobs.has_room(&self.session) {
            let Some(id) = self.queue.pop_front() else { break };
            match self.session.core.summary(&id, self.session.now()).cloned() {
                Ok(account) => self.begin(What::Look(account), &Job::Check { account: &id }),
                // Another process has removed it.
                Err(_) => self.news.push(News::ListIsOld),
            }
        }
        if !self.queue.is_empty() || self.looks() > 0 {
            return;
        }
        if let Some(accounts) = self.looked_at.take() {
            self.news.push(News::LooksEnded(accounts));
            self.tell_of_floods();
        }
    }

    /// Asks what is due, and takes up what processes that are gone have left; for how long it has not to be asked again.
    fn due(&mut self) -> Result<u64, Failure> {
        self.look_for_leftovers();
        let looks = self.session.core.next_looks(self.session.now())?;
        let approving = accounts(&mut self.session, None)?.len();
        self.queue = looks.due.into();
        if approving == 0 || !self.queue.is_empty() {
            self.looked_at = Some(approving);
        }
        Ok(looks.wait_ms)
    }

    /// Tells of each flood once, unless the person has made the account quiet.
    fn tell_of_floods(&mut self) {
        let Ok(all) = accounts(&mut self.session, None) else { return };
        let Ok(mut found) = floods::of(&mut self.session, &all) else { return };
        found.retain(|(_, flood)| flood.quiet_until.is_none());
        for flood in found.iter().filter(|(account, _)| !self.flooded.contains(&account.id)) {
            self.news.push(News::Flood(floods::words(flood, self.session.console.language)));
        }
        self.flooded = found.into_iter().map(|(account, _)| account.id).collect();
    }

    fn looks(&self) -> usize {
        self.jobs.in_time(&self.session).filter(|what| matches!(what, What::Look(_))).count()
    }

    pub(super) fn begin(&mut self, what: What, job: &Job<'_>) {
        match Flow::begin(&mut self.session, job) {
            Ok(flow) => self.jobs.begin(&mut self.session, what, flow),
            Err(failure) => self.failed(&what, &failure),
        }
    }

    /// Takes what the jobs have to tell.
    pub(super) fn go_on(&mut self) {
        loop {
            let told = self.jobs.news(&mut self.session);
            if told.is_empty() {
                return;
            }
            for told in told {
                match told {
                    Told::Asked(job, Question::Client { origin, id, refused }) => {
                        let origin = origin.to_string();
                        self.news.push(News::ClientNeeded { job, origin, id, is_refused: refused });
                    }
                    Told::Asked(job, question) => self.asked(job, &question),
                    Told::Ended { about: What::Leftover(title), end, .. } => {
                        let language = self.session.console.language;
                        if let Some(words) = end_of_leftover(&end, title.as_deref(), language) {
                            self.news.extend([News::Failed((words, String::new())), News::ListIsOld]);
                        }
                    }
                    Told::Ended { about, added, end: Ok(outcome) } => self.ended(&about, added, outcome),
                    Told::Ended { about, end: Err(failure), .. } => self.failed(&about, &failure),
                }
            }
        }
    }

    fn asked(&mut self, job: u64, question: &Question) {
        let answer = match (self.jobs.about(job), question) {
            (Some(What::LockOut(account)), Question::LockOut) => {
                return self.news.push(News::LockOutAsked { account: account.id.clone(), job });
            }
            (Some(what), _) => said(what, question),
            (None, _) => Answer::None,
        };
        self.jobs.answer(&mut self.session, job, answer);
    }

    pub(super) fn ended(&mut self, what: &What, added: Option<String>, outcome: Outcome) {
        match (what, outcome) {
            (What::Look(account), Outcome::Checked { requests, hidden }) => {
                let Some(reason) = hidden else {
                    return self.news.push(News::Found(account.clone(), requests));
                };
                self.news.push(News::FoundSome(account.clone(), requests));
                self.failed(what, &reason.into());
            }
            // Its requests are scanned, by another command.
            (What::Look(account), Outcome::Refused(Reason::ScanToAnswer)) => {
                self.news.push(News::Found(account.clone(), Vec::new()));
            }
            (What::Answer { account, is_not_me, .. }, Outcome::Answered(answered)) => {
                let (id, is_not_me) = (account.clone(), *is_not_me);
                self.news.push(News::Answered { account: id, answered, is_not_me });
                self.offer_after(what);
            }
            (What::LockOut(account), outcome) => {
                self.locking_ended(account, Ok(&outcome));
            }
            (What::SetUp, Outcome::Enrolled(_)) => {
                if let Err(failure) = self.added(&added.unwrap_or_default(), true) {
                    self.failed(what, &failure);
                }
            }
            (What::Answer { account, request, .. }, outcome) => {
                let is_over = matches!(
                    reason_of(&outcome),
                    Reason::RequestNotFound
                        | Reason::RequestEnded
                        | Reason::RequestExpired
                        | Reason::AnsweredElsewhere
                );
                let words = self.words(&failure_of(&outcome));
                let (account, request) = (account.clone(), request.clone());
                self.news.push(News::NotAnswered { account, request, words, is_over });
                self.offer_after(what);
            }
            (what, outcome) => self.failed(what, &failure_of(&outcome)),
        }
    }

    pub(super) fn failed(&mut self, what: &What, failure: &Failure) {
        let words = self.words(failure);
        self.news.push(match what {
            What::Look(account) => News::LookFailed(account.clone(), words),
            What::Answer { account, request, .. } => {
                let (account, request) = (account.clone(), request.clone());
                News::NotAnswered { account, request, words, is_over: false }
            }
            What::LockOut(account) => return self.locking_ended(account, Err(failure)),
            What::SetUp | What::Leftover(_) => News::Failed(words),
        });
        self.offer_after(what);
    }

    fn locking_ended(&mut self, account: &Summary, end: Result<&Outcome, &Failure>) {
        let title = title_of(&account.issuer, &account.name);
        let told = end_of_lock_out(end, &title, self.session.console.language);
        let is_locked = matches!(end, Ok(Outcome::LockedOut));
        self.news.push(News::LockOutEnded { account: account.id.clone(), is_locked, told });
    }

    /// Offers the lock-out after "it's not me", whatever became of that. Not of an account that can't be read: another
    /// process has removed it.
    fn offer_after(&mut self, what: &What) {
        let What::Answer { account, is_not_me: true, .. } = what else { return };
        if !can_lock_out(&mut self.session, account).unwrap_or(false) {
            return;
        }
        if let Ok(account) = self.session.core.summary(account, self.session.now()) {
            self.news.push(News::LockOutOffered(account.clone()));
        }
    }
}

/// What is said to a flow: a server was trusted before its set-up began, and who typed the answer into the unlocked
/// screen has shown who they are. Of what an earlier process began, nobody knows that.
const fn said(what: &What, question: &Question) -> Answer {
    match (what, question) {
        (What::Answer { .. } | What::SetUp, Question::Trust { .. } | Question::Presence { .. }) => {
            Answer::Confirmed(true)
        }
        _ => Answer::None,
    }
}
