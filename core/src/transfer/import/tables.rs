//! Tables (CSV) of password managers: Apple Passwords, Bitwarden, Dashlane, 1Password. Columns are found by their
//! names, and those that say nothing of codes are left alone.

use super::entry::{Entry, Extra};
use super::json::cap;
use super::{App, Batch, Refused};
use crate::reason::Reason;

/// Which columns an app's table has for what.
struct Layout {
    app: App,
    format: &'static str,
    /// Its set-up codes.
    codes: &'static str,
    /// One more that tells it from others with the same; may be empty.
    mark: &'static str,
    issuer: &'static str,
    name: &'static str,
    note: &'static str,
    folder: &'static str,
    favourite: &'static str,
}

const LAYOUTS: [Layout; 5] = [
    Layout {
        app: App::Bitwarden,
        format: "bitwarden_csv",
        codes: "login_totp",
        mark: "",
        issuer: "name",
        name: "login_username",
        note: "notes",
        folder: "folder",
        favourite: "favorite",
    },
    Layout {
        app: App::OnePassword,
        format: "1password_csv",
        codes: "OTPAuth",
        mark: "Archived",
        issuer: "Title",
        name: "Username",
        note: "Notes",
        folder: "",
        favourite: "Favorite",
    },
    Layout {
        app: App::ApplePasswords,
        format: "apple_passwords_csv",
        codes: "OTPAuth",
        mark: "",
        issuer: "Title",
        name: "Username",
        note: "Notes",
        folder: "",
        favourite: "",
    },
    DASHLANE,
    // As its older versions call the column.
    Layout { codes: "otpSecret", ..DASHLANE },
];

const DASHLANE: Layout = Layout {
    app: App::Dashlane,
    format: "dashlane_csv",
    codes: "otpUrl",
    mark: "",
    issuer: "title",
    name: "username",
    note: "note",
    folder: "category",
    favourite: "",
};

/// Whether a text begins as one of these tables.
pub(super) fn is_one(text: &str) -> bool {
    let header = text.lines().next().unwrap_or_default();
    let columns: Vec<_> = header.split(',').map(|column| column.trim().trim_matches('"')).collect();
    layout(&columns).is_some()
}

fn layout(columns: &[&str]) -> Option<&'static Layout> {
    let has = |name: &str| name.is_empty() || columns.contains(&name);
    LAYOUTS.iter().find(|layout| has(layout.codes) && has(layout.mark))
}

/// Reads a table. Rows without a code are no entries.
pub(super) fn read(text: &str) -> Result<Batch, Refused> {
    // A row of Bitwarden's authenticator has more fields than its header.
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|_| Reason::ImportDamaged)?.clone();
    let header: Vec<_> = header.iter().map(str::trim).collect();
    let layout = layout(&header).ok_or(Reason::NotAnImport)?;
    let column = |name: &str| header.iter().position(|column| !name.is_empty() && *column == name);
    let columns = [layout.codes, layout.issuer, layout.name, layout.note, layout.folder, layout.favourite];
    let columns = columns.map(column);
    let mut entries = Vec::new();
    for row in reader.records() {
        let Ok(row) = row else {
            entries.push(Entry::refused(Reason::EntryDamaged));
            cap(entries.len())?;
            continue;
        };
        let [code, issuer, name, note, folder, favourite] =
            columns.map(|column| column.and_then(|column| row.get(column)).unwrap_or_default());
        if code.trim().is_empty() {
            continue;
        }
        let extra = Extra {
            note: note.to_owned(),
            favourite: favourite == "1" || favourite == "true",
            tags: vec![folder.to_owned()],
            ..Extra::default()
        };
        entries.push(Entry::of_field(code, issuer, name, extra));
        cap(entries.len())?;
    }
    Ok(Batch::new(layout.app, layout.format, entries))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_table_with_lines_inside() {
        let csv = "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n\
                   Work,1,login,A,\"two\nlines\",,,,u,p,GEZDGNBVGY3TQOJQ\n,,note,B,,,,,,,\n";
        assert!(is_one(csv) && !is_one("name,login"));
        let batch = read(csv).unwrap();
        let [entry] = batch.entries.as_slice() else { panic!("{batch:?}") };
        assert_eq!((entry.note.as_str(), entry.tags.as_slice()), ("two\nlines", &["Work".to_owned()][..]));
    }

    #[test]
    fn tables_are_told_apart_by_their_columns() {
        let row = "GEZDGNBVGY3TQOJQ";
        for (table, format) in [
            (format!("Title,URL,Username,Password,Notes,OTPAuth\nA,x,u,p,n,{row}"), "apple_passwords_csv"),
            (format!("\"OTPAuth\",\"Notes\",\"Title\"\r\n{row},\"a\r\nb\",A\r\n"), "apple_passwords_csv"),
            (
                format!(
                    "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nA,x,u,p,{row},true,,,"
                ),
                "1password_csv",
            ),
            (
                format!(
                    "username,username2,username3,title,password,note,url,category,otpUrl\nu,,,A,p,,x,Work,{row}"
                ),
                "dashlane_csv",
            ),
            (format!("username,title,password,note,url,category,otpSecret\nu,A,p,,x,,{row}"), "dashlane_csv"),
        ] {
            assert!(is_one(&table));
            let batch = read(&table).unwrap();
            let [entry] = batch.entries.as_slice() else { panic!("{batch:?}") };
            assert_eq!((batch.format, entry.issuer.as_str(), entry.otp.is_ok()), (format, "A", true));
        }
        for other in ["name,url,username,password,note\nA,x,u,p,n", "Title,Notes\n", ""] {
            assert!(!is_one(other));
            assert_eq!(read(other).unwrap_err().reason, Reason::NotAnImport);
        }
    }

    #[test]
    fn one_bad_row_spoils_no_other() {
        let csv = "Title,URL,Username,Password,Notes,OTPAuth\n\
                   A,,,,,otpauth://totp/a?secret=1\nB,,,,,GEZDGNBVGY3TQOJQ\nno code,,,,,\nshort\nC,,,,,steam://GEZDGNBVGY3TQOJQ";
        let batch = read(csv).unwrap();
        let reasons: Vec<_> = batch.entries.iter().map(|entry| entry.otp.as_ref().err().copied()).collect();
        assert_eq!(reasons, [Some(Reason::SecretNotBase32), None, None]);
    }
}
