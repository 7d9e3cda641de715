//! Text for people: an account's names, a damaged part's name, and what fits into a terminal, where a Japanese character takes two columns.

use countersign::approval::Request;
use countersign::clock::UnixTime;
use countersign::vault::{Part, RowKind};
use ratatui::text::Span;

use crate::words::{self, Language};

/// What the server tells of a sign-in for the person to judge it by: its question, and where it comes from.
pub fn told_of(request: &Request) -> impl Iterator<Item = &str> {
    let told = [Some(request.question.as_str()), request.from.as_deref()];
    told.into_iter().flatten().filter(|text| !text.is_empty())
}

/// How old a request is. Where the server does not say, how long ago it was seen; of a scanned one nothing is known.
pub fn age_of(request: &Request, now: UnixTime, language: Language) -> Option<String> {
    let ago = |time: UnixTime| now.since(time).max(0);
    let asked = request.asked_at.map(|asked| words::asked_ago(language, &ago(asked)));
    asked.or_else(|| request.seen_at.map(|seen| words::seen_ago(language, &ago(seen))))
}

/// How long a request can be answered, as far as this phone knows.
pub fn left_of(request: &Request, now: UnixTime, language: Language) -> String {
    let left = request.expires_at.since(now).max(0);
    if request.seen_at.is_some() {
        words::about_seconds_left(language, &left)
    } else {
        words::seconds_left(language, &left)
    }
}

/// Both names in one line.
pub fn title_of(issuer: &str, name: &str) -> String {
    let (issuer, name) = (visible(issuer), visible(name));
    match (issuer.is_empty(), name.is_empty()) {
        (false, false) => format!("{issuer}: {name}"),
        (false, true) => issuer,
        (true, _) => name,
    }
}

/// A damaged part of the vault, an account with its id: by that it can be removed.
pub fn part_name(part: &Part) -> String {
    match part.row() {
        Some((RowKind::Account, id)) => format!("{part} ({id})"),
        _ => part.to_string(),
    }
}

/// `text` from outside in one line, with nothing in it that a terminal would obey: such characters are shown by their
/// number, line breaks as an arrow.
///
/// A terminal takes control characters (C0, C1 and DEL; ECMA-48) for orders: to write the clipboard, to go back and
/// write over a line that is true. Unicode's directional embeddings, overrides and isolates (UAX #9) put the words that
/// follow in another order.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => shown.push('⏎'),
            '\t' => shown.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => shown.extend(character.escape_unicode()),
            _ if character.is_control() => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
    }
    shown
}

/// The same for several lines of our own.
pub fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// Columns of `text`.
pub fn width(text: &str) -> usize {
    Span::raw(text).width()
}

/// As much of `text` as fits into so many columns, with an ellipsis where something is left out.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += width_of(character);
        if used > columns {
            break;
        }
        cut.push(character);
    }
    if columns > 0 {
        cut.push('…');
    }
    cut
}

/// Parts in lines of at most so many columns, with a dot between those of a line; a part is cut only where it has to be.
pub fn wrap_parts(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in text.split(" · ") {
        match lines.last_mut().filter(|line| width(line) + 3 + width(part) <= columns) {
            Some(line) => line.extend([" · ", part]),
            None => lines.push(cut(part, columns)),
        }
    }
    lines
}

/// `text` in lines of at most so many columns, broken at spaces where there are some.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    text.lines().flat_map(|line| wrap_line(line, columns)).collect()
}

fn wrap_line(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for character in text.chars() {
        // Punctuation does not begin a line: it may stand over the edge instead.
        let may_hang = matches!(character, '。' | '、' | '」' | ')');
        if width(&line) + width_of(character) > columns && !may_hang {
            let is_in_word =
                character != ' ' && [line.chars().last(), Some(character)].iter().flatten().all(is_narrow);
            let rest = match line.rfind(' ') {
                Some(space) if is_in_word => line.split_off(space + 1),
                _ => String::new(),
            };
            lines.push(line.trim_end().to_owned());
            line = rest;
            if character == ' ' {
                continue;
            }
        }
        line.push(character);
    }
    lines.push(line);
    lines
}

/// Part of a word that is not cut; between wide characters a line may end anywhere.
fn is_narrow(character: &char) -> bool {
    width_of(*character) == 1
}

fn width_of(character: char) -> usize {
    width(character.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        for (text, shown) in [
            ("Example: a@b", "Example: a@b"),
            ("会社 👩\u{200d}💻 ن\u{200c}ا", "会社 👩\u{200d}💻 ن\u{200c}ا"),
            ("\u{1b}]52;c;AA\u{7}", "\\u{1b}]52;c;AA\\u{7}"),
            ("\u{9b}2K\u{7f}\0\u{9f}", "\\u{9b}2K\\u{7f}\\u{0}\\u{9f}"),
            ("a\r\nb\nc\rd\u{85}e\u{2028}f\u{2029}g\u{b}h\u{c}i", "a⏎b⏎c⏎d⏎e⏎f⏎g⏎h⏎i"),
            ("a\tb", "a b"),
            ("\u{202e}a\u{2066}", "\\u{202e}a\\u{2066}"),
        ] {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(visible_lines("a\u{1b}\nb\n"), "a\\u{1b}\nb\n");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("番号42"), 6);
        assert_eq!(cut("番号を入力", 10), "番号を入力");
        assert_eq!(cut("番号を入力", 9), "番号を入…");
        assert_eq!(cut("番号を入力", 8), "番号を…");
        assert_eq!(cut("abc", 0), "");
    }

    #[test]
    fn lines_break_at_spaces_and_lose_nothing_else() {
        assert_eq!(
            wrap("Enter the number shown to sign in", 12),
            ["Enter the", "number shown", "to sign in"]
        );
        assert_eq!(wrap("http://127.0.0.1:8080", 10), ["http://127", ".0.0.1:808", "0"]);
        assert_eq!(wrap("番号を入力してください。", 8), ["番号を入", "力してく", "ださい。"]);
        assert_eq!(wrap("QR コードの画面", 10), ["QR コード", "の画面"]);
        assert_eq!(wrap("a\n\nb", 5), ["a", "", "b"]);
    }
}
