//! What the screen shows, as one value. Nothing here draws, asks a clock or touches the vault.

use std::collections::VecDeque;

use countersign::approval::{AnswerKind, MAX_TYPED, Request};
use countersign::clock::Now;
use countersign::link::MAX_TEXT;
use countersign::otp::{Code, Codes};
use countersign::reason::Reason;
use countersign::vault::Summary;

use super::event::Words;
use super::field::Field;
use super::lock_out::LockOut;
use super::stands::{STANDS_MS, Stands};
use crate::words::Language;

/// A code by use stays so long.
const COUNTED_FOR_MS: u64 = 60_000;
/// Good news stays so long; bad news until a key is pressed.
const NOTICE_FOR_MS: u64 = 20_000;

/// Longest texts that are typed, in bytes.
const MAX_SEARCH: usize = 200;
const MAX_ANSWER: usize = 64;
const MAX_PASSWORD: usize = 1024;

/// Everything on the screen.
pub struct State {
    pub language: Language,
    pub colour: bool,
    /// The clocks at the last tick.
    pub now: Now,
    /// Columns and rows.
    pub size: (u16, u16),
    /// A line above everything.
    pub banner: Option<String>,
    /// How to begin, while there is no account.
    pub welcome: String,
    /// Whether somebody knows the password.
    pub can_lock: bool,
    /// A sign-in is expected all the time: for a site on this machine.
    pub eager: bool,
    pub accounts: Vec<Row>,
    pub selected: usize,
    /// The first account on the screen.
    pub first: usize,
    pub search: Field,
    pub requests: Vec<Asked>,
    /// Which of them is shown.
    pub asked: usize,
    /// How long it has been there.
    pub(super) stands: Stands,
    /// From when on a no counts, by the steady clock.
    pub(super) no_from_ms: u64,
    /// The answer to the shown request.
    pub answer: Field,
    pub focus: Focus,
    pub looks: Looks,
    pub notice: Option<Notice>,
    /// Somebody else has it: told until the person puts that away, whatever else there is to know. It outlives a lock,
    /// and is not shown while that lasts.
    pub must_change_password: bool,
    /// Accounts whose lock-out is to be offered.
    pub(super) offers: VecDeque<Summary>,
    /// Set-ups that wait for client credentials.
    pub(super) wanted: VecDeque<Credentials>,
}

/// What the keys go to.
pub enum Focus {
    List,
    Search,
    Request,
    /// A set-up text or the name of a picture.
    SetUp(Field),
    /// Whether this server is trusted.
    Trust(String),
    /// The client credentials that a set-up needs.
    Client(Credentials),
    /// Whether an account is to be locked at its server.
    LockOut(LockOut),
    /// Locked, until the password is typed.
    Locked(Field),
    /// The password is being tried.
    Unlocking,
}

/// Client credentials as they are typed.
pub struct Credentials {
    /// The set-up that needs them.
    pub job: u64,
    /// Whose they are.
    pub origin: String,
    pub id: Field,
    pub secret: Field,
    /// Which of the two the keys go to.
    pub is_at_secret: bool,
    /// The server did not take those that were given.
    pub is_refused: bool,
}

impl Credentials {
    pub(super) fn new(job: u64, origin: String, id: Option<&str>, is_refused: bool) -> Self {
        let mut field = Field::new(MAX_TYPED);
        let is_known = id.is_some_and(|id| field.paste(id));
        let secret = Field::new(MAX_TYPED);
        Self { job, origin, id: field, secret, is_at_secret: is_known, is_refused }
    }

    /// The field that the keys go to.
    pub const fn field(&mut self) -> &mut Field {
        if self.is_at_secret { &mut self.secret } else { &mut self.id }
    }
}

/// An account in the list.
pub struct Row {
    pub summary: Summary,
    pub codes: Option<Codes>,
    /// A code by use, and since when it is shown.
    pub counted: Option<(Code, u64)>,
}

/// A request that waits.
pub struct Asked {
    pub account: Summary,
    pub request: Request,
    pub tries_left: Option<u8>,
    /// The answer is on its way.
    pub is_sending: bool,
}

impl Asked {
    /// Whether it is the request of this account with this id: two servers may use the same.
    pub(super) fn is(&self, account: &str, id: &str) -> bool {
        self.account.id == account && self.request.id == id
    }
}

/// How looks for requests went.
#[derive(Default)]
pub struct Looks {
    /// When the last ones ended, and how many accounts there were.
    pub last: Option<(u64, usize)>,
    /// How long a sign-in is still expected, in milliseconds.
    pub expecting_ms: Option<u64>,
    /// The accounts that could not be looked at, and why.
    pub failed: Vec<(Summary, Words)>,
}

/// Something to know.
pub struct Notice {
    pub what: String,
    pub next: String,
    /// Goes away by itself at this time.
    pub until: Option<u64>,
}

