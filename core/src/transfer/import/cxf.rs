//! FIDO's Credential Exchange Format (CXF 1.0, Proposed Standard of 14 August 2025): what apps hand over between phones,
//! and what some write as a file. Only its `totp` credentials are codes. What CXP seals is for one receiver and is none of
//! this.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::entry::{Entry, Extra, Raw, Seed};
use super::json::{Elements, Number, SecretText, Text, cap, element, frame};
use super::shared::{self, Tags, tag};
use super::{App, Batch, Refused};
use crate::account::MAX_TAGS;
use crate::reason::Reason;

/// The version of the standard; a minor one only adds.
const MAJOR: i64 = 1;

#[derive(Deserialize)]
struct File<'a> {
    version: Version,
    #[serde(borrow)]
    accounts: Elements<'a>,
}

#[derive(Deserialize)]
struct Version {
    major: Number,
}

#[derive(Deserialize)]
struct Account<'a> {
    #[serde(borrow, default)]
    collections: Option<Elements<'a>>,
    #[serde(borrow)]
    items: Elements<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Collection {
    title: Text,
    #[serde(default)]
    items: Vec<Linked>,
    #[serde(default)]
    sub_collections: Option<Vec<Collection>>,
}

#[derive(Deserialize)]
struct Linked {
    item: String,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(default)]
    id: Text,
    #[serde(default)]
    title: Text,
    #[serde(default)]
    favorite: Option<bool>,
    #[serde(borrow)]
    credentials: Elements<'a>,
    #[serde(default)]
    tags: Option<Vec<Text>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Credential {
    #[serde(rename = "type")]
    kind: Text,
    secret: SecretText,
    algorithm: Text,
    digits: Number,
    period: Number,
    issuer: Text,
    username: Value,
    /// Of a note.
    content: Value,
}

/// Text in codes, a field with a value in logins and notes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Field { value: Text },
    Text(Text),
}

impl Default for Value {
    fn default() -> Self {
        Self::Text(Text::default())
    }
}

impl Value {
    fn text(self) -> String {
        let (Self::Field { value } | Self::Text(value)) = self;
        value.0
    }
}

/// Reads a whole export.
pub(super) fn read(json: &[u8]) -> Result<Batch, Refused> {
    let file: File<'_> = frame(json)?;
    match file.version.major {
        Number::Is(0..=MAJOR) => {}
        Number::Is(_) => return Err(Reason::NewerFormat.into()),
        Number::Missing | Number::Unreadable => return Err(Reason::ImportDamaged.into()),
    }
    let mut entries = Vec::new();
    for account in file.accounts {
        match serde_json::from_str::<Account<'_>>(account.get()) {
            Ok(account) => add(&account, &mut entries)?,
            Err(_) => entries.push(Entry::refused(Reason::EntryDamaged)),
        }
    }
    Ok(batch(entries))
}

/// Reads one account without the frame, as Apple's and Bitwarden's interfaces hand it over.
pub(super) fn read_account(json: &[u8]) -> Result<Batch, Refused> {
    let mut entries = Vec::new();
    add(&frame(json)?, &mut entries)?;
    Ok(batch(entries))
}

fn batch(entries: Vec<Entry>) -> Batch {
    Batch::new(App::CredentialExchange, "cxf", entries)
}

fn add(account: &Account<'_>, entries: &mut Vec<Entry>) -> Result<(), Refused> {
    cap(account.items.len())?;
    let mut titles = Tags::default();
    for collection in account.collections.iter().flatten().filter_map(|json| element::<Collection>(json)) {
        collect(collection, &mut titles);
    }
    for item in &account.items {
        match serde_json::from_str::<Item<'_>>(item.get()) {
            Ok(item) => entries.extend(entries_of(&item, &titles)),
            Err(_) => entries.push(Entry::refused(Reason::EntryDamaged)),
        }
        cap(entries.len())?;
    }
    Ok(())
}

/// Which collections an item is in, by its id. How deep they lie in each other is limited by the JSON reader.
fn collect(collection: Collection, titles: &mut Tags<String>) {
    let title = tag(&collection.title.0);
    for linked in collection.items {
        titles.add(linked.item, &title);
    }
    for inner in collection.sub_collections.into_iter().flatten() {
        collect(inner, titles);
    }
}

