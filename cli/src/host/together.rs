//! Flows that go on side by side, each until it waits for the network, the clock or a person, so that one silent
//! server keeps nobody from the others. Only requests over the network run in threads of their own, without the vault.

use std::mem;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use countersign::approval::{Answer, Event, Outcome, Question};
use countersign::authenticator::Job;

use super::{Asker, Flow, Wanted};
use crate::failure::Failure;
use crate::http::Sender;
use crate::session::Session;

/// So many flows are under way at the same time.
pub const AT_A_TIME: usize = 16;

/// Flows are looked after this often, whatever comes.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Begins these jobs, several at a time, and gives their ends in the same order.
pub fn run_all(
    session: &mut Session,
    sender: &Sender,
    jobs: &[Job<'_>],
    asker: &mut dyn Asker,
) -> Result<Vec<Outcome>, Failure> {
    let mut together = Together::new(sender.clone());
    let mut ends: Vec<Option<Outcome>> = jobs.iter().map(|_| None).collect();
    let mut next = jobs.iter().zip(ends.iter_mut());
    loop {
        while together.under_way().count() < AT_A_TIME
            && let Some((job, end)) = next.next()
        {
            let flow = Flow::begin(session, job)?;
            together.begin(session, end, flow);
        }
        if together.is_over() {
            break;
        }
        for told in together.wait(session, LONGEST_WAIT) {
            match told {
                Told::Asked(id, question) => {
                    let answer = asker.answer(&question)?;
                    together.answer(session, id, answer);
                }
                Told::Ended { about, end, .. } => *about = Some(end?),
            }
        }
    }
    drop((together, next));
    Ok(ends.into_iter().flatten().collect())
}

/// Flows under way, each with what it is about.
pub struct Together<T> {
    sender: Sender,
    under_way: Vec<Under<T>>,
    begun: u64,
    replies: mpsc::Sender<(u64, Event)>,
    inbox: Receiver<(u64, Event)>,
    told: Vec<Told<T>>,
}

struct Under<T> {
    id: u64,
    flow: Flow,
    about: T,
    /// Goes on by itself at this time; else when its reply or its answer comes.
    wakes_ms: Option<u64>,
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
        self.go_on(session, Under { id: self.begun, flow, about, wakes_ms: None }, None);
    }

    /// Answers a question. A flow that was let go meanwhile, as by locking, needs none.
    pub fn answer(&mut self, session: &mut Session, id: u64, answer: Answer) {
        self.take_up(session, id, Event::Answered(answer));
    }

    /// What has happened since the last time.
    pub fn news(&mut self, session: &mut Session) -> Vec<Told<T>> {
        while let Ok((id, event)) = self.inbox.try_recv() {
            self.take_up(session, id, event);
        }
        let steady = session.now().steady_ms;
        while let Some(due) =
            self.under_way.iter().find(|under| under.wakes_ms.is_some_and(|wakes| wakes <= steady))
        {
            self.take_up(session, due.id, Event::Woke);
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
            && let Ok((id, event)) = self.inbox.recv_timeout(until.min(longest))
        {
            self.take_up(session, id, event);
        }
        self.news(session)
    }

    /// What the flow with this id is about.
    pub fn about(&self, id: u64) -> Option<&T> {
        self.under_way.iter().find(|under| under.id == id).map(|under| &under.about)
    }

    /// What the flows under way are about.
    pub fn under_way(&self) -> impl Iterator<Item = &T> {
        self.under_way.iter().map(|under| &under.about)
    }

    /// Whether nothing is under way and nothing is left to tell.
    pub const fn is_over(&self) -> bool {
        self.under_way.is_empty() && self.told.is_empty()
    }

    /// Lets go of all flows where they stand.
    pub fn clear(&mut self) {
        self.under_way.clear();
        self.told.clear();
    }

    fn take_up(&mut self, session: &mut Session, id: u64, event: Event) {
        // A reply to a flow that was let go finds nobody.
        if let Some(at) = self.under_way.iter().position(|under| under.id == id) {
            let under = self.under_way.swap_remove(at);
            self.go_on(session, under, Some(event));
        }
    }

    /// Goes on with a flow until it waits for something outside.
    fn go_on(&mut self, session: &mut Session, mut under: Under<T>, event: Option<Event>) {
        let given = event.map_or(Ok(()), |event| under.flow.give(session, event));
        under.wakes_ms = None;
        match given.and_then(|()| under.flow.wanted(session)) {
            Ok(Wanted::Send(request)) => {
                let (id, sender, replies) = (under.id, self.sender.clone(), self.replies.clone());
                thread::spawn(move || {
                    // Nobody listens any more when the flows were let go.
                    let _ = replies.send((id, sender.send(&request)));
                });
                self.under_way.push(under);
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
}
