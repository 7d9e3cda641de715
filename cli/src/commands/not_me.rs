//! What there is to do after a sign-in was declined: when it was somebody else, that person has the password.

use countersign::approval::{Answer, Decision, DeclineReason, Outcome, Question, abilities};
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

/// What there is to do after this answer.
pub struct Afterwards {
    account: String,
    /// Why the person declined, if they did.
    pub decline: Option<DeclineReason>,
    can_lock_out: bool,
}

impl Afterwards {
    /// After this decision about a request of `account`.
    pub fn of(session: &mut Session, account: &str, decision: &Decision) -> Result<Self, Failure> {
        let decline = match decision {
            Decision::Decline { reason } => *reason,
            Decision::Approve { .. } => None,
        };
        let can_lock_out = can_lock_out(session, account)?;
        Ok(Self { account: account.to_owned(), decline, can_lock_out })
    }

    /// What a person is told and a script finds in `next`, if it was somebody else: to change the password; and by which
    /// command the server locks the account, where it can and the person is not about to be asked ([`Self::offer`]
    /// follows an answer that `was_taken`).
    pub fn advice(&self, console: Console, was_taken: bool) -> Option<String> {
        let language = console.language;
        (self.decline == Some(DeclineReason::NotMe)).then(|| {
            let change = words::change_password(language);
            match self.can_lock_out && !(was_taken && self.can_offer(console)) {
                true => format!("{change} {}", words::or_lock_out(language, &self.account)),
                false => change,
            }
        })
    }

    /// Offers the lock-out to the person at the terminal, and has it done after a second yes.
    ///
    /// What was asked for is done by then: what becomes of the lock-out is told and changes nothing about that.
    pub fn offer(&self, session: &mut Session, sender: &Sender) {
        let console = session.console;
        let language = console.language;
        if self.decline != Some(DeclineReason::NotMe) || !self.can_offer(console) {
            return;
        }
        host::is_done_but(words::not_locked_out(language));
        // Who goes away at a question has said no.
        if !ask::yes(console, &words::lock_out_offer(language)).unwrap_or(false) {
            return;
        }
        let mut confirmed = || host::is_done_but(in_one_line(&Reason::LockOutUnknown.into(), language));
        let end = lock_out(session, sender, &self.account, false, &mut confirmed);
        console.note(&end_of_lock_out(end.as_ref(), language));
    }

    fn can_offer(&self, console: Console) -> bool {
        self.can_lock_out && !console.json && console.can_ask()
    }
}

/// Whether the server of this account can lock it.
pub fn can_lock_out(session: &mut Session, account: &str) -> Result<bool, Failure> {
    let registration = session.core.account(account, session.now())?.registration;
    Ok(registration.is_some_and(|held| abilities(&held).lock_out))
}

/// What a person is told of the end of a lock-out.
pub fn end_of_lock_out(end: Result<&Outcome, &Failure>, language: Language) -> String {
    match end {
        Ok(Outcome::LockedOut) => words::locked_out(language),
        Ok(Outcome::Refused(Reason::LockOutNotConfirmed)) => words::not_locked_out(language),
        Ok(outcome) => in_one_line(&host::failure_of(outcome), language),
        Err(failure) => in_one_line(failure, language),
    }
}

fn in_one_line(failure: &Failure, language: Language) -> String {
    let (what, next) = failure.whole_words(language);
    format!("{what} {next}")
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
