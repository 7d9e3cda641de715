//! Opening the vault: its place, the password, the head that was seen last.

use std::path::{Path, PathBuf};

use countersign::authenticator::{Authenticator, Error};
use countersign::clock::Now;
use countersign::entropy::{SystemEntropy, random};
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::vault::{Finding, NewWays, Part, RecoveryCode, RowKind, Way, WayIn};

use crate::args::Cli;
use crate::ask;
use crate::backups;
use crate::clock::now;
use crate::failure::{Failure, Own};
use crate::heads::Heads;
use crate::output::Console;
use crate::text::part_name;
use crate::words;

/// An unlocked vault.
pub struct Session {
    /// Where words and results go.
    pub console: Console,
    /// The vault and what can be done with it.
    pub core: Authenticator,
    /// Reads both clocks; a test may have its own.
    pub clock: fn() -> Now,
    /// What the person is still to be told about the vault.
    pub warnings: Vec<String>,
    /// The vault's parts that can't be read; accounts may be missing for it.
    pub damaged: Vec<Part>,
    heads: Heads,
    /// Whether warnings wait for a screen, instead of being said at once.
    is_on_screen: bool,
}

/// What the command line says about the vault.
pub struct Place {
    /// Where words and results go.
    pub console: Console,
    /// The vault file.
    pub file: PathBuf,
    password: Password,
    heads: PathBuf,
    accept_older: bool,
}

/// Where the vault's password comes from.
enum Password {
    Asked,
    File(PathBuf),
    MadeUp(Secret),
}

impl Place {
    /// From the arguments and the environment (XDG Base Directory).
    ///
    /// # Errors
    /// `HomeUnknown` where neither says it.
    pub fn of(cli: &Cli, console: Console) -> Result<Self, Failure> {
        let file = match &cli.vault {
            Some(file) => file.clone(),
            None => xdg("XDG_DATA_HOME", ".local/share")?.join("countersign/vault.db"),
        };
        Ok(Self {
            console,
            file,
            password: cli.password_file.clone().map_or(Password::Asked, Password::File),
            heads: xdg("XDG_STATE_HOME", ".local/state")?.join("countersign/heads"),
            accept_older: cli.accept_older,
        })
    }

    /// A vault to try things with: everything about it is in this folder, its password is made up and only in memory.
    pub fn for_practice(console: Console, folder: &Path) -> Result<Self, Failure> {
        let password = random::<32>(&mut SystemEntropy::new()).map_err(|_| Own::Internal)?;
        Ok(Self::alone_in(console, folder, Secret::copy_of(&password)))
    }

    /// A vault with everything about it in this folder.
    pub fn alone_in(console: Console, folder: &Path, password: Secret) -> Self {
        Self {
            console,
            file: folder.join("vault.db"),
            password: Password::MadeUp(password),
            heads: folder.join("heads"),
            accept_older: false,
        }
    }

    /// Makes a new vault with a password and a recovery code.
    pub fn create(&self) -> Result<(Session, RecoveryCode), Failure> {
        self.create_with(&self.new_password()?)
    }

    /// The password of a vault to be made.
    pub fn new_password(&self) -> Result<Secret, Failure> {
        if self.file.exists() {
            return Err(Failure::from(Reason::VaultExists).with("vault", self.shown()));
        }
        let password = match &self.password {
            Password::File(file) => ask::read_secret(file)?,
            Password::Asked => ask::new_password(self.console)?,
            Password::MadeUp(password) => password.clone(),
        };
        if password.is_empty() { Err(Own::PasswordUnusable.into()) } else { Ok(password) }
    }

