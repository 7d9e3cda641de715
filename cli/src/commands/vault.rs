use countersign::entropy::{Entropy as _, SystemEntropy};
use countersign::vault::{NewPassword, RecoveryCode};
use serde_json::json;

use super::backup;
use crate::args::{Init, Passwd};
use crate::ask;
use crate::failure::{Failure, Own};
use crate::output::Console;
use crate::session::{Place, Session};
use crate::words;

/// Makes a vault, shows the recovery code once, at a terminal checks that it was written down, and asks where backups
/// shall live.
pub fn init(place: &Place, args: &Init) -> Result<(), Failure> {
    let console = place.console;
    let password = place.new_password()?;
    // Before there is a vault: nothing has been made when this fails.
    let folder = args.backup_folder.as_deref().map(backup::made).transpose()?;
    let (mut session, code) = place.create_with(&password)?;
    let language = console.language;
    show_code(
        &session,
        &code,
        &json!({"vault": place.shown()}),
        &words::vault_made(language, &place.shown()),
    )?;
    let folder = match folder {
        None if !console.json && console.can_ask() => asked_folder(console)?,
        folder => folder,
    };
    let begun = folder.map(|folder| backup::begin(&mut session, folder, &password));
    match begun {
        None => console.note(&words::no_backup_yet(language)),
        Some(Ok(())) => {}
        // The vault is made and its code was shown: that stays.
        Some(Err(failure)) => {
            let (what, next) = failure.words(language);
            console.note(&words::backup_failed(language, &what, &next));
        }
    }
    Ok(())
}

/// Where backups shall live; nothing for later.
fn asked_folder(console: Console) -> Result<Option<String>, Failure> {
    loop {
        let typed = ask::line(console, &words::backup_folder_question(console.language))?;
        if typed.is_empty() {
            return Ok(None);
        }
        match backup::made(typed.as_ref()) {
            Ok(folder) => return Ok(Some(folder)),
            Err(failure) => console.note(&failure.words(console.language).0),
        }
    }
}

/// Changes the password; the old one opens nothing any more.
pub fn passwd(place: &Place, args: &Passwd) -> Result<(), Failure> {
    let mut session =
        if args.with_recovery_code { place.open_with_recovery_code()? } else { place.open()? };
    let console = session.console;
    let password = match &args.new_password_file {
        Some(file) => ask::read_secret(file)?,
        None if console.can_ask() => ask::new_password(console)?,
        None => return Err(Own::NewPasswordNeeded.into()),
    };
    if password.is_empty() {
        return Err(Own::PasswordUnusable.into());
    }
    let busy = console.busy(words::making_keys(console.language));
    // EXPOSE: the vault's new key is derived from it.
    let new = NewPassword::derive(password.expose(), &mut SystemEntropy::new())?;
    session.core.set_password(&new, session.now())?;
    drop(busy);
    session.remember()?;
    console.result(&json!({"result": "changed"}), &words::password_changed(console.language))
}

/// A new recovery code; the old one ends.
pub fn new_recovery_code(place: &Place) -> Result<(), Failure> {
    let mut session = place.open()?;
    let code = session.core.new_recovery_code(session.now())?;
    session.remember()?;
    let words = words::new_recovery_code(session.console.language);
    show_code(&session, &code, &json!({}), &words)
}

/// Whether the written code is the right one.
pub fn check_recovery_code(place: &Place) -> Result<(), Failure> {
    let mut session = place.open()?;
    let console = session.console;
    let typed = ask::recovery_code(console)?;
    // EXPOSE: compared with the vault's.
    let right = session.core.check_recovery(typed.expose_str().unwrap_or_default())?;
    if !right {
        return Err(countersign::reason::Reason::WrongRecoveryCode.into());
    }
    console.result(&json!({"result": "right"}), &words::recovery_code_right(console.language))
}

/// Shows a code the only time, and asks for one of its groups where somebody can answer.
fn show_code(
    session: &Session,
    code: &RecoveryCode,
    object: &serde_json::Value,
    before: &str,
) -> Result<(), Failure> {
    let console = session.console;
    // EXPOSE: the person writes it down.
    let text = code.text().expose_str().unwrap_or_default();
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.insert("recovery_code".into(), json!(text));
    }
    console.result(&object, &format!("{before}\n\n    {text}\n"))?;
    if !console.json && console.can_ask() {
        check_written(console, code)?;
    }
    Ok(())
}

fn check_written(console: Console, code: &RecoveryCode) -> Result<(), Failure> {
    let mut byte = [0];
    SystemEntropy::new().fill(&mut byte).map_err(|_| Own::Internal)?;
    let group = usize::from(byte[0]) % RecoveryCode::GROUPS + 1;
    loop {
        let typed = ask::line(console, &words::type_group(console.language, &group))?;
        if code.has_group(group, &typed) {
            console.note(&words::written_down(console.language));
            return Ok(());
        }
        console.note(&words::group_differs(console.language));
    }
}
