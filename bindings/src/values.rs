//! The core's own types that cross as they are, described there under the same names. One that the core changes no
//! longer compiles here, so that the lists can't come apart.

use countersign::approval::{
    Abilities, AnswerKind, AnswerResult, Check, CheckKind, DeclineReason, HostFacts, KeyFailure,
    KeyProtection, Method, NetworkFailure, Request, Why,
};
use countersign::authenticator::{
    Added, BackupPlace, BackupWarning, ExportRow, Finished, Flood, Looks, RunId, ServerClock, Stored,
    Unfinished,
};
use countersign::clock::{Now, UnixTime};
use countersign::link::Odd;
use countersign::otp::{Algorithm, Kind};
use countersign::reason::Reason;
use countersign::transfer::export::{Carried, Format, LeftOut, Lost, SheetWords};
use countersign::transfer::import::{Differs, Note};
use countersign::vault::{Part, RowKind, Shelf, Summary, Way};
use countersign::with_reasons;

/// Enums without fields.
macro_rules! lists {
    ($($(#[$attribute:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident),+ $(,)? })+) => {
        $(#[uniffi::remote(Enum)] $(#[$attribute])* pub enum $name { $($(#[$doc])* $variant,)+ })+
    };
}

macro_rules! reason {
    ($($list:tt)+) => {
        lists! {
            /// Why something did not go as asked. The app has words with a next tap for each; `core/src/reason.rs` says
            /// when each is given, which here would be 10 kB of the library.
            Reason { $($list)+ }
        }
    };
}
with_reasons!();

lists! {
    Shelf { InUse, Trash }
    Way { Password, Platform, Recovery }
    RowKind { Account, Organisation, Request, Setting, Host, Watch, Flow, History, Pending }
    Stored { Added, Replaced }
    #[uniffi(name = "CodeAlgorithm")]
    Algorithm { Sha1, Sha256, Sha512, Sha224, Sha384, Md5 }
    /// What was odd in a set-up code and how it was read.
    Odd {
        IssuersDiffer, SecretOddLength, SecretSpaced, SecretShort, PlusReadAsSpace, ParameterRepeated, HashInLabel,
        DefaultTaken, ParameterIgnored, CounterMissing, HtmlEscaped, SteamMarker, NameCleaned, NameShortened,
        Auth0Guardian, ByteOrderMark, SlashesMissing, UnusualSpelling, IssuerMissing, AccountMissing, PercentAlone,
    }
    /// In what an entry of another app differs from an account.
    Differs { Seed, Names, Parameters, Counter, Details }
    /// What else a person should know of an entry of another app.
    #[uniffi(name = "ImportNote")]
    Note { InTrash, Shortened, BackToTrash, ApprovalLeft }
    #[uniffi(name = "ExportFormat")]
    Format { Otpauth, Aegis, TwoFas, Google, Cxf, Sheet, Entra }
    /// Why a format leaves an account out.
    LeftOut { NoCodes, Kind, Algorithm, Digits, Period, Counter, Secret, Name, TooLong, Damaged }
    /// What of an account a format does not carry, while its codes are.
    Lost { Approvals, Note, Tags, MoreTags, Favourite, QrCode }
    #[uniffi(name = "HttpMethod")]
    Method { Get, Post, Put }
    /// Why there is no answer of a server. `Offline` to `TlsFailed` say that nothing was sent: an app that is not
    /// sure says `Cut`.
    NetworkFailure { Offline, NameUnknown, NotConnected, TlsFailed, TimedOut, Cut, TooLarge, Interrupted }
    /// When a device key must be usable: also while the device is locked, or only while it is not.
    KeyProtection { Background, DeviceUnlocked }
    /// What a signature is for.
    Why { Call, Enrol, Approve, Decline, Test }
    /// Why the key store did not do it. `Gone`: there is no such key, or it was made unusable for good.
    KeyFailure { Gone, Locked, Cancelled, Failed }
    DeclineReason { NotMe, Cancelled }
    AnswerResult { Approved, Declined, Expired, AnsweredElsewhere, WrongAnswer, Unknown }
    CheckKind {
        Key, Network, Server, Clock, Client, Registration, Requests, OtherPhone, Notifications, Background,
    }
}

uniffi::custom_type!(
    /// Seconds since 1970-01-01 00:00:00 UTC, without leap seconds.
    UnixTime, i64, { remote, lower: |time| time.0, try_lift: |seconds| Ok(UnixTime(seconds)) }
);

uniffi::custom_type!(
    /// The id of a run.
    RunId, String, { remote, lower: |run| run.0, try_lift: |run| Ok(RunId(run)) }
);

/// The two clocks, read at each call. `steady_ms` only grows, also while the device sleeps (Android:
/// `SystemClock.elapsedRealtime`, Apple: `CLOCK_MONOTONIC_RAW`, Linux: `CLOCK_BOOTTIME`).
#[uniffi::remote(Record)]
pub struct Now {
    pub wall: UnixTime,
    pub steady_ms: u64,
}

#[uniffi::remote(Record)]
pub struct Summary {
    pub id: String,
    pub issuer: String,
    pub name: String,
    pub codes: bool,
    pub approvals: bool,
    pub favourite: bool,
    pub tags: Vec<String>,
    pub trashed_at: Option<UnixTime>,
    pub needs_backup: bool,
}

/// What became of adding an account; `added` is false where the same account was there already.
#[uniffi::remote(Record)]
pub struct Added {
    pub id: String,
    pub added: bool,
    pub odd: Vec<Odd>,
}

#[uniffi::remote(Enum)]
#[uniffi(name = "CodeKind")]
pub enum Kind {
    Totp { period: u32 },
    Hotp { counter: u64 },
    Steam,
    Motp,
    Yandex,
}

/// A part of a vault that is damaged; rows by their kind and id.
#[uniffi::remote(Enum)]
#[uniffi(name = "VaultPart")]
pub enum Part {
    File,
    #[uniffi(name = "WayIn")]
    Way(Way),
    Root,
    Watch,
    Index(u8),
    RowMissing {
        kind: RowKind,
        id: String,
    },
    RowOlder {
        kind: RowKind,
        id: String,
    },
    RowSwapped {
        kind: RowKind,
        id: String,
    },
    RowChanged {
        kind: RowKind,
        id: String,
    },
    RowsExtra(u64),
}

/// What a run left behind: the account that it added, and device keys to delete.
#[uniffi::remote(Record)]
pub struct Finished {
    pub added: Option<String>,
    pub unused_keys: Vec<String>,
}

/// A run that was begun and not ended, and the account that it is about; none for a set-up.
#[uniffi::remote(Record)]
pub struct Unfinished {
    pub run: RunId,
    pub account: Option<String>,
}

/// What is to be looked at now; asked again after `wait_ms` milliseconds at the latest.
#[uniffi::remote(Record)]
pub struct Looks {
    pub due: Vec<String>,
    pub wait_ms: u64,
}

/// Requests of an account in the last `minutes`, more than a person makes or of one that is quiet until then.
#[uniffi::remote(Record)]
pub struct Flood {
    pub account: String,
    pub requests: u32,
    pub minutes: u32,
    pub quiet_until: Option<UnixTime>,
}

/// What an account can do besides approving and declining; `look` is false where its sign-ins are scanned.
#[uniffi::remote(Record)]
#[uniffi(name = "ApprovalAbilities")]
pub struct Abilities {
    pub look: bool,
    pub rotate_key: bool,
    pub lock_out: bool,
    pub unified_push: bool,
}

/// A sign-in that waits for an answer. A number is typed, not picked: none is in it.
#[uniffi::remote(Record)]
pub struct Request {
    pub id: String,
    pub application: String,
    pub account: String,
    pub question: String,
    pub asked_at: Option<UnixTime>,
    pub seen_at: Option<UnixTime>,
    pub expires_at: UnixTime,
    pub answer: AnswerKind,
    pub takes_decline_reason: bool,
    #[uniffi(name = "place")]
    pub from: Option<String>,
}

#[uniffi::remote(Enum)]
pub enum AnswerKind {
    Number,
    Text,
    Pin {
        length: u32,
    },
    Choice {
        words: Vec<String>,
    },
    #[uniffi(name = "Confirmation")]
    None,
    Unsupported {
        reason: Reason,
    },
}

/// What a format carries of an account.
#[uniffi::remote(Enum)]
pub enum Carried {
    Whole,
    Without(Vec<Lost>),
    LeftOut(LeftOut),
}

/// What becomes of one account in an export.
#[uniffi::remote(Record)]
pub struct ExportRow {
    pub id: String,
    pub issuer: String,
    pub name: String,
    pub carried: Carried,
}

/// The words of a page to print, in the language (BCP 47) of whoever prints it.
#[uniffi::remote(Record)]
pub struct SheetWords {
    pub language: String,
    pub title: String,
    pub made: String,
    pub paragraphs: Vec<String>,
    pub secret: String,
    pub pin: String,
    pub digits: String,
    pub period: String,
    pub counter: String,
    pub algorithm: String,
    pub tags: String,
    pub note: String,
    pub favourite: String,
    pub no_code: String,
}

/// What a person should be told about the backups: so many accounts, so many days.
#[uniffi::remote(Enum)]
pub enum BackupWarning {
    NoneYet,
    Missing(u64),
    Old(u64),
}

/// Where backups go by themselves; `keep` of them stay.
#[uniffi::remote(Record)]
pub struct BackupPlace {
    pub folder: String,
    pub keep: u32,
    pub is_automatic: bool,
}

/// One thing that a self-test looked at. A `reason` is why it does not work; also what to know where it does, or where
/// nobody can tell (`works` is none). `figure`: seconds that the server is ahead (`Clock`), how many wait (`Requests`).
#[uniffi::remote(Record)]
pub struct Check {
    pub kind: CheckKind,
    pub reason: Option<Reason>,
    pub works: Option<bool>,
    pub figure: Option<i64>,
}

/// What a self-test can't see by itself: whether the device has a network, whether the app may show notifications, and
/// whether it may look in the background as often as it asks to. None: the app does not know.
#[uniffi::remote(Record)]
pub struct HostFacts {
    #[uniffi(default = None)]
    pub online: Option<bool>,
    #[uniffi(default = None)]
    pub notifications: Option<bool>,
    #[uniffi(default = None)]
    pub background: Option<bool>,
}

/// A server's clock, as one account that approves sign-ins there has learnt it: seconds that the server is ahead of this
/// device, and when that was told. `codes`: the accounts with codes that are this one or have its issuer and name; they
/// are made by this clock while `used_for_codes`.
#[uniffi::remote(Record)]
pub struct ServerClock {
    pub origin: String,
    pub account: String,
    pub offset: i64,
    pub measured_at: UnixTime,
    pub used_for_codes: bool,
    #[uniffi(default = [])]
    pub codes: Vec<String>,
}
