use countersign::account::KeyAlgorithm;
use countersign::otp::{Kind, Otp};
use countersign::vault::{Shelf, Summary};
use serde_json::{Value, json};

use super::find;
use crate::args::List;
use crate::failure::Failure;
use crate::session::{Place, Session};
use crate::words;

/// Lists accounts, all or those that match.
pub fn list(place: &Place, args: &List) -> Result<(), Failure> {
    let mut session = place.open()?;
    let shelf = if args.trash { Shelf::Trash } else { Shelf::InUse };
    let now = session.now();
    let accounts = match &args.search {
        Some(text) => session.core.search(text, shelf, now)?,
        None => session.core.accounts(shelf, now)?,
    };
    let accounts: Vec<_> = accounts.into_iter().cloned().collect();
    let mut objects = Vec::with_capacity(accounts.len());
    for account in &accounts {
        objects.push(object_of(&mut session, account)?);
    }
    let language = session.console.language;
    let words = if accounts.is_empty() {
        if args.trash { words::trash_empty(language) } else { words::no_accounts(language) }
    } else {
        accounts.iter().map(line_of).collect::<Vec<_>>().join("\n")
    };
    session.console.result(&json!({"accounts": objects}), &words);
    if !args.trash && session.core.last_backup(session.now())?.is_none() && !accounts.is_empty() {
        session.console.note(&words::no_backup_yet(language));
    }
    Ok(())
}

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
        "kind": otp.map(kind_name),
        "algorithm": otp.map(|otp| otp.algorithm().name()),
        "digits": otp.map(Otp::digits),
        "period": otp.and_then(Otp::period),
        "counter": otp.and_then(counter),
        "system": registration.map(|registration| format!("{:?}", registration.system)),
        "key": registration.map(|registration| key_name(registration.key.algorithm)),
        "added_at": account.added_at,
        "changed_at": account.changed_at,
    });
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    let words = object
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| !value.is_null() && **value != json!("") && **value != json!([]))
        .map(|(field, value)| {
            format!("{field}: {}", value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
        })
        .collect::<Vec<_>>()
        .join("\n");
    session.console.result(&object, &words);
    Ok(())
}

/// An account as scripts see it in a list.
pub fn object_of(session: &mut Session, account: &Summary) -> Result<Value, Failure> {
    let origin = if account.approvals {
        session
            .core
            .account(&account.id, session.now())?
            .registration
            .map(|registration| registration.origin.to_string())
    } else {
        None
    };
    Ok(json!({
        "id": account.id,
        "issuer": account.issuer,
        "account": account.name,
        "can": abilities(account),
        "origin": origin,
        "favourite": account.favourite,
        "tags": account.tags,
        "needs_backup": account.needs_backup,
    }))
}

/// What an account can do, by the names that scripts see.
pub fn abilities(account: &Summary) -> Vec<&'static str> {
    [(account.codes, "code"), (account.approvals, "approval")]
        .into_iter()
        .filter_map(|(can, name)| can.then_some(name))
        .collect()
}

fn line_of(account: &Summary) -> String {
    let star = if account.favourite { "★ " } else { "" };
    format!(
        "{}  {star}{}  [{}]",
        account.id,
        title_of(&account.issuer, &account.name),
        abilities(account).join(", ")
    )
}

/// Both names in one line.
pub fn title_of(issuer: &str, name: &str) -> String {
    match (issuer.is_empty(), name.is_empty()) {
        (false, false) => format!("{issuer}: {name}"),
        (false, true) => issuer.to_owned(),
        (true, _) => name.to_owned(),
    }
}

const fn counter(otp: &Otp) -> Option<u64> {
    match otp.kind() {
        Kind::Hotp { counter } => Some(counter),
        Kind::Totp { .. } | Kind::Steam => None,
    }
}

fn key_name(algorithm: KeyAlgorithm) -> String {
    match algorithm {
        KeyAlgorithm::Es256 => "ES256".to_owned(),
        KeyAlgorithm::Rs256 { bits } => format!("RS256, {bits} bits"),
    }
}
