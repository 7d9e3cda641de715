//! Lists of set-up codes, one a line, as many apps write them; Ente's own additions; what pictures hold.

use serde::Deserialize;

use super::entry::{Entry, Extra};
use super::json::{SecretText, Text, cap};
use super::{
    App, Batch, Opened, Refused, ente, google, pgp, preferences, privacyidea, stratum, tables,
    totp_authenticator,
};
use crate::link::{Recognised, parameter, recognise};
use crate::reason::Reason;
use crate::secret::Secret;

const MIGRATION: &str = "otpauth-migration://";
const PRIVACYIDEA: &str = "pia://qrbackup";
const LINKS: [&str; 6] = ["otpauth://", "apple-otpauth://", "steam://", "motp://", MIGRATION, PRIVACYIDEA];

/// Reads the texts of QR codes in pictures.
pub(super) fn of_pictures(texts: &[Secret]) -> Result<Batch, Refused> {
    // EXPOSE: read as set-up codes.
    of_lines(texts.iter().filter_map(Secret::expose_str)).map_err(|refused| match refused.reason {
        // There is a code in the picture, which is more than can be said of a text.
        Reason::NotAnImport => Reason::NotASetupCode.into(),
        _ => refused,
    })
}

/// Reads a text file.
pub(super) fn read(content: &[u8]) -> Result<Opened, Refused> {
    let text = std::str::from_utf8(content).map_err(|_| Reason::NotAnImport)?;
    if pgp::is_armoured(text) {
        return Err(Reason::PgpLocked.into());
    }
    if preferences::is_one(text) {
        return preferences::read(text);
    }
    if tables::is_one(text) {
        return tables::read(text).map(Opened::Entries);
    }
    if stratum::is_page(text) {
        return stratum::read_page(text).map(Opened::Entries);
    }
    if ente::is_page(text) {
        return Err(Reason::PageOnly.into());
    }
    match totp_authenticator::read(text) {
        Some(opened) => Ok(opened),
        None => of_lines(text.split(['\n', '\r'])).map(Opened::Entries),
    }
}

pub(super) fn of_lines<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Batch, Refused> {
    let mut batch = Batch::new(App::OtpauthList, "otpauth_list", Vec::new());
    let (mut migrations, mut links, mut foreign) = (0_usize, 0_usize, 0_usize);
    for line in lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let unquoted = unquote(line);
        // EXPOSE: read as set-up codes.
        let line = unquoted.as_ref().and_then(Secret::expose_str).unwrap_or(line);
        if !LINKS.iter().any(|scheme| has_scheme(line, scheme)) {
            let reason = other(line);
            foreign += usize::from(!is_of_any_text(reason));
            batch.entries.push(Entry::refused(reason));
        }
        for link in links_of(line) {
            if has_scheme(link, MIGRATION) {
                migrations += 1;
                batch = with_migration(batch, link);
            } else if has_scheme(link, PRIVACYIDEA) {
                links += 1;
                (batch.app, batch.format) = (App::PrivacyIdeaAuthenticator, "privacyidea_qr");
                batch.entries.push(privacyidea::of_link(link));
            } else {
                links += 1;
                if let Some(display) = parameter(link, "codeDisplay") {
                    (batch.app, batch.format) = (App::EnteAuth, "ente_text");
                    batch.entries.push(Entry::of_link(link, "", "", of_display(&display)));
                } else {
                    batch.entries.push(Entry::of_link(link, "", "", Extra::default()));
                }
            }
        }
        cap(batch.entries.len())?;
    }
    match (links, migrations, batch.entries.first()) {
        // One part, or one code of another kind, alone: that is all there is to say of the file.
        (0, _, Some(Entry { otp: Err(reason), .. }))
            if batch.entries.len() == 1 && batch.parts.is_empty() && !is_no_code(*reason) =>
        {
            Err((*reason).into())
        }
        (0, 0, _) if foreign == 0 => Err(Reason::NotAnImport.into()),
        (0, 1.., _) => Ok(Batch { app: App::GoogleAuthenticator, format: "google_migration", ..batch }),
        _ => Ok(batch),
    }
}

/// What a line is that is no code to import: codes of other systems are known by name.
fn other(line: &str) -> Reason {
    match recognise(line) {
        Recognised::Foreign { reason, .. } => reason,
        _ => Reason::NotAddedThisWay,
    }
}

const fn is_no_code(reason: Reason) -> bool {
    matches!(reason, Reason::NotASetupCode | Reason::TextTooLong | Reason::LinkDamaged)
}

/// What stands in texts that are no list of codes as well.
const fn is_of_any_text(reason: Reason) -> bool {
    is_no_code(reason) || matches!(reason, Reason::WebLink)
}

/// A part that can't be read is an entry that says so.
fn with_migration(batch: Batch, link: &str) -> Batch {
    let part = google::read(link).unwrap_or_else(|refused| {
        Batch::new(App::GoogleAuthenticator, "google_migration", vec![Entry::refused(refused.reason)])
    });
    batch.and(part)
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// An old export of Ente has a JSON string a line.
fn unquote(line: &str) -> Option<Secret> {
    let text: SecretText =
        line.starts_with('"').then(|| serde_json::from_slice(line.as_bytes()).ok()).flatten()?;
    Some(text.0)
}

/// Another old export of Ente has all in one line, with commas between.
fn links_of(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = LINKS.iter().any(|scheme| has_scheme(line, scheme)).then_some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let end = line.match_indices(',').map(|(at, _)| at).find(|at| {
            line.get(at + 1..)
                .is_some_and(|next| LINKS.iter().any(|scheme| has_scheme(next.trim_start(), scheme)))
        });
        rest = end.and_then(|end| line.get(end + 1..)).map(str::trim_start);
        line.get(..end.unwrap_or(line.len()))
    })
}

