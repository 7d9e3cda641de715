//! How lines look: bold and colour, never colour alone.

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

use super::state::State;
use crate::text::wrap;

pub fn plain(text: &str, columns: usize) -> Vec<Line<'static>> {
    wrap(text, columns.saturating_sub(1)).into_iter().map(|line| Line::raw(format!(" {line}"))).collect()
}

pub fn strong(text: impl Into<String>) -> Span<'static> {
    Span::styled(text.into(), Style::new().add_modifier(Modifier::BOLD))
}

pub fn coloured(state: &State, text: String, colour: Color) -> Span<'static> {
    let style = Style::new().add_modifier(Modifier::BOLD);
    Span::styled(text, if state.colour { style.fg(colour) } else { style })
}
