//! What can be typed to bring accounts in and out.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::commands::Numbers;

#[derive(Debug, Args)]
pub struct Import {
    /// Files of another app, several that belong together, or '-' for standard input.
    #[arg(value_name = "FILE", required_unless_present = "undo", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub access: Access,
    /// Show each account's code at this Unix time, or of its counter.
    #[arg(long, value_name = "UNIX_TIME")]
    pub codes_at: Option<i64>,
    #[command(flatten)]
    pub choice: Choice,
    /// Move all accounts of an import to the trash; without an id, of the latest.
    #[arg(
        long,
        value_name = "IMPORT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "latest",
        conflicts_with = "files"
    )]
    pub undo: Option<String>,
}

/// What opens a file.
#[derive(Debug, Args)]
pub struct Access {
    /// Read the file's password from this file ('-': standard input), without its last line end.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub password_file: Option<PathBuf>,
    /// Open a backup with the recovery code in this file ('-': standard input) instead.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "password_file")]
    pub recovery_code_file: Option<PathBuf>,
    /// Memory in MiB that a file may use for its password [default: 256].
    #[arg(long, value_name = "MIB")]
    pub memory: Option<u64>,
}

/// Which rows of a preview are taken.
#[derive(Debug, Args)]
pub struct Choice {
    /// Only show what it would do, also without a vault.
    #[arg(long)]
    pub preview: bool,
    /// Take these rows of the preview, such as 1,3-5, and no others.
    #[arg(long, value_name = "ROWS", conflicts_with = "all")]
    pub only: Option<Numbers>,
    /// Leave these rows out.
    #[arg(long, value_name = "ROWS")]
    pub without: Option<Numbers>,
    /// Take every row that can be taken, also what is there already.
    #[arg(long)]
    pub all: bool,
    /// Do it without a question.
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write [default: a new one in the folder that was given last].
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "check")]
    pub file: Option<PathBuf>,
    /// Write backups to this folder, now and from now on.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with_all = ["file", "check"])]
    pub folder: Option<PathBuf>,
    /// How many of this vault's backups stay in the folder [default: 10].
    #[arg(
        long,
        value_name = "NUMBER",
        value_parser = clap::value_parser!(u32).range(1..),
        conflicts_with_all = ["file", "check"]
    )]
    pub keep: Option<u32>,
    /// Whether each change of the accounts writes one there by itself.
    #[arg(long, value_name = "on|off", conflicts_with_all = ["file", "check"])]
    pub automatic: Option<Switch>,
    /// Make a recovery code as a second way into backups from now on; it is shown once.
    #[arg(long, conflicts_with = "check")]
    pub new_recovery_code: bool,
    /// Open this backup and say what is in it; nothing is written.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub check: Option<PathBuf>,
    /// Say when the last backup was made and where backups go; nothing is written.
    #[arg(
        long,
        conflicts_with_all =
            ["file", "folder", "keep", "automatic", "new_recovery_code", "check", "password_file"]
    )]
    pub status: bool,
    /// The password of backups from now on, or of the one to check ('-': standard input).
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub password_file: Option<PathBuf>,
    /// The recovery code of the backup to check ('-': standard input).
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        requires = "check",
        conflicts_with = "password_file"
    )]
    pub recovery_code_file: Option<PathBuf>,
}

/// On or off, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// It is done.
    On,
    /// It is not done.
    Off,
}

#[derive(Debug, Args)]
pub struct RestoreBackup {
    /// The backup, or '-' for standard input.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    #[command(flatten)]
    pub access: Access,
    #[command(flatten)]
    pub choice: Choice,
}

#[derive(Debug, Args)]
pub struct Export {
    /// For which app.
    pub format: ExportFormat,
    /// Ids, or words of the accounts' names [default: all that are not in the trash].
    #[arg(value_name = "ACCOUNT")]
    pub accounts: Vec<String>,
    /// The file to write, or '-' for standard output; of google's pictures .png or .svg, numbered where there are several.
    #[arg(
        short,
        long,
        visible_alias = "to",
        value_name = "FILE",
        required_unless_present = "preview",
        value_hint = ValueHint::FilePath
    )]
    pub output: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long)]
    pub replace: bool,
    /// Read the new file's password from this file ('-': standard input), without its last line end.
    #[arg(long, value_name = "FILE", conflicts_with = "plain", value_hint = ValueHint::FilePath)]
    pub password_file: Option<PathBuf>,
    /// Write aegis and 2fas without a password.
    #[arg(long)]
    pub plain: bool,
    /// Only list what the format can't carry; nothing is written.
    #[arg(long)]
    pub preview: bool,
    /// Write without a question.
    #[arg(long)]
    pub yes: bool,
}

/// What is written, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Set-up links, one a line: read by most apps.
    Otpauth,
    /// Aegis's vault, under a password: read by Aegis, Ente Auth, Stratum, 2FAS, Proton and Bitwarden.
    Aegis,
    /// 2FAS's backup, under a password.
    #[value(name = "2fas")]
    TwoFas,
    /// Google Authenticator's transfer codes, as pictures.
    Google,
    /// FIDO Credential Exchange Format: read by password managers.
    Cxf,
    /// A page with a QR code for each account, to print (HTML, A4).
    Sheet,
    /// Hardware OATH tokens for Microsoft Entra (CSV), which an administrator uploads.
    Entra,
}
