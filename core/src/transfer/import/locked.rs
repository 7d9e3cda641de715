//! A file that needs a password, and the way through its key derivation.

use std::sync::Arc;

use ring::digest;

use super::derive::{Derivation, Function, Running};
use super::{App, Batch, Cost, Limits, Refused};
use crate::reason::Reason;
use crate::secret::Secret;
use crate::vault::way::normalised;
use crate::vault::{CodeMistake, recovery};

/// Longest password, in bytes.
const MAX_PASSWORD: usize = 4096;

/// What is inside a file that needs a password.
pub(super) trait Sealed: Send + Sync {
    /// Opens it with the key of the derivation number `at`. `ImportWrongPassword` where this key does not fit.
    fn open(&self, at: usize, key: &Secret) -> Result<Batch, Refused>;
}

/// A file that needs a password.
pub struct Locked {
    /// Whose.
    pub app: App,
    /// The format, a short name that scripts can rely on.
    pub format: &'static str,
    derivations: Vec<(Derivation, Password)>,
    sealed: Arc<dyn Sealed>,
}

/// How the typed password is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Password {
    Plain,
    /// As KeePass does, where there is no key file: hashed, and hashed again with the other keys, which are none.
    KeePass,
    /// As old versions of Aegis did: with the zeros at the end of a buffer of Java.
    JavaBuffer,
    /// As we do: in the form NFC, so that another keyboard's form of the same text opens too.
    Nfc,
}

impl Locked {
    pub(super) fn new(
        app: App,
        format: &'static str,
        derivations: Vec<(Derivation, Password)>,
        sealed: impl Sealed + 'static,
    ) -> Self {
        Self { app, format, derivations, sealed: Arc::new(sealed) }
    }

    /// What the key derivations cost, in their order: with a right password the later ones are often not needed.
    pub fn costs(&self) -> impl Iterator<Item = Cost> + '_ {
        self.derivations.iter().map(|(derivation, _)| derivation.cost())
    }

    /// Whether these limits are enough.
    ///
    /// # Errors
    /// `DerivationTooCostly`, with what is wanted and what is given; `ImportDamaged`.
    pub fn check(&self, limits: Limits) -> Result<(), Refused> {
        Derivation::check_all(self.derivations.iter().map(|(derivation, _)| derivation), limits)
    }

    /// Does a small part of the work, and gives how many times as much all of it is: a host that measures this call
    /// knows how long it takes at most, before it begins.
    #[must_use]
    pub fn trial(&self) -> u64 {
        if let Some(cost) = self.costs().next() {
            cost.try_out();
        }
        self.costs().fold(0, |all, cost| all.saturating_add(cost.trials()))
    }

    /// Whether a recovery code opens it as well: a backup of ours may have one.
    #[must_use]
    pub fn takes_code(&self) -> bool {
        self.derivations.iter().any(|(derivation, _)| is_of_code(derivation))
    }

    /// Begins to open it by its recovery code as typed.
    ///
    /// # Errors
    /// `RecoveryCodeMistyped` at once for what can be no code; `NoCodeSlot` for a file that takes none.
    pub fn unlock_with_code(&self, typed: &str) -> Result<Unlocking, Refused> {
        let of_code = |(derivation, _): &(Derivation, Password)| is_of_code(derivation);
        let refused = |reason| Refused::from(reason).of(self.app);
        let at = self.derivations.iter().position(of_code).ok_or_else(|| refused(Reason::NoCodeSlot))?;
        let values = recovery::read(typed).map_err(|_: CodeMistake| refused(Reason::RecoveryCodeMistyped))?;
        Ok(self.unlocking(values, (at, at + 1), Reason::ImportWrongRecoveryCode))
    }

    /// Begins to open it. Call [`Unlocking::step`] until it is done; to stop, drop it.
    ///
    /// # Errors
    /// `DerivationTooCostly`, `ImportWrongPassword` for more than 4096 bytes.
    pub fn unlock(&self, password: &[u8], limits: Limits) -> Result<Unlocking, Refused> {
        if password.len() > MAX_PASSWORD {
            return Err(Refused::from(Reason::ImportWrongPassword).of(self.app));
        }
        self.check(limits).map_err(|refused| refused.of(self.app))?;
        // A recovery code comes after the passwords.
        let end = self.derivations.iter().filter(|(derivation, _)| !is_of_code(derivation)).count();
        Ok(self.unlocking(Secret::copy_of(password), (0, end), Reason::ImportWrongPassword))
    }

    fn unlocking(&self, secret: Secret, (at, end): (usize, usize), wrong: Reason) -> Unlocking {
        let derivations = self.derivations.iter().take(end).cloned().collect();
        let sealed = Arc::clone(&self.sealed);
        Unlocking { app: self.app, derivations, sealed, password: secret, at, running: None, wrong }
    }
}

