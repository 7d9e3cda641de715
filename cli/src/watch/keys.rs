//! Keys: what each does, by what the keys go to.

use countersign::approval::{Client, Decision, DeclineReason, Given};
use countersign::secret::Secret;

use super::event::{Key, Order};
use super::state::{Focus, State};

impl State {
    pub(super) fn key(&mut self, key: Key) -> Vec<Order> {
        if key == Key::Quit {
            return self.quit();
        }
        match self.focus {
            Focus::List => self.list_key(key),
            Focus::Search => self.search_key(key),
            Focus::Request => self.request_key(key),
            Focus::SetUp(_) => self.set_up_key(key),
            Focus::Trust(_) => self.trust_key(key),
            Focus::Client(_) => self.client_key(key),
            Focus::LockOut(_) => self.lock_out_key(key),
            Focus::Locked(_) => self.locked_key(key),
            Focus::Unlocking => Vec::new(),
        }
    }

    pub(super) fn paste(&mut self, text: &Secret) -> Vec<Order> {
        // EXPOSE: the person pasted it into this field.
        let text = text.expose_str().unwrap_or_default();
        let field = match &mut self.focus {
            Focus::SetUp(field) | Focus::Locked(field) => field,
            Focus::Client(credentials) => credentials.field(),
            Focus::Search => &mut self.search,
            Focus::Request => &mut self.answer,
            Focus::List | Focus::Trust(_) | Focus::LockOut(_) | Focus::Unlocking => return Vec::new(),
        };
        if !field.paste(text) {
            let what = crate::words::pasted_too_long(self.language, &field.max());
            self.tell((what, String::new()));
        }
        if matches!(self.focus, Focus::Search) { self.search_anew() } else { Vec::new() }
    }

    fn list_key(&mut self, key: Key) -> Vec<Order> {
        let page = super::parts::list_rows(self).max(1);
        match key {
            Key::Up | Key::Char('k') => self.selected = self.selected.saturating_sub(1),
            Key::Down | Key::Char('j') => self.selected += 1,
            Key::PageUp => self.selected = self.selected.saturating_sub(page),
            Key::PageDown => self.selected += page,
            Key::Tab | Key::Char('r') if !self.requests.is_empty() => self.go_to_request(),
            Key::Char('/') => self.focus = Focus::Search,
            Key::Char('s') => self.focus = Self::set_up(),
            Key::Char('e') => return vec![Order::Expect],
            Key::Char('l') if self.can_lock => return vec![Order::Lock],
            Key::Char('q') => return vec![Order::Quit],
            Key::Char('f') => return self.favourite(),
            Key::Enter => return self.next_code(),
            Key::Escape => return self.clear(),
            _ => {}
        }
        Vec::new()
    }

    /// A code by use comes when it is asked for; codes by time are there anyway.
    fn next_code(&self) -> Vec<Order> {
        let row = self.accounts.get(self.selected);
        let by_use = row.filter(|row| row.summary.codes && row.codes.is_none());
        by_use.map(|row| Order::NextCode(row.summary.id.clone())).into_iter().collect()
    }

    fn favourite(&self) -> Vec<Order> {
        let row = self.accounts.get(self.selected);
        let order = row.map(|row| Order::Favourite(row.summary.id.clone(), !row.summary.favourite));
        order.into_iter().chain([Order::List(self.search.text().to_owned())]).collect()
    }

    /// A notice goes first, then the search.
    fn clear(&mut self) -> Vec<Order> {
        if self.dismiss() || self.search.text().is_empty() {
            return Vec::new();
        }
        self.search.clear();
        vec![Order::List(String::new())]
    }

    fn search_key(&mut self, key: Key) -> Vec<Order> {
        match key {
            Key::Char(character) => self.search.push(character),
            Key::Backspace => self.search.pop(),
            Key::Escape => {
                self.search.clear();
                self.focus = Focus::List;
            }
            Key::Enter | Key::Up | Key::Down | Key::Tab => {
                self.focus = Focus::List;
                return Vec::new();
            }
            _ => return Vec::new(),
        }
        self.search_anew()
    }

    fn search_anew(&mut self) -> Vec<Order> {
        self.selected = 0;
        vec![Order::List(self.search.text().to_owned())]
    }

