//! What is asked of the person.

use countersign::approval::AnswerKind;
use ratatui::style::Color;
use ratatui::text::Line;

use super::lock_out::LockOut;
use super::parts::has_room;
use super::state::{Asked, Credentials, Focus, State};
use super::style::{coloured, plain, strong};
use crate::text::{age_of, cut, left_of, title_of, told_of, width, wrap};
use crate::words::{self, Language};

const CURSOR: char = '▏';

/// What is asked of the person: a request, a password, a set-up text, words to search for.
pub fn panel(state: &State, columns: usize) -> Vec<Line<'static>> {
    let language = state.language;
    let field = |prompt: String, text: &str| tail(&prompt, text, columns);
    match &state.focus {
        Focus::Locked(password) => {
            let mut lines = plain(&words::locked_screen(language), columns);
            lines.push(field(words::password_question(language), &password.dots()));
            lines
        }
        Focus::Unlocking => plain(&words::unlocking(language), columns),
        Focus::SetUp(text) => {
            let mut lines = plain(&words::set_up_prompt(language), columns);
            lines.push(field(String::from(">"), &text.without_secret()));
            lines
        }
        Focus::Trust(origin) => plain(&words::trust_question(language, origin), columns),
        Focus::Client(credentials) => {
            let shown = |prompt: &str, text: &str, has_keys: bool| {
                let mut lines = plain(prompt, columns);
                lines.push(if has_keys {
                    tail(">", text, columns)
                } else {
                    Line::raw(cut(&format!("   {text}"), columns))
                });
                lines
            };
            let Credentials { origin, id, secret, is_at_secret, .. } = credentials;
            let mut lines = shown(&words::client_id_question(language, origin), id.text(), !is_at_secret);
            lines.extend(shown(&words::client_secret_question(language), &secret.dots(), *is_at_secret));
            lines
        }
        Focus::LockOut(lock_out) => locking(lock_out, language, columns),
        Focus::Search => vec![field(words::search_prompt(language), state.search.text())],
        Focus::List | Focus::Request => {
            let mut lines = state.shown().map(|asked| request(state, asked, columns)).unwrap_or_default();
            if !state.search.text().is_empty() {
                lines.push(Line::raw(cut(
                    &format!(" {} {}", words::search_prompt(language), state.search.text()),
                    columns,
                )));
            }
            lines
        }
    }
}

fn request(state: &State, asked: &Asked, columns: usize) -> Vec<Line<'static>> {
    let language = state.language;
    let wanted = &asked.request;
    let now = state.now.wall;
    let count = match state.requests.len() {
        1 => String::new(),
        all => format!(" {}/{all}", state.asked + 1),
    };
    let heading = format!("● {}{count}  {}", words::new_request(language), left_of(wanted, now, language));
    let mut lines = vec![Line::from(coloured(state, cut(&heading, columns), Color::Cyan))];
    let mut add = |text: &str| {
        if !text.is_empty() {
            lines.push(Line::raw(cut(&format!("  {text}"), columns)));
        }
    };
    add(&title_of(&asked.account.issuer, &asked.account.name));
    add(&wanted.application);
    if wanted.account != asked.account.name {
        add(&wanted.account);
    }
    told_of(wanted).for_each(&mut add);
    if let Some(age) = age_of(wanted, now, language).filter(|_| has_room(state)) {
        add(&age);
    }
    if let AnswerKind::Choice { words } = &wanted.answer {
        add(&words.join(" / "));
    }
    let typed = format!("{}{CURSOR}", state.answer.text());
    let question = match wanted.answer {
        _ if asked.is_sending => words::sending(language),
        AnswerKind::None => words::approve_question(language),
        AnswerKind::Number => words::number_typed(language, &typed),
        AnswerKind::Pin { .. } => words::pin_typed(language, &typed),
        AnswerKind::Text | AnswerKind::Choice { .. } => words::text_typed(language, &typed),
        AnswerKind::Unsupported { reason } => words::of_reason(reason, language).0.to_owned(),
    };
    for line in wrap(&question, columns.saturating_sub(2)) {
        lines.push(Line::from(strong(format!("  {line}"))));
    }
    if let Some(left) = asked.tries_left {
        lines.push(Line::from(coloured(
            state,
            format!("  {}", words::tries_left(language, &left)),
            Color::Yellow,
        )));
    }
    lines
}

fn locking(lock_out: &LockOut, language: Language, columns: usize) -> Vec<Line<'static>> {
    let title = title_of(&lock_out.account.issuer, &lock_out.account.name);
    if !lock_out.has_not_asked() {
        return plain(&words::lock_out_question(language, &title), columns);
    }
    let mut lines = vec![Line::from(strong(cut(&format!(" {title}"), columns)))];
    let (change, or) = (words::change_password(language), words::lock_out_offer(language));
    lines.extend(plain(&format!("{change} {or}"), columns));
    lines
}

/// A field with its end in sight.
fn tail(prompt: &str, text: &str, columns: usize) -> Line<'static> {
    let room = columns.saturating_sub(width(prompt) + 3);
    let mut start = 0;
    while width(text.get(start..).unwrap_or_default()) > room {
        start += text.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    }
    Line::from(strong(format!(" {prompt} {}{CURSOR}", text.get(start..).unwrap_or_default())))
}
