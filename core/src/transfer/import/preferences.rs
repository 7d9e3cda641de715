//! Preferences files of Android apps (XML): FreeOTP 1, Authy, Battle.net, TOTP Authenticator. Which it is, the names of
//! its values say. Document types are refused, so that nothing can be defined in one.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zeroize::Zeroizing;

use super::json::cap;
use super::{Opened, Refused, authy, battle_net, free_otp_1, totp_authenticator};
use crate::reason::Reason;
use crate::secret::Secret;

/// `map`, a value, and the parts of a set; nothing lies deeper.
const MAX_DEPTH: usize = 4;
/// Of Android's own encryption of preferences: the key lies in the phone's hardware.
const KEYSET: &str = "__androidx_security_crypto_encrypted_prefs_key_keyset__";

/// The texts of such a file, with their names, in its order.
pub(super) struct Preferences(Vec<(String, Secret)>);

/// Whether a text begins as one.
pub(super) fn is_one(text: &str) -> bool {
    text.starts_with("<?xml") || text.starts_with("<map")
}

/// Reads such a file of an app that is known.
pub(super) fn read(xml: &str) -> Result<Opened, Refused> {
    let file = Preferences::read(xml)?;
    if file.has(free_otp_1::ORDER) {
        free_otp_1::read(&file).map(Opened::Entries)
    } else if authy::LISTS.iter().any(|list| file.has(list)) {
        authy::read(&file)
    } else if file.has(battle_net::SECRET) {
        battle_net::read(&file).map(Opened::Entries)
    } else if let Some(list) = file.get(totp_authenticator::LIST) {
        // EXPOSE: read as JSON.
        totp_authenticator::rows(list.expose(), "totp_authenticator_prefs").map(Opened::Entries)
    } else if file.has(KEYSET) {
        Err(Reason::NoPasswordSlot.into())
    } else {
        Err(Reason::NotAnImport.into())
    }
}