    fn request_key(&mut self, key: Key) -> Vec<Order> {
        let (letters, takes_yes) = (self.takes_letters(), self.takes_plain_yes());
        if !takes_yes {
            self.stands.anew();
        }
        match key {
            // One press approves here, and other questions are answered by the same key: none that was meant for what
            // was there a moment ago is taken for it.
            Key::Char('y' | 'Y') if takes_yes => return self.yes(),
            Key::Enter if !self.is_plain() => return self.yes(),
            Key::NotMe => return self.no(),
            Key::Char('n' | 'N') if !letters => return self.no(),
            Key::Char('q') if !letters => return vec![Order::Quit],
            Key::Char('e') if !letters => return vec![Order::Expect],
            Key::Char(character) if letters => self.answer.push(character),
            // Full-width digits are digits: the core reads them as such.
            Key::Char(character) if character.is_numeric() => self.answer.push(character),
            Key::Backspace => self.answer.pop(),
            Key::Tab => self.show_request(self.asked + 1),
            Key::Escape => self.leave_request(),
            _ => {}
        }
        Vec::new()
    }

    fn go_to_request(&mut self) {
        self.focus = Focus::Request;
        self.stands.anew();
    }

    /// A notice goes first.
    fn leave_request(&mut self) {
        if !self.dismiss() {
            self.focus = Focus::List;
        }
    }

    fn yes(&mut self) -> Vec<Order> {
        let needs_answer = !self.is_plain();
        if needs_answer && self.answer.text().trim().is_empty() {
            return Vec::new();
        }
        let given = needs_answer.then(|| Given::Any(self.answer.take_trimmed()));
        self.send(Decision::Approve { given })
    }

    fn no(&mut self) -> Vec<Order> {
        let takes_no = self.takes_no();
        self.rest_from_no();
        if !takes_no {
            return Vec::new();
        }
        self.answer.clear();
        let orders = self.send(Decision::Decline { reason: Some(DeclineReason::NotMe) });
        // Whatever becomes of the decline.
        self.must_change_password |= !orders.is_empty();
        orders
    }

    fn send(&mut self, decision: Decision) -> Vec<Order> {
        let Some(asked) = self.requests.get_mut(self.asked).filter(|asked| !asked.is_sending) else {
            return Vec::new();
        };
        asked.is_sending = true;
        self.notice = None;
        vec![Order::Answer { account: asked.account.id.clone(), request: asked.request.id.clone(), decision }]
    }

    fn set_up_key(&mut self, key: Key) -> Vec<Order> {
        let Focus::SetUp(field) = &mut self.focus else { return Vec::new() };
        match key {
            Key::Char(character) => field.push(character),
            Key::Backspace => field.pop(),
            Key::Escape => self.focus = Focus::List,
            Key::Enter => {
                let text = field.take_trimmed();
                self.focus = Focus::List;
                self.notice = None;
                return if text.is_empty() { Vec::new() } else { vec![Order::Scan(text)] };
            }
            _ => {}
        }
        Vec::new()
    }

    fn trust_key(&mut self, key: Key) -> Vec<Order> {
        match key {
            Key::Char('y' | 'Y') => {
                self.focus = Focus::List;
                self.tell_good(crate::words::setting_up(self.language));
                vec![Order::Enrol]
            }
            Key::Char('n' | 'N') | Key::Escape => {
                self.focus = Focus::List;
                self.tell_reason(countersign::reason::Reason::TrustRefused);
                vec![Order::Forget]
            }
            _ => Vec::new(),
        }
    }

    fn client_key(&mut self, key: Key) -> Vec<Order> {
        let Focus::Client(credentials) = &mut self.focus else { return Vec::new() };
        match key {
            Key::Char(character) => credentials.field().push(character),
            Key::Backspace => credentials.field().pop(),
            Key::Tab | Key::Up | Key::Down => credentials.is_at_secret = !credentials.is_at_secret,
            Key::Enter if credentials.field().text().is_empty() => {}
            Key::Enter if credentials.id.text().trim().is_empty() || !credentials.is_at_secret => {
                credentials.is_at_secret = !credentials.is_at_secret;
            }
            Key::Enter => {
                let (job, id) = (credentials.job, credentials.id.text().trim().to_owned());
                let given = Some(Client { id, secret: credentials.secret.take_trimmed() });
                self.focus = Focus::List;
                self.tell_good(crate::words::setting_up(self.language));
                return vec![Order::Client { job, given }];
            }
            Key::Escape => {
                let job = credentials.job;
                self.focus = Focus::List;
                return vec![Order::Client { job, given: None }];
            }
            _ => {}
        }
        Vec::new()
    }

    fn locked_key(&mut self, key: Key) -> Vec<Order> {
        let Focus::Locked(field) = &mut self.focus else { return Vec::new() };
        match key {
            Key::Char(character) => field.push(character),
            Key::Backspace => field.pop(),
            Key::Escape => field.clear(),
            Key::Enter if !field.text().is_empty() => {
                let password = field.take();
                self.focus = Focus::Unlocking;
                self.notice = None;
                return vec![Order::Unlock(password)];
            }
            _ => {}
        }
        Vec::new()
    }
}
