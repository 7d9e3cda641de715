use countersign::authenticator::ExportRow;
use countersign::transfer::export::Carried;
use serde_json::{Value, json};

use crate::names;
use crate::text::{title_of, width};
use crate::words::{self, Language};

/// Each account as scripts see it.
pub fn objects(rows: &[ExportRow]) -> Vec<Value> {
    rows.iter().map(object).collect()
}

fn object(row: &ExportRow) -> Value {
    let (mut left_out, mut text, mut lost) = (None, None, Vec::new());
    match &row.carried {
        Carried::Whole => {}
        Carried::Without(what) => lost = what.iter().copied().map(names::of_lost).collect(),
        Carried::LeftOut(why) => {
            left_out = Some(names::of_left_out(*why));
            text = Some(words::of_left_out(*why, Language::English));
        }
    }
    json!({
        "id": row.id,
        "issuer": row.issuer,
        "account": row.name,
        "outcome": names::of_carried(&row.carried),
        "lost": lost,
        "left_out": left_out,
        "text": text,
    })
}

/// A line for each account.
pub fn table(rows: &[ExportRow], language: Language) -> String {
    if rows.is_empty() {
        return words::no_accounts(language);
    }
    let outcome = |row: &ExportRow| words::of_carried(names::of_carried(&row.carried), language);
    let widest = rows.iter().map(|row| width(outcome(row))).max().unwrap_or(0);
    let lines = rows.iter().map(|row| {
        let outcome = outcome(row);
        let padding = " ".repeat(widest - width(outcome));
        let title = title_of(&row.issuer, &row.name);
        match details(row, language) {
            Some(details) => format!("{outcome}{padding}  {title} · {details}"),
            None => format!("{outcome}{padding}  {title}"),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn details(row: &ExportRow, language: Language) -> Option<String> {
    match &row.carried {
        Carried::Whole => None,
        Carried::Without(lost) => {
            let lost: Vec<_> = lost.iter().map(|lost| words::of_lost(*lost, language)).collect();
            Some(words::export_without(language, &lost.join(", ")))
        }
        Carried::LeftOut(why) => Some(words::of_left_out(*why, language).to_owned()),
    }
}
