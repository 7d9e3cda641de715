use countersign::reason::Reason;
use countersign::vault::{Shelf, Summary};
use serde_json::json;

use crate::failure::{Failure, Own};
use crate::session::Session;
use crate::text::title_of;

/// The one account that the query means: its id, or words of its names.
pub fn find(session: &mut Session, query: &str, shelf: Shelf) -> Result<Summary, Failure> {
    find_among(session, query, shelf, |_| true)
}

/// The same among those that `fits`.
pub fn find_among(
    session: &mut Session,
    query: &str,
    shelf: Shelf,
    fits: impl Fn(&Summary) -> bool,
) -> Result<Summary, Failure> {
    // A search without a word finds everything; a query without one is a variable without a value, and means no account.
    if query.trim().is_empty() {
        return Err(Own::AccountNotFound.into());
    }
    let now = session.now();
    let mut accounts = session.core.accounts(shelf, now)?;
    accounts.retain(|account| fits(account));
    if let Some(by_id) = accounts.iter().find(|account| account.id == query) {
        return Ok((*by_id).clone());
    }
    // As a list shows it; words of it may stand in others' names as well.
    let mut called = accounts.iter().filter(|account| title_of(&account.issuer, &account.name) == query);
    if let (Some(only), None) = (called.next(), called.next()) {
        return Ok((*only).clone());
    }
    let mut matches = session.core.search(query, shelf, now)?;
    matches.retain(|account| fits(account));
    match (matches.pop(), matches.is_empty()) {
        // It may be among what can't be read.
        (None, _) if !session.damaged.is_empty() => Err(Reason::VaultDamaged.into()),
        (None, _) => Err(Own::AccountNotFound.into()),
        (Some(only), true) => Ok(only.clone()),
        (Some(last), false) => Err(ambiguous(matches.into_iter().chain([last]))),
    }
}

/// Several accounts match: these.
pub fn ambiguous<'a>(matches: impl IntoIterator<Item = &'a Summary>) -> Failure {
    let listed: Vec<_> = matches
        .into_iter()
        .map(|account| json!({"id": account.id, "issuer": account.issuer, "account": account.name}))
        .collect();
    Failure::from(Own::Ambiguous).with("matches", listed)
}
