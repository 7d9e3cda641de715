//! What there is to do after a sign-in was declined: when it was somebody else, that person has the password.

use countersign::approval::{Answer, Decision, DeclineReason, Outcome, Question, abilities};
use countersign::authenticator::Job;
use countersign::reason::Reason;

use crate::ask;
use crate::failure::{Failure, Own};
use crate::host::{self, Asker};
use crate::http::Sender;
use crate::output::Console;
use crate::session::Session;
use crate::text::title_of;
use crate::words;

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
        let registration = session.core.account(account, session.now())?.registration;
        let can_lock_out = registration.is_some_and(|held| abilities(&held).lock_out);
        Ok(Self { account: account.to_owned(), decline, can_lock_out })
    }

    /// What a person is told and a script finds in `next`: to change the password, and by which command the server locks
    /// the account, where it can and where that `is_offered` to nobody. Nothing unless it was somebody else.
    pub fn advice(&self, console: Console, is_offered: bool) -> Option<String> {
        let language = console.language;
        (self.decline == Some(DeclineReason::NotMe)).then(|| {
            let change = words::change_password(language);
            match self.can_lock_out && !(is_offered && self.can_offer(console)) {
                true => format!("{change} {}", words::or_lock_out(language, &self.account)),
                false => change,
            }
        })
    }

    /// Offers the lock-out to the person at the terminal, and has it done after a second yes.
    pub fn offer(&self, session: &mut Session, sender: &Sender) -> Result<(), Failure> {
        let console = session.console;
        // What was asked for is done: who goes away at a question has said no to more.
        let offered = self.decline == Some(DeclineReason::NotMe) && self.can_offer(console);
        if !offered || !ask::yes(console, &words::lock_out_offer(console.language)).unwrap_or(false) {
            return Ok(());
        }
        match lock_out(session, sender, &self.account, false)? {
            Outcome::LockedOut => {
                console.note(&words::locked_out(console.language));
                Ok(())
            }
            Outcome::Refused(Reason::LockOutNotConfirmed) => {
                console.note(&words::not_locked_out(console.language));
                Ok(())
            }
            outcome => Err(host::failure_of(&outcome)),
        }
    }

    fn can_offer(&self, console: Console) -> bool {
        self.can_lock_out && !console.json && console.can_ask()
    }
}

/// Has the server lock an account, after a question unless the person `is_sure`.
pub fn lock_out(
    session: &mut Session,
    sender: &Sender,
    account: &str,
    is_sure: bool,
) -> Result<Outcome, Failure> {
    let summary = session.core.summary(account, session.now())?;
    let title = title_of(&summary.issuer, &summary.name);
    let mut asker = Locking { console: session.console, title, is_sure };
    host::run(session, sender, &Job::LockOut { account }, &mut asker)
}

/// The person who is about to lock their own account.
struct Locking {
    console: Console,
    title: String,
    is_sure: bool,
}

impl Asker for Locking {
    fn answer(&mut self, question: &Question) -> Result<Answer, Failure> {
        let console = self.console;
        match question {
            Question::LockOut if self.is_sure => Ok(Answer::Confirmed(true)),
            Question::LockOut if !console.can_ask() => Err(Own::YesNeeded.into()),
            Question::LockOut => {
                let question = words::lock_out_question(console.language, &self.title);
                Ok(Answer::Confirmed(ask::yes(console, &question).unwrap_or(false)))
            }
            _ => Ok(Answer::None),
        }
    }
}
