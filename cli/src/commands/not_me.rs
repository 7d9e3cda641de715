//! What there is to do after a sign-in was declined: when it was somebody else, that person has the password.

use countersign::approval::{Answer, Decision, DeclineReason, Outcome, Question};
use countersign::authenticator::Job;
use countersign::reason::Reason;

use crate::ask;
use crate::failure::Failure;
use crate::host::{self, Asker};
use crate::http::Sender;
use crate::output::Console;
use crate::session::Session;
use crate::text::title_of;
use crate::words::{self, Language};

/// The advice to change the password, where this decision says that it was somebody else.
pub fn advice_of(decision: &Decision, language: Language) -> Option<String> {
    (decision.decline_reason() == Some(DeclineReason::NotMe)).then(|| words::change_password(language))
}

/// What there is to do after this answer.
pub struct Afterwards {
    account: String,
    title: String,
    /// Why the person declined, if they did.
    pub decline: Option<DeclineReason>,
    change_password: Option<String>,
    can_lock_out: bool,
}

impl Afterwards {
    /// After this decision about a request of `account`.
    pub fn of(session: &mut Session, account: &str, decision: &Decision) -> Result<Self, Failure> {
        let decline = decision.decline_reason();
        let change_password = advice_of(decision, session.console.language);
        let can_lock_out = host::can_lock_out(session, account)?;
        let summary = session.core.summary(account, session.now())?;
        let title = title_of(&summary.issuer, &summary.name);
        Ok(Self { account: account.to_owned(), title, decline, change_password, can_lock_out })
    }

    /// What a person is told and a script finds in `next`, if it was somebody else and whatever became of the answer:
    /// to change the password; and by which command the server locks the account, where it can and the person is not
    /// about to be asked ([`Self::offer`] follows an answer that was taken).
    pub fn advice(&self, console: Console) -> Option<String> {
        if self.can_offer(console) { self.change_password.clone() } else { self.whole_advice(console) }
    }

    /// The same after an answer that was not taken, for this reason: the person is asked nothing. What makes a new set-up
    /// necessary is in a lock-out's way too.
    pub fn advice_after(&self, failure: &Failure, console: Console) -> Option<String> {
        if failure.needs_new_set_up() { self.change_password.clone() } else { self.whole_advice(console) }
    }

    fn whole_advice(&self, console: Console) -> Option<String> {
        let change = self.change_password.clone()?;
        Some(match self.can_lock_out {
            true => format!("{change} {}", words::or_lock_out(console.language, &self.account)),
            false => change,
        })
    }

    /// Offers the lock-out to the person at the terminal, and has it done after a second yes.
    ///
    /// What was asked for is done by then: what becomes of the lock-out is told and changes nothing about that.
    pub fn offer(&self, session: &mut Session, sender: &Sender) {
        let console = session.console;
        let language = console.language;
        if self.change_password.is_none() || !self.can_offer(console) {
            return;
        }
        host::is_done_but(words::not_locked_out(language, &self.title));
        // Who goes away at a question has said no.
        if !ask::yes(console, &words::lock_out_offer(language)).unwrap_or(false) {
            return;
        }
        let unknown = Outcome::Unknown(Reason::LockOutUnknown);
        let mut confirmed = || host::is_done_but(host::end_of_lock_out(Ok(&unknown), &self.title, language));
        let end = lock_out(session, sender, &self.account, false, &mut confirmed);
        console.note(&host::end_of_lock_out(end.as_ref(), &self.title, language));
    }

    fn can_offer(&self, console: Console) -> bool {
        self.can_lock_out && !console.json && console.can_ask()
    }
}

/// Has the server lock an account, after a question unless the person `is_sure`; calls `confirmed` before it is sent.
pub fn lock_out(
    session: &mut Session,
    sender: &Sender,
    account: &str,
    is_sure: bool,
    confirmed: &mut dyn FnMut(),
) -> Result<Outcome, Failure> {
    let summary = session.core.summary(account, session.now())?;
    let title = title_of(&summary.issuer, &summary.name);
    let mut asker = Locking { console: session.console, title, is_sure, confirmed };
    host::run(session, sender, &Job::LockOut { account }, &mut asker)
}

/// The person who is about to lock their own account.
struct Locking<'a> {
    console: Console,
    title: String,
    is_sure: bool,
    confirmed: &'a mut dyn FnMut(),
}

impl Asker for Locking<'_> {
    fn answer(&mut self, question: &Question) -> Result<Answer, Failure> {
        if !matches!(question, Question::LockOut) {
            return Ok(Answer::None);
        }
        let asked = words::lock_out_question(self.console.language, &self.title);
        let is_sure = self.is_sure || ask::yes(self.console, &asked).unwrap_or(false);
        if is_sure {
            (self.confirmed)();
        }
        Ok(Answer::Confirmed(is_sure))
    }
}
