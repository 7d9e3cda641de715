use std::path::Path;
use std::sync::Arc;

use countersign::authenticator::Authenticator as Core;
use countersign::clock::Now;
use countersign::vault::{NewWays, OpenedSlot, WayIn};

use crate::authenticator::{Authenticator, entropy};
use crate::error::{CountersignError, Result};
use crate::guarded::Guarded;
use crate::ways::RecoveryCode;

/// A vault that was just made; it is unlocked.
#[derive(uniffi::Record)]
pub(crate) struct Created {
    authenticator: Arc<Authenticator>,
    /// To be written down now: it can't be shown again.
    recovery_code: Option<Arc<RecoveryCode>>,
}

/// A way in that has been opened; it unlocks its vault. It holds a key: close it once the vault is unlocked.
#[derive(uniffi::Object)]
pub(crate) struct OpenedWay {
    pub(crate) slot: OpenedSlot,
}

/// Makes a vault that a password of 1 to 1,024 bytes opens. Slow. Fails with `VaultExists`, `NoVault` (no
/// such folder), `NotWritten`, `Refused`.
#[uniffi::export]
fn create_with_password(path: String, password: &[u8], recovery: bool, now: Now) -> Result<Created> {
    create(&path, &NewWays { password: Some(password), platform: None, recovery }, now)
}

/// Makes a vault that the platform's 32 random bytes open, and a recovery code, without which they are not
/// enough. Fails as `create_with_password`, and with `WrongLength`.
#[uniffi::export]
fn create_with_platform(path: String, key: &[u8], now: Now) -> Result<Created> {
    create(&path, &NewWays { password: None, platform: Some(key_of(key)?), recovery: true }, now)
}

fn create(path: &str, ways: &NewWays<'_>, now: Now) -> Result<Created> {
    let (core, code) = Core::create(Path::new(path), ways, entropy(), now)?;
    Ok(Created {
        authenticator: Arc::new(Authenticator { core: Guarded::new(core) }),
        recovery_code: code.map(|code| Arc::new(RecoveryCode { code })),
    })
}

pub(crate) fn key_of(bytes: &[u8]) -> Result<&[u8; 32]> {
    bytes.try_into().map_err(|_| CountersignError::WrongLength)
}

#[uniffi::export]
impl Authenticator {
    /// Opens a vault file; it is locked. Fails with `NoVault`, `Unreadable`, `InUse`, `NotWritten`.
    #[uniffi::constructor]
    fn open(path: String) -> Result<Self> {
        Ok(Self { core: Guarded::new(Core::open(Path::new(&path), entropy())?) })
    }

    /// Opens the password's way in. Slow; the object is free for other calls meanwhile. Fails with
    /// `WrongPassword`, `Refused`, `Unreadable`.
    fn open_by_password(&self, password: &[u8]) -> Result<OpenedWay> {
        self.opened(WayIn::Password(password))
    }

    /// Opens the platform's way in by its 32 bytes. Fails with `PlatformKeyGone`, `WrongLength`,
    /// `Refused`, `Unreadable`.
    fn open_by_platform(&self, key: &[u8]) -> Result<OpenedWay> {
        self.opened(WayIn::Platform(key_of(key)?))
    }

    /// Opens the recovery code's way in (UTF-8). Fails with `WrongRecoveryCode`, `Refused`, `Unreadable`.
    fn open_by_recovery_code(&self, typed: &[u8]) -> Result<OpenedWay> {
        self.opened(WayIn::Recovery(text_of(typed)))
    }
}

/// What is not text is no code either: it counts as nothing typed.
pub(crate) fn text_of(typed: &[u8]) -> &str {
    std::str::from_utf8(typed).unwrap_or_default()
}

impl Authenticator {
    fn opened(&self, way: WayIn<'_>) -> Result<OpenedWay> {
        let derivation = self.core.lock().derivation(way)?;
        // Nothing is locked from here: a password takes a fraction of a second and 64 MiB.
        Ok(OpenedWay { slot: derivation.run()? })
    }
}
