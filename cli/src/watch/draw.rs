//! Draws a state; the same state is always the same screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::parts::parts;
use super::state::State;

/// Draws the screen. Where it is too small for everything, the list gives way first, then the notice.
pub fn draw(state: &State, frame: &mut Frame<'_>) {
    let area = frame.area();
    let parts = parts(state);
    let below = u16::try_from(parts.footer.len()).unwrap_or(u16::MAX).min(area.height.saturating_sub(1));
    let mut rest = Rect { height: area.height - below, ..area };
    put(frame, &mut rest, &parts.header);
    put(frame, &mut rest, &parts.panel);
    let footer = Rect { y: area.bottom() - below, height: below, ..area };
    let mut bottom = footer;
    put(frame, &mut bottom, &parts.footer);
    let notice = u16::try_from(parts.notice.len()).unwrap_or(u16::MAX).min(rest.height);
    let mut list = Rect { height: rest.height - notice, ..rest };
    put(frame, &mut list, &parts.list);
    let mut notice = Rect { y: footer.y - notice, height: notice, ..area };
    put(frame, &mut notice, &parts.notice);
}

/// Puts lines at the top of what is left, as many as fit, and takes their place away.
fn put(frame: &mut Frame<'_>, rest: &mut Rect, lines: &[Line<'_>]) {
    for line in lines {
        if rest.height == 0 {
            return;
        }
        frame.render_widget(line, Rect { height: 1, ..*rest });
        *rest = Rect { y: rest.y + 1, height: rest.height - 1, ..*rest };
    }
}
