use countersign::clock::UnixTime;
use countersign::transfer::import::{Batch, Entry, Row, Standing};
use serde_json::{Value, json};

use crate::names;
use crate::text::{title_of, width};
use crate::words::{self, Language};

/// What a preview shows.
pub struct Shown<'a> {
    pub batch: &'a Batch,
    pub rows: &'a [Row],
    /// Places of the entries that are taken, sorted.
    pub chosen: &'a [usize],
    /// When codes are wanted, and of which time.
    pub at: Option<i64>,
}

impl<'a> Shown<'a> {
    pub fn each(&self) -> impl Iterator<Item = (&'a Row, &'a Entry)> + use<'a> {
        let (batch, rows) = (self.batch, self.rows);
        rows.iter().filter_map(|row| Some((row, batch.entries.get(row.entry)?)))
    }
}

/// Each entry as scripts see it; `accounts` has the account that an entry became, sorted by place.
pub fn objects(shown: &Shown<'_>, accounts: &[(usize, String)]) -> Vec<Value> {
    shown.each().map(|(row, entry)| object(shown, row, entry, accounts)).collect()
}

fn object(shown: &Shown<'_>, row: &Row, entry: &Entry, accounts: &[(usize, String)]) -> Value {
    let (mut reason, mut account, mut repeats, mut differs) = (None, None, None, Vec::new());
    match &row.standing {
        Standing::New => {}
        Standing::Same { account: id } | Standing::InTrash { account: id } => account = Some(id),
        Standing::Repeated { entry } => repeats = Some(entry + 1),
        Standing::Differs { account: id, what } => {
            account = Some(id);
            differs = what.iter().copied().map(names::of_difference).collect();
        }
        Standing::Refused { reason: why } => reason = Some(*why),
    }
    let (text, next) = reason.map(|reason| words::of_reason(reason, Language::English)).unzip();
    let parameters = &entry.parameters;
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "row": row.entry + 1,
        "outcome": names::of_outcome(row, entry),
        "chosen": shown.chosen.binary_search(&row.entry).is_ok(),
        "reason": reason.map(countersign::reason::Reason::name),
        "text": text,
        "next": next,
        "like": account,
        "repeats": repeats,
        "differs": differs,
        "odd": entry.odd.iter().copied().map(names::of_odd).collect::<Vec<_>>(),
        "notes": entry.notes.iter().copied().map(names::of_note).collect::<Vec<_>>(),
        "type": known(&parameters.kind),
        "issuer": entry.issuer,
        "account": entry.name,
        "algorithm": known(&parameters.algorithm),
        "digits": parameters.digits,
        "period": parameters.period,
        "counter": parameters.counter,
        "favourite": entry.favourite,
        "tags": entry.tags,
        "code": shown.at.and_then(|at| code(entry, at)),
        "id": accounts
            .binary_search_by_key(&row.entry, |(place, _)| *place)
            .ok()
            .and_then(|at| accounts.get(at))
            .map(|(_, id)| id),
    })
}

/// The code at that time, or of the counter.
fn code(entry: &Entry, at: i64) -> Option<String> {
    let otp = entry.otp.as_ref().ok()?;
    let code = otp.codes_at(UnixTime(at)).map(|codes| codes.current).or_else(|| otp.code_of_counter());
    code.map(|code| code.as_str().to_owned())
}

/// A line for each entry.
pub fn table(shown: &Shown<'_>, language: Language) -> String {
    if shown.rows.is_empty() {
        return words::no_entries(language);
    }
    let outcomes: Vec<_> =
        shown.each().map(|(row, entry)| words::of_outcome(names::of_outcome(row, entry), language)).collect();
    let widest = outcomes.iter().map(|outcome| width(outcome)).max().unwrap_or(0);
    let digits = shown.rows.len().to_string().len();
    let mut lines = Vec::with_capacity(shown.rows.len());
    for ((row, entry), outcome) in shown.each().zip(outcomes) {
        let taken = if shown.chosen.binary_search(&row.entry).is_ok() { '+' } else { ' ' };
        let padding = " ".repeat(widest - width(outcome));
        let mut parts = vec![title_of(&entry.issuer, &entry.name)];
        parts.extend(shown.at.and_then(|at| code(entry, at)));
        parts.extend(details(row, entry, language));
        parts.retain(|part| !part.is_empty());
        let number = row.entry + 1;
        lines.push(format!("{taken} {number:digits$}  {outcome}{padding}  {}", parts.join(" · ")));
    }
    lines.join("\n")
}

fn details(row: &Row, entry: &Entry, language: Language) -> Vec<String> {
    let mut details = Vec::new();
    match &row.standing {
        Standing::Refused { reason } => details.push(words::of_reason(*reason, language).0.to_owned()),
        Standing::Differs { what, .. } => {
            details.extend(what.iter().map(|what| words::of_difference(*what, language).to_owned()));
        }
        Standing::Repeated { entry } => details.push(words::as_row(language, &(entry + 1))),
        Standing::New | Standing::Same { .. } | Standing::InTrash { .. } => {}
    }
    if entry.otp.is_ok() {
        details.extend(entry.odd.iter().map(|odd| words::of_odd(*odd, language).to_owned()));
    }
    details.extend(entry.notes.iter().map(|note| words::of_note(*note, language).to_owned()));
    details
}
