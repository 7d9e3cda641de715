//! What can be typed.

mod transfer;

use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum, ValueHint};

pub use transfer::{Access, Backup, Choice, Export, ExportFormat, Import, RestoreBackup, Switch};

/// An open authenticator for work and school accounts: the command-line phone.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, max_term_width = 100, infer_long_args = true)]
pub struct Cli {
    /// The vault file [default: $XDG_DATA_HOME/countersign/vault.db].
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub vault: Option<PathBuf>,

    /// Read the vault's password from this file ('-': standard input), without its last line end.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub password_file: Option<PathBuf>,

    /// Open the vault although it is older than the one last seen here.
    #[arg(long, global = true)]
    pub accept_older: bool,

    /// One JSON object on standard output and nothing else there.
    #[arg(long, global = true)]
    pub json: bool,

    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// What clap has no rule for: an argument beside a value with which it means nothing.
    pub fn checked(self) -> Result<Self, clap::Error> {
        let Command::PushAddress(PushAddress { kind: PushKind::None, address: Some(address), .. }) =
            &self.command
        else {
            return Ok(self);
        };
        let mut error = clap::Error::new(ErrorKind::UnknownArgument).with_cmd(&Self::command());
        let typed = ContextValue::String(address.display().to_string());
        error.insert(ContextKind::InvalidArg, typed);
        Err(error)
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a vault: a password to open it, and a recovery code for the day it is forgotten.
    Init(Init),
    /// Add an account: the QR picture of a set-up page, or a picture or text on standard input ('-').
    #[command(visible_alias = "scan")]
    Add(Add),
    /// Bring in the accounts of another app: its export, its backup, its QR pictures.
    Import(Import),
    /// Write accounts for another app, or a sheet to print: whoever has that file has their codes.
    Export(Export),
    /// Write an encrypted backup of all accounts, or look whether one opens.
    Backup(Backup),
    /// Bring back accounts from a backup, beside those that are there.
    RestoreBackup(RestoreBackup),
    /// Store an organisation's client credentials from a countersign://organisation link on standard input ('-').
    Organisation(Organisation),
    /// List the accounts.
    List(List),
    /// Everything about one account but its secrets.
    Show(Query),
    /// Give an account other names.
    Rename(Rename),
    /// Show a one-time code.
    Code(Code),
    /// The live screen: codes with count-downs, search, and requests to answer.
    Watch,
    /// Look for sign-ins that wait for an answer.
    Pending(Pending),
    /// Expect a sign-in: look every two seconds, for two minutes at most, until a request comes.
    Expect(Every),
    /// Have background checks tell of no request of an account for an hour, when too many come.
    Quiet(Quiet),
    /// Approve a sign-in with the number that its page shows.
    Approve(Approve),
    /// Refuse a sign-in.
    Decline(Decline),
    /// Sign-ins of the past, and what became of each.
    History(History),
    /// Give an account a new device key.
    RotateKey(Query),
    /// Tell the server where it may send a push, which only means "look now"; or that it may send none.
    PushAddress(PushAddress),
    /// Have the server lock the account: the last resort when somebody knows your password.
    LockOut(LockOut),
    /// Move an account to the trash.
    Remove(Query),
    /// Take an account out of the trash.
    Restore(Query),
    /// Delete an account that is in the trash, for good.
    Purge(Purge),
    /// Change the vault's password.
    Passwd(Passwd),
    /// The recovery code: the way in when the password is forgotten.
    Recovery(Recovery),
    /// Read QR pictures, or draw an account's set-up code.
    Qr(Qr),
    /// Say what a scanned text is, without adding it.
    Recognise(Text),
    /// Check why a sign-in request may be missing: the key, the network, the server, the clock, another phone.
    SelfTest(Every),
    /// How far the servers' clocks are ahead, and whether they make codes.
    Clock(Clock),
    /// The practice sign-in site on this machine, with the live phone beside it.
    Practice(Practice),
    /// Play the main job from end to end, on this machine alone.
    Demo,
    /// Completions for a shell, on standard output.
    Completions {
        /// bash, zsh, fish, elvish or powershell.
        shell: clap_complete::Shell,
    },
    /// The manual page (roff), on standard output.
    Man,
}

#[derive(Debug, Args)]
pub struct Init {
    /// Write backups to this folder by itself, after each change. They open with the vault's password, until
    /// another is set by 'backup'.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub backup_folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Add {
    /// A picture with a QR code, or '-' for a text or a picture on standard input.
    #[arg(value_name = "-|PICTURE", value_hint = ValueHint::FilePath)]
    pub input: PathBuf,
    /// Which one, where the picture has several set-up codes: 1 for the first.
    #[arg(long, value_name = "NUMBER")]
    pub code: Option<usize>,
    #[command(flatten)]
    pub trust: Trust,
    /// The client id that your organisation gives to the app.
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// The file with the client secret.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub client_secret_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Trust {
    /// Trust this host without a question; it must be the one that the code names.
    #[arg(long, value_name = "HOST[:PORT]")]
    pub trust_host: Option<String>,
}

#[derive(Debug, Args)]
pub struct Organisation {
    #[command(flatten)]
    pub text: Text,
    #[command(flatten)]
    pub trust: Trust,
    /// Replace the credentials that are there for the same issuer.
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Args)]
pub struct List {
    /// Only accounts with these words in their names, tags or notes.
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// What is in the trash.
    #[arg(long)]
    pub trash: bool,
}

