//! Events: what each changes on the screen, and what is to be done about it.

use countersign::approval::{AnswerResult, Answered, Request};
use countersign::clock::Now;
use countersign::reason::Reason;
use countersign::vault::Summary;

use super::event::{Event, News, Order};
use super::state::{Asked, Credentials, Focus, Row, State};
use crate::host;
use crate::words;

/// The most requests that are kept of one account, whatever its server sends: as many as one look tells.
const MAX_REQUESTS: usize = 100;

impl State {
    /// Takes an event. What is to be done about it, in order.
    pub fn on(&mut self, event: Event) -> Vec<Order> {
        let orders = match event {
            Event::Tick(now) => self.tick(now),
            Event::Key(key) => self.key(key),
            Event::Pasted(text) => self.paste(&text),
            Event::Resized(columns, rows) => {
                self.size = (columns, rows);
                Vec::new()
            }
            Event::News(news) => self.news(news),
        };
        self.ask();
        self.scroll();
        orders
    }

    fn tick(&mut self, now: Now) -> Vec<Order> {
        self.now = now;
        self.let_go();
        self.stands.tick(now);
        if let Focus::LockOut(lock_out) = &mut self.focus {
            lock_out.tick(now);
        }
        let over: Vec<_> = self
            .requests
            .iter()
            .filter(|asked| !asked.is_sending && asked.request.expires_at <= now.wall)
            .map(|asked| (asked.account.id.clone(), asked.request.id.clone()))
            .collect();
        for (account, id) in &over {
            self.drop_request(account, id);
            self.tell_reason(Reason::RequestExpired);
        }
        let is_locked = matches!(self.focus, Focus::Locked(_) | Focus::Unlocking);
        let expects = self.eager && !is_locked && self.looks.expecting_ms.is_none();
        expects.then_some(Order::Expect).into_iter().collect()
    }

    fn news(&mut self, news: News) -> Vec<Order> {
        match news {
            News::Accounts(accounts) => {
                self.accounts = self.rows(accounts);
                if self.search.text().is_empty() {
                    let rows = &self.accounts;
                    let is_there = |id: &str| rows.iter().any(|row| row.summary.id == id);
                    self.looks.failed.retain(|(failed, _)| is_there(&failed.id));
                }
            }
            News::Codes(codes) => {
                for (id, codes) in codes {
                    if let Some(row) = self.row(&id) {
                        row.codes = codes;
                    }
                }
            }
            News::Counted(id, code) => {
                let since = self.now.steady_ms;
                if let Some(row) = self.row(&id) {
                    row.counted = Some((code, since));
                }
            }
            News::Found(account, requests) => {
                self.looks.failed.retain(|(failed, _)| failed.id != account.id);
                self.drop_others(&account, &requests);
                self.found(&account, requests);
            }
            News::FoundSome(account, requests) => self.found(&account, requests),
            News::LookFailed(account, words) => {
                self.looks.failed.retain(|(failed, _)| failed.id != account.id);
                self.looks.failed.push((account, words));
            }
            News::LooksEnded(accounts) => {
                self.looks.last = Some((self.now.steady_ms, accounts));
                // Another process may have added or removed some.
                return vec![self.list_again()];
            }
            News::Expecting(left_ms) => self.looks.expecting_ms = left_ms,
            News::Flood(words) => self.tell((words, String::new())),
            News::ListIsOld => return vec![self.list_again()],
            News::Answered { account, answered, is_not_me } => self.answered(&account, &answered, is_not_me),
            News::NotAnswered { account, request, words, is_over } => {
                if is_over {
                    self.drop_request(&account, &request);
                } else if let Some(asked) = self.asked_by(&account, &request) {
                    asked.is_sending = false;
                }
                self.tell(words);
            }
            News::TrustNeeded(origin) => {
                // What began to be asked while the code was read is asked later.
                match std::mem::replace(&mut self.focus, Focus::Trust(origin)) {
                    Focus::LockOut(lock_out) => {
                        let no = lock_out.no();
                        self.offers.push_front(lock_out.account);
                        return no.into_iter().collect();
                    }
                    Focus::Client(credentials) => self.wanted.push_front(credentials),
                    _ => {}
                }
            }
            News::LockOutOffered(account) => self.offer_lock_out(account),
            News::LockOutAsked { account, job } => return self.lock_out_asked(&account, job),
            News::LockOutEnded { account, is_locked, told } => {
                self.lock_out_ended(&account, is_locked, told);
            }
            News::ClientNeeded { job, origin, id, is_refused } => {
                self.wanted.push_back(Credentials::new(job, origin, id.as_deref(), is_refused));
            }
            News::Added { title, is_new } => {
                let language = self.language;
                self.tell_good(if is_new {
                    words::added(language, &title)
                } else {
                    words::already_there(language, &title)
                });
                return vec![self.list_again()];
            }
            News::Failed(words) => self.tell(words),
            News::Locked => self.lock(),
            News::Unlocked => {
                self.focus = Focus::List;
                self.notice = None;
                return vec![Order::List(String::new())];
            }
        }
        Vec::new()
    }

