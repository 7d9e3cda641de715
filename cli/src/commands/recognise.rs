use std::path::Path;

use serde_json::json;

use super::scan::scan_any;
use crate::failure::Failure;
use crate::names;
use crate::output::Console;
use crate::words;

/// Says what a text is. Its secrets stay inside.
pub fn recognise(input: &str, console: Console) -> Result<(), Failure> {
    let scanned = scan_any(Path::new(input))?;
    let (what, next) = words::of_scanned(&scanned, console.language);
    let origin =
        scanned.origin().map(ToString::to_string).or_else(|| scanned.foreign_host().map(ToOwned::to_owned));
    let object = json!({
        "kind": scanned.kind(),
        "origin": origin,
        "issuer": scanned.issuer(),
        "account": scanned.account(),
        "reason": scanned.refusal().map(countersign::reason::Reason::name),
        "text": what,
        "next": next,
        "odd": scanned.odd().iter().map(|odd| names::of_odd(*odd)).collect::<Vec<_>>(),
    });
    console.result(&object, &format!("{what}\n{next}"))?;
    for odd in scanned.odd() {
        console.note(&words::odd_was(console.language, &words::of_odd(*odd, console.language)));
    }
    Ok(())
}
