//! `countersign import`: a preview of what other apps' files hold, the choice, one transaction, and its undoing.

mod choice;
mod open;
mod rows;

pub use choice::Numbers;

use countersign::authenticator::{Imported, PastImport};
use countersign::transfer::import::{Batch, Row, compare};
use serde_json::{Value, json};

use self::choice::chosen;
use self::open::Read;
use crate::args::Import;
use crate::ask;
use crate::failure::{Failure, Own};
use crate::session::{Place, Session};
use crate::words;

/// What `--undo` means without an id.
const LATEST: &str = "latest";

/// Brings in the accounts of other apps' files, shows what that would do, or undoes it.
pub fn import(place: &Place, args: &Import) -> Result<(), Failure> {
    if let Some(id) = &args.undo {
        return undo(place, id);
    }
    let read = open::files(place.console, args)?;
    if args.preview {
        return preview(place, args, &read);
    }
    let mut session = place.open()?;
    let rows = session.core.preview_import(&read.batch, session.now())?;
    let chosen = chosen(&read.batch, &rows, args)?;
    let shown = rows::Shown { batch: &read.batch, rows: &rows, chosen: &chosen, at: args.codes_at };
    let console = session.console;
    if console.can_ask() && !args.yes && !console.json {
        console.note(&rows::table(&shown, console.language));
        tell_missing(place, &read.batch);
        if !chosen.is_empty() && !ask::yes(console, &words::import_question(console.language, &chosen.len()))?
        {
            return Err(Own::Cancelled.into());
        }
    }
    let imported = session.core.import(&read.batch, &chosen, session.now())?;
    session.remember()?;
    let words = match &imported.id {
        Some(id) => words::imported(console.language, &chosen.len(), id),
        None => words::nothing_imported(console.language),
    };
    console.result(&object(&read, &shown, Some(&imported)), &words)
}

/// What an import would do. It compares with the vault where there is one that can be opened, and does without.
fn preview(place: &Place, args: &Import, read: &Read) -> Result<(), Failure> {
    let rows: Vec<Row> = if place.file.exists() && place.knows_password() {
        let mut session = place.open()?;
        session.core.preview_import(&read.batch, session.now())?
    } else {
        compare(&read.batch.entries, &[])
    };
    let chosen = chosen(&read.batch, &rows, args)?;
    let shown = rows::Shown { batch: &read.batch, rows: &rows, chosen: &chosen, at: args.codes_at };
    let language = place.console.language;
    place.console.result(&object(read, &shown, None), &rows::table(&shown, language))?;
    tell_missing(place, &read.batch);
    Ok(())
}

fn tell_missing(place: &Place, batch: &Batch) {
    let missing = batch.missing();
    if !missing.is_empty() {
        let of = batch.parts.first().map_or(0, |part| part.of);
        let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
        place.console.note(&words::parts_missing(place.console.language, &missing.join(", "), &of));
    }
}

fn object(read: &Read, shown: &rows::Shown<'_>, imported: Option<&Imported>) -> Value {
    let accounts = imported.map(|imported| imported.accounts.as_slice()).unwrap_or_default();
    json!({
        "app": read.app,
        "format": read.format,
        "files": read.files,
        "missing_parts": read.batch.missing(),
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
        return Err(Failure::from(countersign::reason::Reason::NoSuchImport).with("imports", others));
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