/// One account.
#[derive(Debug, Args)]
pub struct Query {
    /// An id, or words of the account's names.
    pub query: String,
}

/// One account, or all.
#[derive(Debug, Args)]
pub struct Every {
    /// An id, or words of the account's names [default: all].
    pub query: Option<String>,
}

#[derive(Debug, Args)]
pub struct Rename {
    #[command(flatten)]
    pub of: Query,
    /// Who the account is with.
    #[arg(long, value_name = "TEXT")]
    pub issuer: Option<String>,
    /// The account name.
    #[arg(long, value_name = "TEXT")]
    pub account: Option<String>,
}

#[derive(Debug, Args)]
pub struct Code {
    #[command(flatten)]
    pub of: Query,
    /// The code at this Unix time instead of now.
    #[arg(long, value_name = "UNIX_TIME")]
    pub at: Option<i64>,
}

#[derive(Debug, Args)]
pub struct Clock {
    /// Make the codes of this account's issuer and account name by its server's clock.
    #[arg(long, value_name = "QUERY")]
    pub use_for_codes: Option<String>,
    /// Make them by this machine's clock again.
    #[arg(long, value_name = "QUERY", conflicts_with = "use_for_codes")]
    pub not_for_codes: Option<String>,
}

#[derive(Debug, Args)]
pub struct Pending {
    #[command(flatten)]
    pub of: Every,
    /// Keep looking every two seconds, for two minutes at most, until a request comes: as 'expect' does.
    #[arg(long)]
    pub expect: bool,
}

#[derive(Debug, Args)]
pub struct Quiet {
    #[command(flatten)]
    pub of: Query,
    /// Have them tell of its requests again.
    #[arg(long)]
    pub end: bool,
}

#[derive(Debug, Args)]
pub struct History {
    #[command(flatten)]
    pub of: Every,
    /// Forget all of them.
    #[arg(long, conflicts_with = "query")]
    pub clear: bool,
}

/// Which request is answered.
#[derive(Debug, Args)]
pub struct Which {
    /// The request's id.
    #[arg(required_unless_present = "link")]
    pub request: Option<String>,
    /// Instead of an id, the QR code of a sign-in page (tiqr): a picture, or '-' for a picture or text on standard
    /// input.
    #[arg(long, value_name = "-|PICTURE", value_hint = ValueHint::FilePath, conflicts_with = "request")]
    pub link: Option<PathBuf>,
    /// The account that the request is of, where several have one with this id.
    #[arg(long, value_name = "QUERY")]
    pub account: Option<String>,
}

