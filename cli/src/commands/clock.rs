use countersign::authenticator::ServerClock;
use countersign::vault::Summary;
use serde_json::json;

use super::requests::account;
use crate::args::Clock;
use crate::failure::Failure;
use crate::session::{Place, Session};
use crate::text::title_of;
use crate::words::{self, Language};

/// Shows how far the servers' clocks are ahead, after choosing what one is used for.
pub fn clock(place: &Place, args: &Clock) -> Result<(), Failure> {
    let mut session = place.open()?;
    let choices = [(&args.use_for_codes, true), (&args.not_for_codes, false)];
    for (query, used) in choices.into_iter().filter_map(|(query, used)| Some((query.as_ref()?, used))) {
        let account = account(&mut session, query)?;
        let now = session.now();
        session.core.use_for_codes(&account.id, used, now)?;
        session.remember()?;
    }
    let now = session.now();
    let clocks = session.core.clocks(now)?;
    let objects: Vec<_> = clocks
        .iter()
        .map(|clock| {
            json!({
                "origin": clock.origin,
                "account": clock.account,
                "offset": clock.offset,
                "measured_at": clock.measured_at,
                "used_for_codes": clock.used_for_codes,
                "codes": clock.codes,
            })
        })
        .collect();
    let mut lines = Vec::new();
    for clock in &clocks {
        lines.push(words_of(&mut session, clock)?);
    }
    let language = session.console.language;
    let words = if lines.is_empty() { words::no_clocks(language) } else { lines.join("\n") };
    session.console.result(&json!({"clocks": objects}), &words)
}

fn words_of(session: &mut Session, clock: &ServerClock) -> Result<String, Failure> {
    let (now, language) = (session.now(), session.console.language);
    let own = session.core.summary(&clock.account, now)?.clone();
    let mut titles = Vec::new();
    for id in &clock.codes {
        titles.push(title(session.core.summary(id, now)?));
    }
    let told = words::server_clock(clock.offset, language);
    let measured = words::local_time(clock.measured_at, language);
    let line = words::clock_line(language, &title(&own), &clock.origin, &told, &measured);
    Ok(match codes(clock, &own, &titles.join(", "), language) {
        Some(codes) => format!("{line}\n{codes}"),
        None => line,
    })
}

/// What the clock is to codes; nothing where there are none and the person wants none.
fn codes(clock: &ServerClock, own: &Summary, titles: &str, language: Language) -> Option<String> {
    match (clock.used_for_codes, titles.is_empty()) {
        (true, false) => Some(words::clock_makes_codes(language, &titles)),
        (true, true) => Some(words::clock_makes_no_codes(language, &own.issuer, &own.name)),
        (false, false) => Some(words::clock_may_make_codes(language, &titles)),
        (false, true) => None,
    }
}

fn title(account: &Summary) -> String {
    title_of(&account.issuer, &account.name)
}
