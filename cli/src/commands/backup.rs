//! `countersign backup`: a file of one's own choice, the folder that keeps several, and a look at one that is there.

use std::path::{Path, PathBuf};

use countersign::authenticator::BackupPlace;
use countersign::entropy::SystemEntropy;
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::transfer::backup::KEPT;
use countersign::transfer::import::compare;
use countersign::vault::{NewPassword, RecoveryCode, Way};
use serde_json::{Value, json};

use super::import::{new_set_up_objects, open, rows};
use crate::args::{Access, Backup, Switch};
use crate::ask;
use crate::backups::{self, Written};
use crate::failure::{Failure, Own};
use crate::session::{Place, Session};
use crate::words;

/// Writes a backup that was read back and opened, or looks whether one opens.
pub fn backup(place: &Place, args: &Backup) -> Result<(), Failure> {
    if let Some(file) = &args.check {
        return check(place, file, args);
    }
    let mut session = place.open()?;
    if args.status {
        return status(&mut session);
    }
    let folder = folder(&mut session, args)?;
    if args.file.is_none() && folder.is_none() {
        return Err(Own::BackupPlaceNeeded.into());
    }
    let password = password(&mut session, args)?;
    let code = args.new_recovery_code.then(|| session.core.new_backup_code(session.now())).transpose()?;
    let busy = session.console.busy(words::making_backup(session.console.language));
    let written = match (&args.file, folder) {
        (Some(file), _) => backups::write_over(&mut session, file, password.as_ref()),
        (None, Some(folder)) => backups::write_to(&mut session, &folder, password.as_ref()),
        (None, None) => Err(Own::BackupPlaceNeeded.into()),
    };
    drop(busy);
    match written {
        Ok(written) => tell(&session, &written, code.as_ref()),
        Err(failure) => Err(with_code(&session, failure, code.as_ref())),
    }
}

/// A code that was made opens the backups to come, also when this one could not be written.
fn with_code(session: &Session, failure: Failure, code: Option<&RecoveryCode>) -> Failure {
    // EXPOSE: the person writes it down.
    let Some(code) = code.and_then(|code| code.text().expose_str()) else { return failure };
    if !session.console.json {
        session.console.note(&format!("{}\n\n    {code}\n", words::backup_code(session.console.language)));
    }
    failure.with("recovery_code", code)
}

/// Keeps the folder that is given at `init`, with the vault's password for the backups in it, and writes the first one.
pub fn begin(session: &mut Session, folder: String, password: &Secret) -> Result<(), Failure> {
    let place = BackupPlace { folder, keep: KEPT, is_automatic: true };
    set_password(session, password)?;
    session.core.set_backup_place(Some(&place), session.now())?;
    backups::write_to(session, &place, Some(password))?;
    let words = words::backup_folder_set(session.console.language, &place.folder, &place.keep);
    session.console.note(&words);
    Ok(())
}

/// The password of backups, where it is at hand: given, or asked for as there is none yet.
fn password(session: &mut Session, args: &Backup) -> Result<Option<Secret>, Failure> {
    let console = session.console;
    let password = match &args.password_file {
        Some(file) => ask::read_secret(file)?,
        None if session.core.backup_state(session.now())?.ways.contains(&Way::Password) => return Ok(None),
        None if console.can_ask() => {
            ask::secret_twice(console, &words::backup_password_question(console.language))?
        }
        None => return Err(Reason::NoBackupPassword.into()),
    };
    set_password(session, &password)?;
    Ok(Some(password))
}

fn set_password(session: &mut Session, password: &Secret) -> Result<(), Failure> {
    if password.is_empty() {
        return Err(Own::PasswordUnusable.into());
    }
    let _busy = session.console.busy(words::making_keys(session.console.language));
    // EXPOSE: the key of backups is derived from it.
    let new = NewPassword::derive(password.expose(), &mut SystemEntropy::new())?;
    session.core.set_backup_password(&new, session.now())?;
    session.remember_head()
}

/// Where backups go by themselves, with what is given now.
fn folder(session: &mut Session, args: &Backup) -> Result<Option<BackupPlace>, Failure> {
    let known = session.core.backup_state(session.now())?.place;
    let before =
        known.clone().unwrap_or(BackupPlace { folder: String::new(), keep: KEPT, is_automatic: false });
    let place = BackupPlace {
        folder: match &args.folder {
            Some(folder) => made(folder)?,
            None if known.is_none() && (args.keep.is_some() || args.automatic.is_some()) => {
                return Err(Own::BackupPlaceNeeded.into());
            }
            None => before.folder,
        },
        keep: args.keep.unwrap_or(before.keep),
        is_automatic: args.automatic.map_or(before.is_automatic, |automatic| automatic == Switch::On),
    };
    if place.folder.is_empty() {
        return Ok(None);
    }
    if known.as_ref() != Some(&place) {
        session.core.set_backup_place(Some(&place), session.now())?;
        session.remember_head()?;
    }
    Ok(Some(place))
}

