//! The parts of the screen from top to bottom, as lines of text.

use countersign::approval::AnswerKind;
use countersign::otp::{Code, Codes};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

use super::panel::panel;
use super::state::{Focus, Row, State};
use super::style::{coloured, plain, strong};
use crate::text::{cut, title_of, width, wrap, wrap_parts};
use crate::words;

/// So many seconds before its end a code shows its successor.
const NEAR_END: i64 = 5;
/// Most lines of a notice.
const MAX_NOTICE: usize = 5;

/// The screen, part by part.
pub struct Parts {
    pub header: Vec<Line<'static>>,
    /// What is asked of the person.
    pub panel: Vec<Line<'static>>,
    pub list: Vec<Line<'static>>,
    pub notice: Vec<Line<'static>>,
    pub footer: Vec<Line<'static>>,
}

/// The parts for a screen of this state's size.
pub fn parts(state: &State) -> Parts {
    let (columns, _) = size(state);
    let (panel, notice, footer) =
        (spaced_panel(state, columns), notice(state, columns), footer(state, columns));
    let list = list(state, columns, list_rows(state));
    Parts { header: header(state, columns), panel, list, notice, footer }
}

/// How many accounts fit.
pub fn list_rows(state: &State) -> usize {
    let (columns, rows) = size(state);
    let taken: usize =
        [header, spaced_panel, notice, footer].map(|part| part(state, columns).len()).iter().sum();
    rows.saturating_sub(taken).max(1)
}

fn size(state: &State) -> (usize, usize) {
    (usize::from(state.size.0), usize::from(state.size.1))
}

fn header(state: &State, columns: usize) -> Vec<Line<'static>> {
    let language = state.language;
    let seconds = |ms: u64| ms.div_ceil(1000);
    let expecting = state.looks.expecting_ms.filter(|_| !state.eager);
    let status = match (expecting, state.looks.last) {
        _ if is_locked(state) => words::screen_locked(language),
        _ if !state.requests.is_empty() && !matches!(state.focus, Focus::Request) => {
            words::requests_wait(language, &state.requests.len())
        }
        (Some(left), _) => words::expecting(language, &seconds(left)),
        (None, Some((at, accounts))) if accounts > 0 => {
            words::looked(language, &seconds(state.now.steady_ms.saturating_sub(at)))
        }
        _ => String::new(),
    };
    let status = cut(&status, columns.saturating_sub(13));
    let room = columns.saturating_sub(12 + width(&status));
    let first = Line::from(vec![strong(" Countersign"), Span::raw(" ".repeat(room)), Span::raw(status)]);
    let banner = state.banner.as_ref().map(|banner| Line::raw(cut(&format!(" {banner}"), columns)));
    let space = has_room(state).then(Line::default);
    [Some(first), banner, space].into_iter().flatten().collect()
}

fn spaced_panel(state: &State, columns: usize) -> Vec<Line<'static>> {
    let mut lines = panel(state, columns);
    if has_room(state) && !lines.is_empty() {
        lines.push(Line::default());
    }
    lines
}

/// Whether there is room for empty lines and for what can be missed.
pub const fn has_room(state: &State) -> bool {
    state.size.1 >= 16
}

fn is_locked(state: &State) -> bool {
    matches!(state.focus, Focus::Locked(_) | Focus::Unlocking)
}

fn list(state: &State, columns: usize, rows: usize) -> Vec<Line<'static>> {
    // Nothing of the vault while it is locked, and nothing beside a question.
    let is_asked =
        matches!(state.focus, Focus::SetUp(_) | Focus::Trust(_) | Focus::Client(_) | Focus::LockOut(_));
    if is_locked(state) || is_asked {
        return Vec::new();
    }
    if state.accounts.is_empty() {
        let nothing = state.search.text().is_empty();
        let text = if nothing { state.welcome.clone() } else { words::no_match(state.language) };
        return plain(&text, columns);
    }
    let shown = state.accounts.iter().enumerate().skip(state.first).take(rows);
    shown.map(|(at, row)| account(state, row, at == state.selected, columns)).collect()
}

fn account(state: &State, row: &Row, is_selected: bool, columns: usize) -> Line<'static> {
    let (right, is_near) = codes(state, row);
    let mark = if is_selected { "▸ " } else { "  " };
    let star = if row.summary.favourite { "★ " } else { "" };
    let room = columns.saturating_sub(width(mark) + width(star) + width(&right) + 2);
    let title = cut(&title_of(&row.summary.issuer, &row.summary.name), room);
    let space = " ".repeat((room + 1).saturating_sub(width(&title)));
    let left = format!("{mark}{star}{title}{space}");
    let left = if is_selected { strong(left) } else { Span::raw(left) };
    let right = if is_near { coloured(state, right, Color::Yellow) } else { Span::raw(right) };
    Line::from(vec![left, right])
}

