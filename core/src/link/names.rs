//! Names from outside, made fit to show: issuers, accounts, organisations, applications.

/// Longest name that is kept, in characters.
pub const MAX_NAME: usize = 256;

/// A name that is safe to show, and what was done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Without control and direction characters and without spaces around it; at most `MAX_NAME` characters.
    pub text: String,
    /// Characters were taken out or replaced.
    pub cleaned: bool,
    /// It was longer than `MAX_NAME`.
    pub shortened: bool,
}

/// Takes out what could make a name look like another: control characters, direction marks and overrides, and
/// characters that show nothing. Joiners stay, as scripts and emoji need them.
#[must_use]
pub fn clean_name(text: &str) -> Name {
    let name = clean_kept_name(text, str::trim);
    Name { text: name.text.trim_end().to_owned(), ..name }
}

/// The same for a name of another app's file, which keeps the spaces around it: it comes out as it went in.
pub(crate) fn clean_file_name(text: &str) -> Name {
    clean_kept_name(text, |text| text)
}

fn clean_kept_name(text: &str, trim: fn(&str) -> &str) -> Name {
    // Four bytes a character, and some room for what is taken out: enough to tell, and no work without end.
    let within = first_characters(text, 4 * MAX_NAME);
    let kept: String =
        within.chars().filter(|c| !hidden(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let cleaned = within.contains(|c: char| hidden(c) || c.is_control());
    let trimmed = trim(&kept);
    let short: String = trimmed.chars().take(MAX_NAME).collect();
    let shortened = short.len() < trimmed.len() || within.len() < text.len();
    Name { text: short, cleaned, shortened }
}

/// The same for bytes, which should be UTF-8.
pub(super) fn clean_name_bytes(bytes: &[u8]) -> Name {
    let text = String::from_utf8_lossy(bytes);
    let mut name = clean_name(&text);
    name.cleaned |= std::str::from_utf8(bytes).is_err();
    name
}

/// The beginning of a text.
pub(crate) fn first_characters(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

fn hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        // Fillers of Hangul, inherent vowels of Khmer, Braille without a dot.
        | '\u{115f}'..='\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{17b4}'..='\u{17b5}' | '\u{2800}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_stay() {
        for name in [
            "",
            "Example & Sons",
            "会社 ログイン",
            "ن\u{200c}ا",
            "👩\u{200d}💻",
            "a+b@example.com",
            "<b>x</b>",
        ] {
            assert_eq!(clean_name(name), Name { text: name.to_owned(), cleaned: false, shortened: false });
        }
        assert_eq!(clean_name("  a b \u{a0}").text, "a b");
        assert_eq!(clean_file_name(" a\u{200b} ").text, " a ");
    }

    #[test]
    fn what_deceives_is_taken_out() {
        for (name, shown) in [
            ("Ban\u{202e}knaB\u{202c}", "BanknaB"),
            ("a\u{0}b\u{1b}[31m", "ab[31m"),
            ("two\r\nlines", "two  lines"),
            ("\u{feff}\u{200b}x\u{2066}", "x"),
            ("\u{85}a", "a"),
            ("\u{3164}B\u{115f}a\u{1160}n\u{ffa0}k\u{2800}\u{17b4}\u{17b5}", "Bank"),
        ] {
            let name = clean_name(name);
            assert_eq!((name.text.as_str(), name.cleaned), (shown, true));
        }
        let broken = clean_name_bytes(b"a\xffb");
        assert_eq!((broken.text.as_str(), broken.cleaned), ("a\u{fffd}b", true));
    }

    #[test]
    fn long_names_are_cut_at_a_character() {
        let name = clean_name(&"é".repeat(MAX_NAME + 1));
        assert_eq!((name.text, name.shortened), ("é".repeat(MAX_NAME), true));
        assert!(!clean_name(&"é".repeat(MAX_NAME)).shortened);
        let hidden = clean_name(&format!("{}a", "\u{200b}".repeat(1_000_000)));
        assert_eq!((hidden.text.as_str(), hidden.cleaned, hidden.shortened), ("", true, true));
    }
}