impl State {
    pub fn new(language: Language, colour: bool, now: Now) -> Self {
        Self {
            language,
            colour,
            now,
            size: (80, 24),
            banner: None,
            welcome: crate::words::no_accounts(language),
            can_lock: true,
            eager: false,
            accounts: Vec::new(),
            selected: 0,
            first: 0,
            search: Field::new(MAX_SEARCH),
            requests: Vec::new(),
            asked: 0,
            stands: Stands::default(),
            no_from_ms: 0,
            answer: Field::new(MAX_ANSWER),
            focus: Focus::List,
            looks: Looks::default(),
            notice: None,
            must_change_password: false,
            offers: VecDeque::new(),
            wanted: VecDeque::new(),
        }
    }

    /// The request that is shown.
    pub fn shown(&self) -> Option<&Asked> {
        self.requests.get(self.asked)
    }

    /// The ids of the accounts on the screen.
    pub fn visible(&self) -> Vec<String> {
        let rows = self.accounts.iter().skip(self.first).take(super::parts::list_rows(self));
        rows.filter(|row| row.summary.codes).map(|row| row.summary.id.clone()).collect()
    }

    /// Whether a plain yes or no is the answer.
    pub fn is_plain(&self) -> bool {
        self.shown().is_some_and(|asked| asked.request.answer == AnswerKind::None)
    }

    /// Whether `y` is a yes to the shown request by now.
    pub fn takes_plain_yes(&self) -> bool {
        self.is_plain() && self.stands.takes_keys(self.now)
    }

    /// Whether a no is one to the shown request by now.
    pub const fn takes_no(&self) -> bool {
        self.now.steady_ms >= self.no_from_ms
    }

    /// After a no, and after a request that gave its place to another, no no counts for a while: its key may be held
    /// down, or was meant for what was there before.
    pub(super) const fn rest_from_no(&mut self) {
        self.no_from_ms = self.now.steady_ms.saturating_add(STANDS_MS);
    }

    /// Whether letters belong to the answer.
    pub fn takes_letters(&self) -> bool {
        let kind = self.shown().map(|asked| &asked.request.answer);
        matches!(kind, Some(AnswerKind::Text | AnswerKind::Choice { .. }))
    }

    pub(super) fn tell_good(&mut self, what: String) {
        let until = Some(self.now.steady_ms + NOTICE_FOR_MS);
        self.notice = Some(Notice { what, next: String::new(), until });
    }

    pub(super) fn tell(&mut self, (what, next): Words) {
        self.notice = Some(Notice { what, next, until: None });
    }

    pub(super) fn tell_reason(&mut self, reason: Reason) {
        let (what, next) = crate::words::of_reason(reason, self.language);
        self.tell((what.to_owned(), next.to_owned()));
    }

    /// Goes to the request at this place, with an empty answer.
    pub(super) fn show_request(&mut self, at: usize) {
        self.asked = if at < self.requests.len() { at } else { 0 };
        self.answer.clear();
        self.stands.anew();
    }

    /// Takes a request away, and shows the next one.
    pub(super) fn drop_request(&mut self, account: &str, id: &str) {
        let shown = self.shown().map(|asked| (asked.account.id.clone(), asked.request.id.clone()));
        self.requests.retain(|asked| !asked.is(account, id));
        let shown =
            shown.and_then(|(account, id)| self.requests.iter().position(|asked| asked.is(&account, &id)));
        match shown {
            Some(at) => self.asked = at,
            None => {
                self.show_request(0);
                self.rest_from_no();
            }
        }
        if self.requests.is_empty() && matches!(self.focus, Focus::Request) {
            self.focus = Focus::List;
        }
    }

    /// What the passing of time takes away.
    pub(super) fn let_go(&mut self) {
        let steady = self.now.steady_ms;
        for row in &mut self.accounts {
            row.counted = row.counted.filter(|(_, since)| since + COUNTED_FOR_MS > steady);
        }
        if self.notice.as_ref().and_then(|notice| notice.until).is_some_and(|until| until <= steady) {
            self.notice = None;
        }
    }

    pub(super) fn locked() -> Focus {
        Focus::Locked(Field::new(MAX_PASSWORD))
    }

    /// Puts away what there is to know. Whether there was something.
    pub(super) fn dismiss(&mut self) -> bool {
        let was_told = std::mem::replace(&mut self.must_change_password, false);
        self.notice.take().is_some() || was_told
    }

    /// Asks what is to be asked as soon as the person is back at the list.
    pub(super) fn ask(&mut self) {
        if !matches!(self.focus, Focus::List) {
            return;
        }
        if let Some(offer) = self.next_offer() {
            self.focus = offer;
        } else if let Some(credentials) = self.wanted.pop_front() {
            self.notice = None;
            if credentials.is_refused {
                self.tell_reason(Reason::ClientRefused);
            }
            self.focus = Focus::Client(credentials);
        }
    }

    pub(super) fn set_up() -> Focus {
        Focus::SetUp(Field::new(MAX_TEXT))
    }

    /// Keeps the selected account on the screen.
    pub(super) fn scroll(&mut self) {
        self.selected = self.selected.min(self.accounts.len().saturating_sub(1));
        let rows = super::parts::list_rows(self).max(1);
        let lowest = (self.selected + 1).saturating_sub(rows);
        self.first = self.first.clamp(lowest, self.selected.max(lowest));
    }
}
