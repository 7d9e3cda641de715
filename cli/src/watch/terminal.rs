//! The terminal: taken over for the screen, given back whatever happens.

use std::io::{self, ErrorKind, stdin, stdout};
use std::mem;
use std::slice;
use std::time::Duration;

use countersign::secret::Secret;
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{
    self, DisableBracketedPaste, EnableBracketedPaste, Event as Raw, KeyCode, KeyEventKind, KeyModifiers,
};
use ratatui::crossterm::execute;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

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

    /// Gives the terminal back, unless it was closed: what `ratatui` says where it can't would have to be said there,
    /// too, and panics.
    pub fn give_back(self) {
        if wait(Duration::ZERO).is_err() {
            mem::forget(self);
        }
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
        let _ = ratatui::try_restore();
    }
}

/// What is typed within this time, if it is something for the screen.
pub fn typed(within: Duration) -> io::Result<Option<Event>> {
    if !is_typed(within)? {
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
    while is_typed(Duration::ZERO)? {
        event::read()?;
    }
    Ok(())
}

/// Whether something is there to be read within this time.
fn is_typed(within: Duration) -> io::Result<bool> {
    event::poll(wait(within)?)
}

/// Waits until something is there to be read, or for so long; what is left of that for `crossterm` to wait. An error where
/// the terminal was closed: `crossterm` would read that for ever.
fn wait(within: Duration) -> io::Result<Duration> {
    let input = stdin();
    let mut waited = PollFd::new(&input, PollFlags::IN);
    let until = Timespec::try_from(within).map_err(|_| ErrorKind::InvalidInput)?;
    match poll(slice::from_mut(&mut waited), Some(&until)) {
        // A signal: the window may have another size.
        Ok(_) | Err(Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    left(waited.revents(), within)
}

/// What is left to wait after a `poll` that has told this.
fn left(told: PollFlags, within: Duration) -> io::Result<Duration> {
    // Some systems can't look at some terminals so, and say it at once.
    if told.contains(PollFlags::NVAL) {
        return Ok(within);
    }
    if told.intersects(PollFlags::HUP | PollFlags::ERR) {
        return Err(ErrorKind::BrokenPipe.into());
    }
    Ok(Duration::ZERO)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_that_poll_can_not_look_at_is_waited_for_all_the_same() {
        let within = Duration::from_millis(100);
        assert_eq!(left(PollFlags::NVAL, within).ok(), Some(within));
        for told in [PollFlags::empty(), PollFlags::IN] {
            assert_eq!(left(told, within).ok(), Some(Duration::ZERO));
        }
        for closed in [PollFlags::HUP, PollFlags::IN | PollFlags::HUP, PollFlags::ERR] {
            assert!(left(closed, within).is_err());
        }
    }
}
