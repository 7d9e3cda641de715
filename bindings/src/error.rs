use countersign::authenticator::Error;
use countersign::reason::Reason;
use countersign::transfer::import::Refused;
use countersign::vault::{self, VaultError};

pub(crate) type Result<T> = std::result::Result<T, CountersignError>;

/// Why a call did nothing, by what the app does about it. Unless a call says otherwise, nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[error("{self:?}")]
pub(crate) enum CountersignError {
    /// Explain it: there are words and a next tap for each reason.
    Refused { reason: Reason },
    /// The vault is locked: unlock it and call again.
    Locked,
    /// The password does not open the vault: ask again.
    WrongPassword,
    /// The recovery code does not open the vault: ask again, and show where the mistake is.
    WrongRecoveryCode { mistake: CodeMistake },
    /// The platform's key is not the one of this vault, as on another device: offer the other ways in.
    PlatformKeyGone,
    /// The watch key is an older one: keep the new one after the next unlocking.
    WrongWatchKey,
    /// There is no vault file at that place: the first run.
    NoVault,
    /// There is a file at that place already.
    VaultExists,
    /// The file can't be used: `VaultDamaged`, `NewerVersion` or `NotAVault`.
    Unreadable { reason: Reason },
    /// The system did not do it: `DiskFull`, `ReadOnly` or `SystemFailed`.
    NotWritten { reason: Reason },
    /// Another process has been writing for 5 s: try again.
    InUse,
    /// No account has that id: read the list again.
    NoSuchAccount,
    /// An event of another kind than the step waits for, or for a turn that is yet to come: a mistake of the app.
    WrongEvent,
    /// Bytes of another length than the call takes: a mistake of the app.
    WrongLength,
}

/// What is wrong with a typed recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub(crate) enum CodeMistake {
    /// It has 33 symbols; so many were typed, separators left out.
    Length { symbols: u64 },
    /// The symbol at this place, counted from 1 and without separators, is none of a code.
    Symbol { place: u64 },
    /// The check symbol does not fit: something is mistyped.
    Check,
    /// Well typed, but not the code of this vault.
    Other,
}

impl From<Error> for CountersignError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(reason) => Self::Refused { reason },
            Error::WrongEvent => Self::WrongEvent,
            Error::Vault(error) => error.into(),
        }
    }
}

impl From<VaultError> for CountersignError {
    fn from(error: VaultError) -> Self {
        let reason = Error::Vault(error.clone()).reason();
        match error {
            VaultError::Locked => Self::Locked,
            VaultError::WrongPassword => Self::WrongPassword,
            VaultError::WrongRecoveryCode(mistake) => Self::WrongRecoveryCode { mistake: mistake.into() },
            VaultError::PlatformKeyGone => Self::PlatformKeyGone,
            VaultError::WrongWatchKey => Self::WrongWatchKey,
            VaultError::NotFound => Self::NoVault,
            VaultError::Exists => Self::VaultExists,
            VaultError::Damaged(_) | VaultError::NewerVersion(_) | VaultError::NotAVault => {
                Self::Unreadable { reason }
            }
            VaultError::DiskFull | VaultError::ReadOnly | VaultError::System => Self::NotWritten { reason },
            VaultError::InUse => Self::InUse,
            VaultError::NoSuchAccount => Self::NoSuchAccount,
            VaultError::NoSuchWay(_) | VaultError::NoWayBack | VaultError::TooLarge => {
                Self::Refused { reason }
            }
        }
    }
}

impl From<Reason> for CountersignError {
    fn from(reason: Reason) -> Self {
        Self::Refused { reason }
    }
}

impl From<Refused> for CountersignError {
    fn from(refused: Refused) -> Self {
        refused.reason.into()
    }
}

impl From<vault::CodeMistake> for CodeMistake {
    fn from(mistake: vault::CodeMistake) -> Self {
        match mistake {
            vault::CodeMistake::Length(symbols) => Self::Length { symbols: symbols as u64 },
            vault::CodeMistake::Symbol(place) => Self::Symbol { place: place as u64 },
            vault::CodeMistake::Check => Self::Check,
            vault::CodeMistake::Other => Self::Other,
        }
    }
}
