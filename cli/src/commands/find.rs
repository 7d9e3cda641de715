use countersign::vault::{Shelf, Summary};
use serde_json::json;

use crate::failure::{Failure, Own};
use crate::session::Session;

/// The one account that the query means: its id, or words of its names.
pub fn find(session: &mut Session, query: &str, shelf: Shelf) -> Result<Summary, Failure> {
    let now = session.now();
    if let Some(by_id) = session.core.accounts(shelf, now)?.into_iter().find(|account| account.id == query) {
        return Ok(by_id.clone());
    }
    let mut matches: Vec<_> = session.core.search(query, shelf, now)?.into_iter().cloned().collect();
    match matches.len() {
        1 => Ok(matches.remove(0)),
        0 => Err(Own::AccountNotFound.into()),
        _ => {
            let listed: Vec<_> = matches
                .iter()
                .map(|account| json!({"id": account.id, "issuer": account.issuer, "account": account.name}))
                .collect();
            Err(Failure::from(Own::Ambiguous).with("matches", listed))
        }
    }
}
