//! Flows that go on side by side, each until it waits for the network, the clock or a person, so that one silent
//! server keeps nobody from the others. Requests over the network and the making of keys run in threads of their own,
//! without the vault.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use countersign::approval::{Answer, Event, NetworkFailure, Outcome, Question};
use countersign::authenticator::{Job, RunId};

use super::{Flow, Wanted};
use crate::failure::Failure;
use crate::http::Sender;
use crate::keys::{KeyError, SoftwareKey};
use crate::session::Session;

/// So many flows are begun at the same time.
const AT_A_TIME: usize = 16;
/// After so many milliseconds a flow counts no more among them: a silent server keeps nobody from the others, however
/// many accounts it has.
pub const LATE_MS: u64 = 2_000;

/// Jobs that end by themselves are looked after this often, whatever comes.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// The place of a job, and how it ended.
pub type End = (usize, Result<Outcome, Failure>);

/// Begins these jobs, which ask nothing, several at a time; their ends in the same order.
pub fn run_all(session: &mut Session, sender: &Sender, jobs: &[Job<'_>]) -> Vec<Result<Outcome, Failure>> {
    let mut ends = BTreeMap::new();
    run_each(session, sender, jobs, |_, ended, _| {
        ends.extend(ended);
        ControlFlow::Continue(())
    });
    // In the order of their places.
    ends.into_values().collect()
}

/// The same, telling of each end as it comes, with the job's place, and at least once a second of those that are still
/// awaited. With `Break` they are let go where they stand.
pub fn run_each(
    session: &mut Session,
    sender: &Sender,
    jobs: &[Job<'_>],
    mut tell: impl FnMut(&mut Session, Option<End>, &BTreeSet<usize>) -> ControlFlow<()>,
) {
    let mut together = Together::new(sender.clone());
    let mut awaited: BTreeSet<usize> = (0..jobs.len()).collect();
    let mut next = jobs.iter().enumerate();
    loop {
        let mut ended = Vec::new();
        while together.has_room(session)
            && let Some((place, job)) = next.next()
        {
            match Flow::begin(session, job) {
                Ok(flow) => together.begin(session, place, flow),
                Err(failure) => ended.push((place, Err(failure))),
            }
        }
        for told in together.wait(session, LONGEST_WAIT) {
            match told {
                Told::Asked(id, _) => together.answer(session, id, Answer::None),
                Told::Ended { about, end, .. } => ended.push((about, end)),
            }
        }
        for end in ended {
            awaited.remove(&end.0);
            if tell(session, Some(end), &awaited).is_break() {
                return;
            }
        }
        if awaited.is_empty() || tell(session, None, &awaited).is_break() {
            return;
        }
    }
}

/// Flows under way, each with what it is about.
pub struct Together<T> {
    sender: Sender,
    under_way: Vec<Under<T>>,
    begun: u64,
    replies: mpsc::Sender<(u64, Reply)>,
    inbox: Receiver<(u64, Reply)>,
    told: Vec<Told<T>>,
}

struct Under<T> {
    id: u64,
    flow: Flow,
    about: T,
    since_ms: u64,
    /// Goes on by itself at this time; else when its reply or its answer comes.
    wakes_ms: Option<u64>,
}

/// What a thread has done for a flow.
enum Reply {
    Event(Event),
    Key(Result<SoftwareKey, KeyError>),
}

/// What a flow has to tell.
pub enum Told<T> {
    /// The flow with this id waits for an answer: [`Together::answer`].
    Asked(u64, Question),
    /// It has ended, with the account that it added; or the vault could not keep its next step: what was sent before is
    /// looked after by the next process that opens the vault.
    Ended { about: T, added: Option<String>, end: Result<Outcome, Failure> },
}

impl<T> Together<T> {
    pub fn new(sender: Sender) -> Self {
        let (replies, inbox) = mpsc::channel();
        Self { sender, under_way: Vec::new(), begun: 0, replies, inbox, told: Vec::new() }
    }

    /// Takes a flow on.
    pub fn begin(&mut self, session: &mut Session, about: T, flow: Flow) {
        self.begun += 1;
        let since_ms = session.now().steady_ms;
        self.go_on(session, Under { id: self.begun, flow, about, since_ms, wakes_ms: None }, None);
    }

    /// Whether another may be begun.
    pub fn has_room(&self, session: &Session) -> bool {
        self.in_time(session).count() < AT_A_TIME
    }

    /// What the flows under way are about that are not late.
    pub fn in_time(&self, session: &Session) -> impl Iterator<Item = &T> {
        let steady = session.now().steady_ms;
        let is_late = move |under: &&Under<T>| steady.saturating_sub(under.since_ms) >= LATE_MS;
        self.under_way.iter().filter(move |under| !is_late(under)).map(|under| &under.about)
    }

    /// Answers a question. A flow that was let go meanwhile, as by locking, needs none.
    pub fn answer(&mut self, session: &mut Session, id: u64, answer: Answer) {
        self.take_up(session, id, Reply::Event(Event::Answered(answer)));
    }

    /// What has happened since the last time.
    pub fn news(&mut self, session: &mut Session) -> Vec<Told<T>> {
        while let Ok((id, reply)) = self.inbox.try_recv() {
            self.take_up(session, id, reply);
        }
        let steady = session.now().steady_ms;
        while let Some(due) =
            self.under_way.iter().find(|under| under.wakes_ms.is_some_and(|wakes| wakes <= steady))
        {
            self.take_up(session, due.id, Reply::Event(Event::Woke));
        }
        mem::take(&mut self.told)
    }

    /// The same, but waits so long for something to happen.
    pub fn wait(&mut self, session: &mut Session, longest: Duration) -> Vec<Told<T>> {
        let steady = session.now().steady_ms;
        let next = self.under_way.iter().filter_map(|under| under.wakes_ms).min();
        let until = next.map_or(longest, |wakes| Duration::from_millis(wakes.saturating_sub(steady)));
        if self.told.is_empty()
            && !self.under_way.is_empty()
            && let Ok((id, reply)) = self.inbox.recv_timeout(until.min(longest))
        {
            self.take_up(session, id, reply);
        }
        self.news(session)
    }

    /// What the flow with this id is about.
    pub fn about(&self, id: u64) -> Option<&T> {
        self.under_way.iter().find(|under| under.id == id).map(|under| &under.about)
    }

    /// Whether nothing is under way and nothing is left to tell.
    pub const fn is_over(&self) -> bool {
        self.under_way.is_empty() && self.told.is_empty()
    }

    /// Whether this run is under way here.
    pub fn has(&self, run: &RunId) -> bool {
        self.under_way.iter().any(|under| under.flow.run() == run)
    }

    /// Lets go of all flows where they stand: what each is about, and its run, to be taken up again.
    pub fn let_go(&mut self) -> Vec<(T, RunId)> {
        self.told.clear();
        self.under_way.drain(..).map(|under| (under.about, under.flow.run().clone())).collect()
    }

    fn take_up(&mut self, session: &mut Session, id: u64, reply: Reply) {
        // A reply to a flow that was let go finds nobody.
        if let Some(at) = self.under_way.iter().position(|under| under.id == id) {
            let under = self.under_way.swap_remove(at);
            self.go_on(session, under, Some(reply));
        }
    }

    /// Goes on with a flow until it waits for something outside.
    fn go_on(&mut self, session: &mut Session, mut under: Under<T>, reply: Option<Reply>) {
        let given = match reply {
            None => Ok(()),
            Some(Reply::Event(event)) => under.flow.give(session, event),
            Some(Reply::Key(key)) => under.flow.made(session, key),
        };
        under.wakes_ms = None;
        match given.and_then(|()| under.flow.wanted(session)) {
            Ok(Wanted::Send(request)) => {
                let sender = self.sender.clone();
                let not_sent = || Reply::Event(Event::NoReply(NetworkFailure::NotConnected));
                self.aside(under, move || Reply::Event(sender.send(&request)), not_sent);
            }
            Ok(Wanted::MakeKey(algorithm)) => {
                let not_made = || Reply::Key(Err(KeyError));
                self.aside(under, move || Reply::Key(SoftwareKey::make(algorithm)), not_made);
            }
            Ok(Wanted::Wait(time)) => {
                let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
                under.wakes_ms = Some(session.now().steady_ms.saturating_add(ms));
                self.under_way.push(under);
            }
            Ok(Wanted::Ask(question)) => {
                self.told.push(Told::Asked(under.id, question));
                self.under_way.push(under);
            }
            Ok(Wanted::End(outcome)) => {
                let added = under.flow.added(session);
                self.told.push(Told::Ended { about: under.about, added, end: Ok(outcome) });
            }
            Err(failure) => {
                self.told.push(Told::Ended { about: under.about, added: None, end: Err(failure) });
            }
        }
    }

    /// Does something for a flow in a thread of its own; `otherwise` where the system has no thread left.
    fn aside(
        &mut self,
        under: Under<T>,
        work: impl FnOnce() -> Reply + Send + 'static,
        otherwise: fn() -> Reply,
    ) {
        let (id, replies) = (under.id, self.replies.clone());
        self.under_way.push(under);
        // Nobody listens any more when the flows were let go.
        let begun = thread::Builder::new().spawn(move || drop(replies.send((id, work()))));
        if begun.is_err() {
            let _ = self.replies.send((id, otherwise()));
        }
    }
}
