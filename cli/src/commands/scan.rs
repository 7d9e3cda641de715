//! What is scanned: a picture's code or a text.

use std::path::Path;

use countersign::authenticator::Scanned;
use countersign::qr;
use countersign::reason::Reason;

use crate::ask::{self, Scan};
use crate::failure::Failure;

/// The set-up text of a picture's one code; on standard input a text or a picture.
pub fn scan(input: &Path) -> Result<Scanned, Failure> {
    if input == Path::new("-") { scan_any(input) } else { scan_picture(&ask::read_picture(input)?) }
}

/// The same of a file or standard input that may be either.
pub fn scan_any(input: &Path) -> Result<Scanned, Failure> {
    match ask::read_scan(input)? {
        Scan::Picture(picture) => scan_picture(&picture),
        // EXPOSE: recognising reads the text; the object keeps it.
        Scan::Text(text) => Ok(Scanned::read(text.expose())),
    }
}

fn scan_picture(picture: &[u8]) -> Result<Scanned, Failure> {
    let texts = qr::scan_picture(picture)?;
    // EXPOSE: as above. Of several codes the first that can be added counts.
    let mut scanned = texts.iter().map(|text| Scanned::read(text.expose()));
    let first = scanned.next().ok_or(Reason::NoCodeInPicture)?;
    Ok(if first.refusal().is_none() {
        first
    } else {
        scanned.find(|code| code.refusal().is_none()).unwrap_or(first)
    })
}
