use countersign::authenticator::Error;
use countersign::reason::Reason;
use countersign::vault::{Shelf, Summary, VaultError};
use serde_json::{Value, json};

use crate::args::List;
use crate::backups;
use crate::failure::Failure;
use crate::session::{Place, Session};
use crate::text::{part_name, title_of};
use crate::words::{self, Language};

/// Lists accounts, all or those that match.
pub fn list(place: &Place, args: &List) -> Result<(), Failure> {
    let mut session = place.open()?;
    session.read_all()?;
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
        accounts.iter().map(|account| line_of(account, language)).collect::<Vec<_>>().join("\n")
    };
    // What can be read is shown; that it may not be all is no success.
    let whole = session.damaged.is_empty();
    if whole || !session.console.json {
        session.console.result(&json!({"accounts": objects}), &words)?;
    }
    if args.trash && !accounts.is_empty() {
        session.console.note(&words::trash_stays(language));
    }
    if !args.trash
        && let Some(warning) = backups::warning(&mut session)?
    {
        session.console.note(&warning);
    }
    if !whole {
        let damaged: Vec<_> = session.damaged.iter().map(part_name).collect();
        return Err(Failure::from(Reason::VaultDamaged).with("accounts", objects).with("damaged", damaged));
    }
    Ok(())
}

/// An account as scripts see it in a list.
pub fn object_of(session: &mut Session, account: &Summary) -> Result<Value, Failure> {
    let origin = if account.approvals { origin_of(session, &account.id)? } else { None };
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

/// The server of an account's approvals. A damaged account is listed all the same, by what the index says of it.
fn origin_of(session: &mut Session, id: &str) -> Result<Option<String>, Failure> {
    match session.core.account(id, session.now()) {
        Err(Error::Vault(VaultError::Damaged(_))) => Ok(None),
        account => Ok(account?.registration.map(|registration| registration.origin.to_string())),
    }
}

/// What an account can do, by the names that scripts see.
pub fn abilities(account: &Summary) -> Vec<&'static str> {
    [(account.codes, "code"), (account.approvals, "approval")]
        .into_iter()
        .filter_map(|(can, name)| can.then_some(name))
        .collect()
}

fn line_of(account: &Summary, language: Language) -> String {
    let star = if account.favourite { "★ " } else { "" };
    format!(
        "{}  {star}{}  [{}]",
        account.id,
        title_of(&account.issuer, &account.name),
        words::of_abilities(account.codes, account.approvals, language)
    )
}