/// The folder, made where it is not there, by its whole path. Later it is not made again: a disk that is not there
/// must not be taken for an empty folder.
pub fn made(folder: &Path) -> Result<String, Failure> {
    let unwritable = || Failure::from(Own::FileUnwritable).with("file", folder.display().to_string());
    std::fs::create_dir_all(folder).map_err(|_| unwritable())?;
    let whole = std::path::absolute(folder).map_err(|_| unwritable())?;
    whole.into_os_string().into_string().map_err(|_| unwritable())
}

fn tell(session: &Session, written: &Written, code: Option<&RecoveryCode>) -> Result<(), Failure> {
    let console = session.console;
    let language = console.language;
    // EXPOSE: the person writes it down.
    let code = code.and_then(|code| code.text().expose_str());
    let paths = |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
    let object = json!({
        "file": written.file.display().to_string(),
        "made_at": written.last.at,
        "accounts": written.last.accounts,
        "damaged": written.last.damaged,
        "removed": paths(&written.removed),
        "recovery_code": code,
    });
    let mut lines = vec![words::backup_written(language, &written.file.display(), &written.last.accounts)];
    if written.last.damaged > 0 {
        lines.push(words::backup_lacks(language, &written.last.damaged));
    }
    if !written.removed.is_empty() {
        lines.push(words::backup_removed(language, &written.removed.len()));
    }
    if let Some(code) = code {
        lines.push(format!("\n{}\n\n    {code}\n", words::backup_code(language)));
    }
    console.result(&object, &lines.join("\n"))
}

/// Says when the last backup was verified, what is in none, what opens those to come and where they go.
fn status(session: &mut Session) -> Result<(), Failure> {
    let (console, language) = (session.console, session.console.language);
    let state = session.core.backup_state(session.now())?;
    let last = state.last.as_ref();
    let opens_with = |way| state.ways.contains(&way);
    let object = json!({
        "last": last.map(|last| {
            json!({ "made_at": last.at, "accounts": last.accounts, "damaged": last.damaged })
        }),
        "missing": state.missing,
        "old_for_days": state.old_for_days,
        "has_password": opens_with(Way::Password),
        "has_recovery_code": opens_with(Way::Recovery),
        "folder": state.place.as_ref().map(|place| &place.folder),
        "keep": state.place.as_ref().map(|place| place.keep),
        "automatic": state.place.as_ref().is_some_and(|place| place.is_automatic),
    });
    let mut lines = Vec::new();
    if let Some(last) = last {
        let made = words::local_time(last.at, language);
        lines.push(words::last_backup(language, &made, &last.accounts));
        if last.damaged > 0 {
            lines.push(words::backup_lacks(language, &last.damaged));
        }
    }
    lines.extend(backups::warning(session)?);
    lines.push(match (opens_with(Way::Password), opens_with(Way::Recovery)) {
        (false, false) => words::backups_open_with_nothing(language),
        (true, false) => words::backups_open_with_password(language),
        (_, true) => words::backups_open_with_both(language),
    });
    lines.push(match &state.place {
        None => words::no_backup_folder(language),
        Some(place) if place.is_automatic => words::backup_folder_set(language, &place.folder, &place.keep),
        Some(place) => words::backup_folder_by_hand(language, &place.folder, &place.keep),
    });
    console.result(&object, &lines.join("\n"))
}

/// Opens a backup and says what is in it; no vault is needed.
fn check(place: &Place, file: &Path, args: &Backup) -> Result<(), Failure> {
    let (password_file, recovery_code_file) = (args.password_file.clone(), args.recovery_code_file.clone());
    let access = Access { password_file, recovery_code_file, memory: None };
    let batch = open::backup(place.console, file, &access)?.batch;
    let all = compare(&batch.entries, &[]);
    let shown = rows::Shown { batch: &batch, rows: &all, chosen: &[], at: None };
    let is_trashed = |kept: &countersign::transfer::import::Kept| kept.trashed_at.is_some();
    let trashed = batch.entries.iter().filter(|entry| entry.kept.as_ref().is_some_and(is_trashed)).count();
    let made_at = batch.made_at.unwrap_or_default();
    let object: Value = json!({
        "file": file.display().to_string(),
        "made_at": made_at,
        "accounts": batch.entries.len(),
        "in_trash": trashed,
        "set_up_again": new_set_up_objects(&shown),
        "rows": rows::objects(&shown, &[]),
    });
    let language = place.console.language;
    let made = words::local_time(made_at, language);
    let words = words::backup_opens(language, &made, &batch.entries.len(), &trashed);
    place.console.result(&object, &format!("{words}\n{}", rows::table(&shown, language)))
}
