use countersign::clock::{Now, UnixTime};
use countersign::vault::Shelf;
use serde_json::json;

use super::find;
use crate::args::Code;
use crate::failure::{Failure, Own};
use crate::session::Place;
use crate::text::title_of;
use crate::words;

/// Shows a code. One by use moves its counter on before it is shown, whatever time was named.
pub fn code(place: &Place, args: &Code) -> Result<(), Failure> {
    let mut session = place.open()?;
    let summary = find(&mut session, &args.of.query, Shelf::InUse)?;
    if !summary.codes {
        return Err(Own::NoCodes.into());
    }
    let now = match args.at {
        Some(at) => Now { wall: UnixTime(at), ..session.now() },
        None => session.now(),
    };
    let account = session.core.account(&summary.id, now)?;
    // A time that was named is meant as it is.
    let ahead = if args.at.is_some() { 0 } else { session.core.codes_ahead(&summary.id, now)? };
    let by_time = match account.otp.as_ref().and_then(|otp| otp.codes_at(now.wall)) {
        Some(_) if ahead != 0 => Some(session.core.codes_of(&summary.id, now)?),
        by_time => by_time,
    };
    let (current, next, until) = match by_time {
        Some(codes) => (codes.current, Some(codes.next), Some(codes.valid_until)),
        None => {
            let code = session.core.use_counter(&summary.id, session.now())?;
            session.remember()?;
            (code, None, None)
        }
    };
    let object = json!({
        "id": summary.id,
        "issuer": summary.issuer,
        "account": summary.name,
        "code": current.as_str(),
        "next": next.as_ref().map(|next| next.as_str()),
        "valid_until": until,
        "offset": until.map(|_| ahead),
    });
    let console = session.console;
    console.result(&object, current.as_str())?;
    if until.is_none() && args.at.is_some() {
        console.note(&words::code_of_counter(console.language));
    }
    if let Some(until) = until.filter(|_| !console.json) {
        let title = title_of(&summary.issuer, &summary.name);
        console.note(&words::code_lasts(console.language, &title, &until.since(now.wall)));
        if ahead != 0 {
            console.note(&words::code_by_server(
                console.language,
                &words::server_clock(ahead, console.language),
            ));
        }
    }
    Ok(())
}
