use thiserror::Error;

use super::{RowKind, Way};
use crate::entropy::NoEntropy;

/// What went wrong with a vault. Unless a variant says otherwise nothing was changed.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum VaultError {
    /// The password does not open this vault.
    #[error("wrong password")]
    WrongPassword,
    /// The recovery code is mistyped, or does not open this vault.
    #[error("wrong recovery code: {0}")]
    WrongRecoveryCode(CodeMistake),
    /// The platform's key is not the one of this vault, as after a restore to another device. Another way in
    /// still opens it; nothing is wiped.
    #[error("the platform's key does not open this vault")]
    PlatformKeyGone,
    /// The watch key is not (or no longer) the one of this vault: a way in was taken away since. The vault hands
    /// out the new one once it is unlocked.
    #[error("not the watch key of this vault")]
    WrongWatchKey,
    /// The vault has no way in of this kind.
    #[error("the vault has no {0} way in")]
    NoSuchWay(Way),
    /// Neither a (non-empty) password nor a recovery code would be left.
    #[error("a password or a recovery code is needed")]
    NoWayBack,
    /// Locked: never unlocked, the grace time is over, the steady clock went backwards, or another process changed
    /// the keys.
    #[error("locked")]
    Locked,
    /// The file is damaged or was tampered with.
    #[error("damaged: {0}")]
    Damaged(Part),
    /// Some other file, an empty one, or a directory.
    #[error("not a vault")]
    NotAVault,
    /// Written by a later release, in this version of the format.
    #[error("made by a newer version: format {0}")]
    NewerVersion(u32),
    /// No file there.
    #[error("no such vault")]
    NotFound,
    /// A file is there already.
    #[error("a file is there already")]
    Exists,
    /// No space left for the change.
    #[error("disk full")]
    DiskFull,
    /// The file or its folder can't be written.
    #[error("read-only")]
    ReadOnly,
    /// Another process has been writing for 5 s.
    #[error("in use")]
    InUse,
    /// No account with that id, or, for `purge`, none in the trash.
    #[error("no such account")]
    NoSuchAccount,
    /// A value, an id, a name or a password is over its limit.
    #[error("too large")]
    TooLarge,
    /// The operating system could not read, write, or give memory or randomness.
    #[error("the system failed")]
    System,
}

impl VaultError {
    /// Whether one row is damaged, or not what this version of the app writes, and nothing else is wrong.
    pub(crate) const fn is_of_row(&self) -> bool {
        matches!(self, Self::Damaged(part) if part.row().is_some())
    }
}

/// Which part of a vault is damaged. The ids of rows stand in the value, not in its text, which may be logged.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum Part {
    /// The file as a database.
    #[error("file")]
    File,
    /// The ways in.
    #[error("{0} way in")]
    Way(Way),
    /// The root of the manifest, on which everything hangs.
    #[error("root")]
    Root,
    /// The root of what is under the watch key: hints, which [`renew_watch`](super::Vault::renew_watch) makes anew.
    #[error("watch root")]
    Watch,
    /// A page of a manifest: it is missing, changed, older, or one too many.
    #[error("index page {0}")]
    Index(u8),
    /// A row is missing.
    #[error("{kind} missing")]
    RowMissing {
        /// Of this kind.
        kind: RowKind,
        /// With this id.
        id: String,
    },
    /// A row is an earlier state of itself.
    #[error("{kind} older than the manifest")]
    RowOlder {
        /// Of this kind.
        kind: RowKind,
        /// With this id.
        id: String,
    },
    /// A row's content is that of another row.
    #[error("{kind} with another row's content")]
    RowSwapped {
        /// Of this kind.
        kind: RowKind,
        /// With this id.
        id: String,
    },
    /// A row's content was changed.
    #[error("{kind} changed")]
    RowChanged {
        /// Of this kind.
        kind: RowKind,
        /// With this id.
        id: String,
    },
    /// So many more rows than the manifest lists.
    #[error("{0} rows too many")]
    RowsExtra(u64),
}

impl Part {
    /// Kind and id of the row, when it is a row.
    #[must_use]
    pub const fn row(&self) -> Option<(RowKind, &str)> {
        match self {
            Self::RowMissing { kind, id }
            | Self::RowOlder { kind, id }
            | Self::RowSwapped { kind, id }
            | Self::RowChanged { kind, id } => Some((*kind, id.as_str())),
            Self::File | Self::Way(_) | Self::Root | Self::Watch | Self::Index(_) | Self::RowsExtra(_) => {
                None
            }
        }
    }
}

/// What is wrong with a typed recovery code.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum CodeMistake {
    /// Not 33 symbols; so many were typed.
    #[error("{0} symbols")]
    Length(usize),
    /// The symbol at this place (counted from 1, separators left out) is none of a code.
    #[error("symbol {0}")]
    Symbol(usize),
    /// The check symbol does not fit: something is mistyped.
    #[error("check symbol")]
    Check,
    /// Well typed, but not the code of this vault.
    #[error("another vault's")]
    Other,
}

impl From<NoEntropy> for VaultError {
    fn from(_: NoEntropy) -> Self {
        Self::System
    }
}
