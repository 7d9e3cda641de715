//! Jobs of the engine: flows that go on side by side, each until it waits for the network or the clock.

use std::sync::Arc;
use std::thread;

use countersign::approval::{Answer, Event, Outcome, Question};
use countersign::authenticator::Job;
use countersign::reason::Reason;
use countersign::vault::Summary;

use super::engine::Engine;
use super::event::News;
use crate::failure::Failure;
use crate::host::{Flow, Wanted, failure_of, reason_of};

/// So many accounts are looked at at the same time.
const MAX_LOOKS: usize = 8;

/// A job under way.
pub struct Under {
    pub(super) id: u64,
    flow: Flow,
    what: What,
    /// Goes on by itself at this time; else when its reply comes.
    pub(super) wakes_ms: Option<u64>,
}

/// What a job is for.
pub enum What {
    Look(Summary),
    Answer { account: String, request: String },
    SetUp,
}

impl Engine<'_> {
    /// Begins looks as long as there are accounts and room; tells when all have ended.
    pub(super) fn look_on(&mut self) {
        while self.looks() < MAX_LOOKS {
            let Some(account) = self.queue.pop_front() else { break };
            self.begin(What::Look(account.clone()), &Job::Check { account: &account.id });
        }
        if !self.queue.is_empty() || self.looks() > 0 {
            return;
        }
        if let Some(accounts) = self.looked_at.take() {
            self.news.push(News::LooksEnded(accounts));
        }
    }

    fn looks(&self) -> usize {
        self.jobs.iter().filter(|job| matches!(job.what, What::Look(_))).count()
    }

    pub(super) fn begin(&mut self, what: What, job: &Job<'_>) {
        match Flow::begin(&mut self.session, job) {
            Ok(flow) => {
                self.next_id += 1;
                self.go_on(Under { id: self.next_id, flow, what, wakes_ms: None }, None);
            }
            Err(failure) => self.failed(&what, &failure),
        }
    }

    /// Goes on with a job until it waits for something outside.
    pub(super) fn go_on(&mut self, mut job: Under, mut event: Option<Event>) {
        loop {
            let given = event.take().map_or(Ok(()), |event| job.flow.give(&mut self.session, event));
            match given.and_then(|()| job.flow.wanted(&mut self.session)) {
                Ok(Wanted::Send(request)) => {
                    let (id, sender, replies) = (job.id, Arc::clone(&self.sender), self.replies.clone());
                    job.wakes_ms = None;
                    self.jobs.push(job);
                    thread::spawn(move || {
                        // Nobody listens any more when the screen has ended.
                        let _ = replies.send((id, sender.send(&request)));
                    });
                    return;
                }
                Ok(Wanted::Wait(time)) => {
                    let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
                    job.wakes_ms = Some(self.session.now().steady_ms.saturating_add(ms));
                    self.jobs.push(job);
                    return;
                }
                Ok(Wanted::Ask(question)) => event = Some(Event::Answered(said(&question))),
                Ok(Wanted::End(outcome)) => return self.ended(&job, outcome),
                Err(failure) => {
                    // The vault could not keep a turn, so nobody acts on it. What was sent before is looked after by
                    // the next process that opens the vault.
                    return self.failed(&job.what, &failure);
                }
            }
        }
    }

    fn ended(&mut self, job: &Under, outcome: Outcome) {
        match (&job.what, outcome) {
            (What::Look(account), Outcome::Checked { requests }) => {
                self.news.push(News::Found(account.clone(), requests));
            }
            (What::Answer { account, .. }, Outcome::Answered(answered)) => {
                self.news.push(News::Answered { account: account.clone(), answered });
            }
            (What::SetUp, Outcome::Enrolled(_)) => {
                let id = job.flow.added(&self.session).unwrap_or_default();
                if let Err(failure) = self.added(&id, true) {
                    self.failed(&job.what, &failure);
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

    fn failed(&mut self, what: &What, failure: &Failure) {
        let words = self.words(failure);
        self.news.push(match what {
            What::Look(account) => News::LookFailed(account.clone(), words),
            What::Answer { account, request } => {
                let (account, request) = (account.clone(), request.clone());
                News::NotAnswered { account, request, words, is_over: false }
            }
            What::SetUp => News::Failed(words),
        });
    }
}

/// What is said to a flow: a server was trusted before its set-up began, and who typed the answer into the unlocked
/// screen has shown who they are. Nothing else is known here.
fn said(question: &Question) -> Answer {
    match question {
        Question::Trust { .. } | Question::Presence { .. } => Answer::Confirmed(true),
        _ => Answer::None,
    }
}
