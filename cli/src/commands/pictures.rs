use std::path::{Path, PathBuf};

use countersign::qr;
use countersign::reason::Reason;
use countersign::vault::Shelf;
use serde_json::{Value, json};

use super::find;
use crate::args::Draw;
use crate::ask;
use crate::failure::{Failure, Own};
use crate::files::write_result;
use crate::output::Console;
use crate::panics;
use crate::session::Place;
use crate::text::visible;
use crate::words;

/// Of a drawn code: large enough for a camera, small enough for a page.
pub const PIXELS_PER_MODULE: u8 = 8;

/// The texts of the codes in pictures, in the order given.
pub fn read(files: &[PathBuf], console: Console) -> Result<(), Failure> {
    let (mut objects, mut lines) = (Vec::with_capacity(files.len()), Vec::new());
    for file in files {
        let path = file.display().to_string();
        let shown = visible(&path);
        let busy = console.busy(words::reading_picture(console.language));
        let found = texts(file);
        drop(busy);
        match &found {
            Ok(texts) => lines.extend(texts.iter().map(|text| format!("{shown}: {}", visible(text)))),
            Err(reason) => {
                let (what, next) = reason.words(console.language);
                lines.push(format!("{shown}: {what} {next}"));
            }
        }
        let (texts, reason) = found
            .map_or_else(|failure| (Vec::new(), Value::from(failure.name())), |texts| (texts, Value::Null));
        objects.push(json!({"file": path, "texts": texts, "reason": reason}));
    }
    console.result(&json!({"files": objects}), &lines.join("\n"))
}

/// Draws an account's set-up code into a file.
pub fn show(place: &Place, args: &Draw) -> Result<(), Failure> {
    let output = args.output.as_path();
    let mut session = place.open()?;
    let summary = find(&mut session, &args.of.query, Shelf::InUse)?;
    if !summary.codes {
        return Err(Own::NoCodes.into());
    }
    let text = session.core.setup_text(&summary.id, session.now())?;
    // EXPOSE: the person asked for the code as a picture.
    let text = text.expose_str().ok_or(Own::Internal)?;
    let ending = output.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let picture = match ending.to_ascii_lowercase().as_str() {
        "svg" => qr::svg(text),
        "png" => qr::png(text, PIXELS_PER_MODULE),
        _ => return Err(Failure::from(Own::PictureKindUnknown).with("file", output.display().to_string())),
    }
    .map_err(Failure::from)?;
    // EXPOSE: the picture is what was asked for.
    write_result(output, picture.expose(), args.replace)?;
    let shown = output.display().to_string();
    session.console.result(&json!({"file": shown}), &words::picture_written(session.console.language, &shown))
}

fn texts(file: &Path) -> Result<Vec<String>, Failure> {
    let picture = ask::read_picture(file)?;
    let texts = panics::reading(|| qr::scan_picture(&picture))?;
    // EXPOSE: the person asked for the texts.
    texts
        .iter()
        .map(|text| text.expose_str().map(ToOwned::to_owned).ok_or(Reason::CodeNotText.into()))
        .collect()
}
