//! The terminal: taken over for the screen, given back whatever happens.

use std::io::{self, stdout};
use std::time::Duration;

use countersign::secret::Secret;
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{
    self, DisableBracketedPaste, EnableBracketedPaste, Event as Raw, KeyCode, KeyEventKind, KeyModifiers,
};
use ratatui::crossterm::execute;

use super::event::{Event, Key};

/// A terminal that shows the screen; it is as before when this is dropped, and after a panic.
pub struct Screen(DefaultTerminal);

impl Screen {
    pub fn take_over() -> io::Result<Self> {
        let terminal = ratatui::try_init()?;
        let screen = Self(terminal);
        execute!(stdout(), EnableBracketedPaste)?;
        Ok(screen)
    }

    pub const fn terminal(&mut self) -> &mut DefaultTerminal {
        &mut self.0
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<Event> {
        let size = self.0.size()?;
        Ok(Event::Resized(size.width, size.height))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // There is nobody left to tell.
        let _ = execute!(stdout(), DisableBracketedPaste);
        ratatui::restore();
    }
}

/// What is typed within this time, if it is something for the screen.
pub fn typed(within: Duration) -> io::Result<Option<Event>> {
    if !event::poll(within)? {
        return Ok(None);
    }
    Ok(match event::read()? {
        Raw::Key(key) if key.kind != KeyEventKind::Release => key_of(key.code, key.modifiers).map(Event::Key),
        Raw::Paste(text) => Some(Event::Pasted(Secret::from(text))),
        Raw::Resize(columns, rows) => Some(Event::Resized(columns, rows)),
        _ => None,
    })
}

/// Drops what was typed and not read yet.
pub fn drop_typed() -> io::Result<()> {
    while event::poll(Duration::ZERO)? {
        event::read()?;
    }
    Ok(())
}

fn key_of(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
    Some(match code {
        KeyCode::Char('c') if modifiers.contains(KeyModifiers::CONTROL) => Key::Quit,
        KeyCode::Char('n') if modifiers.contains(KeyModifiers::CONTROL) => Key::NotMe,
        KeyCode::Char(_) if modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => return None,
        KeyCode::Char(character) => Key::Char(character),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Escape,
        KeyCode::Tab => Key::Tab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        _ => return None,
    })
}
