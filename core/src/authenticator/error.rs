use thiserror::Error;

use crate::entropy::NoEntropy;
use crate::reason::Reason;
use crate::vault::VaultError;

/// Why a call of the facade did nothing. Unless a call says otherwise, nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// What was asked for is refused.
    #[error("refused: {}", .0.name())]
    Refused(Reason),
    /// The vault can't be opened, read or written.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// An event of another kind than the current step waits for.
    #[error("an event of the wrong kind")]
    WrongEvent,
}

impl Error {
    /// The reason, with words in every app.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        match self {
            Self::Refused(reason) => *reason,
            Self::Vault(error) => reason_of(error),
            Self::WrongEvent => Reason::AnswerKindDiffers,
        }
    }
}

const fn reason_of(error: &VaultError) -> Reason {
    match error {
        VaultError::WrongPassword => Reason::WrongPassword,
        VaultError::WrongRecoveryCode(_) => Reason::WrongRecoveryCode,
        VaultError::PlatformKeyGone => Reason::PlatformKeyGone,
        VaultError::WrongWatchKey => Reason::WrongWatchKey,
        VaultError::NoSuchWay(_) => Reason::NoSuchWay,
        VaultError::NoWayBack => Reason::NoWayBack,
        VaultError::Locked => Reason::Locked,
        VaultError::Damaged(_) => Reason::VaultDamaged,
        VaultError::NotAVault => Reason::NotAVault,
        VaultError::NewerVersion(_) => Reason::NewerVersion,
        VaultError::NotFound => Reason::VaultNotFound,
        VaultError::Exists => Reason::VaultExists,
        VaultError::DiskFull => Reason::DiskFull,
        VaultError::ReadOnly => Reason::ReadOnly,
        VaultError::InUse => Reason::InUse,
        VaultError::NoSuchAccount => Reason::NoSuchAccount,
        VaultError::TooLarge => Reason::ValueTooLarge,
        VaultError::System => Reason::SystemFailed,
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}

impl From<NoEntropy> for Error {
    fn from(_: NoEntropy) -> Self {
        Self::Vault(VaultError::System)
    }
}