#[derive(Debug, Args)]
pub struct Approve {
    #[command(flatten)]
    pub which: Which,
    /// The number that the sign-in page shows, or its PIN.
    #[arg(long, value_name = "N", conflicts_with = "answer")]
    pub number: Option<String>,
    /// The answer of any kind: number, letter, PIN or word.
    #[arg(long, value_name = "TEXT")]
    pub answer: Option<String>,
    /// Approve the scanned sign-in without a question: it is the one on your own screen.
    #[arg(long, requires = "link", conflicts_with_all = ["number", "answer"])]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct Decline {
    #[command(flatten)]
    pub which: Which,
    /// Why: 'unknown_trigger' (it was not me; also 'not-me') or 'cancelled' (it was, but no longer).
    #[arg(long, value_name = "REASON")]
    pub reason: Option<DeclineWord>,
}

/// Why a sign-in is declined, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DeclineWord {
    /// It was not me.
    #[value(name = "unknown_trigger", aliases = ["unknown", "not-me", "not_me"])]
    Unknown,
    /// It was me, but no longer wanted.
    Cancelled,
}

#[derive(Debug, Args)]
pub struct PushAddress {
    #[command(flatten)]
    pub of: Query,
    /// What sends it: 'none', 'fcm' (Firebase Cloud Messaging) or 'unifiedpush'.
    #[arg(value_name = "none|fcm|unifiedpush", hide_possible_values = true)]
    pub kind: PushKind,
    /// The file with the address: an FCM token, or a UnifiedPush endpoint ('-': standard input). Whoever knows it can
    /// wake this phone.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(required_if_eq_any = [("kind", "fcm"), ("kind", "unifiedpush")])]
    pub address: Option<PathBuf>,
}

/// What sends pushes, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PushKind {
    /// Nothing: this phone looks by itself.
    None,
    /// Firebase Cloud Messaging.
    Fcm,
    /// UnifiedPush.
    Unifiedpush,
}

#[derive(Debug, Args)]
pub struct LockOut {
    #[command(flatten)]
    pub of: Query,
    /// Do it without a question: only an administrator can undo it.
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct Purge {
    #[command(flatten)]
    pub of: Query,
    /// Do it without a question: nothing brings it back.
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct Passwd {
    /// The file with the new password ('-': standard input).
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub new_password_file: Option<PathBuf>,
    /// Open the vault with the recovery code (asked for) instead of the old password.
    #[arg(long)]
    pub with_recovery_code: bool,
}

#[derive(Debug, Args)]
pub struct Recovery {
    #[command(subcommand)]
    pub command: RecoveryCommand,
}

#[derive(Debug, Subcommand)]
pub enum RecoveryCommand {
    /// Make a new recovery code; the old one ends.
    New,
    /// Check that the written recovery code (asked for, or on standard input) is the right one.
    Check,
}

#[derive(Debug, Args)]
pub struct Qr {
    #[command(subcommand)]
    pub command: QrCommand,
}

#[derive(Debug, Subcommand)]
pub enum QrCommand {
    /// Print the texts of the QR codes in pictures.
    Read {
        /// PNG, JPEG, WebP or GIF.
        #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
        files: Vec<PathBuf>,
    },
    /// Draw an account's set-up code: whoever sees it has the account.
    Show(Draw),
}

#[derive(Debug, Args)]
pub struct Draw {
    #[command(flatten)]
    pub of: Query,
    /// The picture to write, .svg or .png.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
    /// Replace the file that is there.
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Args)]
pub struct Text {
    /// '-' for a text or a picture on standard input: a set-up text is a secret and no argument.
    #[arg(value_name = "-", value_parser = ["-"])]
    pub input: String,
}

#[derive(Debug, Args)]
pub struct Practice {
    /// The port on 127.0.0.1 [default: a free one].
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Keep the site's people and phones in this SQLite file [default: gone with the site].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub database: Option<PathBuf>,
    /// Only the site, without the phone beside it.
    #[arg(long)]
    pub site_only: bool,
}
