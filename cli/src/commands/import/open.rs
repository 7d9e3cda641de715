use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::time::Instant;

use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::transfer::import::{Batch, Limits, Locked, Opened, Progress, Refused, open};
use serde_json::{Value, json};

use crate::args::Import;
use crate::ask;
use crate::failure::{Failure, Own};
use crate::output::Console;
use crate::panics;
use crate::text::visible;
use crate::words;

/// How often a wrong password may be typed.
const TRIES: usize = 3;
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
pub fn files(console: Console, args: &Import) -> Result<Read, Failure> {
    let inputs = args.files.iter().chain(&args.password_file).filter(|file| *file == Path::new("-"));
    if inputs.count() > 1 {
        return Err(Own::Usage.into());
    }
    let password = args.password_file.as_deref().map(ask::read_secret).transpose()?;
    let limits =
        args.memory.map_or_else(Limits::default, |mib| Limits { memory_kib: mib.saturating_mul(1024) });
    let mut read: Option<Read> = None;
    for file in &args.files {
        let path = file.display().to_string();
        let opening = Opening { console, password: password.as_ref(), limits, path: &path };
        let batch = opening.file(file).map_err(|failure| {
            if args.files.len() > 1 && !console.json {
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
    limits: Limits,
    path: &'a str,
}

impl Opening<'_> {
    fn file(&self, file: &Path) -> Result<Batch, Failure> {
        let bytes = ask::read_export(file)?;
        match panics::reading(|| open(&bytes)).map_err(failure)? {
            Opened::Entries(batch) => Ok(batch),
            Opened::Locked(locked) => self.locked(&locked).map_err(|failure| {
                failure.or_with("app", locked.app.name()).or_with("format", locked.format)
            }),
        }
    }

    fn locked(&self, locked: &Locked) -> Result<Batch, Failure> {
        if let Some(password) = self.password {
            return self.with_password(locked, password, self.limits);
        }
        if !self.console.can_ask() {
            return Err(Own::FilePasswordNeeded.into());
        }
        let language = self.console.language;
        let limits = self.more_memory(locked)?;
        let question = words::file_password_question(language, &self.path, &locked.app.name());
        for _ in 1..TRIES {
            let typed = ask::secret(self.console, &question)?;
            match self.with_password(locked, &typed, limits) {
                Err(failure) if failure.name() == Reason::ImportWrongPassword.name() => {
                    self.console.note(failure.words(language).0);
                }
                done => return done,
            }
        }
        self.with_password(locked, &ask::secret(self.console, &question)?, limits)
    }

    /// Where the file wants more memory than is given, the person is asked.
    fn more_memory(&self, locked: &Locked) -> Result<Limits, Failure> {
        let wanted = locked.costs().map(|cost| cost.memory_kib).max().unwrap_or(0);
        if wanted <= self.limits.memory_kib {
            return Ok(self.limits);
        }
        let mib = wanted.div_ceil(1024);
        let agreed = ask::yes(self.console, &words::memory_question(self.console.language, &mib))?;
        if agreed { Ok(Limits { memory_kib: wanted }) } else { Err(Own::Cancelled.into()) }
    }

    fn with_password(&self, locked: &Locked, password: &Secret, limits: Limits) -> Result<Batch, Failure> {
        // EXPOSE: the key of the file is derived from it.
        let mut unlocking = locked.unlock(password.expose(), limits).map_err(failure)?;
        self.announce(locked);
        let mut shown = None;
        loop {
            match unlocking.step().map_err(failure)? {
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
        let seconds = locked.costs().next().map_or(0.0, |cost| {
            let start = Instant::now();
            let parts = cost.trial();
            // A figure for people: what a float can't hold is beyond patience.
            start.elapsed().as_secs_f64() * u32::try_from(parts).map_or(f64::INFINITY, f64::from)
        });
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

/// With the figures, where a limit was passed.
fn failure(refused: Refused) -> Failure {
    let failure = Failure::from(refused.reason);
    match refused.figures {
        Some(figures) => {
            failure.with("wanted", figures.wanted).with("most", figures.most).with("unit", figures.unit)
        }
        None => failure,
    }
}
