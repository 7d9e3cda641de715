//! What comes to the screen, and what the screen wants done.

use countersign::approval::{Answered, Client, Decision, Request};
use countersign::clock::Now;
use countersign::otp::{Code, Codes};
use countersign::secret::Secret;
use countersign::vault::Summary;

/// Words about something: what it is, and what to do now.
pub type Words = (String, String);

/// What comes to the screen.
pub enum Event {
    /// Time has passed.
    Tick(Now),
    /// A key was pressed.
    Key(Key),
    /// A text was pasted.
    Pasted(Secret),
    /// The terminal has so many columns and rows.
    Resized(u16, u16),
    /// The phone has news.
    News(News),
}

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Char(char),
    /// Ctrl-C.
    Quit,
    /// Ctrl-N: "No, it's not me", where letters are typed.
    NotMe,
    Enter,
    Escape,
    Tab,
    Backspace,
    Up,
    Down,
    PageUp,
    PageDown,
}

/// What the screen wants done.
#[derive(Debug)]
pub enum Order {
    /// The accounts that match these words.
    List(String),
    /// A sign-in is expected: looks every two seconds.
    Expect,
    /// The next code by use of this account.
    NextCode(String),
    /// This account as a favourite, or not any more.
    Favourite(String, bool),
    /// An answer to a request.
    Answer { account: String, request: String, decision: Decision },
    /// Reads a set-up text or the picture of that name.
    Scan(Secret),
    /// Sets up what was scanned; its server is trusted.
    Enrol,
    /// The client credentials that a set-up asked for, or none.
    Client { job: u64, given: Option<Client> },
    /// Lets go of what was scanned.
    Forget,
    /// Begins to have this account locked at its server.
    LockOut(Summary),
    /// Whether the person means it, as this job has asked.
    Confirm { job: u64, is_sure: bool },
    /// Locks the vault.
    Lock,
    /// Unlocks it with this password.
    Unlock(Secret),
    /// The end.
    Quit,
}

impl Order {
    /// Whether the screen stands still for it: a picture, a password.
    pub const fn is_slow(&self) -> bool {
        matches!(self, Self::Scan(_) | Self::Unlock(_))
    }
}

/// What the phone has to tell.
pub enum News {
    /// The accounts that match.
    Accounts(Vec<Summary>),
    /// The accounts are not the ones on the screen any more.
    ListIsOld,
    /// The codes of the accounts on the screen, by id.
    Codes(Vec<(String, Option<Codes>)>),
    /// A code by use.
    Counted(String, Code),
    /// The requests of an account.
    Found(Summary, Vec<Request>),
    /// The same, where more waits than could be told.
    FoundSome(Summary, Vec<Request>),
    /// An account could not be looked at.
    LookFailed(Summary, Words),
    /// What was due was looked at; so many accounts approve sign-ins.
    LooksEnded(usize),
    /// How long a sign-in is still expected, in milliseconds.
    Expecting(Option<u64>),
    /// More requests of an account than a person makes.
    Flood(String),
    /// What became of an answer; whether it was "it's not me".
    Answered { account: String, answered: Answered, is_not_me: bool },
    /// An answer was not given: the request may still wait, or is over.
    NotAnswered { account: String, request: String, words: Words, is_over: bool },
    /// This server has to be trusted before what was scanned is set up.
    TrustNeeded(String),
    /// This set-up needs the organisation's client credentials; an id that is known, and whether those that were given
    /// are refused.
    ClientNeeded { job: u64, origin: String, id: Option<String>, is_refused: bool },
    /// This account can be locked at its server, whose sign-in was not the person's.
    LockOutOffered(Summary),
    /// This job has the account locked, if the person means it.
    LockOutAsked { account: String, job: u64 },
    /// What became of a lock-out.
    LockOutEnded { account: String, is_locked: bool, told: String },
    /// An account is there, new or since before.
    Added { title: String, is_new: bool },
    /// Something was not done.
    Failed(Words),
    /// The vault is locked.
    Locked,
    /// The vault is unlocked.
    Unlocked,
}
