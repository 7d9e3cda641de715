//! Carries out what the screen wants. Requests over the network and the making of keys run in threads of their own,
//! without the vault. A password and a picture take up to two seconds of the screen's own: it says so before, and drops
//! the keys that were typed meanwhile.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;

use countersign::approval::{Answer, AnswerRequest, Decision, DeclineReason};
use countersign::authenticator::{Job, RunId, Scanned};
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::vault::Shelf;

use super::event::{News, Order, Words};
use super::jobs::What;
use crate::commands::{GivenClient, enrolment, scan};
use crate::failure::Failure;
use crate::host::{Flow, Together, leftovers, take_up};
use crate::http::Sender;
use crate::session::{Place, Session};
use crate::text::title_of;

/// An open vault and what is under way for it.
pub struct Engine<'p> {
    place: &'p Place,
    pub(super) session: Session,
    grace_ms: Option<u64>,
    pub(super) is_locked: bool,
    pub(super) jobs: Together<What>,
    /// What was under way when the vault was locked: gone on with when it is unlocked.
    interrupted: Vec<(What, RunId)>,
    /// Accounts that are due, and how many there are that approve, until all that were due have been looked at.
    pub(super) queue: VecDeque<String>,
    pub(super) looked_at: Option<usize>,
    /// When it is asked again what is due, by the steady clock.
    pub(super) ask_ms: u64,
    /// Accounts whose floods were told.
    pub(super) flooded: BTreeSet<String>,
    scanned: Option<Scanned>,
    pub(super) news: Vec<News>,
}

impl<'p> Engine<'p> {
    pub fn new(place: &'p Place, session: Session, grace_ms: Option<u64>) -> Self {
        let mut engine = Self {
            place,
            session,
            grace_ms,
            is_locked: false,
            jobs: Together::new(Sender::new()),
            interrupted: Vec::new(),
            queue: VecDeque::new(),
            looked_at: None,
            ask_ms: 0,
            flooded: BTreeSet::new(),
            scanned: None,
            news: Vec::new(),
        };
        engine.opened();
        engine
    }

    /// Begins with a vault that was just opened: what there is to say about it, and what was left unfinished.
    fn opened(&mut self) {
        self.session.core.set_grace(self.grace_ms);
        self.ask_ms = 0;
        for (what, run) in std::mem::take(&mut self.interrupted) {
            let title = what.title(&mut self.session);
            match take_up(&mut self.session, &run, title) {
                Ok(flow) => self.begin_leftovers(flow),
                Err(failure) => self.failed(&What::Leftover(None), &failure),
            }
        }
        self.warn();
    }

    /// Shows what there is to say about the vault.
    fn warn(&mut self) {
        let warnings = std::mem::take(&mut self.session.warnings);
        if !warnings.is_empty() {
            self.news.push(News::Failed((warnings.join("\n"), String::new())));
        }
    }

    /// Takes up what processes that are gone have left.
    pub(super) fn look_for_leftovers(&mut self) {
        let jobs = &self.jobs;
        match leftovers(&mut self.session, |run| jobs.has(run)) {
            Ok(flows) => self.begin_leftovers(flows),
            Err(failure) => self.failed(&What::Leftover(None), &failure),
        }
    }

    fn begin_leftovers(&mut self, flows: impl IntoIterator<Item = Flow>) {
        for flow in flows {
            self.jobs.begin(&mut self.session, What::Leftover(flow.title().cloned()), flow);
        }
    }

    /// Somebody is there: the time until it locks starts anew.
    pub fn touch(&mut self) {
        if !self.is_locked {
            // A vault that has just locked says so at the next look at it.
            let _ = self.session.core.touch(self.session.now());
        }
    }

    /// What has happened since the last time.
    pub fn news(&mut self, visible: &[String]) -> Vec<News> {
        if !self.is_locked && self.session.core.is_locked(self.session.now()) {
            self.lock();
        }
        self.look_on();
        self.go_on();
        self.warn();
        if !self.is_locked {
            self.news.push(News::Expecting(self.session.core.expecting_ms(self.session.now())));
            match self.session.core.codes(visible, self.session.now()) {
                Ok(shown) => {
                    let codes = visible.iter().cloned().zip(shown.iter().copied());
                    self.news.push(News::Codes(codes.collect()));
                }
                // An account that another process removed.
                Err(_) => self.news.push(News::ListIsOld),
            }
        }
        std::mem::take(&mut self.news)
    }

    /// Does what the screen wants.
    pub fn carry_out(&mut self, order: Order) {
        if let Err(failure) = self.try_order(order) {
            let words = self.words(&failure);
            self.news.push(News::Failed(words));
        }
    }

