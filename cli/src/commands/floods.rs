//! Requests that come one after the other, and `countersign quiet`.

use countersign::authenticator::Flood;
use countersign::vault::Summary;
use serde_json::{Value, json};

use super::requests::account;
use crate::args::Quiet;
use crate::failure::Failure;
use crate::session::{Place, Session};
use crate::text::title_of;
use crate::words::{self, Language};

/// Has background checks tell of no request of an account, or tell of them again.
pub fn quiet(place: &Place, args: &Quiet) -> Result<(), Failure> {
    let mut session = place.open()?;
    let (account, now) = (account(&mut session, &args.of.query)?, session.now());
    let console = session.console;
    if args.end {
        session.core.end_quiet(&account.id, now)?;
    } else {
        session.core.be_quiet(&account.id, now)?;
    }
    session.remember()?;
    let floods = session.core.floods(now)?;
    let until = floods.iter().find(|flood| flood.account == account.id).and_then(|flood| flood.quiet_until);
    let title = title_of(&account.issuer, &account.name);
    let words = match until {
        Some(until) => {
            words::quiet_until(console.language, &title, &words::local_time(until, console.language))
        }
        None => words::quiet_ended(console.language, &title),
    };
    let result = if until.is_some() { "quiet" } else { "told" };
    console.result(&json!({"account": account.id, "result": result, "quiet_until": until}), &words)
}

/// The floods of these accounts.
pub fn of(session: &mut Session, accounts: &[Summary]) -> Result<Vec<(Summary, Flood)>, Failure> {
    let floods = session.core.floods(session.now())?;
    let whose = |flood: &Flood| accounts.iter().find(|account| account.id == flood.account).cloned();
    Ok(floods.into_iter().filter_map(|flood| Some((whose(&flood)?, flood))).collect())
}

/// Floods as scripts see them.
pub fn objects(floods: &[(Summary, Flood)]) -> Value {
    let object = |flood: &Flood| {
        json!({
            "account": flood.account,
            "requests": flood.requests,
            "minutes": flood.minutes,
            "quiet_until": flood.quiet_until,
        })
    };
    floods.iter().map(|(_, flood)| object(flood)).collect()
}

/// What a person is told of one, and what to do now.
pub fn words((account, flood): &(Summary, Flood), language: Language) -> String {
    let title = title_of(&account.issuer, &account.name);
    match flood.quiet_until {
        Some(until) => {
            let until = words::local_time(until, language);
            words::flood_in_quiet(language, &title, &flood.requests, &flood.minutes, &until)
        }
        None => words::flood(language, &title, &flood.requests, &flood.minutes, &flood.account),
    }
}
