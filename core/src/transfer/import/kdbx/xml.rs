//! The XML: groups in groups, entries in them, and what an entry was before in its history.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zeroize::Zeroizing;

use super::super::Refused;
use super::super::json::cap;
use super::codes::is_wanted;
use super::content::{Content, Stream};
use crate::reason::Reason;
use crate::secret::{Secret, WipingWriter};

/// Deepest element. People have groups in groups, some levels of them.
const MAX_DEPTH: usize = 200;

/// What is read of a database.
#[derive(Default)]
pub(super) struct Database {
    groups: Vec<Group>,
    entries: Vec<Entry>,
    bin: String,
    has_bin: bool,
}

#[derive(Default)]
struct Group {
    parent: Option<usize>,
    id: String,
    name: String,
}

/// An entry that makes codes.
#[derive(Default)]
pub(super) struct Entry {
    group: usize,
    pub(super) fields: Vec<(String, Secret)>,
    /// Its own, and the name of its group.
    pub(super) tags: Vec<String>,
}

impl Database {
    /// The entries, but for those that lie in the recycle bin.
    pub(super) fn entries(self) -> impl Iterator<Item = Entry> {
        let is_kept: Vec<bool> = (0..self.groups.len()).map(|group| !self.is_in_bin(group)).collect();
        self.entries.into_iter().filter(move |entry| is_kept.get(entry.group).copied().unwrap_or(true))
    }

    /// A group is in the bin when any group around it is the bin.
    fn is_in_bin(&self, group: usize) -> bool {
        let mut at = Some(group);
        while let Some(group) = at.and_then(|at| self.groups.get(at)) {
            if self.has_bin && !self.bin.is_empty() && group.id == self.bin {
                return true;
            }
            at = group.parent;
        }
        false
    }
}

/// Reads the XML, and uncovers what is protected in it on the way.
///
/// # Errors
/// `ImportDamaged`, `ImportTooLarge`.
pub(super) fn read(content: Content) -> Result<Database, Refused> {
    // EXPOSE: read as XML.
    let xml = content.xml.expose_str().ok_or(Reason::ImportDamaged)?;
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
    let mut walk = Walk { stream: content.stream, ..Walk::new() };
    loop {
        match reader.read_event().map_err(|_| Reason::ImportDamaged)? {
            Event::Start(start) => walk.start(&start)?,
            Event::Empty(start) => {
                walk.start(&start)?;
                walk.end()?;
            }
            Event::End(_) => walk.end()?,
            Event::Text(text) => walk.text(&text),
            Event::CData(text) => walk.text(&text),
            Event::GeneralRef(reference) => walk.text(character(&reference)?.encode_utf8(&mut [0; 4])),
            // No such file has one, and nothing is ever taken from its definitions.
            Event::DocType(_) => return Err(Reason::ImportDamaged.into()),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof if walk.path.is_empty() => return Ok(walk.database),
            Event::Eof => return Err(Reason::ImportDamaged.into()),
        }
    }
}

fn character(reference: &BytesRef<'_>) -> Result<char, Reason> {
    match &**reference {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => reference.resolve_char_ref().ok().flatten().ok_or(Reason::ImportDamaged),
    }
}

/// The elements that matter, by their names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Meta,
    BinEnabled,
    BinId,
    Group,
    Id,
    Name,
    Entry,
    Tags,
    History,
    String,
    Key,
    Value,
    Protected,
    Other,
}

impl Tag {
    fn of(start: &BytesStart<'_>) -> Result<Self, Reason> {
        Ok(match start.name().as_ref() {
            "Meta" => Self::Meta,
            "RecycleBinEnabled" => Self::BinEnabled,
            "RecycleBinUUID" => Self::BinId,
            "Group" => Self::Group,
            "UUID" => Self::Id,
            "Name" => Self::Name,
            "Entry" => Self::Entry,
            "Tags" => Self::Tags,
            "History" => Self::History,
            "String" => Self::String,
            "Key" => Self::Key,
            "Value" => {
                let mark = start.try_get_attribute("Protected").map_err(|_| Reason::ImportDamaged)?;
                let is_protected = mark.is_some_and(|mark| mark.value.eq_ignore_ascii_case("true"));
                if is_protected { Self::Protected } else { Self::Value }
            }
            _ => Self::Other,
        })
    }

    /// Whether its text is kept. Elements with others inside have none.
    const fn has_text(self) -> bool {
        matches!(
            self,
            Self::BinEnabled
                | Self::BinId
                | Self::Id
                | Self::Name
                | Self::Tags
                | Self::Key
                | Self::Value
                | Self::Protected
        )
    }
}

/// The way through the elements.
struct Walk {
    stream: Stream,
    database: Database,
    path: Vec<Tag>,
    text: WipingWriter,
    /// The groups around.
    groups: Vec<usize>,
    entry: Option<Entry>,
    /// How many histories are around.
    histories: usize,
    key: String,
    value: Secret,
}

