use countersign::account::{Account, KeyAlgorithm};
use countersign::otp::{Kind, Otp};
use countersign::vault::{Shelf, Summary};
use serde_json::{Value, json};

use super::find;
use super::list::object_of;
use crate::failure::Failure;
use crate::session::Place;
use crate::text::{title_of, visible};
use crate::words::{self, Language};

/// Everything about one account but its secrets.
pub fn show(place: &Place, query: &str) -> Result<(), Failure> {
    let mut session = place.open()?;
    let summary = find(&mut session, query, Shelf::InUse)?;
    let account = session.core.account(&summary.id, session.now())?;
    let mut object = object_of(&mut session, &summary)?;
    let otp = account.otp.as_ref();
    let registration = account.registration.as_ref();
    let more = json!({
        "note": account.note,
        "kind": otp.map(|otp| otp.kind().name()),
        "algorithm": otp.map(|otp| otp.algorithm().name()),
        "digits": otp.map(Otp::digits),
        "period": otp.and_then(Otp::period),
        "counter": otp.and_then(counter),
        "system": registration.map(|registration| registration.system.names().script),
        "key": registration.and_then(|held| held.key.as_ref()).map(|key| key_name(key.algorithm)),
        "added_at": account.added_at,
        "changed_at": account.changed_at,
    });
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    let words = words_of(&summary, &account, session.console.language);
    session.console.result(&object, &words)
}

/// The same for people: a line for each thing that there is.
fn words_of(summary: &Summary, account: &Account, language: Language) -> String {
    let line =
        |label: String, text: String| (!text.is_empty()).then(|| format!("{label}: {}", visible(&text)));
    let registration = account.registration.as_ref();
    let lines = [
        Some(title_of(&account.issuer, &account.name)),
        line(words::show_id(language), summary.id.clone()),
        account
            .otp
            .as_ref()
            .and_then(|otp| line(words::show_codes(language), words::of_codes(otp, language))),
        registration
            .and_then(|there| line(words::show_approvals(language), there.system.names().title.to_owned())),
        registration.and_then(|there| line(words::show_server(language), there.origin.to_string())),
        registration
            .and_then(|there| there.key.as_ref())
            .and_then(|key| line(words::show_key(language), key_name(key.algorithm))),
        account.favourite.then(|| words::show_favourite(language)),
        line(words::show_tags(language), account.tags.join(", ")),
        line(words::show_note(language), account.note.clone()),
        line(words::show_added(language), words::local_time(account.added_at, language)),
        line(words::show_changed(language), words::local_time(account.changed_at, language)),
        summary.needs_backup.then(|| words::show_needs_backup(language)),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

const fn counter(otp: &Otp) -> Option<u64> {
    match otp.kind() {
        Kind::Hotp { counter } => Some(counter),
        Kind::Totp { .. } | Kind::Steam | Kind::Motp | Kind::Yandex => None,
    }
}

fn key_name(algorithm: KeyAlgorithm) -> String {
    match algorithm {
        KeyAlgorithm::Es256 => "ES256".to_owned(),
        KeyAlgorithm::Rs256 { bits } => format!("RS256, {bits} bits"),
    }
}
