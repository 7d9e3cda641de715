//! 1Password's unencrypted export, 1PUX (`support.1password.com/1pux-format`): every field that makes codes.

use serde::Deserialize;

use super::archive::Archive;
use super::entry::{Entry, Extra};
use super::json::{Elements, Number, SecretText, Text, cap, element, frame, part};
use super::shared::{self, tag};
use super::{App, Batch, Refused};
use crate::account::MAX_TAGS;
use crate::reason::Reason;

/// Where its ZIP file has the accounts.
pub(super) const FILE: &str = "export.data";
pub(super) const FORMAT: &str = "1password_1pux";
/// Where it says its version.
const ATTRIBUTES: &str = "export.attributes";
const VERSION: i64 = 3;

#[derive(Deserialize)]
struct Attributes {
    #[serde(default)]
    version: Number,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    accounts: Elements<'a>,
}

#[derive(Deserialize)]
struct Account<'a> {
    #[serde(borrow, default)]
    vaults: Elements<'a>,
}

#[derive(Deserialize)]
struct Vault<'a> {
    #[serde(default)]
    attrs: VaultAttributes,
    #[serde(borrow, default)]
    items: Elements<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct VaultAttributes {
    name: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Item {
    fav_index: Number,
    details: Details,
    overview: Overview,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Details {
    login_fields: Option<Vec<LoginField>>,
    notes_plain: Text,
    sections: Option<Vec<Section>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LoginField {
    /// Of other fields than the user's name: the password.
    value: SecretText,
    designation: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Section {
    fields: Option<Vec<Field>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Field {
    title: Text,
    value: Option<Value>,
}

/// One value under the name of its kind.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Value {
    totp: SecretText,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Overview {
    title: Text,
    tags: Option<Vec<Text>>,
}

/// Reads what is in [`FILE`]. Items without codes are no entries.
pub(super) fn read(archive: &mut Archive<'_>, json: &[u8]) -> Result<Batch, Refused> {
    if let Some(at) = archive.find(ATTRIBUTES) {
        // EXPOSE: no secret, it is unpacked as secrets are.
        let attributes: Attributes = frame(archive.unpack(at, None)?.expose())?;
        if matches!(attributes.version, Number::Is(version) if version > VERSION) {
            return Err(Reason::NewerFormat.into());
        }
    }
    of_data(json)
}

pub(super) fn of_data(json: &[u8]) -> Result<Batch, Refused> {
    let file: File<'_> = frame(json)?;
    let mut entries = Vec::new();
    let mut add = |entry| {
        entries.push(entry);
        cap(entries.len())
    };
    let damaged = || Entry::refused(Reason::EntryDamaged);
    for account in file.accounts {
        let Some(account) = part::<Account<'_>>(account) else {
            add(damaged())?;
            continue;
        };
        for vault in account.vaults {
            let Some(vault) = part::<Vault<'_>>(vault) else {
                add(damaged())?;
                continue;
            };
            let name = tag(&vault.attrs.name.0);
            for item in vault.items {
                match element::<Item>(item) {
                    Some(item) => of_item(&item, &name).try_for_each(&mut add)?,
                    None => add(damaged())?,
                }
            }
        }
    }
    Ok(Batch::new(App::OnePassword, FORMAT, entries))
}

fn of_item<'a>(item: &'a Item, vault: &'a str) -> impl Iterator<Item = Entry> + 'a {
    let Item { fav_index, details, overview } = item;
    let user = details.login_fields.iter().flatten().find(|field| field.designation.0 == "username");
    // EXPOSE: a name is none, it is read as the password beside it.
    let user = user.and_then(|field| field.value.0.expose_str()).filter(|user| !user.is_empty());
    let fields = details.sections.iter().flatten().flat_map(|section| section.fields.iter().flatten());
    let codes = fields.filter_map(|field| Some((field, &field.value.as_ref()?.totp.0)));
    codes.filter(|(_, code)| !code.is_empty()).map(move |(field, code)| {
        let tags = overview.tags.iter().flatten().take(MAX_TAGS + 1).map(|name| tag(&name.0).to_string());
        let extra = Extra {
            note: shared::note(&details.notes_plain.0).to_owned(),
            favourite: matches!(fav_index, Number::Is(1..)),
            tags: tags.chain([vault.to_owned()]).collect(),
            ..Extra::default()
        };
        // EXPOSE: read as a set-up code.
        let code = code.expose_str().unwrap_or_default();
        Entry::of_field(code, &overview.title.0, user.unwrap_or(&field.title.0), extra)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::import::MAX_ENTRIES;

    #[test]
    fn one_broken_item_spoils_no_other() {
        let json = br#"{"accounts":[7,{"attrs":{},"vaults":[8,{"attrs":{"name":"Work"},"items":[9,
            {"favIndex":1,"overview":{"title":"A","tags":["t"]},"details":{"notesPlain":"n",
             "loginFields":[{"designation":"password","value":"p"},{"designation":"username","value":"u"}],
             "sections":[{"fields":[{"title":"one","value":{"totp":"GEZDGNBVGY3TQOJQ"}},
                                    {"title":"two","value":{"totp":"otpauth://totp/x?secret=1"}},
                                    {"title":"pin","value":{"concealed":"1"}},{"title":"empty","value":{"totp":""}}]}]}},
            {"overview":{"title":"B"},"details":{"loginFields":null,"sections":null}},
            {"overview":{"title":"C"},"details":{"sections":[{"fields":null},
             {"fields":[{"title":"code","value":{"totp":"gezd gnbv gy3t qojq"}}]}]}}]}]}]}"#;
        let entries = of_data(json).unwrap().entries;
        let shown: Vec<_> = entries
            .iter()
            .map(|entry| (entry.issuer.as_str(), entry.name.as_str(), entry.otp.as_ref().err().copied()))
            .collect();
        assert_eq!(
            shown,
            [
                ("", "", Some(Reason::EntryDamaged)),
                ("", "", Some(Reason::EntryDamaged)),
                ("", "", Some(Reason::EntryDamaged)),
                ("A", "u", None),
                ("A", "x", Some(Reason::SecretNotBase32)),
                ("C", "code", None),
            ]
        );
        let [_, _, _, a, ..] = entries.as_slice() else { panic!() };
        assert_eq!((a.tags.join(","), a.note.as_str(), a.favourite), ("Work,t".to_owned(), "n", true));
    }

    #[test]
    fn counts_are_capped() {
        let items = vec!["0"; MAX_ENTRIES + 1].join(",");
        for json in [
            format!(r#"{{"accounts":[{items}]}}"#),
            format!(r#"{{"accounts":[{{"vaults":[{items}]}}]}}"#),
            format!(r#"{{"accounts":[{{"vaults":[{{"items":[{items}]}}]}}]}}"#),
        ] {
            assert_eq!(of_data(json.as_bytes()).unwrap_err().reason, Reason::ImportTooLarge);
        }
    }
}
