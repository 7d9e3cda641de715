//! A page of a manifest: the rows whose locators begin with the same byte, and for accounts what a list shows.

use super::RowKind;
use super::codec::{Reader, Writer};
use super::seal::TAG;
use crate::clock::UnixTime;
use crate::secret::Secret;

/// What a list shows of an account, known without opening its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Id: 16 characters.
    pub id: String,
    /// Who the account is with.
    pub issuer: String,
    /// The account name.
    pub name: String,
    /// Has one-time codes.
    pub codes: bool,
    /// Approves sign-ins.
    pub approvals: bool,
    /// Shown first.
    pub favourite: bool,
    /// Words to group by.
    pub tags: Vec<String>,
    /// When it was put into the trash.
    pub trashed_at: Option<UnixTime>,
    /// In no backup yet, or in none as it is now.
    pub needs_backup: bool,
}

/// An account in the manifest.
#[derive(Clone)]
pub(super) struct Card {
    pub(super) summary: Summary,
    /// Place in the person's order, smallest first.
    pub(super) position: i64,
    /// The generation in which anything that a backup holds was changed.
    pub(super) changed: u64,
    /// Issuer, name, tags and note, folded for searching.
    pub(super) folded: String,
}

/// A row in the manifest.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) locator: [u8; 16],
    pub(super) kind: RowKind,
    pub(super) id: String,
    /// Counts the states of this row.
    pub(super) revision: u64,
    /// The tag of the sealed row.
    pub(super) tag: [u8; TAG],
    /// For accounts.
    pub(super) card: Option<Box<Card>>,
}

/// Fewest bytes of an entry: locator, kind, id, revision, tag.
const SMALLEST_ENTRY: usize = 16 + 1 + 4 + 8 + TAG;

pub(super) fn encode(entries: &[Entry]) -> Secret {
    let mut out = Writer::new();
    out.count(entries.len());
    for entry in entries {
        out.fixed(&entry.locator);
        out.u8(entry.kind.number());
        out.bytes(entry.id.as_bytes());
        out.u64(entry.revision);
        out.fixed(&entry.tag);
        if let Some(card) = &entry.card {
            encode_card(&mut out, card);
        }
    }
    out.finish()
}

/// `None` for what `encode` can't have written. Whether an account needs a backup is for the root to tell.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<Entry>> {
    let mut reader = Reader::new(bytes);
    let count = reader.count(SMALLEST_ENTRY)?;
    let mut entries: Vec<Entry> = Vec::with_capacity(count);
    for _ in 0..count {
        let entry = decode_entry(&mut reader)?;
        // Sorted, each once: searched by halving.
        if entries.last().is_some_and(|before| before.locator >= entry.locator) {
            return None;
        }
        entries.push(entry);
    }
    reader.is_at_end().then_some(entries)
}

fn decode_entry(reader: &mut Reader<'_>) -> Option<Entry> {
    let locator = reader.array()?;
    let kind = RowKind::of_number(reader.u8()?)?;
    let id = reader.text()?;
    let revision = reader.u64()?;
    let tag = reader.array()?;
    let card = match kind {
        RowKind::Account => Some(Box::new(decode_card(reader, &id)?)),
        _ => None,
    };
    Some(Entry { locator, kind, id, revision, tag, card })
}

fn encode_card(out: &mut Writer, card: &Card) {
    let summary = &card.summary;
    out.bytes(summary.issuer.as_bytes());
    out.bytes(summary.name.as_bytes());
    for flag in [summary.codes, summary.approvals, summary.favourite, summary.trashed_at.is_some()] {
        out.u8(u8::from(flag));
    }
    out.i64(summary.trashed_at.unwrap_or_default().0);
    out.count(summary.tags.len());
    for tag in &summary.tags {
        out.bytes(tag.as_bytes());
    }
    out.i64(card.position);
    out.u64(card.changed);
    out.bytes(card.folded.as_bytes());
}

fn decode_card(reader: &mut Reader<'_>, id: &str) -> Option<Card> {
    let (issuer, name) = (reader.text()?, reader.text()?);
    let (codes, approvals, favourite, trashed) =
        (reader.flag()?, reader.flag()?, reader.flag()?, reader.flag()?);
    let at = UnixTime(reader.i64()?);
    if !trashed && at != UnixTime::default() {
        return None;
    }
    let tags = (0..reader.count(4)?).map(|_| reader.text()).collect::<Option<_>>()?;
    let summary = Summary {
        id: id.to_owned(),
        issuer,
        name,
        codes,
        approvals,
        favourite,
        tags,
        trashed_at: trashed.then_some(at),
        needs_backup: true,
    };
    Some(Card { summary, position: reader.i64()?, changed: reader.u64()?, folded: reader.text()? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entries() -> Vec<Entry> {
        let summary = Summary {
            id: "abc".into(),
            issuer: "Example".into(),
            name: "alice@example.com".into(),
            codes: true,
            approvals: false,
            favourite: true,
            tags: vec!["work".into(), "日本".into()],
            trashed_at: Some(UnixTime(-7)),
            needs_backup: true,
        };
        let card = Card { summary, position: -3, changed: 9, folded: "example".into() };
        vec![
            Entry {
                locator: [1; 16],
                kind: RowKind::Account,
                id: "abc".into(),
                revision: 3,
                tag: [5; TAG],
                card: Some(Box::new(card)),
            },
            Entry {
                locator: [2; 16],
                kind: RowKind::Setting,
                id: "grace".into(),
                revision: u64::MAX,
                tag: [6; TAG],
                card: None,
            },
        ]
    }

    #[test]
    fn round_trip() {
        let back = decode(encode(&entries()).expose()).unwrap();
        assert_eq!(encode(&back).expose(), encode(&entries()).expose());
        let card = back[0].card.as_ref().unwrap();
        assert_eq!(card.summary, entries()[0].card.as_ref().unwrap().summary);
        assert_eq!((card.position, card.changed, card.folded.as_str()), (-3, 9, "example"));
        assert!(back[1].card.is_none() && back[1].id == "grace");
    }

    #[test]
    fn unsorted_doubled_or_cut_is_not_read() {
        let mut twice = entries();
        twice[1].locator = [1; 16];
        assert!(decode(encode(&twice).expose()).is_none());
        let mut unsorted = entries();
        unsorted.reverse();
        assert!(decode(encode(&unsorted).expose()).is_none());
        let whole = encode(&entries());
        for end in 0..whole.len() {
            assert!(decode(&whole.expose()[..end]).is_none(), "{end}");
        }
        assert!(decode(&[whole.expose(), &[0]].concat()).is_none());
    }

    #[test]
    fn a_time_of_the_trash_without_being_there_is_not_read() {
        let mut bytes = encode(&entries()).expose().to_vec();
        let at = bytes.windows(8).position(|window| window == (-7_i64).to_be_bytes()).unwrap();
        assert_eq!(std::mem::replace(&mut bytes[at - 1], 0), 1);
        assert!(decode(&bytes).is_none());
    }

    proptest! {
        #[test]
        fn anything_else_is_none_or_itself(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Some(entries) = decode(&bytes) {
                let again = encode(&entries);
                prop_assert_eq!(again.expose(), &bytes[..]);
            }
        }
    }
}
