//! What goes wrong, as scripts and people see it.

use countersign::authenticator::Error;
use countersign::reason::Reason;
use countersign::transfer::import::Refused;
use countersign::vault::VaultError;
use serde_json::{Map, Value, json};

use crate::text::part_name;
use crate::words::{self, Language};

/// A failure: its name, its words and its exit code.
#[derive(Clone, Debug)]
pub struct Failure {
    cause: Cause,
    more: Map<String, Value>,
    unknown: bool,
    /// What is known of a file beside the reason.
    refused: Option<Refused>,
    said: Box<Said>,
}

/// What is said of one failure alone.
#[derive(Clone, Debug, Default)]
struct Said {
    /// What it is, in the place of what the reason says.
    text: Option<String>,
    /// What there is to do, in the place of what the reason says.
    next: Option<String>,
    /// What there is to do beside that.
    also_next: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Core(Reason),
    Own(Own),
}

/// Failures that only a command line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// What is to be answered is no sign-in's code.
    NotASignIn,
    /// Several accounts match the query.
    Ambiguous,
    /// No account matches the query.
    AccountNotFound,
    /// A file can't be read.
    FileUnreadable,
    /// A file or standard input is longer than anything that is read here.
    InputTooLarge,
    /// The environment does not say where the vault is.
    HomeUnknown,
    /// A file can't be written.
    FileUnwritable,
    /// A file is there already and is not to be replaced.
    FileExists,
    /// What kind of picture is wanted its file's name does not say.
    PictureKindUnknown,
    /// A password is needed and there is nobody to ask.
    PasswordNeeded,
    /// A file to import needs its password and there is nobody to ask.
    FilePasswordNeeded,
    /// A file to export needs a password and there is nobody to ask.
    NewPasswordNeeded,
    /// None of the accounts can be exported so.
    NothingToExport,
    /// A new password is empty or not typed the same twice.
    PasswordUnusable,
    /// A question needs an answer and there is nobody to ask.
    AnswerNeeded,
    /// What can't be undone from here needs `--yes`.
    YesNeeded,
    /// The person stopped it.
    Cancelled,
    /// Nothing says where the backup goes.
    BackupPlaceNeeded,
    /// A picture has several set-up codes.
    SeveralCodes,
    /// There is no code of this number.
    NoSuchCode,
    /// It was stopped while something may have been on its way to a server.
    Interrupted,
    /// The account has no codes to show.
    NoCodes,
    /// The account approves no sign-ins.
    NoApprovals,
    /// A live screen needs a terminal.
    TerminalNeeded,
    /// The practice site can't listen at this port.
    PortUnusable,
    /// The practice site can't use this file.
    DatabaseUnusable,
    /// The result could not be written.
    ResultUnwritten,
    /// The demo met something that it did not expect.
    DemoStopped,
    /// The arguments do not go together.
    Usage,
    /// A fault of this program.
    Internal,
}

impl Own {
    /// All of them, for the tests of words and names.
    #[cfg(test)]
    pub const ALL: [Self; 30] = [
        Self::NotASignIn,
        Self::Ambiguous,
        Self::AccountNotFound,
        Self::FileUnreadable,
        Self::InputTooLarge,
        Self::HomeUnknown,
        Self::FileUnwritable,
        Self::FileExists,
        Self::PictureKindUnknown,
        Self::PasswordNeeded,
        Self::FilePasswordNeeded,
        Self::NewPasswordNeeded,
        Self::NothingToExport,
        Self::PasswordUnusable,
        Self::AnswerNeeded,
        Self::YesNeeded,
        Self::Cancelled,
        Self::BackupPlaceNeeded,
        Self::SeveralCodes,
        Self::NoSuchCode,
        Self::Interrupted,
        Self::NoCodes,
        Self::NoApprovals,
        Self::TerminalNeeded,
        Self::PortUnusable,
        Self::DatabaseUnusable,
        Self::ResultUnwritten,
        Self::DemoStopped,
        Self::Usage,
        Self::Internal,
    ];

    /// The name that scripts see. It stays.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotASignIn => "NotASignIn",
            Self::Ambiguous => "Ambiguous",
            Self::AccountNotFound => "AccountNotFound",
            Self::FileUnreadable => "FileUnreadable",
            Self::InputTooLarge => "InputTooLarge",
            Self::HomeUnknown => "HomeUnknown",
            Self::FileUnwritable => "FileUnwritable",
            Self::FileExists => "FileExists",
            Self::PictureKindUnknown => "PictureKindUnknown",
            Self::PasswordNeeded => "PasswordNeeded",
            Self::FilePasswordNeeded => "FilePasswordNeeded",
            Self::NewPasswordNeeded => "NewPasswordNeeded",
            Self::NothingToExport => "NothingToExport",
            Self::PasswordUnusable => "PasswordUnusable",
            Self::AnswerNeeded => "AnswerNeeded",
            Self::YesNeeded => "YesNeeded",
            Self::Cancelled => "Cancelled",
            Self::BackupPlaceNeeded => "BackupPlaceNeeded",
            Self::SeveralCodes => "SeveralCodes",
            Self::NoSuchCode => "NoSuchCode",
            Self::Interrupted => "Interrupted",
            Self::NoCodes => "NoCodes",
            Self::NoApprovals => "NoApprovals",
            Self::TerminalNeeded => "TerminalNeeded",
            Self::PortUnusable => "PortUnusable",
            Self::DatabaseUnusable => "DatabaseUnusable",
            Self::ResultUnwritten => "ResultUnwritten",
            Self::DemoStopped => "DemoStopped",
            Self::Usage => "Usage",
            Self::Internal => "Internal",
        }
    }
}

impl Failure {
    fn of(cause: Cause) -> Self {
        Self { cause, more: Map::new(), unknown: false, refused: None, said: Box::default() }
    }

