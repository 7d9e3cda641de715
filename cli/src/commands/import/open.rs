use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::transfer::backup::is_backup;
use countersign::transfer::import::{Batch, Limits, Locked, Opened, Progress, Unlocking, open};
use countersign::vault::RecoveryCode;
use serde_json::{Value, json};

use crate::args::Access;
use crate::ask;
use crate::failure::{Failure, Own};
use crate::output::Console;
use crate::panics;
use crate::text::visible;
use crate::words;

/// How often a wrong password may be typed.
const TRIES: usize = 3;
/// What may be typed again.
const WRONG: [Reason; 3] =
    [Reason::ImportWrongPassword, Reason::RecoveryCodeMistyped, Reason::ImportWrongRecoveryCode];
/// What takes longer is announced, in seconds.
const LONG: f64 = 2.0;

/// What was in the files.
pub struct Read {
    /// Their entries, one file's after the other's.
    pub batch: Batch,
    /// Whose they are, where all are of one.
    pub app: Option<&'static str>,
    /// The format, where all have the same.
    pub format: Option<&'static str>,
    /// Each file, with its app and format.
    pub files: Vec<Value>,
}

/// Opens all files; where one can't be, nothing is read.
pub fn files(console: Console, files: &[PathBuf], access: &Access) -> Result<Read, Failure> {
    read_all(console, files, access, |bytes| Ok(open(bytes)?))
}

/// Opens a backup of ours and nothing else.
pub fn backup(console: Console, file: &Path, access: &Access) -> Result<Read, Failure> {
    read_all(console, &[file.to_owned()], access, |bytes| {
        if is_backup(bytes) { Ok(open(bytes)?) } else { Err(Reason::NotABackup.into()) }
    })
}

fn read_all(
    console: Console,
    files: &[PathBuf],
    access: &Access,
    open: fn(&[u8]) -> Result<Opened, Failure>,
) -> Result<Read, Failure> {
    let secrets = access.password_file.iter().chain(&access.recovery_code_file);
    if files.iter().chain(secrets).filter(|file| *file == Path::new("-")).count() > 1 {
        return Err(Own::Usage.into());
    }
    let secret = |file: &Option<PathBuf>| file.as_deref().map(ask::read_secret).transpose();
    let (password, code) = (secret(&access.password_file)?, secret(&access.recovery_code_file)?);
    let limits =
        access.memory.map_or_else(Limits::default, |mib| Limits { memory_kib: mib.saturating_mul(1024) });
    let mut read: Option<Read> = None;
    for file in files {
        let path = file.display().to_string();
        let (password, code) = (password.as_ref(), code.as_ref());
        let opening = Opening { console, password, code, limits, path: &path };
        let batch = opening.file(file, open).map_err(|failure| {
            if files.len() > 1 && !console.json {
                console.note(&visible(&path));
            }
            failure.or_with("file", path.clone())
        })?;
        let told = json!({"file": path, "app": batch.app.name(), "format": batch.format});
        let (app, format) = (Some(batch.app.name()), Some(batch.format));
        read = Some(match read {
            None => Read { batch, app, format, files: vec![told] },
            Some(before) => Read {
                app: before.app.filter(|known| Some(*known) == app),
                format: before.format.filter(|known| Some(*known) == format),
                batch: before.batch.and(batch),
                files: [before.files, vec![told]].concat(),
            },
        });
    }
    read.ok_or_else(|| Own::Usage.into())
}

struct Opening<'a> {
    console: Console,
    password: Option<&'a Secret>,
    code: Option<&'a Secret>,
    limits: Limits,
    path: &'a str,
}