impl Walk {
    fn new() -> Self {
        Self {
            stream: Stream::None,
            database: Database { has_bin: true, ..Database::default() },
            path: Vec::new(),
            text: WipingWriter::new(0),
            groups: Vec::new(),
            entry: None,
            histories: 0,
            key: String::new(),
            value: Secret::default(),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Refused> {
        let tag = Tag::of(start)?;
        match tag {
            Tag::Group => {
                let parent = self.groups.last().copied();
                self.groups.push(self.database.groups.len());
                self.database.groups.push(Group { parent, ..Group::default() });
                cap(self.database.groups.len())?;
            }
            Tag::History => self.histories += 1,
            Tag::Entry if self.histories == 0 => {
                let group = self.groups.last().copied().ok_or(Reason::ImportDamaged)?;
                if self.entry.replace(Entry { group, ..Entry::default() }).is_some() {
                    return Err(Reason::ImportDamaged.into());
                }
            }
            Tag::String => {
                self.key.clear();
                self.value = Secret::default();
            }
            _ if tag.has_text() => self.text = WipingWriter::new(64),
            _ => {}
        }
        self.path.push(tag);
        if self.path.len() > MAX_DEPTH { Err(Reason::ImportDamaged.into()) } else { Ok(()) }
    }

    fn text(&mut self, text: &str) {
        if self.path.last().is_some_and(|tag| tag.has_text()) {
            self.text.push(text.as_bytes());
        }
    }

    fn end(&mut self) -> Result<(), Refused> {
        let tag = self.path.pop().ok_or(Reason::ImportDamaged)?;
        let parent = self.path.last().copied().unwrap_or(Tag::Other);
        let mut text = if tag.has_text() { self.taken() } else { Secret::default() };
        if tag == Tag::Protected {
            text = self.uncovered(&text)?;
        }
        match (tag, parent) {
            (Tag::BinEnabled, Tag::Meta) => {
                self.database.has_bin = !string(&text).eq_ignore_ascii_case("false")
            }
            (Tag::BinId, Tag::Meta) => self.database.bin = string(&text),
            (Tag::Id, Tag::Group) => self.with_group(|group| group.id = string(&text)),
            (Tag::Name, Tag::Group) => self.with_group(|group| group.name = string(&text)),
            (Tag::Key, Tag::String) => self.key = string(&text),
            (Tag::Value | Tag::Protected, Tag::String) => self.value = text,
            (Tag::Tags, Tag::Entry) if self.histories == 0 => self.add_tags(&string(&text)),
            (Tag::String, Tag::Entry) if self.histories == 0 => self.add_field(),
            (Tag::Entry, _) if self.histories == 0 => self.close_entry()?,
            (Tag::History, _) => self.histories -= 1,
            (Tag::Group, _) => drop(self.groups.pop()),
            _ => {}
        }
        Ok(())
    }

    fn taken(&mut self) -> Secret {
        std::mem::replace(&mut self.text, WipingWriter::new(0)).into_secret()
    }

    /// Each protected value takes the next part of the stream, also those that nobody asks for.
    fn uncovered(&mut self, text: &Secret) -> Result<Secret, Reason> {
        // EXPOSE: read as Base64.
        let text = text.expose().trim_ascii();
        let mut bytes = Zeroizing::new(vec![0; text.len() / 4 * 3 + 3]);
        let count = STANDARD.decode_slice(text, &mut bytes).map_err(|_| Reason::ImportDamaged)?;
        let bytes = bytes.get_mut(..count).ok_or(Reason::ImportDamaged)?;
        self.stream.apply(bytes).ok_or(Reason::ImportDamaged)?;
        Ok(Secret::copy_of(bytes))
    }

    fn with_group(&mut self, change: impl FnOnce(&mut Group)) {
        if let Some(group) = self.groups.last().and_then(|group| self.database.groups.get_mut(*group)) {
            change(group);
        }
    }

    fn add_tags(&mut self, tags: &str) {
        let tags = tags.split([';', ',']).map(str::trim).filter(|tag| !tag.is_empty());
        if let Some(entry) = &mut self.entry {
            entry.tags.extend(tags.map(ToOwned::to_owned));
        }
    }

    fn add_field(&mut self) {
        let field = (std::mem::take(&mut self.key), std::mem::take(&mut self.value));
        if let Some(entry) = self.entry.as_mut().filter(|_| is_wanted(&field.0)) {
            entry.fields.push(field);
        }
    }

    fn close_entry(&mut self) -> Result<(), Refused> {
        let Some(mut entry) = self.entry.take().filter(Entry::has_codes) else { return Ok(()) };
        let group = self.database.groups.get(entry.group);
        // The outermost group is the database itself.
        let folder = group.filter(|group| group.parent.is_some()).map(|group| group.name.clone());
        entry.tags.extend(folder);
        self.database.entries.push(entry);
        cap(self.database.entries.len())
    }
}

fn string(text: &Secret) -> String {
    // EXPOSE: a name or an id.
    text.expose_str().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_xml(xml: &str) -> Result<Vec<Entry>, Reason> {
        let content = Content { xml: Secret::copy_of(xml.as_bytes()), stream: Stream::None };
        read(content).map(|database| database.entries().collect()).map_err(|refused| refused.reason)
    }

    fn entry(otp: &str) -> String {
        format!("<Entry><String><Key>otp</Key><Value>{otp}</Value></String></Entry>")
    }

    fn codes(xml: &str) -> Vec<String> {
        let entries = read_xml(xml).unwrap();
        entries.iter().map(|entry| entry.fields[0].1.expose_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn what_was_deleted_or_was_before_is_none_of_it() {
        let file = |meta: &str| {
            let old =
                entry("x").replace("</Entry>", &format!("<History>{}</History></Entry>", entry("before")));
            format!(
                "<?xml version='1.0'?><KeePassFile><Meta>{meta}</Meta><Root><Group><UUID>root</UUID>{old}
                 <Group><UUID>bin</UUID>{}<Group><UUID>in</UUID>{}</Group></Group>{}</Group></Root></KeePassFile>",
                entry("deleted"), entry("deep"), entry("y")
            )
        };
        let bin = "<RecycleBinUUID>bin</RecycleBinUUID>";
        assert_eq!(codes(&file(bin)), ["x", "y"]);
        assert_eq!(codes(&file(&format!("<RecycleBinEnabled>True</RecycleBinEnabled>{bin}"))), ["x", "y"]);
        let without = format!("<RecycleBinEnabled>False</RecycleBinEnabled>{bin}");
        assert_eq!(codes(&file(&without)), ["x", "deleted", "deep", "y"]);
        assert_eq!(codes(&file("")), ["x", "deleted", "deep", "y"]);
    }

    #[test]
    fn protected_values_are_uncovered_in_their_order() {
        let value = |covered: &[u8]| {
            format!(
                r#"<String><Key>otp</Key><Value Protected="True">{}</Value></String>"#,
                STANDARD.encode(covered)
            )
        };
        let plain: [&[u8]; 3] = [b"password", b"before", b"code"];
        let mut cover = Stream::of(2, b"key").unwrap();
        let covered = plain.map(|bytes| {
            let mut bytes = bytes.to_vec();
            cover.apply(&mut bytes).unwrap();
            value(&bytes)
        });
        let [password, before, code] = covered;
        let xml = format!(
            r#"<Root><Group><Entry>{}<String><Key>x</Key><Value Protected="true"/></String><History><Entry>{before}</Entry></History></Entry>
            <Entry>{code}</Entry></Group></Root>"#,
            password.replace("otp", "Password")
        );
        let content =
            Content { xml: Secret::copy_of(xml.as_bytes()), stream: Stream::of(2, b"key").unwrap() };
        let entries: Vec<_> = read(content).unwrap().entries().collect();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].fields[0].1.expose(), b"code");
    }

    #[test]
    fn text_with_references() {
        let group = |value: &str| format!("<Root><Group>{}</Group></Root>", entry(value));
        assert_eq!(codes(&group("a&amp;b&lt;&#x263A;<![CDATA[<c>]]>")), ["a&b<\u{263a}<c>"]);
        for wrong in ["&other;", "&#0;", "<b>", "&#xD800;"] {
            assert_eq!(read_xml(&group(wrong)).err(), Some(Reason::ImportDamaged), "{wrong}");
        }
    }

    #[test]
    fn what_no_program_writes_is_damage() {
        let bomb = format!("<!DOCTYPE a [<!ENTITY b \"{}\">]><Root>&b;</Root>", "c".repeat(1000));
        for xml in [
            bomb.as_str(),
            "",
            "<Root>",
            "</Root>",
            "<Root><Entry/></Root>",
            "<Group><Entry><Entry/></Entry></Group>",
            "<Group><Entry><String><Value Protected='True'>*</Value></String></Entry></Group>",
            &"<Group>".repeat(MAX_DEPTH + 1),
        ] {
            let expected = if xml.is_empty() { None } else { Some(Reason::ImportDamaged) };
            assert_eq!(read_xml(xml).err(), expected, "{}", &xml[..xml.len().min(80)]);
        }
        let many = "<Group/>".repeat(crate::transfer::import::MAX_ENTRIES + 1);
        assert_eq!(read_xml(&many).err(), Some(Reason::ImportTooLarge));
        let many = format!("<Group>{}</Group>", entry("x").repeat(crate::transfer::import::MAX_ENTRIES + 1));
        assert_eq!(read_xml(&many).err(), Some(Reason::ImportTooLarge));
    }

    #[test]
    fn tags_are_its_own_and_its_folder() {
        let tagged = entry("x").replace("<String>", "<Tags>a;b, c</Tags><String>");
        let xml = format!(
            "<Root><Group><Name>All</Name>{tagged}<Group><Name>Work</Name>{tagged}</Group></Group></Root>"
        );
        let entries = read_xml(&xml).unwrap();
        assert_eq!(entries[0].tags, ["a", "b", "c"]);
        assert_eq!(entries[1].tags, ["a", "b", "c", "Work"]);
    }
}
