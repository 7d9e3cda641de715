//! Backups as files: written, read back and opened before they count; a folder that keeps some of them.

mod folder;

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use countersign::authenticator::{BackupPlace, BackupWarning, LastBackup};
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::transfer::backup::{Names, is_backup};
use countersign::transfer::import::{Limits, Opened, Progress, open};

use crate::failure::{Failure, Own};
use crate::files::{Over, Unwritten, write_checked};
use crate::session::Session;
use crate::words;

/// So many bytes tell whose file it is.
const START: u64 = 64;

/// A backup that was written and counts.
pub struct Written {
    /// Where it is.
    pub file: PathBuf,
    /// What the vault keeps of it.
    pub last: LastBackup,
    /// Older ones that went for it.
    pub removed: Vec<PathBuf>,
}

/// Writes a backup to this file. One that is there stays until the new one was read back and opened: with the
/// password where that is at hand, else with the key of this file alone.
fn write(
    session: &mut Session,
    file: &Path,
    over: Over,
    password: Option<&Secret>,
) -> Result<Written, Failure> {
    let backup = session.core.backup(session.now())?;
    let of_file = |failure: Failure| failure.or_with("file", file.display().to_string());
    let check = |read: &[u8]| {
        backup.check(read).map_err(Failure::from)?;
        password.map_or(Ok(()), |password| opens(read, password, backup.accounts()))
    };
    write_checked(file, backup.bytes(), over, check).map_err(|error| match error {
        Unwritten::Disk(_) => of_file(Own::FileUnwritable.into()),
        Unwritten::Wrong(failure) => of_file(failure),
    })?;
    let read = fs::read(file).map_err(|_| of_file(Reason::BackupUnverified.into()))?;
    let last = session.core.confirm_backup(&backup, &read, session.now())?;
    session.remember_head()?;
    Ok(Written { file: file.to_owned(), last, removed: Vec::new() })
}

/// The same to a file that the person named: an older backup goes for it, anything else stays.
pub fn write_over(session: &mut Session, file: &Path, password: Option<&Secret>) -> Result<Written, Failure> {
    let mut start = Vec::new();
    match File::open(file).and_then(|there| there.take(START).read_to_end(&mut start)) {
        Ok(_) if !is_backup(&start) => {
            Err(Failure::from(Own::FileExists).with("file", file.display().to_string()))
        }
        // What can't be read can't be written either, or is not there.
        _ => write(session, file, Over::Anything, password),
    }
}

/// Writes a backup to the folder under a name of its own, and then removes what is more than are to be kept.
pub fn write_to(
    session: &mut Session,
    place: &BackupPlace,
    password: Option<&Secret>,
) -> Result<Written, Failure> {
    let (folder, names) = (Path::new(&place.folder), Names::of(session.core.vault_id()));
    let mut written = loop {
        let file = folder::free(folder, &names, session.now().wall);
        match write(session, &file, Over::Nothing, password) {
            // Another process was quicker: the next name.
            Err(failure) if failure.name() == Own::FileUnwritable.name() && file.exists() => {}
            written => break written?,
        }
    };
    // One that lacks an account takes the place of none that has it.
    if written.last.damaged == 0 {
        written.removed = folder::remove_old(folder, &names, &written.file, place.keep);
    }
    Ok(written)
}

/// Writes the backup that the person wants after each change. That it can't be written undoes no change: it is said.
pub fn after_change(session: &mut Session) {
    let now = session.now();
    let written = match session.core.backup_state(now).map(|state| state.place) {
        Ok(Some(place)) if place.is_automatic => match session.core.is_backup_due(now) {
            Ok(true) => write_to(session, &place, None).map(drop),
            Ok(false) => Ok(()),
            Err(error) => Err(error.into()),
        },
        Ok(_) => Ok(()),
        Err(error) => Err(error.into()),
    };
    if let Err(failure) = written {
        let language = session.console.language;
        let (what, next) = failure.words(language);
        session.warnings.push(words::backup_failed(language, &what, &next));
    }
}

/// What there is to say about the vault's backups: that there is none, that changes are in none, that it is old.
pub fn warning(session: &mut Session) -> Result<Option<String>, Failure> {
    let language = session.console.language;
    let warning = session.core.backup_state(session.now())?.warning();
    Ok(warning.map(|warning| match warning {
        BackupWarning::NoneYet => words::no_backup_yet(language),
        BackupWarning::Missing(accounts) => words::not_in_backup(language, &accounts),
        BackupWarning::Old(days) => words::backup_old(language, &days),
    }))
}

/// Whether the file opens with its password to so many accounts.
fn opens(file: &[u8], password: &Secret, accounts: u64) -> Result<(), Failure> {
    let unverified = |_| Failure::from(Reason::BackupUnverified);
    let Ok(Opened::Locked(locked)) = open(file) else { return Err(Reason::BackupUnverified.into()) };
    // EXPOSE: the key of the file is derived from it.
    let mut unlocking = locked.unlock(password.expose(), Limits::default()).map_err(unverified)?;
    loop {
        if let Progress::Done(batch) = unlocking.step().map_err(unverified)? {
            let is_all = u64::try_from(batch.entries.len()) == Ok(accounts);
            return if is_all { Ok(()) } else { Err(Reason::BackupUnverified.into()) };
        }
    }
}
