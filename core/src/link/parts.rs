//! A link taken apart without decoding it: names and values are decoded after splitting, so that an encoded `&` or
//! `:` never splits.

use zeroize::Zeroizing;

use super::names::{Name, clean_name_bytes};
use crate::reason::Reason;
use crate::secret::Secret;

/// `scheme://place/path?query`.
pub(super) struct Link<'a> {
    /// In lower case.
    pub(super) scheme: String,
    /// Whether `//` stands behind the scheme.
    pub(super) has_slashes: bool,
    /// Between `//` and the next `/`, as spelt.
    pub(super) place: &'a str,
    /// After that slash, as spelt.
    pub(super) path: &'a str,
    pub(super) query: Query<'a>,
}

impl<'a> Link<'a> {
    /// `None` where the text does not begin with a scheme (RFC 3986, section 3.1).
    pub(super) fn split(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once(':')?;
        let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.chars().all(letters) {
            return None;
        }
        let (has_slashes, rest) = rest.strip_prefix("//").map_or((false, rest), |rest| (true, rest));
        let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (place, path) = before.split_once('/').unwrap_or((before, ""));
        Some(Self { scheme: scheme.to_ascii_lowercase(), has_slashes, place, path, query: Query(query) })
    }

    /// The same where the label stands in the host's place, as with `motp:`.
    pub(super) fn labelled(self) -> Self {
        if self.path.is_empty() { Self { path: self.place, place: "", ..self } } else { self }
    }
}

/// What stands behind the `?`.
#[derive(Clone, Copy, Default)]
pub(super) struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    /// The first value of that name, as spelt; empty for a name without `=`.
    pub(super) fn get(self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    pub(super) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Each value of that name. Names compare without case; `amp;` before one is left from an HTML page.
    pub(super) fn all(self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .split('&')
            .map(|pair| pair.strip_prefix("amp;").unwrap_or(pair))
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub(super) fn is_html_escaped(self) -> bool {
        self.0.contains("&amp;")
    }

    /// Without a fragment, for links that follow RFC 3986.
    pub(super) fn without_fragment(self) -> Self {
        Self(self.0.split('#').next().unwrap_or_default())
    }

    /// A value of a form (`+` is a space) as a clean name; `None` where it is missing or empty.
    pub(super) fn form_name(self, name: &str) -> Option<Name> {
        let name = clean_name_bytes(&decode(self.get(name)?, Plus::Space));
        (!name.text.is_empty()).then_some(name)
    }

    /// A value of a form as visible text of at most `longest` bytes; `None` where it is missing or empty.
    ///
    /// # Errors
    /// `LinkDamaged` where it is longer, has control characters or is not UTF-8.
    pub(super) fn form_text(self, name: &str, longest: usize) -> Result<Option<Secret>, Reason> {
        match self.get(name) {
            None | Some("") => Ok(None),
            Some(raw) => text(decode(raw, Plus::Space), longest).map(Some),
        }
    }

    /// The same for a value that must be there and is percent-encoded only.
    ///
    /// # Errors
    /// `LinkDamaged` also where it is missing or empty.
    pub(super) fn required(self, name: &str, longest: usize) -> Result<Secret, Reason> {
        match self.get(name) {
            None | Some("") => Err(Reason::LinkDamaged),
            Some(raw) => text(decode(raw, Plus::Plus), longest),
        }
    }
}

/// The first value of that name in a link, percent-decoded; a `+` stands for itself.
pub(crate) fn parameter(link: &str, name: &str) -> Option<Secret> {
    let raw = Link::split(link)?.query.get(name)?;
    Some(Secret::copy_of(&decode(raw, Plus::Plus)))
}

/// What a `+` stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plus {
    /// As in URLs.
    Plus,
    /// As in forms.
    Space,
}

/// Undoes percent-encoding (RFC 3986, section 2.1). A `%` without two hexadecimal digits stands for itself.
pub(super) fn decode(raw: &str, plus: Plus) -> Zeroizing<Vec<u8>> {
    let mut decoded = Zeroizing::new(Vec::with_capacity(raw.len()));
    let mut rest = raw.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        decoded.push(match (first, after) {
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high * 16 + low
                }
                _ => b'%',
            },
            (b'+', _) if plus == Plus::Space => b' ',
            (byte, _) => *byte,
        });
    }
    decoded
}

/// Whether a `%` stands for itself.
pub(super) fn has_lone_percent(raw: &str) -> bool {
    raw.split('%').skip(1).any(|after| {
        let mut digits = after.bytes();
        !(digits.next().is_some_and(|digit| hex(digit).is_some())
            && digits.next().is_some_and(|digit| hex(digit).is_some()))
    })
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| value.try_into().ok())
}

fn text(bytes: Zeroizing<Vec<u8>>, longest: usize) -> Result<Secret, Reason> {
    match std::str::from_utf8(&bytes) {
        Ok(text) if text.len() <= longest && !text.contains(char::is_control) => Ok(Secret::copy_of(&bytes)),
        _ => Err(Reason::LinkDamaged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_apart() {
        let link = Link::split("OTPAUTH://totp/a%3Fb/c?x=1&amp;Y=%26&x=2&z#f").unwrap();
        assert_eq!((link.scheme.as_str(), link.place, link.path), ("otpauth", "totp", "a%3Fb/c"));
        assert_eq!(link.query.all("x").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(link.query.get("y"), Some("%26"));
        assert_eq!((link.query.get("z#f"), link.query.without_fragment().get("z")), (Some(""), Some("")));
        assert!(link.query.is_html_escaped() && !link.query.has("w"));
        for text in ["", "a", ":", "1a:b", "a b:c", "é:x"] {
            assert!(Link::split(text).is_none(), "{text}");
        }
    }

    #[test]
    fn percent_encoding() {
        for (raw, plus, decoded) in [
            ("a%20b+c%2B", Plus::Plus, &b"a b+c+"[..]),
            ("a%20b+c%2B", Plus::Space, b"a b c+"),
            ("%E4%BC%9a", Plus::Plus, "会".as_bytes()),
            ("100%", Plus::Plus, b"100%"),
            ("%4", Plus::Plus, b"%4"),
            ("%zz%+1%41", Plus::Plus, b"%zz%+1A"),
            ("%ff%00", Plus::Plus, b"\xff\0"),
        ] {
            assert_eq!(&**decode(raw, plus), decoded, "{raw}");
            let is_lone = matches!(raw, "100%" | "%4" | "%zz%+1%41");
            assert_eq!(has_lone_percent(raw), is_lone, "{raw}");
        }
    }

    #[test]
    fn texts_are_visible_and_short() {
        let query = Query("a=x+y&b=%0a&c=%ff&d=&e=12345");
        assert_eq!(query.form_text("a", 9).unwrap().unwrap().expose(), b"x y");
        assert_eq!(query.required("a", 9).unwrap().expose(), b"x+y");
        for name in ["b", "c"] {
            assert_eq!(query.form_text(name, 9), Err(Reason::LinkDamaged));
        }
        assert_eq!((query.form_text("d", 9), query.form_text("f", 9)), (Ok(None), Ok(None)));
        assert_eq!(query.required("d", 9), Err(Reason::LinkDamaged));
        assert!(query.required("e", 5).is_ok() && query.required("e", 4).is_err());
    }
}
