//! `countersign import`: a preview of what other apps' files hold, the choice, one transaction, and its undoing.

mod choice;
pub mod open;
pub mod rows;

pub use choice::Numbers;

use countersign::authenticator::{Imported, PastImport};
use countersign::reason::Reason;
use countersign::transfer::backup::Approval;
use countersign::transfer::import::{App, Batch, Entry, Row, compare};
use serde_json::{Value, json};

use self::choice::chosen;
use self::open::Read;
use crate::args::{Choice, Import, RestoreBackup};
use crate::ask;
use crate::failure::{Failure, Own};
use crate::session::{Place, Session};
use crate::text::title_of;
use crate::words::{self, Language};

/// What `--undo` means without an id.
const LATEST: &str = "latest";

/// Brings in the accounts of other apps' files, shows what that would do, or undoes it.
pub fn import(place: &Place, args: &Import) -> Result<(), Failure> {
    if let Some(id) = &args.undo {
        return undo(place, id);
    }
    let read = open::files(place.console, &args.files, &args.access)?;
    bring_in(place, &args.choice, args.codes_at, &read)
}

/// The same for a backup of ours.
pub fn restore(place: &Place, args: &RestoreBackup) -> Result<(), Failure> {
    let read = open::backup(place.console, &args.file, &args.access)?;
    bring_in(place, &args.choice, None, &read)
}

fn bring_in(place: &Place, choice: &Choice, at: Option<i64>, read: &Read) -> Result<(), Failure> {
    if choice.preview {
        return preview(place, choice, at, read);
    }
    let mut session = place.open()?;
    let rows = session.core.preview_import(&read.batch, session.now())?;
    let chosen = chosen(&read.batch, &rows, choice)?;
    let shown = rows::Shown { batch: &read.batch, rows: &rows, chosen: &chosen, at };
    let console = session.console;
    if console.can_ask() && !choice.yes && !console.json {
        console.note(&listing(read, &shown, console.language));
        tell_missing(place, &read.batch);
        if !chosen.is_empty() && !ask::yes(console, &words::import_question(console.language, &chosen.len()))?
        {
            return Err(Own::Cancelled.into());
        }
    }
    let imported = session.core.import(&read.batch, &rows, &chosen, session.now())?;
    session.remember()?;
    let words = match &imported.id {
        Some(id) => words::imported(console.language, &chosen.len(), id),
        None => words::nothing_imported(console.language),
    };
    console.result(&object(read, &shown, Some(&imported)), &words)?;
    tell_new_set_ups(place, &shown);
    Ok(())
}

/// What an import would do. It compares with the vault where there is one that can be opened, and does without.
fn preview(place: &Place, choice: &Choice, at: Option<i64>, read: &Read) -> Result<(), Failure> {
    let rows: Vec<Row> = if place.file.exists() && place.knows_password() {
        let mut session = place.open()?;
        session.core.preview_import(&read.batch, session.now())?
    } else {
        compare(&read.batch.entries, &[])
    };
    let chosen = chosen(&read.batch, &rows, choice)?;
    let shown = rows::Shown { batch: &read.batch, rows: &rows, chosen: &chosen, at };
    let language = place.console.language;
    place.console.result(&object(read, &shown, None), &listing(read, &shown, language))?;
    tell_missing(place, &read.batch);
    tell_new_set_ups(place, &shown);
    Ok(())
}

/// Whose files they are, and a line for each entry.
fn listing(read: &Read, shown: &rows::Shown<'_>, language: Language) -> String {
    let mut apps: Vec<String> = Vec::new();
    for app in read.files.iter().filter_map(|file| file["app"].as_str()) {
        let is_list = app == App::OtpauthList.name();
        let app = if is_list { words::list_of_codes(language) } else { app.to_owned() };
        if !apps.contains(&app) {
            apps.push(app);
        }
    }
    format!("{}\n{}", words::from_apps(language, &apps.join(", ")), rows::table(shown, language))
}

fn tell_missing(place: &Place, batch: &Batch) {
    let missing = batch.missing();
    if !missing.is_empty() {
        let of = batch.part_count();
        let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
        place.console.note(&words::parts_missing(place.console.language, &missing.join(", "), &of));
    }
}

/// Entries that approved sign-ins and do not here.
pub fn new_set_ups<'a>(shown: &rows::Shown<'a>) -> impl Iterator<Item = (&'a Entry, &'a Approval)> {
    shown.each().filter_map(|(row, entry)| Some((entry, row.needs_new_set_up(entry)?)))
}

/// Each of them, with whom to ask.
pub fn new_set_up_objects(shown: &rows::Shown<'_>) -> Vec<Value> {
    let (text, next) = words::of_reason(Reason::NeedsNewSetUp, Language::English);
    new_set_ups(shown)
        .map(|(entry, approval)| {
            json!({
                "issuer": entry.issuer,
                "account": entry.name,
                "system": approval.system,
                "origin": approval.origin,
                "text": text,
                "next": next,
            })
        })
        .collect()
}

fn tell_new_set_ups(place: &Place, shown: &rows::Shown<'_>) {
    let language = place.console.language;
    let lines: Vec<_> = new_set_ups(shown)
        .map(|(entry, approval)| {
            words::set_up_again_line(language, &title_of(&entry.issuer, &entry.name), &approval.origin)
        })
        .collect();
    if !lines.is_empty() {
        place.console.note(&format!("{}\n{}", words::set_up_again(language), lines.join("\n")));
    }
}

fn object(read: &Read, shown: &rows::Shown<'_>, imported: Option<&Imported>) -> Value {
    let accounts = imported.map(|imported| imported.accounts.as_slice()).unwrap_or_default();
    json!({
        "app": read.app,
        "format": read.format,
        "files": read.files,
        "missing_parts": read.batch.missing(),
        "made_at": read.batch.made_at,
        "set_up_again": new_set_up_objects(shown),
        "rows": rows::objects(shown, accounts),
        "import": imported.and_then(|imported| imported.id.clone()),
        "added": imported.map(|imported| imported.accounts.len()),
    })
}

fn undo(place: &Place, id: &str) -> Result<(), Failure> {
    let mut session = place.open()?;
    let past = session.core.past_imports(session.now())?;
    let Some(import) = past.iter().rev().find(|import| id == LATEST || import.id == id) else {
        let others: Vec<_> = past.iter().map(past_object).collect();
        return Err(Failure::from(Reason::NoSuchImport).with("imports", others));
    };
    undo_this(&mut session, import)
}

fn undo_this(session: &mut Session, import: &PastImport) -> Result<(), Failure> {
    let removed = session.core.undo_import(&import.id, session.now())?;
    session.remember()?;
    let words = words::import_undone(session.console.language, &removed, &import.app);
    let object = json!({"import": import.id, "app": import.app, "result": "undone", "removed": removed});
    session.console.result(&object, &words)
}

fn past_object(import: &PastImport) -> Value {
    json!({"import": import.id, "app": import.app, "at": import.at.0, "accounts": import.accounts})
}
