use std::path::Path;

use countersign::authenticator::Stored;
use countersign::reason::Reason;
use serde_json::json;

use super::add::trust;
use super::scan::scan_any;
use crate::args::Organisation;
use crate::failure::Failure;
use crate::session::Place;
use crate::words;

/// Stores an organisation's client credentials for one issuer.
pub fn organisation(place: &Place, args: &Organisation) -> Result<(), Failure> {
    let scanned = scan_any(Path::new(&args.text.input))?;
    let origin = match scanned.refusal() {
        Some(reason) => return Err(reason.into()),
        None => {
            scanned.origin().filter(|_| scanned.kind() == "organisation").ok_or(Reason::NotAddedThisWay)?
        }
    };
    let mut session = place.open()?;
    trust(session.console, origin, &args.trust)?;
    let stored =
        session.core.store_organisation(&scanned, &origin.to_string(), args.replace, session.now())?;
    session.remember()?;
    let language = session.console.language;
    let name = scanned.issuer().map_or_else(|| origin.to_string(), ToOwned::to_owned);
    let words = match stored {
        Stored::Added => words::organisation_stored(language, &name),
        Stored::Replaced => words::organisation_replaced(language, &name),
    };
    let object = json!({
        "issuer": origin.to_string(),
        "name": scanned.issuer(),
        "replaced": stored == Stored::Replaced,
    });
    session.console.result(&object, &words)
}
