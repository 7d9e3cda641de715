use countersign::vault::{Shelf, Summary};
use serde_json::json;

use super::find;
use crate::args::{Purge, Rename};
use crate::ask;
use crate::failure::{Failure, Own};
use crate::session::{Place, Session};
use crate::text::title_of;
use crate::words::{self, Language};

/// Other names; what is not given stays.
pub fn rename(place: &Place, args: &Rename) -> Result<(), Failure> {
    let mut session = place.open()?;
    let summary = find(&mut session, &args.of.query, Shelf::InUse)?;
    let issuer = args.issuer.as_deref().unwrap_or(&summary.issuer);
    let name = args.account.as_deref().unwrap_or(&summary.name);
    session.core.rename(&summary.id, issuer, name, session.now())?;
    session.remember()?;
    let console = session.console;
    // As they are kept: cleaned.
    let kept = session.core.summary(&summary.id, session.now())?;
    let words = words::renamed(console.language, &title_of(&kept.issuer, &kept.name));
    console.result(&json!({"id": summary.id, "result": "renamed"}), &words)
}

/// Into the trash, with a reminder of what is still to be done elsewhere.
pub fn remove(place: &Place, query: &str) -> Result<(), Failure> {
    let mut session = place.open()?;
    let summary = find(&mut session, query, Shelf::InUse)?;
    session.core.remove(&summary.id, session.now())?;
    session.remember()?;
    let console = session.console;
    let words = words::removed(console.language, &title_of(&summary.issuer, &summary.name), &summary.id);
    console.result(&json!({"id": summary.id, "result": "removed"}), &words)?;
    for reminder in reminders(&summary, console.language) {
        console.note(&reminder);
    }
    Ok(())
}

/// What a service still has of an account that was removed here.
fn reminders(account: &Summary, language: Language) -> Vec<String> {
    let approvals = account.approvals.then(|| words::remove_on_the_server(language));
    let codes = account.codes.then(|| words::turn_codes_off(language));
    approvals.into_iter().chain(codes).collect()
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
    let summary = find(&mut session, &args.of.query, Shelf::Trash)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_fits_what_the_account_did() {
        let language = Language::English;
        let server = words::remove_on_the_server(language);
        let codes = words::turn_codes_off(language);
        for (can_codes, can_approve, expected) in [
            (true, false, vec![codes.clone()]),
            (false, true, vec![server.clone()]),
            (true, true, vec![server, codes]),
            (false, false, vec![]),
        ] {
            let account = Summary {
                id: "1".to_owned(),
                issuer: "Example".to_owned(),
                name: "alice".to_owned(),
                codes: can_codes,
                approvals: can_approve,
                favourite: false,
                tags: Vec::new(),
                trashed_at: None,
                needs_backup: false,
            };
            assert_eq!(reminders(&account, language), expected);
        }
    }
}
