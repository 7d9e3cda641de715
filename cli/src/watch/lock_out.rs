//! The lock-out: offered after "it's not me", asked about once more, told.

use countersign::clock::Now;
use countersign::vault::Summary;

use super::event::{Key, Order};
use super::stands::Stands;
use super::state::{Focus, State};
use crate::text::title_of;
use crate::words;

/// An account that its server may be about to lock.
pub struct LockOut {
    pub account: Summary,
    pub step: Step,
    stands: Stands,
}

/// How far the person has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Whether they want it.
    Offered,
    /// They do: the question of the job is about to come.
    Begun,
    /// Whether they mean it. Asked by this job.
    Asked(u64),
}

impl LockOut {
    fn offered(account: Summary) -> Self {
        Self { account, step: Step::Offered, stands: Stands::default() }
    }

    pub(super) fn tick(&mut self, now: Now) {
        self.stands.tick(now);
    }

    /// Whether a key is an answer by now.
    pub fn takes_keys(&self, now: Now) -> bool {
        self.step != Step::Begun && self.stands.takes_keys(now)
    }

    /// Whether the job has not asked yet.
    pub const fn has_not_asked(&self) -> bool {
        matches!(self.step, Step::Offered | Step::Begun)
    }

    /// The no of a person who goes away, if a job waits for an answer.
    pub const fn no(&self) -> Option<Order> {
        match self.step {
            Step::Asked(job) => Some(Order::Confirm { job, is_sure: false }),
            Step::Offered | Step::Begun => None,
        }
    }

    const fn go_to(&mut self, step: Step) {
        self.step = step;
        self.stands.anew();
    }
}

impl State {
    /// Offers it after each "it's not me", but one question at a time for an account.
    pub(super) fn offer_lock_out(&mut self, account: Summary) {
        let is_standing =
            matches!(&self.focus, Focus::LockOut(standing) if standing.account.id == account.id);
        if !is_standing && self.offers.iter().all(|offered| offered.id != account.id) {
            self.offers.push_back(account);
        }
    }

    /// The next offer as a question.
    pub(super) fn next_offer(&mut self) -> Option<Focus> {
        self.offers.pop_front().map(|account| Focus::LockOut(LockOut::offered(account)))
    }

    /// The job asks whether the person means it. Where nobody waits for that, they don't.
    pub(super) fn lock_out_asked(&mut self, account: &str, job: u64) -> Vec<Order> {
        match &mut self.focus {
            Focus::LockOut(lock_out) if lock_out.step == Step::Begun && lock_out.account.id == account => {
                lock_out.go_to(Step::Asked(job));
                Vec::new()
            }
            _ => vec![Order::Confirm { job, is_sure: false }],
        }
    }

    pub(super) fn lock_out_key(&mut self, key: Key) -> Vec<Order> {
        let now = self.now;
        let Focus::LockOut(lock_out) = &mut self.focus else { return Vec::new() };
        if !lock_out.takes_keys(now) {
            lock_out.stands.anew();
            return Vec::new();
        }
        let is_sure = match key {
            Key::Char('y' | 'Y') => true,
            Key::Char('n' | 'N') | Key::Escape => false,
            _ => return Vec::new(),
        };
        let order = match lock_out.step {
            Step::Offered if is_sure => {
                lock_out.go_to(Step::Begun);
                return vec![Order::LockOut(lock_out.account.clone())];
            }
            Step::Offered | Step::Begun => None,
            Step::Asked(job) => Some(Order::Confirm { job, is_sure }),
        };
        let told = if is_sure {
            words::waiting_for_server(self.language)
        } else {
            words::not_locked_out(self.language, &title_of(&lock_out.account.issuer, &lock_out.account.name))
        };
        self.focus = Focus::List;
        self.tell((told, String::new()));
        order.into_iter().collect()
    }

    /// Who leaves at the question has said no.
    pub(super) fn quit(&self) -> Vec<Order> {
        let no = match &self.focus {
            Focus::LockOut(lock_out) => lock_out.no(),
            _ => None,
        };
        no.into_iter().chain([Order::Quit]).collect()
    }

    pub(super) fn lock_out_ended(&mut self, account: &str, is_locked: bool, told: String) {
        if let Focus::LockOut(LockOut { account: asked, step, .. }) = &self.focus
            && asked.id == account
            && (*step == Step::Begun || (*step == Step::Offered && is_locked))
        {
            self.focus = Focus::List;
        }
        if is_locked {
            // The server has ended what waited.
            self.offers.retain(|offered| offered.id != account);
            let ended = self.requests.iter().filter(|asked| asked.account.id == account && !asked.is_sending);
            let ended: Vec<_> = ended.map(|asked| asked.request.id.clone()).collect();
            ended.iter().for_each(|id| self.drop_request(account, id));
        }
        self.tell((told, String::new()));
    }
}