    /// The same failure with one more field for scripts.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.more.insert(field.to_owned(), value.into());
        self
    }

    /// The same failure with a field for scripts, unless it has that field already.
    #[must_use]
    pub fn or_with(self, field: &str, value: impl Into<Value>) -> Self {
        if self.more.contains_key(field) { self } else { self.with(field, value) }
    }

    /// The same failure, with this in the place of what its reason says that it is.
    #[must_use]
    pub fn with_own_text(mut self, text: String) -> Self {
        self.said.text = Some(text);
        self
    }

    /// The same failure, with this in the place of what its reason says that there is to do now.
    #[must_use]
    pub fn with_own_next(mut self, next: String) -> Self {
        self.said.next = Some(next);
        self
    }

    /// The same failure with more that there is to do now, if any.
    #[must_use]
    pub fn with_next(mut self, more: Option<String>) -> Self {
        self.said.also_next = more;
        self
    }

    /// The same failure with more that there is to do now, unless it has such already.
    #[must_use]
    pub fn or_with_next(mut self, more: Option<String>) -> Self {
        self.said.also_next = self.said.also_next.or(more);
        self
    }

    /// The same failure where something was sent and nobody can tell what became of it.
    #[must_use]
    pub const fn with_result_unknown(mut self) -> Self {
        self.unknown = true;
        self
    }

    /// The name that scripts see.
    pub const fn name(&self) -> &'static str {
        match self.cause {
            Cause::Core(reason) => reason.name(),
            Cause::Own(own) => own.name(),
        }
    }

    /// Whether only a new set-up helps.
    pub const fn needs_new_set_up(&self) -> bool {
        matches!(self.cause, Cause::Core(reason) if reason.needs_new_set_up())
    }

    /// What it is and what to do now.
    pub fn words_of_reason(&self, language: Language) -> (&'static str, &'static str) {
        match self.cause {
            Cause::Core(reason) => words::of_reason(reason, language),
            Cause::Own(own) => words::of_own(own, language),
        }
    }

    /// The same, with what is known of a file that was refused (its app, and figures over their limits) and all that
    /// there is to do.
    pub fn words(&self, language: Language) -> (String, String) {
        let (text, next) = match &self.refused {
            Some(refused) => words::of_refused(refused, language),
            None => {
                let (text, next) = self.words_of_reason(language);
                (text.to_owned(), next.to_owned())
            }
        };
        let Said { text: own_text, next: own_next, also_next } = &*self.said;
        let (text, next) = (own_text.clone().unwrap_or(text), own_next.clone().unwrap_or(next));
        match also_next {
            Some(more) => (text, format!("{next} {more}").trim_start().to_owned()),
            None => (text, next),
        }
    }

    /// The object for scripts.
    pub fn object(&self, language: Language) -> Value {
        let (text, next) = self.words(language);
        let mut object = self.more.clone();
        object.insert("reason".into(), json!(self.name()));
        object.insert("text".into(), json!(text));
        object.insert("next".into(), json!(next));
        Value::Object(object)
    }

    /// The exit code (`docs/command-line.md`).
    pub const fn exit(&self) -> u8 {
        match self.cause {
            _ if self.unknown => NETWORK,
            Cause::Own(Own::Internal | Own::DemoStopped | Own::ResultUnwritten) => 1,
            Cause::Own(Own::Usage | Own::PictureKindUnknown) => 2,
            Cause::Own(Own::PasswordNeeded | Own::HomeUnknown) => VAULT,
            Cause::Own(Own::Interrupted) => NETWORK,
            Cause::Own(_) => REFUSED,
            Cause::Core(reason) => exit_of(reason),
        }
    }
}

const REFUSED: u8 = 3;
const VAULT: u8 = 4;
const NETWORK: u8 = 5;

const fn exit_of(reason: Reason) -> u8 {
    match reason {
        Reason::WrongPassword
        | Reason::WrongRecoveryCode
        | Reason::PlatformKeyGone
        | Reason::WrongWatchKey
        | Reason::NoSuchWay
        | Reason::NoWayBack
        | Reason::Locked
        | Reason::VaultDamaged
        | Reason::NotAVault
        | Reason::NewerVersion
        | Reason::VaultNotFound
        | Reason::VaultExists
        | Reason::DiskFull
        | Reason::ReadOnly
        | Reason::InUse
        | Reason::RolledBack
        | Reason::SystemFailed => VAULT,
        Reason::ResultUnknown
        | Reason::NoNetwork
        | Reason::ServerNotFound
        | Reason::ServerUnreachable
        | Reason::TlsFailed
        | Reason::ServerSilent
        | Reason::ConnectionLost
        | Reason::ServerBusy
        | Reason::ServerFailed
        | Reason::EnrolmentUnknown
        | Reason::RotationUnknown
        | Reason::LockOutUnknown => NETWORK,
        _ => REFUSED,
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = Self::from(error.reason());
        match &error {
            Error::Vault(VaultError::Damaged(part)) => failure.with("damaged", vec![part_name(part)]),
            _ => failure,
        }
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        Error::from(error).into()
    }
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self::of(Cause::Core(reason))
    }
}

/// With the app, where it is known, and the figures, where a limit was passed.
impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        let mut failure = Self { refused: Some(refused), ..Self::from(refused.reason) };
        if let Some(app) = refused.app {
            failure = failure.with("app", app.name());
        }
        match refused.figures {
            Some(figures) => {
                failure.with("wanted", figures.wanted).with("most", figures.most).with("unit", figures.unit)
            }
            None => failure,
        }
    }
}

impl From<Own> for Failure {
    fn from(own: Own) -> Self {
        Self::of(Cause::Own(own))
    }
}
