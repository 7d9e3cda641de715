use countersign::clock::Now;
use countersign::entropy::SystemEntropy;
use countersign::vault::{self, Part, Way};

use crate::authenticator::Authenticator;
use crate::error::Result;
use crate::open::{key_of, text_of};

/// A recovery code, to be written down: eight groups, the last symbol a check.
#[derive(uniffi::Object)]
pub(crate) struct RecoveryCode {
    pub(crate) code: vault::RecoveryCode,
}

#[uniffi::export]
impl RecoveryCode {
    /// The whole text with dashes, ASCII.
    fn text(&self) -> Vec<u8> {
        // EXPOSE: the person writes it down.
        self.code.text().expose().to_vec()
    }

    /// Whether `typed` is the group `number` (1 to 8), typing mistakes like `O` for `0` forgiven: to check that the
    /// code was written down.
    fn has_group(&self, number: u32, typed: &[u8]) -> bool {
        self.code.has_group(number as usize, text_of(typed))
    }
}

#[uniffi::export]
impl Authenticator {
    /// The ways in that the vault has.
    fn ways(&self) -> Result<Vec<Way>> {
        Ok(self.core.lock().ways()?)
    }

    /// Sets or changes the password (1 to 1,024 bytes). A change makes new keys: the old password opens nothing any
    /// more, and there is a new watch key. Slow; the object is free for other calls meanwhile.
    fn set_password(&self, password: &[u8], now: Now) -> Result<()> {
        let new = vault::NewPassword::derive(password, &mut SystemEntropy::new())?;
        Ok(self.core.lock().set_password(&new, now)?)
    }

    /// Sets or replaces the platform's 32 bytes; replacing makes new keys. Also fails with `WrongLength`.
    fn set_platform(&self, key: &[u8], now: Now) -> Result<()> {
        Ok(self.core.lock().set_platform(key_of(key)?, now)?)
    }

    /// A new recovery code; an old one is dead.
    fn new_recovery_code(&self, now: Now) -> Result<RecoveryCode> {
        Ok(RecoveryCode { code: self.core.lock().new_recovery_code(now)? })
    }

    /// Whether `typed` (UTF-8) is this vault's recovery code. Fails with `WrongRecoveryCode` where it can be none.
    fn check_recovery_code(&self, typed: &[u8]) -> Result<bool> {
        Ok(self.core.lock().check_recovery(text_of(typed))?)
    }

    /// Takes a way in away, by new keys.
    fn remove_way(&self, way: Way, now: Now) -> Result<()> {
        Ok(self.core.lock().remove_way(way, now)?)
    }

    /// The watch key, 32 bytes: for the app to keep where no person is needed. It opens `Background`.
    fn watch_key(&self, now: Now) -> Result<Vec<u8>> {
        // EXPOSE: the app keeps it in the platform's key store.
        Ok(self.core.lock().watch_key(now)?.expose().to_vec())
    }

    /// A new watch key, with all that background checks use written anew: after damage to it.
    fn renew_watch(&self, now: Now) -> Result<()> {
        Ok(self.core.lock().renew_watch(now)?)
    }

    /// Reads all of the file; what is damaged, by name. Nothing is changed.
    fn verify(&self, now: Now) -> Result<Vec<Part>> {
        Ok(self.core.lock().verify(now)?)
    }
}