const fn is_of_code(derivation: &Derivation) -> bool {
    matches!(derivation.function, Function::RecoveryCode)
}

impl std::fmt::Debug for Locked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Locked({})", self.format)
    }
}

/// A file that is being opened.
pub struct Unlocking {
    app: App,
    derivations: Vec<(Derivation, Password)>,
    sealed: Arc<dyn Sealed>,
    password: Secret,
    at: usize,
    running: Option<Running>,
    /// What it means when nothing opens.
    wrong: Reason,
}

/// How far it is.
#[derive(Debug)]
pub enum Progress {
    /// Go on with [`Unlocking::step`].
    Working {
        /// Rounds done, of all derivations together.
        done: u64,
        /// Rounds in all.
        of: u64,
    },
    /// Open.
    Done(Batch),
}

impl Unlocking {
    /// Goes on: some hundredths of a second where the derivation comes in slices, else to its end.
    ///
    /// # Errors
    /// `ImportWrongPassword` or `ImportWrongRecoveryCode`, `ImportDamaged`, `ImportTooLarge`, `MemoryLacking`.
    pub fn step(&mut self) -> Result<Progress, Refused> {
        self.next().map_err(|refused| refused.of(self.app))
    }

    fn next(&mut self) -> Result<Progress, Refused> {
        let Some((derivation, password)) = self.derivations.get(self.at) else {
            return Err(self.wrong.into());
        };
        let running = self.running.get_or_insert_with(|| derivation.start(&password.of(&self.password)));
        if let Some(key) = running.step()? {
            match self.sealed.open(self.at, &key) {
                Err(Refused { reason: Reason::ImportWrongPassword, .. }) => {
                    self.at += 1;
                    self.running = None;
                    if self.at == self.derivations.len() {
                        return Err(self.wrong.into());
                    }
                }
                opened => return opened.map(Progress::Done),
            }
        }
        Ok(self.working())
    }

    fn working(&self) -> Progress {
        let rounds = |derivations: &[(Derivation, Password)]| {
            derivations
                .iter()
                .fold(0_u64, |sum, (derivation, _)| sum.saturating_add(derivation.cost().rounds))
        };
        let before = rounds(self.derivations.get(..self.at).unwrap_or_default());
        let done = before.saturating_add(self.running.as_ref().map_or(0, Running::done));
        Progress::Working { done, of: rounds(&self.derivations) }
    }
}

impl std::fmt::Debug for Unlocking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unlocking({} of {})", self.at, self.derivations.len())
    }
}

impl Password {
    fn of(self, typed: &Secret) -> Secret {
        match self {
            Self::Plain => typed.clone(),
            Self::KeePass => sha256(&sha256(typed)),
            Self::JavaBuffer => in_java_buffer(typed),
            // EXPOSE: made into another form of itself. What is too long for us opens nothing of ours.
            Self::Nfc => normalised(typed.expose()).unwrap_or_default(),
        }
    }
}

fn sha256(secret: &Secret) -> Secret {
    // EXPOSE: hashed.
    Secret::copy_of(digest::digest(&digest::SHA256, secret.expose()).as_ref())
}

/// The UTF-8 encoder of Java begins with a buffer of 1.1 bytes a UTF-16 unit and makes it `2n + 1` when it is full.
fn in_java_buffer(typed: &Secret) -> Secret {
    // EXPOSE: made into another form of itself.
    let text = typed.expose_str().unwrap_or_default();
    let mut size = text.encode_utf16().count() * 11 / 10;
    while size < text.len() {
        size = 2 * size + 1;
    }
    let mut buffer = Vec::with_capacity(size);
    buffer.extend_from_slice(text.as_bytes());
    buffer.resize(size, 0);
    Secret::from(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_of_java() {
        for (typed, zeros) in [("", 0), ("test", 0), ("0123456789", 1), (&*"x".repeat(70), 7), ("ääää", 1)]
        {
            let padded = in_java_buffer(&Secret::copy_of(typed.as_bytes()));
            assert_eq!(padded.expose(), [typed.as_bytes(), &vec![0; zeros]].concat(), "{typed}");
        }
    }
}
