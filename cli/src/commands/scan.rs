use std::path::Path;

use countersign::authenticator::Scanned;
use countersign::qr;
use countersign::reason::Reason;
use serde_json::json;

use crate::ask::{self, Scan};
use crate::failure::{Failure, Own};
use crate::output::Console;
use crate::panics;
use crate::text::title_of;
use crate::words;

/// The one set-up code of a picture, or of standard input.
pub fn scan(input: &Path) -> Result<Scanned, Failure> {
    the_one(codes(read(input)?)?)
}

/// The same of a file or standard input that may be a text or a picture.
pub fn scan_any(input: &Path) -> Result<Scanned, Failure> {
    the_one(codes(ask::read_scan(input)?)?)
}

/// As [`scan`]; of several codes the one with this number (from 1), or the one that the person names.
pub fn scan_one_of(console: Console, input: &Path, number: Option<usize>) -> Result<Scanned, Failure> {
    let given = read(input)?;
    let busy = console.busy(words::reading_picture(console.language));
    let mut codes = codes(given)?;
    drop(busy);
    let number = match number {
        Some(number) => number,
        None if codes.len() < 2 || !console.can_ask() => return the_one(codes),
        None => asked(console, &codes)?,
    };
    match number.checked_sub(1).filter(|at| *at < codes.len()) {
        Some(at) => Ok(codes.swap_remove(at)),
        None => Err(listed(Own::NoSuchCode, &codes)),
    }
}

fn the_one(mut codes: Vec<Scanned>) -> Result<Scanned, Failure> {
    match codes.len() {
        0 => Err(Reason::NoCodeInPicture.into()),
        1 => Ok(codes.swap_remove(0)),
        // Which one is meant is not guessed.
        _ => Err(listed(Own::SeveralCodes, &codes)),
    }
}

/// A file is a picture; standard input may be a text as well.
fn read(input: &Path) -> Result<Scan, Failure> {
    if input == Path::new("-") { ask::read_scan(input) } else { ask::read_picture(input).map(Scan::Picture) }
}

/// Every code that can be added, or else the one that tells why none can.
fn codes(given: Scan) -> Result<Vec<Scanned>, Failure> {
    let picture = match given {
        Scan::Picture(picture) => picture,
        // EXPOSE: recognising reads the text; the object keeps it.
        Scan::Text(text) => return Ok(vec![Scanned::read(text.expose())]),
    };
    let texts = panics::reading(|| qr::scan_picture(&picture))?;
    // EXPOSE: as above.
    let scanned = texts.iter().map(|text| Scanned::read(text.expose()));
    let (mut usable, refused): (Vec<_>, Vec<_>) = scanned.partition(|code| code.refusal().is_none());
    if usable.is_empty() {
        usable.extend(refused.into_iter().next());
    }
    Ok(usable)
}

/// The number that the person types; what is no number means none of them.
fn asked(console: Console, codes: &[Scanned]) -> Result<usize, Failure> {
    for (number, code) in (1..).zip(codes) {
        console.note(&words::one_of_codes(console.language, &number, &title(code)));
    }
    Ok(ask::line(console, &words::which_code(console.language))?.parse().unwrap_or(0))
}

/// A failure with the codes that there are, by what each is for.
fn listed(own: Own, codes: &[Scanned]) -> Failure {
    let listed: Vec<_> = codes
        .iter()
        .map(|code| {
            json!({
                "kind": code.kind(),
                "origin": code.origin().map(ToString::to_string),
                "issuer": code.issuer(),
                "account": code.account(),
            })
        })
        .collect();
    Failure::from(own).with("codes", listed)
}

fn title(code: &Scanned) -> String {
    let names = title_of(code.issuer().unwrap_or_default(), code.account().unwrap_or_default());
    match code.origin().filter(|_| code.system().is_some()) {
        Some(origin) => format!("{names} ({origin})"),
        None => names,
    }
}