    /// Makes a new vault with this password and a recovery code.
    pub fn create_with(&self, password: &Secret) -> Result<(Session, RecoveryCode), Failure> {
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder).map_err(|_| Own::FileUnwritable)?;
        }
        let _busy = self.console.busy(words::making_vault(self.console.language));
        // EXPOSE: the password is what the vault's key is derived from.
        let ways = NewWays { password: Some(password.expose()), platform: None, recovery: true };
        let (core, code) = Authenticator::create(&self.file, &ways, entropy(), now()).map_err(|error| {
            match error.reason() {
                // Not the vault is missing but a folder to put it in.
                Reason::VaultNotFound => Failure::from(Own::FileUnwritable).with("file", self.shown()),
                _ => self.vault_failure(error),
            }
        })?;
        let mut session = Session { is_on_screen: false, ..self.session(core) };
        session.remember_head()?;
        session.tell();
        Ok((session, code.ok_or(Own::Internal)?))
    }

    /// Unlocks the vault with its password, and says what there is to say about it.
    pub fn open(&self) -> Result<Session, Failure> {
        let mut session = Session { is_on_screen: false, ..self.open_for_screen()? };
        session.tell();
        Ok(session)
    }

    /// Unlocks the vault with its password; what there is to say about it is in the session.
    pub fn open_for_screen(&self) -> Result<Session, Failure> {
        let mut core = self.locked()?;
        let password = self.password(&mut core)?;
        let _busy = self.console.busy(words::opening(self.console.language));
        // EXPOSE: the password is what the vault's key is derived from.
        self.unlock(core, WayIn::Password(password.expose()))
    }

    /// Unlocks the vault with a password that was typed on a screen.
    pub fn open_with(&self, password: &Secret) -> Result<Session, Failure> {
        // EXPOSE: the password is what the vault's key is derived from.
        self.unlock(self.locked()?, WayIn::Password(password.expose()))
    }

    /// Unlocks the vault with its recovery code, asked for.
    pub fn open_with_recovery_code(&self) -> Result<Session, Failure> {
        let core = self.locked()?;
        let code = ask::recovery_code(self.console)?;
        let _busy = self.console.busy(words::opening(self.console.language));
        // EXPOSE: the code is what the vault is opened with.
        let way = WayIn::Recovery(code.expose_str().unwrap_or_default());
        let mut session = Session { is_on_screen: false, ..self.unlock(core, way)? };
        session.tell();
        Ok(session)
    }

    fn locked(&self) -> Result<Authenticator, Failure> {
        Authenticator::open(&self.file, entropy()).map_err(|error| self.vault_failure(error))
    }

    fn unlock(&self, mut core: Authenticator, way: WayIn<'_>) -> Result<Session, Failure> {
        let opened =
            core.derivation(way).and_then(|derivation| Ok(derivation.run()?)).map_err(Failure::from)?;
        let language = self.console.language;
        let mut session = self.session(core);
        let vault = session.core.vault_id();
        let known = session.heads.last(vault).unwrap_or_else(|_| {
            let file = session.heads.file(vault);
            session.warnings.push(words::head_unreadable(language, &file.display()));
            None
        });
        match session.core.unlock(&opened, known.as_ref(), now())? {
            Finding::RolledBack { .. } => {
                let known = known.filter(|_| self.accept_older).ok_or(Reason::RolledBack)?;
                session.core.unlock_older(&opened, &known, now())?;
                session.warnings.push(words::older_accepted(language));
            }
            Finding::Damaged(parts) => session.take_in(parts)?,
            Finding::Clean => {}
        }
        session.remember_head()?;
        Ok(session)
    }

    fn session(&self, core: Authenticator) -> Session {
        Session {
            console: self.console,
            core,
            clock: now,
            warnings: Vec::new(),
            damaged: Vec::new(),
            heads: Heads::new(self.heads.clone()),
            is_on_screen: true,
        }
    }

    fn password(&self, core: &mut Authenticator) -> Result<Secret, Failure> {
        if !core.ways()?.contains(&Way::Password) {
            return Err(Reason::NoSuchWay.into());
        }
        match &self.password {
            Password::File(file) => ask::read_secret(file),
            Password::Asked => ask::secret(self.console, &words::password_question(self.console.language)),
            Password::MadeUp(password) => Ok(password.clone()),
        }
    }

    fn vault_failure(&self, error: Error) -> Failure {
        Failure::from(error).with("vault", self.shown())
    }

    /// Whether the vault's password is at hand, or somebody can be asked for it.
    pub fn knows_password(&self) -> bool {
        !matches!(self.password, Password::Asked) || self.console.can_ask()
    }

    /// The path as text for results.
    pub fn shown(&self) -> String {
        self.file.display().to_string()
    }
}

impl Session {
    /// Both clocks.
    pub fn now(&self) -> Now {
        (self.clock)()
    }

    /// Says what the person is still to be told.
    pub fn tell(&mut self) {
        for warning in self.warnings.drain(..) {
            self.console.note(&warning);
        }
    }

    /// Reads every row, where opening reads the index alone, and says what is damaged.
    pub fn read_all(&mut self) -> Result<(), Failure> {
        let parts = self.core.verify(self.now())?;
        self.take_in(parts.into_iter().filter(|part| !self.damaged.contains(part)).collect())?;
        self.tell();
        Ok(())
    }

    /// Notes damaged parts. What background checks use is made anew.
    fn take_in(&mut self, parts: Vec<Part>) -> Result<(), Failure> {
        if parts.is_empty() {
            return Ok(());
        }
        let language = self.console.language;
        let names = parts.iter().map(part_name).collect::<Vec<_>>().join(", ");
        self.warnings.push(words::parts_damaged(language, &names));
        let (renewable, lasting): (Vec<_>, Vec<_>) = parts.into_iter().partition(is_of_background);
        if !renewable.is_empty() {
            self.core.renew_watch(self.now())?;
            self.warnings.push(words::watch_renewed(language));
        }
        self.damaged.extend(lasting);
        Ok(())
    }

    /// After a change: keeps the head, and writes the backup that the person wants after each.
    pub fn remember(&mut self) -> Result<(), Failure> {
        self.remember_head()?;
        backups::after_change(self);
        if !self.is_on_screen {
            self.tell();
        }
        Ok(())
    }

    /// Keeps the head after a change, so that an older copy of the file is noticed later. Where it can't be kept that
    /// is told: the change is made, and codes are shown all the same.
    pub fn remember_head(&mut self) -> Result<(), Failure> {
        let head = self.core.head()?;
        if self.heads.remember(self.core.vault_id(), &head).is_err() {
            let file = self.heads.file(self.core.vault_id());
            self.warnings.push(words::head_unwritten(self.console.language, &file.display()));
        }
        Ok(())
    }
}

fn is_of_background(part: &Part) -> bool {
    *part == Part::Watch || matches!(part.row(), Some((RowKind::Watch | RowKind::Pending, _)))
}

fn entropy() -> Box<SystemEntropy> {
    Box::new(SystemEntropy::new())
}

/// A folder of the XDG Base Directory specification; what is not absolute there does not count.
fn xdg(variable: &str, below_home: &str) -> Result<PathBuf, Failure> {
    let folder =
        |variable| std::env::var_os(variable).map(PathBuf::from).filter(|path: &PathBuf| path.is_absolute());
    folder(variable)
        .or_else(|| folder("HOME").map(|home| home.join(below_home)))
        .ok_or_else(|| Own::HomeUnknown.into())
}