impl Preferences {
    fn read(xml: &str) -> Result<Self, Refused> {
        let damaged = || Refused::from(Reason::ImportDamaged);
        let mut reader = Reader::from_str(xml);
        let (mut texts, mut depth, mut elements) = (Vec::new(), 0_usize, 0_usize);
        loop {
            match reader.read_event().map_err(|_| damaged())? {
                Event::Start(tag) if depth == 0 && tag.name().0 != "map" => {
                    return Err(Reason::NotAnImport.into());
                }
                Event::Start(tag) if depth == 1 && tag.name().0 == "string" => {
                    let text = reader.read_text(tag.name()).map_err(|_| damaged())?;
                    texts.push((name(&tag).ok_or_else(damaged)?, plain(&text).ok_or_else(damaged)?));
                    elements += 1;
                }
                Event::Start(_) => {
                    depth += 1;
                    elements += 1;
                }
                Event::Empty(_) => elements += 1,
                Event::End(_) => depth = depth.checked_sub(1).ok_or_else(damaged)?,
                Event::DocType(_) => return Err(Reason::NotAnImport.into()),
                Event::Eof if depth == 0 => return Ok(Self(texts)),
                Event::Eof => return Err(damaged()),
                Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::GeneralRef(_) => {}
            }
            if depth > MAX_DEPTH {
                return Err(damaged());
            }
            cap(elements)?;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Secret> {
        self.iter().find(|(other, _)| *other == name).map(|(_, text)| text)
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

fn name(tag: &BytesStart<'_>) -> Option<String> {
    let name = tag.try_get_attribute("name").ok()??;
    // EXPOSE: a name is no secret, it is read as the texts are.
    plain(&name.value)?.expose_str().map(ToOwned::to_owned)
}

/// A text without its references: to characters, and to the five that XML itself defines. `None` for others, and for
/// markup.
fn plain(text: &str) -> Option<Secret> {
    // Never longer than it was: no second block.
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        let (reference, after) = after.split_once(';')?;
        plain.push_str(before);
        match BytesRef::new(reference).resolve_char_ref().ok()? {
            Some(character) => plain.push(character),
            None => plain.push_str(resolve_predefined_entity(reference)?),
        }
        rest = after;
    }
    plain.push_str(rest);
    (!text.contains('<')).then(|| Secret::copy_of(plain.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::import::MAX_ENTRIES;

    fn texts(xml: &str) -> Result<Vec<(String, String)>, Reason> {
        let file = Preferences::read(xml).map_err(|refused| refused.reason)?;
        let texts = file.iter().map(|(name, text)| (name.to_owned(), text.expose_str().unwrap().to_owned()));
        Ok(texts.collect())
    }

    #[test]
    fn texts_with_their_names() {
        let xml = "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<map>\n<int name=\"n\" value=\"1\" />\
            <!-- & --><set name=\"s\"><string>x</string></set>\
            <string name=\"a&amp;b\">&quot;&#10;&#x1F600; ü&lt;</string><string name=\"e\"></string></map>\n";
        let expected = [("a&b", "\"\n😀 ü<"), ("e", "")];
        let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(texts(xml), Ok(expected));
        assert!(is_one(xml) && !is_one("<html>"));
    }

    #[test]
    fn what_could_do_harm_is_refused() {
        let nested = |depth: usize| format!("<map>{}{}</map>", "<a>".repeat(depth), "</a>".repeat(depth));
        let laughs = "<?xml version='1.0'?><!DOCTYPE map [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>\
                      <map><string name=\"tokenOrder\">&b;</string></map>";
        let outside =
            "<!DOCTYPE map SYSTEM \"file:///etc/passwd\"><map><string name=\"tokenOrder\">&x;</string></map>";
        for (xml, reason) in [
            (laughs.to_owned(), Reason::NotAnImport),
            (outside.to_owned(), Reason::NotAnImport),
            ("<map><string name=\"tokenOrder\">&b;</string></map>".to_owned(), Reason::ImportDamaged),
            ("<map><string name=\"&b;\">[]</string></map>".to_owned(), Reason::ImportDamaged),
            ("<map><string name=\"a\">&#0;</string></map>".to_owned(), Reason::ImportDamaged),
            ("<map><string name=\"a\">&#x110000;</string></map>".to_owned(), Reason::ImportDamaged),
            ("<map><string name=\"a\">&amp</string></map>".to_owned(), Reason::ImportDamaged),
            ("<map><string name=\"a\"><b>c</b></string></map>".to_owned(), Reason::ImportDamaged),
            ("<map><string name=\"a\"><![CDATA[c]]></string></map>".to_owned(), Reason::ImportDamaged),
            ("<map><string>c</string></map>".to_owned(), Reason::ImportDamaged),
            ("<map><string name=\"a\">".to_owned(), Reason::ImportDamaged),
            ("<map>".to_owned(), Reason::ImportDamaged),
            ("<map></string>".to_owned(), Reason::ImportDamaged),
            ("</map>".to_owned(), Reason::ImportDamaged),
            ("<rss><map></map></rss>".to_owned(), Reason::NotAnImport),
            (nested(MAX_DEPTH), Reason::ImportDamaged),
            (nested(100_000), Reason::ImportDamaged),
            ("<map>".repeat(100_000), Reason::ImportDamaged),
            (format!("<map>{}</map>", "<int />".repeat(MAX_ENTRIES + 1)), Reason::ImportTooLarge),
            (format!("<map>{}</map>", "<string name=\"\"/>".repeat(MAX_ENTRIES + 1)), Reason::ImportTooLarge),
        ] {
            assert_eq!(texts(&xml).unwrap_err(), reason, "{}", xml.get(..60).unwrap_or(&xml));
        }
        assert!(texts(&nested(MAX_DEPTH - 1)).is_ok());
    }

    #[test]
    fn whose_it_is_is_told() {
        let reason = |xml: &str| read(xml).map(drop).map_err(|refused| refused.reason);
        assert_eq!(reason("<map></map>"), Err(Reason::NotAnImport));
        let sealed = format!("<map><string name=\"{KEYSET}\">12ab</string></map>");
        assert_eq!(reason(&sealed), Err(Reason::NoPasswordSlot));
    }
}