impl Opening<'_> {
    fn file(&self, file: &Path, open: fn(&[u8]) -> Result<Opened, Failure>) -> Result<Batch, Failure> {
        let bytes = ask::read_export(file)?;
        match panics::reading(|| open(&bytes))? {
            Opened::Entries(batch) => Ok(batch),
            Opened::Locked(locked) => self.locked(&locked).map_err(|failure| {
                failure.or_with("app", locked.app.name()).or_with("format", locked.format)
            }),
        }
    }

    fn locked(&self, locked: &Locked) -> Result<Batch, Failure> {
        if let Some(code) = self.code {
            return self.with_code(locked, code);
        }
        if let Some(password) = self.password {
            return self.with_password(locked, password, self.limits);
        }
        if !self.console.can_ask() {
            return Err(Own::FilePasswordNeeded.into());
        }
        let language = self.console.language;
        let limits = self.more_memory(locked)?;
        let question = if locked.takes_code() {
            words::file_secret_question(language, &self.path, &locked.app.name())
        } else {
            words::file_password_question(language, &self.path, &locked.app.name())
        };
        for _ in 1..TRIES {
            let typed = ask::secret(self.console, &question)?;
            match self.with_typed(locked, &typed, limits) {
                Err(failure) if WRONG.iter().any(|reason| failure.name() == reason.name()) => {
                    self.console.note(&failure.words(language).0);
                }
                done => return done,
            }
        }
        self.with_typed(locked, &ask::secret(self.console, &question)?, limits)
    }

    /// What looks like a recovery code is one, where the file has one.
    fn with_typed(&self, locked: &Locked, typed: &Secret, limits: Limits) -> Result<Batch, Failure> {
        // EXPOSE: only its form is looked at.
        if locked.takes_code() && typed.expose_str().is_some_and(RecoveryCode::is_like) {
            self.with_code(locked, typed)
        } else {
            self.with_password(locked, typed, limits)
        }
    }

    fn with_code(&self, locked: &Locked, code: &Secret) -> Result<Batch, Failure> {
        // EXPOSE: the file is opened with it.
        let typed = code.expose_str().unwrap_or_default();
        self.run(locked.unlock_with_code(typed)?)
    }

    /// Where the file wants more memory than is given, the person is asked.
    fn more_memory(&self, locked: &Locked) -> Result<Limits, Failure> {
        let wanted = locked.costs().map(|cost| cost.memory_kib).max().unwrap_or(0);
        if wanted <= self.limits.memory_kib {
            return Ok(self.limits);
        }
        // More memory is no way on where the work is too much as well.
        locked.check(Limits { memory_kib: wanted })?;
        let mib = wanted.div_ceil(1024);
        let agreed = ask::yes(self.console, &words::memory_question(self.console.language, &mib))?;
        if agreed { Ok(Limits { memory_kib: wanted }) } else { Err(Own::Cancelled.into()) }
    }

    fn with_password(&self, locked: &Locked, password: &Secret, limits: Limits) -> Result<Batch, Failure> {
        // EXPOSE: the key of the file is derived from it.
        let unlocking = locked.unlock(password.expose(), limits)?;
        self.announce(locked);
        self.run(unlocking)
    }

    fn run(&self, mut unlocking: Unlocking) -> Result<Batch, Failure> {
        let mut shown = None;
        loop {
            match unlocking.step()? {
                Progress::Done(batch) => return Ok(batch),
                Progress::Working { done, of } => {
                    let percent = done.saturating_mul(100) / of.max(1);
                    if shown.replace(percent) != Some(percent) {
                        self.progress(percent);
                    }
                }
            }
        }
    }

    /// How long it takes, when it takes long: measured by a small part of such work. Ctrl-C stops it at any time, and
    /// nothing has been changed.
    fn announce(&self, locked: &Locked) {
        let start = Instant::now();
        let parts = locked.trial();
        // A figure for people: what a float can't hold is beyond patience.
        let seconds = start.elapsed().as_secs_f64() * u32::try_from(parts).map_or(f64::INFINITY, f64::from);
        if seconds > LONG {
            let seconds = format!("{seconds:.0}");
            self.console.note(&words::opening_takes(self.console.language, &self.path, &seconds));
        }
    }

    fn progress(&self, percent: u64) {
        let mut err = io::stderr();
        if !self.console.json && err.is_terminal() {
            // Progress is no result: where it can't be written, nothing is lost.
            let _ = write!(err, "\r{percent} %\r");
            let _ = err.flush();
        }
    }
}
