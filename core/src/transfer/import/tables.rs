//! Tables (CSV) of password managers: Apple Passwords, Bitwarden, Dashlane, 1Password. Columns are found by their
//! names, and those that say nothing of codes are left alone.

use csv_core::ReadRecordResult;
use zeroize::Zeroizing;

use super::entry::{Entry, Extra};
use super::json::cap;
use super::{App, Batch, Refused};
use crate::reason::Reason;

/// Columns that are looked at.
const COLUMNS: usize = 256;

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

/// Reads a table. Rows without a code are no entries; rows that end before their code, or whose quotes are not closed,
/// are damaged ones.
pub(super) fn read(text: &str) -> Result<Batch, Refused> {
    let mut rows = Rows::of(text);
    let header = rows.next().filter(|row| row.is_whole).ok_or(Reason::NotAnImport)?;
    let header: Vec<_> = header.fields.iter().map(|column| column.trim().to_owned()).collect();
    let header: Vec<_> = header.iter().map(String::as_str).collect();
    let layout = layout(&header).ok_or(Reason::NotAnImport)?;
    let column = |name: &str| header.iter().position(|column| !name.is_empty() && *column == name);
    let columns = [layout.codes, layout.issuer, layout.name, layout.note, layout.folder, layout.favourite];
    let columns = columns.map(column);
    let codes = columns.first().copied().flatten().ok_or(Reason::NotAnImport)?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next() {
        let [code, issuer, name, note, folder, favourite] = columns
            .map(|column| column.and_then(|column| row.fields.get(column)).copied().unwrap_or_default());
        if !row.is_whole || row.fields.len() <= codes {
            // What is read as one field may hold the secrets of other rows: nothing of it is shown.
            entries.push(Entry::refused(Reason::EntryDamaged));
            cap(entries.len())?;
            continue;
        }
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

/// The rows of a table, the header first; they may differ in length, as those of Bitwarden's authenticator do. Read by
/// the core of the crate `csv` into one block of its final size, which is wiped: the crate's own readers wipe nothing.
struct Rows<'a> {
    reader: csv_core::Reader,
    rest: &'a [u8],
    fields: Zeroizing<Vec<u8>>,
    ends: [usize; COLUMNS],
}

impl<'a> Rows<'a> {
    fn of(text: &'a str) -> Self {
        let fields = Zeroizing::new(vec![0; text.len() + 1]);
        Self { reader: csv_core::Reader::new(), rest: text.as_bytes(), fields, ends: [0; COLUMNS] }
    }

    /// The fields of the next row; those beyond the columns that are looked at are passed over.
    fn next(&mut self) -> Option<Row<'_>> {
        let text = self.rest;
        let (mut length, mut count, mut beyond) = (0, 0, [0; 16]);
        loop {
            let fields = self.fields.get_mut(length..)?;
            let ends = self.ends.get_mut(count..).filter(|ends| !ends.is_empty()).unwrap_or(&mut beyond);
            let (result, read, written, ended) = self.reader.read_record(self.rest, fields, ends);
            self.rest = self.rest.get(read..)?;
            length += written;
            count = COLUMNS.min(count + ended);
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::InputEmpty | ReadRecordResult::OutputEndsFull => {}
                ReadRecordResult::OutputFull | ReadRecordResult::End => return None,
            }
        }
        let record = text.get(..text.len() - self.rest.len())?;
        let ends = self.ends.get(..count)?;
        let starts = std::iter::once(&0).chain(ends);
        let field = |(start, end): (&usize, &usize)| str::from_utf8(self.fields.get(*start..*end)?).ok();
        let fields = starts.zip(ends).map(|range| field(range).unwrap_or_default()).collect();
        Some(Row { fields, is_whole: is_whole(record) })
    }
}

struct Row<'a> {
    fields: Vec<&'a str>,
    is_whole: bool,
}

/// Whether a record is one row. A quote that is not closed takes what follows into its field: to the end of the file, or
/// to the next quote, behind which the text of another field goes on (RFC 4180, section 2, has none there). Within one
/// line that is only careless writing, and takes nothing.
fn is_whole(record: &[u8]) -> bool {
    enum At {
        Start,
        Plain,
        Quoted,
        Closed,
    }
    let (mut at, mut has_lines, mut goes_on) = (At::Start, false, false);
    for byte in record {
        at = match (at, byte) {
            (At::Quoted, b'"') => At::Closed,
            (At::Start | At::Closed, b'"') => At::Quoted,
            (At::Quoted, _) => {
                has_lines |= matches!(byte, b'\r' | b'\n');
                At::Quoted
            }
            (_, b',' | b'\r' | b'\n') => At::Start,
            (At::Closed, _) => {
                goes_on = true;
                At::Plain
            }
            (At::Start | At::Plain, _) => At::Plain,
        };
    }
    let is_open = matches!(at, At::Quoted);
    !(is_open || has_lines && goes_on)
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
    fn columns_beyond_those_that_are_looked_at_end_nothing() {
        let wide = ",x".repeat(3 * COLUMNS);
        let csv = format!("Title,OTPAuth{wide}\nA,GEZDGNBVGY3TQOJQ{wide}\nB,GEZDGNBVGY3TQOJQ");
        let batch = read(&csv).unwrap();
        let names: Vec<_> = batch.entries.iter().map(|entry| entry.issuer.as_str()).collect();
        assert_eq!((names, batch.entries.iter().all(|entry| entry.otp.is_ok())), (vec!["A", "B"], true));
    }

    #[test]
    fn one_bad_row_spoils_no_other() {
        let csv = "Title,URL,Username,Password,Notes,OTPAuth\n\
                   A,,,,,otpauth://totp/a?secret=1\nB,,,,,GEZDGNBVGY3TQOJQ\nno code,,,,,\nshort\nC,,,,,steam://GEZDGNBVGY3TQOJQ";
        let batch = read(csv).unwrap();
        let reasons: Vec<_> = batch.entries.iter().map(|entry| entry.otp.as_ref().err().copied()).collect();
        assert_eq!(reasons, [Some(Reason::SecretNotBase32), None, Some(Reason::EntryDamaged), None]);
    }

    #[test]
    fn rows_that_a_quote_takes_in_are_told() {
        let row = |note: &str| format!("A,u,{note},GEZDGNBVGY3TQOJQ\n");
        let (good, damaged) = (None, Some(Reason::EntryDamaged));
        for (rows, expected) in [
            (row("\"two\nlines, \"\"quoted\"\"\"") + &row(""), vec![good, good]),
            (row("5\" disk") + &row("\"said \"so\"\""), vec![good, good]),
            // To the end of the file; cut within a note, before the code and behind it.
            (row("") + &row("\"open") + &row(""), vec![good, damaged]),
            (row("") + "A,u,\"a no", vec![good, damaged]),
            (row("") + "A,u,", vec![good, damaged]),
            // To the quote of another row.
            (row("\"open") + &row("") + &row("\"closed\"") + &row(""), vec![damaged, good]),
            (row("\"open") + &row("\"\"") + &row("\"closed\"") + &row(""), vec![damaged, good]),
        ] {
            let batch = read(&format!("Title,Username,Notes,OTPAuth\n{rows}")).unwrap();
            let reasons: Vec<_> =
                batch.entries.iter().map(|entry| entry.otp.as_ref().err().copied()).collect();
            assert_eq!(reasons, expected, "{rows}");
        }
        let open = format!("Title,OTPAuth,\"Notes\n{}", row(""));
        assert_eq!(read(&open).unwrap_err().reason, Reason::NotAnImport);
    }
}