/// What Ente keeps beside an account.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Display {
    pinned: bool,
    trashed: bool,
    tags: Vec<Text>,
    note: Text,
}

fn of_display(json: &Secret) -> Extra {
    // EXPOSE: read as JSON.
    let display: Display = serde_json::from_slice(json.expose()).unwrap_or_default();
    Extra {
        note: display.note.0,
        favourite: display.pinned,
        tags: display.tags.into_iter().map(|tag| tag.0).collect(),
        in_trash: display.trashed,
        unique_id: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::import::Note;

    const S: &str = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn names(batch: &Batch) -> Vec<&str> {
        batch.entries.iter().map(|entry| entry.name.as_str()).collect()
    }

    fn read(content: &[u8]) -> Result<Batch, Refused> {
        of_lines(std::str::from_utf8(content).unwrap().lines())
    }

    #[test]
    fn a_line_that_is_no_code_is_said_and_spoils_nothing() {
        let text = format!(
            "# mine\n\notpauth://totp/a?{S}\nhello\r\notpauth://totp/b?secret=1\nOTPAUTH://totp/c?{S}"
        );
        let batch = read(text.as_bytes()).unwrap();
        let reasons: Vec<_> = batch.entries.iter().map(|entry| entry.otp.as_ref().err().copied()).collect();
        assert_eq!(reasons, [None, Some(Reason::NotASetupCode), Some(Reason::SecretNotBase32), None]);
        assert_eq!(names(&batch), ["a", "", "b", "c"]);
        assert_eq!(batch.app, App::OtpauthList);
    }

    #[test]
    fn codes_of_other_systems_are_told_by_name() {
        let activation = "https://login.microsoftonline.com/authenticatorApp/activateAccount?code=1&url=x";
        for (text, reason) in [
            ("phonefactor://activate_account?code=1&url=x", Reason::MicrosoftPush),
            (activation, Reason::MicrosoftActivation),
            ("pia://container/SMPH00000001?issuer=privacyIDEA&ttl=10&nonce=1", Reason::PrivacyIdeaContainer),
            ("https://a.example", Reason::WebLink),
        ] {
            let picture = of_pictures(&[Secret::copy_of(text.as_bytes())]);
            assert_eq!(picture.unwrap_err().reason, reason, "{text}");
            assert_eq!(read(text.as_bytes()).unwrap_err().reason, reason, "{text}");
            let batch = read(format!("{text}\notpauth://totp/a?{S}\n{text}").as_bytes()).unwrap();
            let reasons: Vec<_> = batch.entries.iter().map(|entry| entry.otp.as_ref().err()).collect();
            assert_eq!(reasons, [Some(&reason), None, Some(&reason)], "{text}");
        }
        let two = read(format!("{activation}\nphonefactor://x").as_bytes()).unwrap();
        assert_eq!((two.app, two.entries.len()), (App::OtpauthList, 2));
        let prose = "See this:\nhttps://a.example";
        assert_eq!(read(prose.as_bytes()).unwrap_err().reason, Reason::NotAnImport);
        let picture = of_pictures(&[Secret::copy_of(b"hello")]).unwrap_err();
        assert_eq!(picture.reason, Reason::NotASetupCode);
    }

    #[test]
    fn lines_end_as_on_any_system() {
        for end in ["\n", "\r\n", "\r"] {
            let text = [format!("otpauth://totp/a?{S}"), format!("otpauth://totp/b?{S}")].join(end);
            let Ok(Opened::Entries(batch)) = super::read(text.as_bytes()) else { panic!() };
            assert_eq!(names(&batch), ["a", "b"], "{end:?}");
        }
    }

    #[test]
    fn old_exports_of_ente() {
        let quoted = format!("\"otpauth://totp/a?{S}\"\n\"otpauth://totp/b?{S}\"");
        let commas = format!("otpauth://totp/a?{S}&x=1,2,otpauth://totp/b?{S}, otpauth://totp/c?{S}");
        assert_eq!(names(&read(quoted.as_bytes()).unwrap()), ["a", "b"]);
        assert_eq!(names(&read(commas.as_bytes()).unwrap()), ["a", "b", "c"]);
    }

    #[test]
    fn what_ente_keeps_beside_an_account() {
        let display = "%7B%22pinned%22%3Atrue%2C%22trashed%22%3Atrue%2C%22tags%22%3A%5B%22work%22%5D%2C%22note%22%3A%22hi%22%7D";
        let batch = read(format!("otpauth://totp/a?{S}&codeDisplay={display}").as_bytes()).unwrap();
        let entry = &batch.entries[0];
        assert_eq!(batch.app, App::EnteAuth);
        assert!(entry.favourite);
        assert_eq!((entry.tags.as_slice(), entry.note.as_str()), (&["work".to_owned()][..], "hi"));
        assert_eq!(entry.notes, [Note::InTrash]);
    }

    #[test]
    fn one_broken_part_among_others_is_an_entry() {
        let text = "otpauth-migration://offline?data=CgA\notpauth-migration://offline?data=*";
        let batch = read(text.as_bytes()).unwrap();
        assert_eq!(batch.app, App::GoogleAuthenticator);
        assert_eq!(batch.entries[1].otp, Err(Reason::ImportDamaged));
        let alone = read(b"otpauth-migration://offline?data=*").unwrap_err();
        assert_eq!(alone.reason, Reason::ImportDamaged);
    }
}