    fn try_order(&mut self, order: Order) -> Result<(), Failure> {
        let now = self.session.now();
        match order {
            Order::List(search) => self.list(&search),
            Order::Expect => {
                self.session.core.expect_sign_in(now)?;
                self.ask_ms = 0;
            }
            Order::NextCode(account) => {
                let code = self.session.core.use_counter(&account, now)?;
                self.session.remember()?;
                self.news.push(News::Counted(account, code));
            }
            Order::Favourite(account, favourite) => {
                self.session.core.set_favourite(&account, favourite, now)?;
                self.session.remember()?;
            }
            Order::Answer { account, request, decision } => self.answer(&account, request, decision),
            Order::Scan(text) => self.scan(&text)?,
            Order::Enrol => self.enrol()?,
            Order::Client { job, given } => {
                let answer = given.map_or(Answer::None, Answer::Client);
                self.jobs.answer(&mut self.session, job, answer);
            }
            Order::Forget => self.scanned = None,
            Order::LockOut(account) => {
                let id = account.id.clone();
                self.begin(What::LockOut(account), &Job::LockOut { account: &id });
            }
            Order::Confirm { job, is_sure } => {
                self.jobs.answer(&mut self.session, job, Answer::Confirmed(is_sure));
            }
            Order::Lock => self.lock(),
            Order::Unlock(password) => self.unlock(&password),
            Order::Quit => {}
        }
        Ok(())
    }

    fn list(&mut self, search: &str) {
        let now = self.session.now();
        let found = if search.is_empty() {
            self.session.core.accounts(Shelf::InUse, now)
        } else {
            self.session.core.search(search, Shelf::InUse, now)
        };
        match found {
            Ok(accounts) => self.news.push(News::Accounts(accounts.into_iter().cloned().collect())),
            Err(error) => {
                let words = self.words(&error.into());
                self.news.push(News::Failed(words));
            }
        }
    }

    fn answer(&mut self, account: &str, request: String, decision: Decision) {
        let is_not_me = matches!(decision, Decision::Decline { reason: Some(DeclineReason::NotMe) });
        let what = What::Answer { account: account.to_owned(), request: request.clone(), is_not_me };
        let request = AnswerRequest { request, decision };
        self.begin(what, &Job::Answer { account, request });
    }

    /// A set-up text, or else the name of a picture with one.
    fn scan(&mut self, text: &Secret) -> Result<(), Failure> {
        // EXPOSE: recognising reads the text; the object keeps it.
        let typed = text.expose_str().unwrap_or_default();
        let file = Path::new(typed);
        let scanned = if file.is_file() { scan(file)? } else { Scanned::read(text.expose()) };
        if let Some(reason) = scanned.refusal() {
            return Err(reason.into());
        }
        match scanned.origin().filter(|_| scanned.system().is_some()) {
            Some(origin) => {
                self.news.push(News::TrustNeeded(origin.to_string()));
                self.scanned = Some(scanned);
            }
            None => {
                let added = self.session.core.add(&scanned, self.session.now())?;
                self.session.remember()?;
                self.added(&added.id, added.added)?;
            }
        }
        Ok(())
    }

    fn enrol(&mut self) -> Result<(), Failure> {
        let scanned = self.scanned.take().ok_or(Reason::NotAddedThisWay)?;
        self.begin(What::SetUp, &enrolment(&scanned, GivenClient::default()));
        Ok(())
    }

    pub(super) fn added(&mut self, id: &str, is_new: bool) -> Result<(), Failure> {
        let summary = self.session.core.summary(id, self.session.now())?;
        let title = title_of(&summary.issuer, &summary.name);
        self.ask_ms = 0;
        self.news.push(News::Added { title, is_new });
        Ok(())
    }

    fn lock(&mut self) {
        self.session.core.lock();
        self.is_locked = true;
        self.interrupted = self.jobs.let_go();
        self.queue.clear();
        (self.looked_at, self.scanned) = (None, None);
        self.news.push(News::Locked);
    }

    fn unlock(&mut self, password: &Secret) {
        match self.place.open_with(password) {
            Ok(session) => {
                self.session = session;
                self.is_locked = false;
                self.news.push(News::Unlocked);
                self.opened();
            }
            Err(failure) => {
                let words = self.words(&failure);
                self.news.extend([News::Locked, News::Failed(words)]);
            }
        }
    }

    pub(super) fn words(&self, failure: &Failure) -> Words {
        failure.words(self.session.console.language)
    }
}