fn entries_of(item: &Item<'_>, titles: &Tags<String>) -> Vec<Entry> {
    let (codes, others): (Vec<&RawValue>, Vec<&RawValue>) =
        item.credentials.iter().partition(|json| kind_of(json) == "totp");
    let other = |kind: &str| {
        let mut of_kind = others.iter().filter(|json| kind_of(json) == kind);
        of_kind.find_map(|json| element::<Credential>(json)).unwrap_or_default()
    };
    let (login, note) = (other("basic-auth").username.text(), other("note").content.text());
    let (login, note, title) = (shared::name(&login), shared::note(&note), shared::name(&item.title.0));
    let tags = item.tags.iter().flatten().take(MAX_TAGS + 1).map(|name| tag(&name.0).to_string());
    let tags: Vec<_> = tags.chain(titles.of(&item.id.0)).collect();
    let favourite = item.favorite.unwrap_or(false);
    let extra = || Extra { note: note.to_owned(), favourite, tags: tags.clone(), ..Extra::default() };
    let entry = |json: &&RawValue| match element::<Credential>(json) {
        Some(code) => {
            let name = or(code.username.text(), login);
            // An item has to be called something: where there is no issuer, it may be by the account's name.
            let title = if title == name { "" } else { title };
            Entry::of(Raw {
                kind: code.kind.0,
                issuer: or(code.issuer.0, title),
                name,
                seed: Seed::Base32(code.secret.0),
                algorithm: code.algorithm.0,
                digits: code.digits,
                period: code.period,
                extra: extra(),
                ..Raw::default()
            })
        }
        None => Entry::refused(Reason::EntryDamaged),
    };
    codes.iter().map(entry).collect()
}

fn kind_of(credential: &RawValue) -> String {
    #[derive(Deserialize)]
    struct Kind {
        #[serde(rename = "type")]
        kind: String,
    }
    element::<Kind>(credential).map(|kind| kind.kind).unwrap_or_default()
}

fn or(first: String, second: &str) -> String {
    if first.is_empty() { second.to_owned() } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(batch: &Batch) -> Vec<Option<Reason>> {
        batch.entries.iter().map(|entry| entry.otp.as_ref().err().copied()).collect()
    }

    #[test]
    fn one_broken_credential_spoils_no_other() {
        let json = br#"{"version":{"major":1,"minor":0},"exporterRpId":"a","accounts":[7,{"id":"a","items":[
            8,
            {"id":"i","title":"Example","credentials":[
              {"type":"basic-auth","username":{"fieldType":"string","value":"alice"}},
              {"type":"totp","secret":"GEZDGNBVGY3TQOJQ","digits":6,"period":30,"algorithm":"sha1"},
              {"type":"totp","secret":"GEZDGNBVGY3TQOJQ","digits":6,"period":30,"algorithm":"sha3"},
              {"type":"totp","secret":"GEZDGNBVGY3TQOJQ","username":[1]},
              {"type":"passkey","username":"bob"},
              {"type":"note","content":{"fieldType":"string","value":"spare"}}, 9]}]}]}"#;
        let batch = read(json).unwrap();
        let damaged = Some(Reason::EntryDamaged);
        assert_eq!(reasons(&batch), [damaged, damaged, None, Some(Reason::AlgorithmUnsupported), None]);
        let entry = &batch.entries[2];
        assert_eq!((entry.issuer.as_str(), entry.name.as_str()), ("Example", "alice"));
        assert_eq!(entry.note, "spare");
    }

    #[test]
    fn versions() {
        let refused = |version: &str| {
            read(format!(r#"{{"version":{version},"accounts":[]}}"#).as_bytes())
                .err()
                .map(|refused| refused.reason)
        };
        assert_eq!(refused(r#"{"major":1,"minor":9}"#), None);
        assert_eq!(refused(r#"{"major":2,"minor":0}"#), Some(Reason::NewerFormat));
        assert_eq!(refused(r#"{"minor":0}"#), Some(Reason::ImportDamaged));
        assert_eq!(refused("1"), Some(Reason::ImportDamaged));
    }
}
