use countersign::vault::Shelf;
use serde_json::json;

use super::find;
use crate::args::{Purge, Rename};
use crate::ask;
use crate::failure::{Failure, Own};
use crate::session::{Place, Session};
use crate::text::title_of;
use crate::words;

/// Other names; what is not given stays.
pub fn rename(place: &Place, args: &Rename) -> Result<(), Failure> {
    let mut session = place.open()?;
    let summary = find(&mut session, &args.id, Shelf::InUse)?;
    let issuer = args.issuer.as_deref().unwrap_or(&summary.issuer);
    let name = args.account.as_deref().unwrap_or(&summary.name);
    session.core.rename(&summary.id, issuer, name, session.now())?;
    session.remember()?;
    let words = words::renamed(session.console.language, &title_of(issuer, name));
    session.console.result(&json!({"id": summary.id, "result": "renamed"}), &words)
}

/// Into the trash, with the reminder that the server still knows the phone.
pub fn remove(place: &Place, query: &str) -> Result<(), Failure> {
    let mut session = place.open()?;
    let summary = find(&mut session, query, Shelf::InUse)?;
    session.core.remove(&summary.id, session.now())?;
    session.remember()?;
    let language = session.console.language;
    let words = words::removed(language, &title_of(&summary.issuer, &summary.name), &summary.id);
    session.console.result(&json!({"id": summary.id, "result": "removed"}), &words)?;
    session.console.note(&words::remove_on_the_server(language));
    Ok(())
}

/// Out of the trash.
pub fn restore(place: &Place, query: &str) -> Result<(), Failure> {
    let mut session = place.open()?;
    let summary = find(&mut session, query, Shelf::Trash)?;
    session.core.restore(&summary.id, session.now())?;
    session.remember()?;
    let words = words::restored(session.console.language, &title_of(&summary.issuer, &summary.name));
    session.console.result(&json!({"id": summary.id, "result": "restored"}), &words)
}

/// Out of the trash for good.
pub fn purge(place: &Place, args: &Purge) -> Result<(), Failure> {
    let mut session = place.open()?;
    let summary = find(&mut session, &args.id, Shelf::Trash)?;
    let (console, title) = (session.console, title_of(&summary.issuer, &summary.name));
    match args.yes {
        true => {}
        false if !console.can_ask() => return Err(Own::YesNeeded.into()),
        false if ask::yes(console, &words::purge_question(console.language, &title))? => {}
        false => return Err(Own::Cancelled.into()),
    }
    delete(&mut session, &summary.id)?;
    let object = json!({"id": summary.id, "result": "purged"});
    console.result(&object, &words::purged(console.language, &title))
}

/// Deletes an account that is in the trash. Its device key is a row of the vault, which goes with it.
pub fn delete(session: &mut Session, id: &str) -> Result<(), Failure> {
    session.core.purge(id, session.now())?;
    session.remember()
}
