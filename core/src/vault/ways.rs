//! Setting and taking away ways in of an unlocked vault.

use super::rekey;
use super::session::Extra;
use super::way::{NewPassword, SlotDraft, Way, WayIn};
use super::{CodeMistake, RecoveryCode, Session, Tx, Vault, VaultError};
use crate::clock::Now;
use crate::entropy::Entropy;
use crate::secret::Secret;

/// Ways in. Taking one away or replacing it makes a new master key and a new watch key and seals every row again, in
/// one transaction; the write-ahead log is emptied afterwards.
impl Vault {
    /// Sets or changes the password.
    ///
    /// # Errors
    /// `Locked`; `Damaged` when a row can't be read and so not be sealed again; those of a write.
    pub fn set_password(
        &mut self,
        new: &NewPassword,
        entropy: &mut dyn Entropy,
        now: Now,
    ) -> Result<(), VaultError> {
        self.set(&new.draft, entropy, now)
    }

    /// Sets or replaces the platform's bytes.
    ///
    /// # Errors
    /// Those of [`Vault::set_password`].
    pub fn set_platform(
        &mut self,
        new: &[u8; 32],
        entropy: &mut dyn Entropy,
        now: Now,
    ) -> Result<(), VaultError> {
        let draft = SlotDraft::new(&WayIn::Platform(new), entropy)?;
        self.set(&draft, entropy, now)
    }

    /// A new recovery code; an old one is dead from then on.
    ///
    /// # Errors
    /// Those of [`Vault::set_password`].
    pub fn new_recovery_code(
        &mut self,
        entropy: &mut dyn Entropy,
        now: Now,
    ) -> Result<RecoveryCode, VaultError> {
        let code = RecoveryCode::new(entropy)?;
        let draft = code.slot(entropy)?;
        self.set(&draft, entropy, now).map(|()| code)
    }

    /// Takes a way in away.
    ///
    /// # Errors
    /// `NoSuchWay`; `NoWayBack` when neither a password nor a recovery code would be left; those of
    /// [`Vault::set_password`].
    pub fn remove_way(&mut self, way: Way, entropy: &mut dyn Entropy, now: Now) -> Result<(), VaultError> {
        self.change_ways(now, |tx, session| {
            let slots = Extra::of(&session.main)?.slots;
            if !slots.iter().any(|slot| slot.way == way) {
                return Err(VaultError::NoSuchWay(way));
            }
            if !slots.iter().any(|slot| slot.way != way && slot.way.is_way_back()) {
                return Err(VaultError::NoWayBack);
            }
            rekey::replace(tx, session, way, None, entropy)
        })
    }

    /// Whether `typed` is this vault's recovery code: for a look at the printed one.
    ///
    /// # Errors
    /// `WrongRecoveryCode` for what is mistyped; `NoSuchWay`; `Damaged`.
    pub fn check_recovery(&mut self, typed: &str) -> Result<bool, VaultError> {
        match self.derivation(WayIn::Recovery(typed))?.run() {
            Ok(_) => Ok(true),
            Err(VaultError::WrongRecoveryCode(CodeMistake::Other)) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// The watch key, 32 bytes, for the host to keep where no person is needed. A change of the ways in makes a new
    /// one.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn watch_key(&mut self, now: Now) -> Result<Secret, VaultError> {
        let (_, session) = self.reading(now)?;
        let extra = Extra::of(&session.main)?;
        // EXPOSE: handed out for background checks.
        Ok(Secret::copy_of(extra.watch.key.expose()))
    }

    /// A new watch key with no rows under it: after damage to them, or when the old one may be known to somebody.
    /// What stood there is gone; the accounts have what is needed to write it anew.
    ///
    /// # Errors
    /// `Locked`; those of a write.
    pub fn renew_watch(&mut self, entropy: &mut dyn Entropy, now: Now) -> Result<(), VaultError> {
        self.change_ways(now, |tx, session| rekey::renew_watch(tx, session, entropy))
    }

    fn set(&mut self, new: &SlotDraft, entropy: &mut dyn Entropy, now: Now) -> Result<(), VaultError> {
        self.change_ways(now, |tx, session| match Extra::of(&session.main)?.slot(new.way) {
            Some(_) => rekey::replace(tx, session, new.way, Some(new), entropy),
            None => rekey::add(tx, session, new, entropy),
        })
    }

    /// One transaction with the session in it. When it fails the session is read again from the file, as it may have
    /// gone ahead of it.
    fn change_ways(
        &mut self,
        now: Now,
        work: impl FnOnce(&Tx<'_>, &mut Session) -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        let (tx, session) = self.writing(now)?;
        let master = session.master();
        let worked = work(&tx, session).and_then(|()| tx.commit());
        if worked.is_err() {
            let vault = session.main.seal.vault;
            self.session = match self.store.read() {
                Ok(tx) => Session::load(&tx, vault, &master, now).ok().map(|(session, _)| session),
                Err(_) => None,
            };
        }
        worked?;
        self.store.checkpoint();
        Ok(())
    }
}
