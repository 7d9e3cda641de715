//! Proton Pass: the logins of its vaults, and the codes in their further fields.

use serde::Deserialize;

use super::entry::{Entry, Extra};
use super::json::{Elements, Number, SecretText, Text, Values, cap, element, frame, part};
use super::{App, Batch, Refused, shared};
use crate::reason::Reason;

/// Where its ZIP file has them.
pub(super) const FILE: &str = "Proton Pass/data.json";
/// The same under a password: a message of OpenPGP.
pub(super) const PGP_FILE: &str = "Proton Pass/data.pgp";
pub(super) const FORMAT: &str = "proton_pass_zip";
/// The state of an item in the trash.
const TRASHED: Number = Number::Is(2);

#[derive(Deserialize)]
struct File<'a> {
    #[serde(default)]
    encrypted: bool,
    #[serde(borrow)]
    vaults: Values<'a>,
}

#[derive(Deserialize)]
struct Vault<'a> {
    #[serde(default)]
    name: Text,
    #[serde(borrow, default)]
    items: Elements<'a>,
}

#[derive(Deserialize)]
struct Item {
    data: Data,
    #[serde(default)]
    state: Number,
    #[serde(default)]
    pinned: bool,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Data {
    metadata: Metadata,
    content: Content,
    extra_fields: Vec<Field>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    name: Text,
    note: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Content {
    totp_uri: SecretText,
    item_username: Text,
    item_email: Text,
    sections: Vec<Section>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Section {
    section_fields: Vec<Field>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Field {
    field_name: Text,
    #[serde(rename = "type")]
    kind: Text,
    data: FieldData,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FieldData {
    totp_uri: SecretText,
}

/// Reads what is in [`FILE`]. Items without codes are no entries.
pub(super) fn read(json: &[u8]) -> Result<Batch, Refused> {
    let file: File<'_> = frame(json)?;
    if file.encrypted {
        return Err(Reason::PgpLocked.into());
    }
    let mut entries = Vec::new();
    let mut add = |entry| {
        entries.push(entry);
        cap(entries.len())
    };
    for vault in file.vaults.0 {
        let Some(vault) = part::<Vault<'_>>(vault) else {
            add(Entry::refused(Reason::EntryDamaged))?;
            continue;
        };
        let name = shared::tag(&vault.name.0);
        for item in vault.items {
            match element::<Item>(item) {
                Some(item) => of_item(&item, &name).try_for_each(&mut add)?,
                None => add(Entry::refused(Reason::EntryDamaged))?,
            }
        }
    }
    Ok(Batch::new(App::ProtonPass, FORMAT, entries))
}

/// The codes of one item: its own, then those of its fields.
fn of_item<'a>(item: &'a Item, vault: &'a str) -> impl Iterator<Item = Entry> + 'a {
    let Data { metadata, content, extra_fields } = &item.data;
    let user = if content.item_username.0.is_empty() { &content.item_email } else { &content.item_username };
    let fields =
        extra_fields.iter().chain(content.sections.iter().flat_map(|section| &section.section_fields));
    let fields = fields.filter(|field| field.kind.0 == "totp");
    let fields = fields
        .map(move |field| (&field.data.totp_uri, if user.0.is_empty() { &field.field_name } else { user }));
    let codes = std::iter::once((&content.totp_uri, user)).chain(fields);
    codes.filter(|(code, _)| !code.0.is_empty()).map(move |(code, name)| {
        let extra = Extra {
            note: shared::note(&metadata.note.0).to_owned(),
            favourite: item.pinned,
            tags: vec![vault.to_owned()],
            in_trash: item.state == TRASHED,
            unique_id: None,
        };
        // EXPOSE: read as a set-up code.
        Entry::of_field(code.0.expose_str().unwrap_or_default(), &metadata.name.0, &name.0, extra)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::import::{MAX_ENTRIES, Note};

    const CODE: &str = "GEZDGNBVGY3TQOJQ";

    #[test]
    fn one_broken_item_spoils_no_other() {
        let json = format!(
            r#"{{"version":"1","vaults":{{"z":{{"name":"Work","items":[7,
            {{"data":{{"metadata":{{"name":"A"}},"content":{{"totpUri":"otpauth://totp/ThisIsABadTotp","itemEmail":"e"}},
              "extraFields":[{{"fieldName":"second","type":"totp","data":{{"totpUri":"{CODE}"}}}},
                             {{"fieldName":"x","type":"hidden","data":{{"content":"y"}}}}]}}}},
            {{"data":{{"metadata":{{"name":"B"}},"content":{{}},"type":"alias"}},"state":2}},
            {{"data":{{"metadata":{{"name":"C"}},"content":{{"sections":[{{"sectionName":"s","sectionFields":[
              {{"fieldName":"own","type":"totp","data":{{"totpUri":"{CODE}"}}}}]}}]}}}},"state":2,"pinned":true}}]}},
            "a":{{"items":8}},"b":{{"name":"Home"}}}}}}"#
        );
        let entries = read(json.as_bytes()).unwrap().entries;
        let shown: Vec<_> = entries
            .iter()
            .map(|entry| (entry.issuer.as_str(), entry.name.as_str(), entry.otp.as_ref().err().copied()))
            .collect();
        assert_eq!(
            shown,
            [
                ("", "", Some(Reason::EntryDamaged)),
                ("A", "ThisIsABadTotp", Some(Reason::SecretMissing)),
                ("A", "e", None),
                ("C", "own", None),
                ("", "", Some(Reason::EntryDamaged)),
            ]
        );
        assert_eq!((entries[3].notes.as_slice(), entries[3].favourite), (&[Note::InTrash][..], true));
        assert_eq!(entries[2].tags, ["Work"]);
    }

    #[test]
    fn what_is_not_read_is_told() {
        let reason = |json: &str| read(json.as_bytes()).unwrap_err().reason;
        assert_eq!(reason(r#"{"encrypted":true,"vaults":{}}"#), Reason::PgpLocked);
        assert_eq!(reason(r#"{"vaults":[]}"#), Reason::ImportDamaged);
        let items = vec!["0"; MAX_ENTRIES + 1].join(",");
        assert_eq!(reason(&format!(r#"{{"vaults":{{"v":{{"items":[{items}]}}}}}}"#)), Reason::ImportTooLarge);
        let vaults = vec![r#""v":0"#; MAX_ENTRIES + 1].join(",");
        assert_eq!(reason(&format!(r#"{{"vaults":{{{vaults}}}}}"#)), Reason::ImportTooLarge);
    }
}
