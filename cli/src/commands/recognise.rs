use std::path::Path;

use countersign::authenticator::Scanned;
use serde_json::json;

use crate::ask;
use crate::failure::Failure;
use crate::output::Console;
use crate::words;

/// Says what a text is. Its secrets stay inside.
pub fn recognise(input: &str, console: Console) -> Result<(), Failure> {
    let text = ask::read_secret(Path::new(input))?;
    // EXPOSE: recognising reads the text; the object keeps it.
    let scanned = Scanned::read(text.expose());
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
    });
    console.result(&object, &format!("{what}\n{next}"))
}