/// What stands on the right of an account, and whether its code is about to end.
fn codes(state: &State, row: &Row) -> (String, bool) {
    if let Some((code, _)) = row.counted {
        return (grouped(&code), false);
    }
    match row.codes {
        Some(Codes { current, next, valid_until, .. }) => {
            let left = valid_until.since(state.now.wall).max(0);
            let left_words = words::seconds_short(state.language, &format!("{left:>2}"));
            if left <= NEAR_END {
                (format!("{} → {}  {left_words}", grouped(&current), grouped(&next)), true)
            } else {
                (format!("{}  {left_words}", grouped(&current)), false)
            }
        }
        None if row.summary.codes => (words::code_by_use(state.language), false),
        None => (words::approves(state.language), false),
    }
}

/// A code in groups that are easy to read and to type.
fn grouped(code: &Code) -> String {
    let text = code.as_str();
    match text.len() {
        6 | 8 => {
            let (first, second) = text.split_at(text.len() / 2);
            format!("{first} {second}")
        }
        _ => text.to_owned(),
    }
}

/// The advice to change the password goes before everything else there is to know, which may be more than fits.
fn notice(state: &State, columns: usize) -> Vec<Line<'static>> {
    let marked = |mark: char, text: &str, colour| -> Vec<_> {
        let lines = wrap(text.trim_end(), columns.saturating_sub(2)).into_iter().take(MAX_NOTICE);
        lines.map(|line| Line::from(coloured(state, format!("{mark} {line}"), colour))).collect()
    };
    let mut lines = Vec::new();
    // The offer of a lock-out begins with it.
    let is_offered = matches!(&state.focus, Focus::LockOut(lock_out) if lock_out.has_not_asked());
    if state.must_change_password && !is_offered && !is_locked(state) {
        lines.extend(marked('!', &words::change_password(state.language), Color::Yellow));
    }
    let failed = state.looks.failed.first().filter(|_| !is_locked(state));
    let text = match (&state.notice, failed) {
        (Some(notice), _) => format!("{} {}", notice.what, notice.next),
        (None, Some((account, (what, next)))) => {
            format!("{}: {what} {next}", title_of(&account.issuer, &account.name))
        }
        (None, None) => return lines,
    };
    let is_good = state.notice.as_ref().is_some_and(|notice| notice.until.is_some());
    let (mark, colour) = if is_good { ('✓', Color::Green) } else { ('!', Color::Yellow) };
    lines.extend(marked(mark, &text, colour));
    lines
}

fn footer(state: &State, columns: usize) -> Vec<Line<'static>> {
    let language = state.language;
    let keys = match &state.focus {
        Focus::List if state.can_lock => {
            format!(
                "{} · {} · {}",
                words::keys_list(language),
                words::key_lock(language),
                words::key_quit(language)
            )
        }
        Focus::List => format!("{} · {}", words::keys_list(language), words::key_quit(language)),
        Focus::Search => words::keys_search(language),
        Focus::Request => request_keys(state),
        Focus::SetUp(_) => words::keys_set_up(language),
        Focus::Trust(_) => words::keys_trust(language),
        Focus::Client(_) => words::keys_client(language),
        Focus::LockOut(lock_out) if lock_out.takes_keys(state.now) => words::keys_yes_no(language),
        Focus::LockOut(_) => String::new(),
        Focus::Locked(_) | Focus::Unlocking => words::keys_locked(language),
    };
    let lines = wrap_parts(&keys, columns.saturating_sub(1));
    lines
        .into_iter()
        .map(|line| Line::styled(format!(" {line}"), Style::new().add_modifier(Modifier::DIM)))
        .collect()
}

/// The keys that count by now for the shown request.
fn request_keys(state: &State) -> String {
    let (language, letters) = (state.language, state.takes_letters());
    let yes = match state.shown().map(|asked| &asked.request.answer) {
        Some(AnswerKind::None) => state.takes_plain_yes().then(|| words::key_plain_yes(language)),
        Some(AnswerKind::Unsupported { .. }) => None,
        _ => Some(words::key_yes(language)),
    };
    let no = if letters { words::key_letters_no } else { words::key_no };
    let no = state.takes_no().then(|| no(language));
    let quit = (!letters).then(|| words::key_quit(language));
    let next = (state.requests.len() > 1).then(|| words::key_next(language));
    let keys = [yes, no, Some(words::key_list(language)), quit, next];
    keys.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
