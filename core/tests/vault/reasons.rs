//! What apps are told of each failure of a vault.

use countersign::authenticator::Error;
use countersign::reason::Reason;
use countersign::vault::{CodeMistake, Part, VaultError, Way};

#[test]
fn every_failure_has_its_own_reason() {
    let failures = [
        (VaultError::WrongPassword, Reason::WrongPassword),
        (VaultError::WrongRecoveryCode(CodeMistake::Other), Reason::WrongRecoveryCode),
        (VaultError::PlatformKeyGone, Reason::PlatformKeyGone),
        (VaultError::WrongWatchKey, Reason::WrongWatchKey),
        (VaultError::NoSuchWay(Way::Platform), Reason::NoSuchWay),
        (VaultError::NoWayBack, Reason::NoWayBack),
        (VaultError::Locked, Reason::Locked),
        (VaultError::Damaged(Part::Root), Reason::VaultDamaged),
        (VaultError::NotAVault, Reason::NotAVault),
        (VaultError::NewerVersion(2), Reason::NewerVersion),
        (VaultError::NotFound, Reason::VaultNotFound),
        (VaultError::Exists, Reason::VaultExists),
        (VaultError::DiskFull, Reason::DiskFull),
        (VaultError::ReadOnly, Reason::ReadOnly),
        (VaultError::InUse, Reason::InUse),
        (VaultError::NoSuchAccount, Reason::NoSuchAccount),
        (VaultError::TooLarge, Reason::ValueTooLarge),
        (VaultError::System, Reason::SystemFailed),
    ];
    for (failure, reason) in failures {
        assert_eq!(Error::from(failure).reason(), reason);
    }
}
