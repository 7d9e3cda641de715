//! `countersign export`: what the format can't carry, the question, the password, the file.

mod files;
mod rows;

use std::path::Path;

use countersign::authenticator::ExportRow;
use countersign::entropy::SystemEntropy;
use countersign::secret::Secret;
use countersign::transfer::export::{AegisKey, Carried, Format, Target, TwoFasKey};
use countersign::vault::Shelf;
use serde_json::{Value, json};

use self::files::Output;
use super::find;
use crate::args::{Export, ExportFormat};
use crate::ask;
use crate::failure::{Failure, Own};
use crate::output::Console;
use crate::session::{Place, Session};
use crate::words;

/// Writes accounts for another app or for paper, or shows what would not be in it.
pub fn export(place: &Place, args: &Export) -> Result<(), Failure> {
    let format = format_of(args.format);
    if (args.plain || args.password_file.is_some()) && !format.has_password() {
        return Err(Own::Usage.into());
    }
    let output =
        args.output.as_deref().map(|output| Output::of(output, format, place.console)).transpose()?;
    let mut session = place.open()?;
    let accounts = chosen(&mut session, &args.accounts)?;
    let foretold = session.core.preview_export(format, accounts.as_deref(), session.now())?;
    let console = session.console;
    let Some(output) = output.filter(|_| !args.preview) else {
        let object = object(format, &foretold, &Outcome::default());
        return console.result(&object, &rows::table(&foretold, console.language));
    };
    let count = foretold.iter().filter(|row| is_carried(row)).count();
    if count == 0 {
        return Err(Failure::from(Own::NothingToExport).with("accounts", rows::objects(&foretold)));
    }
    output.check(args.replace)?;
    let is_plain = !format.has_password() || args.plain;
    tell(console, &foretold);
    agree(console, args, &foretold, (is_plain, count))?;
    let keys = if is_plain { Keys::default() } else { Keys::derive(console, format, args)? };
    let made = words::local_time(session.now().wall, console.language);
    let sheet = words::sheet(&made, console.language);
    let target = match format {
        Format::Otpauth => Target::Otpauth,
        Format::Aegis => Target::Aegis(keys.aegis.as_ref()),
        Format::TwoFas => Target::TwoFas(keys.two_fas.as_ref()),
        Format::Google => Target::Google,
        Format::Cxf => Target::Cxf,
        Format::Sheet => Target::Sheet(&sheet),
        Format::Entra => Target::Entra,
    };
    let busy = console.busy(words::writing_export(console.language));
    let exported = session.core.export(&target, accounts.as_deref(), session.now())?;
    let files = output.write(&exported.written, args.replace)?;
    drop(busy);
    // Not what was foretold: somebody else may have been at work meanwhile.
    let count = exported.rows.iter().filter(|row| is_carried(row)).count();
    let after = after(console, &files, (format, count, target.is_plain()));
    let outcome = Outcome { encrypted: !target.is_plain(), files, exported: Some(count) };
    if output.is_standard() {
        console.note(&after);
        return Ok(());
    }
    console.result(&object(format, &exported.rows, &outcome), &after)
}

const fn format_of(format: ExportFormat) -> Format {
    match format {
        ExportFormat::Otpauth => Format::Otpauth,
        ExportFormat::Aegis => Format::Aegis,
        ExportFormat::TwoFas => Format::TwoFas,
        ExportFormat::Google => Format::Google,
        ExportFormat::Cxf => Format::Cxf,
        ExportFormat::Sheet => Format::Sheet,
        ExportFormat::Entra => Format::Entra,
    }
}

/// The ids that the queries mean; `None` for all accounts.
fn chosen(session: &mut Session, queries: &[String]) -> Result<Option<Vec<String>>, Failure> {
    let ids: Result<Vec<_>, _> =
        queries.iter().map(|query| find(session, query, Shelf::InUse).map(|summary| summary.id)).collect();
    ids.map(|ids| (!ids.is_empty()).then_some(ids))
}

const fn is_carried(row: &ExportRow) -> bool {
    !matches!(row.carried, Carried::LeftOut(_))
}

/// Says what the format can't carry, before anything is written.
fn tell(console: Console, foretold: &[ExportRow]) {
    let partly: Vec<_> = foretold.iter().filter(|row| row.carried != Carried::Whole).cloned().collect();
    if !partly.is_empty() {
        console.note(&rows::table(&partly, console.language));
    }
}

/// Asks where secrets would lie in the clear, or something would be missing.
fn agree(
    console: Console,
    args: &Export,
    foretold: &[ExportRow],
    (is_plain, count): (bool, usize),
) -> Result<(), Failure> {
    let is_whole = foretold.iter().all(|row| row.carried == Carried::Whole);
    if !console.can_ask() || args.yes || console.json || (!is_plain && is_whole) {
        return Ok(());
    }
    let question = if is_plain { words::plain_question } else { words::export_question };
    if ask::yes(console, &question(console.language, &count))? { Ok(()) } else { Err(Own::Cancelled.into()) }
}

/// What a password became, for the format that wants it.
#[derive(Default)]
struct Keys {
    aegis: Option<AegisKey>,
    two_fas: Option<TwoFasKey>,
}

impl Keys {
    fn derive(console: Console, format: Format, args: &Export) -> Result<Self, Failure> {
        let password = new_password(console, args.password_file.as_deref())?;
        let _busy = console.busy(words::deriving(console.language));
        let (mut keys, entropy) = (Self::default(), &mut SystemEntropy::new());
        // EXPOSE: the key of the file is derived from it.
        let password = password.expose();
        match format {
            Format::Aegis => keys.aegis = Some(AegisKey::derive(password, entropy)?),
            Format::TwoFas => keys.two_fas = Some(TwoFasKey::derive(password, entropy)?),
            Format::Otpauth | Format::Google | Format::Cxf | Format::Sheet | Format::Entra => {}
        }
        Ok(keys)
    }
}

fn new_password(console: Console, file: Option<&Path>) -> Result<Secret, Failure> {
    let password = match file {
        Some(file) => ask::read_secret(file)?,
        None if console.can_ask() => {
            ask::secret_twice(console, &words::export_password_question(console.language))?
        }
        None => return Err(Own::NewPasswordNeeded.into()),
    };
    if password.is_empty() { Err(Own::PasswordUnusable.into()) } else { Ok(password) }
}

/// What is told when it is done: where it is, what it holds and what to do with it.
fn after(console: Console, files: &[String], (format, count, is_plain): (Format, usize, bool)) -> String {
    let language = console.language;
    let mut lines = vec![if files.is_empty() {
        words::exported(language, &count)
    } else {
        words::exported_to(language, &count, &files.join("\n"))
    }];
    lines.extend(is_plain.then(|| words::plain_warning(language)));
    lines.push(words::next_step(format, language).to_owned());
    lines.join("\n")
}

/// What became of it: nothing, of a preview.
#[derive(Default)]
struct Outcome {
    encrypted: bool,
    files: Vec<String>,
    exported: Option<usize>,
}

fn object(format: Format, rows: &[ExportRow], outcome: &Outcome) -> Value {
    json!({
        "format": format.name(),
        "encrypted": outcome.exported.map(|_| outcome.encrypted),
        "files": outcome.files,
        "accounts": rows::objects(rows),
        "exported": outcome.exported,
    })
}