    fn list_again(&self) -> Order {
        Order::List(self.search.text().to_owned())
    }

    /// Nothing of the vault stays on the screen.
    fn lock(&mut self) {
        let wrong = matches!(self.focus, Focus::Unlocking);
        self.focus = Self::locked();
        self.accounts.clear();
        self.requests.clear();
        self.search.clear();
        self.answer.clear();
        self.wanted.clear();
        self.offers.clear();
        self.looks = super::state::Looks::default();
        if !wrong {
            self.notice = None;
        }
    }

    fn rows(&self, accounts: Vec<Summary>) -> Vec<Row> {
        let known = |id: &str| self.accounts.iter().find(|row| row.summary.id == id);
        let row = |summary: Summary| {
            let known = known(&summary.id);
            let codes = known.and_then(|row| row.codes);
            let counted = known.and_then(|row| row.counted);
            Row { summary, codes, counted }
        };
        accounts.into_iter().map(row).collect()
    }

    fn row(&mut self, id: &str) -> Option<&mut Row> {
        self.accounts.iter_mut().find(|row| row.summary.id == id)
    }

    fn asked_by(&mut self, account: &str, id: &str) -> Option<&mut Asked> {
        self.requests.iter_mut().find(|asked| asked.is(account, id))
    }

    /// What is not among the requests of an account any more waits no longer, which is told.
    fn drop_others(&mut self, account: &Summary, requests: &[Request]) {
        let gone: Vec<_> = self
            .requests
            .iter()
            .filter(|asked| asked.account.id == account.id && !asked.is_sending)
            .filter(|asked| requests.iter().all(|request| request.id != asked.request.id))
            .map(|asked| asked.request.id.clone())
            .collect();
        for id in &gone {
            self.drop_request(&account.id, id);
            self.tell_reason(Reason::AnsweredElsewhere);
        }
    }

    /// The requests of one account as they are now: new ones are shown.
    fn found(&mut self, account: &Summary, requests: Vec<Request>) {
        let was_plain = self.is_plain();
        for request in requests {
            if let Some(asked) = self.asked_by(&account.id, &request.id) {
                // Its end may have moved: some servers don't say it, and it is as far off as they list the request.
                asked.request = request;
            } else {
                self.arrived(Asked {
                    account: account.clone(),
                    request,
                    tries_left: None,
                    is_sending: false,
                });
            }
        }
        self.drop_oldest(account);
        if self.is_plain() != was_plain {
            self.stands.anew();
        }
    }

    /// Where a server has more than can be told, the newest stay, and the one that is shown.
    fn drop_oldest(&mut self, account: &Summary) {
        let of_account = self.requests.iter().enumerate().filter(|(_, asked)| asked.account.id == account.id);
        let extra: Vec<_> = of_account
            .skip(MAX_REQUESTS)
            .filter(|(place, asked)| *place != self.asked && !asked.is_sending)
            .map(|(_, asked)| asked.request.id.clone())
            .collect();
        extra.iter().for_each(|id| self.drop_request(&account.id, id));
    }

    /// The newest is the first. The one that is shown stays, with what was typed for it.
    fn arrived(&mut self, asked: Asked) {
        let place = self.requests.partition_point(|there| there.request.newest_first(&asked.request).is_le());
        self.requests.insert(place, asked);
        if self.requests.len() == 1 {
            self.show_request(0);
            self.notice = None;
            if matches!(self.focus, Focus::List) {
                self.focus = Focus::Request;
            }
        } else if place <= self.asked {
            self.asked += 1;
        }
    }

    fn answered(&mut self, account: &str, answered: &Answered, is_not_me: bool) {
        let language = self.language;
        let left = answered.tries_left.filter(|left| *left > 0);
        if let (AnswerResult::WrongAnswer, Some(left)) = (answered.result, left) {
            if let Some(asked) = self.asked_by(account, &answered.request) {
                asked.is_sending = false;
                asked.tries_left = Some(left);
            }
            self.answer.clear();
            return self.tell_reason(answered.reason.unwrap_or(Reason::NumberNotOffered));
        }
        self.drop_request(account, &answered.request);
        match (host::reason_of_answer(answered), answered.result, &answered.display_code) {
            (Some(reason), ..) => self.tell_reason(reason),
            (None, AnswerResult::Declined, _) if is_not_me => {
                self.tell_good(words::declined_not_me(language))
            }
            (None, AnswerResult::Declined, _) => self.tell((words::declined(language), String::new())),
            (None, _, Some(code)) => self.tell((words::approved_with_code(language, code), String::new())),
            (None, _, None) => self.tell_good(words::approved(language)),
        }
    }
}
