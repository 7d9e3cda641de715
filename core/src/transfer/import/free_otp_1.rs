//! FreeOTP 1 and FreeOTP+, the preferences in which they keep their tokens: a JSON object for each, under its name.

use super::entry::{Entry, Raw};
use super::lists::{FreeOtpRow, free_otp_plus_raw};
use super::preferences::Preferences;
use super::{App, Batch, Refused};
use crate::reason::Reason;

/// The names of the tokens, in the order of the screen.
pub(super) const ORDER: &str = "tokenOrder";

pub(super) fn read(file: &Preferences) -> Result<Batch, Refused> {
    // EXPOSE: read as JSON.
    let order = file.get(ORDER).map(|order| serde_json::from_slice::<Vec<String>>(order.expose()));
    let order = order.and_then(Result::ok).ok_or(Reason::ImportDamaged)?;
    super::json::cap(order.len())?;
    let tokens = file.iter().filter(|(name, _)| *name != ORDER);
    let entries = tokens.filter_map(|(name, token)| {
        // EXPOSE: read as JSON.
        match serde_json::from_slice::<FreeOtpRow>(token.expose()) {
            Ok(row) => Some(Entry::of(free_otp_plus_raw(row))),
            Err(_) if order.iter().any(|token| token == name) => Some(lost(name)),
            // A setting.
            Err(_) => None,
        }
    });
    let missing = order.iter().filter(|name| file.get(name).is_none());
    let entries = entries.chain(missing.map(|name| lost(name))).collect();
    Ok(Batch::new(App::FreeOtp, "freeotp1_prefs", entries))
}

/// A token of which only the name is left.
fn lost(name: &str) -> Entry {
    Entry::without_seed(
        &Raw { kind: "totp".to_owned(), name: name.to_owned(), ..Raw::default() },
        Reason::EntryDamaged,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::import::{Opened, preferences};

    #[test]
    fn one_broken_token_spoils_no_other() {
        let token = |counter: i64| {
            format!(
                r#"{{"algo":"SHA1","counter":{counter},"digits":6,"label":"a","secret":[1,-2],"type":"HOTP"}}"#
            )
        };
        let xml = format!(
            r#"<map><string name="tokenOrder">["broken","gone","A:a"]</string><string name="theme">dark</string>
            <string name="broken">{{</string><string name="A:a">{}</string><string name="B:b">{}</string></map>"#,
            token(41),
            token(i64::MAX)
        );
        let Opened::Entries(batch) = preferences::read(&xml).unwrap() else { panic!() };
        let shown: Vec<_> = batch
            .entries
            .iter()
            .map(|entry| (entry.name.as_str(), entry.parameters.counter, entry.otp.as_ref().err().copied()))
            .collect();
        assert_eq!(
            shown,
            [
                ("broken", None, Some(Reason::EntryDamaged)),
                ("a", Some(42), None),
                ("a", Some(i64::MAX), None),
                ("gone", None, Some(Reason::EntryDamaged)),
            ]
        );
    }
}
