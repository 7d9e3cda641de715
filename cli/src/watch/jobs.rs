//! Jobs of the engine: looks, answers and set-ups, side by side.

use countersign::approval::{Answer, Outcome, Question};
use countersign::authenticator::Job;
use countersign::reason::Reason;
use countersign::vault::Summary;

use super::engine::Engine;
use super::event::News;
use crate::failure::Failure;
use crate::host::{AT_A_TIME, Flow, Told, end_of_leftover, failure_of, reason_of};

/// After so long a server is silent: the others are looked at again without waiting for it.
const LATE_MS: u64 = 2_000;

/// What a job is for.
pub enum What {
    /// A look at an account, since this time by the steady clock.
    Look(Summary, u64),
    Answer {
        account: String,
        request: String,
    },
    SetUp,
    /// What an earlier process left unfinished.
    Leftover,
}

impl Engine<'_> {
    /// Queues every account whose last look has ended.
    pub(super) fn look(&mut self, accounts: Vec<Summary>) {
        self.looked_at = Some(accounts.len());
        self.queue = accounts.into();
        let jobs = &self.jobs;
        let is_looked_at = |id: &str| {
            jobs.under_way().any(|what| matches!(what, What::Look(account, _) if account.id == id))
        };
        self.queue.retain(|account| !is_looked_at(&account.id));
    }

    /// Begins looks as long as there are accounts and room; tells when all have ended but those that are late.
    pub(super) fn look_on(&mut self) {
        while self.looks() < AT_A_TIME {
            let Some(account) = self.queue.pop_front() else { break };
            let since = self.session.now().steady_ms;
            self.begin(What::Look(account.clone(), since), &Job::Check { account: &account.id });
        }
        if !self.queue.is_empty() || self.looks() > 0 {
            return;
        }
        if let Some(accounts) = self.looked_at.take() {
            self.news.push(News::LooksEnded(accounts));
        }
    }

    fn looks(&self) -> usize {
        let steady = self.session.now().steady_ms;
        let is_in_time = |since: u64| steady.saturating_sub(since) < LATE_MS;
        self.jobs
            .under_way()
            .filter(|what| matches!(what, What::Look(_, since) if is_in_time(*since)))
            .count()
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
                    Told::Asked(job, question) => {
                        let answer = self.jobs.about(job).map_or(Answer::None, |what| said(what, &question));
                        self.jobs.answer(&mut self.session, job, answer);
                    }
                    Told::Ended { about: What::Leftover, end, .. } => {
                        if let Some(words) = end_of_leftover(&end, self.session.console.language) {
                            self.news.extend([News::Failed((words, String::new())), News::ListIsOld]);
                        }
                    }
                    Told::Ended { about, added, end: Ok(outcome) } => self.ended(&about, added, outcome),
                    Told::Ended { about, end: Err(failure), .. } => self.failed(&about, &failure),
                }
            }
        }
    }

    fn ended(&mut self, what: &What, added: Option<String>, outcome: Outcome) {
        match (what, outcome) {
            (What::Look(account, _), Outcome::Checked { requests }) => {
                self.news.push(News::Found(account.clone(), requests));
            }
            // Its requests are scanned, by another command.
            (What::Look(account, _), Outcome::Refused(Reason::ScanToAnswer)) => {
                self.news.push(News::Found(account.clone(), Vec::new()));
            }
            (What::Answer { account, .. }, Outcome::Answered(answered)) => {
                self.news.push(News::Answered { account: account.clone(), answered });
            }
            (What::SetUp, Outcome::Enrolled(_)) => {
                if let Err(failure) = self.added(&added.unwrap_or_default(), true) {
                    self.failed(what, &failure);
                }
            }
            (What::Answer { account, request }, outcome) => {
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
            }
            (what, outcome) => self.failed(what, &failure_of(&outcome)),
        }
    }

    pub(super) fn failed(&mut self, what: &What, failure: &Failure) {
        let words = self.words(failure);
        self.news.push(match what {
            What::Look(account, _) => News::LookFailed(account.clone(), words),
            What::Answer { account, request } => {
                let (account, request) = (account.clone(), request.clone());
                News::NotAnswered { account, request, words, is_over: false }
            }
            What::SetUp | What::Leftover => News::Failed(words),
        });
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
